/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verbs as lists, for other tools and for people: a verb a line as
 *
 *   0x20 0x500 0x7	NID, verb and parameter; or
 *   02050007		its word, with the codec's address
 *
 * Marks, gaps and notes become comments.  Responses have no place here.
 */
#ifndef HDADUMP_EXPORT_VERB_LINES_H
#define HDADUMP_EXPORT_VERB_LINES_H

#include <stdbool.h>

#include "flow/sink.h"

struct verbs_options {
	int fd;			/* not owned */
	bool words;
	bool sets;		/* leave out what only reads */
};

struct err *verbs_sink_create(const struct verbs_options *opt, struct sink **out);

#endif
