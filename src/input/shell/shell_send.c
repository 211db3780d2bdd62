// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands that send a verb, and the events that come of a script. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/text.h"
#include "base/vec.h"
#include "input/shell/shell.h"
#include "input/shell/shell_state.h"
#include "input/text_reader.h"
#include "input/verb_text.h"

#define EXCERPT 120

void shell_put(struct script_shell *s, enum shell_out_kind kind, uint32_t line, struct reader text)
{
	/* of a name that is pieced together, the end may stand before the beginning */
	if (text.end < text.p)
		text.end = text.p;
	if (s->texts.failed || s->n_out >= SHELL_OUT_MAX || !vec_room(s->out, s->n_out, s->cap_out))
		return;
	s->out[s->n_out++] = (struct shell_out){
		.kind = kind, .line = line, .card = -1, .text = s->texts.len,
		.len = reader_left(&text),
	};
	buf_add(&s->texts, text.p, reader_left(&text));
	s->verbs += kind == OUT_VERB;
	s->gaps += kind == OUT_GAP;
}

void shell_insert_part(struct script_shell *s, size_t at, struct reader name, uint32_t line)
{
	struct shell_out part;

	if (s->n_out >= SHELL_OUT_MAX || s->alternatives >= SHELL_ALTERNATIVES_MAX)
		return;
	shell_put(s, OUT_PART, line, name);
	part = s->out[s->n_out - 1];
	memmove(s->out + at + 1, s->out + at, (s->n_out - 1 - at) * sizeof(*s->out));
	s->out[at] = part;
	s->alternatives++;
}

void shell_put_gap(struct script_shell *s, const struct statement *st, const char *why)
{
	struct buf b = { 0 };
	size_t len = reader_left(&st->text);

	buf_addf(&b, "%s: \"", why);
	text_add_safe(&b, (const char *)st->text.p, len < EXCERPT ? len : EXCERPT);
	buf_adds(&b, len > EXCERPT ? "...\"" : "\"");
	shell_put(s, OUT_GAP, st->line, reader_make(b.data, b.len));
	buf_deinit(&b);
}

void shell_put_verb(struct script_shell *s, uint32_t line, int card, uint32_t word)
{
	if (s->rejoin) {
		s->rejoin = false;
		shell_put(s, OUT_PART, line, reader_make("after the alternatives", 22));
	}
	shell_put(s, OUT_VERB, line, reader_make("", 0));
	if (s->n_out) {
		s->out[s->n_out - 1].card = card;
		s->out[s->n_out - 1].word = word;
	}
}

static void give_verb(struct text_reader *t, const struct shell_out *o)
{
	char name[16] = "verbs";
	uint16_t ctrl;

	if (o->card >= 0)
		snprintf(name, sizeof(name), "hwC%d", o->card);
	if (text_reader_ctrl(t, name, strlen(name), CTRL_UNKNOWN, &ctrl))
		text_reader_give(t, &(struct event){
			.kind = EV_CORB_WORD, .origin = ORIGIN_TOOL, .ctrl = ctrl,
			.time = EVENT_TIME_NONE, .addr = EVENT_NO_SLOT, .value = o->word,
			.width = ANSWER_UNRECORDED, .line = o->line,
		});
}

static void give_text(struct script_shell *s, struct text_reader *t, const struct shell_out *o)
{
	struct buf b = { 0 };

	if (o->kind == OUT_MARK) {
		verb_mark_at(t, reader_make(s->texts.data + o->text, o->len), o->line);
		return;
	}
	if (o->kind == OUT_GAP) {
		buf_addf(&b, "%s:%" PRIu32 ": ", text_reader_name(t), o->line);
		text_reader_own_facts(t)->damaged++;
	}
	buf_add(&b, s->texts.data + o->text, o->len < VERB_MARK_MAX ? o->len : VERB_MARK_MAX);
	text_reader_give(t, &(struct event){
		.kind = o->kind == OUT_GAP ? EV_GAP : EV_PART,
		.origin = ORIGIN_TOOL, .time = EVENT_TIME_NONE, .line = o->line,
		.value = o->kind == OUT_GAP, .addr = GAP_EVENTS, .data = b.data, .len = (uint32_t)b.len,
	});
	text_reader_failed(t, buf_err(&b));
	buf_deinit(&b);
}

void shell_give_out(struct script_shell *s, struct text_reader *t)
{
	text_reader_failed(t, buf_err(&s->texts));
	for (size_t i = 0; i < s->n_out; i++) {
		if (s->out[i].kind == OUT_VERB)
			give_verb(t, &s->out[i]);
		else if (s->texts.data)
			give_text(s, t, &s->out[i]);
	}
	text_reader_own_facts(t)->alternatives += s->alternatives;
	s->alternatives = 0;
	s->n_out = s->verbs = s->gaps = 0;
	buf_clear(&s->texts);
}

bool shell_find_command(struct reader *r)
{
	static const char *const names[] = { "hda-verb", "alc-verb" };
	const uint8_t *first = r->p, *at = NULL;

	for (;;) {
		at = NULL;
		for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
			const uint8_t *found = memmem(r->p, reader_left(r), names[i], 8);

			if (found && (!at || found < at))
				at = found;
		}
		if (!at)
			return false;
		r->p = at + 8;
		bool begins = at == first || verb_token_ends(at[-1]) || at[-1] == '/' ||
			      at[-1] == '=';

		if (begins && r->p < r->end && verb_space(*r->p))
			return true;
	}
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

bool shell_has_variable(struct reader t)
{
	return reader_left(&t) && (memchr(t.p, '$', reader_left(&t)) ||
				   memchr(t.p, '`', reader_left(&t)));
}

static struct reader argument(struct reader *r)
{
	struct reader t;

	while (r->p < r->end && (verb_space(*r->p) || *r->p == '"' || *r->p == '\''))
		r->p++;
	t = verb_token(r);
	/* ${DEV}: a brace is no end */
	if (reader_left(&t) == 1 && *t.p == '$' && r->p < r->end && (*r->p == '{' || *r->p == '(')) {
		while (r->p < r->end && *r->p != '}' && *r->p != ')')
			r->p++;
		r->p += r->p < r->end;
		t.end = r->p;
	}
	return t;
}

bool shell_send(struct script_shell *s, const struct statement *st, struct reader *r)
{
	uint64_t card = UINT64_MAX, codec = 0;
	struct triple args;
	struct reader device;
	uint32_t word;

	do {
		device = argument(r);
	} while (reader_left(&device) && *device.p == '-');
	if (!reader_left(&device))
		return false;
	for (int i = 0; i < 3; i++) {
		bool none = !i && !memchr(device.p, '/', reader_left(&device)) &&
			    !shell_has_variable(device) && *device.p >= '0' && *device.p <= '9';

		args.token[i] = none ? device : argument(r);
		if (shell_has_variable(args.token[i])) {
			shell_put_gap(s, st, "a verb that contains a shell variable");
			return true;
		}
	}
	if (get_device(device, &card, &codec) || memchr(device.p, '/', reader_left(&device)) ||
	    shell_has_variable(device) || verb_of(&args, &word) == TRIPLE_VERB) {
		if (verb_of(&args, &word) == TRIPLE_VERB)
			shell_put_verb(s, st->line, card < 1000 ? (int)card : -1,
				 word | (uint32_t)codec << 28);
		else
			shell_put_gap(s, st, "not a NID, a verb and a parameter");
		return true;
	}
	return false;
}

bool shell_send_by_wrapper(struct script_shell *s, const struct statement *st, struct reader name,
			    struct reader rest)
{
	struct reader whole = rest;
	uint32_t word;
	struct triple t;

	if (!memmem(name.p, reader_left(&name), "verb", 4) &&
	    !memmem(name.p, reader_left(&name), "VERB", 4))
		return false;
	for (int from = 0; from < 2; from++) {
		rest = whole;
		if (from)
			argument(&rest);
		for (int i = 0; i < 3; i++)
			t.token[i] = argument(&rest);
		reader_skip_space(&rest);
		if (verb_of(&t, &word) == TRIPLE_VERB)
			return shell_send(s, st, &whole);
	}
	return false;
}

void shell_put_array(struct script_shell *s, const struct shell_stored *a)
{
	struct reader text = reader_make(a->text.data, a->text.len);
	uint32_t line = a->line;
	struct triple t;
	unsigned int n = 0;
	uint32_t word;

	while (reader_left(&text)) {
		if (*text.p == '#') {
			const uint8_t *end = memchr(text.p, '\n', reader_left(&text));
			struct reader comment = text;

			comment.end = text.p = end ? end : text.end;
			shell_put(s, OUT_MARK, line, comment);
		} else if (verb_token_ends(*text.p) || *text.p == '\n' || *text.p == '\\' ||
			   *text.p == ':') {
			line += *text.p++ == '\n';
		} else {
			struct reader token = text;

			while (text.p < text.end && !verb_token_ends(*text.p) && *text.p != '\n' &&
			       *text.p != ':')
				text.p++;
			token.end = text.p;
			t.token[n++] = token;
		}
		if (n < 3)
			continue;
		n = 0;
		if (verb_of(&t, &word) != TRIPLE_VERB)
			return;
		shell_put_verb(s, line, -1, word);
	}
}
