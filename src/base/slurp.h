/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file read whole, with a bound. */
#ifndef HDADUMP_BASE_SLURP_H
#define HDADUMP_BASE_SLURP_H

#include <stddef.h>

#include "base/buf.h"

struct err;

/*
 * Adds what @fd holds from here to its end.  @name is the file's in errors; more
 * than @max bytes in @b are one: "NAME: no WHAT is as long as this".
 */
struct err *slurp_fd(int fd, const char *name, size_t max, const char *what, struct buf *b);
/* The same of the file at @path. */
struct err *slurp(const char *path, size_t max, const char *what, struct buf *b);

#endif
