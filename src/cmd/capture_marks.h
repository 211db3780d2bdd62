/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's marks in a live capture, for the commands that capture. */
#ifndef HDADUMP_CMD_CAPTURE_MARKS_H
#define HDADUMP_CMD_CAPTURE_MARKS_H

#include <stdbool.h>

struct control;
struct pipeline;
struct source;

/*
 * From here on `hdadump mark` reaches the live @src, and lines typed into our terminal are
 * marks too, unless @qemus says that QEMU reads it. @what names the capture. If this is
 * impossible a message says so, and the capture runs without it. Destroy it after the source.
 */
struct control *marks_start(struct pipeline *p, struct source *src, const char *what, bool qemus);

#endif
