/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options that several commands share, so that one thing has one name in all of
 * them.  Each group of rows belongs to the struct that is named beside it.
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

/* Which codec a list is for, where it does not say so. */
struct codec_ids {
	struct codec_identity id;	/* 0: not said */
	const char *like;		/* a dump of it, or NULL */
};

/* How verbs are shown, on standard output. */
struct show_options {
	enum answer_form form;
	enum color_when color;
	enum text_time time;
	bool raw;
};

extern const struct option_row
	input_rows[],		/* struct load_options: which controller */
	range_rows[],		/* struct load_options: which part */
	moment_rows[],		/* struct load_options: as it was when */
	address_rows[],		/* uint16_t: bit n stands for the codec at address n; 0: all */
	nid_rows[],		/* struct filter */
	format_rows[],		/* enum answer_form */
	color_rows[],		/* enum color_when */
	output_rows[],		/* struct output_options; must be given */
	quiet_rows[],		/* bool */
	like_rows[],		/* struct codec_ids: what codec a list is for */
	replay_rows[];		/* struct replay_codec_options: which codec, and how */

extern const char *const answer_words[];

/* struct range_end: for options of other names. */
option_take option_range_end;

/* An option whose field is filled by @parse(field, text). */
#define OPTION_TAKE(name, parse) \
	static struct err *name(const struct option_row *row, const char *arg, void *field) \
	{ \
		(void)row; \
		return parse(field, arg); \
	}

/* What is not said is taken from the dump, of which the codec at @addresses counts. */
struct err *codec_ids_complete(struct codec_ids *c, uint16_t addresses);
/* Whether standard output is to be coloured. */
bool color_wanted(enum color_when when);
/* Width follows the terminal.  @names must outlive the sink. */
struct err *show_sink(const struct show_options *o, struct ctrl_names *names, struct sink **out);

/* Prints and frees @e, and gives the exit status: 0, 1, 2, or 3 for @losses. */
int exit_status(struct err *e, bool losses);

#endif
