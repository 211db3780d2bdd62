/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that is safe to show, text wrapped to lines, and numbers written fast. */
#ifndef HDADUMP_BASE_TEXT_H
#define HDADUMP_BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Appends text that came from a guest, a file or another program.  Printable
 * ASCII and valid UTF-8 of visible characters pass; everything else becomes
 * \xNN, so that it cannot act on a terminal or hide (bidi controls).
 */
void text_add_safe(struct buf *b, const void *data, size_t len);

/* As snprintf(), for text that may be cut to @size. */
void text_cut(char *out, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/*
 * Columns that UTF-8 text takes on a terminal, by wcwidth(3), which needs text_locale() to
 * have been called by main(). A byte that is not UTF-8 and a character unknown to wcwidth()
 * count as one.
 */
unsigned int text_columns(const char *text, size_t len);
/* Bytes of the first character of @text, which must not be empty. */
size_t text_char(const char *text, size_t len);
/*
 * Sets the locale's character set to UTF-8, whatever the user's is, because all our text is
 * UTF-8.
 */
void text_locale(void);

/* Columns of the terminal @fd; TEXT_WIDTH if it is not a terminal. */
unsigned int text_width(int fd);
#define TEXT_WIDTH 80

/*
 * Appends @text in lines of at most @width columns, broken at blanks; a newline in @text ends
 * a line. The first line begins with @head, the others with @indent blanks; if @head leaves
 * no room it has a line of its own. A word longer than a line is not broken.
 */
void text_wrap(struct buf *b, const char *head, unsigned int indent, const char *text,
	       unsigned int width);

/* Writes @v as exactly @digits lower-case hex digits; returns the byte after. */
char *text_hex(char *p, uint64_t v, unsigned int digits);
/* Writes @v in decimal; at most 20 bytes; returns the byte after. */
char *text_dec(char *p, uint64_t v);

#endif
