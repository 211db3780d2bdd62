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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"
#include "codec/decode.h"
#include "input/list_head.h"
#include "input/text_reader.h"

/* The most bytes of a comment that are stored. */
#define MARK_MAX 512
/* Shell variables for a device: most scripts have one. */
#define VARIABLES 8
#define NAME_MAX_BYTES 32
#define NAME_ROOM 64		/* longer than every name of a verb or parameter */

struct variable {
	char name[NAME_MAX_BYTES];
	uint8_t name_len;
	uint16_t card;
	uint8_t codec;
};

struct verbs {
	struct variable variables[VARIABLES];
	unsigned int n_variables;
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

/* --- tokens -------------------------------------------------------------- */

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* Characters that end a word of a shell or of C. */
static const bool enders[256] = {
	[' '] = true, ['\t'] = true, [','] = true, [';'] = true, ['&'] = true, ['|'] = true,
	['<'] = true, ['>'] = true, ['('] = true, [')'] = true, ['{'] = true, ['}'] = true,
	['"'] = true, ['\''] = true, ['`'] = true,
};

static bool ends_token(uint8_t c)
{
	return enders[c];
}

static struct reader get_token(struct reader *r)
{
	struct reader token = *r;

	while (r->p < r->end && !ends_token(*r->p))
		r->p++;
	token.end = r->p;
	return token;
}

/* As strtoul() with base 0. */
static bool get_number(struct reader t, uint64_t *v)
{
	bool octal = reader_left(&t) > 1 && t.p[0] == '0' && t.p[1] >= '0' && t.p[1] <= '7';

	if (!octal)
		return reader_num(&t, v) && !reader_left(&t);
	for (*v = 0; t.p < t.end && *t.p >= '0' && *t.p <= '7' && *v < 1u << 28; t.p++)
		*v = *v << 3 | (uint64_t)(*t.p - '0');
	return !reader_left(&t);
}

/* A number, or a name that @find knows, in the spelling of scripts. */
static bool get_named(struct reader t, struct err *(*find)(const char *name, unsigned int *id),
		      uint64_t *v)
{
	char name[NAME_ROOM];
	unsigned int id = 0;
	struct err *e;

	if (get_number(t, v))
		return true;
	if (!reader_left(&t) || reader_left(&t) >= sizeof(name))
		return false;
	memcpy(name, t.p, reader_left(&t));
	name[reader_left(&t)] = '\0';
	e = find(name, &id);
	*v = id;
	if (!e)
		return true;
	err_free(e);
	return false;
}

/* --- verbs --------------------------------------------------------------- */

struct triple {
	struct reader token[3];
};

enum triple_kind { TRIPLE_NONE, TRIPLE_VERB, TRIPLE_BAD };

/* Reads three tokens as NID, verb and parameter. */
static enum triple_kind get_word(const struct verbs *s, const struct triple *t, uint32_t *word)
{
	uint64_t nid, verb, param;

	if (!get_number(t->token[0], &nid) || !get_named(t->token[1], verb_by_name, &verb) ||
	    !get_named(t->token[2], param_by_name, &param))
		return TRIPLE_NONE;
	if (nid > 0xff || verb > 0xfff || param > 0xffff)
		return TRIPLE_BAD;
	*word = (uint32_t)(nid << 20 | verb << 8 | param);
	return TRIPLE_VERB;
}

/*
 * The place where a comment of C begins that ends in this line or a later one; NULL = none. A
 * shell's path (ls /sys/x) or another kind of comment has none.
 */
static const uint8_t *find_comment(struct reader line)
{
	for (const uint8_t *p = line.p; p + 1 < line.end; p++) {
		bool begins = p == line.p || is_space(p[-1]) || memchr(",;{}()", p[-1], 6);

		if (begins && (*p == '#' || (p[0] == '/' && p[1] == '/')))
			return NULL;
		if (begins && p[0] == '/' && p[1] == '*')
			return p;
	}
	return NULL;
}

static void give_word(struct text_reader *t, const char *name, size_t len, uint32_t word)
{
	uint16_t ctrl;

	if (!text_reader_ctrl(t, name, len, CTRL_UNKNOWN, &ctrl))
		return;
	text_reader_give(t, &(struct event){
		.kind = EV_CORB_WORD, .origin = ORIGIN_TOOL, .ctrl = ctrl,
		.time = EVENT_TIME_NONE, .addr = EVENT_NO_SLOT, .value = word,
		.width = ANSWER_UNRECORDED,
	});
}

static void give_mark(struct text_reader *t, struct reader text)
{
	while (text.p < text.end && (is_space(*text.p) || memchr("#/*;\"'", *text.p, 6)))
		text.p++;
	while (text.p < text.end && (is_space(text.end[-1]) || memchr("*/\"'", text.end[-1], 4)))
		text.end--;
	size_t len = reader_left(&text);

	if (len)
		text_reader_give(t, &(struct event){
			.kind = EV_MARK, .origin = ORIGIN_TOOL, .time = EVENT_TIME_NONE,
			.data = text.p, .len = (uint32_t)(len < MARK_MAX ? len : MARK_MAX),
		});
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
			give_mark(t, part);
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
		t->token[i] = get_token(r);
		if (!reader_left(&t->token[i]))
			return false;
	}
	while (r->p < r->end && around[*r->p])
		r->p++;
	return !reader_left(r) || is_comment(r);
}

/* `hwC0D2` at the end of a device's path. */
static bool get_device(struct reader path, uint64_t *card, uint64_t *codec)
{
	const uint8_t *hw = memmem(path.p, reader_left(&path), "hwC", 3);

	if (!hw)
		return false;
	path.p = hw + 3;
	return reader_dec(&path, card) && reader_lit(&path, "D") && reader_dec(&path, codec) &&
	       !reader_left(&path) && *card < 1000 && *codec < 16;
}

/* `DEV=/dev/snd/hwC0D0`: a variable whose value is a constant. */
static void learn_variable(struct verbs *s, struct reader line)
{
	const uint8_t *equals;
	struct variable *v = NULL;
	uint64_t card, codec;

	if (reader_lit(&line, "export ") || reader_lit(&line, "readonly "))
		reader_skip_space(&line);
	equals = memchr(line.p, '=', reader_left(&line));
	if (!equals || equals == line.p || equals - line.p > NAME_MAX_BYTES)
		return;
	struct reader name = { line.p, equals, false }, value = { equals + 1, line.end, false };

	while (value.p < value.end && (*value.p == '"' || *value.p == '\''))
		value.p++;
	value = get_token(&value);
	if (!get_device(value, &card, &codec))
		return;
	for (unsigned int i = 0; i < s->n_variables; i++)
		if (s->variables[i].name_len == reader_left(&name) &&
		    !memcmp(s->variables[i].name, name.p, reader_left(&name)))
			v = &s->variables[i];
	if (!v && s->n_variables < VARIABLES)
		v = &s->variables[s->n_variables++];
	if (!v)
		return;
	v->name_len = (uint8_t)reader_left(&name);
	memcpy(v->name, name.p, v->name_len);
	v->card = (uint16_t)card;
	v->codec = (uint8_t)codec;
}

/* `$DEV`, or the `DEV` of `${DEV}` */
static bool find_variable(const struct verbs *s, struct reader t, uint64_t *card, uint64_t *codec)
{
	reader_lit(&t, "$");
	for (unsigned int i = 0; i < s->n_variables; i++) {
		const struct variable *v = &s->variables[i];

		if (v->name_len == reader_left(&t) && !memcmp(v->name, t.p, v->name_len)) {
			*card = v->card;
			*codec = v->codec;
			return true;
		}
	}
	return false;
}

/* `"$DEV"`, `${DEV}` or `/dev/snd/hwC0D0` */
static struct reader get_device_token(struct reader *r)
{
	struct reader t;

	reader_skip_space(r);
	while (r->p < r->end && (*r->p == '"' || *r->p == '\''))
		r->p++;
	t = get_token(r);
	if (reader_left(&t) == 1 && *t.p == '$' && r->p < r->end && *r->p == '{') {
		r->p++;
		t = get_token(r);
		if (r->p < r->end && *r->p == '}')
			r->p++;
	}
	while (r->p < r->end && (*r->p == '"' || *r->p == '\''))
		r->p++;
	return t;
}

static bool has_variable(struct reader t)
{
	return memchr(t.p, '$', reader_left(&t)) || memchr(t.p, '`', reader_left(&t));
}

/* Reads the arguments of `hda-verb`; moves *r past the parameter. */
static enum line_kind command(struct text_reader *t, const struct verbs *s, struct reader *r)
{
	uint64_t card = 0, codec = 0;
	struct triple args;
	struct reader device;
	char name[32] = "verbs";
	uint32_t word;

	do {
		device = get_device_token(r);
	} while (reader_left(&device) && *device.p == '-');
	/* hda-verb may be an argument: [ -x /usr/bin/hda-verb ] */
	if (!memchr(device.p, '/', reader_left(&device)) && !has_variable(device) &&
	    !find_variable(s, device, &card, &codec))
		return LINE_OTHER;
	for (int i = 0; i < 3; i++) {
		reader_skip_space(r);
		args.token[i] = get_token(r);
		if (has_variable(args.token[i]))
			return text_reader_damage(t, "a verb that contains a shell variable");
	}
	if (get_device(device, &card, &codec) || find_variable(s, device, &card, &codec))
		snprintf(name, sizeof(name), "hwC%u", (unsigned int)card);
	if (get_word(s, &args, &word) != TRIPLE_VERB)
		return text_reader_damage(t, "not a NID, a verb and a parameter");
	give_word(t, name, strlen(name), word | (uint32_t)codec << 28);
	return LINE_TAKEN;
}

/* The next `hda-verb` that is a command and not a part of another word. */
static bool find_command(struct reader *r)
{
	static const char name[] = "hda-verb";
	const size_t n = sizeof(name) - 1;
	const uint8_t *first = r->p, *at;

	while ((at = memmem(r->p, reader_left(r), name, n))) {
		r->p = at + n;
		bool begins = at == first || ends_token(at[-1]) || at[-1] == '/' || at[-1] == '=';

		if (begins && r->p < r->end && is_space(*r->p))
			return true;
	}
	return false;
}

static bool begins_with(struct reader line, const char *word)
{
	return reader_lit(&line, word) && reader_left(&line) && is_space(*line.p);
}

static unsigned int verbs_sniff(struct reader line)
{
	static const struct verbs none = { 0 };
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
	if (find_command(&r))
		return 10;
	if (!get_triple(&line, &t) || reader_left(&t.token[0]) < 3 || t.token[0].p[0] != '0' ||
	    (t.token[0].p[1] | 0x20) != 'x')
		return 0;
	if (get_word(&none, &t, &word) == TRIPLE_VERB)
		return 5;
	/* { 0x20, AC_VERB_SET_COEF_INDEX, 0x07 } */
	return get_number(t.token[0], &nid) && nid <= 0xff &&
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
	switch (get_word(s, &args, &word)) {
	case TRIPLE_VERB:
		if (reader_left(&line) && !s->head.is_list)
			give_mark(t, line);
		if (s->has_update)
			add_update(t, s);
		give_word(t, "verbs", 5, word | (uint32_t)s->cad << 28);
		return LINE_TAKEN;
	case TRIPLE_BAD:
		return text_reader_damage(t, "a number too large for a NID, a verb or a parameter");
	default:
		return LINE_OTHER;
	}
}

static enum line_kind script_line(struct text_reader *t, struct verbs *s, struct reader line)
{
	enum line_kind kind = LINE_OTHER;

	for (struct reader r = line; kind != LINE_DAMAGED && find_command(&r);) {
		text_reader_own_facts(t)->format = SOURCE_SCRIPT;
		kind = command(t, s, &r);
	}
	if (kind != LINE_OTHER)
		return kind;
	learn_variable(s, line);
	if (!begins_with(line, "echo") && !begins_with(line, "printf"))
		return LINE_OTHER;
	line.p += line.p[0] == 'e' ? 4 : 6;
	give_mark(t, line);
	return LINE_TAKEN;
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
		give_mark(t, line);
	} else if (reader_lit(&line, "gap:")) {
		reader_skip_space(&line);
		/* a gap at its place; the number of missing verbs is unknown */
		text_reader_give(t, &(struct event){
			.kind = EV_GAP, .origin = ORIGIN_TOOL, .time = EVENT_TIME_NONE,
			.addr = GAP_EVENTS, .data = line.p,
			.len = (uint32_t)(reader_left(&line) < MARK_MAX ? reader_left(&line) :
									  MARK_MAX),
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
	line = without_comments(t, s, line);
	reader_skip_space(&line);
	if (!reader_left(&line))
		return LINE_TAKEN;
	if (s->head.is_list && *line.p == '#')
		return own_comment(t, s, line);
	if (is_comment(&line)) {
		give_mark(t, line);
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
	return NULL;
}

static void verbs_end(struct text_reader *t)
{
	const struct verbs *s = text_reader_state(t);

	if (s->comment)
		text_reader_gap(t, 0, GAP_EVENTS, 0, "the comment that begins in line %u does not end: what "
			    "follows is not read", s->comment);
}

static void verbs_destroy(struct text_reader *t)
{
	struct verbs *s = text_reader_state(t);

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
