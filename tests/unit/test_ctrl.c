// SPDX-License-Identifier: GPL-2.0-or-later
/* The model fed with logs of other tools: words and responses instead of rings. */
#include "hda_rig.h"

static void word(struct rig *g, uint32_t verb, enum word_answer answer)
{
	rig_feed(g, &(struct event){
		.kind = EV_CORB_WORD, .time = EVENT_TIME_NONE, .addr = EVENT_NO_SLOT,
		.value = verb, .width = (uint8_t)answer });
}

static void pair(struct rig *g, uint32_t resp, uint32_t ex)
{
	rig_feed(g, &(struct event){
		.kind = EV_RIRB_PAIR, .time = EVENT_TIME_NONE, .addr = EVENT_NO_SLOT,
		.value = resp | (uint64_t)ex << 32 });
}

static void labelled(struct rig *g, uint32_t resp, uint32_t ex, uint32_t beside)
{
	uint8_t label[4];

	store_le32(label, beside);
	rig_feed(g, &(struct event){
		.kind = EV_RIRB_PAIR, .time = EVENT_TIME_NONE, .addr = EVENT_NO_SLOT,
		.value = resp | (uint64_t)ex << 32, .data = label, .len = 4 });
}

static void lost(struct rig *g, enum gap_kind what, uint64_t n)
{
	rig_feed(g, &(struct event){
		.kind = EV_GAP, .time = EVENT_TIME_NONE, .addr = what, .value = n });
}

/*
 * A tool that labels responses by ring index: one unsolicited response shifts every label
 * after it.
 */
static void labels_are_not_believed(void **state)
{
	struct rig g;

	rig_init(&g);
	word(&g, 0x000f0000, ANSWER_DUE);
	word(&g, 0x02050010, ANSWER_DUE);
	labelled(&g, 0x04000001, 0x10, 0x000f0000);
	labelled(&g, 0x10ec0298, 0, 0x02050010);
	labelled(&g, 0, 0, 0x020c0000);
	word(&g, 0x0a0f0000, ANSWER_DUE);
	labelled(&g, 7, 0, 0x020f0000);		/* the tool shows seven bits of a NID */
	rig_done(&g);
	assert_int_equal(g.n, 4);
	rig_check_verb(&g, 0, 0x000f0000, true, 0x10ec0298, CERT_EXACT);
	assert_true(g.got[0].moved);
	rig_check_verb(&g, 1, 0x02050010, true, 0, CERT_EXACT);
	assert_true(g.got[1].moved);
	assert_int_equal(g.got[2].kind, XACT_UNSOL);
	rig_check_verb(&g, 3, 0x0a0f0000, true, 7, CERT_EXACT);
	assert_false(g.got[3].moved);
}

/* Verbs whose response the tool does not record are neither waited for nor called unanswered. */
static void unrecorded(void **state)
{
	struct rig g;

	rig_init(&g);
	word(&g, 0x01470740, ANSWER_UNRECORDED);
	word(&g, 0x014f0700, ANSWER_DUE);
	pair(&g, 0x40, 0);
	word(&g, 0xf1470740, ANSWER_UNRECORDED);
	rig_done(&g);
	assert_int_equal(g.n, 3);
	rig_check_verb(&g, 0, 0x01470740, false, 0, CERT_EXACT);
	assert_true(g.got[0].unrecorded);
	rig_check_verb(&g, 1, 0x014f0700, true, 0x40, CERT_EXACT);
	assert_int_equal(g.got[2].kind, XACT_BROADCAST);
}

/* Lost verbs keep their place in the codec's order; one that is answered is shown. */
static void lost_verbs_stand_in_line(void **state)
{
	struct rig g;

	rig_init(&g);
	word(&g, 0x01470740, ANSWER_DUE);
	lost(&g, GAP_VERBS, 2);
	word(&g, 0x014f0700, ANSWER_DUE);
	pair(&g, 0, 0);
	pair(&g, 0x11, 0);
	pair(&g, 0x22, 0);
	pair(&g, 0x40, 0);
	rig_done(&g);
	assert_int_equal(g.n, 5);
	rig_check_verb(&g, 0, 0x01470740, true, 0, CERT_EXACT);
	assert_int_equal(g.got[1].kind, XACT_GAP);
	assert_int_equal(g.got[1].gap, GAP_VERBS);
	assert_int_equal(g.got[1].count, 2);
	for (unsigned int i = 2; i < 4; i++) {
		assert_false(g.got[i].has_verb);
		assert_int_equal(g.got[i].resp, (i - 1) * 0x11);
		assert_int_equal(g.got[i].certainty, CERT_LOST);
	}
	rig_check_verb(&g, 4, 0x014f0700, true, 0x40, CERT_EXACT);
}

/* A batch that was lost with its answers is one gap, and everything after it is exact. */
static void a_lost_batch(void **state)
{
	struct rig g;

	rig_init(&g);
	word(&g, 0x01470740, ANSWER_DUE);
	pair(&g, 0, 0);
	lost(&g, GAP_VERBS, 5);
	lost(&g, GAP_RESPONSES, 5);
	word(&g, 0x014f0700, ANSWER_DUE);
	pair(&g, 0x40, 0);
	rig_done(&g);
	assert_int_equal(g.n, 3);
	assert_int_equal(g.got[1].count, 5);
	rig_check_verb(&g, 2, 0x014f0700, true, 0x40, CERT_EXACT);
}

/* Only the answers are lost: their verbs are not unanswered, and doubtful ones are marked. */
static void lost_responses(void **state)
{
	struct rig g;

	rig_init(&g);
	word(&g, 0x01470740, ANSWER_DUE);
	word(&g, 0x01570740, ANSWER_DUE);
	lost(&g, GAP_RESPONSES, 2);
	word(&g, 0x014f0700, ANSWER_DUE);
	pair(&g, 0x40, 0);
	/* fewer than expected: one of the lost may have been unsolicited */
	word(&g, 0x01670740, ANSWER_DUE);
	word(&g, 0x016f0700, ANSWER_DUE);
	lost(&g, GAP_RESPONSES, 1);
	pair(&g, 0x20, 0);
	word(&g, 0x017f0700, ANSWER_DUE);
	pair(&g, 0x21, 0);
	rig_done(&g);
	assert_int_equal(g.n, 8);
	rig_check_verb(&g, 0, 0x01470740, false, 0, CERT_EXACT);
	assert_true(g.got[0].unrecorded);
	rig_check_verb(&g, 1, 0x01570740, false, 0, CERT_EXACT);
	assert_int_equal(g.got[2].gap, GAP_RESPONSES);
	rig_check_verb(&g, 3, 0x014f0700, true, 0x40, CERT_EXACT);
	rig_check_verb(&g, 4, 0x01670740, false, 0, CERT_EXACT);
	rig_check_verb(&g, 5, 0x016f0700, true, 0x20, CERT_CONFLICTING);
	assert_int_equal(g.got[6].kind, XACT_GAP);
	rig_check_verb(&g, 7, 0x017f0700, true, 0x21, CERT_EXACT);
}

/* With two codecs it is unknown whose verbs were lost: everything after it is doubtful. */
static void lost_among_two_codecs(void **state)
{
	struct rig g;

	rig_init(&g);
	word(&g, 0x000f0000, ANSWER_DUE);
	pair(&g, 1, 0);
	word(&g, 0x200f0000, ANSWER_DUE);
	pair(&g, 2, 2);
	lost(&g, GAP_VERBS, 1);
	word(&g, 0x200f0000, ANSWER_DUE);
	pair(&g, 3, 2);
	rig_done(&g);
	assert_int_equal(g.n, 4);
	rig_check_verb(&g, 3, 0x200f0000, true, 3, CERT_CONFLICTING);
}

/* Another recording has no state of the first: no base, no pointer, no unfinished verb. */
static void parts(void **state)
{
	struct rig g;

	rig_init(&g);
	rig_setup(&g, 2);
	rig_put_verb(&g, 1, 0x000f0000);
	rig_wr(&g, R_CORBWP, 2, 1);
	rig_feed(&g, &(struct event){
		.kind = EV_PART, .time = EVENT_TIME_NONE, .data = "second", .len = 6 });
	pair(&g, 0x10ec0298, 0);
	rig_wr(&g, R_CORBWP, 2, 2);
	rig_done(&g);
	rig_check_verb(&g, 0, 0x000f0000, false, 0, CERT_UNANSWERED);
	assert_int_equal(g.got[1].kind, XACT_MARK);
	assert_string_equal(g.text[1], "second");
	assert_int_equal(g.got[2].kind, XACT_SPURIOUS);
	for (unsigned int i = 3; i < g.n; i++)
		assert_true(g.got[i].kind == XACT_NOTE || g.got[i].certainty == CERT_LOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_not_believed),
		cmocka_unit_test(unrecorded),
		cmocka_unit_test(lost_verbs_stand_in_line),
		cmocka_unit_test(a_lost_batch),
		cmocka_unit_test(lost_responses),
		cmocka_unit_test(lost_among_two_codecs),
		cmocka_unit_test(parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
