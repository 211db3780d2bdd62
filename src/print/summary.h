/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What went by, in a few lines: after a capture, and for show --summary. */
#ifndef HDADUMP_PRINT_SUMMARY_H
#define HDADUMP_PRINT_SUMMARY_H

struct buf;
struct pipeline;

/* Verbs, responses and what is wrong with them; the controllers.  Whole lines. */
void summary_text(const struct pipeline *p, struct buf *out);
/* The same on standard error, with what else a capture has to tell: @route and @file may be NULL. */
void summary_note(const struct pipeline *p, const char *route, const char *file);

#endif
