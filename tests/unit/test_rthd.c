// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "corpus.h"
#include "dump/proc_read.h"
#include "dump/rthd.h"

static struct model_list list;

static int stop(void **state)
{
	(void)state;
	model_list_deinit(&list);
	return 0;
}

static struct buf sample(void)
{
	char path[4096];
	const char *source = getenv("HDADUMP_SOURCE");

	snprintf(path, sizeof(path), "%s/tests/data/rthd-invented.txt", source ? source : ".");
	return corpus_file(path);
}

static const struct model_node *node(unsigned int nid)
{
	assert_int_equal(list.n, 1);
	assert_non_null(list.v[0]->node[nid]);
	return list.v[0]->node[nid];
}

static void every_kind_of_line(void **state)
{
	(void)state;
	struct buf b = sample();
	const struct codec_model *m;
	const struct model_node *n;

	buf_adds(&b, "\n[Audio Verb Setting]\nA line from the future\n");
	assert_true(rthd_is(b.data, b.len));
	assert_null(rthd_read(b.data, b.len, &list));
	m = list.v[0];
	assert_int_equal(model_vendor_id(m), 0x10ec0298);
	assert_int_equal(m->subsystem.val, 0x144dffff);
	assert_int_equal(m->node[0]->param[PARAM_REVISION_ID].val, 0x100103);
	assert_int_equal(m->cad, 2);
	n = node(1);
	assert_int_equal(m->afg, 1);
	assert_int_equal(n->reg[MREG_GPIO_MASK].val, 3);
	assert_int_equal(n->reg[MREG_GPIO_UNSOL].val, 2);
	assert_int_equal(n->reg[MREG_POWER].val, 0x03);
	n = node(2);
	assert_int_equal(n->reg[MREG_CONV].val, 0x52);
	assert_int_equal(n->reg[MREG_FORMAT].val, 0x1830);
	assert_int_equal(n->reg[MREG_FORMAT].known, 0x7f70);
	assert_int_equal(n->param[PARAM_AMP_OUT_CAP].val, 0x00017f7f);
	assert_int_equal(n->param[PARAM_AMP_OUT_CAP].known, AMP_CAP_MASK);
	assert_int_equal(n->out.v[0].right.val, 0x3d);
	assert_int_equal(model_type(n), WIDGET_OUTPUT);
	n = node(6);
	assert_int_equal(n->reg[MREG_DIGI].val, 0x0211);
	assert_int_equal(n->reg[MREG_FORMAT].val, 0x4010);
	n = node(0x0b);
	assert_int_equal(n->in.n, 2);
	assert_int_equal(n->in.v[0].left.val, 0x80);
	assert_int_equal(n->in.v[0].right.val, 0x1f);
	assert_int_equal(n->param[PARAM_AMP_IN_CAP].val, 0x80051f17);
	assert_int_equal(n->conns.nid[1], 0x19);
	assert_false(n->conns.known);
	n = node(0x14);
	assert_int_equal(n->reg[MREG_PIN_CTL].val, 0x40);
	assert_int_equal(n->reg[MREG_EAPD].val, 2);
	assert_int_equal(n->reg[MREG_SENSE].val, 0);
	assert_int_equal(n->reg[MREG_DEFAULT].val, 0x90170110);
	assert_int_equal(n->driver_default.val, 0x90170120);
	assert_int_equal(n->reg[MREG_CONNECT_SEL].val, 0);
	n = node(0x18);
	assert_int_equal(n->reg[MREG_PIN_CTL].val, 0x24);
	assert_int_equal(n->reg[MREG_SENSE].val, 1u << 31);
	assert_int_equal(model_coef(node(0x20), 0x45)->val, 0xd489);
	assert_int_equal(model_coef(node(0x57), 3)->val, 0x8aa6);
	/* the only unknown line */
	assert_int_equal(list.left, 1);
	assert_string_equal(list.notes[0].text, "A line from the future");
	buf_deinit(&b);
}

static void cut_anywhere(void **state)
{
	(void)state;
	struct buf b = sample();

	for (size_t n = 0; n < b.len; n++) {
		assert_null(rthd_read(b.data, n, &list));
		assert_true(list.left <= 2);
		model_list_deinit(&list);
	}
	buf_deinit(&b);
}

/* A real one: every line is read, and every gain's dB follows from its caps. */
static void a_real_file(void **state)
{
	(void)state;
	const char *path = shared_data("galaxy-book2/RtHDDump.txt");
	unsigned int coefs = 0, gains = 0, nid = 0;
	bool out = false;
	struct buf b;

	if (!path)
		skip();
	b = corpus_file(path);
	assert_null(rthd_read(b.data, b.len, &list));
	assert_int_equal(list.left, 0);
	for (unsigned int i = 0; i < MODEL_NODES; i++)
		coefs += list.v[0]->node[i] ? list.v[0]->node[i]->ncoefs : 0;
	assert_int_equal(coefs, 1430);
	for (char *s = (char *)buf_str(&b); s; s = strchr(s, '\n'), s = s ? s + 1 : NULL) {
		const struct model_node *n;
		const struct model_amp *a;
		unsigned int index = 0;
		double left, want;
		uint32_t caps;
		char *g;

		sscanf(s, "********** Wid=[0x%x]", &nid);
		if (strncmp(s, "    Output Amp", 14) == 0 || strncmp(s, "    Input Amp", 13) == 0)
			out = s[4] == 'O';
		if (strncmp(s, "        =>", 10) != 0)
			continue;
		sscanf(s, "        => Index %u", &index);
		g = strstr(s, "Gain L:");
		assert_non_null(g);
		assert_int_equal(sscanf(g, "Gain L:%lfdB", &left), 1);
		n = node(nid);
		a = &(out ? n->out : n->in).v[index];
		caps = n->param[out ? PARAM_AMP_OUT_CAP : PARAM_AMP_IN_CAP].val;
		want = ((int)(a->left.val & 0x7f) - (int)(caps & 0x7f)) *
		       (double)((caps >> 16 & 0x7f) + 1) / 4;
		if (left - want > 0.01 || want - left > 0.01)
			fail_msg("node %02x: %.2f dB is read as %.2f dB", nid, left, want);
		gains++;
	}
	print_message("%u coefficients, %u gains\n", coefs, gains);
	assert_true(gains > 20);
	buf_deinit(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(every_kind_of_line, stop),
		cmocka_unit_test_teardown(cut_anywhere, stop),
		cmocka_unit_test_teardown(a_real_file, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
