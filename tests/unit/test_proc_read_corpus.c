// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every codec dump of the shared data: read without a note, and printed as the same text. A
 * text that another program wrote or changed may differ in the ways listed here, each
 * counted, and in no other.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "corpus.h"
#include "dump/proc_print.h"
#include "dump/proc_read.h"

/* The differences of a text that is not a kernel's own: the change is made on both sides. */
enum way { INDENT, CASE, NUMBER, BLANKS, WORDS, CUT, WAYS };

static const char *const way_names[WAYS] = {
	"indentation changed by a mail or wiki", "hex in capitals (AudioDxe)",
	"node number repeated in decimal (AudioDxe)", "one blank for two",
	"other words for a pin's default",
	"cut within a pin: what follows from its default is printed whole",
};

/* Names of the same field in other programs; the number beside them is used. */
static const char *const other_words[][2] = {
	{ "Headphone at", "HP Out at" }, { "Line-Out at", "Line Out at" },
	{ "Digital-Out at", "Digital Out at" }, { "Line-In at", "Line In at" },
	{ "Digitial In at", "Digital In at" }, { "at Other Special", "at Oth Mobile-In" },
};

struct count {
	unsigned int files, current, older, foreign, bad, codecs;
	unsigned int ways[WAYS];
};

static void replace_all(struct buf *b, const char *what, const char *by)
{
	struct buf out = { 0 };
	const char *s = buf_str(b), *p;

	for (; (p = strstr(s, what)); s = p + strlen(what)) {
		buf_add(&out, s, (size_t)(p - s));
		buf_adds(&out, by);
	}
	buf_adds(&out, s);
	buf_deinit(b);
	*b = out;
}

static void squeeze(struct buf *b, bool indent)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < b->len; i++) {
		bool first = i == 0 || b->data[i - 1] == '\n';

		if (b->data[i] == ' ' && (indent ? first || (out.len && out.data[out.len - 1] == '\n') :
						   i && b->data[i - 1] == ' '))
			continue;
		buf_addc(&out, b->data[i]);
	}
	buf_deinit(b);
	*b = out;
}

/* "Node 0x0a (10) [" -> "Node 0x0a [" */
static void drop_numbers(struct buf *b)
{
	struct buf out = { 0 };
	const char *s = buf_str(b), *p, *q;

	for (; (p = strstr(s, " (")) && (q = strstr(p, ") [")); s = q + 1) {
		if (strspn(p + 2, "0123456789") != (size_t)(q - p - 2)) {
			buf_add(&out, s, (size_t)(p + 2 - s));
			q = p + 1;
			continue;
		}
		buf_add(&out, s, (size_t)(p - s));
	}
	buf_adds(&out, s);
	buf_deinit(b);
	*b = out;
}

static void apply(enum way w, struct buf *b)
{
	switch (w) {
	case INDENT:
		squeeze(b, true);
		break;
	case CASE:
		for (size_t i = 0; i < b->len; i++)
			b->data[i] = (uint8_t)tolower(b->data[i]);
		break;
	case NUMBER:
		drop_numbers(b);
		break;
	case BLANKS:
		squeeze(b, false);
		break;
	case WORDS:
		for (size_t i = 0; i < ARRAY_SIZE(other_words); i++)
			replace_all(b, other_words[i][0], other_words[i][1]);
		break;
	case CUT:
	case WAYS:
		break;
	}
}

static bool equal(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

static struct buf copy(const struct buf *b)
{
	struct buf out = { 0 };

	buf_add(&out, b->data, b->len);
	return out;
}

/* Prints the first line in which they differ. */
static void show(const char *path, struct buf *want, struct buf *got)
{
	const char *w = buf_str(want), *g = buf_str(got);
	unsigned int line = 1;

	while (*w && *w == *g) {
		line += *w == '\n';
		w++;
		g++;
	}
	while (w > buf_str(want) && w[-1] != '\n') {
		w--;
		g--;
	}
	printf("%s:%u\n  is    %.*s\n  print %.*s\n", path, line, (int)strcspn(w, "\n"), w,
	       (int)strcspn(g, "\n"), g);
}

/* The text ends where the last lines of a pin's default should be. */
static bool cut(const struct buf *a, struct buf *b)
{
	static const char *const rest[] = { "misc = no_presence\n", "defassociation =", "conn =" };
	const char *s = buf_str(b) + a->len;

	if (b->len <= a->len || memcmp(a->data, b->data, a->len) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(rest); i++)
		if (strncmp(s, rest[i], strlen(rest[i])) == 0)
			return true;
	return false;
}

/* Finds the ways that, one after the other, make both the same. */
static bool explained(const char *path, const struct buf *text, const struct buf *printed,
		      struct count *c)
{
	static const enum way order[] = { WORDS, INDENT, NUMBER, BLANKS, CASE };
	struct buf a = copy(text), b = copy(printed);

	for (size_t i = 0; i < ARRAY_SIZE(order) && !equal(&a, &b); i++) {
		struct buf before = copy(&a);

		apply(order[i], &a);
		apply(order[i], &b);
		c->ways[order[i]] += !equal(&a, &before);
		buf_deinit(&before);
	}
	bool same = equal(&a, &b);
	if (!same && cut(&a, &b)) {
		c->ways[CUT]++;
		same = true;
	}
	if (!same)
		show(path, &a, &b);
	buf_deinit(&a);
	buf_deinit(&b);
	return same;
}

static struct buf print_all(const struct model_list *l, bool current)
{
	struct buf b = { 0 };

	for (uint32_t i = 0; i < l->n; i++) {
		struct proc_style style = { .stripped = l->v[i]->style.stripped };

		proc_print(l->v[i], current ? &style : &l->v[i]->style, &b);
	}
	return b;
}

/* The text in today's words, read again, gives the same text: no value was lost. */
static bool survives(const char *path, const struct model_list *l)
{
	struct buf first = print_all(l, true), second;
	struct model_list again = { 0 };
	bool same;

	err_free(proc_read(first.data, first.len, &again));
	second = print_all(&again, true);
	same = equal(&first, &second) && again.left == 0;
	if (!same)
		show(path, &first, &second);
	model_list_deinit(&again);
	buf_deinit(&first);
	buf_deinit(&second);
	return same;
}

static void one(const char *path, const struct buf *text, void *arg)
{
	struct count *c = arg;
	struct model_list l = { 0 };
	struct err *e = proc_read(text->data, text->len, &l);
	struct buf own, current;

	c->files++;
	if (e) {
		printf("%s: %s\n", path, err_text(e));
		err_free(e);
		c->bad++;
		return;
	}
	for (uint32_t i = 0; i < l.nnotes; i++)
		if (l.notes[i].kind != NOTE_DIFFERS)
			printf("%s:%u: %s: %s: %s\n", path, l.notes[i].line,
			       model_note_kind_name(l.notes[i].kind), l.notes[i].why,
			       l.notes[i].text);
	c->codecs += l.n;
	own = print_all(&l, false);
	current = print_all(&l, true);
	if (l.left || !survives(path, &l))
		c->bad++;
	else if (equal(text, &current))
		c->current++;
	else if (equal(text, &own))
		c->older++;
	else if (explained(path, text, &own, c))
		c->foreign++;
	else
		c->bad++;
	buf_deinit(&own);
	buf_deinit(&current);
	model_list_deinit(&l);
}

int main(void)
{
	struct count c = { 0 };

	if (corpus_codecs(one, &c) < 0)
		return SKIPPED;
	for (unsigned int i = 0; i < WAYS; i++)
		if (c.ways[i])
			printf("%u files: %s\n", c.ways[i], way_names[i]);
	printf("%u files, %u codecs: %u the same byte for byte in the current kernel's grammar, "
	       "%u in an older kernel's, %u with only the differences above, %u bad\n",
	       c.files, c.codecs, c.current, c.older, c.foreign, c.bad);
	return c.bad || c.files == 0;
}
