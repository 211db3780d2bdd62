/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Effects: what a run of verbs achieves.
 *
 *	5xx 45, 4xx d489                  coef[45] = d489 (headset type: CTIA)
 *	707 40, 70c 02 on NID 14          pin 14: OUT, EAPD on
 *	5xx 23, 4xx 23ff 0 1 b011         amp 38: reg 23ff = 1
 *	F00 and F02, four hundred times   capability walk
 *
 * An effect is data: a register of some space (a coefficient, an amplifier
 * behind coefficients, a chip's own memory, a widget's control) was written,
 * updated or read, or something was done again and again.  What no rule
 * explains passes through as EFFECT_XACT, so nothing is ever swallowed; every
 * xact belongs to exactly one effect.
 *
 * Marks and notes between verbs change nothing of that: they come before the effect
 * that the verb behind them belongs to.
 *
 * Effects come in the order in which they were complete, for one codec also in
 * the order in which they began.  A rule may have to see the verbs that follow:
 * effects_flush() ends the waiting, at the end and in quiet moments.
 *
 * Knowledge of vendors is keyed by codec id and NID: vendor_*.c.
 */
#ifndef HDADUMP_CODEC_EFFECT_EFFECT_H
#define HDADUMP_CODEC_EFFECT_EFFECT_H

#include <stdbool.h>
#include <stdint.h>

#include "codec/decode.h"
#include "hda/xact.h"

struct err;
struct shadow;
struct eld;
struct infoframe;

enum effect_kind {
	EFFECT_XACT,	/* no rule explains it, or it is no verb: x and d say what it is */
	EFFECT_WRITE,	/* a register was given a value */
	EFFECT_UPDATE,	/* read, changed and written: old, value, mask of the bits that changed */
	EFFECT_READ,
	EFFECT_POLL,	/* read `repeats` times in a row; value is the last answer */
	EFFECT_WALK,	/* capabilities and state of widgets were read */
	EFFECT_COMMAND,	/* a command was given that is not a register's value */
	EFFECT_KINDS
};

/* A kind of register: spaces.def. */
enum effect_space {
#define SPACE(id, name, unit, addr_digits, value_digits, source) SPACE_##id,
#include "codec/spaces.def"
#undef SPACE
	SPACE_KINDS
};

struct effect_space_row {
	const char *name;	/* "coef" */
	const char *unit;	/* what stands before the address when there are several: "amp" */
	uint8_t addr_digits;	/* hex digits an address is shown with at least */
	uint8_t value_digits;
	const char *source;
};

extern const struct effect_space_row effect_spaces[SPACE_KINDS];

struct effect {
	uint64_t first, last;	/* xact.index of the first and the last verb */
	int64_t time;		/* of the first, or EVENT_TIME_NONE */
	uint32_t verbs;		/* how many verbs it stands for */
	uint32_t repeats;	/* how often it was done in a row; 1 otherwise */

	uint32_t unit;		/* which amplifier, I2C device, module */
	uint32_t addr;		/* the register's address in its space; SPACE_VERB: the verb's id */
	uint32_t value, old;	/* old: EFFECT_UPDATE, or where it is known */
	uint32_t mask;		/* EFFECT_UPDATE: bits that changed */

	const char *object;	/* SPACE_VERB: what kind of widget it is: "pin" */
	const char *name;	/* of the register, or NULL */
	const char *meaning;	/* of the value, or NULL */
	const void *name_row, *meaning_row; /* the rows of the vendor's tables that gave them */

	const struct field_list *fields;	/* of the value, or NULL */
	const struct field_list *ask;		/* of a get's payload, or NULL */
	const struct shadow *shadow;
	uint32_t verb;		/* SPACE_VERB: the last verb's word */

	const struct eld *eld;			/* SPACE_ELD: valid until the next effects_put() */
	const struct infoframe *infoframe;	/* SPACE_INFOFRAME: the same */
	/* EFFECT_XACT: those given to effects_put(); of marks and notes copies, valid until the next one */
	const struct xact *x;
	const struct decoded *d;

	uint16_t ctrl;
	uint8_t cad;
	uint8_t nid;
	uint8_t last_nid;	/* EFFECT_WALK: nid to last_nid */
	uint8_t kind;		/* enum effect_kind */
	uint8_t space;		/* enum effect_space */
	uint8_t class;		/* enum verb_class */
	uint8_t certainty;	/* of its least certain xact */
	bool has_unit;
	bool has_value;		/* a read without an answer has none */
	bool has_old;
	bool is_float;		/* the value is an IEEE 754 number */
	bool main_nid;		/* the widget is the one that this space is usually found on */
	bool verified;		/* the value was read back, and was that */
	bool noise;		/* a walk, or a poll that says nothing new */
	bool left_out;		/* not final: a select that nothing followed, taken for the read that it was for */
};

static inline bool effect_is_reading(const struct effect *e)
{
	return e->kind == EFFECT_READ || e->kind == EFFECT_POLL;
}

const char *effect_kind_name(enum effect_kind kind);

/* One row of controls.def: how effects name a widget's own control. */
struct effect_control {
	uint16_t id;	/* of the set */
	const char *name;
	const struct field_list *fields;
};

extern const struct effect_control effect_controls[];
extern const unsigned int effect_control_count;

/* Gives a coefficient's effect what the vendor's tables know of it; others stay as they are. */
void effect_name_coef(struct effect *e, uint32_t vendor_id);
/* The fields of a pin's default or a subsystem id as a whole; NULL for other spaces. */
const struct field_list *effect_word_fields(enum effect_space space);

struct effects;

/* Effects need what @dec has learned; it must outlive them. */
struct err *effects_create(struct decoder *dec, struct effects **out);
void effects_destroy(struct effects *fx);

/*
 * Takes one xact and its decoding; codec_decode() was called for it just now.
 * Then ask effects_next() until it has no more.
 */
struct err *effects_put(struct effects *fx, const struct xact *x, const struct decoded *d);
/* What is held back is complete: no more comes, or nobody knows when. */
struct err *effects_flush(struct effects *fx);
/* The next effect, false when there is none. */
bool effects_next(struct effects *fx, struct effect *e);

/* The fields of an effect's value, and of a get's payload; none when it has no list. */
void effect_fields(const struct effect *e, struct fields *out);
void effect_ask_fields(const struct effect *e, struct fields *out);

#endif
