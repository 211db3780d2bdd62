/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Effects: each one describes what a run of verbs does.
 *
 *	5xx 45, 4xx d489                  coef[45] = d489 (headset type: CTIA)
 *	707 40, 70c 02 on NID 14          pin 14: OUT, EAPD on
 *	5xx 23, 4xx 23ff 0 1 b011         amp 38: reg 23ff = 1
 *	F00 and F02, four hundred times   capability walk
 *
 * An effect is data: a register of some space (a coefficient, an amplifier behind
 * coefficients, a chip's own memory, a widget's control) was written, updated or read, or the
 * same access was repeated. A xact that no rule explains becomes an EFFECT_XACT, so nothing
 * is lost; every xact belongs to exactly one effect.
 *
 * Marks and notes between verbs do not change the effects: each comes before the effect that
 * contains the next verb.
 *
 * Effects come in the order in which they were complete, for one codec also in the order in
 * which they began. A rule may need the verbs that follow; effects_flush() makes all effects
 * final, at the end of the input and while no verbs come.
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
	EFFECT_XACT,	/* no rule explains it, or it is not a verb: see x and d */
	EFFECT_WRITE,	/* a register was written */
	EFFECT_UPDATE,	/* read, changed and written: old, value, mask of the bits that changed */
	EFFECT_READ,
	EFFECT_POLL,	/* read `repeats` times without a change; value is the last answer */
	EFFECT_WALK,	/* a driver read capabilities and state of widgets */
	EFFECT_COMMAND,	/* a command that does not set a register */
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
	const char *unit;	/* prefix of the address if there are several devices: "amp" */
	uint8_t addr_digits;	/* least number of hex digits of an address */
	uint8_t value_digits;
	const char *source;
};

extern const struct effect_space_row effect_spaces[SPACE_KINDS];

struct effect {
	uint64_t first, last;	/* xact.index of the first and the last verb */
	int64_t time;		/* time of the first verb, or EVENT_TIME_NONE */
	uint32_t verbs;		/* number of verbs in this effect */
	uint32_t repeats;	/* number of repetitions; 1 = not repeated */

	uint32_t unit;		/* number of the amplifier, I2C device or module */
	/* address of the register in its space; SPACE_VERB: the verb's id */
	uint32_t addr;
	uint32_t value, old;	/* old: valid for EFFECT_UPDATE, or if has_old */
	uint32_t mask;		/* EFFECT_UPDATE: the bits that changed */

	const char *object;	/* SPACE_VERB: the kind of widget: "pin" */
	const char *name;	/* name of the register, or NULL */
	const char *meaning;	/* meaning of the value, or NULL */
	/* rows of the vendor's tables with the name and the meaning, or NULL */
	const void *name_row, *meaning_row;

	const struct field_list *fields;	/* fields of the value, or NULL */
	const struct field_list *ask;		/* fields of a get's payload, or NULL */
	const struct shadow *shadow;
	uint32_t verb;		/* SPACE_VERB: the last verb's word */

	const struct eld *eld;			/* SPACE_ELD: valid until the next effects_put() */
	const struct infoframe *infoframe;	/* SPACE_INFOFRAME: the same */
	/*
	 * EFFECT_XACT: the arguments of effects_put(). For marks and notes a copy, valid
	 * until the next effects_put().
	 */
	const struct xact *x;
	const struct decoded *d;

	uint16_t ctrl;
	uint8_t cad;
	uint8_t nid;
	uint8_t last_nid;	/* EFFECT_WALK: the widgets are nid to last_nid */
	uint8_t kind;		/* enum effect_kind */
	uint8_t space;		/* enum effect_space */
	uint8_t class;		/* enum verb_class */
	uint8_t certainty;	/* the lowest certainty of its xacts */
	bool has_unit;
	bool has_value;		/* false for a read without an answer */
	bool has_old;
	bool is_float;		/* the value is an IEEE 754 number */
	bool main_nid;		/* the widget is the usual one for this space */
	bool verified;		/* a later read returned the written value */
	bool noise;		/* a walk, or a poll without a new result */
	/* not final: a select without an access, taken for the read that a filter left out */
	bool left_out;
};

static inline bool effect_is_reading(const struct effect *e)
{
	return e->kind == EFFECT_READ || e->kind == EFFECT_POLL;
}

const char *effect_kind_name(enum effect_kind kind);

/* One row of controls.def: the name of a widget's control. */
struct effect_control {
	uint16_t id;	/* id of the set verb */
	const char *name;
	const struct field_list *fields;
};

extern const struct effect_control effect_controls[];
extern const unsigned int effect_control_count;

/*
 * Sets name and meaning of a coefficient's effect from the vendor's tables; other effects
 * stay as they are.
 */
void effect_name_coef(struct effect *e, uint32_t vendor_id);
/* The fields of a whole pin default or subsystem id; NULL for other spaces. */
const struct field_list *effect_word_fields(enum effect_space space);

struct effects;

/* Effects use what @dec has learned, so @dec must live longer. */
struct err *effects_create(struct decoder *dec, struct effects **out);
void effects_destroy(struct effects *fx);

/*
 * Takes one xact and its decoding, directly after codec_decode(). Then call effects_next()
 * until it returns false.
 */
struct err *effects_put(struct effects *fx, const struct xact *x, const struct decoded *d);
/* Makes all held effects final: the input has ended, or no verb may come for a long time. */
struct err *effects_flush(struct effects *fx);
/* The next effect; false if there is none. */
bool effects_next(struct effects *fx, struct effect *e);

/* The fields of an effect's value and of a get's payload; none if it has no list. */
void effect_fields(const struct effect *e, struct fields *out);
void effect_ask_fields(const struct effect *e, struct fields *out);

#endif
