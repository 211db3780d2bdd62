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
struct textlog;

/* The longest line; a longer one is damaged. */
#define TEXT_LINE_MAX (64 * 1024)

enum line_kind {
	LINE_OTHER,	/* none of this format's */
	LINE_TAKEN,
	LINE_DAMAGED,	/* of this format, but it cannot be read: textlog_damage() said why */
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
	struct err *(*begin)(struct textlog *t, const struct source_options *o,
			     struct reader head);
	enum line_kind (*line)(struct textlog *t, struct reader line);
	void (*end)(struct textlog *t);		/* no more lines; may be NULL */
	void (*destroy)(struct textlog *t);	/* of what the state owns; may be NULL */
};

extern const struct text_format text_format_patch, text_format_debug, text_format_ftrace;
extern const struct text_format text_format_kvm, text_format_verbs, text_format_words;

/* @fd is not closed; @name is copied; @options is borrowed, @head looked at only here. */
struct err *textlog_open(const struct text_format *f, int fd, const char *name,
			 const struct source_options *options, struct reader head,
			 struct source **out);
void textlog_facts(const struct source *s, struct source_facts *facts);

/* --- for the formats ----------------------------------------------------- */

void *textlog_state(struct textlog *t);
struct source_facts *textlog_own_facts(struct textlog *t);
uint32_t textlog_line(const struct textlog *t);
const char *textlog_name(const struct textlog *t);
/*
 * Gives an event, at the end of those that were given before.  Its data are
 * copied; its line is this one unless it is set.
 */
void textlog_give(struct textlog *t, const struct event *ev);
/* Gives an EV_GAP (@lost of what) or an EV_NOTE; the place is put before the text. */
void textlog_gap(struct textlog *t, uint16_t ctrl, enum gap_kind what, uint64_t lost,
		 const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void textlog_note(struct textlog *t, uint16_t ctrl, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A new recording begins here: see EV_PART. */
void textlog_part(struct textlog *t, const char *why);
/*
 * The index of the controller of this name, which is told with its first use;
 * false when there are too many, or when the user chose others.
 */
bool textlog_ctrl(struct textlog *t, const char *name, size_t len, enum ctrl_kind kind,
		  uint16_t *ctrl);
/* Why the line is damaged: a static text. */
enum line_kind textlog_damage(struct textlog *t, const char *why);
void textlog_failed(struct textlog *t, struct err *e);

#endif
