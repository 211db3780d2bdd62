/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads codec models from text: /proc/asound/cardX/codec#Y of every kernel
 * since 2.6.12, alone, glued together, inside an alsa-info text or a mail,
 * with any line ends, wrapped or cut.  What can be read is read; every other
 * line is named in the notes.  Nothing in a text is an error but a lack of
 * memory.
 *
 * Source of the grammar: sound/hda/common/proc.c (sound/pci/hda/hda_proc.c)
 * from 2.6.12 to 7.1; section 6.1 of the reference lists the variants.
 */
#ifndef HDADUMP_DUMP_PROC_READ_H
#define HDADUMP_DUMP_PROC_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

struct err;

enum model_note_kind {
	NOTE_LEFT,	/* a line of a codec that could not be read */
	NOTE_OUTSIDE,	/* lines that belong to no codec */
	NOTE_DIFFERS,	/* read, but its words contradict its numbers: the numbers hold */
	NOTE_MENDED,	/* read after it was joined or split again */
};

struct model_note {
	enum model_note_kind kind;
	uint32_t line, last;	/* lines of the input, from 1 */
	char *text;		/* the line, at most 200 bytes of it; may hold any byte but NUL */
	const char *why;	/* a constant */
};

/* The codecs of one text, and what there is to say about reading it. */
struct model_list {
	struct codec_model **v;
	uint32_t n;
	struct model_note *notes;
	uint32_t nnotes;
	uint32_t left;		/* notes of kind NOTE_LEFT, also past the bound below */
	bool alsa_info;		/* the text has alsa-info's headings */
};

#define MODEL_MAX_CODECS 256	/* of one text */
#define MODEL_MAX_NOTES 10000	/* kept; later ones are only counted in left */

void model_list_deinit(struct model_list *l);
/* Adds what the text holds to @out, which the caller has zeroed. */
struct err *proc_read(const void *data, size_t len, struct model_list *out);

/* For readers of other texts.  Both take false or NULL for a lack of memory. */
struct codec_model *model_list_add(struct model_list *l, enum model_origin origin);
bool model_list_note(struct model_list *l, enum model_note_kind kind, uint32_t line,
		     uint32_t last, const void *text, size_t len, const char *why);

const char *model_note_kind_name(enum model_note_kind kind);

#endif
