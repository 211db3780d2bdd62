/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When to save the rings, and what may be believed of what was saved.
 *
 * Somebody else reads the trace and has memory saved; this only counts.  An
 * access of the guest's goes in; out come the verbs it announced with their
 * addresses in the finished file, the saves that should be made now, and, a
 * little later, the verdict on what was saved.  Pure: no file, no clock.
 *
 * Entries are counted per ring from the last time it was set up ("k"), so that
 * k modulo the ring's size is the slot.  Lap after lap each has its place in
 * the finished file; a new set-up goes on behind the last entry of the old.
 *
 * The race: a save copies the rings some time after it was wanted, while the
 * guest runs.  An entry has then been overwritten only if the guest has come
 * back to its slot, and that it announces.  So each saved entry waits for the
 * first announcement made after the save was seen to be done (its horizon;
 * words may lie in the ring before they are announced, hence one more), and is
 * in doubt if by then its slot was used again.  A ring that stops or moves
 * before that leaves its entries in doubt, too.  This is the arithmetic of
 * docs/ARCHITECTURE.md for pages in place of words.
 *
 * To keep out of that doubt the rings are saved twice a lap: when half of it
 * is written, and when it is full.  The guest would have to send half a ring of
 * verbs before the monitor gets to its work.
 */
#ifndef HDADUMP_COMPAT_SAVE_SCHEDULE_H
#define HDADUMP_COMPAT_SAVE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "hda/reg_file.h"
#include "input/frames/frameindex.h"

enum save_kind {
	SAVE_FRAME,	/* frameNN: a lap is full, or ends early */
	SAVE_HALF,	/* halfNN: half of a lap is written */
	SAVE_MORE,	/* moreNN: in between, before something is overwritten */
	SAVE_LAST,	/* exit_dump: the guest is quiet, or has stopped its rings; replaces the last */
	SAVE_KEEP,	/* no save: the last exit_dump holds all, and becomes frameNN */
};

/* What a save answers for, of one ring. */
struct save_part {
	uint64_t base;		/* guest-physical */
	uint64_t first;		/* k of the first entry */
	int64_t at;		/* entry k belongs at number at + k of the finished file */
	uint64_t lap;		/* k of the first entry of this frame's lap that anybody saved */
	uint64_t good;		/* SAVE_LAST: up to this k the exit_dump it replaces is proven */
	uint32_t epoch;
	uint16_t size;		/* entries of the ring; 0: the ring is not known */
	uint16_t count;		/* entries, 0: nothing new */
	bool stopped;		/* the ring had stopped before the save was wanted */
	bool same;		/* told by whoever saves: up to `good` it holds the same as before */
};

struct save {
	enum save_kind kind;
	uint32_t number;	/* of the name */
	struct save_part part[LANES];
};

/* Words that one CORBWP write announced. */
struct announced {
	uint64_t at;		/* number of the first in the finished file */
	uint32_t frame;
	uint16_t slot, count, size;
};

enum lap_verdict_kind {
	LAP_NEWER,		/* of a save: may be overwritten ones */
	LAP_STOPPED,	/* of a save: the ring had stopped */
	LAP_LOST,		/* overwritten before any save was wanted, or no place to save from */
	LAP_WHOLE,		/* the frame holds its whole lap: what was saved before is not needed */
};

struct lap_verdict {
	enum lap_verdict_kind kind;
	enum save_kind save;
	uint32_t number;
	enum lane lane;
	uint64_t at, count;
	struct save_part part[LANES];	/* of the save; LAP_WHOLE: of the whole lap */
};

#define LAPS_SAVES 8
#define LAPS_PROOFS 16
#define LAPS_VERDICTS 64

struct lap_ring {
	uint64_t base;
	uint64_t k;		/* of the last entry announced or seen */
	uint64_t saved;		/* k up to which saves answer, without exit_dump's */
	uint64_t start;		/* k the set-up began with */
	uint64_t last_k;	/* k up to which exit_dump answers */
	uint64_t lap;		/* k up to which was saved when the current frame began */
	uint64_t good;		/* k up to which the present exit_dump is proven */
	int64_t at;
	uint32_t epoch;
	uint16_t size, asked;
	uint16_t pos;		/* slot of k */
	uint16_t biggest;	/* entries at once */
	bool base_known, pos_known, running;
};

struct lap_proof {
	struct save save;
	uint64_t horizon;
	uint64_t over[LANES];	/* entries up to this k may be overwritten */
	bool settled[LANES];
	bool whole;		/* worth asking whether the frame holds its whole lap */
};

struct save_schedule {
	struct lap_ring ring[LANES];
	struct reg_file regs;
	bool reads;		/* the trace shows reads, too */
	bool have_last;		/* an exit_dump was saved and answers for something */
	bool quiet_due;		/* something was announced since the last save */
	uint64_t owed;		/* responses that may have come since the guest last looked */
	uint32_t frame;		/* number of the frame under way */
	uint32_t more;
	struct announced said;
	bool have_said;
	struct save saves[LAPS_SAVES];
	unsigned int n_saves;
	struct lap_proof proofs[LAPS_PROOFS];
	unsigned int n_proofs;
	struct lap_verdict verdicts[LAPS_VERDICTS];
	unsigned int n_verdicts;
	uint64_t unsaid;	/* verdicts there was no room for: never, if they are taken in time */
};

void save_schedule_init(struct save_schedule *l);
/* An access to BAR 0 of the controller; @pos is the trace's position behind its line. */
void save_schedule_feed(struct save_schedule *l, const struct event *ev, uint64_t pos);
/* The guest is quiet: what is not saved should be. */
void save_schedule_quiet(struct save_schedule *l);

/* What the access announced; false when nothing. */
bool save_schedule_said(struct save_schedule *l, struct announced *a);
/* The next save to make, now. */
bool save_schedule_wants(struct save_schedule *l, struct save *s);
/* It was made, and was seen to be done when the trace had got to @horizon. */
void save_schedule_saved(struct save_schedule *l, const struct save *s, uint64_t horizon);
/* The next verdict. */
bool save_schedule_verdict(struct save_schedule *l, struct lap_verdict *v);
/* No access will follow; what lies behind its horizon is proven. @pos: of the trace's end. */
void save_schedule_finish(struct save_schedule *l, uint64_t pos);

/* --- between save_schedule.c and save_check.c ------------------------------------------ */

/* A verdict on the entries @first to @last of @s; none when there are none. */
void save_schedule_say(struct save_schedule *l, enum lap_verdict_kind kind, const struct save *s, enum lane lane,
	      uint64_t first, uint64_t last);
/* The lane's ring came to its present entry; the line stands before @pos. */
void save_schedule_advance(struct save_schedule *l, enum lane lane, uint64_t pos);
/* The ring stops or moves. */
void save_schedule_teardown(struct save_schedule *l, enum lane lane, uint64_t pos);

#endif
