/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The capture file: pcapng, one interface for each controller, many packed events in a block.
 * docs/capture-format.md describes every byte. A file is readable up to its last whole block,
 * even if its writer was killed.
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
 * Creates a capture file. Fails if the path exists, unless @overwrite is set and the file is
 * itself a capture file or empty. @comment (may be NULL) goes into the section header:
 * command line, versions.
 */
struct err *store_create(const char *path, bool overwrite, const char *comment, struct store **out);
/* Takes one event; the next store_flush() writes it at the latest. */
struct err *store_put(struct store *st, const struct event *ev);
/* Writes everything taken so far to the file. */
struct err *store_flush(struct store *st);
/* Writes all of it, and waits until it is on the disk. store_close() does it too. */
struct err *store_sync(struct store *st);
/* Bytes written so far, for reports. */
uint64_t store_bytes(const struct store *st);
/* Flushes and closes; frees in any case. */
struct err *store_close(struct store *st);
/* Removes the file because nothing was captured. Accepts NULL. */
void store_discard(struct store *st);

/* --- reading ------------------------------------------------------------ */

struct store_reader;

/* True if these are the first bytes of a pcapng file. */
bool store_is_capture(const void *head, size_t len);
/* Reads from @fd (not closed); @name is for messages. */
struct err *store_reader_create(int fd, const char *name, struct store_reader **out);
/*
 * The next events, none at the end; they belong to the reader, and are valid with their data
 * until the next call. If the file ends inside a block, the last event is an EV_NOTE that
 * says where; damage inside the file is an EV_GAP, and reading continues at the next valid
 * block. At the beginning of another section there is an EV_PART.
 */
struct err *store_read(struct store_reader *r, struct event_run *run);
/* The comment of the section header; "" = none. */
const char *store_reader_comment(const struct store_reader *r);
void store_reader_destroy(struct store_reader *r);

#endif
