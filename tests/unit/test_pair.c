// SPDX-License-Identifier: GPL-2.0-or-later
/* Pairing of responses with verbs, immediate commands, and the proof. */
#include <stdio.h>

#include "hda_rig.h"

static struct rig g;

static void by_codec_not_by_index(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	rig_put_verb(&g, 1, 0x000f0000);
	rig_put_verb(&g, 2, 0x200f0000);
	rig_put_verb(&g, 3, 0x000f0001);
	rig_wr(&g, R_CORBWP, 2, 3);
	/* an unsolicited one first, then codec 2 before codec 0 */
	rig_put_response(&g, 1, 0x04000001, 0x10);
	rig_put_response(&g, 2, 0x22222222, 2);
	rig_put_response(&g, 3, 0x00000001, 0);
	rig_put_response(&g, 4, 0x00000002, 0);
	rig_rd(&g, R_RIRBWP, 2, 4);
	rig_done(&g);
	assert_int_equal(g.n, 4);
	rig_check_verb(&g, 0, 0x000f0000, true, 1, CERT_EXACT);
	rig_check_verb(&g, 1, 0x200f0000, true, 0x22222222, CERT_EXACT);
	rig_check_verb(&g, 2, 0x000f0001, true, 2, CERT_EXACT);
	assert_int_equal(g.got[3].kind, XACT_UNSOL);
	assert_int_equal(g.got[3].resp, 0x04000001);
	assert_int_equal(g.got[3].slot, 1);
	assert_int_equal(g.got[3].certainty, CERT_EXACT);
}

static void broadcast_waits_for_nothing(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	rig_put_verb(&g, 1, 0xf0170500);
	rig_put_verb(&g, 2, 0x00170500);
	rig_wr(&g, R_CORBWP, 2, 2);
	rig_put_response(&g, 1, 7, 0);
	rig_rd(&g, R_RIRBWP, 2, 1);
	rig_done(&g);
	assert_int_equal(g.n, 2);
	assert_int_equal(g.got[0].kind, XACT_BROADCAST);
	assert_int_equal(g.got[0].certainty, CERT_EXACT);
	rig_check_verb(&g, 1, 0x00170500, true, 7, CERT_EXACT);
}

static void nobody_asked(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	rig_put_response(&g, 1, 0x1234, 3);
	rig_rd(&g, R_RIRBWP, 2, 1);
	rig_done(&g);
	assert_int_equal(g.n, 1);
	assert_int_equal(g.got[0].kind, XACT_SPURIOUS);
	assert_int_equal(g.got[0].cad, 3);
	assert_int_equal(g.got[0].certainty, CERT_CONFLICTING);
}

/* A verb that times out does not shift the following ones without a mark. */
static void timeout(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	rig_put_verb(&g, 1, 0x11);
	rig_wr(&g, R_CORBWP, 2, 1);
	g.time += 1100000000;
	rig_put_verb(&g, 2, 0x22);
	rig_wr(&g, R_CORBWP, 2, 2);
	assert_int_equal(g.n, 1);
	rig_check_verb(&g, 0, 0x11, false, 0, CERT_UNANSWERED);
	rig_put_response(&g, 1, 0xaa, 0);
	rig_rd(&g, R_RIRBWP, 2, 1);
	rig_done(&g);
	rig_check_verb(&g, 1, 0x22, true, 0xaa, CERT_EXACT);
}

static void reset_leaves_unanswered(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	rig_put_verb(&g, 1, 0x11);
	rig_wr(&g, R_CORBWP, 2, 1);
	rig_wr(&g, R_GCTL, 4, 0);
	assert_int_equal(g.n, 2);
	rig_check_verb(&g, 0, 0x11, false, 0, CERT_UNANSWERED);
	assert_int_equal(g.got[1].kind, XACT_RESET);
	rig_done(&g);
}

static void gap_makes_pairs_doubtful(void **state)
{
	const struct event gap = { .kind = EV_GAP, .value = 2, .data = "two lines", .len = 9 };

	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	rig_put_verb(&g, 1, 0x11);
	rig_wr(&g, R_CORBWP, 2, 1);
	rig_feed(&g, &gap);
	rig_put_response(&g, 1, 0xaa, 0);
	rig_rd(&g, R_RIRBWP, 2, 1);
	rig_put_verb(&g, 2, 0x22);
	rig_wr(&g, R_CORBWP, 2, 2);
	rig_put_response(&g, 2, 0xbb, 0);
	rig_rd(&g, R_RIRBWP, 2, 2);
	rig_done(&g);
	assert_int_equal(g.n, 3);
	rig_check_verb(&g, 0, 0x11, true, 0xaa, CERT_CONFLICTING);
	assert_int_equal(g.got[1].kind, XACT_GAP);
	assert_int_equal(g.got[1].count, 2);
	rig_check_verb(&g, 2, 0x22, true, 0xbb, CERT_EXACT);	/* the order is certain again */
}

static void immediate(void **state)
{
	(void)state;
	rig_init(&g);
	rig_rd(&g, R_ICIS, 2, 0);
	rig_wr(&g, R_ICIS, 2, 2);
	rig_wr(&g, R_ICOI, 4, 0x000f0000);
	assert_int_equal(g.n, 0);		/* not sent before ICB */
	rig_wr(&g, R_ICIS, 2, 3);
	rig_rd(&g, R_ICIS, 2, 1);
	rig_rd(&g, R_ICIS, 2, 2);
	rig_rd(&g, R_ICII, 4, 0x10ec0298);
	assert_int_equal(g.n, 1);
	assert_int_equal(g.got[0].kind, XACT_IMMEDIATE);
	assert_int_equal(g.got[0].verb, 0x000f0000);
	assert_int_equal(g.got[0].resp, 0x10ec0298);
	assert_int_equal(g.got[0].certainty, CERT_EXACT);
	/* one whose answer was never read, then one that was read without being valid */
	rig_wr(&g, R_ICOI, 4, 0x00170500);
	rig_wr(&g, R_ICIS, 2, 3);
	rig_wr(&g, R_ICOI, 4, 0x00170503);
	rig_wr(&g, R_ICIS, 1, 1);
	rig_rd(&g, R_ICII, 4, 0x55);
	rig_done(&g);
	assert_int_equal(g.n, 3);
	assert_int_equal(g.got[1].certainty, CERT_UNANSWERED);
	assert_int_equal(g.got[2].certainty, CERT_CONFLICTING);
	assert_int_equal(g.got[2].resp, 0x55);
}

/* --- the proof ------------------------------------------------------------- */

/* Sends verbs one by one while the horizon stays after the first. */
static void send(unsigned int from, unsigned int n)
{
	for (unsigned int i = from; i < from + n; i++) {
		rig_put_verb(&g, i % 256, i);
		rig_wr(&g, R_CORBWP, 2, i % 256);
	}
}

static void answer_all(unsigned int n)
{
	for (unsigned int i = 1; i <= n; i++) {
		rig_put_response(&g, i % 256, i, 0);
		rig_rd(&g, R_RIRBWP, 2, i % 256);
	}
}

static void under_way_for_less_than_a_ring(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	g.late = true;
	send(1, 200);
	rig_horizon(&g);
	send(201, 1);
	rig_horizon(&g);
	rig_done(&g);
	assert_int_equal(g.n, 201);
	for (unsigned int i = 0; i < 201; i++)
		rig_check_verb(&g, i, i + 1, false, 0, CERT_UNANSWERED);
}

static void slot_came_round_before_the_horizon(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	g.late = true;
	/*
	 * 256 + 10 words had been sent when the first was read: its slot and nine more were
	 * used again
	 */
	send(1, 266);
	rig_horizon(&g);
	send(267, 1);
	rig_horizon(&g);
	rig_done(&g);
	assert_int_equal(g.n, 267);
	for (unsigned int i = 0; i < 267; i++) {
		/* the tenth shares its slot with the announcement after the horizon */
		bool reused = i < 11;

		assert_int_equal(g.got[i].certainty, reused ? CERT_SUSPECT : CERT_UNANSWERED);
	}
}

/* Words may be in the ring before they are announced: hence one more announcement. */
static void the_one_more(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	g.late = true;
	send(1, 10);
	rig_horizon(&g);
	/* one announcement of 250 words, slots 11 to 255 and 0 to 4 */
	rig_wr(&g, R_CORBWP, 2, 4);
	rig_horizon(&g);
	rig_done(&g);
	for (unsigned int i = 0; i < 10; i++)
		assert_int_equal(g.got[i].certainty, i < 4 ? CERT_SUSPECT : CERT_UNANSWERED);
}

/* Memory that is read after the ring was stopped may contain anything. */
static void stopped_before_the_horizon(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	g.late = true;
	send(1, 1);
	rig_wr(&g, R_CORBCTL, 1, 0);
	rig_horizon(&g);
	rig_done(&g);
	assert_int_equal(g.got[0].certainty, CERT_SUSPECT);

	rig_init(&g);
	rig_setup(&g, 2);
	g.late = true;
	send(1, 1);
	rig_horizon(&g);
	rig_wr(&g, R_CORBCTL, 1, 0);
	rig_done(&g);
	assert_int_equal(g.got[0].certainty, CERT_UNANSWERED);
}

/* The announcement that the proof waits for may be among the missing ones. */
static void a_gap_before_the_proof(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	g.late = true;
	send(1, 10);
	rig_horizon(&g);
	rig_feed(&g, &(struct event){ .kind = EV_GAP, .time = g.time, .addr = GAP_EVENTS,
				      .value = 1, .data = "lost", .len = 4 });
	send(11, 1);
	rig_horizon(&g);
	rig_done(&g);
	unsigned int n = 0;

	for (unsigned int i = 0; i < g.n; i++) {
		if (g.got[i].kind != XACT_CORB)
			continue;
		/* the newest before the gap needed no announcement after it */
		assert_int_equal(g.got[i].certainty, n < 9 ? CERT_SUSPECT : CERT_UNANSWERED);
		n++;
	}
	assert_int_equal(n, 11);
}

static void no_horizon_no_proof(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	g.late = true;
	send(1, 3);
	rig_done(&g);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(g.got[i].certainty, CERT_SUSPECT);
}

/* A damaged capture has lost reads of memory: a horizon must not prove others instead. */
static void a_horizon_after_a_loss(void **state)
{
	const struct event first_two = { .kind = EV_HORIZON, .value = 3 };

	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	g.late = true;
	/* five reads were made, the first two are missing here; this horizon belongs to them */
	send(3, 3);
	rig_feed(&g, &first_two);
	rig_wr(&g, R_CORBCTL, 1, 0);
	rig_done(&g);
	/* slots 1 and 2 are announced with the first that is there */
	assert_int_equal(g.n, 5);
	for (unsigned int i = 2; i < g.n; i++)
		assert_int_equal(g.got[i].certainty, CERT_SUSPECT);
}

/* The same for the RIRB: more responses than slots before the read. */
static void responses_came_round(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	send(1, 100);
	g.late = true;
	answer_all(100);
	send(101, 200);
	for (unsigned int i = 101; i <= 300; i++) {
		rig_put_response(&g, i % 256, i, 0);
		rig_rd(&g, R_RIRBWP, 2, i % 256);
	}
	rig_horizon(&g);
	rig_rd(&g, R_RIRBSTS, 1, 0);
	rig_done(&g);
	assert_int_equal(g.n, 300);
	for (unsigned int i = 0; i < 300; i++) {
		assert_true(g.got[i].has_resp);
		if (i < 44)	/* slots 1 to 44 were filled twice before they were read */
			assert_int_equal(g.got[i].certainty, CERT_SUSPECT);
	}
	assert_int_equal(g.got[299].certainty, CERT_EXACT);
}

static void memory_that_never_comes(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	g.no_memory = true;
	send(1, 3);
	rig_rd(&g, R_RIRBWP, 2, 3);
	g.no_memory = false;
	send(4, 1);
	rig_put_response(&g, 4, 0xdd, 0);
	rig_rd(&g, R_RIRBWP, 2, 4);
	rig_done(&g);
	unsigned int lost = 0;
	for (unsigned int i = 0; i < g.n; i++)
		lost += g.got[i].certainty == CERT_LOST && g.got[i].kind == XACT_CORB;
	assert_int_equal(lost, 3);
	rig_check_verb(&g, g.n - 1, 4, true, 0xdd, CERT_EXACT);
}

static void words_of_another_tool(void **state)
{
	(void)state;
	rig_init(&g);
	rig_feed(&g, &(struct event){ .kind = EV_CORB_WORD, .addr = 7, .value = 0x000f0000,
				      .time = EVENT_TIME_NONE, .line = 12 });
	rig_feed(&g, &(struct event){ .kind = EV_RIRB_PAIR, .addr = EVENT_NO_SLOT,
				      .value = 0x10ec0298, .time = EVENT_TIME_NONE });
	rig_done(&g);
	assert_int_equal(g.n, 1);
	rig_check_verb(&g, 0, 0x000f0000, true, 0x10ec0298, CERT_EXACT);
	assert_int_equal(g.got[0].line, 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_codec_not_by_index),
		cmocka_unit_test(broadcast_waits_for_nothing),
		cmocka_unit_test(nobody_asked),
		cmocka_unit_test(timeout),
		cmocka_unit_test(reset_leaves_unanswered),
		cmocka_unit_test(gap_makes_pairs_doubtful),
		cmocka_unit_test(immediate),
		cmocka_unit_test(under_way_for_less_than_a_ring),
		cmocka_unit_test(slot_came_round_before_the_horizon),
		cmocka_unit_test(the_one_more),
		cmocka_unit_test(stopped_before_the_horizon),
		cmocka_unit_test(a_gap_before_the_proof),
		cmocka_unit_test(no_horizon_no_proof),
		cmocka_unit_test(a_horizon_after_a_loss),
		cmocka_unit_test(responses_came_round),
		cmocka_unit_test(memory_that_never_comes),
		cmocka_unit_test(words_of_another_tool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
