/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a vendor's codecs do that the specification does not say.  One file a
 * vendor (vendor_NAME.c) holds a `struct vendor`; it is chosen by the codec's
 * id, and inside it every rule names the NIDs it holds for, because the same
 * verb means different things on different widgets.
 *
 * Private to the codec room.
 */
#ifndef HDADUMP_CODEC_VENDOR_VENDOR_H
#define HDADUMP_CODEC_VENDOR_VENDOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec/decode.h"

struct coef_row;
struct effect;
struct effect_queue;
struct shadow;

/* Verbs of its own on some widgets. */
struct vendor_node {
	uint8_t nid_first, nid_last;
	bool only;	/* standard verbs mean nothing here, but for the parameters (F00) */
	const struct verb_row *row;
	unsigned int n;
	/* True for the codecs of this vendor that have it; NULL: all. */
	bool (*has)(uint32_t vendor_id);
};

struct vendor {
	const char *name;
	/* True for the ids of this vendor's codecs. */
	bool (*match)(uint32_t vendor_id);
	const struct vendor_node *node;
	unsigned int nnodes;
	/* Another list for a standard answer, or NULL to keep it. */
	const struct field_list *(*answer)(const struct shadow *s, const struct verb_parts *v,
					   uint32_t resp);
	/* The list for an unsolicited response, or NULL to keep the standard one. */
	const struct field_list *(*unsol)(const struct shadow *s, uint32_t resp);

	/* --- effects, fx.h --- */
	size_t state_size;	/* of fx->state */
	/* Before all other rules: true when the xact is dealt with. */
	bool (*effect)(struct effect_queue *fx, const struct xact *x, const struct decoded *d);
	/* A coefficient was read or written: it stands at the end of the queue. */
	void (*after_coef)(struct effect_queue *fx);
	/* More is to come after the last effect of the windows' queue. */
	bool (*is_open)(struct effect_queue *fx, const struct effect *last);
	/* Names of coefficients, and the NID that they are usually found on. */
	const struct coef_row *coef;
	unsigned int ncoefs;
	unsigned int (*coef_window)(uint32_t vendor_id);
	/* Meanings of the payloads of the vendor's own verbs; `index` is the verb's id. */
	const struct coef_row *meaning;
	unsigned int nmeanings;
	/* An effect is final, and may get another name and meaning. */
	void (*name_effect)(struct effect_queue *fx, struct effect *e);
};

extern const struct vendor vendor_ati, vendor_cirrus, vendor_cmedia, vendor_conexant,
	vendor_creative, vendor_intel, vendor_nvidia, vendor_realtek, vendor_si3054,
	vendor_sigmatel, vendor_via;

extern const struct vendor *const vendors[];
extern const unsigned int vendor_count;

/* Codecs that have not said who they are: what can be told from the traffic alone. */
extern const struct vendor vendor_unknown;

/* The vendor of that codec, or NULL when nothing special is known of it; 0: vendor_unknown. */
const struct vendor *vendor_find(uint32_t vendor_id);

/*
 * The row for this verb on this codec: true when the vendor decides, and then
 * *row may be NULL for a verb that nobody knows.
 */
bool vendor_row(const struct shadow *s, const struct verb_parts *v, const struct verb_row **row);

#endif
