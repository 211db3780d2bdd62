/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bisection on disk: each answer is a line, which is on the disk before the next question,
 * so that a crash, a reboot or a hung codec loses one question at most. The bisection depends
 * only on the answers, so only they are stored, each with a digest of its question: this
 * detects a session of another list or another version.
 *
 * A last line that was cut short is ignored. docs/bisect.md describes the format.
 */
#ifndef HDADUMP_REPLAY_SESSION_H
#define HDADUMP_REPLAY_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "replay/bisect.h"
#include "replay/codec_device.h"

struct err;

/* The subject of a session: it continues only with the same. */
struct session_head {
	struct codec_identity id;
	uint64_t list;		/* digest of the list's verbs */
	uint64_t items;
};

struct session {
	int fd;
	uint32_t answers;
};

#define SESSION_MAX (16u << 20)

uint64_t session_digest(const void *data, size_t len);

/*
 * Opens or creates the session in @path, and gives its answers to @b. *resumed is true if
 * there were any.
 */
struct err *session_open(const char *path, const struct session_head *head, struct bisect *b,
			 size_t n, bool *resumed, struct session *s);
void session_close(struct session *s);
/* Stores the answer to @step; it is on the disk when this returns. */
struct err *session_keep(struct session *s, const struct bisect_step *step, size_t n,
			 enum bisect_answer answer);

/*
 * For tests and the fuzzer: gives the lines of a session to @b; *whole is the end of the last
 * complete one.
 */
struct err *session_feed(const void *data, size_t len, const char *name,
			 const struct session_head *head, struct bisect *b, size_t n,
			 uint32_t *answers, size_t *whole);

#endif
