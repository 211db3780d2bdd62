/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options that several commands share, so that each has the same name everywhere. Each group
 * of rows belongs to the struct named beside it.
 */
#ifndef HDADUMP_CMD_SHARED_OPTIONS_H
#define HDADUMP_CMD_SHARED_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/options/options.h"
#include "print/xact_text.h"
#include "replay/codec_device.h"

struct ctrl_names;
struct err;
struct sink;

enum answer_form { ANSWER_TEXT, ANSWER_JSON };
enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct output_options {
	const char *path;
	bool force;
};

/* The codec that a list is for, if the list does not name it. */
struct codec_ids {
	struct codec_identity id;	/* 0 = not given */
	const char *like;		/* path of a dump of the codec, or NULL */
};

/* How verbs are shown, on standard output. */
struct show_options {
	enum answer_form form;
	enum color_when color;
	enum text_time time;
	bool raw;
};

extern const struct option_row
	input_rows[],		/* struct load_options: the controller */
	range_rows[],		/* struct load_options: the part of the input */
	moment_rows[],		/* struct load_options: the time of the state */
	address_rows[],		/* uint16_t: bit n is the codec at address n; 0 = all */
	nid_rows[],		/* struct filter */
	format_rows[],		/* enum answer_form */
	color_rows[],		/* enum color_when */
	output_rows[],		/* struct output_options; must be given */
	quiet_rows[],		/* bool */
	like_rows[],		/* struct codec_ids: the codec that a list is for */
	replay_rows[];		/* struct replay_codec_options: the codec, and how to send */

extern const char *const answer_words[];

/* struct range_end: for options with other names. */
option_take option_range_end;

/* An option whose field is filled by @parse(field, text). */
#define OPTION_TAKE(name, parse) \
	static struct err *name(const struct option_row *row, const char *arg, void *field) \
	{ \
		(void)row; \
		return parse(field, arg); \
	}

/* Takes ids that were not given from the dump: from its codec at @addresses. */
struct err *codec_ids_complete(struct codec_ids *c, uint16_t addresses);
/* True if standard output should have colours. */
bool color_wanted(enum color_when when);
/* The width is the terminal's. @names must live longer than the sink. */
struct err *show_sink(const struct show_options *o, struct ctrl_names *names, struct sink **out);

/* Prints and frees @e, and returns the exit status: 0, 1, 2, or 3 for @losses. */
int exit_status(struct err *e, bool losses);

#endif
