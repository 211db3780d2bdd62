/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON lines: one object for each xact, with everything that the text output has and the
 * words it was made from. docs/json.md describes every key.
 */
#ifndef HDADUMP_PRINT_JSON_XACT_JSON_H
#define HDADUMP_PRINT_JSON_XACT_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "flow/sink.h"

struct json_options {
	int fd;			/* not owned */
	bool absolute;		/* times since 1970, or since the source's unknown start */
	/* The name of a controller; may be NULL, and may return NULL. */
	const char *(*ctrl_name)(void *arg, uint16_t ctrl);
	void *ctrl_arg;
};

struct err *json_sink_create(const struct json_options *opt, struct sink **out);

#endif
