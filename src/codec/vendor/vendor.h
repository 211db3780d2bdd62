/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules and verbs of a vendor's codecs beyond the specification. One file a vendor
 * (vendor_NAME.c) holds a `struct vendor`; it is found by the codec's id, and each of its
 * rules names the NIDs that it is for, because the same verb means different things on
 * different widgets.
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

/* Vendor verbs on some widgets. */
struct vendor_node {
	uint8_t nid_first, nid_last;
	bool only;	/* standard verbs mean nothing on these widgets, except parameters (F00) */
	const struct verb_row *row;
	unsigned int n;
	/* True for the codecs of this vendor that have these widgets; NULL: all. */
	bool (*has)(uint32_t vendor_id);
};

struct vendor {
	const char *name;
	/* True for the ids of this vendor's codecs. */
	bool (*match)(uint32_t vendor_id);
	const struct vendor_node *node;
	unsigned int nnodes;
	/* Another list of fields for a standard answer; NULL keeps the standard one. */
	const struct field_list *(*answer)(const struct shadow *s, const struct verb_parts *v,
					   uint32_t resp);
	/* The list of fields for an unsolicited response; NULL keeps the standard one. */
	const struct field_list *(*unsol)(const struct shadow *s, uint32_t resp);

	/* --- effects, effect_queue.h --- */
	size_t state_size;	/* bytes of fx->state */
	/* Called before all other rules; true if it has handled the xact. */
	bool (*effect)(struct effect_queue *fx, const struct xact *x, const struct decoded *d);
	/* Called after a coefficient's access, which is the last effect of the queue. */
	void (*after_coef)(struct effect_queue *fx);
	/* True if more verbs should follow the last effect of the windows' queue. */
	bool (*is_open)(struct effect_queue *fx, const struct effect *last);
	/* Names of coefficients, and the NID that usually has them. */
	const struct coef_row *coef;
	unsigned int ncoefs;
	unsigned int (*coef_window)(uint32_t vendor_id);
	/* Meanings of payloads of the vendor's own verbs; `index` is the verb's id. */
	const struct coef_row *meaning;
	unsigned int nmeanings;
	/* Called for a final effect; may set another name and meaning. */
	void (*name_effect)(struct effect_queue *fx, struct effect *e);
};

extern const struct vendor vendor_ati, vendor_cirrus, vendor_cmedia, vendor_conexant,
	vendor_creative, vendor_intel, vendor_nvidia, vendor_realtek, vendor_si3054,
	vendor_sigmatel, vendor_via;

extern const struct vendor *const vendors[];
extern const unsigned int vendor_count;

/* For codecs with an unknown id: rules that need only the traffic. */
extern const struct vendor vendor_unknown;

/* The vendor of the codec; NULL = no special rules; id 0: vendor_unknown. */
const struct vendor *vendor_find(uint32_t vendor_id);

/*
 * The row for this verb on this codec: true if the vendor decides; *row is NULL then if the
 * verb is unknown.
 */
bool vendor_row(const struct shadow *s, const struct verb_parts *v, const struct verb_row **row);

#endif
