// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest, its trace, and a monitor that saves memory late: whatever the guest does in
 * between, an entry marked good must be the one that was sent.
 *
 * The guest is an array, and runs ahead of the reader by random amounts. What it sends is
 * stored in order; at the end the frames are joined from the files and their index, and
 * compared with it.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "compat/frame_monitor.h"
#include "compat/frame_store.h"
#include "compat/save_schedule.h"
#include "event/event.h"
#include "hda/regs.h"
#include "input/frames/frameset.h"

#define MEMORY 0x10000
#define LINES 65536
#define SENT 65536

struct line {
	uint16_t addr;
	uint8_t width;
	bool write;
	uint64_t value;
};

static struct guest {
	uint64_t seed;
	uint8_t memory[MEMORY];
	uint64_t base[LANES];
	uint16_t size[LANES];
	uint16_t wp[LANES];	/* slots */
	uint16_t told;		/* RIRBWP at the guest's last read */
	uint32_t word[SENT], n_words;	/* every verb sent, in order */
	uint64_t pair[SENT];		/* every response that the guest has read */
	uint64_t unseen[256];
	uint32_t n_pairs, n_unseen;
	struct line line[LINES];
	uint32_t n_lines, read;
	uint32_t serial;
	unsigned int lag;	/* how much the guest does while a save is made */
	unsigned int ahead;	/* lines that the reader may be behind before the guest waits */
	unsigned int most;	/* verbs at once */
	bool unsolicited, setups, reads;
	uint16_t ready;		/* words of the next batch that are in the ring already */
} *g;

static uint32_t chance(uint32_t n)
{
	g->seed = g->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(g->seed >> 33) % n;
}

static void access_(bool write, uint16_t addr, uint8_t width, uint64_t value)
{
	assert_true(g->n_lines < LINES);
	if (write || g->reads)
		g->line[g->n_lines++] = (struct line){ addr, width, write, value };
}

static void respond(uint64_t pair)
{
	assert_true(g->n_unseen < 255);
	g->wp[LANE_RIRB] = (g->wp[LANE_RIRB] + 1) % g->size[LANE_RIRB];
	store_le64(g->memory + g->base[LANE_RIRB] + g->wp[LANE_RIRB] * 8, pair);
	g->unseen[g->n_unseen++] = pair;
}

static void look(void)
{
	access_(false, R_RIRBWP, 2, g->wp[LANE_RIRB]);
	for (uint32_t i = 0; i < g->n_unseen; i++)
		g->pair[g->n_pairs++] = g->unseen[i];
	g->n_unseen = 0;
}

/* Writes the words of a batch into the ring; they are announced later. */
static void prepare(void)
{
	uint16_t size = g->size[LANE_CORB], n = (uint16_t)(1 + chance(g->most));

	if (n > size - 1)
		n = size - 1;
	for (uint16_t i = 1; i <= n; i++)
		store_le32(g->memory + g->base[LANE_CORB] +
			   (g->wp[LANE_CORB] + i) % size * 4u, ++g->serial);
	g->ready = n;
}

static void announce(void)
{
	uint16_t size = g->size[LANE_CORB];

	if (g->n_unseen > 64 || g->n_unseen + g->ready + 1u >= g->size[LANE_RIRB])
		look();
	for (uint16_t i = 1; i <= g->ready; i++) {
		uint32_t word = g->serial - g->ready + i;

		g->word[g->n_words++] = word;
		if (g->n_unseen + 2u >= g->size[LANE_RIRB])
			continue;	/* not answered: a small ring has no room */
		respond(word | 0x100ull << 32);
	}
	g->wp[LANE_CORB] = (g->wp[LANE_CORB] + g->ready) % size;
	access_(true, R_CORBWP, 2, g->wp[LANE_CORB]);
	g->ready = 0;
}

static void set_up(bool first)
{
	static const uint16_t sizes[] = { 2, 16, 256, 256, 256, 256 };
	static const uint8_t codes[] = { 0, 1, 2, 2, 2, 2 };
	unsigned int s = first ? 5 : chance(6), r = first ? 5 : chance(6);

	if (!first && chance(2)) {
		access_(true, R_RIRBCTL, 1, 0);
		access_(true, R_CORBCTL, 1, 0);
	}
	g->n_unseen = 0;
	g->ready = 0;
	access_(false, R_GCAP, 2, 0x4401);
	access_(true, R_GCTL, 4, 0);
	access_(true, R_GCTL, 4, 1);
	/* the memory of an earlier ring is used for something else */
	if (!first && chance(2))
		for (unsigned int i = 0; i < MEMORY; i += 4)
			store_le32(g->memory + i, 0xdead0000 | chance(65536));
	g->base[LANE_CORB] = 0x1000u * (1 + chance(6));
	g->base[LANE_RIRB] = g->base[LANE_CORB] + 0x800;
	if (!first && chance(3) == 0)
		g->base[LANE_RIRB] = 0x8000 + 0x80 * chance(64);
	g->size[LANE_CORB] = sizes[s];
	g->size[LANE_RIRB] = sizes[r];
	if (g->most > 1 && s < 2)
		g->size[LANE_RIRB] = 256, r = 5;
	g->wp[LANE_CORB] = g->wp[LANE_RIRB] = 0;
	access_(true, R_CORBLBASE, 4, g->base[LANE_CORB]);
	access_(true, R_CORBUBASE, 4, 0);
	access_(true, R_CORBSIZE, 1, codes[s]);
	access_(true, R_CORBWP, 2, 0);
	access_(true, R_CORBRP, 2, 0x8000);
	access_(true, R_CORBRP, 2, 0);
	access_(true, R_CORBCTL, 1, 2);
	access_(true, R_RIRBLBASE, 8, g->base[LANE_RIRB]);
	access_(true, R_RIRBSIZE, 1, codes[r]);
	access_(true, R_RIRBWP, 2, 0x8000);
	access_(true, R_RIRBCTL, 1, 2);
}

static void live(void)
{
	unsigned int what = chance(100);

	if (g->n_lines - g->read > g->ahead || g->n_lines > LINES - 64 || g->n_words > SENT - 1024 ||
	    g->n_pairs > SENT - 1024)
		return;
	if (what < 45)
		prepare();
	if (what < 90)
		announce();
	else if (what < 94 && g->unsolicited && g->n_unseen + 2u < g->size[LANE_RIRB])
		respond(++g->serial | 0x110ull << 32);
	else if (what == 99 && g->setups && chance(20) == 0)
		set_up(false);
	else if (g->reads)
		look();
}

/* --- the monitor ------------------------------------------------------------- */

static struct err *save(struct frame_monitor *m, uint64_t addr, uint32_t len, const char *path, int dir,
			const char *name, bool *seen)
{
	for (unsigned int i = chance(g->lag + 1); i; i--)
		live();
	assert_true(addr + len <= MEMORY);
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, g->memory + addr, len), len);
	close(fd);
	for (unsigned int i = chance(g->lag + 1); i; i--)
		live();
	*seen = true;
	return NULL;
}

static const struct frame_monitor_ops ops = { .save = save };

/* --- one run ------------------------------------------------------------------- */

struct tally {
	uint64_t words, good, stopped, doubt, none;
};

static void check_lane(const struct joined_lane *l, enum lane lane, struct tally *t)
{
	uint32_t n = lane == LANE_CORB ? g->n_words : g->n_pairs;

	/* slot 0 of the first lap is unused */
	assert_true(l->n <= n + 1u);
	for (size_t i = 1; i < l->n; i++) {
		bool right = lane == LANE_CORB ? load_le32(l->data + i * 4) == g->word[i - 1] :
			     load_le64(l->data + i * 8) == g->pair[i - 1];

		if (l->state[i] == ENTRY_GOOD && !right)
			fail_msg("%s %zu of %u is called good and is 0x%x, not 0x%x",
				 lane_name(lane), i, n, load_le32(l->data + i * lane_bytes(lane)),
				 lane == LANE_CORB ? g->word[i - 1] : (uint32_t)g->pair[i - 1]);
		t->good += l->state[i] == ENTRY_GOOD;
		t->stopped += l->state[i] == ENTRY_STOPPED;
		t->doubt += l->state[i] == ENTRY_DOUBT;
		t->none += l->state[i] == ENTRY_NONE;
	}
	t->words += n;
}

static void give_saves(struct frame_store *k, struct save_schedule *l, struct frame_monitor *m)
{
	struct lap_verdict v;
	struct save s;

	while (save_schedule_verdict(l, &v))
		frame_store_verdict(k, &v);
	while (save_schedule_wants(l, &s)) {
		struct err *e = frame_store_save(k, m, &s, l->reads);

		if (e)
			fail_msg("%s", err_text(e));
		save_schedule_saved(l, &s, g->n_lines);
		while (save_schedule_verdict(l, &v))
			frame_store_verdict(k, &v);
	}
}

static void one_life(unsigned int steps, bool joined_by_names, struct tally *t)
{
	char folder[64], cmd[80];
	struct frame_monitor m = { .ops = &ops, .fd = -1 };
	struct frame_store k = { .place.dir = -1, .index = -1, .device = "test" };
	struct save_schedule *l = malloc(sizeof(*l));
	struct frameset set = { 0 };
	struct buf notes = { 0 };
	bool ended = false;
	struct joined j;

	/* thousands of small files: use a folder in memory if there is one */
	snprintf(folder, sizeof(folder), "%s/hdadump-test-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(folder));
	assert_null(output_folder_find(&k.place, folder, 0));
	k.ready = true;
	save_schedule_init(l);
	set_up(true);
	for (;;) {
		if (!steps && g->read == g->n_lines) {
			if (!ended) {
				/* a clean end: nothing is half done */
				ended = true;
				g->lag = 0;
				if (g->ready)
					announce();
				if (g->unsolicited || joined_by_names)
					look();
				continue;
			}
			save_schedule_quiet(l);
			give_saves(&k, l, &m);
			break;
		}
		if (g->read == g->n_lines) {
			/* the reader has caught up: sometimes that is a quiet moment */
			if (chance(40) == 0) {
				save_schedule_quiet(l);
				give_saves(&k, l, &m);
			}
			if (steps) {
				steps--;
				live();
			}
			continue;
		}
		const struct line *line = &g->line[g->read++];
		const struct event ev = {
			.kind = line->write ? EV_MMIO_WRITE : EV_MMIO_READ, .addr = line->addr,
			.width = line->width, .value = line->value, .time = EVENT_TIME_NONE,
		};
		save_schedule_feed(l, &ev, g->read);
		give_saves(&k, l, &m);
	}
	save_schedule_finish(l, g->n_lines);
	give_saves(&k, l, &m);
	frame_store_finish(&k, !l->have_last);
	assert_int_equal(l->unsaid, 0);

	assert_null(frameset_load(&set, k.place.dir, &notes));
	if (joined_by_names) {
		free(set.index);
		set.index = NULL;
	}
	assert_null(frameset_join(&set, &notes, &j));
	assert_int_equal(j.indexed, !joined_by_names);
	if (!joined_by_names && j.lane[LANE_CORB].n != g->n_words + 1u)
		fail_msg("%zu entries joined, %u words sent\n%s", j.lane[LANE_CORB].n, g->n_words,
			 buf_str(&notes));
	check_lane(&j.lane[LANE_CORB], LANE_CORB, t);
	if (!j.lane[LANE_RIRB].assumed)
		check_lane(&j.lane[LANE_RIRB], LANE_RIRB, t);
	joined_deinit(&j);
	frameset_deinit(&set);
	buf_deinit(&notes);
	frame_store_deinit(&k);
	free(l);
	snprintf(cmd, sizeof(cmd), "rm -r %s", folder);
	assert_int_equal(system(cmd), 0);
}

static struct tally lives(unsigned int n, unsigned int steps, struct guest how, bool by_names)
{
	struct tally t = { 0 };

	for (unsigned int i = 1; i <= n; i++) {
		*g = how;
		g->seed = i * 7919;
		one_life(steps, by_names, &t);
	}
	print_message("%lu entries: %lu good, %lu after a stop, %lu doubtful, %lu missing\n",
		      (unsigned long)t.words, (unsigned long)t.good, (unsigned long)t.stopped,
		      (unsigned long)t.doubt, (unsigned long)t.none);
	return t;
}

/* One verb at a time, and a monitor that is not much slower: nothing may be in doubt. */
static void test_calm(void **state)
{
	struct tally t = lives(20, 2500, (struct guest){ .lag = 20, .ahead = 60, .most = 1, .reads = true }, false);

	assert_int_equal(t.good, t.words);
}

/* The same joined by the names alone. */
static void test_calm_names(void **state)
{
	struct tally t = lives(10, 2500, (struct guest){ .lag = 20, .ahead = 60, .most = 1, .reads = true }, true);

	assert_int_equal(t.good, t.words);
}

/* Batches of up to 6, which jump over the ring's end. */
static void test_batches(void **state)
{
	struct tally t = lives(20, 1500, (struct guest){ .lag = 4, .ahead = 10, .most = 6, .reads = true }, false);

	assert_int_equal(t.good, t.words);
}

/* Without reads in the trace. */
static void test_writes_only(void **state)
{
	struct tally t = lives(20, 2500, (struct guest){ .lag = 20, .ahead = 30, .most = 2 }, false);

	assert_int_equal(t.good, t.words);
}

/* Unsolicited responses make the RIRB run ahead of the CORB. */
static void test_unsolicited(void **state)
{
	struct tally t = lives(20, 2500, (struct guest){ .lag = 20, .ahead = 60, .most = 1, .reads = true,
							 .unsolicited = true }, false);

	assert_int_equal(t.good, t.words);
}

/* A guest that is far too fast: doubts, but no errors. */
static void test_fast(void **state)
{
	struct tally t = lives(15, 1200, (struct guest){ .lag = 8, .ahead = 60, .most = 30, .reads = true,
							 .unsolicited = true }, false);

	assert_true(t.good > 0 && t.doubt > 0);
}

/* Rings of every size that stop, move, and whose memory is reused. */
static void test_set_ups(void **state)
{
	struct tally t = lives(30, 1500, (struct guest){ .lag = 10, .ahead = 20, .most = 6, .reads = true,
							 .unsolicited = true, .setups = true }, false);

	assert_true(t.good > t.words / 2);
}

static int make_guest(void **state)
{
	g = calloc(1, sizeof(*g));
	log_program = "test";
	return g ? 0 : -1;
}

static int free_guest(void **state)
{
	free(g);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calm),
		cmocka_unit_test(test_calm_names),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_writes_only),
		cmocka_unit_test(test_unsolicited),
		cmocka_unit_test(test_fast),
		cmocka_unit_test(test_set_ups),
	};

	return cmocka_run_group_tests(tests, make_guest, free_guest);
}
