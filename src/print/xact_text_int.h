/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside the text sink: shared by xact_text.c (xacts) and effect_text.c (effects). */
#ifndef HDADUMP_PRINT_XACT_TEXT_INT_H
#define HDADUMP_PRINT_XACT_TEXT_INT_H

#include "base/buf.h"
#include "base/out.h"
#include "codec/effect/effect.h"
#include "print/xact_text.h"

#define COLOUR_GET "\033[36m"
#define COLOUR_SET "\033[32m"
#define COLOUR_RESP "\033[33m"
#define COLOUR_WARN "\033[1;31m"
#define COLOUR_MARK "\033[1m"
#define COLOUR_DIM "\033[2m"
#define COLOUR_OFF "\033[0m"

struct text_sink {
	struct sink base;
	struct text_options opt;
	struct out out;
	struct buf scratch;
	unsigned int column;
	size_t line;		/* offset in the buffer where the line begins */
	unsigned int indent;	/* indentation of the continuation of a wrapped line */
	int64_t before;		/* time of the xact before */
	/*
	 * A line of effects to which another effect may be appended; its newline is not
	 * written yet.
	 */
	bool open;
	uint16_t open_ctrl;
	uint8_t open_cad, open_nid, open_certainty;
	uint32_t open_verbs;
};

/* Each writes at @p and returns the byte after. */
char *text_put_time(struct text_sink *s, char *p, int64_t t, uint64_t index);
char *text_put_ctrl(struct text_sink *s, char *p, uint16_t ctrl);
static inline char *text_put_colour(const struct text_sink *s, char *p, const char *colour)
{
	return s->opt.colour ? put_str(p, colour) : p;
}
char *text_put_certainty(const struct text_sink *s, char *p, unsigned int certainty);

/* Called at the beginning of a line and after its newline: wraps it to the terminal's width. */
void text_begin_line(struct text_sink *s, const char *p);
struct err *text_fit_line(struct text_sink *s);
/* Ends the open line, if there is one. */
struct err *text_end_line(struct text_sink *s);
struct err *text_effect(struct sink *base, const struct effect *e);

#endif
