// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Splits a text into lines for the proc reader, repairs lines that a mail program broke, and
 * calls the rule for each line.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/scan.h"
#include "dump/proc_clean.h"
#include "dump/proc_read_int.h"

/*
 * A line that was read and may continue, or one that needs its second half, with the
 * following lines that may belong to it.
 */
struct held {
	struct buf text;	/* the pieces, each followed by a LF */
	uint32_t line, last;
	/* bytes of text that were read: 0, or the length of the first piece */
	uint32_t read;
	uint32_t notes;		/* number of notes before the line */
	const char *why;
	bool any;
};

struct frame {
	struct proc p;
	struct held held;
	/* first and last line outside of a codec that has no note yet */
	uint32_t out_first, out_last;
	struct buf out_text;
	/* after a separator: the codec ends here unless one of its lines follows */
	bool separated;
	bool ended;		/* other text followed a separator, up to the next codec */
	uint32_t first;		/* the lines before this one belong to no codec; 0 = unknown */
};

/* The most lines that are joined to one. */
#define MAX_JOIN 6

static const struct proc_rule *find_rule(struct reader *r)
{
	static const struct proc_rule *const tables[] = {
		proc_widget_rules, proc_list_rules, proc_pin_rules, proc_head_rules
	};

	for (unsigned int t = 0; t < ARRAY_SIZE(tables); t++)
		for (const struct proc_rule *rule = tables[t]; rule->key; rule++)
			if (reader_lit(r, rule->key))
				return rule;
	return NULL;
}

/* AudioDxe prints lists in decimal. */
static bool is_list(const struct proc *p, struct reader r)
{
	uint64_t v;

	return scan(r, "0x%x%*", &v, &r) || (p->list && scan(r, "%u%*", &v, &r));
}

enum tried { TRIED_READ, TRIED_WHOLE, TRIED_BAD, TRIED_UNKNOWN };

static enum tried try_line(struct proc *p, struct reader text, uint32_t line, bool joining)
{
	const struct proc_rule *rule;
	struct reader r = text;

	p->text = text;
	p->line = line;
	p->why = NULL;
	p->joining = joining;
	reader_skip_space(&r);
	if (is_list(p, r))
		return proc_list_line(p, r) ? TRIED_WHOLE : TRIED_BAD;
	rule = find_rule(&r);
	if (!rule)
		return TRIED_UNKNOWN;
	p->list = NULL;
	if (!rule->fn(p, r))
		return TRIED_BAD;
	return rule->whole ? TRIED_WHOLE : TRIED_READ;
}

static void drop_notes(struct model_list *l, uint32_t n)
{
	while (l->nnotes > n) {
		l->nnotes--;
		l->left -= l->notes[l->nnotes].kind == NOTE_LEFT;
		free(l->notes[l->nnotes].text);
	}
}

/* Makes a note for a held line whose second half never came. */
static void give_up(struct frame *f)
{
	struct held *h = &f->held;
	uint32_t line = h->line;
	size_t end;

	for (size_t at = 0; h->any && at < h->text.len; at = end + 1, line++) {
		const uint8_t *lf = memchr(h->text.data + at, '\n', h->text.len - at);

		end = (size_t)(lf - h->text.data);
		if (at >= h->read &&
		    !model_list_note(f->p.out, NOTE_LEFT, line, line, h->text.data + at, end - at,
				     at ? "is not a line of a codec" :
				     h->why ? h->why : "does not have the form of such a line"))
			f->p.nomem = true;
	}
	h->any = false;
}

static void hold(struct frame *f, struct reader text, uint32_t line, uint32_t notes, bool read)
{
	struct held *h = &f->held;

	buf_clear(&h->text);
	buf_add(&h->text, text.p, reader_left(&text));
	buf_addc(&h->text, '\n');
	h->line = h->last = line;
	h->read = read ? (uint32_t)h->text.len : 0;
	h->notes = notes;
	h->why = f->p.why;
	h->any = true;
}

/* Joins the pieces of @b to one line: a mail program breaks at a blank, a terminal anywhere. */
static void put_together(const struct buf *b, bool blank, struct buf *out)
{
	buf_clear(out);
	for (size_t i = 0; i + 1 < b->len; i++) {
		if (b->data[i] != '\n') {
			buf_addc(out, b->data[i]);
			continue;
		}
		if (!blank)
			continue;
		buf_addc(out, ' ');
		while (i + 1 < b->len && b->data[i + 1] == ' ')
			i++;
	}
}

/* Appends @text to the held line and reads both as one line; if that fails, @text stays held. */
static bool join(struct frame *f, struct reader text, uint32_t line)
{
	struct held *h = &f->held;
	enum tried t = TRIED_BAD;
	struct buf whole = { 0 };

	if (!h->any || line != h->last + 1 || line - h->line >= MAX_JOIN)
		return false;
	buf_add(&h->text, text.p, reader_left(&text));
	buf_addc(&h->text, '\n');
	h->last = line;
	for (unsigned int blank = 2; blank-- > 0 && t > TRIED_WHOLE;) {
		put_together(&h->text, blank, &whole);
		t = try_line(&f->p, reader_make(whole.data, whole.len), h->line, true);
	}
	f->p.nomem |= whole.failed || h->text.failed;
	if (t <= TRIED_WHOLE) {
		drop_notes(f->p.out, h->notes);
		if (!model_list_note(f->p.out, NOTE_MENDED, h->line, line, whole.data, whole.len,
				     "was broken over several lines"))
			f->p.nomem = true;
		h->read = (uint32_t)h->text.len;
		h->any = t == TRIED_READ;
	}
	buf_deinit(&whole);
	return t <= TRIED_WHOLE;
}

/* Removes the last piece, which did not fit. */
static void unjoin(struct frame *f, struct reader text)
{
	f->held.text.len -= reader_left(&text) + 1;
	f->held.last--;
}

static void flush_outside(struct frame *f)
{
	/* other chapters of alsa-info are expected and need no note */
	if (f->out_first && !f->p.out->alsa_info &&
	    !model_list_note(f->p.out, NOTE_OUTSIDE, f->out_first, f->out_last, f->out_text.data,
			     f->out_text.len, "does not belong to a codec"))
		f->p.nomem = true;
	f->out_first = 0;
}

static void outside(struct frame *f, struct reader text, uint32_t line)
{
	if (!f->out_first) {
		f->out_first = line;
		buf_clear(&f->out_text);
		buf_add(&f->out_text, text.p, reader_left(&text));
	}
	f->out_last = line;
}

static bool is_wrapper(struct reader r)
{
	return reader_lit(&r, "!!") || reader_lit(&r, "--startcollapse--") ||
	       reader_lit(&r, "--endcollapse--");
}

static bool is_codec(struct reader r)
{
	reader_skip_space(&r);
	return reader_lit(&r, "Codec:");
}

/*
 * The place of a second "Codec: " within a line: the text was cut there and another one
 * appended.
 */
static const uint8_t *glued(struct reader r)
{
	static const char key[] = "Codec: ";
	const uint8_t *p = r.p;

	reader_skip_space(&r);
	if (reader_lit(&r, "Codec:"))
		p = r.p;
	p = memmem(p, (size_t)(r.end - p), key, sizeof(key) - 1);
	return p;
}

/*
 * Reads one line by its rule. If that fails and another codec begins within the line, nothing
 * is changed and the place is returned; with @split false it is not looked for.
 */
static const uint8_t *one_line(struct frame *f, struct reader text, uint32_t line, bool split)
{
	uint32_t notes = f->p.out->nnotes;
	struct codec_model *m = f->p.m;
	const uint8_t *second = split ? glued(text) : NULL;
	enum tried t;

	if (second && is_codec(text))
		return second;
	t = try_line(&f->p, text, line, second != NULL);
	if (t <= TRIED_WHOLE) {
		f->separated = f->ended = false;
		give_up(f);
		if (f->p.m != m)
			flush_outside(f);
		if (t == TRIED_READ)
			hold(f, text, line, notes, true);
		return NULL;
	}
	/* outside of a codec, only after the rest of a first word of another codec */
	if (second && (f->p.m || !memchr(text.p, ' ', (size_t)(second - text.p))))
		return second;
	const char *why = t == TRIED_UNKNOWN ? "is not a line of a codec" : f->p.why;

	if (f->separated) {
		proc_end(&f->p);
		f->ended = true;
	}
	f->separated = false;
	bool adjacent = f->held.any && line == f->held.last + 1 && t == TRIED_UNKNOWN;

	/* the second half of the held line, or a piece of it */
	if (join(f, text, line) || (adjacent && f->held.last == line))
		return NULL;
	if (f->held.any && f->held.last == line)
		unjoin(f, text);
	give_up(f);
	f->p.why = why;
	if (!f->p.m && (t == TRIED_UNKNOWN || f->p.out->alsa_info || f->ended)) {
		outside(f, text, line);
		return NULL;
	}
	hold(f, text, line, notes, false);
	return NULL;
}

/* Removes the quote marks of a mail from the beginning of a line. */
static struct reader unquote(struct reader r)
{
	while (r.p < r.end && *r.p == '>') {
		r.p++;
		if (r.p < r.end && *r.p == ' ')
			r.p++;
	}
	return r;
}

static void feed(struct frame *f, struct reader text, uint32_t line)
{
	const uint8_t *second;

	if (memchr(text.p, 0, reader_left(&text))) {
		give_up(f);
		f->p.text = text;
		f->p.line = line;
		proc_note(&f->p, NOTE_LEFT, "holds a NUL byte");
		return;
	}
	text = unquote(text);
	if (scan_end(text)) {
		give_up(f);
		return;
	}
	if (proc_is_separator(text)) {
		give_up(f);
		f->separated = true;
		return;
	}
	if (line < f->first) {
		outside(f, text, line);
		return;
	}
	if (is_wrapper(text)) {
		give_up(f);
		proc_end(&f->p);
		f->p.out->alsa_info = true;
		f->out_first = 0;
		return;
	}
	while ((second = one_line(f, text, line, true))) {
		struct reader head = { text.p, second, false };

		one_line(f, head, line, false);
		give_up(f);
		text.p = second;
		f->p.text = text;
		f->p.line = line;
		proc_note(&f->p, NOTE_MENDED, "another codec begins within the line");
	}
}

/*
 * The next line of @r, with lines joined that a mail program broke with "="
 * (quoted-printable); @lines is the number of lines used. A line ends with LF, CRLF or CR.
 */
static bool next_line(struct reader *r, struct buf *b, struct reader *line, uint32_t *lines)
{
	*lines = 0;
	buf_clear(b);
	while (r->p < r->end) {
		const uint8_t *p = r->p, *e;

		while (p < r->end && *p != '\n' && *p != '\r')
			p++;
		e = p;
		if (p < r->end)
			p += *p == '\r' && p + 1 < r->end && p[1] == '\n' ? 2 : 1;
		++*lines;
		*line = (struct reader){ r->p, e, false };
		r->p = p;
		if ((e == line->p || e[-1] != '=' || proc_is_separator(*line)) && *lines == 1)
			return true;
		if (e > line->p && e[-1] == '=' && *lines < MAX_JOIN) {
			buf_add(b, line->p, (size_t)(e - line->p - 1));
			continue;
		}
		buf_add(b, line->p, reader_left(line));
		break;
	}
	if (!*lines)
		return false;
	*line = reader_make(b->data, b->len);
	return true;
}

/* "=3D" is quoted-printable for "="; no number or word of a dump contains "3D" after it. */
static void unquote_printable(struct buf *b, struct reader *line)
{
	static const char key[] = "=3D";
	const uint8_t *p;
	size_t n;

	if (!memmem(line->p, reader_left(line), key, 3))
		return;
	if (line->p != b->data) {
		buf_clear(b);
		buf_add(b, line->p, reader_left(line));
	}
	for (size_t at = 0; (p = memmem(b->data + at, b->len - at, key, 3)); at++) {
		at = (size_t)(p - b->data);
		n = b->len - at - 3;
		memmove(b->data + at + 1, b->data + at + 3, n);
		b->len -= 2;
	}
	*line = reader_make(b->data, b->len);
}

/* Sorts notes by line: the note for a held line is made later than those of the lines after it. */
static int by_line(const void *a, const void *b)
{
	const struct model_note *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

/*
 * The line of the first "Codec:", if none of a codec whose own head is missing stands before
 * it: other tools' lines ("Address: 0xf0000" of dmidecode) look like some of a head's. 0 = none.
 */
static uint32_t first_codec(struct reader r, bool numbered)
{
	static const char *const begun[] = { "Node 0x", "AFG Function Id:", "Function Id:",
					     "State of AFG node", "Default PCM:", "!!" };
	uint32_t number = 1, lines;
	struct buf b = { 0 };
	struct reader line;
	bool own = false, found = false;
	uint64_t last = 0;

	for (; !own && !found && next_line(&r, &b, &line, &lines); number += lines) {
		if (numbered)
			proc_unnumber(&line, &last);
		line = unquote(line);
		found = is_codec(line);
		reader_skip_space(&line);
		for (size_t i = 0; i < ARRAY_SIZE(begun) && !own; i++)
			own = reader_lit(&line, begun[i]);
		if (found)
			break;
	}
	buf_deinit(&b);
	return found ? number : 0;
}

/* Feeds all lines of @r. */
static void feed_text(struct frame *f, struct reader r)
{
	bool numbered = proc_is_numbered(r);
	struct buf mended = { 0 };
	uint32_t number = 1, lines;
	struct reader line;
	uint64_t last = 0;

	f->first = first_codec(r, numbered);

	while (!f->p.nomem && next_line(&r, &mended, &line, &lines)) {
		if (!mended.failed)
			unquote_printable(&mended, &line);
		if (mended.failed)
			f->p.nomem = true;
		if (numbered)
			proc_unnumber(&line, &last);
		if (!f->p.nomem)
			feed(f, line, number);
		number += lines;
	}
	buf_deinit(&mended);
}

struct err *proc_read(const void *data, size_t len, struct model_list *out)
{
	struct frame f = { .p = { .out = out } };
	struct reader r = reader_make(data, len);
	struct buf clean = { 0 };
	struct err *e = NULL;

	reader_lit(&r, "\xef\xbb\xbf");	/* byte order mark of a Windows editor */
	if (proc_needs_clean(r)) {
		proc_clean(r, &clean);
		r = reader_make(clean.data, clean.len);
	}
	f.p.nomem = clean.failed;
	feed_text(&f, r);
	give_up(&f);
	flush_outside(&f);
	proc_end(&f.p);
	if (out->nnotes)
		qsort(out->notes, out->nnotes, sizeof(*out->notes), by_line);
	if (f.p.nomem || f.held.text.failed || f.out_text.failed)
		e = err_nomem();
	buf_deinit(&clean);
	buf_deinit(&f.held.text);
	buf_deinit(&f.out_text);
	return e;
}
