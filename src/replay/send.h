/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks a list of verbs and sends it to a codec. Nothing here prints or asks the user;
 * cmd/cmd_replay.c does.
 */
#ifndef HDADUMP_REPLAY_SEND_H
#define HDADUMP_REPLAY_SEND_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "replay/codec_device.h"

struct err;

/*
 * The default pause between two verbs: a frame of the link takes 21 us, a slow chip's serial
 * master 1 ms.
 */
#define REPLAY_PACE_US 1000

/*
 * Fails for verbs that cannot be sent: to a NID that the kernel does not allow, a
 * coefficient's value without its index (half of a pair), a list without a verb.
 */
struct err *replay_check_list(const uint32_t *verbs, size_t n);
/* True if the last verb selects an index and no access follows: the list may be cut short. */
bool replay_ends_in_half(const uint32_t *verbs, size_t n);

/*
 * Fails unless a list made on @from may be sent to the codec @to: 0 = the list does not say.
 * @any_machine allows another or an unknown machine, but never another codec.
 */
struct err *replay_check_codec(const struct codec_identity *from, const struct codec_identity *to,
			       bool any_machine);

/* Fails at the first verb with a risk outside @allowed, and names the word that allows it. */
struct err *replay_check_risks(const uint32_t *verbs, const uint8_t *risks, size_t n,
			       uint8_t allowed);

struct replay_options {
	uint32_t pace_us;			/* pause after each verb, in us */
	/* not zero: stop before the next verb; may be NULL */
	const volatile sig_atomic_t *stop;
	/* Called after each verb; may be NULL. */
	void (*sent)(void *arg, size_t i, uint32_t resp);
	void *arg;
};

enum replay_end {
	REPLAY_WHOLE,		/* all verbs were sent */
	REPLAY_SILENT,		/* the codec did not answer the last one */
	REPLAY_STOPPED,		/* by the user */
};

struct replay_result {
	size_t sent;
	enum replay_end end;
};

/*
 * Sends verbs one by one and reads each answer. Stops at an answer of all ones to a set, or
 * to a get after which the codec does not answer with its ids. Errors: the device's. @out is
 * filled in any case.
 */
struct err *replay_send(struct codec_dev *p, const struct codec_identity *id, const uint32_t *verbs, size_t n,
			const struct replay_options *opt, struct replay_result *out);

#endif
