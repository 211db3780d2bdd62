/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The codec that replay and bisect speak to: a hwdep device, or, where the path
 * is a codec's dump, a codec that is emulated after it; and what both commands
 * do with it.
 */
#ifndef HDADUMP_REPLAY_REPLAY_CODEC_H
#define HDADUMP_REPLAY_REPLAY_CODEC_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model_list.h"
#include "replay/codec_device.h"
#include "replay/plan.h"
#include "replay/snapshot.h"

struct err;

struct target {
	const char *path;
	struct codec_dev *dev;		/* NULL while it is left to others */
	struct identity id;
	struct model_list models;	/* of a dump */
	bool emulated;
};

/* The options that both commands take. */
struct target_options {
	const char *path;		/* --device */
	uint8_t allow;			/* --allow */
	bool any_machine;
	bool really;
	uint32_t pace_us;
};

/* Opens it and asks who it is. */
struct err *target_open(const char *path, struct target *t);
void target_deinit(struct target *t);
/* Lets others at the device, and takes it back; it must be the same codec then. */
void target_release(struct target *t);
struct err *target_take(struct target *t);

/* --allow, --any-machine, --pace; false: not one of them. */
bool target_option(int opt, const char *arg, struct target_options *o, struct err **e);

/* Everything that must hold before the first verb goes out; @from is the codec of the list. */
struct err *target_check(const struct target *t, const struct identity *from,
			 const struct plan *p, const struct target_options *o);

/*
 * Adds what @p reaches to the snapshot in @path, or makes it; registers that it
 * has already keep the value they had first.
 */
struct err *target_snapshot(struct target *t, const struct plan *p, const char *path,
			    struct snapshot *s);
/* Puts back and tells; *stuck is true when something is not as it was. */
struct err *target_undo(struct target *t, const struct snapshot *s, bool *stuck);
/* The same without words where nothing is wrong. */
struct err *target_undo_quietly(struct target *t, const struct snapshot *s, bool *stuck);

/* Set by SIGINT, SIGTERM and SIGHUP once target_catch_signals() was called. */
extern volatile sig_atomic_t target_stopped;
void target_catch_signals(void);

#endif
