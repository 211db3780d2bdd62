/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture file as a source. It contains the guest memory that was read, so it has no
 * read_memory().
 */
#ifndef HDADUMP_STORE_CAPTURE_SOURCE_H
#define HDADUMP_STORE_CAPTURE_SOURCE_H

struct err;
struct source;

/* @fd is not closed; @name is for messages and is copied. */
struct err *capture_open(int fd, const char *name, struct source **out);

#endif
