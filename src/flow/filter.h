/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Selects xacts of a capture. Conditions of one kind are alternatives, conditions of
 * different kinds must all be true; whatever is not a verb (gaps, marks, resets, notes)
 * always passes, so that no filter can hide a loss.
 */
#ifndef HDADUMP_FLOW_FILTER_H
#define HDADUMP_FLOW_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "codec/decode.h"
#include "hda/xact.h"

struct err;
struct effect;

#define FILTER_COEFS 32
#define FILTER_VERBS 32

/* Zero-filled: everything passes. */
struct filter {
	uint16_t cads;			/* bit n: codec address n */
	uint64_t nids[4];		/* bit n: NID n */
	uint32_t classes;		/* bit n: enum verb_class n */
	uint8_t certainties;		/* bit n: enum certainty n */
	uint8_t directions;		/* bit n: enum verb_dir n */
	uint16_t coefs[FILTER_COEFS];
	unsigned int n_coefs;
	uint16_t verbs[FILTER_VERBS];	/* ids of verbs */
	unsigned int n_verbs;
};

/* Each parses a comma-separated list and adds it to the selection. */
struct err *filter_addresses(uint16_t *cads, const char *list);
struct err *filter_nids(struct filter *f, const char *list);
struct err *filter_classes(struct filter *f, const char *list);
struct err *filter_certainties(struct filter *f, const char *list);
struct err *filter_coefs(struct filter *f, const char *list);
struct err *filter_verbs(struct filter *f, const char *list);
/* True if @cad is selected by a mask of addresses; 0 = all. */
static inline bool filter_has_address(uint16_t cads, unsigned int cad)
{
	return !cads || (cad < 16 && cads >> cad & 1);
}
/* True if a xact is selected; @d is its decoding. */
bool filter_passes(const struct filter *f, const struct xact *x, const struct decoded *d);
/* The same for an effect. */
bool filter_passes_effect(const struct filter *f, const struct effect *e);

#endif
