/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads codecs from any input that has them: a codec dump, an alsa-info, an RtHDDump, a capture. */
#ifndef HDADUMP_FLOW_CODEC_INPUT_H
#define HDADUMP_FLOW_CODEC_INPUT_H

#include <stdbool.h>

#include "dump/proc_read.h"
#include "flow/load.h"

struct err;

struct codec_input {
	struct load_options from;	/* its controller and range are for captures */
	/* results: */
	bool losses;		/* a capture in which something is missing or in doubt */
	bool traffic;		/* it was a capture */
};

/* Adds the codecs to @out, which the caller has zeroed. */
struct err *codec_input_read(struct codec_input *in, struct model_list *out);

/*
 * True if a file is a codec's text, and not traffic; reads only its beginning. Standard input
 * is not read, and counts as traffic.
 */
struct err *codec_input_is_dump(const char *path, bool *is_dump);

#endif
