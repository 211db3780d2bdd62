// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/shell/shell_parse.h"

#include <stdlib.h>

#include "base/bits.h"
#include "base/vec.h"
#include "input/verb_text.h"

static const struct {
	const char *name;
	enum shell_token word;
	bool alone;		/* what follows it is a statement of its own */
} reserved[] = {
	{ "if", W_IF, false }, { "then", W_THEN, true }, { "elif", W_ELIF, false },
	{ "else", W_ELSE, true }, { "fi", W_FI, false }, { "for", W_FOR, false },
	{ "while", W_LOOP, false }, { "until", W_LOOP, false }, { "select", W_LOOP, false },
	{ "do", W_DO, true }, { "done", W_DONE, false }, { "case", W_CASE, false },
	{ "esac", W_ESAC, false }, { ";;", W_NEXT, false }, { "{", W_OPEN, true },
	{ "}", W_CLOSE, true },
};

/* `name()` or `function name`: the name. */
bool shell_is_function(struct reader text, struct reader *name)
{
	bool word = shell_takes(&text, "function");

	*name = text;
	while (text.p < text.end && !verb_token_ends(*text.p) && *text.p != '=' && *text.p != '$')
		text.p++;
	name->end = text.p;
	if (!reader_left(name) || reader_left(name) >= SHELL_NAME_MAX)
		return false;
	reader_skip_space(&text);
	if (reader_lit(&text, "(")) {
		reader_skip_space(&text);
		if (!reader_lit(&text, ")"))
			return false;
		reader_skip_space(&text);
		word = true;
	}
	return word && !reader_left(&text);
}

enum shell_token shell_token_of(struct reader *text, bool *alone)
{
	struct reader name;

	*alone = false;
	if (reader_left(text) && *text->p == '#')
		return W_COMMENT;
	for (size_t i = 0; i < ARRAY_SIZE(reserved); i++) {
		if (shell_takes(text, reserved[i].name)) {
			*alone = reserved[i].alone;
			return reserved[i].word;
		}
	}
	return shell_is_function(*text, &name) ? W_FUNCTION : W_COMMAND;
}

static bool add_item(struct shell_items *l, const struct statement *st, enum shell_token word)
{
	if (!vec_room(l->v, l->n, l->cap))
		return false;
	l->v[l->n++] = (struct shell_item){ *st, word };
	/* a comment behind a command is about that command: it comes first */
	for (size_t i = l->n - 1; word == W_COMMENT && i > 0 && l->v[i - 1].word == W_COMMAND &&
	     l->v[i - 1].st.line == st->line; i--) {
		l->v[i] = l->v[i - 1];
		l->v[i - 1] = (struct shell_item){ *st, word };
	}
	return true;
}

/* False if memory ran out. */
bool shell_parse(struct reader text, uint32_t line, struct shell_items *out)
{
	struct statement st;

	*out = (struct shell_items){ 0 };
	while (shell_statement(&text, &line, &st)) {
		enum shell_token word;
		bool alone;

		do {
			word = shell_token_of(&st.text, &alone);
			if (!add_item(out, &st, word))
				return false;
		} while (alone && reader_left(&st.text));
	}
	return true;
}

int shell_opens(enum shell_token word)
{
	switch (word) {
	case W_IF:
	case W_FOR:
	case W_LOOP:
	case W_CASE:
	case W_OPEN:
		return 1;
	case W_FI:
	case W_DONE:
	case W_ESAC:
	case W_CLOSE:
		return -1;
	default:
		return 0;
	}
}

/* The item that ends what @from begins, or the last one. */
size_t shell_block_end(const struct shell_items *l, size_t from, size_t to)
{
	int depth = 0;

	for (size_t i = from; i < to; i++) {
		depth += shell_opens(l->v[i].word);
		if (depth <= 0)
			return i;
	}
	return to;
}
