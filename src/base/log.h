/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages on standard error, one line each, with the program's name, made safe for a
 * terminal. Results never go here.
 */
#ifndef HDADUMP_BASE_LOG_H
#define HDADUMP_BASE_LOG_H

struct err;

extern const char *log_program;	/* "hdadump" unless main() changes it */

void log_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Prints the error and frees it. */
void log_err(struct err *e);

#endif
