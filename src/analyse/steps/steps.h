/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Steps: what a driver did to its codecs, in the smallest pieces that can be left out,
 * repeated or tried alone.
 *
 *	707 40 on NID 14                        one verb is a step
 *	500 45, 4d4 89 on NID 20                an index and its data are one
 *	500 22 .. 4b0 11 on NID 20              an amplifier's whole transaction is one
 *	71c 10, 71d 01, 71e 17, 71f 90          the four bytes of a pin's default are one
 *	716, 717, 715 on NID 01                 mask, direction and data of GPIOs are one
 *
 * Only changes are steps: reads, polls and walks are not, nor an index that was selected for
 * a read. A step contains all it needs: also the selects and addresses for which the driver
 * relied on the step before, so that any choice of steps, in their order, can be sent. Those
 * verbs are marked, and left out again where they are not needed: see struct step_verbs.
 *
 * It is a sink: give &steps->sink to a pipeline whose fold folds nothing, then call
 * steps_finish(). analyse/steps/steps_load.h does that for a path. The result also has the
 * models of the codecs (last values read and written), and the marks.
 *
 * Ownership: everything belongs to the list and is freed with it. Memory is linear in the
 * writes, about 150 bytes each. Errors: no memory.
 *
 * Numbers of registers: Intel HD Audio specification 1.0a, section 7.3.3. step_kinds.c
 * explains which steps must stay in order.
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
	STEP_I2C,	/* a transaction with a device behind a CS8409 */
	STEP_CHIP,	/* a write through a window: CA0132, ALC5505 */
	STEP_GPIO,	/* mask, direction, data */
	STEP_INFOFRAME,	/* index and bytes of a data island packet */
	STEP_POWER,
	STEP_RESET,	/* function-group resets in a row */
	STEP_LINK_RESET,/* the controller's reset: it has no verbs, and a list cannot contain it */
	STEP_RELATIVE,	/* a coefficient at an unknown index */
	STEP_KINDS
};

/* Whether the order of a step among the others matters. */
enum step_order {
	ORDER_STATE,	/* a register's value: only the last write counts */
	ORDER_KEPT,	/* it acts outside the codec: each is kept, in its order */
	ORDER_CONTEXT,	/* later steps are done in this state: power, the selected device entry */
	ORDER_RESET,	/* it clears registers */
	ORDER_NOTHING,	/* it changes no register: a measurement was started */
};

enum step_role {
	VERB_DOES,	/* a verb of the input */
	/* selects an index that the input had selected earlier: see struct step_verbs */
	VERB_SELECTS,
	VERB_SETS_UP,	/* the same for a coefficient: a select, and then its value */
	VERB_PAGES,	/* the same for the page of an I2C device, which a window keeps */
	/* a read that waits for the end of a transfer; its answer changes nothing */
	VERB_WAITS,
};

struct step_verb {
	uint32_t word;		/* with the codec's address in it */
	uint8_t role;		/* enum step_role */
};

#define STEP_NONE UINT32_MAX

struct step {
	uint64_t seq;		/* number of its last verb in the input, which orders the steps */
	uint64_t first, last;	/* xact.index of its first and last verb */
	int64_t time;		/* time of the first verb, or EVENT_TIME_NONE */
	/* the effect, as in codec/effect/effect.h */
	const struct field_list *fields;
	const char *object, *name, *meaning;
	const struct verb_row *row;	/* row of the last verb, or NULL */
	uint32_t unit, addr, value, old, mask, verb;
	uint32_t repeats;
	uint32_t line;		/* line of a text input; 0 = not a text */
	uint32_t verbs_at, n_verbs;	/* place and number of its verbs in steps->verbs */
	/* the earlier step of its window whose state it needs, or STEP_NONE */
	uint32_t before;
	uint16_t codec;		/* index in steps->codecs */
	uint8_t dev;		/* the device entry (DP MST) selected at the time */
	uint8_t nid;
	uint8_t kind;		/* enum step_kind */
	uint8_t order;		/* enum step_order */
	uint8_t effect_kind, space, class, certainty;
	bool has_unit, has_old, is_float, main_nid;
	bool asks;		/* port transaction: it only reads */
	bool no_value;		/* port transaction: its data, written or read, are unknown */
};

/* Coefficients that are commands: they do not read back the value that was written. */
#define STEP_COMMANDS LIST_COMMANDS

/* One codec of the input. */
struct step_codec {
	uint16_t ctrl;
	uint8_t cad;
	uint8_t port;		/* generation of its amplifier port, from 1; 0 = none seen */
	uint32_t vendor_id;	/* 0 = unknown */
	uint32_t subsystem_id;	/* 0 = unknown */
	const char *name;	/* "Realtek ALC298", or NULL */
	const struct shadow *shadow;	/* for effects */
	struct codec_model *model;
	size_t steps;		/* number of its steps */
	struct {
		uint8_t nid;
		uint16_t coef;
	} commands[STEP_COMMANDS];
	unsigned int n_commands;
};

struct step_mark {
	char *text;		/* safe for a terminal: text_add_safe() */
	int64_t time;
	size_t at;		/* index of the step after it */
	uint64_t seq;		/* number of verbs before it */
	bool gap;		/* not a user's mark: something was lost here */
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
	uint64_t read;		/* number of verbs of the input, reads included */
	struct list_head head;	/* origin of the input */
	struct sink *watch;	/* gets the same xacts, of the range only; NULL = none */
	bool stops;		/* ignore everything after the range: set it after steps_init() */

	/* used while xacts come */
	struct decoder *dec;
	struct effects *fx;
	struct steps_state *state;
	size_t cap, cap_verbs, cap_codecs, cap_marks;
};

/* Traffic outside the pipeline's range is used for learning, but gives no steps. */
struct err *steps_init(struct steps *a);
void steps_deinit(struct steps *a);
/*
 * Sets what the input says about its codecs beside the traffic; call it before the pipeline
 * runs.
 */
struct err *steps_set_head(struct steps *a, const struct list_head *head);
/*
 * The same for coefficients that were read before they were written, in the order of their
 * lines.
 */
void steps_set_updates(struct steps *a, const struct list_update *u, size_t n);
/* Call it after the last xact. */
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

/* Converts the step to an effect, for print/render.h, put_effect(). */
void step_effect(const struct steps *a, const struct step *t, struct effect *e);
/* True for a coefficient that was read just before the write: old, value and mask are known. */
static inline bool step_is_update(const struct step *t)
{
	return t->kind == STEP_COEF && t->effect_kind == EFFECT_UPDATE && t->has_old;
}
/* True if the coefficient is a command, or one of the amplifier port's: its order matters. */
bool step_coef_is_ordered(const struct step_codec *c, unsigned int nid, unsigned int coef);

/* --- registers --------------------------------------------------------------- */

/*
 * A register of one codec: space 63:56, NID 55:48, unit 47:32, address 31:0. For a widget's
 * own control the address is the verb that sets it (707) and the unit the device entry; for
 * an amplifier (300) the unit is 15 output, 11:8 index, 0 left.
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
	uint32_t value, mask;	/* the value, and the mask of written bits */
};

#define STEP_REGS_MAX 32

/*
 * The registers that a step writes, at most STEP_REGS_MAX, with their values. If later steps
 * write all these bits, an ORDER_STATE step is redundant.
 */
unsigned int step_regs(const struct steps *a, const struct step *t, struct step_reg *out);

/*
 * A register's value without the numbers that a driver chooses: of a stream its channel and
 * whether there is one, of an unsolicited tag whether it is on.
 */
uint32_t reg_canonical(reg_key key, uint32_t value);

/* --- sending them again -------------------------------------------------------- */

/*
 * The verbs of a choice of steps. Verbs that only set up a state again (VERB_SELECTS,
 * VERB_SETS_UP, VERB_PAGES) are given only if the chosen steps before do not leave that
 * state; the automatic step of a coefficient's index is used only where the input used it.
 *
 *	step_verbs_init(&em, steps);
 *	for each step that is wanted: e = step_verbs_put(&em, step, &words)
 *	step_verbs_deinit(&em);
 *
 * @words gets whole uint32_t, with the codec's address. VERB_WAITS are given only if em.waits
 * is set, by a caller that reads the answers and can wait.
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
	/* The reason why a step is kept, as a line for its comment; NULL = no comment. */
	const char *(*why)(void *arg, size_t step);
	void *why_arg;
	const uint16_t *masks;	/* by step: the mask of all updates of the coefficient, or NULL */
	const char *made;	/* the command that made the list: "reduce --keep speaker" */
};

/*
 * Writes the steps for which chosen[i] is true; NULL = all steps. All must be of one
 * controller, because a list is for one.
 */
struct err *list_write(const struct steps *a, const bool *chosen, const struct list_options *o);

#endif
