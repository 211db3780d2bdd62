/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints a summary of the traffic in a few lines: after a capture, and for show --summary. */
#ifndef HDADUMP_PRINT_SUMMARY_H
#define HDADUMP_PRINT_SUMMARY_H

struct buf;
struct pipeline;

/* Adds verbs, responses, problems, and the controllers, as whole lines. */
void summary_text(const struct pipeline *p, struct buf *out);
/* Prints the same to standard error, and more about the capture: @route and @file may be NULL. */
void summary_note(const struct pipeline *p, const char *route, const char *file);

#endif
