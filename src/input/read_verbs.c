// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads verb lists and scripts:
 *
 *   0x20 0x500 0x7                                  cleanverbs, firmware patches, sysfs init_verbs
 *   { 0x20, AC_VERB_SET_COEF_INDEX, 0x07 },         kernel tables
 *   hda-verb /dev/snd/hwC0D0 0x20 0x500 0x1b        alsa-tools, anywhere in a shell script
 *
 * Numbers are read as hda-verb reads them (strtoul() with base 0), names are looked up in the
 * tables, and verb and parameter are combined as the kernel does it: ORed, so that 0x40e 0x20
 * and 0x400 0xe20 are one word. A comment and the text of an echo become marks, because the
 * author describes the verbs there. In an hdadump list (docs/verb-list.md) only comments that
 * begin with "mark" do.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"
#include "codec/decode.h"
#include "input/list_head.h"
#include "input/shell/shell.h"
#include "input/text_reader.h"
#include "input/verb_text.h"


struct verbs {
	struct script_shell *sh;	/* owned */
	bool skip;		/* in a section of a firmware patch without verbs */
	/* the text begins as a shell script, where / and * do not begin a comment of C */
	bool shell;
	/* the line where the current comment of C began; 0 = not in a comment */
	uint32_t comment;
	struct buf bare;	/* a line with its comments of C removed */
	struct list_head head;
	uint8_t cad;		/* hdadump list: address of the next verbs */
	struct list_update update;	/* hdadump list: belongs to the next verb */
	bool has_update;
	struct list_update *updates;	/* owned */
	size_t n_updates, cap_updates;
};

/*
 * The place where a comment of C begins that ends in this line or a later one; NULL = none. A
 * shell's path (ls /sys/x) or another kind of comment has none.
 */
static const uint8_t *find_comment(struct reader line)
{
	for (const uint8_t *p = line.p; p + 1 < line.end; p++) {
		bool begins = p == line.p || verb_space(p[-1]) || memchr(",;{}()", p[-1], 6);

		if (begins && (*p == '#' || (p[0] == '/' && p[1] == '/')))
			return NULL;
		if (begins && p[0] == '/' && p[1] == '*')
			return p;
	}
	return NULL;
}

/* The line without comments of C, which are given as marks before it; valid until the next line. */
static struct reader without_comments(struct text_reader *t, struct verbs *s, struct reader line)
{
	if (s->shell || s->head.is_list || text_reader_own_facts(t)->format == SOURCE_SCRIPT ||
	    (!s->comment && !find_comment(line)))
		return line;
	buf_clear(&s->bare);
	while (reader_left(&line)) {
		struct reader part = line;
		const uint8_t *at = s->comment ? memmem(line.p, reader_left(&line), "*/", 2) :
						 find_comment(line);

		part.end = at ? at : line.end;
		line.p = at ? at + 2 : line.end;
		if (s->comment)
			verb_mark(t, part);
		else
			buf_add(&s->bare, part.p, reader_left(&part));
		buf_addc(&s->bare, ' ');
		if (at)
			s->comment = s->comment ? 0 : text_reader_line(t);
	}
	text_reader_failed(t, buf_err(&s->bare));
	return reader_make(s->bare.data, s->bare.len);
}

static bool is_comment(const struct reader *r)
{
	size_t n = reader_left(r);

	return n && (*r->p == '#' || *r->p == ';' ||
		     (n > 1 && r->p[0] == '/' && (r->p[1] == '/' || r->p[1] == '*')));
}

/* Characters around a list's numbers, in tables of C and in arrays of a shell. */
static const bool around[256] = {
	[' '] = true, ['\t'] = true, [','] = true, ['('] = true, [')'] = true, ['{'] = true,
	['}'] = true, ['"'] = true, ['\''] = true, ['\\'] = true,
};

/* Three numbers or names between blanks, commas and braces, with only a comment after them. */
static bool get_triple(struct reader *r, struct triple *t)
{
	for (int i = 0; i < 3; i++) {
		while (r->p < r->end && around[*r->p])
			r->p++;
		t->token[i] = verb_token(r);
		if (!reader_left(&t->token[i]))
			return false;
	}
	while (r->p < r->end && around[*r->p])
		r->p++;
	return !reader_left(r) || is_comment(r);
}

/* `nid = 0x20, verb = ...` */
static bool is_printed(struct reader line)
{
	return reader_lit(&line, "nid = 0x") && memmem(line.p, reader_left(&line), ", verb = 0x", 11);
}

static unsigned int verbs_sniff(struct reader line)
{
	struct triple t;
	struct reader r = line;
	uint32_t word;
	uint64_t nid;

	if (reader_lit(&line, "# " LIST_MAGIC))
		return 10;
	/* skip a comment of C before the verb */
	if (reader_lit(&line, "/*")) {
		const uint8_t *end = memmem(line.p, reader_left(&line), "*/", 2);

		line.p = end ? end + 2 : line.end;
		r = line;
	}
	if (is_comment(&line))
		return 0;
	if (shell_find_command(&r) || is_printed(line))
		return 10;
	if (!get_triple(&line, &t) || reader_left(&t.token[0]) < 3 || t.token[0].p[0] != '0' ||
	    (t.token[0].p[1] | 0x20) != 'x')
		return 0;
	if (verb_of(&t, &word) == TRIPLE_VERB)
		return 5;
	/* { 0x20, AC_VERB_SET_COEF_INDEX, 0x07 } */
	return verb_number(t.token[0], &nid) && nid <= 0xff &&
	       reader_lit(&t.token[1], "AC_VERB_") ? 5 : 0;
}

/* Stores the update that a comment gave for this verb. */
static void add_update(struct text_reader *t, struct verbs *s)
{
	s->has_update = false;
	if (!vec_room(s->updates, s->n_updates, s->cap_updates)) {
		text_reader_failed(t, err_nomem());
		return;
	}
	s->update.line = text_reader_line(t);
	s->updates[s->n_updates++] = s->update;
	s->head.updates = s->updates;
	s->head.n_updates = s->n_updates;
}

/* `0x20 0x500 0x7`, or the same as a row of a table of C. */
static enum line_kind list_line(struct text_reader *t, struct verbs *s, struct reader line)
{
	struct triple args;
	uint32_t word;

	if (s->skip || !get_triple(&line, &args))
		return LINE_OTHER;
	switch (verb_of(&args, &word)) {
	case TRIPLE_VERB:
		if (reader_left(&line) && !s->head.is_list)
			verb_mark(t, line);
		if (s->has_update)
			add_update(t, s);
		verb_give(t, "verbs", 5, word | (uint32_t)s->cad << 28);
		return LINE_TAKEN;
	case TRIPLE_BAD:
		return text_reader_damage(t, "a number too large for a NID, a verb or a parameter");
	default:
		return LINE_OTHER;
	}
}

/* `KEY = 0x20`, and the comma after it. */
static bool get_field(struct reader *r, const char *key, uint64_t *v)
{
	struct reader token;

	reader_skip_space(r);
	if (!reader_lit(r, key))
		return false;
	reader_skip_space(r);
	if (!reader_lit(r, "="))
		return false;
	reader_skip_space(r);
	token = verb_token(r);
	reader_lit(r, ",");
	return verb_number(token, v);
}

/*
 * What hda-verb prints: `nid = 0x20, verb = 0x500, param = 0x10`, and `value = 0x0`. The first
 * is a verb of its own if its command is not in the text.
 */
static enum line_kind printed(struct text_reader *t, struct reader line)
{
	uint64_t nid, verb, param, value;
	struct reader r = line;
	uint32_t word;
	uint16_t ctrl;
	bool held = text_reader_held(t, &word, &ctrl);

	if (get_field(&r, "nid", &nid) && get_field(&r, "verb", &verb) &&
	    get_field(&r, "param", &param)) {
		if (nid > 0xff || verb > 0xfff || param > 0xffff)
			return text_reader_damage(t, "a number too large for a NID, a verb or a "
						  "parameter");
		uint32_t said = (uint32_t)(nid << 20 | verb << 8 | param);

		if (!held || (word & 0xfffffff) != said)
			verb_give(t, "verbs", 5, said);
		text_reader_own_facts(t)->format = SOURCE_SCRIPT;
		return LINE_TAKEN;
	}
	r = line;
	if (!get_field(&r, "value", &value) || value > UINT32_MAX)
		return LINE_OTHER;
	if (!held)
		return LINE_OTHER;
	text_reader_give(t, &(struct event){
		.kind = EV_RIRB_PAIR, .origin = ORIGIN_TOOL, .ctrl = ctrl, .time = EVENT_TIME_NONE,
		.addr = EVENT_NO_SLOT, .value = value | (uint64_t)(word >> 28) << 32,
	});
	return LINE_TAKEN;
}

/* `+ hda-verb ...`, as sh -x prints it. */
static bool is_traced(struct reader line)
{
	if (!reader_lit(&line, "+"))
		return false;
	while (reader_lit(&line, "+"))
		;
	return line.p < line.end && verb_space(*line.p);
}

static enum line_kind script_line(struct text_reader *t, struct verbs *s, struct reader line)
{
	enum line_kind kind = printed(t, line);
	uint64_t verbs = text_reader_verbs(t), damaged = text_reader_own_facts(t)->damaged;

	if (kind != LINE_OTHER)
		return kind;
	if (is_traced(line))
		kind = shell_traced(s->sh, t, line) ? LINE_TAKEN : LINE_OTHER;
	else if (shell_line(s->sh, t, line) == SHELL_TAKEN)
		kind = LINE_TAKEN;
	if (text_reader_verbs(t) > verbs || text_reader_own_facts(t)->damaged > damaged)
		text_reader_own_facts(t)->format = SOURCE_SCRIPT;
	return kind;
}

/* `[verb]`: a section of a firmware patch, and not a shell's test. */
static bool is_section(struct reader line)
{
	if (!reader_lit(&line, "["))
		return false;
	while (line.p < line.end && (*line.p == '_' || ((*line.p | 0x20) >= 'a' &&
							 (*line.p | 0x20) <= 'z')))
		line.p++;
	return reader_lit(&line, "]") && !reader_left(&line);
}

/* A comment in an hdadump list. */
static enum line_kind own_comment(struct text_reader *t, struct verbs *s, struct reader line)
{
	uint64_t cad;

	reader_lit(&line, "#");
	reader_skip_space(&line);
	if (reader_lit(&line, "mark:")) {
		verb_mark(t, line);
	} else if (reader_lit(&line, "gap:")) {
		reader_skip_space(&line);
		/* a gap at its place; the number of missing verbs is unknown */
		text_reader_give(t, &(struct event){
			.kind = EV_GAP, .origin = ORIGIN_TOOL, .time = EVENT_TIME_NONE,
			.addr = GAP_EVENTS, .data = line.p,
			.len = (uint32_t)(reader_left(&line) < VERB_MARK_MAX ? reader_left(&line) :
									  VERB_MARK_MAX),
		});
	} else if (reader_lit(&line, "update:")) {
		s->has_update = list_update_read(line, &s->update);
		if (!s->has_update)
			return text_reader_damage(t, "not a mask and an old value");
	} else if (reader_lit(&line, "address:")) {
		reader_skip_space(&line);
		if (!reader_num(&line, &cad) || cad >= LIST_CODECS)
			return text_reader_damage(t, "not a codec's address");
		s->cad = (uint8_t)cad;
	}
	return LINE_TAKEN;
}

static enum line_kind verbs_line(struct text_reader *t, struct reader line)
{
	struct verbs *s = text_reader_state(t);
	enum line_kind kind = LINE_OTHER;

	if (reader_lit(&line, "#!")) {
		s->shell = true;
		return LINE_TAKEN;
	}
	if (shell_in_block(s->sh))
		return script_line(t, s, line);
	line = without_comments(t, s, line);
	reader_skip_space(&line);
	if (!reader_left(&line))
		return LINE_TAKEN;
	if (s->head.is_list && *line.p == '#')
		return own_comment(t, s, line);
	if (is_comment(&line)) {
		verb_mark(t, line);
		return LINE_TAKEN;
	}
	if (is_section(line)) {
		s->skip = !reader_lit(&line, "[verb]") && !reader_lit(&line, "[init_verbs]");
		return LINE_TAKEN;
	}
	/* a line that begins with a number or a brace is probably not a command */
	bool listed = *line.p == '{' || *line.p == '"' || (*line.p >= '0' && *line.p <= '9');

	if (listed)
		kind = list_line(t, s, line);
	if (kind == LINE_OTHER)
		kind = script_line(t, s, line);
	return kind == LINE_OTHER && !listed ? list_line(t, s, line) : kind;
}

static struct err *verbs_begin(struct text_reader *t, const struct source_options *o,
			       struct reader head)
{
	struct verbs *s = text_reader_state(t);

	list_head_read(head, &s->head);
	text_reader_own_facts(t)->list = s->head.is_list ? &s->head : NULL;
	s->cad = list_first(&s->head);
	if (memmem(head.p, reader_left(&head), "value = 0x", 10)) {
		text_reader_hold_verbs(t);
		text_reader_own_facts(t)->responses = true;
	}
	return shell_create(&s->sh);
}

static void verbs_end(struct text_reader *t)
{
	struct verbs *s = text_reader_state(t);
	uint64_t verbs = text_reader_verbs(t), damaged = text_reader_own_facts(t)->damaged;

	shell_end(s->sh, t);
	if (text_reader_verbs(t) > verbs || text_reader_own_facts(t)->damaged > damaged)
		text_reader_own_facts(t)->format = SOURCE_SCRIPT;
	if (s->comment)
		text_reader_gap(t, 0, GAP_EVENTS, 0, "the comment that begins in line %u does not end: what "
			    "follows is not read", s->comment);
}

static void verbs_destroy(struct text_reader *t)
{
	struct verbs *s = text_reader_state(t);

	shell_destroy(s->sh);
	free(s->updates);
	buf_deinit(&s->bare);
}

const struct text_format text_format_verbs = {
	.format = SOURCE_LIST,
	.sniff = verbs_sniff,
	.state_size = sizeof(struct verbs),
	.begin = verbs_begin,
	.line = verbs_line,
	.end = verbs_end,
	.destroy = verbs_destroy,
};
