/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The capture file: pcapng, one interface a controller, events packed many to
 * a block.  docs/capture-format.md describes every byte.  A file is readable
 * to its last whole block whatever happened to its writer.
 */
#ifndef HDADUMP_STORE_STORE_H
#define HDADUMP_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

#include "event/event.h"

struct err;
struct store;

/*
 * Creates a capture file.  Refuses a path that exists unless @overwrite, and
 * then only replaces what is itself a capture file or empty.
 * @comment (may be NULL) goes into the section header: command line, versions.
 */
struct err *store_create(const char *path, bool overwrite, const char *comment, struct store **out);
/* Takes one event; it reaches the file at the latest with the next store_flush(). */
struct err *store_put(struct store *st, const struct event *ev);
/* Everything taken so far is handed to the kernel. */
struct err *store_flush(struct store *st);
/* Bytes written so far, for reports. */
uint64_t store_bytes(const struct store *st);
/* Flushes and closes; frees in any case. */
struct err *store_close(struct store *st);
/* Nothing came of it: the file goes too, so that it is in nobody's way.  Accepts NULL. */
void store_discard(struct store *st);

/* --- reading ------------------------------------------------------------ */

struct store_reader;

/* True when these first bytes are those of a pcapng file. */
bool store_is_capture(const void *head, size_t len);
/* Reads from @fd (not closed); @name is for messages. */
struct err *store_reader_create(int fd, const char *name, struct store_reader **out);
/*
 * The next events, none at the end; they are the reader's, and valid with their
 * data until the next call.  A file that ends inside a block ends with an EV_NOTE event that
 * says where; damage inside the file is an EV_GAP and reading goes on at the
 * next block that makes sense.  Where another section begins stands an EV_PART.
 */
struct err *store_read(struct store_reader *r, struct event_run *run);
/* The comment of the section header, "" if there is none. */
const char *store_reader_comment(const struct store_reader *r);
void store_reader_destroy(struct store_reader *r);

#endif
