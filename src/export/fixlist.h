/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs for one codec, of any input: what export writes, replay sends and
 * bisect chooses from.  One step is one step (analyse/steps/steps.h).
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
	struct verb_fix fix;			/* all steps; borrows from here */
	uint32_t *step;			/* of each step */
	struct verb_fix_step *fix_steps;
	char **texts, **said;		/* of each step */
	struct buf words;
	char *from, *made, *codec_name;	/* of the list's head, made safe */
	size_t elsewhere;		/* steps of other codecs, which are left out */
	size_t relative;		/* coefficients whose index the input does not say */
	size_t wordless;		/* resets of the link: no verb does it */
};

/*
 * Reads an input and takes its codec, of those at @addresses (flow/filter.h) the only
 * one there is.  @ids, where they are not 0, are what the list does not say of itself.
 * Give it to fixlist_deinit() whatever happens.
 */
struct err *fixlist_load(const struct load_options *from, uint16_t addresses,
			 const struct codec_identity *ids, struct fixlist *l);
void fixlist_deinit(struct fixlist *l);

/*
 * The verbs of the steps of which chosen[i] is true (NULL: all), as they must be
 * sent when nothing else is: @words gets uint32_t, @step_of (may be NULL) the step of
 * each.
 */
struct err *fixlist_words(const struct fixlist *l, const bool *chosen, struct buf *words,
			  struct buf *step_of);

/* The same as a plan: replay/plan.h.  The codec at hand is @vendor_id. */
struct err *fixlist_plan(const struct fixlist *l, const bool *chosen, uint32_t vendor_id,
			 struct plan *p);
/* The codec that the list is for. */
struct codec_identity fixlist_codec(const struct fixlist *l);

/* Writes the chosen steps as a list of docs/verb-list.md. */
struct err *fixlist_write(const struct fixlist *l, const bool *chosen, int fd, const char *made);

#endif
