// SPDX-License-Identifier: GPL-2.0-or-later
/* The rings: every way in which a driver may place, size, fill, stop and move them. */
#include <stdio.h>

#include "hda_rig.h"

static struct rig g;

static void verb_with_response(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	rig_put_verb(&g, 1, 0x000f0000);
	rig_wr(&g, R_CORBWP, 2, 1);
	assert_int_equal(g.n, 0);	/* not finished */
	rig_put_response(&g, 1, 0x10ec0298, 0);
	rig_rd(&g, R_RIRBWP, 2, 1);
	rig_rd(&g, R_RIRBSTS, 1, 1);
	assert_int_equal(g.n, 1);	/* and given at once, without waiting for the next */
	rig_check_verb(&g, 0, 0x000f0000, true, 0x10ec0298, CERT_EXACT);
	assert_int_equal(g.got[0].slot, 1);
	assert_int_equal(g.got[0].index, 1);
	assert_true(g.got[0].t_resp > g.got[0].t_verb);
	rig_done(&g);
	assert_int_equal(g.n, 1);
}

static void several_in_one_write(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	for (unsigned int i = 1; i <= 5; i++) {
		rig_put_verb(&g, i, 0x00170500 + i);
		rig_put_response(&g, i, 0x100 + i, 0);
	}
	rig_wr(&g, R_CORBWP, 2, 5);
	rig_rd(&g, R_RIRBWP, 2, 5);
	rig_done(&g);
	assert_int_equal(g.n, 5);
	for (unsigned int i = 0; i < 5; i++) {
		rig_check_verb(&g, i, 0x00170501 + i, true, 0x101 + i, CERT_EXACT);
		assert_int_equal(g.got[i].batch, 5);
	}
}

/* A batch that passes the end of the ring, which other tools lose. */
static void batch_wraps(void **state)
{
	static const unsigned int codes[] = { 0, 1, 2 }, sizes[] = { 2, 16, 256 };

	(void)state;
	for (unsigned int k = 0; k < 3; k++) {
		unsigned int size = sizes[k], step = size == 2 ? 1 : size / 2 - 1, sent = 0;

		rig_init(&g);
		rig_setup(&g, codes[k]);
		for (unsigned int round = 0; round < 7; round++) {
			for (unsigned int i = 0; i < step; i++, sent++) {
				rig_put_verb(&g, (sent + 1) % size, sent);
				rig_put_response(&g, (sent + 1) % size, ~sent, 0);
			}
			rig_wr(&g, R_CORBWP, 2, sent % size);
			rig_rd(&g, R_RIRBWP, 2, sent % size);
		}
		rig_done(&g);
		assert_int_equal(g.n, sent);
		for (unsigned int i = 0; i < sent; i++)
			rig_check_verb(&g, i, i, true, ~i, CERT_EXACT);
	}
}

static void bases_in_any_order(void **state)
{
	static const struct { uint64_t off; unsigned int width; uint64_t v; } ways[][2] = {
		{ { R_CORBUBASE, 4, CORB >> 32 }, { R_CORBLBASE, 4, (uint32_t)CORB } },
		{ { R_CORBLBASE, 8, CORB }, { R_CORBLBASE, 8, CORB } },
		{ { R_CORBLBASE, 4, (uint32_t)CORB }, { R_CORBUBASE, 4, CORB >> 32 } },
	};

	(void)state;
	for (unsigned int k = 0; k < ARRAY_SIZE(ways); k++) {
		rig_init(&g);
		rig_setup(&g, 2);
		rig_wr(&g, R_CORBCTL, 1, 0);
		rig_wr(&g, R_CORBLBASE, 8, 0);
		for (int i = 0; i < 2; i++)
			rig_wr(&g, ways[k][i].off, ways[k][i].width, ways[k][i].v);
		rig_wr(&g, R_CORBCTL, 1, 2);
		rig_put_verb(&g, 1, 0xabcde);
		rig_wr(&g, R_CORBWP, 1, 1);
		rig_done(&g);
		assert_int_equal(g.n, 1);
		rig_check_verb(&g, 0, 0xabcde, false, 0, CERT_UNANSWERED);
	}
}

/* One access over several registers: a dword at 0x48 writes CORBWP and CORBRP. */
static void wide_writes(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	rig_put_verb(&g, 1, 0x11);
	rig_wr(&g, R_CORBWP, 4, 1);
	rig_put_verb(&g, 2, 0x22);
	/* 8 bytes from 0x48: WP 2, RP 0, RUN, SIZE 256 */
	rig_wr(&g, R_CORBWP, 8, 2ull | 2ull << 32 | 2ull << 48);
	rig_done(&g);
	assert_int_equal(g.n, 2);
	rig_check_verb(&g, 0, 0x11, false, 0, CERT_UNANSWERED);
	rig_check_verb(&g, 1, 0x22, false, 0, CERT_UNANSWERED);
}

static void pointer_reset_in_a_wide_write(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	rig_put_verb(&g, 1, 0x11);
	rig_wr(&g, R_CORBWP, 2, 1);
	rig_wr(&g, R_CORBCTL, 1, 0);
	rig_wr(&g, R_CORBWP, 4, 0x80000000);	/* WP 0 and CORBRPRST at once */
	rig_wr(&g, R_CORBRP, 2, 0);
	rig_wr(&g, R_CORBCTL, 1, 2);
	rig_put_verb(&g, 1, 0x33);
	rig_wr(&g, R_CORBWP, 2, 1);
	rig_done(&g);
	assert_int_equal(g.n, 2);
	rig_check_verb(&g, 0, 0x11, false, 0, CERT_UNANSWERED);
	rig_check_verb(&g, 1, 0x33, false, 0, CERT_UNANSWERED);
}

static void nothing_is_sent_while_stopped(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	rig_wr(&g, R_CORBCTL, 1, 0);
	rig_put_verb(&g, 1, 0x11);
	rig_put_verb(&g, 2, 0x22);
	rig_wr(&g, R_CORBWP, 2, 2);
	assert_int_equal(g.n, 0);
	rig_wr(&g, R_CORBCTL, 1, 2);	/* now the hardware fetches both */
	rig_done(&g);
	assert_int_equal(g.n, 2);
	rig_check_verb(&g, 0, 0x11, false, 0, CERT_UNANSWERED);
	rig_check_verb(&g, 1, 0x22, false, 0, CERT_UNANSWERED);
}

static void response_pointer_read_as_byte_or_more(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	for (unsigned int i = 1; i <= 3; i++) {
		rig_put_verb(&g, i, i);
		rig_put_response(&g, i, 0x100 * i, 0);
		rig_wr(&g, R_CORBWP, 2, i);
	}
	rig_rd(&g, R_RIRBWP, 1, 1);
	rig_rd(&g, R_RIRBWP, 2, 2);
	rig_rd(&g, R_RIRBWP, 4, 0x00010003);	/* RINTCNT above it */
	rig_done(&g);
	assert_int_equal(g.n, 3);
	for (unsigned int i = 1; i <= 3; i++)
		rig_check_verb(&g, i - 1, i, true, 0x100 * i, CERT_EXACT);
}

static void ring_moves(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	rig_put_verb(&g, 1, 0x11);
	rig_wr(&g, R_CORBWP, 2, 1);
	rig_put_response(&g, 1, 0xaa, 0);
	rig_rd(&g, R_RIRBWP, 2, 1);
	/* as Linux does when the driver is bound again */
	rig_wr(&g, R_CORBCTL, 1, 0);
	rig_wr(&g, R_RIRBCTL, 1, 0);
	rig_wr(&g, R_GCTL, 4, 0);
	rig_wr(&g, R_GCTL, 4, 1);
	rig_wr(&g, R_CORBLBASE, 8, RAM_BASE + 0x4000);
	rig_wr(&g, R_CORBSIZE, 1, 2);
	rig_wr(&g, R_CORBCTL, 1, 2);
	rig_wr(&g, R_RIRBLBASE, 8, RAM_BASE + 0x4800);
	rig_wr(&g, R_RIRBCTL, 1, 2);
	store_le32(g.ram + 0x4004, 0x22);
	rig_wr(&g, R_CORBWP, 2, 1);
	store_le32(g.ram + 0x4808, 0xbb);
	rig_rd(&g, R_RIRBWP, 2, 1);
	rig_done(&g);
	assert_int_equal(g.n, 3);
	rig_check_verb(&g, 0, 0x11, true, 0xaa, CERT_EXACT);
	assert_int_equal(g.got[1].kind, XACT_RESET);
	rig_check_verb(&g, 2, 0x22, true, 0xbb, CERT_EXACT);
}

static void size_changes_while_running(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	rig_put_verb(&g, 1, 0x11);
	rig_wr(&g, R_CORBWP, 2, 1);
	rig_wr(&g, R_CORBSIZE, 1, 1);
	assert_int_equal(g.got[0].kind == XACT_NOTE || g.n == 0, true);
	for (unsigned int i = 2; i <= 17; i++) {
		rig_put_verb(&g, i % 16, i);
		rig_wr(&g, R_CORBWP, 2, i % 16);
	}
	rig_done(&g);
	unsigned int verbs = 0;
	for (unsigned int i = 0; i < g.n; i++)
		verbs += g.got[i].kind == XACT_CORB;
	assert_int_equal(verbs, 17);
	rig_check_verb(&g, g.n - 1, 17, false, 0, CERT_UNANSWERED);
}

/* Most controllers have one size only, and SIZE always reads as that size. */
static void size_that_is_not_taken(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	for (unsigned int i = 1; i <= 40; i++) {
		rig_put_verb(&g, i, i);
		rig_wr(&g, R_CORBWP, 2, i);
		rig_put_response(&g, i, ~i, 0);
		rig_rd(&g, R_RIRBWP, 2, i);
		if (i == 20) {
			rig_wr(&g, R_CORBSIZE, 1, 0);
			rig_rd(&g, R_CORBSIZE, 1, 0x42);
			rig_wr(&g, R_RIRBSIZE, 1, 1);
			rig_rd(&g, R_RIRBSIZE, 1, 0x42);
		}
		if (i == 30)
			rig_wr(&g, R_CORBSIZE, 1, 1);	/* known to be refused by now */
	}
	rig_done(&g);
	unsigned int verbs = 0, notes = 0;
	for (unsigned int i = 0; i < g.n; i++) {
		if (g.got[i].kind == XACT_NOTE) {
			notes++;
			continue;
		}
		verbs++;
		rig_check_verb(&g, i, verbs, true, ~verbs, CERT_EXACT);
	}
	assert_int_equal(verbs, 40);
	assert_int_equal(notes, 1);
}

static void base_outside_memory(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	rig_wr(&g, R_CORBLBASE, 8, 0xfee00000ull);
	rig_wr(&g, R_CORBWP, 2, 3);
	rig_done(&g);
	assert_int_equal(g.n, 4);
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(g.got[i].kind, XACT_CORB);
		assert_int_equal(g.got[i].certainty, CERT_LOST);
		assert_false(g.got[i].has_verb);
	}
	assert_int_equal(g.got[3].kind, XACT_NOTE);
	assert_non_null(strstr(g.text[3], "not in RAM"));
}

static void base_not_aligned(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	rig_wr(&g, R_CORBLBASE, 4, (uint32_t)CORB | 0x44);
	rig_put_verb(&g, 1, 0x77);
	rig_wr(&g, R_CORBWP, 2, 1);
	rig_done(&g);
	assert_int_equal(g.n, 2);
	assert_int_equal(g.got[0].kind, XACT_NOTE);
	assert_non_null(strstr(g.text[0], "multiple of 128"));
	rig_check_verb(&g, 1, 0x77, false, 0, CERT_UNANSWERED);
}

/* A capture that begins late learns what it can from the guest's reads. */
static void late_start(void **state)
{
	(void)state;
	rig_init(&g);
	rig_rd(&g, R_CORBWP, 2, 0x41);
	rig_rd(&g, R_CORBLBASE, 4, (uint32_t)CORB);
	rig_rd(&g, R_CORBUBASE, 4, CORB >> 32);
	rig_put_verb(&g, 0x42, 0x4242);
	rig_wr(&g, R_CORBWP, 2, 0x42);
	rig_done(&g);
	assert_int_equal(g.n, 1);
	rig_check_verb(&g, 0, 0x4242, false, 0, CERT_UNANSWERED);

	rig_init(&g);
	rig_wr(&g, R_CORBWP, 2, 0x42);
	rig_wr(&g, R_CORBWP, 2, 0x44);
	rig_done(&g);
	unsigned int lost = 0, notes = 0;
	for (unsigned int i = 0; i < g.n; i++) {
		lost += g.got[i].kind == XACT_CORB && g.got[i].certainty == CERT_LOST;
		notes += g.got[i].kind == XACT_NOTE;
	}
	assert_int_equal(lost, 3);
	assert_int_equal(notes, 2);
}

/*
 * A read by hdadump itself, through the monitor, as hdadump attach makes it
 * (live/controller_probe.c).
 */
static void look(uint64_t off, unsigned int width, uint64_t value)
{
	g.time += 1000;
	rig_feed(&g, &(struct event){
		.kind = EV_MMIO_READ, .time = g.time, .addr = off, .width = (uint8_t)width,
		.value = value, .origin = ORIGIN_MONITOR });
}

/* The rings were set up before: their contents are old, everything after is complete. */
static void rings_looked_up(void **state)
{
	(void)state;
	rig_init(&g);
	for (unsigned int i = 0; i < 16; i++)
		rig_put_verb(&g, i, 0xdead0000 + i);
	look(R_GCTL, 4, 1);
	look(R_CORBSIZE, 1, 0x21);	/* 16 entries, which is all it has */
	look(R_CORBLBASE, 4, (uint32_t)CORB);
	look(R_CORBUBASE, 4, CORB >> 32);
	look(R_CORBCTL, 1, CORBCTL_RUN);
	look(R_CORBWP, 2, 14);
	look(R_RIRBSIZE, 1, 0x21);
	look(R_RIRBLBASE, 4, (uint32_t)RIRB);
	look(R_RIRBUBASE, 4, RIRB >> 32);
	look(R_RIRBCTL, 1, RIRBCTL_DMAEN);
	look(R_RIRBWP, 2, 14);
	/* the guest has not read the last answer yet: it belongs to an old verb */
	rig_rd(&g, R_RIRBWP, 2, 14);
	assert_int_equal(g.n, 0);
	/* three verbs round the ring's end, their answers, and the last one read only by us */
	rig_put_verb(&g, 15, 0x15);
	rig_put_verb(&g, 0, 0x16);
	rig_put_verb(&g, 1, 0x17);
	rig_wr(&g, R_CORBWP, 2, 1);
	rig_put_response(&g, 15, 0x115, 0);
	rig_put_response(&g, 0, 0x116, 0);
	rig_rd(&g, R_RIRBWP, 2, 0);
	rig_put_response(&g, 1, 0x117, 0);
	look(R_RIRBWP, 2, 1);
	rig_done(&g);
	assert_int_equal(g.n, 3);
	for (unsigned int i = 0; i < 3; i++)
		rig_check_verb(&g, i, 0x15 + i, true, 0x115 + i, CERT_EXACT);
}

static void controllers_are_kept_apart(void **state)
{
	(void)state;
	rig_init(&g);
	rig_setup(&g, 2);
	rig_put_verb(&g, 1, 0x11);
	rig_wr(&g, R_CORBWP, 2, 1);
	g.ctrl = 1;
	rig_wr(&g, R_GCTL, 4, 0);
	rig_wr(&g, R_GCTL, 4, 1);
	rig_wr(&g, R_CORBLBASE, 8, RAM_BASE + 0x8000);
	rig_wr(&g, R_CORBCTL, 1, 2);
	store_le32(g.ram + 0x8004, 0x99);
	rig_wr(&g, R_CORBWP, 2, 1);
	rig_done(&g);
	assert_int_equal(g.n, 3);
	for (unsigned int i = 0; i < 3; i++)
		if (g.got[i].kind == XACT_CORB)
			assert_int_equal(g.got[i].verb, g.got[i].ctrl ? 0x99 : 0x11);
}

static void registers_have_names(void **state)
{
	int stream;

	(void)state;
	assert_string_equal(reg_find(0x48, &stream)->name, "CORBWP");
	assert_string_equal(reg_find(0x4b, &stream)->name, "CORBRP");
	assert_int_equal(stream, -1);
	assert_string_equal(reg_find(0x103, &stream)->name, "SDSTS");
	assert_int_equal(stream, 4);
	assert_null(reg_find(0x4f, &stream));
	assert_null(reg_find(0x80 + 30 * 0x20, &stream));
	/* rows neither overlap nor go backwards */
	for (const struct hda_reg *r = reg_table(); r[0].name && r[1].name; r++)
		assert_true(r[0].offset + r[0].width <= r[1].offset);
	for (const struct hda_reg *r = reg_sd_table(); r[0].name && r[1].name; r++)
		assert_true(r[0].offset + r[0].width <= r[1].offset);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verb_with_response),
		cmocka_unit_test(several_in_one_write),
		cmocka_unit_test(batch_wraps),
		cmocka_unit_test(bases_in_any_order),
		cmocka_unit_test(wide_writes),
		cmocka_unit_test(pointer_reset_in_a_wide_write),
		cmocka_unit_test(nothing_is_sent_while_stopped),
		cmocka_unit_test(response_pointer_read_as_byte_or_more),
		cmocka_unit_test(ring_moves),
		cmocka_unit_test(size_changes_while_running),
		cmocka_unit_test(size_that_is_not_taken),
		cmocka_unit_test(base_outside_memory),
		cmocka_unit_test(base_not_aligned),
		cmocka_unit_test(late_start),
		cmocka_unit_test(rings_looked_up),
		cmocka_unit_test(controllers_are_kept_apart),
		cmocka_unit_test(registers_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
