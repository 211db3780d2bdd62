/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Goes through the codec dumps of the shared data (shared.h). */
#ifndef HDADUMP_TESTS_CORPUS_H
#define HDADUMP_TESTS_CORPUS_H

#include "base/buf.h"
#include "shared.h"

/* The whole file; an empty buffer if it cannot be read. */
struct buf corpus_file(const char *path);
/*
 * Calls @fn for each codec dump; returns their number, or -1 (with a message) if there are no
 * data.
 */
int corpus_codecs(void (*fn)(const char *path, const struct buf *text, void *arg), void *arg);

#endif
