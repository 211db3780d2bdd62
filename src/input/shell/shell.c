// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/shell/shell.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "input/shell/shell_parse.h"
#include "input/shell/shell_state.h"
#include "input/shell/shell_words.h"
#include "input/text_reader.h"
#include "input/verb_text.h"

static void run(struct script_shell *s, struct reader text, uint32_t line, const struct shell_args *args,
		unsigned int depth);

static bool begins_with(struct reader line, const char *word)
{
	return reader_lit(&line, word) && reader_left(&line) && verb_space(*line.p);
}

static struct shell_stored *shell_find_stored(struct shell_stored *v, size_t n, struct reader name)
{
	for (size_t i = n; i-- > 0;)
		if (shell_same(name, reader_make(v[i].name, strlen(v[i].name))))
			return &v[i];
	return NULL;
}

static void store(struct shell_stored *v, size_t *n, size_t max, struct reader name, struct reader text,
		  uint32_t line)
{
	struct shell_stored *at = shell_find_stored(v, *n, name);

	if (!at && (*n == max || reader_left(&name) >= SHELL_NAME_MAX))
		return;
	if (!at) {
		at = &v[(*n)++];
		memcpy(at->name, name.p, reader_left(&name));
		at->name[reader_left(&name)] = '\0';
	}
	buf_clear(&at->text);
	buf_add(&at->text, text.p, reader_left(&text));
	at->line = line;
	at->used = false;
}

static void call(struct script_shell *s, const struct statement *st, struct shell_stored *f,
		 struct reader rest, unsigned int depth)
{
	struct shell_args args = { 0 };
	struct buf body = { 0 };
	size_t n = s->n_out, verbs = s->verbs, gaps = s->gaps;
	struct reader whole = rest;

	while (args.n < SHELL_ARGS && shell_word(&rest, &args.arg[args.n]))
		args.n++;
	f->used = true;
	/* the body may define itself again */
	buf_add(&body, f->text.data, f->text.len);
	run(s, reader_make(body.data, body.len), f->line, &args, depth + 1);
	buf_deinit(&body);
	if (s->verbs > verbs || s->gaps == gaps)
		return;
	/* the body is more than is understood, but the call names the verb */
	size_t had_gaps = s->gaps;

	s->gaps = gaps;
	struct shell_out *kept = n < s->n_out ? &s->out[n] : NULL;
	size_t after = s->n_out;

	if (shell_send_by_wrapper(s, st, reader_make("verb", 4), whole) && s->verbs > verbs && kept) {
		s->out[n] = s->out[s->n_out - 1];
		s->n_out = n + 1;
	} else {
		s->n_out = after;
		s->gaps = had_gaps;
	}
}

static bool assign(struct script_shell *s, const struct statement *st, struct reader text)
{
	struct reader name;
	bool any = false;

	for (struct reader value; shell_assigns(&text, &name); any = true) {
		if (reader_left(&text) && *text.p == '(') {
			text.p++;
			text.end -= reader_left(&text) && text.end[-1] == ')';
			store(s->arrays, &s->n_arrays, SHELL_ARRAYS, name, text, st->line);
			return true;
		}
		if (!shell_word(&text, &value))
			value = text;
		shell_set(&s->vars, name, value);
		reader_skip_space(&text);
	}
	return any;
}

/* `hv="hda-verb /dev/snd/hwC0D0"`: nothing is run here. */
static bool is_constant(struct reader text)
{
	struct reader name, value;

	if (!shell_assigns(&text, &name) || (reader_left(&text) && *text.p == '(') ||
	    !shell_word(&text, &value))
		return false;
	return !reader_left(&text) && !memmem(value.p, reader_left(&value), "$(", 2) &&
	       !memchr(value.p, '`', reader_left(&value));
}

/* One simple command, with its variables in place. */
static bool command(struct script_shell *s, const struct statement *st, struct shell_args *args,
		    unsigned int depth)
{
	struct buf b = { 0 };
	struct statement at = *st;
	struct reader text, name, rest;
	struct shell_stored *f;
	bool taken = false;

	shell_expand(&s->vars, args, st->text, &b);
	if (!b.len)
		goto out;
	text = reader_make(b.data, b.len);
	at.text = text;
	if (begins_with(text, "echo") || begins_with(text, "printf")) {
		text.p += text.p[0] == 'e' ? 4 : 6;
		shell_put(s, OUT_MARK, st->line, text);
		taken = true;
		goto out;
	}
	for (struct reader r = text; !is_constant(text) && shell_find_command(&r);)
		taken |= shell_send(s, shell_has_variable(text) ? st : &at, &r);
	if (taken)
		goto out;
	static const char *const declare[] = { "local", "export", "readonly", "declare" };

	for (size_t i = 0; i < ARRAY_SIZE(declare); i++)
		taken |= shell_takes(&text, declare[i]);
	if (assign(s, st, text)) {
		taken = true;
		goto out;
	}
	rest = text;
	if (!shell_word(&rest, &name))
		goto out;
	if (shell_same(name, reader_make("shift", 5)) && args && args->shifted < args->n)
		args->shifted++;
	f = shell_find_stored(s->functions, s->n_functions, name);
	if (f && depth < SHELL_DEPTH_MAX) {
		call(s, &at, f, rest, depth);
		taken = true;
	} else if (!f) {
		taken |= shell_send_by_wrapper(s, &at, name, rest);
	}
out:
	buf_deinit(&b);
	return taken;
}

/* --- blocks ------------------------------------------------------------------------------ */

struct branch {
	size_t at;		/* its first event */
	uint32_t line;
	struct reader name;
	bool verbs;
};

struct branches {
	struct branch v[64];
	size_t n;
};

static void eval(struct script_shell *s, const struct shell_items *l, size_t from, size_t to,
		 struct shell_args *args, unsigned int depth);

static void run_branch(struct script_shell *s, const struct shell_items *l, size_t from, size_t to,
		       struct reader name, struct shell_args *args, unsigned int depth,
		       struct branches *b)
{
	size_t verbs = s->verbs;
	struct branch at = { .at = s->n_out, .name = name };

	if (from < to) {
		struct reader first = l->v[from].st.text, word;

		at.line = l->v[from].st.line;
		if (l->v[from].word == W_COMMAND && shell_word(&first, &word) &&
		    !reader_left(&first) && shell_find_stored(s->functions, s->n_functions, word))
			at.name = word;
	}
	s->rejoin = false;
	eval(s, l, from, to, args, depth + 1);
	at.verbs = s->verbs > verbs;
	if (b->n < ARRAY_SIZE(b->v))
		b->v[b->n++] = at;
}

/* Gives each branch its name if more than one has verbs: a shell runs only one of them. */
static void end_branches(struct script_shell *s, const struct branches *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		n += b->v[i].verbs;
	if (n < 2)
		return;
	for (size_t i = b->n; i-- > 0;)
		if (b->v[i].verbs)
			shell_insert_part(s, b->v[i].at, b->v[i].name, b->v[i].line);
	s->rejoin = true;
}

/* `if A; then ...; elif B; then ...; else ...; fi` */
static void eval_if(struct script_shell *s, const struct shell_items *l, size_t from, size_t to,
		    struct shell_args *args, unsigned int depth)
{
	struct branches b = { .n = 0 };
	struct reader name = l->v[from].st.text;
	size_t begin = from + 1;
	int inner = 0;

	for (size_t i = from + 1; i <= to; i++) {
		enum shell_token word = i < to ? l->v[i].word : W_FI;

		if (!inner && word == W_THEN) {
			begin = i + 1;
		} else if (!inner && (word == W_ELIF || word == W_ELSE || i == to)) {
			run_branch(s, l, begin, i, name, args, depth, &b);
			begin = i + 1;
			name = word == W_ELSE ? reader_make("else", 4) :
			       i < to ? l->v[i].st.text : name;
		} else {
			inner += shell_opens(word);
		}
	}
	end_branches(s, &b);
}

/* `case X in a|b) ...;; *) ...;; esac` */
static void eval_case(struct script_shell *s, struct shell_items *l, size_t from, size_t to,
		      struct shell_args *args, unsigned int depth)
{
	struct branches b = { .n = 0 };
	struct reader name = { 0 };
	size_t begin = from + 1;
	bool pattern = true;
	int inner = 0;
	/* `case $1 in hp) cmd` may stand in one line */
	struct reader *head = &l->v[from].st.text;
	const uint8_t *in = memmem(head->p, reader_left(head), " in ", 4);

	if (in) {
		head->p = in + 4;
		begin = from;
	}
	for (size_t i = begin; i <= to; i++) {
		if (i < to && pattern) {
			struct reader *text = &l->v[i].st.text;
			const uint8_t *ends = memchr(text->p, ')', reader_left(text));

			if (l->v[i].word == W_COMMENT)
				continue;
			/* the patterns of `a | b)` are statements of their own */
			if (!name.p)
				name.p = text->p;
			if (!ends)
				continue;
			name.end = ends;
			reader_lit(&name, "(");
			text->p = ends + 1;
			reader_skip_space(text);
			bool alone;

			l->v[i].word = shell_token_of(text, &alone);
			pattern = false;
			begin = i;
			if (i == from)
				continue;
		}
		if (i == to || (!inner && l->v[i].word == W_NEXT)) {
			if (!pattern)
				run_branch(s, l, begin, i, name, args, depth, &b);
			pattern = true;
			name.p = NULL;
		} else {
			inner += shell_opens(l->v[i].word);
		}
	}
	end_branches(s, &b);
}

/* A comment that comes next becomes a mark; one behind a word is given before what it says. */
static void put_comment(struct script_shell *s, struct reader *text, uint32_t line)
{
	struct reader comment;
	const uint8_t *end;

	while (text->p < text->end && (verb_space(*text->p) || *text->p == '\\'))
		text->p++;
	if (!reader_left(text) || *text->p != '#')
		return;
	comment = *text;
	end = memchr(text->p, '\n', reader_left(text));
	comment.end = text->p = end ? end : text->end;
	shell_put(s, OUT_MARK, line, comment);
}

/* `for v in A B "${array[@]}"; do ...; done` */
static void eval_for(struct script_shell *s, const struct shell_items *l, size_t from, size_t to,
		     struct shell_args *args, unsigned int depth)
{
	struct reader text = l->v[from].st.text, name, item;
	struct buf b = { 0 };
	struct shell_stored *array = NULL;
	size_t begin = from + 1, verbs = s->verbs;
	const uint8_t *at;

	while (begin < to && l->v[begin].word != W_DO)
		begin++;
	begin += begin < to;
	if (!shell_word(&text, &name) || !shell_takes(&text, "in")) {
		eval(s, l, begin, to, args, depth + 1);
		return;
	}
	at = memmem(text.p, reader_left(&text), "[@]}", 4);
	if (!at)
		at = memmem(text.p, reader_left(&text), "[*]}", 4);
	if (at) {
		const uint8_t *brace = memchr(text.p, '{', (size_t)(at - text.p));

		if (brace)
			array = shell_find_stored(s->arrays, s->n_arrays,
					    reader_make(brace + 1, (size_t)(at - brace - 1)));
	}
	shell_expand(&s->vars, args, array ? reader_make(array->text.data, array->text.len) : text,
		     &b);
	text = reader_make(b.data, b.len);
	if (shell_has_variable(text)) {
		eval(s, l, begin, to, args, depth + 1);
		goto out;
	}
	while (s->statements < SHELL_STATEMENTS_MAX) {
		put_comment(s, &text, l->v[from].st.line);
		if (!shell_word(&text, &item))
			break;
		put_comment(s, &text, l->v[from].st.line);
		shell_set(&s->vars, name, item);
		eval(s, l, begin, to, args, depth + 1);
	}
	shell_set(&s->vars, name, reader_make("", 0));
	if (array)
		array->used |= s->verbs > verbs;
out:
	buf_deinit(&b);
}

static size_t eval_function(struct script_shell *s, const struct shell_items *l, size_t i, size_t to)
{
	struct reader name, body;
	size_t begin = i + 1, end;

	while (begin < to && l->v[begin].word == W_COMMENT)
		begin++;
	if (begin == to || l->v[begin].word != W_OPEN || !shell_is_function(l->v[i].st.text, &name))
		return i;
	end = shell_block_end(l, begin, to);
	if (begin + 1 < end) {
		body = l->v[begin + 1].st.text;
		/* reserved words are not in the text of what follows them */
		body.p = l->v[begin].st.text.p;
		body.end = end < to ? l->v[end].st.text.p - 1 : l->v[end - 1].st.text.end;
		if (body.end > body.p)
			store(s->functions, &s->n_functions, SHELL_FUNCTIONS, name, body,
			      l->v[begin].st.line);
	}
	return end;
}

static void eval(struct script_shell *s, const struct shell_items *l, size_t from, size_t to,
		 struct shell_args *args, unsigned int depth)
{
	for (size_t i = from; i < to; i++) {
		const struct shell_item *it = &l->v[i];
		size_t end = shell_opens(it->word) > 0 ? shell_block_end(l, i, to) : i;

		if (++s->statements > SHELL_STATEMENTS_MAX || depth > SHELL_DEPTH_MAX)
			return;
		if (it->word == W_COMMENT)
			shell_put(s, OUT_MARK, it->st.line, it->st.text);
		else if (it->word == W_COMMAND)
			command(s, &it->st, args, depth);
		else if (it->word == W_FUNCTION)
			end = eval_function(s, l, i, to);
		else if (it->word == W_IF)
			eval_if(s, l, i, end, args, depth);
		else if (it->word == W_CASE)
			eval_case(s, (struct shell_items *)l, i, end, args, depth);
		else if (it->word == W_FOR)
			eval_for(s, l, i, end, args, depth);
		else if (end > i + 1)
			eval(s, l, i + 1, end, args, depth + 1);
		i = end;
	}
}

static void run(struct script_shell *s, struct reader text, uint32_t line, const struct shell_args *args,
		unsigned int depth)
{
	struct shell_args own = args ? *args : (struct shell_args){ 0 };
	struct shell_items l;

	if (shell_parse(text, line, &l))
		eval(s, &l, 0, l.n, args ? &own : NULL, depth);
	free(l.v);
}

/* --- lines -------------------------------------------------------------------------------- */

struct err *shell_create(struct script_shell **out)
{
	*out = calloc(1, sizeof(**out));
	return *out ? NULL : err_nomem();
}

void shell_destroy(struct script_shell *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < SHELL_FUNCTIONS; i++)
		buf_deinit(&s->functions[i].text);
	for (size_t i = 0; i < SHELL_ARRAYS; i++)
		buf_deinit(&s->arrays[i].text);
	buf_deinit(&s->block);
	buf_deinit(&s->texts);
	free(s->out);
	free(s);
}

bool shell_in_block(const struct script_shell *s)
{
	return s->depth || s->function || s->open;
}

/* Follows the blocks that a line begins and ends. */
static void follow(struct script_shell *s, struct reader line)
{
	struct shell_items l;

	if (s->open) {
		const uint8_t *comment = memchr(line.p, '#', reader_left(&line));

		if (comment && s->open == ')')
			line.end = comment;
		if (memchr(line.p, s->open, reader_left(&line)))
			s->open = 0;
		return;
	}
	if (shell_parse(line, 1, &l)) {
		for (size_t i = 0; i < l.n; i++) {
			int change = shell_opens(l.v[i].word);

			s->depth -= change < 0 && s->depth;
			s->depth += change > 0;
			if (l.v[i].word == W_FUNCTION)
				s->function = true;
			else if (l.v[i].word != W_COMMENT)
				s->function = false;
			struct reader text = l.v[i].st.text, name;

			if (l.v[i].st.open && l.v[i].word == W_COMMAND && shell_assigns(&text, &name))
				s->open = l.v[i].st.open;
		}
	}
	free(l.v);
}

static void stop_block(struct script_shell *s)
{
	s->depth = 0;
	s->function = false;
	s->open = 0;
}

enum shell_kind shell_line(struct script_shell *s, struct text_reader *t, struct reader line)
{
	bool was = shell_in_block(s);
	size_t n_vars = s->vars.n;

	if (!was)
		s->block_line = text_reader_line(t);
	follow(s, line);
	if (!was && !shell_in_block(s)) {
		struct shell_items l;
		bool taken = false;

		if (shell_parse(line, text_reader_line(t), &l)) {
			taken = l.n && (l.n > 1 || l.v[0].word != W_COMMAND);
			if (taken)
				eval(s, &l, 0, l.n, NULL, 0);
			else if (l.n)
				taken = command(s, &l.v[0].st, NULL, 0);
		}
		free(l.v);
		shell_give_out(s, t);
		return taken || s->vars.n > n_vars ? SHELL_TAKEN : SHELL_OTHER;
	}
	buf_add(&s->block, line.p, reader_left(&line));
	buf_addc(&s->block, '\n');
	if (!shell_in_block(s) || s->block.len > SHELL_BLOCK_MAX) {
		stop_block(s);
		run(s, reader_make(s->block.data, s->block.len), s->block_line, NULL, 0);
		buf_clear(&s->block);
		shell_give_out(s, t);
	}
	return SHELL_TAKEN;
}

bool shell_traced(struct script_shell *s, struct text_reader *t, struct reader line)
{
	const struct statement st = { .text = line, .line = text_reader_line(t) };
	bool any = false;

	while (shell_find_command(&line))
		any |= shell_send(s, &st, &line);
	shell_give_out(s, t);
	return any;
}

/* Functions that nothing has called; whether the script has other verbs is @others. */
static void end_functions(struct script_shell *s, bool others)
{
	unsigned int n = 0;

	for (size_t i = 0; i < s->n_functions; i++) {
		struct shell_stored *f = &s->functions[i];
		size_t at = s->n_out, verbs = s->verbs;
		struct buf body = { 0 };

		if (f->used)
			continue;
		buf_add(&body, f->text.data, f->text.len);
		run(s, reader_make(body.data, body.len), f->line, NULL, 1);
		buf_deinit(&body);
		/* if only its arguments say what it sends, there is a gap now */
		if (s->verbs == verbs)
			continue;
		n++;
		shell_insert_part(s, at, reader_make(f->name, strlen(f->name)), f->line);
	}
	if (n == 1 && !others)
		s->alternatives = 0;
}

void shell_end(struct script_shell *s, struct text_reader *t)
{
	bool others;

	if (shell_in_block(s)) {
		stop_block(s);
		run(s, reader_make(s->block.data, s->block.len), s->block_line, NULL, 0);
		shell_give_out(s, t);
	}
	for (size_t i = 0; i < s->n_arrays; i++)
		if (!s->arrays[i].used)
			shell_put_array(s, &s->arrays[i]);
	shell_give_out(s, t);
	others = text_reader_verbs(t) > 0;
	end_functions(s, others);
	shell_give_out(s, t);
	if (text_reader_own_facts(t)->alternatives)
		text_reader_note(t, 0, "some parts are alternatives, of which a shell runs only one: each "
				 "begins with its name");
}
