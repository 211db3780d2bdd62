/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a whole file into memory, up to a given size. */
#ifndef HDADUMP_BASE_SLURP_H
#define HDADUMP_BASE_SLURP_H

#include <stddef.h>

#include "base/buf.h"

struct err;

/*
 * Appends the contents of @fd from its position to its end. @name is the file's name for
 * errors; more than @max bytes in @b are an error: "NAME: too long for a WHAT".
 */
struct err *slurp_fd(int fd, const char *name, size_t max, const char *what, struct buf *b);
/* The same for the file at @path. */
struct err *slurp(const char *path, size_t max, const char *what, struct buf *b);

#endif
