/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text of another tool's, read line by line.  What every such reader needs
 * is here: lines of any length and ending, a waiting pipe, the controllers'
 * names, lines that cannot be read (a run of them is one EV_GAP at its place),
 * and a last note that says what was read.  A format only says what one line
 * means; see read_*.c.
 */
#ifndef HDADUMP_INPUT_TEXT_READER_H
#define HDADUMP_INPUT_TEXT_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reader.h"
#include "event/event.h"
#include "input/open.h"

struct err;
struct source;
struct text_reader;

/* The longest line; a longer one is damaged. */
#define TEXT_LINE_MAX (64 * 1024)

enum line_kind {
	LINE_OTHER,	/* none of this format's */
	LINE_TAKEN,
	LINE_DAMAGED,	/* of this format, but it cannot be read: text_reader_damage() said why */
};

struct text_format {
	enum source_format format;
	/*
	 * How surely this line is of the format: 0 not at all, 1 it may be, 10
	 * nothing else looks so.
	 */
	unsigned int (*sniff)(struct reader line);
	size_t state_size;	/* zero-filled before begin() */
	/* It finds out itself what is missing: a damaged line is then no gap but a note. */
	bool counts_lost;
	/* @head: what is known of the text's beginning.  May be NULL. */
	struct err *(*begin)(struct text_reader *t, const struct source_options *o,
			     struct reader head);
	enum line_kind (*line)(struct text_reader *t, struct reader line);
	void (*end)(struct text_reader *t);		/* no more lines; may be NULL */
	void (*destroy)(struct text_reader *t);	/* of what the state owns; may be NULL */
};

extern const struct text_format text_format_patch, text_format_debug, text_format_ftrace;
extern const struct text_format text_format_kvm, text_format_verbs, text_format_words;

/* @fd is not closed; @name is copied; @options is borrowed, @head looked at only here. */
struct err *text_reader_open(const struct text_format *f, int fd, const char *name,
			 const struct source_options *options, struct reader head,
			 struct source **out);
void text_reader_facts(const struct source *s, struct source_facts *facts);

/* --- for the formats ----------------------------------------------------- */

void *text_reader_state(struct text_reader *t);
struct source_facts *text_reader_own_facts(struct text_reader *t);
uint32_t text_reader_line(const struct text_reader *t);
const char *text_reader_name(const struct text_reader *t);
/*
 * Gives an event, at the end of those that were given before.  Its data are
 * copied; its line is this one unless it is set.
 */
void text_reader_give(struct text_reader *t, const struct event *ev);
/* Gives an EV_GAP (@lost of what) or an EV_NOTE; the place is put before the text. */
void text_reader_gap(struct text_reader *t, uint16_t ctrl, enum gap_kind what, uint64_t lost,
		 const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void text_reader_note(struct text_reader *t, uint16_t ctrl, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A new recording begins here: see EV_PART. */
void text_reader_part(struct text_reader *t, const char *why);
/*
 * The index of the controller of this name, which is told with its first use;
 * false when there are too many, or when the user chose others.
 */
bool text_reader_ctrl(struct text_reader *t, const char *name, size_t len, enum ctrl_kind kind,
		  uint16_t *ctrl);
/* Why the line is damaged: a static text. */
enum line_kind text_reader_damage(struct text_reader *t, const char *why);
void text_reader_failed(struct text_reader *t, struct err *e);

#endif
