// SPDX-License-Identifier: GPL-2.0-or-later
/* A part of a capture: its ends of every kind, and the error if one does not exist. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "event/event.h"
#include "flow/range.h"
#include "hda/xact.h"

#define SECOND 1000000000ll

/* Verbs 1 to 5 at 10 to 14 seconds, "in" before the third and "out" before the fifth. */
static const struct {
	const char *mark;
	uint64_t index;
} capture[] = { { NULL, 1 }, { NULL, 2 }, { "in", 2 }, { NULL, 3 }, { NULL, 4 }, { "out", 4 }, { NULL, 5 } };

/* The part's contents: verbs by their number, marks by their first letter. */
static struct err *walk(const char *from, const char *to, int64_t origin, char *got)
{
	struct range r = { 0 };
	struct range_walk w;
	struct err *e;

	if (from)
		assert_null(range_end_parse(&r.from, from));
	if (to)
		assert_null(range_end_parse(&r.to, to));
	range_walk_init(&w, &r);
	for (size_t i = 0; i < sizeof(capture) / sizeof(capture[0]); i++) {
		const char *mark = capture[i].mark;
		struct xact x = {
			.kind = mark ? XACT_MARK : XACT_CORB, .index = capture[i].index,
			.text = mark, .text_len = mark ? (uint32_t)strlen(mark) : 0,
			.t_verb = (int64_t)(9 + capture[i].index) * SECOND, .t_resp = EVENT_TIME_NONE,
		};

		if (range_walk(&w, &x, origin) == RANGE_WITHIN)
			*got++ = mark ? *mark : (char)('0' + x.index);
	}
	*got = '\0';
	e = range_walk_result(&w, "file");
	range_walk_deinit(&w);
	return e;
}

static void ends_of_every_kind(void **state)
{
	static const struct {
		const char *from, *to, *got;
	} cases[] = {
		{ NULL, NULL, "12i34o5" },
		{ "in", "out", "i34o" },
		{ "in", NULL, "i34o5" },
		{ NULL, "in", "12i" },
		{ "1", "3", "2i3" },
		{ "0:03", NULL, "4o5" },
		{ "2.5", "100", "4o5" },
		{ "#2", "#4", "2i34" },
		{ "#3", "#3", "3" },
		{ "in", "#3", "i3" },
	};
	char got[16];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err *e = walk(cases[i].from, cases[i].to, 10 * SECOND, got);

		assert_null(e);
		assert_string_equal(got, cases[i].got);
	}
	/* the first event may be before the first verb */
	assert_null(walk("2", NULL, 9 * SECOND, got));
	assert_string_equal(got, "2i34o5");
}

static void what_is_not_there_is_said(void **state)
{
	static const struct {
		const char *from, *to, *says;
	} cases[] = {
		{ "off", NULL, "file: there is no mark 'off'; the marks are 'in', 'out'" },
		{ NULL, "2 speakers", "file: there is no mark '2 speakers'; the marks are 'in', 'out'" },
		{ "out", "in", "file: there is no mark 'in' after the beginning; the marks are 'in', 'out'" },
		{ "5", NULL, "file: it ends before that time, after 4.000 s" },
		{ "#6", NULL, "file: it has no verb 6" },
	};
	char got[16];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err *e = walk(cases[i].from, cases[i].to, 10 * SECOND, got);

		assert_non_null(e);
		assert_string_equal(err_text(e), cases[i].says);
		err_free(e);
	}
}

static void many_marks_are_not_all_named(void **state)
{
	struct range r = { .from = { .kind = RANGE_MARK, .mark = "x" } };
	struct xact x = { .kind = XACT_MARK, .text = "\033", .text_len = 1, .t_verb = EVENT_TIME_NONE,
			  .t_resp = EVENT_TIME_NONE };
	struct range_walk w;
	struct err *e;

	(void)state;
	range_walk_init(&w, &r);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(range_walk(&w, &x, EVENT_TIME_NONE), RANGE_BEFORE);
	e = range_walk_result(&w, "file");
	assert_non_null(strstr(err_text(e), "'\\x1b' and 980 more"));
	assert_true(strlen(err_text(e)) < 400);
	err_free(e);
	range_walk_deinit(&w);
	e = range_end_parse(&r.from, "");
	assert_int_equal(err_kind(e), ERR_USAGE);
	err_free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_of_every_kind),
		cmocka_unit_test(what_is_not_there_is_said),
		cmocka_unit_test(many_marks_are_not_all_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
