/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decides when to save the rings, and which saved entries can be trusted.
 *
 * The caller reads the trace and has memory saved; this only counts. Input: an access of the
 * guest. Output: the verbs that it announced with their addresses in the joined file, the
 * saves to make now, and, a little later, the verdict on a save. Pure: no file, no clock.
 *
 * Entries of a ring are counted from the last time it was set up ("k"), so that k modulo the
 * ring's size is the slot. In the joined file each lap follows the one before; after a new
 * set-up the entries follow the last one of the old.
 *
 * The race: a save copies the rings some time after it was requested, while the guest runs.
 * An entry is overwritten in between only if the guest has come back to its slot, and the
 * guest announces that. So each saved entry waits for the first announcement after the end of
 * the save (its horizon; words may be in the ring before they are announced, hence one more),
 * and is doubtful if its slot was used again by then. If the ring stops or moves before that,
 * its entries are doubtful, too. docs/ARCHITECTURE.md has the same arithmetic for words; this
 * is for pages.
 *
 * To keep entries out of doubt the rings are saved twice a lap: when half of it is written,
 * and when it is full. To cause a doubt the guest must send half a ring of verbs before the
 * monitor has done the save.
 */
#ifndef HDADUMP_COMPAT_SAVE_SCHEDULE_H
#define HDADUMP_COMPAT_SAVE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "hda/reg_file.h"
#include "input/frames/frameindex.h"

enum save_kind {
	SAVE_FRAME,	/* frameNN: a lap is full, or ended early */
	SAVE_HALF,	/* halfNN: half of a lap is written */
	SAVE_MORE,	/* moreNN: in between, before something is overwritten */
	/*
	 * exit_dump: the guest is quiet, or has stopped its rings; replaces the exit_dump
	 * before
	 */
	SAVE_LAST,
	SAVE_KEEP,	/* no save: the last exit_dump contains all and becomes frameNN */
};

/* The entries of one ring that a save is responsible for. */
struct save_part {
	uint64_t base;		/* guest-physical address of the ring */
	uint64_t first;		/* k of the first entry */
	int64_t at;		/* entry k has the number at + k in the joined file */
	uint64_t lap;		/* k of the first entry of this frame's lap that was saved */
	uint64_t good;		/* SAVE_LAST: up to this k the replaced exit_dump is proven */
	uint32_t epoch;
	uint16_t size;		/* entries of the ring; 0 = unknown */
	uint16_t count;		/* entries; 0 = nothing new */
	bool stopped;		/* the ring had stopped before the save was requested */
	/* set by the caller: the entries up to `good` are the same as before */
	bool same;
};

struct save {
	enum save_kind kind;
	uint32_t number;	/* number in the file's name */
	struct save_part part[LANES];
};

/* Words that one CORBWP write announced. */
struct announced {
	uint64_t at;		/* number of the first word in the joined file */
	uint32_t frame;
	uint16_t slot, count, size;
};

enum lap_verdict_kind {
	LAP_NEWER,		/* entries of a save that may be newer ones */
	LAP_STOPPED,	/* entries of a save that was made after the ring stopped */
	/* overwritten before a save was requested, or nowhere to save from */
	LAP_LOST,
	/* the frame holds its whole lap: earlier saves of it are not needed */
	LAP_WHOLE,
};

struct lap_verdict {
	enum lap_verdict_kind kind;
	enum save_kind save;
	uint32_t number;
	enum lane lane;
	uint64_t at, count;
	struct save_part part[LANES];	/* the save; LAP_WHOLE: the whole lap */
};

#define SCHEDULE_SAVES 8
#define SCHEDULE_CHECKS 16
#define SCHEDULE_VERDICTS 64

struct lap_ring {
	uint64_t base;
	uint64_t k;		/* k of the last entry announced or seen */
	uint64_t saved;		/* saves are responsible up to this k, not counting exit_dump's */
	uint64_t start;		/* the first k after the ring was set up */
	uint64_t last_k;	/* exit_dump is responsible up to this k */
	uint64_t lap;		/* was saved up to this k when the current frame began */
	uint64_t good;		/* the present exit_dump is proven up to this k */
	int64_t at;
	uint32_t epoch;
	uint16_t size, asked;
	uint16_t pos;		/* slot of entry k */
	uint16_t biggest;	/* most entries announced at once */
	bool base_known, pos_known, running;
};

struct save_check {
	struct save save;
	uint64_t horizon;
	uint64_t over[LANES];	/* entries up to this k may be overwritten */
	bool settled[LANES];
	bool whole;		/* check whether the frame holds its whole lap */
};

struct save_schedule {
	struct lap_ring ring[LANES];
	struct reg_file regs;
	bool reads;		/* the trace shows reads too */
	bool have_last;		/* an exit_dump was saved and is responsible for some entries */
	bool quiet_due;		/* entries were announced since the last save */
	/* responses that may have come since the guest's last read of RIRBWP */
	uint64_t owed;
	uint32_t frame;		/* number of the current frame */
	uint32_t more;
	struct announced said;
	bool have_said;
	struct save saves[SCHEDULE_SAVES];
	unsigned int n_saves;
	struct save_check checks[SCHEDULE_CHECKS];
	unsigned int n_checks;
	struct lap_verdict verdicts[SCHEDULE_VERDICTS];
	unsigned int n_verdicts;
	/* verdicts that did not fit; none if the caller takes them in time */
	uint64_t unsaid;
};

void save_schedule_init(struct save_schedule *l);
/* Takes an access to BAR 0 of the controller; @pos is the trace's position after its line. */
void save_schedule_feed(struct save_schedule *l, const struct event *ev, uint64_t pos);
/* The guest is quiet: requests a save of everything unsaved. */
void save_schedule_quiet(struct save_schedule *l);

/* The verbs that the access announced; false if none. */
bool save_schedule_said(struct save_schedule *l, struct announced *a);
/* The next save to make now; false if none. */
bool save_schedule_wants(struct save_schedule *l, struct save *s);
/* The save was made; when it was seen to be complete the trace was at @horizon. */
void save_schedule_saved(struct save_schedule *l, const struct save *s, uint64_t horizon);
/* The next verdict; false if none. */
bool save_schedule_verdict(struct save_schedule *l, struct lap_verdict *v);
/* After the last access: entries whose horizon was passed are proven. @pos: the trace's end. */
void save_schedule_finish(struct save_schedule *l, uint64_t pos);

/* --- between save_schedule.c and save_check.c ------------------------------------------ */

/* Adds a verdict on the entries @first to @last of @s; none if there are no such entries. */
void save_schedule_say(struct save_schedule *l, enum lap_verdict_kind kind, const struct save *s, enum lane lane,
	      uint64_t first, uint64_t last);
/* The lane's ring has reached its present entry; @pos is after the trace's line. */
void save_schedule_advance(struct save_schedule *l, enum lane lane, uint64_t pos);
/* The ring stops or moves. */
void save_schedule_teardown(struct save_schedule *l, enum lane lane, uint64_t pos);

#endif
