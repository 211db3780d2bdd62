/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of the step list, shared by steps.c, step_kinds.c and step_words.c. */
#ifndef HDADUMP_ANALYSE_STEPS_STEPS_INT_H
#define HDADUMP_ANALYSE_STEPS_STEPS_INT_H

#include "analyse/steps/steps.h"
#include "codec/effect/coef_port.h"
#include "event/event.h"

/* A verb whose effect is not known yet. */
struct pending {
	uint64_t index;
	uint64_t seq;
	uint64_t nth;	/* among the codec's verbs that are no reads */
	int64_t time;
	const struct verb_row *row;
	uint32_t word;
	uint32_t line;
	int32_t at;	/* decoded.at */
	bool taken;
	bool in_range;
};

/* Coefficients below this are remembered: those of ports and masters are. */
#define WINDOW_COEFS 0x80

/* What was written through a window: NID 20 of Realtek's, NID 47 of a CS8409. */
struct window_state {
	uint16_t coef[WINDOW_COEFS];
	bool known[WINDOW_COEFS];
};

struct codec_state {
	struct pending *q;
	size_t head, n, cap;
	struct window_state port, i2c;
	uint32_t last[256];	/* the step given last by NID; STEP_NONE when something came since */
	uint8_t dev[256];	/* device entry selected by NID */
	/* the coefficient written just before, to see whether it reads back so */
	struct {
		bool is;
		uint8_t nid;
		uint16_t coef, value;
	} wrote;
	bool port_reg[PORT_GENERATIONS];	/* the port's register was written since its last command */
	uint64_t sets;		/* verbs that are no reads */
	uint16_t codec;
};

struct steps_state {
	struct codec_state *of[EVENT_MAX_CTRL][16];
	uint32_t newest;	/* step made last; STEP_NONE when something else came since */
	uint64_t newest_nth;	/* of its last verb */
	const struct pending **run;	/* the verbs of the effect at hand */
	size_t n_run, cap_run;
	bool failed;
};

/* Steps of the effects that are complete. */
struct err *steps_take_effects(struct steps *a, bool in_range);
/* Kind and order, from the effect that @t holds. */
void step_classify(struct step *t);
/* Appends a verb to the list's; @t must be the newest step. */
void step_add_verb(struct steps *a, struct step *t, uint32_t word, enum step_role role);
/* Gives @t the verbs of the run, standing on their own. */
void step_add_words(struct steps *a, struct codec_state *c, struct step *t,
		    const struct pending *const *run, size_t n);

/* What the run wrote through the window of @nid: a read may have selected what later writes rely on. */
void step_remember_coefs(struct codec_state *c, unsigned int nid, const struct pending *const *run,
			 size_t n);

/* Of the port that a transaction's verbs go to, from 1; 0: none. */
unsigned int step_port_generation(const struct pending *const *run, size_t n);

static inline struct window_state *window_of(struct codec_state *c, unsigned int nid)
{
	return nid == PORT_NID ? &c->port : nid == I2C_NID ? &c->i2c : NULL;
}

#endif
