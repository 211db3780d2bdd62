/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes verbs as lists for other tools and for people, one verb a line, as
 *
 *   0x20 0x500 0x7	NID, verb and parameter; or
 *   02050007		its word, with the codec's address
 *
 * Marks, gaps and notes become comments. Responses are not written.
 */
#ifndef HDADUMP_EXPORT_VERB_LINES_H
#define HDADUMP_EXPORT_VERB_LINES_H

#include <stdbool.h>

#include "flow/sink.h"

struct verbs_options {
	int fd;			/* not owned */
	bool words;
	bool sets;		/* leave out verbs that only read */
};

struct err *verbs_sink_create(const struct verbs_options *opt, struct sink **out);

#endif
