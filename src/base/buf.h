/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growable byte buffer, used for text and for binary records. Zero-filled is empty and
 * valid; buf_deinit() frees the memory. Appending returns no error: when memory runs out
 * `failed` is set and later appends do nothing, so the caller checks buf_err() once, before
 * it uses the contents.
 */
#ifndef HDADUMP_BASE_BUF_H
#define HDADUMP_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

struct buf {
	uint8_t *data;
	size_t len;
	size_t cap;
	bool failed;
};

void buf_deinit(struct buf *b);
/*
 * Makes room for @n more bytes and returns the address of the first, or NULL if there is no
 * memory. Does not change len.
 */
uint8_t *buf_reserve(struct buf *b, size_t n);
void buf_add(struct buf *b, const void *data, size_t n);
void buf_addc(struct buf *b, uint8_t c);
void buf_adds(struct buf *b, const char *s);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Drops the first @n bytes. */
void buf_consume(struct buf *b, size_t n);
/* The contents as a C string, owned by the buffer; "" when memory ran out. */
const char *buf_str(struct buf *b);
struct err *buf_err(const struct buf *b);

static inline void buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
}

#endif
