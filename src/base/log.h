/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the program says beside its output: one line each on standard error,
 * with the program's name, made safe for a terminal.  Results never go here.
 */
#ifndef HDADUMP_BASE_LOG_H
#define HDADUMP_BASE_LOG_H

struct err;

extern const char *log_program;	/* "hdadump" until main() says otherwise */

void log_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Prints the error and frees it. */
void log_err(struct err *e);

#endif
