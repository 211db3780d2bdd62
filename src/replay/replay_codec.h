/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The codec for replay and bisect: a hwdep device or, if the path is a codec's dump, a codec
 * emulated from it; and the work that both commands do with it.
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

struct replay_codec {
	const char *path;
	struct codec_dev *dev;		/* NULL while it is closed for other programs */
	struct codec_identity id;
	struct model_list models;	/* models of the dump */
	bool emulated;
};

/* The options that both commands take. */
struct replay_codec_options {
	const char *path;		/* --codec */
	uint8_t allow;			/* --allow */
	bool any_machine;
	bool really;
	uint32_t pace_us;
};

/* Opens the codec and reads its ids. */
struct err *replay_codec_open(const char *path, struct replay_codec *t);
void replay_codec_deinit(struct replay_codec *t);
/*
 * Closes the device so that other programs can use it, and opens it again; it must be the
 * same codec then.
 */
void replay_codec_release(struct replay_codec *t);
struct err *replay_codec_take(struct replay_codec *t);

/* All checks before the first verb is sent; @from is the codec of the list. */
struct err *replay_codec_check(const struct replay_codec *t, const struct codec_identity *from,
			 const struct plan *p, const struct replay_codec_options *o);

/*
 * Adds the registers that @p writes to the snapshot in @path, or creates it; registers that
 * it already has keep their first value.
 */
struct err *replay_codec_snapshot(struct replay_codec *t, const struct plan *p, const char *path,
			    struct snapshot *s);
/*
 * Restores the snapshot and prints the result; *stuck is true if a register does not have its
 * old value.
 */
struct err *replay_codec_undo(struct replay_codec *t, const struct snapshot *s, bool *stuck);
/* The same, but prints only problems. */
struct err *replay_codec_undo_quietly(struct replay_codec *t, const struct snapshot *s, bool *stuck);

/* Set by SIGINT, SIGTERM and SIGHUP after replay_codec_catch_signals(). */
extern volatile sig_atomic_t replay_codec_stopped;
void replay_codec_catch_signals(void);

#endif
