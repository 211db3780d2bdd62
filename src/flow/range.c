// SPDX-License-Identifier: GPL-2.0-or-later
#include "flow/range.h"

#include <string.h>

#include "base/err.h"
#include "base/reader.h"
#include "base/text.h"
#include "event/event.h"
#include "hda/xact.h"

/* The most marks that an error lists. */
#define MARKS_NAMED 20

/* Seconds, or minutes and seconds; false: something else. */
static bool parse_time(const char *text, int64_t *ns)
{
	struct reader r = reader_make(text, strlen(text));
	uint64_t whole, part;

	if (!reader_dec(&r, &whole))
		return false;
	if (reader_lit(&r, ":")) {
		if (!reader_dec(&r, &part) || part > 59 || whole > 1000000)
			return false;
		whole = whole * 60 + part;
	}
	if (whole > INT64_MAX / 1000000000 - 1)
		return false;
	*ns = (int64_t)whole * 1000000000;
	if (reader_lit(&r, ".")) {
		int64_t unit = 100000000;

		while (reader_left(&r) && *r.p >= '0' && *r.p <= '9' && unit) {
			*ns += (*r.p++ - '0') * unit;
			unit /= 10;
		}
	}
	return !reader_left(&r);	/* "2 speakers" is a mark that begins with a number */
}

struct err *range_end_parse(struct range_end *end, const char *text)
{
	struct reader r = reader_make(text, strlen(text));

	*end = (struct range_end){ .kind = RANGE_MARK, .mark = text };
	if (!*text)
		return err_new(ERR_USAGE, "a time, a mark's text or #N is missing");
	if (parse_time(text, &end->ns))
		end->kind = RANGE_TIME;
	else if (reader_lit(&r, "#") && reader_dec(&r, &end->index) && !reader_left(&r))
		end->kind = RANGE_VERB;
	return NULL;
}

void range_walk_init(struct range_walk *w, const struct range *r)
{
	*w = (struct range_walk){ .range = *r };
}

void range_walk_deinit(struct range_walk *w)
{
	buf_deinit(&w->marks);
}

static void keep_mark(struct range_walk *w, const struct xact *x)
{
	if (w->n_marks++ >= MARKS_NAMED)
		return;
	buf_adds(&w->marks, w->n_marks > 1 ? ", '" : "'");
	text_add_safe(&w->marks, x->text, x->text_len);
	buf_addc(&w->marks, '\'');
}

/* True from the first xact at or after the end. */
static bool reached(const struct range_end *end, const struct xact *x, int64_t at)
{
	switch (end->kind) {
	case RANGE_MARK:
		return x->kind == XACT_MARK && strlen(end->mark) == x->text_len &&
		       memcmp(end->mark, x->text, x->text_len) == 0;
	case RANGE_TIME:
		return at != EVENT_TIME_NONE && at >= end->ns;
	case RANGE_VERB:
		return x->kind <= XACT_SPURIOUS && x->index >= end->index;
	default:
		return false;
	}
}

enum range_place range_walk(struct range_walk *w, const struct xact *x, int64_t origin)
{
	int64_t t = x->t_verb != EVENT_TIME_NONE ? x->t_verb : x->t_resp, at = EVENT_TIME_NONE;

	if (!range_is_set(&w->range))
		return RANGE_WITHIN;
	/* hostile times may be far apart: subtract without overflow */
	if (t != EVENT_TIME_NONE && origin != EVENT_TIME_NONE)
		w->last = at = (int64_t)((uint64_t)t - (uint64_t)origin);
	if (x->kind == XACT_MARK)
		keep_mark(w, x);
	if (w->ended)
		return RANGE_AFTER;
	w->begun |= !w->range.from.kind || reached(&w->range.from, x, at);
	if (!w->begun)
		return RANGE_BEFORE;
	if (reached(&w->range.to, x, at)) {
		w->ended = true;
		/* a mark or a verb that ends the part belongs to it */
		return w->range.to.kind == RANGE_TIME || (w->range.to.kind == RANGE_VERB &&
			x->index > w->range.to.index) ? RANGE_AFTER : RANGE_WITHIN;
	}
	return RANGE_WITHIN;
}

static struct err *no_end(const struct range_walk *w, const struct range_end *end, const char *input)
{
	uint64_t ms = w->last < 0 ? 0 : (uint64_t)w->last / 1000000;
	struct buf marks = { 0 };
	struct err *e;

	switch (end->kind) {
	case RANGE_TIME:
		return err_new(ERR_FAIL, "%s: it ends before that time, after %llu.%03llu s", input,
			       (unsigned long long)ms / 1000, (unsigned long long)ms % 1000);
	case RANGE_VERB:
		return err_new(ERR_FAIL, "%s: it has no verb %llu", input,
			       (unsigned long long)end->index);
	default:
		buf_add(&marks, w->marks.data, w->marks.len);
		if (w->n_marks > MARKS_NAMED)
			buf_addf(&marks, " and %u more", w->n_marks - MARKS_NAMED);
		e = w->n_marks ? err_new(ERR_FAIL, "%s: there is no mark '%s'%s; the marks are %s",
					 input, end->mark, end == &w->range.to && w->range.from.kind ?
					 " after the beginning" : "", buf_str(&marks)) :
				 err_new(ERR_FAIL, "%s: there is no mark '%s', and no other mark", input,
					 end->mark);
		buf_deinit(&marks);
		return e;
	}
}

struct err *range_walk_result(const struct range_walk *w, const char *input)
{
	if (w->range.from.kind && !w->begun)
		return no_end(w, &w->range.from, input);
	/* a part may end later than the capture */
	if (w->range.to.kind == RANGE_MARK && !w->ended)
		return no_end(w, &w->range.to, input);
	return NULL;
}
