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

struct replay_codec {
	const char *path;
	struct codec_dev *dev;		/* NULL while it is left to others */
	struct codec_identity id;
	struct model_list models;	/* of a dump */
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

/* Opens it and asks who it is. */
struct err *replay_codec_open(const char *path, struct replay_codec *t);
void replay_codec_deinit(struct replay_codec *t);
/* Lets others at the device, and takes it back; it must be the same codec then. */
void replay_codec_release(struct replay_codec *t);
struct err *replay_codec_take(struct replay_codec *t);

/* Everything that must hold before the first verb goes out; @from is the codec of the list. */
struct err *replay_codec_check(const struct replay_codec *t, const struct codec_identity *from,
			 const struct plan *p, const struct replay_codec_options *o);

/*
 * Adds what @p reaches to the snapshot in @path, or makes it; registers that it
 * has already keep the value they had first.
 */
struct err *replay_codec_snapshot(struct replay_codec *t, const struct plan *p, const char *path,
			    struct snapshot *s);
/* Puts back and tells; *stuck is true when something is not as it was. */
struct err *replay_codec_undo(struct replay_codec *t, const struct snapshot *s, bool *stuck);
/* The same without words where nothing is wrong. */
struct err *replay_codec_undo_quietly(struct replay_codec *t, const struct snapshot *s, bool *stuck);

/* Set by SIGINT, SIGTERM and SIGHUP once replay_codec_catch_signals() was called. */
extern volatile sig_atomic_t replay_codec_stopped;
void replay_codec_catch_signals(void);

#endif
