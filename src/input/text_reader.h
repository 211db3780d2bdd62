/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads another tool's text line by line. The common part of all such readers is here: lines
 * of any length and line end, waiting for a pipe, the controllers' names, lines that cannot
 * be read (several in a row are one EV_GAP at their place), and a last note with the numbers
 * of what was read. A format only says what one line means; see read_*.c.
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

/* The longest line; a longer one counts as damaged. */
#define TEXT_LINE_MAX (64 * 1024)

enum line_kind {
	LINE_OTHER,	/* not a line of this format */
	LINE_TAKEN,
	/* a line of this format that cannot be read: text_reader_damage() has the reason */
	LINE_DAMAGED,
};

struct text_format {
	enum source_format format;
	/*
	 * How certain it is that this line is of the format: 0 = it is not, 1 = it may be, 10
	 * = no other format has such lines.
	 */
	unsigned int (*sniff)(struct reader line);
	size_t state_size;	/* bytes; zero-filled before begin() */
	/*
	 * The format finds out itself what is missing: a damaged line is then a note and not
	 * a gap.
	 */
	bool counts_lost;
	/* @head: the known beginning of the text. May be NULL. */
	struct err *(*begin)(struct text_reader *t, const struct source_options *o,
			     struct reader head);
	enum line_kind (*line)(struct text_reader *t, struct reader line);
	/* called after the last line; may be NULL */
	void (*end)(struct text_reader *t);
	void (*destroy)(struct text_reader *t);	/* frees what the state owns; may be NULL */
};

extern const struct text_format text_format_patch, text_format_debug, text_format_ftrace;
extern const struct text_format text_format_table;
extern const struct text_format text_format_kvm, text_format_verbs, text_format_words;
extern const struct text_format text_format_firmware, text_format_coefs;

/* @fd is not closed; @name is copied; @options is borrowed, @head is used only during this call. */
struct err *text_reader_open(const struct text_format *f, int fd, const char *name,
			 const struct source_options *options, struct reader head,
			 struct source **out);
void text_reader_facts(const struct source *s, struct source_facts *facts);

/* --- for the formats ----------------------------------------------------- */

void *text_reader_state(struct text_reader *t);
struct source_facts *text_reader_own_facts(struct text_reader *t);
uint32_t text_reader_line(const struct text_reader *t);
/*
 * From now on a verb waits for the next event: if that is its response (EV_RIRB_PAIR), the verb's
 * answer is recorded, and otherwise it is not.
 */
void text_reader_hold_verbs(struct text_reader *t);
/* The verb that waits; false if none does. */
bool text_reader_held(const struct text_reader *t, uint32_t *word, uint16_t *ctrl);
/* The number of verbs given so far. */
uint64_t text_reader_verbs(const struct text_reader *t);
const char *text_reader_name(const struct text_reader *t);
/* Appends an event. Its data are copied; its line is the current one unless it is set. */
void text_reader_give(struct text_reader *t, const struct event *ev);
/* Gives an EV_GAP (@lost of what) or an EV_NOTE; the place is put before the text. */
void text_reader_gap(struct text_reader *t, uint16_t ctrl, enum gap_kind what, uint64_t lost,
		 const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void text_reader_note(struct text_reader *t, uint16_t ctrl, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A new recording begins here: see EV_PART. */
void text_reader_part(struct text_reader *t, const char *why);
/*
 * The index of the controller with this name, which is announced on its first use; false if
 * there are too many controllers, or if the user chose another one.
 */
bool text_reader_ctrl(struct text_reader *t, const char *name, size_t len, enum ctrl_kind kind,
		  uint16_t *ctrl);
/* Sets why the line is damaged: constant text. */
enum line_kind text_reader_damage(struct text_reader *t, const char *why);
void text_reader_failed(struct text_reader *t, struct err *e);

#endif
