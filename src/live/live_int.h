/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside the live source. live.c is the loop that merges the events of the feed, QEMU's
 * monitor and the user. How QEMU is started or attached to, and how it is left, is a `struct
 * qemu_attachment`: live_run.c starts one, live_attach.c attaches to a running one.
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
	const char *ends;	/* for a message when the user stops the capture: "ending QEMU" */
	const char *insists;	/* the same when the user repeats it */
	/* Called before the guest is halted; may be NULL. */
	void (*halt)(struct live *l);
	/*
	 * The user has stopped the capture; the guest is halted and all its accesses were
	 * given out. Called again at the next such moment until it returns true: nothing is
	 * left to do.
	 */
	bool (*leave)(struct live *l);
	/*
	 * The feed has ended, by itself or because the guest was left, and was given out.
	 * Called again, after new events of it were given out too, until it returns true; may
	 * be NULL.
	 */
	bool (*settle)(struct live *l);
	/* The user repeats the stop and does not want to wait. */
	void (*insist)(struct live *l);
	/* A child process has ended. */
	void (*child)(struct live *l);
	/* No events for a while: check whether QEMU still runs. */
	void (*silence)(struct live *l);
	struct err *(*result)(struct live *l);
	void (*destroy)(struct live *l);
};

/* First member of each attachment's own struct. */
struct live {
	struct source base;
	const struct qemu_attachment *way;
	struct feed *feed;
	struct devices devices;
	struct qmp *q;		/* NULL when the monitor is closed */
	struct guestmem *mem;
	struct event event;	/* the last event given */
	struct event_queue own_events;	/* events made here, given before the feed's */
	struct control *control;	/* the source of marks, or NULL */
	int64_t looked;		/* when it was last read */
	int signals;
	sigset_t old_mask;
	unsigned int naps;	/* times to sleep before the feed counts as quiet */
	int stops;		/* how often the user stopped the capture */
	/* the guest is being halted, and is left at this time at the latest; 0 = it is not */
	int64_t end_by;
	bool halted;		/* it has stopped */
	int64_t quiet;		/* when the caller last got a chance to do other work */
};

/* live.c */
void live_init(struct live *l, const struct qemu_attachment *way, const char *device);
/* Frees the common parts of attachments; l->feed is destroyed too. */
void live_deinit(struct live *l);
/* From here on this source handles Ctrl-C and SIGTERM. */
struct err *live_take_signals(struct live *l);
/*
 * Takes the next Ctrl-C or SIGTERM and counts it in l->stops: false if there is none. *how
 * names it, for a message.
 */
bool live_hear_user(struct live *l, const char **how);
/* The feed is drained while we wait for the monitor. */
void live_set_pump(struct live *l);
/* Halts the guest, reads the rest of its accesses, and leaves it. */
void live_halt(struct live *l);
void live_lose_monitor(struct live *l);
/* Adds a note at its place in the stream. */
void live_say(struct live *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
