/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of a codec as rows: every register with a known value, ordered by widget and
 * address. It is made from a model (of traffic, a proc text or an RtHDDump) and from the
 * steps that were written. Two states can be compared, whatever their sources.
 *
 * Values that change by themselves (jack sense, levels of GPIO inputs) are not included.
 */
#ifndef HDADUMP_ANALYSE_STATE_H
#define HDADUMP_ANALYSE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/steps/steps.h"

struct err;

struct state_row {
	reg_key key;
	uint32_t value, known;	/* value, and mask of its known bits */
	bool written;		/* written by the traffic */
	uint32_t step;		/* the last step that wrote it, or STEP_NONE */
	/* for its text: the kind of the widget, and the name of the register */
	const char *object, *name;
	const struct field_list *fields;
	bool is_float;
};

struct state {
	struct state_row *rows;	/* ordered by NID, then key */
	size_t n, cap;
	size_t written;
	const struct codec_model *model;	/* borrowed */
	/* Used for names only; may be the model of the other source: */
	const struct codec_model *tree;
	uint32_t vendor_id;
	const struct shadow *shadow;		/* borrowed, or NULL */
};

/* @a may be NULL: only the model's registers then. Both must live longer than the state. */
struct err *state_build(const struct codec_model *m, const struct steps *a, uint16_t codec,
			struct state *out);
void state_deinit(struct state *s);

/*
 * Writes row @i as an effect, for print/state_text.h. With @both also the next row, the other
 * side of the same amplifier. The effect only points to its data.
 */
void state_effect(const struct state *s, size_t i, bool both, struct effect *e);

/* True if row @i and the next one are the two sides of an amplifier with the same value. */
bool state_pairs(const struct state *s, size_t i);

/* --- comparing ------------------------------------------------------------------ */

/* The same codec in @others: by id, else by address, else the only one; NULL = none. */
struct state *state_partner(const struct state *s, struct state *others, size_t n);
/* A list does not know the codec or its widgets: gives each state the other's names. */
void state_know_each_other(struct state *a, struct state *b);

enum state_side { STATE_BOTH, STATE_HERE, STATE_THERE };

struct state_difference {
	size_t here, there;	/* index of a row on each side */
	enum state_side side;	/* known on both sides and different, or only there */
};

struct state_differences {
	struct state_difference *v;
	size_t n, cap;
	size_t same;		/* number of registers with the same value on both sides */
	size_t unknown_here, unknown_there;
};

/*
 * Finds the registers that differ, or were written on one side and are unknown on the other.
 * Stream and unsolicited tags are chosen by the driver: only zero or not zero counts.
 */
struct err *state_compare(const struct state *here, const struct state *there,
			  struct state_differences *out);
void state_differences_deinit(struct state_differences *d);

#endif
