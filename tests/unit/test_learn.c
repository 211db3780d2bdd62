// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "codec/decode.h"
#include "dump/proc_print.h"
#include "dump/proc_read.h"
#include "model/answer.h"
#include "model/learn.h"
#include "model/walk.h"
#include "sample_proc.h"

static struct codec_model *m;

static int start(void **state)
{
	(void)state;
	return model_create(MODEL_FROM_TRAFFIC, &m) ? -1 : 0;
}

static int stop(void **state)
{
	(void)state;
	model_destroy(m);
	m = NULL;
	return 0;
}

static void learn(enum certainty certainty, uint32_t verb, bool has, uint32_t resp)
{
	struct xact x = { .kind = XACT_CORB, .certainty = (uint8_t)certainty, .verb = verb,
			  .has_verb = true, .has_resp = has, .resp = resp,
			  .cad = (uint8_t)(verb >> 28) };

	assert_null(codec_learn(m, &x));
}

static void got(uint32_t verb, uint32_t resp)
{
	learn(CERT_EXACT, verb, true, resp);
}

static void set(uint32_t verb)
{
	learn(CERT_EXACT, verb, true, 0);
}

static const struct model_node *node(unsigned int nid)
{
	assert_non_null(m->node[nid]);
	return m->node[nid];
}

static uint32_t coef(unsigned int nid, unsigned int index)
{
	const struct model_value *c = model_coef(node(nid), (uint16_t)index);

	assert_non_null(c);
	return c->val;
}

static void coefficients_move_on(void **state)
{
	(void)state;
	set(0x02050023);
	set(0x020423ff);
	set(0x02040000);
	set(0x02040001);
	set(0x0204b011);
	assert_int_equal(coef(0x20, 0x23), 0x23ff);
	assert_int_equal(coef(0x20, 0x24), 0);
	assert_int_equal(coef(0x20, 0x25), 1);
	assert_int_equal(coef(0x20, 0x26), 0xb011);
	/* the index is the one that the codec answers */
	got(0x020d0000, 0x27);
	assert_false(node(0x20)->learn.coef_no_write_inc);
	set(0x02050045);
	got(0x020c0000, 0xd429);
	got(0x020c0000, 0x1234);
	assert_int_equal(coef(0x20, 0x46), 0x1234);
	/* two reads and the index is the same: a read does not move it */
	got(0x020d0000, 0x45);
	assert_true(node(0x20)->learn.coef_no_read_inc);
	set(0x02050010);
	got(0x020c0000, 1);
	got(0x020c0000, 2);
	assert_int_equal(coef(0x20, 0x10), 2);
	assert_null(model_coef(node(0x20), 0x11));
	/* without an index the coefficient is unknown */
	set(0x05340001);
	set(0x05440001);
	assert_int_equal(node(0x53)->ncoefs, 0);
}

static void bytes_of_a_register(void **state)
{
	(void)state;
	const struct reg *r;

	set(0x01471c10);
	r = &node(0x14)->reg[MREG_DEFAULT];
	assert_int_equal(r->known, 0xff);
	set(0x01471d01);
	set(0x01471e17);
	set(0x01471f90);
	assert_int_equal(r->known, UINT32_MAX);
	assert_int_equal(r->val, 0x90170110);
	set(0x00270d01);
	set(0x00270e02);
	set(0x00273e81);
	assert_int_equal(node(2)->reg[MREG_DIGI].val, 0x810201);
	assert_int_equal(node(2)->reg[MREG_DIGI].known, 0xffffff);
}

static void amplifiers(void **state)
{
	(void)state;
	const struct model_node *n;

	set(0x0023b07f);
	n = node(2);
	assert_int_equal(n->out.v[0].left.val, 0x7f);
	assert_int_equal(n->out.v[0].right.val, 0x7f);
	assert_int_equal(n->in.n, 0);
	set(0x00237385);
	assert_int_equal(n->in.n, 4);
	assert_int_equal(n->in.v[3].left.val, 0x85);
	assert_int_equal(n->in.v[2].left.known, 0);
	got(0x002b8000, 0x12);
	assert_int_equal(n->out.v[0].right.val, 0x12);
	assert_int_equal(n->out.v[0].left.val, 0x7f);
	/* no mute bit if the caps have none */
	got(0x003f0009, 0x41d);
	got(0x003f0012, 0x00025757);
	set(0x0033b0d7);
	assert_int_equal(node(3)->out.v[0].left.val, 0x57);
}

static void connection_lists(void **state)
{
	(void)state;
	const struct model_conns *c;

	got(0x00bf000e, 5);
	got(0x00bf0200, 0x14921802);	/* 02, 18, 12 with the range bit: does not rise; 14 */
	c = &node(0x0b)->conns;
	assert_false(c->known);
	got(0x00bf0204, 0x000000a0);	/* 15 .. 20 */
	assert_true(c->known);
	assert_int_equal(c->n, 3 + 12);
	assert_int_equal(c->nid[2], 0x14);
	assert_int_equal(c->nid[14], 0x20);
	/* long form, two words, NIDs that do not exist */
	got(0x00cf000e, 0x83);
	got(0x00cf0200, 0x70010203);
	got(0x00cf0202, 0x00000005);
	c = &node(0x0c)->conns;
	assert_int_equal(c->n, 3);
	assert_int_equal(c->nid[1], 0x7001);
	/* a second zero ends the list; one range may be very long */
	got(0x00df000e, 3);
	got(0x00df0200, 0x00000002);
	assert_int_equal(node(0x0d)->conns.n, 0);
	got(0x00ef000e, 0x82);
	got(0x00ef0200, 0xffff0001);
	assert_int_equal(node(0x0e)->conns.n, MODEL_MAX_CONNS);
}

static void power_and_reset(void **state)
{
	(void)state;
	got(0x000f0004, 0x00010001);
	got(0x001f0005, 0x101);
	got(0x001f0004, 0x00020003);
	got(0x002f0009, 0x411);
	got(0x002f0500, 0x33);
	assert_int_equal(m->afg, 1);
	assert_true(m->no_mfg);
	assert_int_equal(node(2)->kind, NODE_WIDGET);
	set(0x00270500);
	assert_int_equal(node(2)->reg[MREG_POWER].val & 0xf, 0);
	assert_int_equal(node(2)->reg[MREG_POWER].known & 0x7ff, 0xf);
	set(0x00270640);
	set(0x00271c10);
	set(0x0017ff00);
	assert_int_equal(node(2)->reg[MREG_CONV].known, 0);
	assert_int_equal(node(2)->reg[MREG_DEFAULT].known, 0xff);
	assert_int_equal(node(2)->param[PARAM_WIDGET_CAP].val, 0x411);
}

static void only_what_is_certain(void **state)
{
	(void)state;
	learn(CERT_SUSPECT, 0x01470740, true, 0);
	learn(CERT_CONFLICTING, 0x014f0700, true, 0x40);
	learn(CERT_UNANSWERED, 0x014f0700, false, 0);
	assert_true(!m->node[0x14] || !m->node[0x14]->reg[MREG_PIN_CTL].known);
	learn(CERT_UNANSWERED, 0x01470740, false, 0);
	assert_int_equal(node(0x14)->reg[MREG_PIN_CTL].val, 0x40);
	/* an input's data is the level outside, not the written value */
	set(0x00171701);
	set(0x00171503);
	assert_int_equal(node(1)->reg[MREG_GPIO_DATA].known, 1);
}

static void device_entries(void **state)
{
	(void)state;
	const struct model_node *n;

	got(0x005f0015, 2);
	n = node(5);
	assert_int_equal(n->ndevs, 3);
	got(0x005f3600, 0x00000213);
	assert_int_equal(n->devs[1].bits.val, 1);
	got(0x005f0100, 0);
	set(0x00573502);
	got(0x005f0100, 1);
	set(0x00573500);
	assert_int_equal(n->devs[0].select.val, 0);
	assert_int_equal(n->devs[2].select.val, 1);
}

struct both {
	struct codec_model *from;
};

static bool ask(void *arg, uint32_t verb, uint32_t *resp)
{
	struct both *b = arg;

	if (!codec_answer(b->from, verb, resp))
		return false;
	got(verb, *resp);
	return true;
}

/* The invented codec answers, and the learned model is complete. */
static void an_invented_codec(void **state)
{
	(void)state;
	static const uint16_t hooks[] = { 0xfec, 0xfa0, 0 };
	struct model_list l = { 0 };
	struct buf b = { 0 };
	struct both both;
	struct walk w = { ask, &both, { .multi_stream = true, .coefs = true,
					.pincap_reads_eapd = true, .hooks = hooks } };
	char *p, *q;

	assert_null(proc_read(sample_proc, sizeof(sample_proc) - 1, &l));
	both.from = l.v[0];
	codec_walk(&w, 3);
	assert_true(model_set_name(m, l.v[0]->name, strlen(l.v[0]->name)));
	proc_print(m, NULL, &b);
	/* only what the driver knows is missing */
	struct buf want = { 0 };

	for (const char *s = sample_proc; *s; s += strcspn(s, "\n") + 1) {
		size_t n = strcspn(s, "\n") + 1;

		if (strncmp(s, "  In-driver", 11) == 0) {
			s += n;
			continue;
		}
		if (!memmem(s, n, "  Control", 9) && strncmp(s, "  Device:", 9) != 0)
			buf_add(&want, s, n);
	}
	/* the text did not show the setting: the answer's zero reads as D0 */
	p = strstr((char *)buf_str(&want), "setting=UNKNOWN");
	q = strstr((char *)buf_str(&b), "setting=D0, actual=D3, Error");
	assert_non_null(p);
	assert_non_null(q);
	assert_int_equal(p - (char *)want.data, q - (char *)b.data);
	struct buf mended = { 0 };

	buf_add(&mended, want.data, (size_t)(p - (char *)want.data));
	buf_adds(&mended, "setting=D0");
	buf_adds(&mended, p + strlen("setting=UNKNOWN"));
	assert_string_equal(buf_str(&b), buf_str(&mended));
	buf_deinit(&mended);
	buf_deinit(&want);
	buf_deinit(&b);
	model_list_deinit(&l);
}

/* Random words: memory is bounded, and the model still prints and answers. */
static void hostile_traffic(void **state)
{
	(void)state;
	struct buf b = { 0 };
	uint32_t resp;

	srandom(1);
	for (unsigned int i = 0; i < 300000; i++) {
		uint32_t verb = (uint32_t)random() << 1 ^ (uint32_t)random();

		/* half of them standard gets and sets, to reach deeper */
		if (i & 1)
			verb = (verb & 0x0ff000ff) | (verb & 0x00100000 ? 0xf0000 : 0x70000) |
			       (verb >> 8 & 0x3f00);
		got(verb & 0x0fffffff, (uint32_t)random() << 1);
		codec_answer(m, (uint32_t)random() & 0x0fffffff, &resp);
	}
	got(0x000f0000, 0x12345678);
	proc_print(m, NULL, &b);
	assert_non_null(strstr(buf_str(&b), "Vendor Id: 0x12345678\n"));
	buf_deinit(&b);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, start, stop)
	const struct CMUnitTest tests[] = {
		T(coefficients_move_on),
		T(bytes_of_a_register),
		T(amplifiers),
		T(connection_lists),
		T(power_and_reset),
		T(only_what_is_certain),
		T(device_entries),
		T(an_invented_codec),
		T(hostile_traffic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
