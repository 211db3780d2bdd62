// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Gives a step all the verbs it needs by itself: if the input relied on an earlier state of
 * the window, that state is set up again.
 */
#include <stdlib.h>

#include "analyse/steps/steps_int.h"
#include "base/bits.h"
#include "base/vec.h"

void step_add_verb(struct steps *a, struct step *t, uint32_t word, enum step_role role)
{
	if (a->n_verbs >= UINT32_MAX / 2 || !vec_room(a->verbs, a->n_verbs, a->cap_verbs)) {
		a->state->failed = true;
		return;
	}
	a->verbs[a->n_verbs++] = (struct step_verb){ .word = word, .role = (uint8_t)role };
	t->n_verbs++;
}

static uint32_t word_of(const struct steps *a, const struct step *t, unsigned int id,
			unsigned int payload)
{
	return verb_join(step_codec(a, t)->cad, t->nid, id, payload);
}

static unsigned int id_of(const struct pending *p)
{
	return verb_split(p->word).id;
}

/* --- coefficients ------------------------------------------------------------------ */

unsigned int step_port_generation(const struct pending *const *run, size_t n)
{
	/* the command is the last write */
	while (n && id_of(run[n - 1]) != 0x400)
		n--;
	for (unsigned int g = 0; n && g < PORT_GENERATIONS; g++)
		if (run[n - 1]->at == realtek_ports[g].coef[ROLE_COMMAND])
			return g + 1;
	return 0;
}

static bool run_writes(const struct pending *const *run, size_t n, unsigned int coef)
{
	for (size_t i = 0; i < n; i++)
		if (id_of(run[i]) == 0x400 && run[i]->at == (int32_t)coef)
			return true;
	return false;
}

static void set_up_coef(struct steps *a, const struct window_state *w, struct step *t,
			const struct pending *const *run, size_t n, unsigned int coef)
{
	if (!coef || !w->known[coef] || run_writes(run, n, coef))
		return;
	step_add_verb(a, t, word_of(a, t, 0x500, coef), VERB_SETS_UP);
	step_add_verb(a, t, word_of(a, t, 0x400, w->coef[coef]), VERB_SETS_UP);
}

static void set_up_port(struct steps *a, const struct window_state *w, struct step *t,
			const struct pending *const *run, size_t n)
{
	unsigned int generation = step_port_generation(run, n);

	for (unsigned int role = ROLE_TARGET; generation && role < ROLE_COMMAND; role++)
		set_up_coef(a, w, t, run, n, realtek_ports[generation - 1].coef[role]);
}

/* Sets up the device's address, and the page if the device has pages. */
static void set_up_i2c(struct steps *a, const struct window_state *w, struct step *t,
		       const struct pending *const *run, size_t n)
{
	bool paged = false;

	set_up_coef(a, w, t, run, n, I2C_ADDR);
	for (size_t i = 0; i < n; i++)
		paged |= id_of(run[i]) == 0x400 && run[i]->at == I2C_QWRITE &&
			 !bits(run[i]->word, 15, 8);
	if (paged || !i2c_has_pages(t->unit))
		return;
	step_add_verb(a, t, word_of(a, t, 0x500, I2C_QWRITE), VERB_PAGES);
	step_add_verb(a, t, word_of(a, t, 0x400, t->addr >> 8 & 0xff), VERB_PAGES);
}

/* The index after the command of a read of an amplifier; @n for other transactions. */
static size_t answers_at(const struct step *t, const struct pending *const *run, size_t n)
{
	size_t command = n;

	if (!t->asks || t->kind != STEP_PORT)
		return n;
	while (command && id_of(run[command - 1]) != 0x400)
		command--;
	return command;
}

/*
 * True for the answer of an amplifier, or the select that a filter left of it: without it the
 * transaction would not be recognised as a read.
 */
static bool is_answer(const struct pending *const *run, size_t n, size_t i, unsigned int generation)
{
	int32_t command = generation ? realtek_ports[generation - 1].coef[ROLE_COMMAND] : -1;

	if (id_of(run[i]) == 0xc00)
		return run[i]->at != command;
	return id_of(run[i]) == 0x500 && verb_split(run[i]->word).payload != command &&
	       (i + 1 == n || id_of(run[i + 1]) == 0x500);
}

/*
 * Adds index and data in their shortest form: an index only where the automatic step does not
 * lead to it.
 */
static void add_coefs(struct steps *a, struct step *t, const struct pending *const *run, size_t n)
{
	int32_t index = -1, waited = -1;
	bool selected = false;
	unsigned int generation = step_port_generation(run, n);
	size_t answers = answers_at(t, run, n);

	for (size_t i = 0; i < n; i++) {
		unsigned int id = id_of(run[i]);
		bool write = id == 0x400, wait = id == 0xc00 && t->kind != STEP_COEF;
		bool answer = i >= answers && is_answer(run, n, i, generation);

		selected |= id == 0x500;
		if (id == 0x500 && answer &&
		    (a->n_verbs == t->verbs_at || a->verbs[a->n_verbs - 1].word != run[i]->word))
			step_add_verb(a, t, run[i]->word, VERB_DOES);
		if (!write && !wait) {
			/* the read before an update belongs to another step */
			if (id == 0xc00)
				index = -1;
			continue;
		}
		if (wait && waited == run[i]->at)
			continue;	/* one read is enough for a poll */
		if (selected || index != run[i]->at)
			step_add_verb(a, t, word_of(a, t, 0x500, (unsigned int)run[i]->at),
				      wait && !answer ? VERB_WAITS : selected ? VERB_DOES : VERB_SELECTS);
		step_add_verb(a, t, run[i]->word, wait && !answer ? VERB_WAITS : VERB_DOES);
		waited = wait ? run[i]->at : -1;
		index = wait ? -1 : run[i]->at + 1;
		selected = false;
	}
}

void step_remember_coefs(struct codec_state *c, unsigned int nid, const struct pending *const *run,
			 size_t n)
{
	struct window_state *w = window_of(c, nid);

	for (size_t i = 0; w && i < n; i++) {
		if (id_of(run[i]) != 0x400 || run[i]->at < 0 || run[i]->at >= WINDOW_COEFS)
			continue;
		w->coef[run[i]->at] = (uint16_t)run[i]->word;
		w->known[run[i]->at] = true;
	}
}

/* --- the CA0132's windows ------------------------------------------------------------ */

static bool run_has(const struct pending *const *run, size_t n, unsigned int id)
{
	for (size_t i = 0; i < n; i++)
		if (id_of(run[i]) == id)
			return true;
	return false;
}

/* Sets up the address that the run continues from (kernel ca0132.c). */
static void set_up_chip(struct steps *a, struct step *t, const struct pending *const *run, size_t n)
{
	static const struct {
		uint8_t space;
		uint16_t id;
		uint8_t shift;
		uint16_t mask;
	} parts[] = {
		{ SPACE_HIC, 0x000, 0, 0xffff }, { SPACE_HIC, 0x100, 16, 0xffff },
		{ SPACE_XRAM, 0x70d, 0, 0xff }, { SPACE_XRAM, 0x70e, 8, 0xff },
		{ SPACE_PLL, 0x70d, 0, 0xff }, { SPACE_IRAM, 0x70d, 0, 0xff },
		{ SPACE_PARAM, 0x717, 0, 0xff },
	};

	if (t->effect_kind != EFFECT_WRITE || run_has(run, n, 0x500) || run_has(run, n, 0x710) ||
	    run_has(run, n, 0x70f))
		return;
	for (unsigned int i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i].space == t->space && !run_has(run, n, parts[i].id))
			step_add_verb(a, t, word_of(a, t, parts[i].id,
						    t->addr >> parts[i].shift & parts[i].mask),
				      VERB_PAGES);
}

static void add_verbatim(struct steps *a, struct step *t, const struct pending *const *run, size_t n)
{
	for (size_t i = 0; i < n; i++)
		step_add_verb(a, t, run[i]->word,
			      run[i]->row && id_of(run[i]) == run[i]->row->get ? VERB_WAITS :
										 VERB_DOES);
}

/* --- all ------------------------------------------------------------------------------ */

/* Adds the set verbs of a widget; reads before and after are not needed. */
static void add_sets(struct steps *a, struct step *t, const struct pending *const *run, size_t n)
{
	uint32_t last = 0;

	for (size_t i = 0; i < n; i++) {
		const struct verb_row *r = run[i]->row;

		if (r && id_of(run[i]) == r->get && t->kind != STEP_RELATIVE)
			continue;
		/* an immediate repetition is a retry, except for resets, which come in pairs */
		if (t->n_verbs && last == run[i]->word && t->kind != STEP_RESET &&
		    t->kind != STEP_INFOFRAME && (t->order != ORDER_KEPT || t->kind == STEP_GPIO))
			continue;
		last = run[i]->word;
		/* bytes with an automatic index need the index set first */
		if (t->kind == STEP_INFOFRAME && !t->n_verbs && id_of(run[i]) == 0x731 &&
		    run[i]->at >= 0)
			step_add_verb(a, t, word_of(a, t, 0x730, (unsigned int)run[i]->at),
				      VERB_DOES);
		step_add_verb(a, t, run[i]->word, VERB_DOES);
	}
}

void step_add_words(struct steps *a, struct codec_state *c, struct step *t,
		    const struct pending *const *run, size_t n)
{
	struct window_state *w = window_of(c, t->nid);

	switch (t->kind) {
	case STEP_PORT:
		if (w)
			set_up_port(a, w, t, run, n);
		add_coefs(a, t, run, n);
		break;
	case STEP_I2C:
		if (w)
			set_up_i2c(a, w, t, run, n);
		add_coefs(a, t, run, n);
		break;
	case STEP_COEF:
		if (t->order != ORDER_NOTHING)
			add_coefs(a, t, run, n);
		break;
	case STEP_CHIP:
		if (t->space == SPACE_ALC5505) {
			add_coefs(a, t, run, n);
			break;
		}
		set_up_chip(a, t, run, n);
		add_verbatim(a, t, run, n);
		break;
	default:
		add_sets(a, t, run, n);
		break;
	}
	step_remember_coefs(c, t->nid, run, n);
}
