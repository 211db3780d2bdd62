/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints one line for each xact:
 *
 *	    0.004211 0:14  SET_PIN_WIDGET_CONTROL(0x40: OUT)        = 0
 *	    0.004260 0:14  GET_PIN_SENSE()                          = 0x80000000: PRESENT
 *	    0.010000 0:    unsolicited 0x4000001: tag 1, PRESENT
 *
 * Time in seconds, codec address and NID, the verb with its payload, its response. Everything
 * that is not a plain exact verb has a remark in brackets at the end.
 */
#ifndef HDADUMP_PRINT_XACT_TEXT_H
#define HDADUMP_PRINT_XACT_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "flow/sink.h"

enum text_time {
	TEXT_TIME_START,	/* seconds since the capture's first event */
	TEXT_TIME_DELTA,	/* seconds since the xact before it */
	TEXT_TIME_ABSOLUTE,	/* seconds since 1970, or since the source's unknown start */
	TEXT_TIME_INDEX,	/* no time: the number of the xact */
	TEXT_TIME_NONE,
};

struct text_options {
	int fd;			/* not owned */
	enum text_time time;
	bool colour;
	bool raw;		/* the verb's word before its name */
	bool show_ctrl;		/* a column with the controller; always shown from the second on */
	/* Columns of the terminal, where longer lines are wrapped; 0 = not a terminal. */
	unsigned int width;
	/* The name of a controller; may be NULL, and may return NULL. */
	const char *(*ctrl_name)(void *arg, uint16_t ctrl);
	void *ctrl_arg;
};

struct err *text_sink_create(const struct text_options *opt, struct sink **out);

#endif
