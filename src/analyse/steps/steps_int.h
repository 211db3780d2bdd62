/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of the step list, shared by steps.c, step_kinds.c and step_words.c. */
#ifndef HDADUMP_ANALYSE_STEPS_STEPS_INT_H
#define HDADUMP_ANALYSE_STEPS_STEPS_INT_H

#include "analyse/steps/steps.h"
#include "codec/effect/coef_port.h"
#include "event/event.h"

/* A verb whose effect is not complete yet. */
struct pending {
	uint64_t index;
	uint64_t seq;
	uint64_t nth;	/* number among the codec's verbs that are not reads */
	int64_t time;
	const struct verb_row *row;
	uint32_t word;
	uint32_t line;
	int32_t at;	/* decoded.at */
	bool taken;
	bool in_range;
};

/* Coefficients below this are stored: those of ports and masters are. */
#define WINDOW_COEFS 0x80

/* What was written through a window: NID 20 of Realtek codecs, NID 47 of a CS8409. */
struct window_state {
	uint16_t coef[WINDOW_COEFS];
	bool known[WINDOW_COEFS];
};

struct codec_state {
	struct pending *q;
	size_t head, n, cap;
	struct window_state port, i2c;
	/* by NID: the last step; STEP_NONE if there was something after it */
	uint32_t last[256];
	uint8_t dev[256];	/* by NID: the selected device entry */
	/* the last coefficient written, to check whether it reads back the same */
	struct {
		bool is;
		uint8_t nid;
		uint16_t coef, value;
	} wrote;
	/* the port's register was written since its last command */
	bool port_reg[PORT_GENERATIONS];
	uint64_t sets;		/* number of verbs that are not reads */
	uint16_t codec;
};

struct steps_state {
	struct codec_state *of[EVENT_MAX_CTRL][16];
	uint32_t newest;	/* the newest step; STEP_NONE if there was something after it */
	uint64_t newest_nth;	/* nth of its last verb */
	const struct pending **run;	/* the verbs of the current effect */
	size_t n_run, cap_run;
	bool failed;
};

/* Makes steps of the effects that are complete. */
struct err *steps_take_effects(struct steps *a, bool in_range);
/* Sets kind and order from the effect in @t. */
void step_classify(struct step *t);
/* Appends a verb; @t must be the newest step. */
void step_add_verb(struct steps *a, struct step *t, uint32_t word, enum step_role role);
/* Gives @t the verbs of the run, and those it needs to be complete by itself. */
void step_add_words(struct steps *a, struct codec_state *c, struct step *t,
		    const struct pending *const *run, size_t n);

/*
 * Stores what the run wrote through the window of @nid: later writes may rely on an index
 * that a read selected.
 */
void step_remember_coefs(struct codec_state *c, unsigned int nid, const struct pending *const *run,
			 size_t n);

/* The generation of the port that a transaction's verbs use, from 1; 0 = none. */
unsigned int step_port_generation(const struct pending *const *run, size_t n);

static inline struct window_state *window_of(struct codec_state *c, unsigned int nid)
{
	return nid == PORT_NID ? &c->port : nid == I2C_NID ? &c->i2c : NULL;
}

#endif
