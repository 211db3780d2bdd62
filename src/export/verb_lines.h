/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verbs as lists and scripts, for other tools and for people:
 *
 *   VERBS_LIST    0x20 0x500 0x7                          a verb a line
 *   VERBS_SCRIPT  hda-verb /dev/snd/hwC0D0 0x20 0x500 0x7 a shell script
 *   VERBS_WORDS   02050007                                with the codec's address
 *
 * Marks, gaps and notes become comments.  Responses have no place here.
 */
#ifndef HDADUMP_EXPORT_VERB_LINES_H
#define HDADUMP_EXPORT_VERB_LINES_H

#include <stdbool.h>

#include "flow/sink.h"

enum verbs_form { VERBS_LIST, VERBS_SCRIPT, VERBS_WORDS };

struct verbs_options {
	int fd;			/* not owned */
	enum verbs_form form;
	bool sets;		/* leave out what only reads */
	/* The name of a controller: "hwC1" is a card's; may be NULL, and may return NULL. */
	const char *(*ctrl_name)(void *arg, uint16_t ctrl);
	void *ctrl_arg;
};

struct err *verbs_sink_create(const struct verbs_options *opt, struct sink **out);

#endif
