/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several codecs, and notes about reading them: filled by the readers of texts (dump/) and by
 * the learner (learn.h). It owns its models and notes.
 */
#ifndef HDADUMP_MODEL_MODEL_LIST_H
#define HDADUMP_MODEL_MODEL_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

struct err;

enum model_note_kind {
	NOTE_LEFT,	/* a line of a codec that could not be read */
	NOTE_OUTSIDE,	/* lines that belong to no codec */
	NOTE_DIFFERS,	/* read, but its words contradict its numbers: the numbers are used */
	NOTE_MENDED,	/* read after lines were joined or split */
};

struct model_note {
	enum model_note_kind kind;
	uint32_t line, last;	/* first and last line of the input, from 1 */
	char *text;		/* the line, at most 200 bytes of it; may hold any byte but NUL */
	const char *why;	/* constant text */
};

/* The codecs of one text, and the notes about reading it. */
struct model_list {
	struct codec_model **v;
	uint32_t n;
	struct model_note *notes;
	uint32_t nnotes;
	/* number of notes of kind NOTE_LEFT, including those past MODEL_MAX_NOTES */
	uint32_t left;
	bool alsa_info;		/* the text has alsa-info's headings */
};

#define MODEL_MAX_CODECS 256	/* in one text */
#define MODEL_MAX_NOTES 10000	/* stored; further ones are only counted in left */

void model_list_deinit(struct model_list *l);

/* For readers. Both accept that memory runs out and return NULL or false then. */
struct codec_model *model_list_add(struct model_list *l, enum model_origin origin);
bool model_list_note(struct model_list *l, enum model_note_kind kind, uint32_t line,
		     uint32_t last, const void *text, size_t len, const char *why);

const char *model_note_kind_name(enum model_note_kind kind);

/* The codec with this vendor id; with 0 the codec of a list of one. NULL if there is none. */
const struct codec_model *model_list_of(const struct model_list *l, uint32_t vendor_id);

#endif
