// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings, their order, and the verdict. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/vec.h"
#include "host/judge_int.h"

/* used for findings that do not fit into memory; never shown */
static struct doctor_finding spare;

static void add_va(struct buf *b, const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0) {
		b->failed = true;
		return;
	}
	buf_adds(b, text);
	free(text);
}

struct doctor_finding *say(struct diagnosis *d, enum doctor_severity severity, const char *topic,
		    const char *fmt, ...)
{
	va_list ap;

	if (!vec_room(d->list, d->n, d->cap)) {
		d->failed = true;
		buf_clear(&spare.text);
		buf_clear(&spare.why);
		buf_clear(&spare.commands);
		return &spare;
	}
	struct doctor_finding *f = &d->list[d->n++];
	*f = (struct doctor_finding){ .severity = severity, .topic = topic };
	va_start(ap, fmt);
	add_va(&f->text, fmt, ap);
	va_end(ap);
	return f;
}

void because(struct doctor_finding *f, const char *fmt, ...)
{
	va_list ap;

	if (f->why.len)
		buf_addc(&f->why, ' ');
	va_start(ap, fmt);
	add_va(&f->why, fmt, ap);
	va_end(ap);
}

void command(struct doctor_finding *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_va(&f->commands, fmt, ap);
	va_end(ap);
	buf_addc(&f->commands, '\n');
}

const struct controller *judge_chosen(const struct facts *f)
{
	return f->chosen >= 0 ? &f->controllers[f->chosen] : NULL;
}

void add_device(struct buf *b, const struct pci *p)
{
	if (*p->name)
		buf_addf(b, "%s (%s)", p->address, p->name);
	else
		buf_addf(b, "%s (%04x:%04x)", p->address, p->vendor, p->device);
}

void add_shell_word(struct buf *b, const char *word)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789/._-+,:=@%";

	if (*word && word[strspn(word, plain)] == '\0') {
		buf_adds(b, word);
		return;
	}
	buf_addc(b, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_adds(b, "'\\''");
		else
			buf_addc(b, (uint8_t)*word);
	}
	buf_addc(b, '\'');
}

const char *diagnosis_severity_name(enum doctor_severity s)
{
	static const char *const names[] = {
		[SEV_USELESS] = "useless", [SEV_BLOCKS] = "blocks", [SEV_CARE] = "care",
		[SEV_NOTE] = "note", [SEV_GOOD] = "good",
	};

	return names[s];
}

const char *verdict_state_name(enum verdict_state s)
{
	static const char *const names[] = {
		[VERDICT_USELESS] = "useless", [VERDICT_BLOCKED] = "blocked",
		[VERDICT_CARE] = "care", [VERDICT_READY] = "ready",
	};

	return names[s];
}

/* --- the verdict ------------------------------------------------------------ */

static unsigned int count(const struct diagnosis *d, enum doctor_severity s)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < d->n; i++)
		n += d->list[i].severity == s;
	return n;
}

/* The best QEMU for a capture; of equally good ones the first, even if libvirt uses another. */
static const struct qemu_fact *best_qemu(const struct facts *f)
{
	const struct qemu_fact *best = NULL;
	int most = -1;

	for (unsigned int i = 0; i < f->n_qemus; i++) {
		const struct qemu_fact *q = &f->qemus[i];
		int worth = (q->no_mmap == YES) * 4 + (q->log_trace == YES) * 2 + (q->kvm == YES);

		if (worth > most) {
			best = q;
			most = worth;
		}
	}
	return best;
}

static void next_capture(const struct facts *f, const struct controller *c, struct buf *next)
{
	const struct qemu_fact *q = best_qemu(f);
	const char *sudo = f->root ? "" : "sudo ";
	bool others = false;

	for (unsigned int i = 0; i < c->n_mates; i++)
		others |= c->mates[i].kind > MATE_FREE;
	if (strcmp(c->pci.driver, "vfio-pci") != 0 || others)
		buf_addf(next, "%shdadump doctor --bind --controller %s%s\n", sudo, c->pci.address,
			 others ? " --group" : "");
	buf_addf(next, "%shdadump run -o first.hdad -- ", sudo);
	add_shell_word(next, q ? q->path : "qemu-system-x86_64");
	buf_addf(next, " -machine q35 -accel kvm -cpu host -smp 2 -m %s -device vfio-pci,host=%s "
		 "-drive file=windows.qcow2\n",
		 f->memory && f->memory < 7ull << 30 ? "2G" : "4G", c->pci.address);
	buf_addf(next, "%shdadump doctor --unbind --controller %s\n", sudo, c->pci.address);
}

static void conclude(const struct facts *f, struct diagnosis *d)
{
	const struct controller *c = judge_chosen(f);
	unsigned int useless = count(d, SEV_USELESS), blocks = count(d, SEV_BLOCKS);
	unsigned int care = count(d, SEV_CARE);

	d->state = useless ? VERDICT_USELESS : blocks ? VERDICT_BLOCKED :
		   care ? VERDICT_CARE : VERDICT_READY;
	if (useless && c && c->codecs)
		buf_adds(&d->verdict,
			 "Do not start this for the speakers: what keeps them silent does not go "
			 "through verbs. Only for the headphone jack, microphones or the codec "
			 "itself is a capture worth the work.");
	else if (useless)
		buf_adds(&d->verdict,
			 "Do not start: there is no HD Audio codec here whose verbs could be "
			 "captured.");
	else if (blocks)
		buf_addf(&d->verdict, "Not yet: %s to be fixed first.",
			 blocks == 1 ? "one thing has" : "the points marked ! have");
	else if (care)
		buf_addf(&d->verdict, "It can be done; read the point%s marked ? first.",
			 care == 1 ? "" : "s");
	else
		buf_adds(&d->verdict, "Ready: a capture can begin.");
	if (useless && !(c && c->codecs))
		return;		/* fixing the other points would not help */
	if (blocks) {
		for (unsigned int i = 0; i < d->n; i++)
			if (d->list[i].severity == SEV_BLOCKS && d->list[i].commands.len)
				buf_adds(&d->next, buf_str(&d->list[i].commands));
		if (d->next.len)
			buf_adds(&d->next, "hdadump doctor\n");
	} else if (c) {
		next_capture(f, c, &d->next);
	}
}

static int in_order(const void *a, const void *b)
{
	const struct doctor_finding *x = a, *y = b;

	if (x->first != y->first)
		return y->first - x->first;
	return (int)x->severity - (int)y->severity;
}

/* A stable sort: findings of one severity keep the order in which they were made. */
static void sort(struct diagnosis *d)
{
	for (unsigned int i = 1; i < d->n; i++)
		for (unsigned int k = i; k && in_order(&d->list[k - 1], &d->list[k]) > 0; k--) {
			struct doctor_finding tmp = d->list[k];

			d->list[k] = d->list[k - 1];
			d->list[k - 1] = tmp;
		}
}

struct err *judge(const struct facts *f, struct diagnosis *d)
{
	*d = (struct diagnosis){ 0 };
	judge_sound(f, d);
	judge_passthrough(f, d);
	judge_tools(f, d);
	sort(d);
	conclude(f, d);
	bool failed = d->failed || d->verdict.failed || d->next.failed;
	for (unsigned int i = 0; i < d->n; i++)
		failed |= d->list[i].text.failed || d->list[i].why.failed ||
			  d->list[i].commands.failed;
	if (!failed)
		return NULL;
	diagnosis_deinit(d);
	return err_nomem();
}

void diagnosis_deinit(struct diagnosis *d)
{
	for (unsigned int i = 0; i < d->n; i++) {
		buf_deinit(&d->list[i].text);
		buf_deinit(&d->list[i].why);
		buf_deinit(&d->list[i].commands);
	}
	free(d->list);
	buf_deinit(&d->verdict);
	buf_deinit(&d->next);
	*d = (struct diagnosis){ 0 };
}
