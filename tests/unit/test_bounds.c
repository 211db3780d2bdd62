// SPDX-License-Identifier: GPL-2.0-or-later
/* The most that a guest, or a file, can make wait in a controller's model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hda/ctrl.h"
#include "hda/regs.h"

#define WORDS 300000u
#define BATCH 255u
#define CORB_BASE 0x10000

struct play {
	struct ctrl c;
	uint64_t given[16];	/* by enum xact_kind */
	uint64_t certain[8];	/* verbs, by enum certainty */
	uint64_t words;		/* verbs whose word is known */
	uint64_t most;		/* most items that waited at once */
	size_t most_text;
};

static void drain(struct play *p)
{
	struct xact x;
	char *text;

	if (queue_len(&p->c.queue) > p->most)
		p->most = queue_len(&p->c.queue);
	if (p->c.text_bytes > p->most_text)
		p->most_text = p->c.text_bytes;
	while (ctrl_next(&p->c, &x, &text)) {
		p->given[x.kind]++;
		if (xact_is_verb(&x)) {
			p->certain[x.certainty]++;
			p->words += x.has_verb;
		}
		free(text);
	}
}

static void feed(struct play *p, struct event ev)
{
	ctrl_feed(&p->c, &ev);
	drain(p);
}

static void write_reg(struct play *p, uint64_t offset, uint8_t width, uint64_t value)
{
	feed(p, (struct event){ .kind = EV_MMIO_WRITE, .addr = offset, .width = width, .value = value });
}

static void begin(struct play *p)
{
	*p = (struct play){ 0 };
	ctrl_init(&p->c, 0);
	write_reg(p, R_GCTL, 4, 0);
	write_reg(p, R_GCTL, 4, 1);
	write_reg(p, R_CORBLBASE, 4, CORB_BASE);
	write_reg(p, R_CORBUBASE, 4, 0);
	write_reg(p, R_CORBSIZE, 1, 2);
	write_reg(p, R_CORBWP, 2, 0);
	write_reg(p, R_CORBCTL, 1, 2);
}

static void end(struct play *p)
{
	ctrl_finish(&p->c);
	drain(p);
	assert_false(p->c.nomem);
	assert_int_equal(queue_len(&p->c.queue), 0);
	assert_int_equal(p->c.text_bytes, 0);
	ctrl_deinit(&p->c);
}

/* Announces whole rings of verbs; no answer ever comes. */
static void announce_all(struct play *p, bool memory, enum event_origin origin)
{
	static const uint8_t words[BATCH * 4];
	struct mem_range range;
	uint16_t wp = 0;

	for (unsigned int n = 0; n < WORDS; n += BATCH) {
		wp = (wp + BATCH) % RING_MAX;
		write_reg(p, R_CORBWP, 2, wp);
		while (ring_next_want(&p->c, &range))
			if (memory)
				feed(p, (struct event){
					.kind = EV_MEM, .addr = range.addr, .len = range.len,
					.data = (const char *)words, .origin = (uint8_t)origin,
				});
	}
}

static void assert_bounded(const struct play *p)
{
	assert_in_range(p->most, 1, WAITING_MAX + 2 * RING_MAX);
	for (int i = 0; i < CODECS; i++)
		assert_true(p->c.fifo[i].tail - p->c.fifo[i].head <= WAITING_MAX);
	for (int i = 0; i < RINGS; i++)
		assert_true(p->c.ring[i].open.tail - p->c.ring[i].open.head <= 8 * RING_MAX);
}

static void no_answers(void **state)
{
	struct play p;

	(void)state;
	begin(&p);
	announce_all(&p, true, ORIGIN_BPF);
	assert_bounded(&p);
	assert_true(p.most <= 4 * RING_MAX);
	end(&p);
	assert_int_equal(p.words, (WORDS + BATCH - 1) / BATCH * BATCH);
	assert_int_equal(p.certain[CERT_EXACT], 0);
}

static void no_answers_and_no_proof(void **state)
{
	struct play p;

	(void)state;
	begin(&p);
	announce_all(&p, true, ORIGIN_PROCESS);
	assert_bounded(&p);
	end(&p);
	assert_int_equal(p.words, (WORDS + BATCH - 1) / BATCH * BATCH);
	assert_int_equal(p.certain[CERT_EXACT], 0);
	assert_int_equal(p.certain[CERT_UNANSWERED], 0);
}

static void no_memory(void **state)
{
	struct play p;

	(void)state;
	begin(&p);
	announce_all(&p, false, ORIGIN_PROCESS);
	assert_bounded(&p);
	end(&p);
	assert_int_equal(p.certain[CERT_LOST], (WORDS + BATCH - 1) / BATCH * BATCH);
}

/* One verb is not answered, and texts or register accesses wait after it. */
static void one_verb(struct play *p)
{
	static const uint8_t word[4];
	struct mem_range range;

	begin(p);
	write_reg(p, R_CORBWP, 2, 1);
	assert_true(ring_next_want(&p->c, &range));
	feed(p, (struct event){ .kind = EV_MEM, .addr = range.addr, .len = 4, .data = (const char *)word,
				.origin = ORIGIN_BPF });
}

static void notes_behind_a_verb(void **state)
{
	static char text[EVENT_MAX_DATA];
	struct play p;

	(void)state;
	memset(text, 'x', sizeof(text));
	one_verb(&p);
	for (unsigned int i = 0; i < 20000; i++)
		feed(&p, (struct event){ .kind = EV_NOTE, .data = text, .len = i % 2 ? sizeof(text) : 1 });
	assert_bounded(&p);
	assert_in_range(p.most_text, 1, WAITING_TEXT_MAX + 2 * EVENT_MAX_DATA);
	end(&p);
	/* one of them reports that so much waited */
	assert_int_equal(p.given[XACT_NOTE], 20001);
	assert_int_equal(p.certain[CERT_UNANSWERED], 1);
}

static void registers_behind_a_verb(void **state)
{
	struct play p;

	(void)state;
	one_verb(&p);
	p.c.show_registers = true;
	uint64_t before = p.given[XACT_MMIO];
	for (unsigned int i = 0; i < 200000; i++)
		feed(&p, (struct event){ .kind = EV_MMIO_READ, .addr = R_RIRBWP, .width = 2 });
	assert_bounded(&p);
	end(&p);
	assert_int_equal(p.given[XACT_MMIO] - before, 200000);
	assert_int_equal(p.certain[CERT_UNANSWERED], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_answers),
		cmocka_unit_test(no_answers_and_no_proof),
		cmocka_unit_test(no_memory),
		cmocka_unit_test(notes_behind_a_verb),
		cmocka_unit_test(registers_behind_a_verb),
	};

	return cmocka_run_group_tests_name("hda/bounds", tests, NULL, NULL);
}
