// SPDX-License-Identifier: GPL-2.0-or-later
/* The rules for all codecs: coefficients, and a widget's own controls. */
#include "base/bits.h"
#include "codec/decode.h"
#include "codec/effect/coef_port.h"
#include "codec/effect/effect_queue.h"
#include "codec/fields.h"
#include "codec/vendor/coefs.h"
#include "codec/vendor/vendor.h"

/* --- coefficients ------------------------------------------------------------- */

/* Folds the select of an index into the access that follows. */
static void fold_select(struct effect_queue *fx)
{
	struct effect *e = effect_queue_tail(fx, 1);

	if (e && e->space == SPACE_COEF_INDEX && e->kind == EFFECT_WRITE &&
	    effect_queue_tail(fx, 0)->space == SPACE_COEF)
		effect_queue_fold(fx, 2);
}

void effect_queue_settle_select(struct effect_queue *fx)
{
	struct effect_lane *lane = fx->lane;
	struct effect *e = fx->windows.n ? &fx->windows.q[fx->windows.n - 1] : NULL, *a;

	if (!e || e->space != SPACE_COEF_INDEX || e->kind != EFFECT_WRITE)
		return;
	fx->lane = &fx->windows;
	e->space = SPACE_COEF;
	e->kind = EFFECT_READ;
	e->addr = e->value;
	e->has_value = false;
	e->left_out = true;
	a = effect_queue_tail(fx, 1);
	/* a repeated read: the driver waited for something */
	if (a && effect_is_reading(a) && effect_same_register(a, e)) {
		uint32_t repeats = a->repeats + (a->left_out ? e->repeats : 0);
		bool left_out = a->left_out;

		e = left_out ? effect_queue_fold(fx, 2) : effect_queue_fold_first(fx, 2);
		e->repeats = repeats;
	}
	if (fx->vendor && fx->vendor->after_coef)
		fx->vendor->after_coef(fx);
	fx->lane = lane;
}

bool effect_queue_coef(struct effect_queue *fx, const struct xact *x, const struct decoded *d)
{
	unsigned int id = d->verb.id;
	struct effect *e;

	/* a vendor may give these ids another meaning on this widget */
	if (d->class != CLASS_COEF || (id != 0x400 && id != 0x500 && id != 0xc00 && id != 0xd00))
		return false;
	if (id != 0x500 && id != 0xd00 && d->at < 0)
		return false;	/* the index of the coefficient is unknown: show the verb */
	effect_queue_group(fx, FX_COEF, d->verb.nid);
	if (id == 0x500 || id == 0xd00) {
		if (id == 0x500)
			effect_queue_settle_select(fx);
		e = effect_queue_push(fx, x, d, id == 0x500 ? EFFECT_WRITE : EFFECT_READ, SPACE_COEF_INDEX);
		e->value = id == 0x500 ? d->verb.payload : x->resp;
		e->has_value = id == 0x500 || x->has_resp;
		return true;
	}
	e = effect_queue_push(fx, x, d, id == 0x400 ? EFFECT_WRITE : EFFECT_READ, SPACE_COEF);
	e->addr = (uint32_t)d->at;
	e->value = id == 0x400 ? d->verb.payload : x->resp;
	e->has_value = id == 0x400 || x->has_resp;
	fold_select(fx);
	/* a filter left out some of a poll's reads */
	if (effect_queue_tail(fx, 1) && effect_queue_tail(fx, 1)->left_out && e->kind == EFFECT_READ &&
	    effect_same_register(effect_queue_tail(fx, 1), effect_queue_tail(fx, 0)))
		effect_queue_fold(fx, 2);
	if (!effect_queue_fold_poll(fx) && !effect_queue_fold_update(fx) &&
	    !(id == 0x400 && port_is_command(d->verb.nid, (unsigned int)d->at, d->verb.payload)))
		effect_queue_fold_retry(fx);
	if (fx->vendor && fx->vendor->after_coef)
		fx->vendor->after_coef(fx);
	return true;
}

/* --- a widget's own controls ----------------------------------------------------- */

const struct effect_control effect_controls[] = {
#define CONTROL(num, nm, list) { .id = num, .name = nm, .fields = &fl_##list },
#include "codec/controls.def"
#undef CONTROL
};

const unsigned int effect_control_count = ARRAY_SIZE(effect_controls);

static const struct effect_control *control_find(unsigned int id)
{
	for (unsigned int i = 0; i < effect_control_count; i++)
		if (effect_controls[i].id == id)
			return &effect_controls[i];
	return NULL;
}

/* The kind of widget, from its caps or, if these are unknown, from the verb. */
static const char *object(const struct effect_queue *fx, const struct decoded *d)
{
	static const char *const names[16] = {
		[0x0] = "output", [0x1] = "input", [0x2] = "mixer", [0x3] = "selector",
		[0x4] = "pin", [0x5] = "power", [0x6] = "knob", [0x7] = "beep", [0xf] = "vendor",
	};
	int type = shadow_type(fx->shadow, d->verb.nid);

	if (type >= 0 && names[type])
		return names[type];
	if (d->verb.nid == fx->shadow->fg)
		return "function";
	switch (d->class) {
	case CLASS_PIN:
	case CLASS_CONFIG:
	case CLASS_JACK:
		return "pin";
	case CLASS_STREAM:
		return "converter";
	default:
		return "node";
	}
}

/* One byte of four: folds it with the bytes before it. */
static void put_byte(struct effect_queue *fx, const struct xact *x, const struct decoded *d)
{
	unsigned int k = d->verb.id - d->row->set;
	bool config = d->row->set == 0x71c;
	struct effect *e = effect_queue_push(fx, x, d, EFFECT_WRITE, config ? SPACE_CONFIG : SPACE_SUBSYSTEM);
	struct effect *a = effect_queue_tail(fx, 1);

	e->object = object(fx, d);
	e->value = (uint32_t)d->verb.payload << 8 * k;
	e->mask = 0xffu << 8 * k;
	e->has_value = true;
	e->kind = EFFECT_UPDATE;
	if (!a || a->space != e->space || a->nid != e->nid || a->kind != EFFECT_UPDATE ||
	    a->mask & e->mask)
		return;
	uint32_t value = a->value | e->value, mask = a->mask | e->mask;

	e = effect_queue_fold(fx, 2);
	e->value = value;
	e->mask = mask;
	if (mask == UINT32_MAX) {
		e->kind = EFFECT_WRITE;
		e->fields = config ? &fl_config : &fl_subsystem;
	}
}

/*
 * Takes the old value of a control from a read just before the write, and removes that read
 * from the queue.
 */
static bool take_read(struct effect_queue *fx, const struct decoded *d, struct effect *read)
{
	struct effect_lane *l = &fx->widgets;
	const struct effect *e = l->n ? &l->q[l->n - 1] : NULL;
	unsigned int p = d->verb.payload;

	if (!e || l->group != FX_READ || e->kind != EFFECT_READ || e->space != SPACE_VERB ||
	    e->nid != d->verb.nid || e->addr != d->row->get || !e->has_value)
		return false;
	/* the amplifier, its side and its index must be the same */
	unsigned int ask = verb_split(e->verb).payload;
	if (d->row->get == 0xb00 &&
	    (bits(p, 15, 14) != (bit(ask, 15) ? 2 : 1) || bits(p, 11, 8) != (ask & 0xf) ||
	     bits(p, 13, 12) != (bit(ask, 13) ? 2 : 1)))
		return false;
	*read = *e;
	l->n--;
	return true;
}

static bool put_set(struct effect_queue *fx, const struct xact *x, const struct decoded *d)
{
	const struct effect_control *c;
	struct effect *e, read;
	bool was_read;

	if (d->row->nset > 1) {
		effect_queue_group(fx, FX_SET, 0);
		put_byte(fx, x, d);
		return true;
	}
	c = control_find(d->verb.id);
	if (!c || (x->has_resp && x->resp))
		return false;	/* an answer that is not 0 is shown as an effect of its own */
	was_read = take_read(fx, d, &read);
	effect_queue_group(fx, FX_SET, 0);
	e = effect_queue_push(fx, x, d, EFFECT_WRITE, SPACE_VERB);
	if (was_read) {
		effect_queue_count_before(e, &read);
		e->old = read.value;
		e->has_old = true;
	}
	e->addr = d->verb.id;
	/* an amplifier's payload also selects side and index, so each is a register of its own */
	e->unit = d->verb.id == 0x300 ? d->verb.payload >> 8 : 0;
	e->value = d->verb.payload;
	e->has_value = true;
	e->object = object(fx, d);
	e->name = c->name;
	e->fields = c->fields;
	if (c->fields == &fl_e_pin && shadow_knows(fx->shadow, e->nid, KNOW_WCAP) &&
	    bit(fx->shadow->wcap[e->nid], 9))
		e->fields = &fl_pin_ctl_digital;
	if (!was_read)
		effect_queue_fold_retry(fx);
	return true;
}

/* True for reads of constants, and of what a driver's probe or /proc reads with them. */
static bool is_walk(const struct effect *e)
{
	return e->kind == EFFECT_WALK ||
	       (e->kind == EFFECT_READ && (e->class == CLASS_CAPS || e->class == CLASS_CONFIG));
}

static bool fold_walk(struct effect_queue *fx)
{
	struct effect *b = effect_queue_tail(fx, 0), *a = effect_queue_tail(fx, 1);

	if (!a || !is_walk(a) || (a->kind == EFFECT_READ && !is_walk(b)))
		return false;
	uint8_t low = a->nid < b->nid ? a->nid : b->nid;
	uint8_t high = a->last_nid > b->nid ? a->last_nid : b->nid;

	b = effect_queue_fold(fx, 2);
	b->kind = EFFECT_WALK;
	b->nid = low;
	b->last_nid = high;
	b->noise = true;
	b->fields = b->ask = NULL;
	b->name = b->object = NULL;
	b->has_value = false;
	return true;
}

/* Marks the last write as verified if this read returns the value that was written. */
static bool verifies(struct effect_queue *fx, const struct xact *x, const struct decoded *d)
{
	struct effect_lane *l = &fx->widgets;
	struct effect *e = l->n ? &l->q[l->n - 1] : NULL;
	uint32_t resp = x->resp;

	if (!e || l->group != FX_SET || e->space != SPACE_VERB || e->nid != d->verb.nid ||
	    e->addr != d->row->set || d->verb.id == 0xb00 || !x->has_resp)
		return false;
	if (d->verb.id == 0xf05) {
		if (bits(resp, 7, 4) != e->value)
			return false;	/* set, but not reached */
		resp &= 0xf;
	} else if (d->row->width == 8) {
		resp &= 0xff;
	}
	if (resp != e->value)
		return false;
	e->verified = true;
	e->verbs++;
	e->last = x->index;
	if (e->certainty == CERT_EXACT)
		e->certainty = x->certainty;
	return true;
}

static bool put_get(struct effect_queue *fx, const struct xact *x, const struct decoded *d)
{
	struct effect *e;

	if (verifies(fx, x, d))
		return true;
	effect_queue_group(fx, FX_READ, 0);
	e = effect_queue_push(fx, x, d, EFFECT_READ, SPACE_VERB);
	e->addr = d->verb.id;
	e->value = x->resp;
	e->has_value = x->has_resp;
	e->object = object(fx, d);
	e->name = d->name;
	e->fields = d->answer;
	e->ask = d->row->ask;
	if (!fold_walk(fx))
		effect_queue_fold_poll(fx);
	return true;
}

/* A vendor's set verb also sets a control of its widget, under the vendor's name. */
static bool put_vendor_set(struct effect_queue *fx, const struct xact *x, const struct decoded *d)
{
	unsigned int k = d->verb.id - d->row->set;
	struct effect *e;

	if (x->has_resp && x->resp)
		return false;
	effect_queue_group(fx, FX_SET, 0);
	e = effect_queue_push(fx, x, d, EFFECT_WRITE, SPACE_VERB);
	e->addr = d->verb.id;
	e->value = d->verb.payload;
	e->has_value = true;
	e->object = object(fx, d);
	e->name = d->name;
	e->fields = d->row->value[k];
	for (unsigned int i = 0; fx->vendor && i < fx->vendor->nmeanings; i++) {
		const struct coef_row *m = &fx->vendor->meaning[i];

		if (m->nid == e->nid && m->index == e->addr && (e->value & m->mask) == m->value &&
		    coef_row_is_for(m, fx->shadow->vendor_id)) {
			e->meaning = m->text;
			e->meaning_row = m;
		}
	}
	effect_queue_fold_retry(fx);
	return true;
}

bool effect_queue_standard(struct effect_queue *fx, const struct xact *x, const struct decoded *d)
{
	if (!d->row)
		return false;
	if (d->row < verb_rows || d->row >= verb_rows + verb_row_count)
		return d->dir == DIR_SET ? put_vendor_set(fx, x, d) : put_get(fx, x, d);
	return d->dir == DIR_SET ? put_set(fx, x, d) : put_get(fx, x, d);
}
