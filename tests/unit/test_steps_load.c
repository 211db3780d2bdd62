// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Comments between verbs do not change the verbs: random lists, and the same with comments,
 * marks and blank lines anywhere, give the same effects, steps and reductions; and each
 * comment comes before the effect or step of the verb after it. And leaving out reads, as a
 * filter does, does not change what is sent.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyse/reduce.h"
#include "any_list.h"
#include "steps_rig.h"
#include "flow/load.h"
#include "print/step_text.h"
#include "event/source.h"
#include "flow/pipeline.h"
#include "hda/xact.h"
#include "input/open.h"

#define LISTS 400

static const char head[] = "# hdadump verb list, version 1\n"
			   "# codec: address 0, vendor 0x10ec0298, commands 20:45\n";

enum form { FORM_LIST, FORM_OWN, FORM_SCRIPT, FORM_TABLE, FORMS };

/* Writes something that is not a verb, before verb @n (from 1). */
static void say(struct buf *b, enum form form, unsigned int n)
{
	static const char *const plain[] = { "# before %u\n", "; before %u\n", "// before %u\n",
					     "  /* before %u */\n", "\t# before %u\r\n" };

	switch (any_below(4)) {
	case 0:
		buf_adds(b, any_below(2) ? "\n" : "   \t\n\n");
		break;
	case 1:
		buf_adds(b, form == FORM_OWN ? "# what a step does -- and why\n" : "#\n");
		break;
	default:
		if (form == FORM_OWN)
			buf_addf(b, "# mark: before %u\n", n);
		else if (form == FORM_SCRIPT && any_below(2))
			buf_addf(b, "echo \"before %u\"\n", n);
		else if (form == FORM_TABLE && any_below(2))
			/* the text in a comment is not a verb, in any line of it */
			buf_addf(b, "/* before %u\n * { 0x20, 0x500, 0x99 },\n\n\t{ 0x20, 0x500, 0x98 }, */\n", n);
		else
			buf_addf(b, plain[any_below(form == FORM_SCRIPT ? 1 : 5)], n);
		break;
	}
}

/* A row of a table of C, with comments wherever C allows them, if @n is not 0. */
static void write_row(const char *line, unsigned int n, struct buf *bare, struct buf *full)
{
	unsigned int nid, id, payload, place = any_below(4);

	if (sscanf(line, "0x%x 0x%x 0x%x", &nid, &id, &payload) != 3)
		abort();
	buf_addf(bare, "\t{ 0x%02x, 0x%x, 0x%x },\n", nid, id, payload);
	buf_addc(full, '\t');
	if (n && place == 0)
		buf_addf(full, "/* before %u */ ", n);
	buf_addf(full, "{ 0x%02x, ", nid);
	if (n && place == 1)
		buf_addf(full, "/* before %u */", n);
	buf_addf(full, "0x%x,%s0x%x }", id, n && place == 1 ? "/**/ " : " ", payload);
	if (n && place == 2)
		buf_addf(full, ", /* before %u and\n\ton the next line */", n);
	buf_addf(full, n && place == 3 ? ", // before %u /*\n" : ",\n", n);
}

/* The list itself, and the list with something between so many of ten verbs. */
static void write_lists(const char *list, enum form form, unsigned int often, struct buf *bare,
			struct buf *full)
{
	unsigned int n = 0;

	if (form == FORM_OWN) {
		buf_adds(bare, head);
		for (const char *p = head, *end; (end = strchr(p, '\n')); p = end + 1) {
			if (any_below(10) < often)
				buf_adds(full, any_below(2) ? "\n" : "# of my own\n");
			buf_add(full, p, (size_t)(end + 1 - p));
		}
	}
	for (const char *end; (end = strchr(list, '\n')); list = end + 1) {
		const char *command = form == FORM_SCRIPT ? "hda-verb /dev/snd/hwC0D0 " : "";

		n++;
		while (any_below(10) < often)
			say(full, form, n);
		if (form == FORM_TABLE) {
			write_row(list, any_below(10) < often ? n : 0, bare, full);
			continue;
		}
		buf_addf(bare, "%s%.*s\n", command, (int)(end - list), list);
		buf_addf(full, "%s%.*s", command, (int)(end - list), list);
		if (form == FORM_LIST && any_below(10) < often)
			buf_addf(full, any_below(2) ? " # before %u" : " // before %u", n);
		buf_addc(full, '\n');
	}
	while (any_below(10) < often)
		say(full, form, n + 1);
}

/* --- effects ---------------------------------------------------------------------- */

struct effects_sink {
	struct sink sink;
	struct buf text;
	uint64_t last;		/* of the effects so far: the verb that ended them */
	uint64_t said;		/* the greatest number of a comment so far */
};

static struct err *put_effect(struct sink *base, const struct effect *e)
{
	struct effects_sink *s = (struct effects_sink *)base;
	char text[64];
	unsigned int before;

	if (e->kind != EFFECT_XACT || xact_is_verb(e->x)) {
		buf_addf(&s->text, "%u %u %02x %x[%x] = %x was %x mask %x, %llu to %llu, %u verbs, %u times\n",
			 e->kind, e->space, e->nid, e->unit, e->addr, e->value, e->old, e->mask,
			 (unsigned long long)e->first, (unsigned long long)e->last, e->verbs, e->repeats);
		/* a comment before a verb does not come after the effect that contains the verb */
		if (e->last > s->last)
			s->last = e->last;
		return NULL;
	}
	if (e->x->kind != XACT_MARK)
		return NULL;
	snprintf(text, sizeof(text), "%.*s", (int)e->x->text_len, e->x->text);
	if (sscanf(text, "before %u", &before) == 1) {
		assert_true(before > s->last);
		assert_true(before >= s->said);
		s->said = before;
	}
	return NULL;
}

static struct err *put_nothing(struct sink *base, const struct xact *x, const struct decoded *d)
{
	(void)base, (void)x, (void)d;
	return NULL;
}

static struct err *flush(struct sink *base)
{
	(void)base;
	return NULL;
}

static void effects_of(const char *list, struct buf *out)
{
	static const struct sink_ops ops = { .put = put_nothing, .effect = put_effect, .flush = flush };
	struct effects_sink s = { .sink = { &ops } };
	struct pipeline p = { .fold = { .noise = true, .effects = true }, .sink = &s.sink };
	int fd = memfd_create("effects", 0);
	char path[64];
	const struct load_options from = { .path = path };
	struct loaded in = { 0 };

	if (fd < 0 || write(fd, list, strlen(list)) != (ssize_t)strlen(list))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	rig_must(load_open(&from, &in));
	rig_must(load_run(&in, &from, &p));
	buf_add(out, s.text.data, s.text.len);
	buf_deinit(&s.text);
	load_close(&in);
	pipeline_deinit(&p);
	close(fd);
}

/* --- steps ------------------------------------------------------------------------ */

static void steps_of(const char *list, bool said, struct buf *out)
{
	struct reduction r;
	struct steps a;

	rig_list(list, &a);
	rig_must(reduce_steps(&a, NULL, &r));
	for (size_t i = 0; i < a.n; i++) {
		buf_addf(out, "%c %s %llu to %llu, %u verbs: ", r.chosen[i] ? '+' : '-',
			 step_kind_name((enum step_kind)a.v[i].kind), (unsigned long long)a.v[i].first,
			 (unsigned long long)a.v[i].last, a.v[i].n_verbs);
		step_text(&a, &a.v[i], out);
		buf_addc(out, '\n');
	}
	rig_words(&a, NULL, out);
	buf_addc(out, '\n');
	rig_words(&a, r.chosen, out);
	for (size_t i = 0; said && i < a.n_marks; i++) {
		size_t at = a.marks[i].at;
		unsigned int before;

		if (sscanf(a.marks[i].text, "before %u", &before) != 1)
			continue;
		/* the step before is done, the one after is not */
		assert_true(!at || a.v[at - 1].last < before);
		assert_true(at == a.n || a.v[at].last >= before);
	}
	reduction_deinit(&r);
	steps_deinit(&a);
}

static void expect_same(const char *a, const char *b, const char *list, const char *what)
{
	if (strcmp(a, b) == 0)
		return;
	printf("%s\n--- without\n%s\n--- with\n%s\n", list, a, b);
	fail_msg("%s are others than without them", what);
}

static void one_list(unsigned int number, enum form form)
{
	struct buf list = { 0 }, bare = { 0 }, full = { 0 }, a = { 0 }, b = { 0 };
	unsigned int generation;

	any_seed = number * FORMS + form;
	generation = any_below(2);
	any_transfer(&list, generation);
	for (unsigned int i = 0; i < 3 + number / 4; i++)
		any_verb(&list, generation, number % 3 != 0, number % 2, number % 5 < 2);
	write_lists(buf_str(&list), form, 1 + number % 6, &bare, &full);
	effects_of(buf_str(&bare), &a);
	effects_of(buf_str(&full), &b);
	expect_same(buf_str(&a), buf_str(&b), buf_str(&full), "effects");
	buf_clear(&a);
	buf_clear(&b);
	steps_of(buf_str(&bare), false, &a);
	steps_of(buf_str(&full), true, &b);
	expect_same(buf_str(&a), buf_str(&b), buf_str(&full), "steps");
	buf_deinit(&list);
	buf_deinit(&bare);
	buf_deinit(&full);
	buf_deinit(&a);
	buf_deinit(&b);
}

static void lists(void **state)
{
	for (unsigned int i = 0; i < LISTS; i++)
		one_list(i, FORM_LIST);
}

static void own_lists(void **state)
{
	for (unsigned int i = 0; i < LISTS; i++)
		one_list(i, FORM_OWN);
}

static void scripts(void **state)
{
	for (unsigned int i = 0; i < LISTS; i++)
		one_list(i, FORM_SCRIPT);
}

static void tables(void **state)
{
	for (unsigned int i = 0; i < LISTS; i++)
		one_list(i, FORM_TABLE);
}

/* --- lists with reads left out ------------------------------------------------------ */

/* Leaves out all or some of the reads after which the index is selected again. */
static void without_reads(const char *list, bool all, struct buf *out)
{
	for (const char *end; (end = strchr(list, '\n')); list = end + 1)
		if (strncmp(list, "0x20 0xc00", 10) || strncmp(end + 1, "0x20 0x500", 10) ||
		    (!all && any_below(2)))
			buf_add(out, list, (size_t)(end + 1 - list));
}

static void words_of(const char *list, struct buf *out)
{
	struct buf kept = { 0 };
	struct reduction r;
	struct steps a, again;

	rig_list(list, &a);
	rig_must(reduce_steps(&a, NULL, &r));
	for (size_t i = 0; i < a.n; i++) {
		buf_addf(out, "%c %s ", r.chosen[i] ? '+' : '-', step_kind_name((enum step_kind)a.v[i].kind));
		step_text(&a, &a.v[i], out);
		buf_addc(out, '\n');
	}
	/* the written list gives the same when it is read */
	rig_write(&a, NULL, &kept);
	rig_list(buf_str(&kept), &again);
	assert_int_equal(a.n, again.n);
	for (size_t i = 0; i < a.n; i++) {
		struct buf one = { 0 }, other = { 0 };

		step_text(&a, &a.v[i], &one);
		step_text(&again, &again.v[i], &other);
		expect_same(buf_str(&one), buf_str(&other), buf_str(&kept), "steps of the written list");
		buf_deinit(&one);
		buf_deinit(&other);
	}
	buf_deinit(&kept);
	reduction_deinit(&r);
	steps_deinit(&a);
	steps_deinit(&again);
}

static void reads(void **state)
{
	for (unsigned int number = 0; number < 500; number++) {
		struct buf list = { 0 }, less = { 0 }, a = { 0 }, b = { 0 };
		unsigned int generation;

		any_seed = number;
		generation = any_below(2);
		any_transfer(&list, generation);
		for (unsigned int i = 0; i < 2 + number / 10; i++) {
			if (any_below(3))
				any_long_transfer(&list, generation);
			else
				any_add(&list, 0x14 + any_below(2), 0x707, any_below(4));
			if (!any_below(5)) {
				any_add(&list, 0x20, 0x500, 0x45);
				any_add(&list, 0x20, 0x400, any_below(4));
			}
		}
		words_of(buf_str(&list), &a);
		for (unsigned int all = 0; all < 2; all++) {
			buf_clear(&less);
			buf_clear(&b);
			without_reads(buf_str(&list), all, &less);
			words_of(buf_str(&less), &b);
			expect_same(buf_str(&a), buf_str(&b), buf_str(&less), "steps without reads");
		}
		buf_deinit(&list);
		buf_deinit(&less);
		buf_deinit(&a);
		buf_deinit(&b);
	}
}

/* So many comments between two verbs that not all can be held. */
static void very_many(void **state)
{
	struct buf list = { 0 }, b = { 0 };
	struct steps a;

	buf_adds(&list, "0x20 0x500 0x45\n");
	for (unsigned int i = 0; i < 20000; i++)
		buf_adds(&list, "# on and on\n");
	buf_adds(&list, "0x20 0x400 0xd489\n");
	rig_list(buf_str(&list), &a);
	assert_int_equal(a.n, 1);
	assert_int_equal(a.n_marks, 20000);
	assert_int_equal(a.marks[0].at, 0);
	assert_int_equal(a.marks[19999].at, 0);
	steps_deinit(&a);
	effects_of(buf_str(&list), &b);
	assert_non_null(strstr(buf_str(&b), "= d489"));
	assert_null(strchr(buf_str(&b), '\n')[1] ? "more" : NULL);
	buf_deinit(&list);
	buf_deinit(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists), cmocka_unit_test(own_lists), cmocka_unit_test(scripts),
		cmocka_unit_test(tables), cmocka_unit_test(reads),		cmocka_unit_test(very_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
