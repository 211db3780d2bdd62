/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of a codec as rows: every register of which something is known, in the
 * order of widget and address, from a model (read from traffic, a proc text or an
 * RtHDDump) and from the steps that were written to it.  Two states can be compared,
 * wherever they come from.
 *
 * What changes by itself (jack sense, what GPIO inputs show) is no row.
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
	uint32_t value, known;	/* bits */
	bool written;		/* by the traffic */
	uint32_t step;		/* that wrote it last, or STEP_NONE */
	/* for its text */
	const char *object, *name;
	const struct field_list *fields;
	bool is_float;
};

struct state {
	struct state_row *rows;	/* in the order of NID, then key */
	size_t n, cap;
	size_t written;
	const struct codec_model *model;	/* borrowed */
	/* For names only, and may be another source's: */
	const struct codec_model *tree;
	uint32_t vendor_id;
	const struct shadow *shadow;		/* borrowed, or NULL */
};

/* @a may be NULL: then only the model's.  Both must outlive the state. */
struct err *state_build(const struct codec_model *m, const struct steps *a, uint16_t codec,
			struct state *out);
void state_deinit(struct state *s);

/*
 * Row @i as an effect, to be shown: print/state_text.h.  With @both the row after it,
 * the other side of the same amplifier, is in it too.  Everything is borrowed.
 */
void state_effect(const struct state *s, size_t i, bool both, struct effect *e);

/* Row @i and the one after it are the two sides of an amplifier, and the same. */
bool state_pairs(const struct state *s, size_t i);

/* --- comparing ------------------------------------------------------------------ */

/* Of @others the same codec: of the same id, else at the same address, else the only one; or NULL. */
struct state *state_partner(const struct state *s, struct state *others, size_t n);
/* A list knows neither the codec nor its widgets: what the other source knows names both. */
void state_know_each_other(struct state *a, struct state *b);

enum state_side { STATE_BOTH, STATE_HERE, STATE_THERE };

struct state_difference {
	size_t here, there;	/* rows */
	enum state_side side;	/* known on both and different, or only there */
};

struct state_differences {
	struct state_difference *v;
	size_t n, cap;
	size_t same;		/* known on both, and the same */
	size_t unknown_here, unknown_there;
};

/*
 * Registers that differ, or that were written on one side and are not known on the
 * other.  Stream and unsolicited tags are a driver's own numbers: only whether there
 * is one counts.
 */
struct err *state_compare(const struct state *here, const struct state *there,
			  struct state_differences *out);
void state_differences_deinit(struct state_differences *d);

#endif
