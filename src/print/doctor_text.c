// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the doctor's findings as text. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "host/bind.h"
#include "print/doctor.h"

/* Adds commands, which are never wrapped, so that they can be copied. */
static void commands(struct buf *b, const char *text, unsigned int indent)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		buf_addf(b, "%*s", (int)indent, "");
		text_add_safe(b, text, len);
		buf_addc(b, '\n');
		text += len + (text[len] == '\n');
	}
}

static const char *mark(enum doctor_severity s)
{
	static const char *const marks[] = {
		[SEV_USELESS] = "!!", [SEV_BLOCKS] = "!", [SEV_CARE] = "?", [SEV_NOTE] = "-",
		[SEV_GOOD] = "+",
	};

	return marks[s];
}

static void finding(struct buf *b, struct doctor_finding *f, unsigned int width)
{
	struct buf text = { 0 };
	char head[32];

	text_add_safe(&text, f->text.data, f->text.len);
	snprintf(head, sizeof(head), "  %-2s %-9s", mark(f->severity), f->topic);
	text_wrap(b, head, 16, buf_str(&text), width);
	buf_clear(&text);
	text_add_safe(&text, f->why.data, f->why.len);
	if (text.len)
		text_wrap(b, "", 16, buf_str(&text), width);
	commands(b, buf_str(&f->commands), 18);
	buf_deinit(&text);
}

static void add_safe(struct buf *b, const char *text)
{
	text_add_safe(b, text, strlen(text));
}

static void machine(struct buf *b, const struct facts *f)
{
	const char *parts[] = { f->vendor, f->product, f->system };
	size_t before = b->len;

	for (int i = 0; i < 3; i++) {
		/* do not repeat the vendor: "HP" makes an "HP ENVY" */
		bool again = i == 0 && strncmp(f->product, f->vendor, strlen(f->vendor)) == 0;

		if (!*parts[i] || again)
			continue;
		buf_adds(b, b->len == before ? "" : i == 1 ? " " : ", ");
		add_safe(b, parts[i]);
	}
	buf_addf(b, "%skernel ", b->len == before ? "" : ", ");
	add_safe(b, *f->kernel ? f->kernel : "not known");
	if (*f->container) {
		buf_adds(b, ", in a container (");
		add_safe(b, f->container);
		buf_addc(b, ')');
	}
	buf_addc(b, '\n');
}

struct err *doctor_print_text(const struct facts *f, const struct diagnosis *d)
{
	unsigned int width = text_width(STDOUT_FILENO);
	struct buf b = { 0 };
	bool first = false;

	machine(&b, f);
	for (unsigned int i = 0; i < d->n; i++) {
		struct doctor_finding *one = &d->list[i];

		if (one->first && !first)
			buf_adds(&b, "\nKnow this first\n");
		else if (!one->first && (first || !i))
			buf_adds(&b, "\nThe host\n");
		first = one->first;
		finding(&b, one, width);
	}
	buf_addc(&b, '\n');
	text_wrap(&b, "Verdict: ", 9, buf_str((struct buf *)&d->verdict), width);
	if (d->next.len) {
		buf_adds(&b, "Next:\n");
		commands(&b, buf_str((struct buf *)&d->next), 4);
	}
	struct err *e = buf_err(&b);
	if (!e && fwrite(b.data, 1, b.len, stdout) != b.len)
		e = err_new(ERR_PIPE, "standard output");
	buf_deinit(&b);
	return e;
}

void doctor_print_step(void *arg, const struct bind_step *s, bool undo)
{
	struct buf text = { 0 };

	(void)arg;
	bind_step_text(s, undo, &text);
	if (text.len)
		printf("%s%s\n", undo ? "# undone: " : "", buf_str(&text));
	fflush(stdout);
	buf_deinit(&text);
}
