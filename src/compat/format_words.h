/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints a file of words: the address on the left, four words a line,
 *
 *   0x00000010: 0x00170500 0x00170500 0x00170500 0x01470740
 *
 * or, decoded, one verb a line with its name:
 *
 *   0x0000001c: 0x01470740  0:14  SET_PIN_WIDGET_CONTROL(0x40: OUT)
 */
#ifndef HDADUMP_COMPAT_FORMAT_WORDS_H
#define HDADUMP_COMPAT_FORMAT_WORDS_H

#include <stdbool.h>

struct err;

enum format_words_form {
	WORDS_PLAIN,
	WORDS_VERBS,		/* a CORB: each word is a verb */
	WORDS_RESPONSES,	/* a RIRB: each pair is a response and response_ex */
	WORDS_FRAME,		/* a page: the CORB at 0, the RIRB at 0x800 */
};

/* The form to decode a file with that name. */
enum format_words_form format_words_form_of(const char *path);
/* Reads @fd to its end; @name is for messages. Closes neither descriptor. */
struct err *format_words_show(int fd, const char *name, enum format_words_form form, int out_fd);

#endif
