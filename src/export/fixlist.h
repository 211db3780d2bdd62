/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs for one codec, from any input: export writes them, replay sends them, and bisect
 * chooses from them. A step here is a step of analyse/steps/steps.h.
 */
#ifndef HDADUMP_EXPORT_FIXLIST_H
#define HDADUMP_EXPORT_FIXLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/steps/steps_load.h"
#include "base/buf.h"
#include "export/exporter.h"
#include "replay/codec_device.h"

struct err;
struct plan;

struct fixlist {
	struct steps steps;
	struct steps_input in;
	struct verb_fix fix;			/* all steps; its data belong to the list */
	uint32_t *step;			/* number of each step */
	struct verb_fix_step *fix_steps;
	char **texts, **said;		/* texts of each step */
	struct buf words;
	char *from, *made, *codec_name;	/* from the list's head, made safe */
	char *hints;			/* from the marks, made safe */
	size_t elsewhere;		/* steps of other codecs, which are left out */
	size_t relative;		/* coefficients whose index is not in the input */
	size_t wordless;		/* resets of the link, for which there is no verb */
};

/*
 * Reads an input and takes its codec: the only one at @addresses (flow/filter.h). @ids, if
 * not 0, replace ids that the list lacks. Free it with fixlist_deinit() in any case.
 */
struct err *fixlist_load(const struct load_options *from, uint16_t addresses,
			 const struct codec_identity *ids, struct fixlist *l);
void fixlist_deinit(struct fixlist *l);

/*
 * The verbs of the steps for which chosen[i] is true (NULL: all), complete by themselves:
 * @words gets uint32_t, @step_of (may be NULL) the step of each.
 */
struct err *fixlist_words(const struct fixlist *l, const bool *chosen, struct buf *words,
			  struct buf *step_of);

/* The same as a plan (replay/plan.h). @vendor_id is the present codec's. */
struct err *fixlist_plan(const struct fixlist *l, const bool *chosen, uint32_t vendor_id,
			 struct plan *p);
/* The codec that the list is for. */
struct codec_identity fixlist_codec(const struct fixlist *l);

/* Writes the chosen steps as a list (docs/verb-list.md). */
struct err *fixlist_write(const struct fixlist *l, const bool *chosen, int fd, const char *made);

#endif
