// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads tables of C and the patches that add them:
 *
 *   AZALIA_PIN_CFG(0, 0x14, 0x90170130),            coreboot: macros, words, and heads that are none
 *   HDAUDIO_VERB_TABLE_INIT(0x10EC, 0x0256, ...)    EDK2 and FSP
 *   WRITE_COEF(0x10, 0x0220), { 0x20, AC_VERB_... } the kernel's, also as a diff: lines with + and
 *                                                   context are read, removed ones are not
 *
 * The ids of a head become those of the codec; runs of 000F0000 are pauses and become marks. Lines
 * that mean nothing here are counted, so that the verdict can say so.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "codec/decode.h"
#include "input/c_text.h"
#include "input/list_head.h"
#include "input/text_reader.h"
#include "input/verb_text.h"

/* The longest call or element that goes over several lines. */
#define PENDING_MAX 8192
#define PAUSE 0x000f0000u
#define VERB_INDEX 0x500
#define VERB_COEF 0x400

struct table {
	struct list_head head;
	struct buf text;		/* code that has not been read */
	bool dry;			/* only the head is looked for */
	bool diff, hunk;
	bool comment;
	bool words;			/* in an array or a call whose elements are words */
	unsigned int braces;
	bool init;			/* in *_VERB_TABLE_INIT( */
	uint32_t first[4];		/* words that may be a head */
	unsigned int n_first;
	bool headless;			/* there is no head before the next array */
	uint64_t left;			/* words of the table that a head announced */
	bool counted;			/* `left` is known */
	uint32_t vendor, subsystem, address;
	unsigned int pauses;
	bool unread;			/* something in this line means nothing here */
};

/* --- what comes of it --------------------------------------------------------------------- */

static void mark(struct text_reader *t, const struct table *s, const char *text)
{
	if (!s->dry)
		verb_mark(t, reader_make(text, strlen(text)));
}

static void end_pause(struct text_reader *t, struct table *s)
{
	struct buf b = { 0 };

	if (s->pauses) {
		buf_addf(&b, "pause: 000f0000, %u of them", s->pauses);
		mark(t, s, buf_str(&b));
		text_reader_failed(t, buf_err(&b));
		buf_deinit(&b);
	}
	s->pauses = 0;
}

static void name_codec(struct table *s, unsigned int address)
{
	struct list_codec *c = &s->head.codec[address & 15];

	if (s->vendor && !c->named) {
		c->named = true;
		c->vendor_id = s->vendor;
		c->subsystem_id = s->subsystem;
	}
	s->vendor = s->subsystem = 0;
}

static void give(struct text_reader *t, struct table *s, uint32_t word)
{
	if (s->vendor)
		name_codec(s, word >> 28);
	if ((word & 0x0fffffff) == PAUSE) {
		s->pauses++;
		return;
	}
	end_pause(t, s);
	if (!s->dry)
		verb_give(t, "verbs", 5, word);
}

static void give_bytes(struct text_reader *t, struct table *s, uint64_t cad, uint64_t nid,
		       unsigned int verb, uint64_t v)
{
	for (unsigned int i = 0; i < 4; i++)
		give(t, s, (uint32_t)((cad & 15) << 28 | (nid & 0xff) << 20 |
				      (uint64_t)(verb + i) << 8 | (v >> 8 * i & 0xff)));
}

static void give_coef(struct text_reader *t, struct table *s, uint64_t nid, uint64_t coef,
		      uint64_t mask, uint64_t v)
{
	uint32_t node = (uint32_t)(nid & 0xff) << 20;
	uint32_t index = node | VERB_INDEX << 8 | (uint32_t)(coef & 0xffff);

	/*
	 * A list has whole values only.  With the other bits made up it would look
	 * right and clear them, so the change is left out, and that is an incomplete
	 * reading.
	 */
	if (mask != 0xffff) {
		if (!s->dry)
			text_reader_gap(t, 0, GAP_EVENTS, 1, "of coef %02x of node %02x only the bits %04x are set, "
					"to %04x: the value of the others is not in the table, so this write is "
					"left out", (unsigned int)(coef & 0xffff), (unsigned int)(nid & 0xff),
					(unsigned int)mask, (unsigned int)(v & mask & 0xffff));
		return;
	}
	give(t, s, index);
	give(t, s, node | VERB_COEF << 8 | (uint32_t)(v & 0xffff));
}

/* --- heads and words ---------------------------------------------------------------------- */

/* Words that looked like a head are words. */
static void settle(struct text_reader *t, struct table *s)
{
	unsigned int n = s->n_first;

	s->n_first = 0;
	s->headless = true;
	for (unsigned int i = 0; i < n; i++)
		give(t, s, s->first[i]);
}

/* Vendor id, subsystem id, number of sets of four words; of FSP: vendor, device, revision, SDI. */
static void head_word(struct text_reader *t, struct table *s, uint32_t v)
{
	s->first[s->n_first++] = v;
	if (s->init && s->n_first == 4) {
		s->vendor = (s->first[0] & 0xffff) << 16 | (s->first[1] & 0xffff);
		s->n_first = 0;
		s->headless = true;
	} else if (!s->init && s->n_first == 3) {
		if (!v || v > 0xfff) {
			settle(t, s);
			return;
		}
		s->vendor = s->first[0];
		s->subsystem = s->first[1];
		s->left = (uint64_t)v * 4;
		s->counted = true;
		s->n_first = 0;
	}
}

static void count(struct table *s, uint64_t n)
{
	if (s->counted)
		s->left -= n < s->left ? n : s->left;
}

static void word(struct text_reader *t, struct table *s, uint64_t v)
{
	if (!s->headless && (!s->counted || !s->left)) {
		head_word(t, s, (uint32_t)v);
		return;
	}
	count(s, 1);
	give(t, s, (uint32_t)v);
}

/* --- calls and rows ----------------------------------------------------------------------- */

struct call {
	const char *name;
	unsigned int args;
	enum { SUBVENDOR, PIN, RESET, WORD, WRITE, UPDATE, WRITE_EX, UPDATE_EX, SEND, SLEEP, KNOWN } kind;
	unsigned int skip;	/* arguments before those */
};

static const struct call calls[] = {
	{ "AZALIA_SUBVENDOR", 2, SUBVENDOR, 0 }, { "AZALIA_PIN_CFG", 3, PIN, 0 },
	{ "AZALIA_RESET", 1, RESET, 0 }, { "AZALIA_VERB_12B", 4, WORD, 0 },
	{ "WRITE_COEF", 2, WRITE, 0 }, { "UPDATE_COEF", 3, UPDATE, 0 },
	{ "WRITE_COEFEX", 3, WRITE_EX, 0 }, { "UPDATE_COEFEX", 4, UPDATE_EX, 0 },
	{ "alc_write_coef_idx", 2, WRITE, 1 }, { "alc_update_coef_idx", 3, UPDATE, 1 },
	{ "alc_write_coefex_idx", 3, WRITE_EX, 1 }, { "alc_update_coefex_idx", 4, UPDATE_EX, 1 },
	{ "snd_hda_codec_write", 4, SEND, 1 }, { "snd_hda_codec_write_cache", 4, SEND, 1 },
	{ "msleep", 1, SLEEP, 0 }, { "mdelay", 1, SLEEP, 0 }, { "SND_PCI_QUIRK", 4, KNOWN, 0 },
	{ "HDA_CODEC_QUIRK", 4, KNOWN, 0 }, { "ARRAY_SIZE", 1, KNOWN, 0 }, { "sizeof", 1, KNOWN, 0 },
};

static void do_call(struct text_reader *t, struct table *s, const struct call *c,
		    const struct reader *arg, size_t n)
{
	uint64_t v[4] = { 0 };
	char text[64];

	if (c->kind == KNOWN)
		return;
	if (n < c->skip + c->args) {
		s->unread = true;
		return;
	}
	for (size_t i = 0; i < c->args; i++) {
		struct reader a = arg[c->skip + i];

		c_skip_space(&a);
		while (a.end > a.p && (verb_space(a.end[-1]) || a.end[-1] == '\n'))
			a.end--;
		if (!c_whole_value(a, &v[i]) && !(c->kind == SEND && verb_named(a, param_by_name, &v[i]))) {
			s->unread = true;
			return;
		}
	}
	if ((c->kind <= WORD) && s->n_first)
		settle(t, s);
	switch (c->kind) {
	case SUBVENDOR:
		s->subsystem = s->vendor ? (uint32_t)v[1] : 0;
		give_bytes(t, s, v[0], 1, 0x720, v[1]);
		count(s, 4);
		break;
	case PIN:
		give_bytes(t, s, v[0], v[1], 0x71c, v[2]);
		count(s, 4);
		break;
	case RESET:
		for (int i = 0; i < 4; i++)
			give(t, s, (uint32_t)(v[0] & 0xff) << 20 | 0x7ff00);
		count(s, 4);
		break;
	case WORD:
		give(t, s, (uint32_t)((v[0] & 15) << 28 | (v[1] & 0xff) << 20 | (v[2] & 0xfff) << 8 | v[3]));
		count(s, 1);
		break;
	case WRITE:
		give_coef(t, s, 0x20, v[0], 0xffff, v[1]);
		break;
	case UPDATE:
		give_coef(t, s, 0x20, v[0], v[1], v[2]);
		break;
	case WRITE_EX:
		give_coef(t, s, v[0], v[1], 0xffff, v[2]);
		break;
	case UPDATE_EX:
		give_coef(t, s, v[0], v[1], v[2], v[3]);
		break;
	case SEND:
		/* NID, flags, verb, parameter */
		give(t, s, (uint32_t)((v[0] & 0xff) << 20 | (v[2] & 0xfff) << 8 | (v[3] & 0xffff)));
		break;
	default:
		strcpy(text, "pause: ");
		snprintf(text + 7, sizeof(text) - 7, "%llu ms", (unsigned long long)v[0]);
		mark(t, s, text);
	}
}

static const struct call *find_call(struct reader name)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		if (c_is_named(name, calls[i].name))
			return &calls[i];
	return NULL;
}

/* `{ 0x20, AC_VERB_SET_COEF_INDEX, 0x24 }`; a row of words, or something else. */
static void do_row(struct text_reader *t, struct table *s, struct reader *arg, size_t n)
{
	struct triple triple;
	uint64_t v;
	uint32_t w;

	for (size_t i = 0; i < n; i++) {
		c_skip_space(&arg[i]);
		while (arg[i].end > arg[i].p && (verb_space(arg[i].end[-1]) || arg[i].end[-1] == '\n'))
			arg[i].end--;
	}
	if (n && !reader_left(&arg[n - 1]))
		n--;
	if (!n)
		return;
	if (n == 3 && !s->words) {
		memcpy(triple.token, arg, sizeof(triple.token));
		if (verb_of(&triple, &w) == TRIPLE_VERB)
			give(t, s, w);
		else
			s->unread = true;
		return;
	}
	s->unread |= !s->words;
	for (size_t i = 0; s->words && i < n; i++) {
		if (c_whole_value(arg[i], &v) && v <= UINT32_MAX)
			word(t, s, v);
		else
			s->unread = true;
	}
}

static void begin_words(struct table *s, bool init)
{
	s->words = true;
	s->init = init;
	s->headless = false;
	s->counted = false;
	s->left = 0;
	s->n_first = 0;
	s->vendor = s->subsystem = 0;
}

/* `.vendor_id = 0x10ec0256,` of coreboot's table of codecs. */
static void field(struct table *s, struct reader name, struct reader r)
{
	uint64_t v;

	c_skip_space(&r);
	if (!reader_lit(&r, "=") || !c_value(&r, &v, C_NESTING))
		return;
	if (c_is_named(name, "vendor_id"))
		s->vendor = (uint32_t)v;
	else if (c_is_named(name, "subsystem_id"))
		s->subsystem = (uint32_t)v;
	else if (c_is_named(name, "address"))
		name_codec(s, (unsigned int)v);
}

/* Reads one element; false: the rest is needed first. */
static bool element(struct text_reader *t, struct table *s, struct reader *r, struct reader all)
{
	struct reader start = *r, name, arg[C_ARGS];
	size_t n;
	uint64_t v;

	if (*r->p == '"') {
		for (r->p++; r->p < r->end && *r->p != '"'; r->p++)
			;
		r->p += r->p < r->end;
		return true;
	}
	if (*r->p == '.') {
		r->p++;
		name = c_name(r);
		field(s, name, *r);
		while (r->p < r->end && *r->p != ',' && *r->p != '{' && *r->p != '\n')
			r->p++;
		return true;
	}
	if (*r->p == '{') {
		struct reader inner = { r->p + 1, r->end, false };
		const uint8_t *close = memchr(inner.p, '}', reader_left(&inner));
		struct reader before = { all.p, start.p, false };

		if (c_is_word_array(before) && !s->braces)
			begin_words(s, false);
		if (close && !memchr(inner.p, '(', (size_t)(close - inner.p)) &&
		    !memchr(inner.p, '{', (size_t)(close - inner.p)) && c_args(&inner, arg, &n) &&
		    n < C_ARGS) {
			do_row(t, s, arg, n);
			r->p = inner.p;
			return true;
		}
		s->braces++;
		r->p++;
		return true;
	}
	if (*r->p == '}' || *r->p == ')') {
		if (*r->p == '}')
			s->braces -= s->braces > 0;
		if (!s->braces || s->init) {
			settle(t, s);
			end_pause(t, s);
			s->words = s->init = false;
		}
		r->p++;
		return true;
	}
	if (*r->p == '[') {
		while (r->p < r->end && *r->p != ']')
			r->p++;
		return true;
	}
	if (!c_is_word(*r->p) && !(*r->p == '(' && s->words)) {
		r->p++;
		return true;
	}
	name = c_name(r);
	struct reader after = *r;

	c_skip_space(&after);
	if (reader_left(&name) && !isdigit(*name.p)) {
		if (!reader_lit(&after, "("))
			return true;
		if (c_ends_with(name, "VERB_TABLE_INIT")) {
			begin_words(s, true);
			r->p = after.p;
			return true;
		}
		const struct call *c = find_call(name);

		if (!c_args(&after, arg, &n)) {
			*r = start;
			return false;
		}
		r->p = after.p;
		if (c)
			do_call(t, s, c, arg, n);
		else
			s->unread = true;
		return true;
	}
	if (!s->words)
		return true;
	*r = start;
	if (!c_value(r, &v, C_NESTING) || v > UINT32_MAX) {
		s->unread = true;
		r->p += r->p == start.p;
		return true;
	}
	word(t, s, v);
	return true;
}

/* Reads what is complete of the text. */
static void take(struct text_reader *t, struct table *s)
{
	struct reader r = reader_make(s->text.data, s->text.len), all = r;
	bool more = true;

	while (more && reader_left(&r))
		more = element(t, s, &r, all);
	buf_consume(&s->text, (size_t)(r.p - all.p));
	if (s->text.len > PENDING_MAX) {
		s->unread = true;
		buf_clear(&s->text);
	}
}

/* --- lines -------------------------------------------------------------------------------- */

/* Adds the line's code to the text; comments become marks. */
static void add_code(struct text_reader *t, struct table *s, struct reader line)
{
	while (reader_left(&line)) {
		struct reader part = line;
		const uint8_t *end = memmem(line.p, reader_left(&line), s->comment ? "*/" : "/*", 2);
		const uint8_t *slashes = s->comment ? NULL : memmem(line.p, reader_left(&line), "//", 2);

		if (slashes && (!end || slashes < end)) {
			part.end = slashes;
			buf_add(&s->text, part.p, reader_left(&part));
			part = line;
			part.p = slashes;
			if (!s->dry)
				verb_mark(t, part);
			break;
		}
		part.end = end ? end : line.end;
		line.p = end ? end + 2 : line.end;
		if (!s->comment)
			buf_add(&s->text, part.p, reader_left(&part));
		else if (!s->dry)
			verb_mark(t, part);
		if (end)
			s->comment = !s->comment;
	}
	buf_addc(&s->text, '\n');
}

/* The line without a diff's first character; false: it is not of the new side. */
static bool diff_line(struct table *s, struct reader *line)
{
	if (!s->diff)
		return true;
	if (reader_lit(line, "@@ -")) {
		s->hunk = true;
		s->comment = false;
		buf_clear(&s->text);
		return false;
	}
	if (!s->hunk || reader_lit(line, "--- ") || reader_lit(line, "+++ ") ||
	    reader_lit(line, "diff ") || reader_lit(line, "index "))
		return false;
	if (reader_left(line) && *line->p == '-')
		return false;
	if (reader_left(line))
		line->p++;
	return true;
}

static enum line_kind table_line(struct text_reader *t, struct reader line)
{
	struct table *s = text_reader_state(t);
	struct reader code;

	if (!diff_line(s, &line))
		return LINE_TAKEN;
	code = line;
	reader_skip_space(&code);
	if (reader_lit(&code, "#"))
		return LINE_TAKEN;
	s->unread = false;
	add_code(t, s, line);
	take(t, s);
	text_reader_failed(t, buf_err(&s->text));
	return s->unread ? LINE_OTHER : LINE_TAKEN;
}

static unsigned int table_sniff(struct reader line)
{
	static const char *const marks[] = {
		"AZALIA_SUBVENDOR(", "AZALIA_PIN_CFG(", "AZALIA_RESET(", "AZALIA_VERB_12B(",
		"VERB_TABLE_INIT", "WRITE_COEF(", "UPDATE_COEF(", "WRITE_COEFEX(", "UPDATE_COEFEX(",
		"alc_write_coef", "alc_update_coef", "cim_verb_data[]",
	};
	struct reader text = line;

	if (reader_lit(&text, "//") || reader_lit(&text, "*"))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (memmem(line.p, reader_left(&line), marks[i], strlen(marks[i])))
			return 10;
	if (reader_left(&line) && (*line.p == '+' || *line.p == '-') &&
	    memmem(line.p, reader_left(&line), "AC_VERB_", 8))
		return 10;
	return 0;
}

static struct err *table_begin(struct text_reader *t, const struct source_options *o,
			       struct reader head)
{
	struct table *s = text_reader_state(t);
	struct list_head found;
	struct reader line;

	(void)o;
	s->diff = memmem(head.p, reader_left(&head), "@@ -", 4) != NULL;
	s->dry = true;
	for (struct reader r = head; reader_line(&r, &line);)
		table_line(t, line);
	found = s->head;
	buf_deinit(&s->text);
	*s = (struct table){ .head = found, .diff = s->diff };
	/* a head that names codecs, as a list has it */
	s->head.is_list = s->head.codec[list_first(&s->head)].named;
	text_reader_own_facts(t)->list = &s->head;
	return NULL;
}

static void table_end(struct text_reader *t)
{
	struct table *s = text_reader_state(t);

	settle(t, s);
	end_pause(t, s);
	if (s->comment)
		text_reader_gap(t, 0, GAP_EVENTS, 0, "a comment does not end: what follows is not read");
}

static void table_destroy(struct text_reader *t)
{
	struct table *s = text_reader_state(t);

	buf_deinit(&s->text);
}

const struct text_format text_format_table = {
	.format = SOURCE_TABLE,
	.sniff = table_sniff,
	.state_size = sizeof(struct table),
	.begin = table_begin,
	.line = table_line,
	.end = table_end,
	.destroy = table_destroy,
};
