// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every row of every table has a golden line. Decodes the `verb` lines of TESTLIST and notes
 * the rows that they use: each verb in both directions, each parameter, each field, each
 * word. Lists every row that none uses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/err.h"
#include "codec/decode.h"
#include "codec/effect/effect.h"
#include "codec/effect/effect_queue.h"
#include "codec/fields.h"
#include "codec/vendor/coefs.h"
#include "codec/vendor/vendor.h"
#include "event/event.h"
#include "hda/regfields.h"
#include "hda/regs.h"
#include "testlist.h"

static const char *testlist;
static bool quiet;	/* a test that expects missing rows does not print them */

/* Rows that were used, by their address in the tables. */
static struct seen {
	const void *at[16384];
	size_t n;
} seen;

static void see(const void *at)
{
	for (size_t i = 0; i < seen.n; i++)
		if (seen.at[i] == at)
			return;
	assert_true(seen.n < ARRAY_SIZE(seen.at));
	seen.at[seen.n++] = at;
}

static bool is_seen(const void *at)
{
	for (size_t i = 0; i < seen.n; i++)
		if (seen.at[i] == at)
			return true;
	return false;
}

static void see_fields(const struct fields *fs)
{
	for (unsigned int i = 0; i < fs->n; i++) {
		const struct field *f = &fs->f[i];

		if (f->value || f->desc->kind == FIELD_NUMBER || !f->desc->quiet)
			see(f->desc);
		if (f->text && f->desc->words)
			see(&f->desc->words->word[f->value]);
	}
}

static void see_effects(struct effects *fx)
{
	struct fields fs;
	struct effect e;

	while (effects_next(fx, &e)) {
		effect_fields(&e, &fs);
		see_fields(&fs);
		if (e.kind != EFFECT_XACT)
			see(&effect_spaces[e.space]);
		if (e.name_row)
			see(e.name_row);
		if (e.meaning_row)
			see(e.meaning_row);
		for (unsigned int i = 0; i < effect_control_count; i++)
			if (e.space == SPACE_VERB && effect_is_write(&e) &&
			    effect_controls[i].id == e.addr)
				see(&effect_controls[i]);
	}
}

static void see_registers(const struct xact *x)
{
	struct reg_part part[REG_PARTS_MAX];
	unsigned int n = reg_split(x->offset, x->width, x->count, part);

	for (unsigned int i = 0; i < n; i++) {
		if (part[i].name)
			see(part[i].name);
		for (unsigned int k = 0; k < part[i].n; k++) {
			const struct reg_value *v = &part[i].f[k];

			if (v->value || v->field->kind != REG_FLAG)
				see(v->field);
			if (v->text)
				see(&v->field->words[v->value]);
		}
	}
}

static void see_xact(struct decoder *dec, struct effects *fx, const char *word, struct decoded *d)
{
	struct xact x = { .t_verb = EVENT_TIME_NONE, .t_resp = EVENT_TIME_NONE };
	char *end;
	uint32_t v = (uint32_t)strtoul(word, &end, 16);

	if (!strncmp(word, "bar", 3)) {
		x.kind = XACT_MMIO;
		x.bar = (uint8_t)(word[3] - '0');
		x.offset = (uint32_t)strtoul(word + 5, &end, 16);
		x.write = *end == '=';
		x.count = strtoul(end + 1, &end, 16);
		x.width = *end == ':' ? (uint8_t)atoi(end + 1) : 4;
		if (x.bar == 0)
			see_registers(&x);
	} else if (*end == '/') {
		x.resp = v;
		x.resp_ex = (uint32_t)strtoul(end + 1, NULL, 16);
		x.has_resp = true;
		x.cad = x.resp_ex & 0xf;
		x.kind = x.resp_ex & 0x10 ? XACT_UNSOL : XACT_SPURIOUS;
	} else {
		x.verb = v;
		x.has_verb = true;
		x.has_resp = *end == '=';
		x.resp = x.has_resp ? (uint32_t)strtoul(end + 1, NULL, 16) : 0;
	}
	codec_decode(dec, &x, d);
	if (fx) {
		assert_null(effects_put(fx, &x, d));
		see_effects(fx);
		return;
	}
	see_fields(&d->req);
	if (d->has_resp)
		see_fields(&d->resp);
	if (!d->row)
		return;
	if (d->dir == DIR_SET)
		see(&d->row->set_name[d->verb.id - d->row->set]);
	else if (d->has_resp)
		see(&d->row->get_name);
	for (unsigned int i = 0; i < param_row_count; i++)
		if (d->row == &verb_rows[0] && d->has_resp && param_rows[i].id == d->verb.payload)
			see(&param_rows[i]);
}

/* The words of "verb [--vendor-id ID] WORD...". */
static void see_line(char *line, struct decoded *d)
{
	struct effects *fx = NULL;
	struct decoder *dec;
	char *save, *word;

	assert_null(decoder_create(&dec));
	strtok_r(line, " ", &save);
	while ((word = strtok_r(NULL, " ", &save))) {
		if (!strcmp(word, "--vendor-id")) {
			word = strtok_r(NULL, " ", &save);
			assert_non_null(word);
			for (unsigned int cad = 0; cad < 16; cad++)
				assert_null(decoder_set_codec(dec, 0, cad,
							      (uint32_t)strtoul(word, NULL, 16)));
		} else if (!strcmp(word, "--effects")) {
			assert_null(effects_create(dec, &fx));
		} else if (word[0] != '-') {
			see_xact(dec, fx, word, d);
		}
	}
	if (fx) {
		assert_null(effects_flush(fx));
		see_effects(fx);
	}
	effects_destroy(fx);
	decoder_destroy(dec);
}

static void see_testlist(void)
{
	struct decoded *d = calloc(1, sizeof(*d));
	FILE *f = fopen(testlist, "r");

	assert_non_null(d);
	assert_non_null(f);
	for (char *line; (line = testlist_next_verb(f)); free(line))
		see_line(line, d);
	free(d);
	fclose(f);
}

/* True if @text is in the list or in its expected output. */
static bool is_named(const char *text)
{
	static char *all;

	if (!all)
		all = testlist_text(testlist);
	return strstr(all, text);
}

static unsigned int missing(const char *table, const char *name, const void *at)
{
	if (is_seen(at))
		return 0;
	if (!quiet)
		print_message("no golden line for %s: %s\n", table, name);
	return 1;
}

static unsigned int missing_verb(const char *table, const struct verb_row *r)
{
	unsigned int n = 0;

	if (r->get != VERB_NONE)
		n += missing(table, r->get_name, &r->get_name);
	for (unsigned int k = 0; k < r->nset; k++)
		n += missing(table, r->set_name[k], &r->set_name[k]);
	return n;
}

static unsigned int missing_coefs(const struct vendor *v)
{
	unsigned int n = 0;

	for (const struct coef_row *c = v->coef; c < v->coef + v->ncoefs; c++) {
		char name[128];

		snprintf(name, sizeof(name), "NID %02x, %02x, %04x: %s", c->nid, c->index, c->value,
			 c->text);
		n += missing(v->name, name, c);
	}
	return n;
}

static unsigned int missing_registers(void)
{
	unsigned int n = 0;
	char name[128];

	for (unsigned int i = 0; i < reg_field_count; i++) {
		const struct reg_field *f = &reg_fields[i];

		snprintf(name, sizeof(name), "%02x %s", f->reg, f->name);
		n += missing("regfields.def", name, f);
		for (unsigned int v = 0; v < f->nwords; v++)
			if (f->words[v])
				n += missing("regfields.def", f->words[v], &f->words[v]);
	}
	for (const struct hda_reg *r = reg_table(); r->name; r++)
		n += missing("regs.def", r->name, r->name);
	for (const struct hda_reg *r = reg_sd_table(); r->name; r++)
		n += missing("regs.def", r->name, r->name);
	return n;
}

/* Tables of names: each must be in a line. */
static unsigned int missing_names(void)
{
	static const struct {
		const char *table, *name, *word;
	} rows[] = {
#define CODEC_ID(id, name) { "ids.def", name, "000f0000=" #id },
#define CODEC_VENDOR(id, name)
#define CODEC_REV(...)
#define CODEC_COEF(...)
#include "codec/ids.def"
#define OTHER(offset, bytes, count, step, name) { "regother.def", name, NULL },
#include "hda/regother.def"
#define CS42L42(addr, name) { "cs42l42.def", name, NULL },
#include "codec/vendor/cs42l42.def"
	};
	unsigned int n = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		char word[32];

		/* a stream's register has its number in the name: SD3DPIB */
		snprintf(word, sizeof(word), "%s",
			 rows[i].name + (strncmp(rows[i].name, "SD", 2) ? 0 : 2));
		/* the list has the id without its 0x */
		if (rows[i].word)
			snprintf(word, sizeof(word), "000f0000=%s", rows[i].word + strlen("000f0000=0x"));
		if (!quiet && is_named(word))
			continue;
		if (!quiet)
			print_message("no golden line for %s: %s\n", rows[i].table, rows[i].name);
		n++;
	}
	return n;
}

static unsigned int missing_rows(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < verb_row_count; i++)
		n += missing_verb("verbs.def", &verb_rows[i]);
	for (unsigned int i = 0; i < param_row_count; i++)
		n += missing("params.def", param_rows[i].name, &param_rows[i]);
	for (unsigned int i = 0; i < vendor_count; i++)
		for (unsigned int k = 0; k < vendors[i]->nnodes; k++)
			for (unsigned int r = 0; r < vendors[i]->node[k].n; r++)
				n += missing_verb(vendors[i]->name, &vendors[i]->node[k].row[r]);
	for (unsigned int i = 0; i < effect_control_count; i++) {
		char name[128];

		snprintf(name, sizeof(name), "%03x %s", effect_controls[i].id,
			 effect_controls[i].name);
		n += missing("controls.def", name, &effect_controls[i]);
	}
	n += missing_registers();
	n += missing_names();
	for (unsigned int i = 0; i < SPACE_KINDS; i++)
		n += missing("spaces.def", effect_spaces[i].name, &effect_spaces[i]);
	for (unsigned int i = 0; i < vendor_count; i++)
		n += missing_coefs(vendors[i]);
	for (unsigned int i = 0; i < field_list_count; i++) {
		const struct field_list *l = field_lists[i];

		for (unsigned int k = 0; k < l->n; k++) {
			const struct field_words *w = l->desc[k].words;
			char name[128];

			snprintf(name, sizeof(name), "%s.%s", l->name, l->desc[k].name);
			n += missing("fields.def", name, &l->desc[k]);
			for (unsigned int v = 0; w && v < w->n; v++)
				if (w->word[v])
					n += missing(w->name, w->word[v], &w->word[v]);
		}
	}
	return n;
}

static void every_row_has_a_golden_line(void **state)
{
	(void)state;
	seen.n = 0;
	see_testlist();
	assert_int_equal(missing_rows(), 0);
}

/* The check itself can fail: without a list, every row is missing. */
static void without_lines_rows_are_missing(void **state)
{
	struct decoded *d = calloc(1, sizeof(*d));
	char line[] = "verb 01470740 | x";
	unsigned int all, one;

	(void)state;
	assert_non_null(d);
	quiet = true;
	seen.n = 0;
	all = missing_rows();
	assert_true(all > 300);
	see_line(line, d);
	one = missing_rows();
	quiet = false;
	/* the verb, OUT, and the word for a vref that says nothing, wherever it is used */
	assert_in_range(all - one, 3, 8);
	free(d);
}

/* Conditions for the sinks: names fit, bits are in order, a row's ids belong to it alone. */
static void tables_are_sound(void **state)
{
	uint8_t used[0x1000] = { 0 };

	(void)state;
	for (unsigned int i = 0; i < verb_row_count; i++) {
		const struct verb_row *r = &verb_rows[i];

		assert_true(r->source && *r->source);
		if (r->get != VERB_NONE)
			assert_int_equal(used[r->get]++, 0);
		for (unsigned int k = 0; k < r->nset; k++)
			assert_int_equal(used[r->set + k]++, 0);
	}
	for (unsigned int i = 0; i < field_list_count; i++) {
		const struct field_list *l = field_lists[i];

		assert_true(l->n <= FIELDS_MAX);
		assert_true(l->source && *l->source);
		for (unsigned int k = 0; k < l->n; k++) {
			const struct field_desc *a = &l->desc[k];

			assert_in_range(strlen(a->name), 1, 32);
			assert_true(a->hi >= a->lo && a->hi < 32);
			assert_int_equal(strspn(a->name, "abcdefghijklmnopqrstuvwxyz"
						"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"),
					 strlen(a->name));
			for (unsigned int j = 0; j < k; j++)
				assert_string_not_equal(a->name, l->desc[j].name);
			for (unsigned int v = 0; a->words && v < a->words->n; v++)
				assert_true(!a->words->word[v] || strlen(a->words->word[v]) <= 64);
		}
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_lines_rows_are_missing),
		cmocka_unit_test(every_row_has_a_golden_line),
		cmocka_unit_test(tables_are_sound),
	};

	if (argc != 2) {
		fprintf(stderr, "usage: test_rows TESTLIST\n");
		return 2;
	}
	testlist = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
