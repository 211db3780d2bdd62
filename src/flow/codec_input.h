/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Codecs from whatever holds one: a codec dump, an alsa-info, an RtHDDump, a capture. */
#ifndef HDADUMP_FLOW_CODEC_INPUT_H
#define HDADUMP_FLOW_CODEC_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "dump/proc_read.h"

struct err;

struct codec_input {
	const char *path;	/* "-": standard input */
	const char *device;	/* in a trace log: only this controller */
	uint64_t until;		/* with a capture: number of the last verb; UINT64_MAX: all */
	/* what was found */
	bool losses;		/* a capture's: something is missing or in doubt */
	bool traffic;		/* it was a capture */
};

/* The name for messages. */
const char *codec_input_name(const struct codec_input *in);
/* Adds the codecs to @out, which the caller has zeroed. */
struct err *codec_input_read(struct codec_input *in, struct model_list *out);

/*
 * Whether a file is a codec's text, and no traffic: told without reading more than
 * its beginning.  Standard input is not looked at, and taken for traffic.
 */
struct err *codec_input_is_dump(const char *path, bool *is_dump);

#endif
