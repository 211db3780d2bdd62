/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that is safe to show, and numbers written fast. */
#ifndef HDADUMP_BASE_TEXT_H
#define HDADUMP_BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Appends text that came from a guest, a file or another program.  Printable
 * ASCII and valid UTF-8 above U+009F pass; everything else becomes \xNN, so
 * that nobody's bytes can ever act on a terminal.
 */
void text_add_safe(struct buf *b, const void *data, size_t len);

/* As snprintf(), where what is longer than @size is meant to be cut. */
void text_cut(char *out, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Writes @v as exactly @digits lower-case hex digits; returns the byte after. */
char *text_hex(char *p, uint64_t v, unsigned int digits);
/* Writes @v in decimal; at most 20 bytes; returns the byte after. */
char *text_dec(char *p, uint64_t v);

#endif
