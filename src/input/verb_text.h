/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the readers of verb lists, scripts and tables share: words of a text as NIDs, verbs and
 * parameters, and the events that they become.
 */
#ifndef HDADUMP_INPUT_VERB_TEXT_H
#define HDADUMP_INPUT_VERB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reader.h"

struct err;
struct text_reader;

/* The most bytes of a comment that are stored. */
#define VERB_MARK_MAX 512

/* NID, verb and parameter, as they stand in the text. */
struct triple {
	struct reader token[3];
};

enum triple_kind {
	TRIPLE_NONE,		/* something else */
	TRIPLE_VERB,
	TRIPLE_BAD,		/* a number too large for its place */
};

/* A blank or a tab. */
bool verb_space(uint8_t c);
/* A character that ends a word of a shell or of C. */
bool verb_token_ends(uint8_t c);
/* Takes what stands before the next such character; may be empty. */
struct reader verb_token(struct reader *r);
/* As strtoul() with base 0, but all of @t must be a number. */
bool verb_number(struct reader t, uint64_t *v);
/* A number, or a name that @find knows, in the spelling of scripts. */
bool verb_named(struct reader t, struct err *(*find)(const char *name, unsigned int *id),
		uint64_t *v);
/* @word has no address (bits 31:28 are 0). */
enum triple_kind verb_of(const struct triple *t, uint32_t *word);

/* Gives a verb of the controller @name (@len bytes); its response is not recorded. */
void verb_give(struct text_reader *t, const char *name, size_t len, uint32_t word);
/* Gives a mark without the signs of a comment around it; nothing if nothing is left. */
void verb_mark(struct text_reader *t, struct reader text);
/* The same for another line than the current one; 0 = the current one. */
void verb_mark_at(struct text_reader *t, struct reader text, uint32_t line);

#endif
