/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Steps: what a driver did to its codecs, in the smallest pieces that can be left
 * out, repeated or tried alone without being torn apart.
 *
 *	707 40 on NID 14                        one verb is a step
 *	500 45, 4d4 89 on NID 20                an index and its data are one
 *	500 22 .. 4b0 11 on NID 20              an amplifier's whole transaction is one
 *	71c 10, 71d 01, 71e 17, 71f 90          the four bytes of a pin's default are one
 *	716, 717, 715 on NID 01                 mask, direction and data of GPIOs are one
 *
 * Only what changes something is a step: reads, polls and walks are not, nor an
 * index that was selected for a read.  Each step stands on its own: it carries the
 * selects and addresses it needs even where the driver relied on those of the step
 * before, so that any choice of steps, in their order, can be sent.  Those verbs
 * are marked, and left out again where they are not needed: see struct step_verbs.
 *
 * It is a sink: give &steps->sink to a pipeline whose view folds nothing, then call
 * steps_finish().  analyse/steps/steps_load.h does that for a path.  Beside the steps there
 * are the models of the codecs (what was read and written last), and the marks.
 *
 * Ownership: everything belongs to the list and lives as long as it.  Memory is
 * linear in the writes, about 150 bytes each.  Errors: no memory.
 *
 * Numbers: of registers, Intel HD Audio specification 1.0a, section 7.3.3; what has
 * to stay in order is said where it is decided, step_kinds.c.
 */
#ifndef HDADUMP_ANALYSE_STEPS_STEPS_H
#define HDADUMP_ANALYSE_STEPS_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec/effect/effect.h"
#include "flow/sink.h"
#include "input/list_head.h"
#include "model/model.h"

struct buf;
struct decoder;
struct effects;
struct err;

enum step_kind {
	STEP_VERB,	/* one verb: a widget's or a function group's control */
	STEP_BYTES,	/* the bytes of a pin default or of a subsystem id */
	STEP_COEF,	/* index and data of a coefficient */
	STEP_PORT,	/* an amplifier's transaction behind Realtek coefficients */
	STEP_I2C,	/* one of a device behind a CS8409 */
	STEP_CHIP,	/* a write through a window: CA0132, ALC5505 */
	STEP_GPIO,	/* mask, direction, data */
	STEP_INFOFRAME,	/* index and bytes of a data island packet */
	STEP_POWER,
	STEP_RESET,	/* function-group resets in a row */
	STEP_LINK_RESET,/* the controller's reset: it has no verbs, and no list can hold it */
	STEP_RELATIVE,	/* a coefficient through an index that nobody knows */
	STEP_KINDS
};

/* What a step needs of its place among the others. */
enum step_order {
	ORDER_STATE,	/* a register's value: only the last one lasts */
	ORDER_KEPT,	/* something outside is told: each stays, in its order */
	ORDER_CONTEXT,	/* what follows is done in it: power, the selected device entry */
	ORDER_RESET,	/* it clears registers */
	ORDER_NOTHING,	/* it leaves nothing behind: a measurement was started */
};

enum step_role {
	VERB_DOES,	/* of the input */
	VERB_SELECTS,	/* an index that the input did not select again: see struct step_verbs */
	VERB_SETS_UP,	/* the same for a coefficient: a select, and then its value */
	VERB_PAGES,	/* the same for what a window goes on from: the page of an I2C device */
	VERB_WAITS,	/* a read for the end of a transfer; its answer changes nothing */
};

struct step_verb {
	uint32_t word;		/* with the codec's address */
	uint8_t role;		/* enum step_role */
};

#define STEP_NONE UINT32_MAX

struct step {
	uint64_t seq;		/* of its last verb, by which it is done, among all of the input */
	uint64_t first, last;	/* xact.index of its first and last verb */
	int64_t time;		/* of the first, or EVENT_TIME_NONE */
	/* the effect, as in codec/effect/effect.h */
	const struct field_list *fields;
	const char *object, *name, *meaning;
	const struct verb_row *row;	/* of the last verb, or NULL */
	uint32_t unit, addr, value, old, mask, verb;
	uint32_t repeats;
	uint32_t line;		/* of a text input, or 0 */
	uint32_t verbs_at, n_verbs;	/* in steps->verbs */
	uint32_t before;	/* the step before it in its window, where it relies on it; or STEP_NONE */
	uint16_t codec;		/* in steps->codecs */
	uint8_t dev;		/* the device entry (DP MST) that was selected */
	uint8_t nid;
	uint8_t kind;		/* enum step_kind */
	uint8_t order;		/* enum step_order */
	uint8_t effect_kind, space, class, certainty;
	bool has_unit, has_old, is_float, main_nid;
	bool asks;		/* a port's transaction that only reads */
	bool no_value;		/* a port's: nobody knows the data that it was given, or answered */
};

/* Coefficients that are commands: they do not read back as they were written. */
#define STEP_COMMANDS LIST_COMMANDS

/* One codec of the input. */
struct step_codec {
	uint16_t ctrl;
	uint8_t cad;
	uint8_t port;		/* generation of its amplifier port, from 1; 0: none was seen */
	uint32_t vendor_id;	/* 0: unknown */
	uint32_t subsystem_id;	/* 0: unknown */
	const char *name;	/* "Realtek ALC298", or NULL */
	const struct shadow *shadow;	/* for effects */
	struct codec_model *model;
	size_t steps;		/* how many are its */
	struct {
		uint8_t nid;
		uint16_t coef;
	} commands[STEP_COMMANDS];
	unsigned int n_commands;
};

struct step_mark {
	char *text;		/* made safe: text_add_safe() */
	int64_t time;
	size_t at;		/* it stands before this step */
	uint64_t seq;		/* verbs before it */
	bool gap;		/* not the user's: something was lost here */
};

struct steps {
	struct sink sink;
	struct step *v;
	size_t n;
	struct step_verb *verbs;
	size_t n_verbs;
	struct step_codec **codecs;
	size_t n_codecs;
	struct step_mark *marks;
	size_t n_marks;
	uint64_t read;		/* verbs of the input, those that only read included */
	struct list_head head;	/* where it came from */
	struct sink *watch;	/* sees the same xacts, those in the range; NULL: nobody */
	bool stops;		/* what comes after the range is not looked at: set after steps_init() */

	/* on the way */
	struct decoder *dec;
	struct effects *fx;
	struct steps_state *state;
	size_t cap, cap_verbs, cap_codecs, cap_marks;
};

/* The traffic outside of the pipeline's range is learned from, but gives no steps. */
struct err *steps_init(struct steps *a);
void steps_deinit(struct steps *a);
/* What the input says of its codecs beside the traffic; before the pipeline runs. */
struct err *steps_set_head(struct steps *a, const struct list_head *head);
/* The same for coefs that were read before they were written, in the order of their lines. */
void steps_set_updates(struct steps *a, const struct list_update *u, size_t n);
/* After the last xact. */
struct err *steps_finish(struct steps *a);

const char *step_kind_name(enum step_kind kind);

static inline const struct step_codec *step_codec(const struct steps *a, const struct step *t)
{
	return a->codecs[t->codec];
}

static inline const struct step_verb *step_verbs(const struct steps *a, const struct step *t)
{
	return a->verbs + t->verbs_at;
}

/* The step as an effect, to be shown: print/render.h, put_effect(). */
void step_effect(const struct steps *a, const struct step *t, struct effect *e);
/* A coefficient that was read just before it was written: old, value and mask are known. */
static inline bool step_is_update(const struct step *t)
{
	return t->kind == STEP_COEF && t->effect_kind == EFFECT_UPDATE && t->has_old;
}
/* The coefficient is a command, or one of the amplifier port's: its order matters. */
bool step_coef_is_ordered(const struct step_codec *c, unsigned int nid, unsigned int coef);

/* --- registers --------------------------------------------------------------- */

/*
 * A register of one codec: space 63:56, NID 55:48, unit 47:32, address 31:0.  Of a
 * widget's own control the address is the verb that sets it (707) and the unit the
 * device entry; of an amplifier (300) the unit is 15 output, 11:8 index, 0 left.
 */
typedef uint64_t reg_key;

#define REG_KEY(space, nid, unit, addr) \
	((uint64_t)(space) << 56 | (uint64_t)((nid) & 0xff) << 48 | \
	 (uint64_t)((unit) & 0xffff) << 32 | (uint32_t)(addr))

static inline enum effect_space reg_key_space(reg_key k)
{
	return (enum effect_space)(k >> 56);
}

static inline uint8_t reg_key_nid(reg_key k)
{
	return (uint8_t)(k >> 48);
}

struct step_reg {
	reg_key key;
	uint32_t value, mask;	/* of the bits that are written */
};

#define STEP_REGS_MAX 32

/*
 * The registers that a step writes, at most STEP_REGS_MAX, and what they are given.
 * Later steps that write all these bits make an ORDER_STATE one redundant.
 */
unsigned int step_regs(const struct steps *a, const struct step *t, struct step_reg *out);

/*
 * A register's value without what is a driver's own choice: of a stream only its channel
 * and whether there is one, of an unsolicited tag only whether it is on.
 */
uint32_t reg_canonical(reg_key key, uint32_t value);

/* --- sending them again -------------------------------------------------------- */

/*
 * The verbs of a choice of steps.  Verbs that only set up what another step had set
 * up before (VERB_SELECTS, VERB_SETS_UP, VERB_PAGES) are given where the steps chosen
 * do not leave things so; the automatic step of a coefficient's index is relied on
 * only where the input did so.
 *
 *	step_verbs_init(&em, steps);
 *	for each step that is wanted: e = step_verbs_put(&em, step, &words)
 *	step_verbs_deinit(&em);
 *
 * @words gets whole uint32_t, with the codec's address.  VERB_WAITS are given only
 * if em.waits is set: whoever reads the answers can wait by them.
 */
struct step_verbs {
	const struct steps *steps;
	bool waits;
	struct step_verbs_window *windows;
	size_t n_windows;
};

void step_verbs_init(struct step_verbs *em, const struct steps *a);
void step_verbs_deinit(struct step_verbs *em);
struct err *step_verbs_put(struct step_verbs *em, const struct step *t, struct buf *words);

/* --- the list as a file: docs/verb-list.md ------------------------------------- */

struct list_options {
	int fd;			/* not owned */
	/* Why a step stays, a line for its comment, or NULL. */
	const char *(*why)(void *arg, size_t step);
	void *why_arg;
	const uint16_t *masks;	/* by step: of all updates that the coef went through; or NULL */
	const char *made;	/* "reduce --keep speaker": what made it */
};

/*
 * Writes the steps of which chosen[i] is true, or all with NULL.  All must be of one
 * controller: a list has no place for a second.
 */
struct err *list_write(const struct steps *a, const bool *chosen, const struct list_options *o);

#endif
