/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The codec dumps of the shared data (shared.h), one after the other. */
#ifndef HDADUMP_TESTS_CORPUS_H
#define HDADUMP_TESTS_CORPUS_H

#include "base/buf.h"
#include "shared.h"

/* The whole of a file; an empty buffer when it cannot be read. */
struct buf corpus_file(const char *path);
/* Calls @fn for each codec dump; how many there were, or -1 (after saying so) without data. */
int corpus_codecs(void (*fn)(const char *path, const struct buf *text, void *arg), void *arg);

#endif
