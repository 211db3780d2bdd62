/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces of C: constant values, and the arguments of a call or the elements of a row. */
#ifndef HDADUMP_INPUT_C_TEXT_H
#define HDADUMP_INPUT_C_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reader.h"

/* The most arguments that are kept; others are read over. */
#define C_ARGS 8
/* The deepest parentheses of a value. */
#define C_NESTING 16

/* Blanks, tabs and line ends. */
void c_skip_space(struct reader *r);
bool c_is_word(uint8_t c);
/* A name or a number; may be empty. */
struct reader c_name(struct reader *r);
bool c_is_named(struct reader name, const char *what);
bool c_ends_with(struct reader name, const char *what);
/* Numbers, names of verbs, and |, <<, + and & between them; @depth: parentheses that may come. */
bool c_value(struct reader *r, uint64_t *v, unsigned int depth);
/* All of @text is one value. */
bool c_whole_value(struct reader text, uint64_t *v);
/*
 * What stands up to the closing parenthesis or brace, at its commas; *r then begins behind that.
 * @arg has C_ARGS elements. False: there is no end, and nothing has moved.
 */
bool c_args(struct reader *r, struct reader *arg, size_t *n);
/* True if @before declares an array of 32-bit words. */
bool c_is_word_array(struct reader before);

#endif
