/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source that reads ahead: another source's events, got by a thread of its
 * own, so that reading a file and making sense of it go on at the same time.
 * The events are the same, in the same order.
 */
#ifndef HDADUMP_INPUT_READ_AHEAD_THREAD_H
#define HDADUMP_INPUT_READ_AHEAD_THREAD_H

struct err;
struct source;

/*
 * Takes over @inner; when it fails that is destroyed and *out set to NULL.  @inner's read_memory, if it has one,
 * must not depend on its next: both are called, from different threads.
 */
struct err *read_ahead_create(struct source *inner, struct source **out);
/* The source that is read ahead, once its end was given; until then NULL. */
struct source *read_ahead_inner(struct source *s);

#endif
