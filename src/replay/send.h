/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sending a list of verbs to a codec: the checks before it, and the sending.
 * Nothing here asks a user or prints; cmd/cmd_replay.c does.
 */
#ifndef HDADUMP_REPLAY_SEND_H
#define HDADUMP_REPLAY_SEND_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "replay/codec_device.h"

struct err;

/* Between two verbs, unless said otherwise: a frame of the link is 21 us, a slow chip's master 1 ms. */
#define REPLAY_PACE_US 1000

/*
 * Refuses what cannot be sent as it stands: a NID that the kernel does not
 * reach, a coefficient's value whose index was never said (half of a pair), a
 * list without a verb.
 */
struct err *replay_check_list(const uint32_t *verbs, size_t n);
/* The last verb is an index that nothing follows: the list may be cut short. */
bool replay_ends_in_half(const uint32_t *verbs, size_t n);

/*
 * Whether a list made on @from may go to the codec @to: zero stands for what
 * the list does not say.  @any_machine allows another or an unknown machine;
 * nothing allows another codec.
 */
struct err *replay_check_codec(const struct codec_identity *from, const struct codec_identity *to,
			       bool any_machine);

/* Refuses the first verb with a risk outside @allowed, and names the word that allows it. */
struct err *replay_check_risks(const uint32_t *verbs, const uint8_t *risks, size_t n,
			       uint8_t allowed);

struct replay_options {
	uint32_t pace_us;			/* pause after each verb */
	const volatile sig_atomic_t *stop;	/* not zero: stop before the next verb; may be NULL */
	/* After each verb; may be NULL. */
	void (*sent)(void *arg, size_t i, uint32_t resp);
	void *arg;
};

enum replay_end {
	REPLAY_WHOLE,		/* all were sent */
	REPLAY_SILENT,		/* the codec did not answer the last of them */
	REPLAY_STOPPED,		/* by the user */
};

struct replay_result {
	size_t sent;
	enum replay_end end;
};

/*
 * Sends verbs one by one and reads each answer.  An answer of all ones to a
 * set, or to a get after which the codec does not say who it is, ends it.
 * Errors: the device's.  @out is filled in any case.
 */
struct err *replay_send(struct codec_dev *p, const struct codec_identity *id, const uint32_t *verbs, size_t n,
			const struct replay_options *opt, struct replay_result *out);

#endif
