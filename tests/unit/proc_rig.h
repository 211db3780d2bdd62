/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A codec's text, read and printed again. */
#ifndef HDADUMP_TESTS_PROC_RIG_H
#define HDADUMP_TESTS_PROC_RIG_H

#include <stddef.h>

#include "base/buf.h"
#include "dump/proc_read.h"

/* What was read last; emptied by proc_start() and proc_stop(), which are a group's set-up and end. */
extern struct model_list proc_list;

int proc_start(void **state);
int proc_stop(void **state);
void read_text(const void *text, size_t len);
/* All codecs of it as the kernel prints them, in @b. */
const char *print_all(struct buf *b);
/* @text is read without a line left, and printed as @want. */
void reads_as(const char *text, size_t len, const char *want);

#endif
