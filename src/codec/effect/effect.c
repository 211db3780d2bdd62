// SPDX-License-Identifier: GPL-2.0-or-later
#include "codec/effect/effect.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/vec.h"
#include "codec/effect/effect_queue.h"
#include "codec/fields.h"
#include "codec/vendor/coefs.h"
#include "codec/vendor/vendor.h"
#include "event/event.h"

#define CODECS 16
/* Verbs that may pass while a transfer through a window is unfinished. */
#define FX_HOLD 64

/* Bounds the memory of held marks and notes; when there are more, the oldest is given out. */
#define SAID_MAX 4096

/*
 * A mark or a note. It does not change the effects of the verbs around it: it is held until
 * the effects of the verbs before it are given out, and comes before the first effect that
 * ends after it.
 */
struct last_said {
	struct xact x;
	struct last_said *next;
	uint64_t after[EVENT_MAX_CTRL];	/* index of the last verb before it, by controller */
	char text[];
};

struct effects {
	struct decoder *dec;
	uint64_t seen[EVENT_MAX_CTRL];	/* index of the newest verb, by controller */
	struct last_said *said, **said_end;	/* held, the oldest first */
	struct last_said *told;		/* given out since the last xact; effects point to these */
	unsigned int n_said;
	struct effect_queue *fx[EVENT_MAX_CTRL][CODECS];
	/* by controller: accesses to a BAR that is not the controller's own */
	struct effect_queue *bars[EVENT_MAX_CTRL];
	struct effect *out;	/* final effects for effects_next() */
	size_t n, cap, taken;
	bool failed;		/* memory ran out */
};

const struct effect_space_row effect_spaces[SPACE_KINDS] = {
#define SPACE(id, nm, un, ad, vd, src) \
	[SPACE_##id] = { .name = nm, .unit = un, .addr_digits = ad, .value_digits = vd, \
			 .source = src },
#include "codec/spaces.def"
#undef SPACE
};

const char *effect_kind_name(enum effect_kind kind)
{
	static const char *const names[EFFECT_KINDS] = {
		[EFFECT_XACT] = "xact", [EFFECT_WRITE] = "write", [EFFECT_UPDATE] = "update",
		[EFFECT_READ] = "read", [EFFECT_POLL] = "poll", [EFFECT_WALK] = "walk",
		[EFFECT_COMMAND] = "command",
	};

	return kind < EFFECT_KINDS ? names[kind] : "unknown";
}

struct err *effects_create(struct decoder *dec, struct effects **out)
{
	*out = calloc(1, sizeof(**out));
	if (!*out)
		return err_nomem();
	(*out)->dec = dec;
	(*out)->said_end = &(*out)->said;
	return NULL;
}

static void free_said(struct last_said *s)
{
	while (s) {
		struct last_said *next = s->next;

		free(s);
		s = next;
	}
}

void effects_destroy(struct effects *fx)
{
	if (!fx)
		return;
	for (unsigned int i = 0; i < EVENT_MAX_CTRL; i++) {
		for (unsigned int k = 0; k < CODECS; k++) {
			if (fx->fx[i][k])
				free(fx->fx[i][k]->state);
			free(fx->fx[i][k]);
		}
		free(fx->bars[i]);
	}
	free_said(fx->said);
	free_said(fx->told);
	free(fx->out);
	free(fx);
}

/* --- the queue --------------------------------------------------------------- */

static void put_out(struct effects *all, const struct effect *e)
{
	if (!vec_room(all->out, all->n, all->cap)) {
		all->failed = true;
		return;
	}
	all->out[all->n++] = *e;
}

static struct effect effect_of(const struct xact *x, const struct decoded *d)
{
	return (struct effect){
		.first = x->index, .last = x->index,
		.time = x->t_verb != EVENT_TIME_NONE ? x->t_verb : x->t_resp,
		.verbs = 1, .repeats = 1, .x = x, .d = d, .kind = EFFECT_XACT,
		.ctrl = x->ctrl, .cad = x->cad, .nid = d->verb.nid, .class = d->class,
		.certainty = x->certainty, .verb = x->verb,
	};
}

/* Gives out the oldest held mark or note. */
static void tell_oldest(struct effects *all)
{
	static const struct decoded nothing = { .at = -1, .class = CLASS_VENDOR };
	struct last_said *s = all->said;
	struct effect e = effect_of(&s->x, &nothing);

	all->said = s->next;
	if (!all->said)
		all->said_end = &all->said;
	all->n_said--;
	s->next = all->told;
	all->told = s;
	put_out(all, &e);
}

static void tell_all(struct effects *all)
{
	while (all->said)
		tell_oldest(all);
}

static void give(struct effects *all, const struct effect *e)
{
	while (all->said && e->ctrl < EVENT_MAX_CTRL && e->last > all->said->after[e->ctrl])
		tell_oldest(all);
	put_out(all, e);
}

/* Holds a mark or a note; false if memory ran out. */
static bool hold(struct effects *all, const struct xact *x)
{
	struct last_said *s = malloc(sizeof(*s) + x->text_len + 1);

	if (!s)
		return false;
	s->x = *x;
	s->next = NULL;
	memcpy(s->after, all->seen, sizeof(s->after));
	if (x->text_len)
		memcpy(s->text, x->text, x->text_len);
	s->text[x->text_len] = '\0';
	s->x.text = s->text;
	*all->said_end = s;
	all->said_end = &s->next;
	if (++all->n_said > SAID_MAX)
		tell_oldest(all);
	return true;
}

/* Frees the marks and notes of the last call, to which its effects pointed. */
static void begin(struct effects *all)
{
	all->n = all->taken = 0;
	free_said(all->told);
	all->told = NULL;
}

static void name_coef(const struct vendor *v, uint32_t id, struct effect *e)
{
	if (v && v->coef && (e->space == SPACE_COEF || e->space == SPACE_COEF_INDEX))
		e->main_nid = e->nid == v->coef_window(id);
	if (v && v->coef && e->space == SPACE_COEF)
		coef_name_effect(v->coef, v->ncoefs, id, e);
}

void effect_name_coef(struct effect *e, uint32_t vendor_id)
{
	name_coef(vendor_find(vendor_id), vendor_id, e);
}

const struct field_list *effect_word_fields(enum effect_space space)
{
	return space == SPACE_CONFIG ? &fl_config : space == SPACE_SUBSYSTEM ? &fl_subsystem : NULL;
}

static void name_effect(struct effect_queue *fx, struct effect *e)
{
	const struct vendor *v = fx->vendor;

	name_coef(v, fx->shadow->vendor_id, e);
	if (v && v->name_effect)
		v->name_effect(fx, e);
}

/* Gives out the first @n effects of the queue as final. */
static void leave(struct effect_queue *fx, struct effect_lane *lane, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		struct effect *e = &lane->q[i];

		/* no access needed the read that was added, so show the select alone */
		if (e->left_out && e->space == SPACE_COEF) {
			e->space = SPACE_COEF_INDEX;
			e->kind = EFFECT_WRITE;
			e->value = e->addr;
			e->addr = 0;
			e->has_value = true;
			e->noise = false;
		}
		if (e->kind == EFFECT_READ && e->space == SPACE_ELD)
			eld_parse(&fx->eld[e->eld == &fx->eld[1]]);
		name_effect(fx, e);
		give(fx->all, e);
	}
	memmove(lane->q, lane->q + n, (lane->n - n) * sizeof(*lane->q));
	lane->n -= n;
}

static void flush_lane(struct effect_queue *fx, struct effect_lane *lane)
{
	if (lane == &fx->windows)
		effect_queue_settle_select(fx);
	leave(fx, lane, lane->n);
	lane->group = FX_NONE;
}

void effect_queue_flush(struct effect_queue *fx)
{
	flush_lane(fx, fx->lane);
}

/* True if the last effect awaits its data verb: an index selected, a value read to be changed. */
static bool is_open(struct effect_queue *fx)
{
	const struct effect_lane *l = &fx->windows;
	const struct effect *last = l->n ? &l->q[l->n - 1] : NULL;

	if (!last || ++fx->held > FX_HOLD)
		return false;
	if (last->space == SPACE_COEF_INDEX)
		return last->kind == EFFECT_WRITE;
	if (last->space == SPACE_COEF && effect_is_reading(last))
		return true;
	return fx->vendor && fx->vendor->is_open && fx->vendor->is_open(fx, last);
}

void effect_queue_yield(struct effect_queue *fx)
{
	flush_lane(fx, &fx->widgets);
	if (!is_open(fx))
		flush_lane(fx, &fx->windows);
}

void effect_queue_group(struct effect_queue *fx, enum effect_queue_group group, uint8_t nid)
{
	bool window = group == FX_COEF || group == FX_VENDOR;

	if (window)
		flush_lane(fx, &fx->widgets);
	else if (fx->windows.n && !is_open(fx))
		flush_lane(fx, &fx->windows);
	fx->lane = window ? &fx->windows : &fx->widgets;
	if (window)
		fx->held = 0;
	if (fx->lane->group == group && fx->lane->group_nid == nid)
		return;
	effect_queue_flush(fx);
	fx->lane->group = (uint8_t)group;
	fx->lane->group_nid = nid;
}

struct effect *effect_queue_push(struct effect_queue *fx, const struct xact *x, const struct decoded *d,
		       enum effect_kind kind, enum effect_space space)
{
	struct effect_lane *lane = fx->lane;

	if (lane->n == FX_QUEUE)
		leave(fx, lane, 1);
	struct effect *e = &lane->q[lane->n++];

	*e = (struct effect){
		.first = x->index, .last = x->index,
		.time = x->t_verb != EVENT_TIME_NONE ? x->t_verb : x->t_resp,
		.verbs = 1, .repeats = 1,
		.shadow = fx->shadow, .verb = x->verb,
		.ctrl = x->ctrl, .cad = d->verb.cad, .nid = d->verb.nid, .last_nid = d->verb.nid,
		.kind = (uint8_t)kind, .space = (uint8_t)space, .class = d->class,
		.certainty = x->certainty,
	};
	return e;
}

/* Adds the verbs of @e, which came before @to, to those of @to. */
void effect_queue_count_before(struct effect *to, const struct effect *e)
{
	to->first = e->first;
	to->time = e->time;
	to->verbs += e->verbs;
	if (to->certainty == CERT_EXACT)
		to->certainty = e->certainty;
}

void effect_queue_absorb(struct effect_queue *fx, unsigned int from_end)
{
	struct effect_lane *l = fx->lane;
	unsigned int i = l->n - 1 - from_end;

	effect_queue_count_before(&l->q[i + 1], &l->q[i]);
	memmove(l->q + i, l->q + i + 1, (l->n - i - 1) * sizeof(*l->q));
	l->n--;
}

struct effect *effect_queue_fold(struct effect_queue *fx, unsigned int n)
{
	while (n-- > 1)
		effect_queue_absorb(fx, 1);
	return effect_queue_tail(fx, 0);
}

struct effect *effect_queue_fold_first(struct effect_queue *fx, unsigned int n)
{
	struct effect first = *effect_queue_tail(fx, n - 1);
	struct effect *e = effect_queue_fold(fx, n);

	first.verbs = e->verbs;
	first.last = e->last;
	first.certainty = e->certainty;
	*e = first;
	return e;
}

bool effect_queue_fold_poll(struct effect_queue *fx)
{
	struct effect *b = effect_queue_tail(fx, 0), *a = effect_queue_tail(fx, 1);

	if (!a || b->kind != EFFECT_READ || !effect_is_reading(a) || !effect_same_register(a, b) ||
	    (b->space == SPACE_VERB && a->verb != b->verb))
		return false;
	uint32_t repeats = a->repeats + 1;
	bool changed = a->has_value && b->has_value && a->value != b->value;

	b = effect_queue_fold(fx, 2);
	b->kind = EFFECT_POLL;
	b->repeats = repeats;
	b->noise = !changed;
	return true;
}

bool effect_queue_fold_update(struct effect_queue *fx)
{
	struct effect *b = effect_queue_tail(fx, 0), *a = effect_queue_tail(fx, 1);

	if (!a || b->kind != EFFECT_WRITE || !effect_is_reading(a) || !a->has_value ||
	    !effect_same_register(a, b))
		return false;
	uint32_t old = a->value;

	b = effect_queue_fold(fx, 2);
	b->kind = EFFECT_UPDATE;
	b->old = old;
	b->has_old = true;
	b->mask = old ^ b->value;
	return true;
}

bool effect_queue_fold_retry(struct effect_queue *fx)
{
	struct effect *b = effect_queue_tail(fx, 0), *a = effect_queue_tail(fx, 1);

	if (!a || b->kind != EFFECT_WRITE || a->kind != EFFECT_WRITE || a->value != b->value ||
	    !effect_same_register(a, b) || a->space == SPACE_COEF_INDEX)
		return false;
	uint32_t repeats = a->repeats + 1;

	effect_queue_fold(fx, 2)->repeats = repeats;
	return true;
}

/* The codec has just sent its vendor id. What was learned before may still be right. */
static void meet_vendor(struct effect_queue *fx, const struct vendor *v)
{
	flush_lane(fx, &fx->widgets);
	flush_lane(fx, &fx->windows);
	if (!fx->vendor || !v || fx->vendor->state_size != v->state_size ||
	    fx->vendor->after_coef != v->after_coef) {
		free(fx->state);
		fx->state = NULL;
	}
	fx->vendor = v;
	if (v && v->state_size && !fx->state) {
		fx->state = calloc(1, v->state_size);
		if (!fx->state)
			fx->vendor = NULL;
	}
}

/* --- xacts in, effects out ----------------------------------------------------- */

static struct effect_queue *effect_queue_of(struct effects *all, uint16_t ctrl, unsigned int cad)
{
	struct shadow *s = decoder_shadow(all->dec, ctrl, cad);

	if (!s)
		return NULL;	/* memory ran out, or the controller's number is too large */
	struct effect_queue **fx = &all->fx[ctrl][cad & 0xf];
	if (!*fx)
		*fx = calloc(1, sizeof(**fx));
	if (!*fx)
		return NULL;
	(*fx)->all = all;
	(*fx)->shadow = s;
	(*fx)->ctrl = ctrl;
	(*fx)->cad = (uint8_t)cad;
	if (!(*fx)->lane)
		(*fx)->lane = &(*fx)->widgets;
	if ((*fx)->vendor != s->vendor)
		meet_vendor(*fx, s->vendor);
	return *fx;
}

static void pass(struct effects *all, const struct xact *x, const struct decoded *d)
{
	struct effect e = effect_of(x, d);

	give(all, &e);
}

static void flush_all(struct effects *all, uint16_t ctrl, bool every)
{
	for (unsigned int i = every ? 0 : ctrl; i < EVENT_MAX_CTRL; i++) {
		for (unsigned int k = 0; k < CODECS; k++) {
			if (!all->fx[i][k])
				continue;
			flush_lane(all->fx[i][k], &all->fx[i][k]->widgets);
			flush_lane(all->fx[i][k], &all->fx[i][k]->windows);
		}
		if (all->bars[i])
			effect_queue_flush(all->bars[i]);
		if (!every)
			break;
	}
}

/* True if no verb is held, so that later marks and notes need not be held. */
static bool is_idle(const struct effects *all)
{
	for (unsigned int i = 0; i < EVENT_MAX_CTRL; i++) {
		if (!all->seen[i] && !all->bars[i])
			continue;
		for (unsigned int k = 0; k < CODECS; k++)
			if (all->fx[i][k] && (all->fx[i][k]->windows.n || all->fx[i][k]->widgets.n))
				return false;
		if (all->bars[i] && all->bars[i]->windows.n)
			return false;
	}
	return true;
}

static struct err *result(struct effects *all)
{
	if (!all->failed)
		return NULL;
	all->failed = false;
	return err_nomem();
}

/* Handles an access to another BAR, which belongs to the controller and not to a codec. */
static bool put_mmio(struct effects *all, const struct xact *x, const struct decoded *d)
{
	static const struct shadow nobody;
	struct effect_queue **fx = &all->bars[x->ctrl % EVENT_MAX_CTRL];

	if (!*fx)
		*fx = calloc(1, sizeof(**fx));
	if (!*fx || x->count > UINT32_MAX) {
		if (*fx)
			effect_queue_flush(*fx);
		return false;	/* wider than a register of these cards */
	}
	(*fx)->all = all;
	(*fx)->ctrl = x->ctrl;
	(*fx)->shadow = &nobody;
	(*fx)->lane = &(*fx)->windows;
	effect_queue_bar(*fx, x, d);
	return true;
}

struct err *effects_put(struct effects *all, const struct xact *x, const struct decoded *d)
{
	begin(all);
	if (x->kind <= XACT_SPURIOUS && x->ctrl < EVENT_MAX_CTRL && x->index > all->seen[x->ctrl])
		all->seen[x->ctrl] = x->index;
	if ((x->kind == XACT_MARK && !x->part) || x->kind == XACT_NOTE) {
		if (!hold(all, x))
			return err_nomem();
		if (is_idle(all))
			tell_all(all);
		return result(all);
	}
	if (x->kind == XACT_MMIO && x->bar && put_mmio(all, x, d))
		return result(all);
	if (x->kind == XACT_MMIO) {
		pass(all, x, d);	/* a register access ends no effect */
		return result(all);
	}
	if (!xact_is_verb(x) || !x->has_verb) {
		/* anything else between verbs ends the effects of its codec or controller */
		bool one = x->kind <= XACT_SPURIOUS;

		if (!one) {
			flush_all(all, x->ctrl, x->part);
			tell_all(all);
		} else {
			struct effect_queue *fx = effect_queue_of(all, x->ctrl, x->cad);
			if (fx)
				effect_queue_yield(fx);
		}
		pass(all, x, d);
		return result(all);
	}
	struct effect_queue *fx = effect_queue_of(all, x->ctrl, d->verb.cad);
	if (!fx) {
		pass(all, x, d);
		return result(all);
	}
	if ((fx->vendor && fx->vendor->effect && fx->vendor->effect(fx, x, d)) ||
	    effect_queue_coef(fx, x, d) || effect_queue_hdmi(fx, x, d) || effect_queue_standard(fx, x, d))
		return result(all);
	effect_queue_yield(fx);
	pass(all, x, d);
	return result(all);
}

struct err *effects_flush(struct effects *all)
{
	begin(all);
	flush_all(all, 0, true);
	tell_all(all);
	return result(all);
}

bool effects_next(struct effects *all, struct effect *e)
{
	if (all->taken == all->n)
		return false;
	*e = all->out[all->taken++];
	return true;
}

static void fill(const struct effect *e, const struct field_list *list, uint32_t word,
		 unsigned int digits, struct fields *out)
{
	struct verb_parts v = verb_split(e->verb);
	struct decode_ctx c = { .verb = &v, .shadow = e->shadow };

	out->n = 0;
	out->rest = 0;
	out->word = word;
	out->digits = (uint8_t)digits;
	if (list)
		fields_fill(list, &c, word, digits, out);
}

void effect_fields(const struct effect *e, struct fields *out)
{
	fill(e, e->fields, e->value, effect_spaces[e->space].value_digits, out);
}

void effect_ask_fields(const struct effect *e, struct fields *out)
{
	fill(e, e->ask, verb_split(e->verb).payload, verb_split(e->verb).wide ? 4 : 2, out);
}
