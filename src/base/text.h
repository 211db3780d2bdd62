/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that is safe to show, in lines that fit, and numbers written fast. */
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

/*
 * Columns that UTF-8 text takes on a terminal, by wcwidth(3), which knows all
 * characters once main() has called text_locale().  A byte that is no UTF-8 and
 * a character that nobody knows take one.
 */
unsigned int text_columns(const char *text, size_t len);
/* Bytes of the first character of a text that is not empty. */
size_t text_char(const char *text, size_t len);
/* Makes UTF-8 the meaning of bytes, whatever the user's locale: all our text is. */
void text_locale(void);

/* Columns of the terminal that @fd is, or TEXT_WIDTH. */
unsigned int text_width(int fd);
#define TEXT_WIDTH 80

/*
 * Appends @text in lines of at most @width columns, broken at blanks; a newline
 * in @text ends a line.  The first line follows @head, all others @indent
 * blanks; @head stands alone in its line where it leaves no room.  A word that
 * is longer than a line is not broken.
 */
void text_wrap(struct buf *b, const char *head, unsigned int indent, const char *text,
	       unsigned int width);

/* Writes @v as exactly @digits lower-case hex digits; returns the byte after. */
char *text_hex(char *p, uint64_t v, unsigned int digits);
/* Writes @v in decimal; at most 20 bytes; returns the byte after. */
char *text_dec(char *p, uint64_t v);

#endif
