// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes steps from xacts: each effect that changes something gets its verbs. */
#include "analyse/steps/steps.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/steps/steps_int.h"
#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "base/vec.h"
#include "codec/shadow.h"
#include "event/event.h"
#include "model/learn.h"

/* --- codecs ------------------------------------------------------------------ */

static struct codec_state *codec_of(struct steps *a, uint16_t ctrl, unsigned int cad)
{
	struct codec_state **s = &a->state->of[ctrl % EVENT_MAX_CTRL][cad & 0xf], *made;
	struct step_codec *c;
	struct err *e;

	if (*s || ctrl >= EVENT_MAX_CTRL)
		return *s;
	made = calloc(1, sizeof(*made));
	c = calloc(1, sizeof(*c));
	e = made && c ? model_create(MODEL_FROM_TRAFFIC, &c->model) : err_nomem();
	if (e || !vec_room(a->codecs, a->n_codecs, a->cap_codecs)) {
		err_free(e);
		if (c)
			model_destroy(c->model);
		free(c);
		free(made);
		return NULL;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(made->last); i++)
		made->last[i] = STEP_NONE;
	c->ctrl = ctrl;
	c->cad = (uint8_t)(cad & 0xf);
	made->codec = (uint16_t)a->n_codecs;
	a->codecs[a->n_codecs++] = c;
	*s = made;
	return made;
}

static struct err *learn(struct steps *a, const struct xact *x)
{
	struct codec_state *c;
	struct err *e = NULL;

	if (x->ctrl >= EVENT_MAX_CTRL)
		return NULL;
	if (x->kind == XACT_RESET) {
		for (unsigned int k = 0; k < 16 && !e; k++) {
			c = a->state->of[x->ctrl][k];
			if (c)
				e = codec_learn(a->codecs[c->codec]->model, x);
		}
		return e;
	}
	if (!xact_is_verb(x) || !x->has_verb || x->kind == XACT_BROADCAST)
		return NULL;
	c = codec_of(a, x->ctrl, x->cad);
	return c ? codec_learn(a->codecs[c->codec]->model, x) : err_nomem();
}

/* --- the verbs of an effect ---------------------------------------------------- */

static void put_pending(struct steps *a, struct codec_state *c, const struct xact *x,
			const struct decoded *d, bool in_range)
{
	while (c->head < c->n && c->q[c->head].taken)
		c->head++;
	if (c->head == c->n)
		c->head = c->n = 0;
	if (c->head > 4096 && c->head > c->n / 2) {
		memmove(c->q, c->q + c->head, (c->n - c->head) * sizeof(*c->q));
		c->n -= c->head;
		c->head = 0;
	}
	if (!vec_room(c->q, c->n, c->cap)) {
		a->state->failed = true;
		return;
	}
	c->q[c->n++] = (struct pending){
		.index = x->index, .seq = a->read,
		.nth = d->row && d->dir == DIR_GET ? c->sets : ++c->sets, .time = x->t_verb, .row = d->row, .word = x->verb,
		.line = x->line, .at = d->at, .in_range = in_range,
	};
}

/*
 * True for effects whose verbs go through a window: verbs of other widgets between them do
 * not belong to them.
 */
static bool is_window(const struct effect *e)
{
	switch (e->space) {
	case SPACE_VERB:
	case SPACE_CONFIG:
	case SPACE_SUBSYSTEM:
	case SPACE_ELD:
	case SPACE_INFOFRAME:
		return false;
	default:
		return true;
	}
}

/* Collects the verbs of @e, in order, in state->run. */
static void take_run(struct steps *a, struct codec_state *c, const struct effect *e)
{
	struct steps_state *s = a->state;
	bool window = e->kind != EFFECT_XACT && e->kind != EFFECT_WALK && is_window(e);

	s->n_run = 0;
	for (size_t i = c->head; i < c->n && c->q[i].index <= e->last; i++) {
		struct pending *p = &c->q[i];

		if (p->taken || p->index < e->first ||
		    (window && bits(p->word, 27, 20) != e->nid))
			continue;
		if (!vec_room(s->run, s->n_run, s->cap_run)) {
			s->failed = true;
			return;
		}
		p->taken = true;
		s->run[s->n_run++] = p;
	}
}

/* --- steps --------------------------------------------------------------------- */

static struct step *new_step(struct steps *a, struct codec_state *c, const struct effect *e)
{
	const struct pending *first = a->state->n_run ? a->state->run[0] : NULL;
	const struct pending *last = first ? a->state->run[a->state->n_run - 1] : NULL;
	struct step *t;

	if (a->n >= STEP_NONE - 1 || !vec_room(a->v, a->n, a->cap)) {
		a->state->failed = true;
		return NULL;
	}
	t = &a->v[a->n];
	*t = (struct step){
		.seq = last ? last->seq : a->read,
		.first = e->first, .last = e->last, .time = e->time,
		.fields = e->fields, .object = e->object, .name = e->name, .meaning = e->meaning,
		.unit = e->unit, .addr = e->addr, .value = e->value, .old = e->old,
		.mask = e->mask, .verb = e->verb, .repeats = e->repeats,
		.line = first ? first->line : 0,
		.row = last ? last->row : NULL,
		.verbs_at = (uint32_t)a->n_verbs, .before = STEP_NONE,
		.codec = c->codec, .nid = e->nid, .dev = c->dev[e->nid],
		.effect_kind = e->kind, .space = e->space, .class = e->class,
		.certainty = e->certainty, .has_unit = e->has_unit, .has_old = e->has_old,
		.is_float = e->is_float, .main_nid = e->main_nid,
	};
	return t;
}

static void keep_step(struct steps *a, struct step *t)
{
	a->codecs[t->codec]->steps++;
	a->state->newest = (uint32_t)a->n++;
}

/* True for a write to the next GPIO register, if none is written twice: one step. */
static bool joins_gpio(const struct steps *a, const struct step *t, const struct step *n)
{
	if (n->kind != STEP_GPIO || n->codec != t->codec || n->nid != t->nid)
		return false;
	for (uint32_t i = 0; i < t->n_verbs; i++)
		if ((step_verbs(a, t)[i].word >> 8 & 0xfff) == n->addr)
			return false;
	return t->kind == STEP_GPIO;
}

static bool joins(const struct steps *a, const struct step *n)
{
	const struct step *t = a->state->newest != STEP_NONE ? &a->v[a->state->newest] : NULL;

	if (!t || t->codec != n->codec || t->nid != n->nid || !a->state->n_run)
		return false;
	/* effects of the codec's windows may still be held, so only what follows directly joins */
	if (a->state->run[0]->nth > a->state->newest_nth + 1)
		return false;
	if (n->kind == STEP_RESET)
		return t->kind == STEP_RESET;
	/* the words of a message after its header */
	if (n->space == SPACE_SCP && n->meaning && strcmp(n->meaning, "continued") == 0)
		return t->space == SPACE_SCP;
	/* bytes of one value, with no other verb between them */
	if (n->kind == STEP_BYTES)
		return t->kind == STEP_BYTES && t->space == n->space && n->effect_kind == EFFECT_UPDATE &&
		       t->effect_kind == EFFECT_UPDATE && !(t->mask & n->mask);
	return joins_gpio(a, t, n);
}

/* Adds the verbs of the new step to the one before. */
static void join(struct steps *a, struct step *n)
{
	struct step *t = &a->v[a->state->newest];

	t->n_verbs += n->n_verbs;
	t->last = n->last;
	t->seq = n->seq;
	if (t->kind == STEP_BYTES) {
		t->value |= n->value;
		t->mask |= n->mask;
		if (t->mask == UINT32_MAX && n->row) {
			t->effect_kind = EFFECT_WRITE;
			t->fields = n->row->answer;
		}
	}
	if (t->certainty == CERT_EXACT)
		t->certainty = n->certainty;
}

static void remember(struct steps *a, struct codec_state *c, const struct step *t)
{
	if (t->space == SPACE_VERB && t->addr == 0x735)
		c->dev[t->nid] = (uint8_t)(t->value & 0x3f);
	if (t->kind == STEP_RESET)
		memset(c->dev, 0, sizeof(c->dev));
	if (is_window(&(struct effect){ .space = t->space }))
		c->last[t->nid] = a->state->newest;
	c->wrote.is = t->space == SPACE_COEF;
	c->wrote.nid = t->nid;
	c->wrote.coef = (uint16_t)t->addr;
	c->wrote.value = (uint16_t)t->value;
}

/*
 * A broken transaction (a verb is missing, or another coefficient was written in the middle)
 * still shows that there is a port, whose coefficients are not plain registers.
 */
static void note_torn(struct steps *a, struct codec_state *c, const struct effect *e)
{
	struct step_codec *k = a->codecs[c->codec];

	if (e->space != SPACE_COEF || e->nid != PORT_NID || k->port ||
	    (e->shadow && e->shadow->vendor_id && e->shadow->vendor_id >> 16 != 0x10ec))
		return;
	for (unsigned int g = 0; g < PORT_GENERATIONS; g++) {
		enum port_role role = port_role_of(&realtek_ports[g], e->addr);

		if (role == ROLE_COMMAND && c->port_reg[g] && port_starts(e->value) && !k->port)
			k->port = (uint8_t)(g + 1);
		c->port_reg[g] |= role == ROLE_REG;
	}
}

static void put_write(struct steps *a, struct codec_state *c, const struct effect *e)
{
	struct steps_state *s = a->state;
	/* the step's place is that of its last verb, after marks between its verbs */
	bool in_range = s->n_run && s->run[s->n_run - 1]->in_range;
	struct step *t = new_step(a, c, e);

	if (!t)
		return;
	t->asks = e->space == SPACE_AMP && effect_is_reading(e);
	t->no_value = e->space == SPACE_AMP && !e->has_value;
	step_classify(t);
	if (is_window(e))
		t->before = c->last[t->nid];
	step_add_words(a, c, t, s->run, s->n_run);
	/* bytes of a packet, at an unknown index */
	if (t->kind == STEP_INFOFRAME && t->n_verbs && verb_split(step_verbs(a, t)[0].word).id == 0x731)
		t->order = ORDER_KEPT;
	if (!in_range || !t->n_verbs) {
		/* outside the range: learn from it, but make no step */
		a->n_verbs = t->verbs_at;
		s->newest = STEP_NONE;
		c->last[t->nid] = STEP_NONE;
	} else if (joins(a, t)) {
		join(a, t);
	} else {
		keep_step(a, t);
	}
	if (s->newest != STEP_NONE && s->n_run)
		s->newest_nth = s->run[s->n_run - 1]->nth;
	remember(a, c, t);
	if (s->newest == STEP_NONE)
		c->last[t->nid] = STEP_NONE;
	note_torn(a, c, e);
	/* the command shows the port's generation */
	if (t->kind == STEP_PORT)
		a->codecs[t->codec]->port = (uint8_t)step_port_generation(s->run, s->n_run);
}

static void add_command(struct step_codec *k, uint8_t nid, uint16_t coef)
{
	for (unsigned int i = 0; i < k->n_commands; i++)
		if (k->commands[i].nid == nid && k->commands[i].coef == coef)
			return;
	if (k->n_commands == STEP_COMMANDS)
		return;
	k->commands[k->n_commands].nid = nid;
	k->commands[k->n_commands++].coef = coef;
}

/* A coefficient that does not read back the value that was just written is a command. */
static void note_command(struct steps *a, struct codec_state *c, const struct effect *e)
{
	if (!c->wrote.is || !e->has_value || e->space != SPACE_COEF || e->nid != c->wrote.nid ||
	    e->addr != c->wrote.coef || (e->value & 0xffff) == c->wrote.value)
		return;
	add_command(a->codecs[c->codec], e->nid, (uint16_t)e->addr);
}

static void put_read(struct steps *a, struct codec_state *c, const struct effect *e)
{
	note_command(a, c, e);
	step_remember_coefs(c, e->nid, a->state->run, a->state->n_run);
	if (e->space == SPACE_COEF_INDEX || e->kind == EFFECT_WALK)
		return;
	c->wrote.is = c->wrote.is && c->wrote.nid != e->nid;
	if (is_window(e))
		c->last[e->nid] = STEP_NONE;
}

/* Makes an effect of a verb that no rule explains, so that it is shown like the others. */
static void put_plain(struct steps *a, struct codec_state *c, const struct effect *given)
{
	const struct decoded *d = given->d;
	struct effect e = *given;
	bool coef = d->row && d->class == CLASS_COEF &&
		    (d->verb.id == 0x400 || d->verb.id == 0xc00);

	/* a vendor's unknown verb with an answer is a read */
	bool asks = !d->row && d->verb.id >= 0xf00 && e.x->has_resp && e.x->resp;

	if ((d->dir == DIR_GET || asks) && !coef)
		return;
	e.kind = d->dir == DIR_GET ? EFFECT_READ : EFFECT_WRITE;
	e.space = SPACE_VERB;
	e.object = "node";
	e.name = d->name;
	e.addr = d->verb.id;
	e.value = d->verb.payload;
	e.fields = d->row && d->dir == DIR_SET ? d->row->value[d->verb.id - d->row->set] : NULL;
	put_write(a, c, &e);
}

/*
 * The controller's reset selects the first device entry of each pin. A list cannot contain
 * the reset, so it gets verbs that select the entries.
 */
static void select_first(struct steps *a, struct codec_state *c, const struct xact *x, uint8_t nid)
{
	struct effect e = { .first = x->index, .last = x->index, .time = x->t_verb, .nid = nid,
			    .kind = EFFECT_WRITE, .space = SPACE_VERB, .repeats = 1, .addr = 0x735,
			    .verb = verb_join(a->codecs[c->codec]->cad, nid, 0x735, 0),
			    .object = "pin", .class = CLASS_HDMI, .certainty = CERT_EXACT };
	struct step *t;

	for (unsigned int i = 0; i < effect_control_count; i++) {
		if (effect_controls[i].id == e.addr) {
			e.name = effect_controls[i].name;
			e.fields = effect_controls[i].fields;
		}
	}
	t = new_step(a, c, &e);
	if (!t)
		return;
	t->kind = STEP_VERB;
	t->order = ORDER_CONTEXT;
	step_add_verb(a, t, e.verb, VERB_DOES);
	keep_step(a, t);
}

static void put_link_reset(struct steps *a, const struct xact *x)
{
	for (unsigned int k = 0; k < 16 && x->ctrl < EVENT_MAX_CTRL; k++) {
		struct codec_state *c = a->state->of[x->ctrl][k];
		struct effect e = { .first = x->index, .last = x->index, .time = x->t_verb,
				    .kind = EFFECT_COMMAND, .space = SPACE_VERB, .repeats = 1,
				    .name = "controller reset", .certainty = CERT_EXACT };
		struct step *t;

		if (!c)
			continue;
		a->state->n_run = 0;
		t = new_step(a, c, &e);
		if (!t)
			return;
		t->kind = STEP_LINK_RESET;
		t->order = ORDER_RESET;
		keep_step(a, t);
		for (unsigned int nid = 0; nid < 256; nid++) {
			if (c->dev[nid])
				select_first(a, c, x, (uint8_t)nid);
			c->dev[nid] = 0;
		}
		a->state->newest = STEP_NONE;
	}
}

static void put_mark(struct steps *a, const struct xact *x)
{
	struct buf b = { 0 };
	char *text;

	text_add_safe(&b, x->text, x->text_len);
	text = strdup(buf_str(&b));
	buf_deinit(&b);
	if (!text || !vec_room(a->marks, a->n_marks, a->cap_marks)) {
		free(text);
		a->state->failed = true;
		return;
	}
	a->marks[a->n_marks++] = (struct step_mark){
		.text = text, .time = x->t_verb, .seq = a->read, .gap = x->kind == XACT_GAP,
	};
}

static void put_effect_of(struct steps *a, const struct effect *e, bool in_range)
{
	struct codec_state *c;

	if (e->space == SPACE_BAR || e->space == SPACE_CA0113)
		return;		/* no verbs: a list cannot contain them */
	if (e->kind == EFFECT_XACT && !xact_is_verb(e->x)) {
		if (!in_range)
			return;
		if (e->x->kind == XACT_RESET)
			put_link_reset(a, e->x);
		return;
	}
	if (e->kind == EFFECT_XACT && !e->x->has_verb)
		return;
	c = codec_of(a, e->ctrl, e->cad);
	if (!c) {
		a->state->failed = true;
		return;
	}
	if (e->shadow)
		a->codecs[c->codec]->shadow = e->shadow;
	take_run(a, c, e);
	/* a read through an unknown index still increases it */
	bool moves = effect_is_reading(e) && e->space == SPACE_VERB && e->addr == 0xc00;

	if (e->kind == EFFECT_XACT)
		put_plain(a, c, e);
	else if (e->kind == EFFECT_WRITE || e->kind == EFFECT_UPDATE || e->kind == EFFECT_COMMAND ||
		 e->space == SPACE_AMP || moves)
		put_write(a, c, e);
	else
		put_read(a, c, e);
}

struct err *steps_take_effects(struct steps *a, bool in_range)
{
	struct effect e;

	while (effects_next(a->fx, &e))
		put_effect_of(a, &e, in_range);
	return a->state->failed ? err_nomem() : NULL;
}

/* --- the sink -------------------------------------------------------------------- */

static struct err *take(struct steps *a, const struct xact *x, bool in_range)
{
	struct decoded d;
	struct err *e = x->kind != XACT_MMIO ? learn(a, x) : NULL;

	if (e)
		return e;
	/* effects need a decoder of their own, with what it has learned */
	codec_decode(a->dec, x, &d);
	if (xact_is_verb(x) && x->has_verb) {
		struct codec_state *c = codec_of(a, x->ctrl, d.verb.cad);

		a->read++;
		if (!c)
			return err_nomem();
		put_pending(a, c, x, &d, in_range);
	} else if (in_range && (x->kind == XACT_MARK || x->kind == XACT_GAP)) {
		put_mark(a, x);
	}
	e = effects_put(a->fx, x, &d);
	return e ? e : steps_take_effects(a, in_range);
}

static struct err *steps_put(struct sink *base, const struct xact *x, const struct decoded *d)
{
	struct steps *a = (struct steps *)base;
	struct err *e = NULL;

	if (a->watch) {
		a->watch->origin = base->origin;
		e = a->watch->ops->put(a->watch, x, d);
	}
	return e ? e : take(a, x, true);
}

static struct err *steps_outside(struct sink *base, const struct xact *x, const struct decoded *d,
				 enum range_place place)
{
	struct steps *a = (struct steps *)base;

	(void)d;
	return a->stops && place == RANGE_AFTER ? NULL : take(a, x, false);
}

static struct err *steps_flush(struct sink *base)
{
	(void)base;
	return NULL;
}

static const struct sink_ops ops = {
	.put = steps_put, .outside = steps_outside, .flush = steps_flush,
};

struct err *steps_init(struct steps *a)
{
	struct err *e;

	*a = (struct steps){ .sink = { .ops = &ops, .origin = EVENT_TIME_NONE } };
	a->state = calloc(1, sizeof(*a->state));
	if (!a->state)
		return err_nomem();
	a->state->newest = STEP_NONE;
	e = decoder_create(&a->dec);
	return e ? e : effects_create(a->dec, &a->fx);
}

void steps_deinit(struct steps *a)
{
	for (unsigned int i = 0; a->state && i < EVENT_MAX_CTRL; i++) {
		for (unsigned int k = 0; k < 16; k++) {
			if (a->state->of[i][k])
				free(a->state->of[i][k]->q);
			free(a->state->of[i][k]);
		}
	}
	if (a->state)
		free(a->state->run);
	free(a->state);
	for (size_t i = 0; i < a->n_codecs; i++) {
		model_destroy(a->codecs[i]->model);
		free(a->codecs[i]);
	}
	for (size_t i = 0; i < a->n_marks; i++)
		free(a->marks[i].text);
	free(a->codecs);
	free(a->marks);
	free(a->verbs);
	free(a->v);
	effects_destroy(a->fx);
	decoder_destroy(a->dec);
	*a = (struct steps){ 0 };
}

struct err *steps_set_head(struct steps *a, const struct list_head *head)
{
	struct err *e = NULL;

	a->head = *head;
	for (unsigned int i = 0; !e && i < LIST_CODECS; i++) {
		const struct list_codec *k = &head->codec[i];
		struct codec_state *c;

		if (!k->named)
			continue;
		c = codec_of(a, 0, i);
		if (!c)
			return err_nomem();
		a->codecs[c->codec]->vendor_id = k->vendor_id;
		a->codecs[c->codec]->subsystem_id = k->subsystem_id;
		for (unsigned int n = 0; n < k->n_commands; n++)
			add_command(a->codecs[c->codec], k->commands[n].nid, k->commands[n].coef);
		e = decoder_set_codec(a->dec, 0, i, k->vendor_id);
	}
	return e;
}
