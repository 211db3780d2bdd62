// SPDX-License-Identifier: GPL-2.0-or-later
/* What one list does to one codec: verb by verb, without the code that recognises effects. */
#include <stdlib.h>
#include <string.h>

#include "analyse/proof_int.h"
#include "base/bits.h"
#include "base/err.h"
#include "base/vec.h"
#include "codec/decode.h"
#include "codec/effect/coef_port.h"
#include "event/event.h"
#include "model/model_verb.h"

/* What was written through NID 20 since the last command. */
struct port_walk {
	int32_t coef[ROLE_NONE];	/* last value, by role; -1 = unknown */
	bool has_value;		/* data other than 0 were written */
	uint32_t asked;		/* the op of a command that may be a read, + 1; 0 = none */
	int32_t selected;	/* the selected index, if no access followed yet; -1 = none */
};

struct proof_walk {
	struct proof_run *r;
	struct decoder *dec;
	struct effects *fx;		/* effects of a chip with windows, or NULL */
	struct port_walk port;
	int32_t i2c_addr;		/* -1 = unknown */
	uint8_t i2c_page[128];
	uint8_t power[256], dev[256];
	uint32_t verb;
};

static const struct proof_verb *verbs_of(const struct proof_list *l, size_t *n)
{
	*n = l->verbs.len / sizeof(struct proof_verb);
	return (const struct proof_verb *)(const void *)l->verbs.data;
}

static struct xact xact_of(const struct proof_verb *v, uint32_t place)
{
	return (struct xact){
		.kind = XACT_CORB, .certainty = CERT_EXACT, .index = place, .has_verb = true,
		.verb = v->word, .cad = (uint8_t)(v->word >> 28), .ctrl = v->ctrl,
		.has_resp = v->has_resp, .resp = v->resp, .unrecorded = !v->has_resp,
		.t_verb = EVENT_TIME_NONE, .t_resp = EVENT_TIME_NONE,
	};
}

static bool is_its(const struct proof_verb *v, const struct step_codec *c)
{
	return v->ctrl == c->ctrl && (v->reset || v->word >> 28 == c->cad);
}

/* --- ops ------------------------------------------------------------------------- */

static unsigned int group_of(const struct proof_walk *w)
{
	const struct codec_model *m = w->r->codec->model;

	return m && m->afg ? m->afg : 1;
}

static struct err *add_op(struct proof_walk *w, enum op_kind kind, unsigned int nid, uint64_t a, uint64_t b)
{
	struct proof_run *r = w->r;
	struct op o = {
		.a = a, .b = b, .verb = w->verb, .kind = (uint8_t)kind,
		.group_power = w->power[group_of(w)], .node_power = w->power[nid & 0xff],
	};

	if (!vec_room(r->op, r->n, r->cap))
		return err_nomem();
	r->op[r->n++] = o;
	return NULL;
}

static struct err *set_reg(struct proof_walk *w, reg_key key, uint32_t value, bool *changed)
{
	struct regmap_entry *e = regmap_get(&w->r->map, 0, key);

	if (!e)
		return err_nomem();
	e->epoch = (uint32_t)w->power[group_of(w)] << 8 | w->power[reg_key_nid(key)];
	if (changed)
		*changed = !e->mask || e->value != value;
	e->value = value;
	e->mask = UINT32_MAX;
	e->at = w->verb;
	return NULL;
}

/* --- resets ------------------------------------------------------------------------ */

/* True for registers that a reset of the audio group clears; of other groups only their own. */
static bool clears(const struct codec_model *m, unsigned int group, unsigned int nid)
{
	const struct model_node *n = m ? model_find(m, nid) : NULL;

	if (!m || !m->afg || group != m->afg)
		return nid == group && m && !m->afg;
	return nid == group || (n && n->kind == NODE_WIDGET);
}

/* Pin defaults and subsystem ids survive a reset, HDA 1.0a 7.3.3.31. */
static bool survives(reg_key key)
{
	uint32_t id = (uint32_t)key;

	return reg_key_space(key) == SPACE_VERB &&
	       ((id >= 0x71c && id <= 0x71f) || (id >= 0x720 && id <= 0x723));
}

static void forget(struct proof_walk *w, unsigned int group, bool link)
{
	struct regmap *m = &w->r->map;

	for (size_t i = 0; i < m->cap; i++) {
		struct regmap_entry *e = &m->v[i];
		uint32_t id = (uint32_t)e->key;
		/*
		 * a list cannot contain the controller's reset, so for power and the like it
		 * did not happen
		 */
		bool stays = link && reg_key_space(e->key) == SPACE_VERB &&
			     ((id >= 0x715 && id <= 0x717) || id == 0x705 || id == 0x735);

		if (e->used && !stays && !survives(e->key) &&
		    clears(w->r->codec->model, group, reg_key_nid(e->key)))
			e->mask = 0;
	}
}

static struct err *put_reset(struct proof_walk *w, uint32_t word)
{
	unsigned int nid = (unsigned int)bits(word, 27, 20);
	struct err *e = add_op(w, OP_RESET, nid, word & 0xfffffff, 0);

	model_reset(w->r->model, (uint8_t)nid);
	forget(w, nid, false);
	memset(w->power, POWER_UNKNOWN, sizeof(w->power));
	memset(w->dev, 0, sizeof(w->dev));
	return e;
}

/* A list may select the first device entry of pins, as the reset does. */
static struct err *put_link_reset(struct proof_walk *w)
{
	struct codec_model *m = w->r->model;
	struct err *e = NULL;

	w->r->link_reset = true;
	model_reset(m, m->afg);
	model_reset(m, m->mfg);
	forget(w, m->afg, true);
	for (unsigned int nid = 0; !e && nid < 256; nid++) {
		if (!w->dev[nid])
			continue;
		w->dev[nid] = 0;
		e = set_reg(w, REG_KEY(SPACE_VERB, nid, 0, 0x735), 0, NULL);
		if (!e)
			e = add_op(w, OP_VERB, nid, nid << 20 | 0x735 << 8, 0);
	}
	return e;
}

/* --- coefficients -------------------------------------------------------------------- */

static bool is_command(const struct step_codec *c, unsigned int nid, unsigned int coef)
{
	for (unsigned int i = 0; i < c->n_commands; i++)
		if (c->commands[i].nid == nid && c->commands[i].coef == coef)
			return true;
	return false;
}

static struct err *put_transfer(struct proof_walk *w, uint32_t command)
{
	struct port_walk *k = &w->port;
	uint64_t a = 0, b = 0;
	struct err *e;

	/* 17 bits each, so that unknown differs from every value */
	for (unsigned int role = 0; role < ROLE_COMMAND; role++) {
		uint64_t *to = role < 3 ? &a : &b;

		*to = *to << 17 | (uint64_t)(k->coef[role] < 0 ? 0x10000 : k->coef[role]);
	}
	e = add_op(w, OP_AMP, PORT_NID, a, b << 16 | command);
	/* without data, or with only 0, and not a plain write: it may be a read */
	k->asked = !k->has_value && command != 0xb011 && command != 0xb020 ? (uint32_t)w->r->n : 0;
	k->has_value = false;
	return e;
}

/* The answer of a read was fetched, or its index was selected and a filter left out the fetch. */
static void put_answer(struct proof_walk *w, int32_t coef)
{
	struct port_walk *k = &w->port;

	if (!w->r->generation || !k->asked || coef < 0 ||
	    coef == realtek_ports[w->r->generation - 1].coef[ROLE_COMMAND])
		return;
	w->r->op[k->asked - 1].may_go = true;
	k->asked = 0;
}

/* Handles an access to a coefficient of the port; false if it is another one's. */
static bool put_port(struct proof_walk *w, unsigned int coef, uint32_t value, struct err **e)
{
	const struct port_roles *p = w->r->generation ? &realtek_ports[w->r->generation - 1] : NULL;
	enum port_role role = p ? port_role_of(p, coef) : ROLE_NONE;
	struct port_walk *k = &w->port;

	k->asked = role == ROLE_COMMAND ? k->asked : 0;
	if (role == ROLE_NONE)
		return false;
	if (role == ROLE_COMMAND) {
		*e = port_starts(value) ? put_transfer(w, value) :
		     add_op(w, OP_COMMAND, PORT_NID, (uint64_t)coef << 16 | value, 0);
		return true;
	}
	k->coef[role] = (int32_t)value;
	if (role == ROLE_DATA_HIGH || role == ROLE_DATA_LOW)
		k->has_value |= value != 0;
	return true;
}

static bool is_i2c(const struct proof_walk *w, unsigned int nid, unsigned int coef)
{
	return nid == I2C_NID && w->r->codec->vendor_id == 0x10138409 && coef >= I2C_ADDR &&
	       coef <= I2C_QREAD;
}

static struct err *put_i2c(struct proof_walk *w, unsigned int coef, uint32_t value)
{
	unsigned int reg = (unsigned int)bits(value, 15, 8), addr = (unsigned int)w->i2c_addr;
	uint64_t page = 0;

	if (coef == I2C_ADDR)
		w->i2c_addr = (int32_t)bits(value, 7, 1);
	if (coef != I2C_QWRITE)
		return NULL;
	if (w->i2c_addr >= 0 && i2c_has_pages(addr)) {
		if (!reg) {
			w->i2c_page[addr] = (uint8_t)value;
			return NULL;
		}
		page = w->i2c_page[addr];
	}
	return add_op(w, OP_I2C, I2C_NID, (uint64_t)w->i2c_addr << 32 | page << 16 | value, 0);
}

static struct err *put_coef(struct proof_walk *w, const struct decoded *d)
{
	unsigned int nid = d->verb.nid, coef = (unsigned int)d->at;
	uint32_t value = d->verb.payload;
	struct model_node *n = model_node(w->r->model, (uint8_t)nid);
	struct err *e = NULL;

	if (!n)
		return err_nomem();
	if (is_i2c(w, nid, coef))
		return put_i2c(w, coef, value);
	if (!model_coef_set(n, (uint16_t)coef, value))
		return err_nomem();
	e = set_reg(w, REG_KEY(SPACE_COEF, nid, 0, coef), value, NULL);
	if (e || (nid == PORT_NID && put_port(w, coef, value, &e)))
		return e;
	return add_op(w, is_command(w->r->codec, nid, coef) ? OP_COMMAND : OP_COEF, nid,
		      (uint64_t)nid << 32 | coef << 16 | value, 0);
}

/* --- verbs ---------------------------------------------------------------------------- */

/* Payload of 3xx: selects amplifiers, channels and index; each is a register. */
static struct err *put_amp(struct proof_walk *w, const struct verb_parts *v)
{
	struct err *e = NULL;

	for (unsigned int side = 0; !e && side < 4; side++)
		if (bit(v->payload, side & 2 ? 15 : 14) && bit(v->payload, side & 1 ? 13 : 12))
			e = set_reg(w, REG_KEY(SPACE_VERB, v->nid, side << 8 | bits(v->payload, 11, 8),
					       0x300), v->payload & 0xff, NULL);
	return e;
}

static struct err *put_power(struct proof_walk *w, const struct verb_parts *v)
{
	w->power[v->nid] = v->payload & 0xf;
	if (v->nid == group_of(w) && (v->payload & 0xf) >= 3)
		w->r->slept = w->verb;
	return NULL;
}

/* Writes a register of the node, or of one of its device entries. */
static struct err *put_register(struct proof_walk *w, const struct verb_parts *v, uint32_t word)
{
	bool gpio = v->id >= 0x715 && v->id <= 0x717, changed = false;
	/* the selected entry and the power state belong to all entries together */
	unsigned int dev = v->id == 0x735 || v->id == 0x705 ? 0 : w->dev[v->nid];
	struct err *e;

	if (v->id == 0x300)
		e = put_amp(w, v);
	else
		e = set_reg(w, REG_KEY(SPACE_VERB, v->nid, dev, v->id), v->payload, &changed);
	if (!e)
		e = add_op(w, OP_VERB, v->nid, word & 0xfffffff, dev);
	if (!e && gpio && changed)
		e = add_op(w, OP_GPIO, v->nid, word & 0xfffffff, 0);
	return e;
}

static struct err *put_frame(struct proof_walk *w, const struct decoded *d)
{
	const struct verb_parts *v = &d->verb;
	uint32_t at = (uint32_t)d->at;
	struct err *e;

	if (v->id == 0x730)
		return NULL;	/* an index for bytes that follow; their ops contain it */
	e = set_reg(w, REG_KEY(SPACE_INFOFRAME, v->nid, w->dev[v->nid], at), v->payload, NULL);
	return e ? e : add_op(w, OP_FRAME, v->nid, (uint64_t)v->nid << 32 | at << 16 | v->payload,
			      w->dev[v->nid]);
}

static struct err *put_standard(struct proof_walk *w, const struct decoded *d, uint32_t word)
{
	const struct verb_parts *v = &d->verb;
	struct model_node *n;
	struct err *e = NULL;

	switch (v->id) {
	case 0x7ff:
		return put_reset(w, word);
	case 0x709:
		return NULL;	/* it starts a measurement */
	case 0x730:
	case 0x731:
		if (d->at < 0 && v->id == 0x731)
			return add_op(w, OP_TOLD, v->nid, word & 0xfffffff, 0);
		return put_frame(w, d);
	case 0x705:
		e = put_power(w, v);
		break;
	case 0x735:
		w->dev[v->nid] = v->payload & 0x3f;
		n = model_node(w->r->model, v->nid);
		if (!n || !model_dev(n, v->payload & 0x3f))
			return err_nomem();
		break;
	}
	if (!e && !model_apply(w->r->model, v))
		e = err_nomem();
	return e ? e : put_register(w, v, word);
}

static bool is_standard(const struct verb_row *row)
{
	return row >= verb_rows && row < verb_rows + verb_row_count;
}

static struct err *put_vendors(struct proof_walk *w, const struct decoded *d, const struct xact *x)
{
	const struct verb_parts *v = &d->verb;
	struct err *e;

	if (w->fx && d->row)
		return NULL;	/* accesses to its windows are compared as whole effects */
	/* a register that can be read back is like any other */
	if (d->row && d->row->get != VERB_NONE)
		return put_register(w, v, x->verb);
	e = add_op(w, OP_TOLD, v->nid, x->verb & 0xfffffff, 0);
	/* an unknown verb with an answer is a read */
	if (!e && !d->row && v->id >= 0xf00)
		w->r->op[w->r->n - 1].may_go = x->has_resp && x->resp;
	return e;
}

/* Follows whether a select of NID 20 is used by an access. */
static void follow_index(struct proof_walk *w, const struct decoded *d)
{
	struct port_walk *k = &w->port;

	if (d->verb.nid != PORT_NID)
		return;
	if (d->verb.id == 0x500) {
		put_answer(w, k->selected);
		k->selected = d->verb.payload;
	} else if (d->verb.id == 0x400 || d->verb.id == 0xc00) {
		k->selected = -1;
	}
	if (d->verb.id == 0xc00)
		put_answer(w, d->at);
}

static struct err *put_chip(struct proof_walk *w, const struct xact *x, const struct decoded *d)
{
	struct err *e = x ? effects_put(w->fx, x, d) : effects_flush(w->fx);
	struct effect f;

	while (!e && effects_next(w->fx, &f)) {
		bool writes = f.kind == EFFECT_WRITE || f.kind == EFFECT_UPDATE;
		uint64_t a = (uint64_t)f.space << 56 | (uint64_t)f.unit << 32 | f.addr;

		if (!writes || f.space == SPACE_VERB || f.space == SPACE_COEF ||
		    f.space == SPACE_COEF_INDEX || f.space == SPACE_CONFIG ||
		    f.space == SPACE_SUBSYSTEM || f.space == SPACE_INFOFRAME)
			continue;
		if (f.space == SPACE_FLAG || f.space == SPACE_PARAM)
			e = set_reg(w, REG_KEY(f.space, f.nid, f.unit, f.addr), f.value, NULL);
		else if (!w->r->n || w->r->op[w->r->n - 1].kind != OP_CHIP ||
			 w->r->op[w->r->n - 1].a != a || w->r->op[w->r->n - 1].b != f.value)
			e = add_op(w, OP_CHIP, f.nid, a, f.value);
	}
	return e;
}

static struct err *put_verb(struct proof_walk *w, const struct proof_verb *v)
{
	struct xact x = xact_of(v, w->verb);
	struct decoded d;
	struct err *e = NULL;

	codec_decode(w->dec, &x, &d);
	if (w->fx)
		e = put_chip(w, &x, &d);
	if (e)
		return e;
	if (d.class == CLASS_COEF && is_standard(d.row))
		follow_index(w, &d);
	if (d.dir == DIR_GET || (is_standard(d.row) && d.verb.id == 0x500))
		return NULL;
	if (is_standard(d.row) && d.verb.id == 0x400)
		return d.at >= 0 ? put_coef(w, &d) : add_op(w, OP_TOLD, d.verb.nid, x.verb & 0xfffffff, 0);
	return is_standard(d.row) ? put_standard(w, &d, x.verb) : put_vendors(w, &d, &x);
}

/* --- a whole list ---------------------------------------------------------------------- */

/* Copies the tree and the caps, which decide what a reset clears and what an amplifier has. */
static struct err *copy_tree(const struct codec_model *from, struct codec_model *to)
{
	to->afg = from->afg;
	to->mfg = from->mfg;
	for (unsigned int i = 0; i < MODEL_NODES; i++) {
		const struct model_node *n = from->node[i];
		struct model_node *k;

		if (!n)
			continue;
		k = model_node(to, (uint8_t)i);
		if (!k)
			return err_nomem();
		k->kind = n->kind;
		memcpy(k->param, n->param, sizeof(k->param));
	}
	return NULL;
}

static struct err *begin(struct proof_walk *w, const struct step_codec *c)
{
	struct err *e = decoder_create(&w->dec);

	if (!e && c->vendor_id)
		e = decoder_set_codec(w->dec, c->ctrl, c->cad, c->vendor_id);
	if (!e && c->vendor_id >> 16 == 0x1102)
		e = effects_create(w->dec, &w->fx);
	if (!e)
		e = model_create(MODEL_FROM_TRAFFIC, &w->r->model);
	if (!e && c->model)
		e = copy_tree(c->model, w->r->model);
	for (unsigned int i = 0; i < ROLE_NONE; i++)
		w->port.coef[i] = -1;
	w->port.selected = -1;
	w->i2c_addr = -1;
	memset(w->power, POWER_UNKNOWN, sizeof(w->power));
	return e;
}

struct err *proof_run(const struct proof_list *l, struct proof_run *r)
{
	struct proof_walk *w = calloc(1, sizeof(*w));
	size_t n;
	const struct proof_verb *v = verbs_of(l, &n);
	struct err *e;

	if (!w)
		return err_nomem();
	w->r = r;
	e = begin(w, r->codec);
	for (size_t i = 0; !e && i < n; i++) {
		w->verb++;
		if (!is_its(&v[i], r->codec))
			continue;
		if (v[i].reset)
			e = put_link_reset(w);
		else
			e = put_verb(w, &v[i]);
	}
	put_answer(w, w->port.selected);
	if (!e && w->fx)
		e = put_chip(w, NULL, NULL);
	effects_destroy(w->fx);
	decoder_destroy(w->dec);
	free(w);
	return e;
}

void proof_run_deinit(struct proof_run *r)
{
	free(r->op);
	model_destroy(r->model);
	regmap_deinit(&r->map);
}

/* Counts only commands for which the port's register was written since the last one. */
struct err *proof_generation(const struct proof_list *l, const struct step_codec *c,
			     unsigned int *generation)
{
	bool has_reg[PORT_GENERATIONS] = { false };
	struct decoder *dec;
	size_t n;
	const struct proof_verb *v = verbs_of(l, &n);
	struct err *e = decoder_create(&dec);

	*generation = 0;
	/* Realtek's, or an unknown vendor's */
	if (c->vendor_id && c->vendor_id >> 16 != 0x10ec)
		n = 0;
	if (!e && c->vendor_id)
		e = decoder_set_codec(dec, c->ctrl, c->cad, c->vendor_id);
	for (size_t i = 0; !e && i < n && !*generation; i++) {
		struct xact x = xact_of(&v[i], (uint32_t)i + 1);
		struct decoded d;

		if (!is_its(&v[i], c) || v[i].reset)
			continue;
		codec_decode(dec, &x, &d);
		if (d.verb.nid != PORT_NID || d.verb.id != 0x400 || !is_standard(d.row) || d.at < 0)
			continue;
		for (unsigned int g = 0; g < PORT_GENERATIONS; g++) {
			enum port_role role = port_role_of(&realtek_ports[g], (unsigned int)d.at);

			if (role == ROLE_COMMAND && has_reg[g] && port_starts(d.verb.payload) && !*generation)
				*generation = g + 1;
			has_reg[g] |= role == ROLE_REG;
		}
	}
	decoder_destroy(dec);
	return e;
}
