// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/replay_codec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/log.h"
#include "base/reader.h"
#include "base/slurp.h"
#include "codec/decode.h"
#include "dump/rthd.h"
#include "export/fixlist.h"
#include "replay/plan.h"
#include "replay/risk.h"

volatile sig_atomic_t target_stopped;

static void on_signal(int number)
{
	(void)number;
	target_stopped = 1;
}

void target_catch_signals(void)
{
	const struct sigaction sa = { .sa_handler = on_signal };

	/* no SA_RESTART: who waits for an answer is to hear of it */
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
}

/* --- the codec ------------------------------------------------------------ */

/* No codec dump is longer. */
#define DUMP_MAX (64u << 20)

static struct err *read_dump(const char *path, struct model_list *models)
{
	struct buf b = { 0 };
	struct err *e = slurp(path, DUMP_MAX, "codec's dump", &b);

	if (!e)
		e = rthd_is(b.data, b.len) ? rthd_read(b.data, b.len, models) :
					     proc_read(b.data, b.len, models);
	if (!e && models->n != 1)
		e = err_new(ERR_FORMAT, "%s holds %u codecs: an emulated one is made of a dump of one",
			    path, models->n);
	buf_deinit(&b);
	return e;
}

struct err *target_open(const char *path, struct target *t)
{
	struct stat st;
	struct err *e = NULL;

	*t = (struct target){ .path = path };
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		t->emulated = true;
		e = read_dump(path, &t->models);
		if (!e)
			e = dev_of_model(t->models.v[0], &t->dev);
	} else {
		e = hwdep_open(path, &t->dev);
	}
	if (!e)
		e = err_wrap(dev_identify(t->dev, &t->id), "%s", path);
	return e;
}

void target_deinit(struct target *t)
{
	dev_destroy(t->dev);
	model_list_deinit(&t->models);
	*t = (struct target){ 0 };
}

void target_release(struct target *t)
{
	if (t->emulated)
		return;
	dev_destroy(t->dev);
	t->dev = NULL;
}

struct err *target_take(struct target *t)
{
	struct identity id;
	struct err *e;

	if (t->dev)
		return NULL;
	e = hwdep_open(t->path, &t->dev);
	if (!e)
		e = dev_identify(t->dev, &id);
	if (!e && (id.vendor != t->id.vendor || id.subsystem != t->id.subsystem))
		e = err_new(ERR_FAIL, "%s is another codec now", t->path);
	return e;
}

bool target_option(int opt, const char *arg, struct target_options *o, struct err **e)
{
	struct reader r = reader_make(arg, arg ? strlen(arg) : 0);
	uint64_t ms;

	*e = NULL;
	switch (opt) {
	case 'd':
		o->path = arg;
		return true;
	case 'A':
		*e = risk_parse(arg, &o->allow);
		return true;
	case 'M':
		o->any_machine = true;
		return true;
	case 'R':
		o->really = true;
		return true;
	case 'P':
		if (!reader_dec(&r, &ms) || reader_left(&r) || ms > 10000)
			*e = err_new(ERR_USAGE, "--pace %s: milliseconds, 0 to 10000", arg);
		else
			o->pace_us = (uint32_t)ms * 1000;
		return true;
	default:
		return false;
	}
}

/* --- the plan ------------------------------------------------------------- */

struct err *plan_make(const struct fixlist *l, const bool *chosen, uint32_t vendor_id,
		      struct plan *p)
{
	struct err *e;

	*p = (struct plan){ 0 };
	e = fixlist_words(l, chosen, &p->words, &p->step_of);
	p->n = p->words.len / sizeof(uint32_t);
	p->risks = e ? NULL : calloc(p->n ? p->n : 1, 1);
	if (!e && !p->risks)
		e = err_nomem();
	if (!e)
		e = risk_judge(vendor_id, plan_words(p), p->n, p->risks);
	return e;
}

void plan_deinit(struct plan *p)
{
	buf_deinit(&p->words);
	buf_deinit(&p->step_of);
	free(p->risks);
	*p = (struct plan){ 0 };
}

static void add_risks(struct buf *b, unsigned int risks)
{
	for (unsigned int r = 0; r < RISKS; r++)
		if (bit(risks, r))
			buf_addf(b, "  [%s]", risk_rows[r].word);
}

static void add_step(struct buf *b, const struct plan *p, const struct fix_step *s, size_t number,
		     size_t *at)
{
	unsigned int risks = 0;
	size_t end = *at;
	struct verb_parts v = verb_split(s->words[0]);
	uint32_t step;

	for (; end < p->n; end++) {
		memcpy(&step, p->step_of.data + end * sizeof(step), sizeof(step));
		if (step != number)
			break;
		risks |= p->risks[end];
	}
	buf_addf(b, "%5zu  ", number + 1);
	buf_adds(b, s->text);
	if (end - *at == 1)
		buf_addf(b, "  (0x%02x 0x%03x 0x%x)", v.nid, v.id, v.payload);
	else
		buf_addf(b, "  (%zu verbs)", end - *at);
	add_risks(b, risks);
	buf_addc(b, '\n');
	*at = end;
}

/* More than a pin's EAPD, which is a register like others. */
static bool reaches_amp(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (bit(p->risks[i], RISK_AMP) && verb_split(plan_words(p)[i]).id != 0x70c)
			return true;
	return false;
}

struct err *plan_print(const struct plan *p, const struct fixlist *l, const struct target *t,
		       uint8_t allowed)
{
	struct buf b = { 0 };
	size_t at = 0;
	struct err *e;

	if (t->id.vendor)
		buf_addf(&b, "%s: codec 0x%08x, subsystem 0x%08x%s\n", t->path, t->id.vendor,
			 t->id.subsystem, t->emulated ? ", emulated after its dump" : "");
	buf_addf(&b, "list: codec 0x%08x, subsystem 0x%08x", l->fix.vendor_id, l->fix.subsystem_id);
	if (l->fix.from)
		buf_addf(&b, ", from %s", l->fix.from);
	buf_addf(&b, "; %zu atoms, %zu verbs\n", l->fix.n, p->n);
	for (size_t i = 0; i < l->fix.n; i++)
		add_step(&b, p, &l->fix.step[i], i, &at);
	for (unsigned int r = 0; r < RISKS; r++) {
		size_t n = 0;

		for (size_t i = 0; i < p->n; i++)
			n += bit(p->risks[i], r);
		if (n)
			buf_addf(&b, "%zu verb%s: %s%s%s\n", n, n == 1 ? "" : "s", risk_rows[r].what,
				 bit(allowed, r) ? ", allowed" : ", not sent without --allow ",
				 bit(allowed, r) ? "" : risk_rows[r].word);
	}
	if (reaches_amp(p))
		buf_adds(&b, "what an amplifier is told cannot be read, and so not put back: only its power "
			 "going off does that\n");
	e = buf_err(&b);
	if (!e && (fwrite(b.data, 1, b.len, stdout) != b.len || fflush(stdout)))
		e = err_sys(errno, "standard output");
	buf_deinit(&b);
	return e;
}

/* A codec that is let asleep forgets what it was told. */
static void warn_of_sleep(const struct target *t)
{
	const char *name = strrchr(t->path, '/');
	char path[128], word[8] = "";
	int fd;

	if (t->emulated || !name || strlen(name) > 32)
		return;
	snprintf(path, sizeof(path), "/sys/class/sound/%s/device/power/control", name + 1);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (read(fd, word, sizeof(word) - 1) > 0 && !strncmp(word, "auto", 4))
		log_note("the codec may go to sleep by itself and forget: 'echo on >%s' keeps it awake",
			 path);
	close(fd);
}

struct err *target_check(const struct target *t, const struct fixlist *l, const struct plan *p,
			 const struct target_options *o)
{
	const struct identity from = {
		.vendor = l->fix.vendor_id, .subsystem = l->fix.subsystem_id,
	};
	struct err *e = replay_check_list(plan_words(p), p->n);

	if (!e)
		e = replay_check_codec(&from, &t->id, o->any_machine);
	if (!e)
		e = replay_check_risks(plan_words(p), p->risks, p->n, o->allow);
	if (!e && replay_ends_in_half(plan_words(p), p->n))
		log_note("the list ends with the index of a coefficient and no value for it: it may be "
			 "cut short");
	if (!e)
		warn_of_sleep(t);
	return e;
}

/* --- back ----------------------------------------------------------------- */

struct err *target_snapshot(struct target *t, const struct plan *p, const char *path,
			    struct snapshot *s)
{
	struct snapshot now = { 0 };
	struct err *e = NULL;
	bool old = access(path, F_OK) == 0;

	if (old) {
		e = snapshot_load(path, s);
		if (!e && (s->id.vendor != t->id.vendor || s->id.subsystem != t->id.subsystem))
			e = err_new(ERR_FAIL, "%s is of another codec (0x%08x, subsystem 0x%08x): give "
				    "another --snapshot", path, s->id.vendor, s->id.subsystem);
		if (!e)
			log_note("%s is there from before: --undo goes back to that", path);
	}
	if (!e)
		e = snapshot_take(t->dev, &t->id, plan_words(p), p->n, &now);
	if (!old)
		s->id = t->id;
	for (size_t i = 0; !e && i < now.n; i++)
		e = snapshot_add(s, &now.v[i]);
	if (!e)
		e = snapshot_save(s, t->path, path);
	snapshot_deinit(&now);
	return e;
}

static void tell_stuck(const struct snapshot_undo *u)
{
	char name[64];

	for (size_t i = 0; i < u->stuck && i < ARRAY_SIZE(u->first); i++) {
		snapshot_entry_name(&u->first[i].was, name);
		log_note("%s was 0x%x and stays 0x%x", name, u->first[i].was.value, u->first[i].now);
	}
	if (u->stuck > ARRAY_SIZE(u->first))
		log_note("and %zu more", u->stuck - ARRAY_SIZE(u->first));
}

static struct err *undo(struct target *t, const struct snapshot *s, struct snapshot_undo *u,
			bool *stuck)
{
	struct err *e = snapshot_undo(t->dev, s, u);

	*stuck = u->stuck != 0;
	if (!e && u->gone)
		e = err_new(ERR_FAIL, "the codec does not answer any more, so nothing could be put back: "
			    "switch the machine off (a restart may not be enough)");
	return e;
}

struct err *target_undo_quietly(struct target *t, const struct snapshot *s, bool *stuck)
{
	struct snapshot_undo u;

	return undo(t, s, &u, stuck);
}

struct err *target_undo(struct target *t, const struct snapshot *s, bool *stuck)
{
	struct snapshot_undo u;
	struct err *e = undo(t, s, &u, stuck);

	if (e)
		return e;
	log_note("the codec is as it was: %zu register%s put back and read back, %zu had not changed%s",
		 u.restored, u.restored == 1 ? "" : "s", u.same, u.stuck ? "; but:" : "");
	tell_stuck(&u);
	return NULL;
}
