/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The live source from inside.  live.c is the loop that makes one stream of
 * what the feed, QEMU's monitor and the user say.  How a QEMU was come by, and
 * how it is left, is a `struct qemu_attachment`: live_run.c starts one, live_attach.c
 * joins one that runs already.
 */
#ifndef HDADUMP_LIVE_LIVE_INT_H
#define HDADUMP_LIVE_LIVE_INT_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "event/event_queue.h"
#include "event/source.h"
#include "live/devices.h"
#include "live/feed.h"

struct control;
struct err;
struct guestmem;
struct live;
struct qmp;

struct qemu_attachment {
	const char *ends;	/* "ending QEMU": what is done when the user asks to stop */
	const char *insists;	/* the same when he asks again */
	/* The guest is about to be halted; may be NULL. */
	void (*halt)(struct live *l);
	/*
	 * The user asked to stop; the guest stands still and all it did has
	 * been given out.  Called again, at the next such moment, until it is
	 * true: there is nothing left to be done.
	 */
	bool (*leave)(struct live *l);
	/*
	 * The feed has ended, by itself or because the guest was left, and all
	 * of it has been given out.  Called again, when what it brought has
	 * been given out too, until it is true; may be NULL.
	 */
	bool (*settle)(struct live *l);
	/* The user asks again and will not wait. */
	void (*insist)(struct live *l);
	/* A child of ours has ended. */
	void (*child)(struct live *l);
	/* Nothing was heard for a while: is QEMU still there? */
	void (*silence)(struct live *l);
	struct err *(*result)(struct live *l);
	void (*destroy)(struct live *l);
};

/* First member of each way's own struct. */
struct live {
	struct source base;
	const struct qemu_attachment *way;
	struct feed *feed;
	struct devices devices;
	struct qmp *q;		/* NULL once the monitor is gone */
	struct guestmem *mem;
	struct event event;	/* given last */
	struct event_queue own_events;	/* events of our own, given before the feed's */
	struct control *control;	/* where marks come from, or NULL */
	int64_t looked;		/* when it was last looked at */
	int signals;
	sigset_t old_mask;
	unsigned int naps;	/* left before the feed counts as quiet */
	int stops;		/* how often the user asked to stop */
	int64_t end_by;		/* the guest is being halted; it is left then at the latest; 0: no */
	bool halted;		/* it stands still */
	int64_t quiet;		/* when the caller last had a moment for itself */
};

/* live.c */
void live_init(struct live *l, const struct qemu_attachment *way, const char *device);
/* What the ways have in common; l->feed is destroyed too. */
void live_deinit(struct live *l);
/* From here on Ctrl-C and SIGTERM are ours. */
struct err *live_take_signals(struct live *l);
/*
 * Takes the next Ctrl-C or SIGTERM that has come, and counts it in l->stops:
 * false when there is none.  *how says which, for a message.
 */
bool live_hear_user(struct live *l, const char **how);
/* While the monitor is asked, the feed is drained. */
void live_set_pump(struct live *l);
/* Lets the guest stand still, read out what it did, and leaves it. */
void live_halt(struct live *l);
void live_lose_monitor(struct live *l);
/* A note of our own, at its place in the stream. */
void live_say(struct live *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
