// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/state.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/steps/regmap.h"
#include "base/bits.h"
#include "base/err.h"
#include "base/vec.h"
#include "codec/effect/coef_port.h"
#include "model/model_verb.h"

/* --- rows ------------------------------------------------------------------------ */

static int by_place(const void *x, const void *y)
{
	const struct state_row *a = x, *b = y;
	/*
	 * sorts by widget, space, address, and then unit, so that both sides of an amplifier
	 * are together
	 */
	uint64_t ka = (a->key >> 48 & 0xff) << 56 | (a->key >> 56) << 48 | (a->key & UINT32_MAX);
	uint64_t kb = (b->key >> 48 & 0xff) << 56 | (b->key >> 56) << 48 | (b->key & UINT32_MAX);

	if (reg_key_space(a->key) == SPACE_AMP && reg_key_space(b->key) == SPACE_AMP)
		return a->key < b->key ? -1 : a->key > b->key;
	if (ka != kb)
		return ka < kb ? -1 : 1;
	return a->key < b->key ? -1 : a->key > b->key;
}

static bool add_row(struct state *s, const struct state_row *row)
{
	if (!row->known)
		return true;
	if (!vec_room(s->rows, s->n, s->cap))
		return false;
	s->rows[s->n++] = *row;
	return true;
}

/* The kind of the widget, in the words of effects (codec/effect/effect_std.c). */
static const char *object_of(const struct codec_model *m, const struct model_node *n)
{
	static const char *const names[16] = {
		[WIDGET_OUTPUT] = "output", [WIDGET_INPUT] = "input", [WIDGET_MIXER] = "mixer",
		[WIDGET_SELECTOR] = "selector", [WIDGET_PIN] = "pin", [WIDGET_POWER] = "power",
		[WIDGET_KNOB] = "knob", [WIDGET_BEEP] = "beep", [WIDGET_VENDOR] = "vendor",
	};
	int type = model_type(n);

	if (type >= 0 && names[type & 0xf])
		return names[type & 0xf];
	if (n->nid == m->afg || (!m->afg && n->nid == 1))
		return "function";
	return "node";
}

static const struct effect_control *control(unsigned int id)
{
	for (unsigned int i = 0; i < effect_control_count; i++)
		if (effect_controls[i].id == id)
			return &effect_controls[i];
	return NULL;
}

static bool add_words(struct state *s, const struct model_node *n, const char *object,
		      enum effect_space space, enum model_reg reg)
{
	const struct state_row row = {
		.key = REG_KEY(space, n->nid, 0, 0), .value = n->reg[reg].val,
		.known = n->reg[reg].known, .step = STEP_NONE, .object = object,
	};

	return add_row(s, &row);
}

static bool add_regs(struct state *s, const struct model_node *n, const char *object)
{
	for (const struct model_set *t = model_sets; t < model_sets + model_set_count; t++) {
		const struct effect_control *c = control(t->set);
		const struct reg *r = &n->reg[t->reg];
		const struct state_row row = {
			.key = REG_KEY(SPACE_VERB, n->nid, 0, t->set),
			.value = r->val >> t->shift & t->mask,
			.known = r->known >> t->shift & t->mask,
			.step = STEP_NONE, .object = object,
			.name = c ? c->name : NULL, .fields = c ? c->fields : NULL,
		};

		if (t->reg != MREG_DEFAULT && t->reg != MREG_SUBSYSTEM && !add_row(s, &row))
			return false;
	}
	return add_words(s, n, object, SPACE_CONFIG, MREG_DEFAULT) &&
	       add_words(s, n, object, SPACE_SUBSYSTEM, MREG_SUBSYSTEM);
}

static bool add_amps(struct state *s, const struct model_node *n, const char *object, bool out)
{
	const struct model_amps *a = out ? &n->out : &n->in;
	const struct effect_control *c = control(0x300);

	/* a verb can set an index of four bits only */
	for (unsigned int i = 0; i < 2u * a->n && i < 32; i++) {
		const struct reg *r = i & 1 ? &a->v[i / 2].left : &a->v[i / 2].right;
		const struct state_row row = {
			.key = REG_KEY(SPACE_VERB, n->nid, (out ? 0x8000u : 0) |
				       i / 2 << 8 | (i & 1), 0x300),
			.value = r->val & 0xff, .known = r->known & 0xff, .step = STEP_NONE,
			.object = object, .name = c->name, .fields = c->fields,
		};

		if (!add_row(s, &row))
			return false;
	}
	return true;
}

/*
 * True for coefficients that are only the way to an amplifier port: the amplifiers' registers
 * are rows.
 */
static bool is_transport(const struct step_codec *c, unsigned int nid, unsigned int coef)
{
	return c && c->port && nid == PORT_NID &&
	       port_role_of(&realtek_ports[c->port - 1], coef) != ROLE_NONE;
}

static bool add_model(struct state *s, const struct codec_model *m, const struct step_codec *c)
{
	for (unsigned int i = 0; i < MODEL_NODES; i++) {
		const struct model_node *n = m->node[i];
		const char *object = n ? object_of(m, n) : NULL;

		if (!n)
			continue;
		if (!add_regs(s, n, object) || !add_amps(s, n, object, false) ||
		    !add_amps(s, n, object, true))
			return false;
		for (uint32_t k = 0; k < n->ncoefs; k++) {
			const struct state_row row = {
				.key = REG_KEY(SPACE_COEF, n->nid, 0, n->coefs[k].key),
				.value = n->coefs[k].val & 0xffff, .known = 0xffff,
				.step = STEP_NONE,
			};

			if (!is_transport(c, n->nid, n->coefs[k].key) && !add_row(s, &row))
				return false;
		}
	}
	return true;
}

/* --- what the traffic wrote --------------------------------------------------------- */

/* A reset of the codec clears its registers, but not those of devices behind it. */
static bool outlives(reg_key key)
{
	switch (reg_key_space(key)) {
	case SPACE_VERB:
	case SPACE_COEF:
	case SPACE_INFOFRAME:
		return false;
	default:
		return true;
	}
}

static bool collect(const struct steps *a, uint16_t codec, struct regmap *map)
{
	uint32_t epoch = 0;

	for (size_t i = 0; i < a->n; i++) {
		const struct step *t = &a->v[i];
		struct step_reg regs[STEP_REGS_MAX];
		unsigned int n = t->codec == codec ? step_regs(a, t, regs) : 0;

		if (t->codec != codec)
			continue;
		epoch += t->kind == STEP_RESET || t->kind == STEP_LINK_RESET;
		for (unsigned int k = 0; k < n && t->order != ORDER_NOTHING; k++) {
			struct regmap_entry *e = regmap_get(map, codec, regs[k].key);

			if (!e)
				return false;
			if (e->epoch != epoch && !outlives(e->key))
				e->mask = 0;
			e->epoch = epoch;
			e->value = (e->value & ~regs[k].mask) | (regs[k].value & regs[k].mask);
			e->mask |= regs[k].mask;
			e->step = (uint32_t)i;
		}
	}
	for (size_t i = 0; i < map->cap; i++)
		if (map->v[i].used && map->v[i].epoch != epoch && !outlives(map->v[i].key))
			map->v[i].mask = 0;
	return true;
}

static struct state_row *find(struct state *s, size_t n, reg_key key)
{
	const struct state_row want = { .key = key };

	return n ? bsearch(&want, s->rows, n, sizeof(want), by_place) : NULL;
}

/* Adds the registers that only steps have; the standard ones are in the model already. */
static bool add_written(struct state *s, const struct steps *a, const struct regmap *map)
{
	size_t sorted = s->n;

	for (size_t i = 0; i < map->cap; i++) {
		const struct regmap_entry *e = &map->v[i];
		const struct step *t = e->used ? &a->v[e->step] : NULL;
		const struct effect_control *c = reg_key_space(e->key) == SPACE_VERB ?
						 control((uint32_t)e->key) : NULL;
		struct state_row *row = t ? find(s, sorted, e->key) : NULL;

		if (!t || !e->mask ||
		    (reg_key_space(e->key) == SPACE_COEF &&
		     is_transport(a->codecs[e->codec], reg_key_nid(e->key), (uint32_t)e->key)))
			continue;
		if (row) {
			row->written = true;
			row->step = e->step;
			if (row->object && strcmp(row->object, "node") == 0 && t->object)
				row->object = t->object;
			continue;
		}
		const struct state_row made = {
			.key = e->key, .value = e->value, .known = e->mask, .written = true,
			.step = e->step, .object = t->object,
			.name = c ? c->name : t->name, .fields = c ? c->fields : t->fields,
			.is_float = t->is_float,
		};
		if (!add_row(s, &made))
			return false;
	}
	return true;
}

struct err *state_build(const struct codec_model *m, const struct steps *a, uint16_t codec,
			struct state *out)
{
	struct regmap map = { 0 };
	bool good;

	*out = (struct state){ .model = m, .tree = m, .vendor_id = model_vendor_id(m) };
	good = add_model(out, m, a ? a->codecs[codec] : NULL);
	if (out->n)
		qsort(out->rows, out->n, sizeof(*out->rows), by_place);
	if (good && a) {
		out->shadow = a->codecs[codec]->shadow;
		good = collect(a, codec, &map) && add_written(out, a, &map);
		if (out->n)
			qsort(out->rows, out->n, sizeof(*out->rows), by_place);
	}
	for (size_t i = 0; i < out->n; i++)
		out->written += out->rows[i].written;
	regmap_deinit(&map);
	return good ? NULL : err_nomem();
}

void state_deinit(struct state *s)
{
	free(s->rows);
	*s = (struct state){ 0 };
}

/* --- a row as an effect -------------------------------------------------------------------------- */

bool state_pairs(const struct state *s, size_t i)
{
	const struct state_row *r = &s->rows[i], *o = r + 1;

	return i + 1 < s->n && reg_key_space(r->key) == SPACE_VERB && (uint32_t)r->key == 0x300 &&
	       o->key == (r->key | 1ull << 32) && o->key != r->key && o->value == r->value &&
	       o->known == r->known && o->written == r->written;
}

void state_effect(const struct state *s, size_t i, bool both, struct effect *e)
{
	const struct state_row *r = &s->rows[i];
	enum effect_space space = reg_key_space(r->key);
	unsigned int unit = r->key >> 32 & 0xffff;

	*e = (struct effect){
		.kind = EFFECT_WRITE, .space = (uint8_t)space, .nid = reg_key_nid(r->key),
		.unit = unit, .addr = (uint32_t)r->key, .value = r->value, .object = r->object,
		.name = r->name, .fields = r->fields, .shadow = s->shadow, .repeats = 1,
		.has_value = true, .is_float = r->is_float,
		.has_unit = space == SPACE_AMP || space == SPACE_I2C || space == SPACE_SCP,
	};
	e->verb = verb_join(0, e->nid, e->addr & 0xfff, e->value & 0xff);
	if (e->object && strcmp(e->object, "node") == 0 && model_find(s->tree, e->nid))
		e->object = object_of(s->tree, s->tree->node[e->nid]);
	if (space == SPACE_VERB && e->addr == 0x300) {
		bool left = unit & 1, right = !left;

		left |= both;
		e->value |= (unit & 0x8000 ? 0x8000u : 0x4000u) | (left ? 0x2000u : 0) |
			    (right ? 0x1000u : 0) | (unit & 0xf00);
		e->verb = verb_join(0, e->nid, 0x300, e->value);
	}
	if (space == SPACE_CONFIG || space == SPACE_SUBSYSTEM) {
		e->fields = effect_word_fields(space);
		if (r->known != UINT32_MAX) {
			e->kind = EFFECT_UPDATE;
			e->mask = r->known;
			e->fields = NULL;
		}
	}
	if (space == SPACE_COEF)
		effect_name_coef(e, s->vendor_id);
}

/* --- comparing ------------------------------------------------------------------------ */

struct state *state_partner(const struct state *s, struct state *others, size_t n)
{
	struct state *found = n == 1 && !(s->vendor_id && others[0].vendor_id) ? &others[0] : NULL;

	for (size_t i = 0; i < n && s->vendor_id; i++)
		if (others[i].vendor_id == s->vendor_id)
			return &others[i];
	for (size_t i = 0; !found && !s->vendor_id && i < n; i++)
		if (others[i].model->has_cad && s->model->has_cad &&
		    others[i].model->cad == s->model->cad)
			found = &others[i];
	return found;
}

void state_know_each_other(struct state *a, struct state *b)
{
	if (!a->vendor_id)
		a->vendor_id = b->vendor_id;
	if (!b->vendor_id)
		b->vendor_id = a->vendor_id;
	if (!model_has_tree(a->model))
		a->tree = b->model;
	if (!model_has_tree(b->model))
		b->tree = a->model;
}

static bool add_difference(struct state_differences *d, size_t here, size_t there,
			   enum state_side side)
{
	if (!vec_room(d->v, d->n, d->cap))
		return false;
	d->v[d->n++] = (struct state_difference){ here, there, side };
	return true;
}

struct err *state_compare(const struct state *here, const struct state *there,
			  struct state_differences *out)
{
	size_t i = 0, k = 0;
	bool good = true;

	*out = (struct state_differences){ 0 };
	while (good && (i < here->n || k < there->n)) {
		const struct state_row *a = i < here->n ? &here->rows[i] : NULL;
		const struct state_row *b = k < there->n ? &there->rows[k] : NULL;
		int order = !a ? 1 : !b ? -1 : by_place(a, b);

		if (order < 0) {
			out->unknown_there++;
			good = !a->written || add_difference(out, i, k, STATE_HERE);
			i++;
		} else if (order > 0) {
			out->unknown_here++;
			good = !b->written || add_difference(out, i, k, STATE_THERE);
			k++;
		} else {
			uint32_t known = a->known & b->known;
			bool same = !((reg_canonical(a->key, a->value) ^ reg_canonical(b->key, b->value)) &
				      known);

			out->same += same;
			good = same || add_difference(out, i, k, STATE_BOTH);
			i++;
			k++;
		}
	}
	return good ? NULL : err_nomem();
}

void state_differences_deinit(struct state_differences *d)
{
	free(d->v);
	*d = (struct state_differences){ 0 };
}
