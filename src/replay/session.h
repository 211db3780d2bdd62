/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bisection on disk: each answer is a line, written through before the next
 * question is asked, so that a crash, a reboot or a hung codec costs one
 * question.  As the bisection depends on nothing but the answers, they are all
 * that is kept; beside each stands a digest of what was asked, so that a session
 * of another list or another version is told from this one.
 *
 * A last line that was cut short is dropped.  docs/bisect.md has the format.
 */
#ifndef HDADUMP_REPLAY_SESSION_H
#define HDADUMP_REPLAY_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "replay/bisect.h"
#include "replay/codec_device.h"

struct err;

/* What a session is about: it goes on only with the same. */
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
 * Opens or makes the session in @path, and gives its answers to @b.  *resumed says
 * whether there were any.
 */
struct err *session_open(const char *path, const struct session_head *head, struct bisect *b,
			 size_t n, bool *resumed, struct session *s);
void session_close(struct session *s);
/* Keeps the answer to @step; it is on the disk when it returns. */
struct err *session_keep(struct session *s, const struct bisect_step *step, size_t n,
			 enum bisect_answer answer);

/* For tests and the fuzzer: the lines of a session into @b; *whole is where the last one ends. */
struct err *session_feed(const void *data, size_t len, const char *name,
			 const struct session_head *head, struct bisect *b, size_t n,
			 uint32_t *answers, size_t *whole);

#endif
