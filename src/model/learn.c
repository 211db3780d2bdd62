// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/learn.h"

#include <stdlib.h>

#include "base/bits.h"
#include "base/err.h"
#include "event/event.h"
#include "model/model_list.h"
#include "model/model_verb.h"

static bool in_range(const struct reg *count, unsigned int nid)
{
	unsigned int first = (unsigned int)bits(count->val, 23, 16);

	return nid >= first && nid < first + bits(count->val, 7, 0);
}

/* Sets the kind of each node, from the known node counts and function types. */
static void classify(struct codec_model *m)
{
	const struct model_node *root = m->node[0];
	const struct reg *groups = root ? &root->param[PARAM_NODE_COUNT] : NULL;
	const struct reg *widgets = NULL;
	bool all_known = groups && groups->known;

	for (unsigned int i = 1; i < MODEL_NODES; i++) {
		struct model_node *n = m->node[i];
		uint32_t type;

		if (!groups || !groups->known || !in_range(groups, i))
			continue;
		if (!n || !n->param[PARAM_FUNCTION_TYPE].known) {
			all_known = false;
			continue;
		}
		n->kind = NODE_GROUP;
		type = n->param[PARAM_FUNCTION_TYPE].val & 0xff;
		/* A real codec's answer does not change, but a hostile capture's may. */
		if (m->afg == i)
			m->afg = 0;
		if (m->mfg == i)
			m->mfg = 0;
		if (type == 1) {
			m->afg = (uint8_t)i;
			widgets = &n->param[PARAM_NODE_COUNT];
		} else if (type == 2) {
			m->mfg = (uint8_t)i;
		}
	}
	m->no_mfg = all_known && !m->mfg;
	m->bad_afg = widgets && widgets->known &&
		     (bits(widgets->val, 23, 16) == 0 || bits(widgets->val, 15, 0) == 0);
	for (unsigned int i = 1; i < MODEL_NODES; i++) {
		struct model_node *n = m->node[i];

		if (!n || n->kind == NODE_GROUP || (groups && groups->known && in_range(groups, i)))
			continue;
		/*
		 * Widgets outside the range answer too (Realtek's hidden ones), but the
		 * kernel does not list them.
		 */
		if (widgets && widgets->known ? in_range(widgets, i) :
						n->param[PARAM_WIDGET_CAP].known != 0)
			n->kind = NODE_WIDGET;
		else
			n->kind = NODE_UNKNOWN;
	}
}

/*
 * Makes the connection list from the answers to F02 and expands ranges as the kernel does: a
 * second zero ends the list, a range that does not rise is ignored.
 */
static bool expand(struct model_node *n)
{
	const struct reg *len = &n->param[PARAM_CONNLIST_LEN];
	bool lng = bit(len->val, 7);
	unsigned int count = len->val & 0x7f, per = lng ? 2 : 4, prev = 0, zeros = 0;
	struct model_dev *dev = model_current_dev(n);
	struct model_conns *c = dev ? &dev->conns : &n->conns;

	if (!len->known)
		return true;
	for (unsigned int i = 0; i < count; i += per)
		if (!(n->learn.conn_seen >> (i / 2) & 1))
			return true;
	model_conns_clear(c);
	for (unsigned int i = 0; i < count && len->val != UINT32_MAX; i++) {
		uint32_t word = n->learn.conn[i / per * per / 2];
		uint32_t e = lng ? (uint32_t)bits(word, i % 2 * 16 + 15, i % 2 * 16) :
				   (uint32_t)bits(word, i % 4 * 8 + 7, i % 4 * 8);
		unsigned int nid = e & (lng ? 0x7fff : 0x7f);
		bool range = e >> (lng ? 15 : 7);

		if (count > 1 && nid == 0 && zeros++) {
			model_conns_clear(c);
			break;
		}
		if (count > 1 && range) {
			if (prev && prev < nid)
				for (unsigned int k = prev + 1; k <= nid && c->n < MODEL_MAX_CONNS; k++)
					if (!model_conns_add(c, (uint16_t)k))
						return false;
			if (!prev || prev >= nid)
				continue;
		} else if (c->n < MODEL_MAX_CONNS && !model_conns_add(c, (uint16_t)nid)) {
			return false;
		}
		prev = nid;
	}
	c->len = c->n;
	c->known = true;
	if (dev && !n->conns.known) {
		for (unsigned int i = 0; i < c->n; i++)
			if (!model_conns_add(&n->conns, c->nid[i]))
				return false;
		n->conns.len = c->len;
		n->conns.known = true;
	}
	return true;
}

static bool learn_param(struct codec_model *m, struct model_node *n, uint8_t param, uint32_t resp)
{
	if (param >= PARAM_COUNT)
		return model_extra_set(n, MODEL_EXTRA_KEY(0, 0xf00, param), resp);
	reg_set(&n->param[param], resp);
	switch (param) {
	case PARAM_NODE_COUNT:
	case PARAM_FUNCTION_TYPE:
	case PARAM_WIDGET_CAP:
		classify(m);
		break;
	case PARAM_CONNLIST_LEN:
		return expand(n);
	case PARAM_DEVLIST_LEN: {
		unsigned int len = resp == UINT32_MAX ? 0 : resp & 0x3f;

		n->devs_known = true;
		return len == 0 || model_dev(n, len);
	}
	default:
		break;
	}
	return true;
}

/* F36: eight device entries in a word, four bits each. */
static bool learn_devices(struct model_node *n, unsigned int first, uint32_t resp)
{
	for (unsigned int i = 0; i < 8 && first + i < n->ndevs; i++)
		reg_set(&n->devs[first + i].bits, (uint32_t)bits(resp, i * 4 + 3, i * 4));
	return true;
}

/* The index has four bits, but the kernel also reads the values of longer lists. */
static bool learn_amp(struct model_node *n, uint16_t payload, uint32_t resp)
{
	struct model_amp *a = model_amp(bit(payload, 15) ? &n->out : &n->in, payload & 0xff);

	if (!a)
		return false;
	reg_set(bit(payload, 13) ? &a->left : &a->right, resp);
	return true;
}

static bool learn_coef(struct model_node *n, uint32_t resp)
{
	struct model_learn *l = &n->learn;
	unsigned int total = (unsigned int)bits(n->param[PARAM_PROC_CAP].val, 15, 8);

	if (!l->coef_index_known)
		return true;
	if (!model_coef_set(n, l->coef_index, resp))
		return false;
	/* the kernel's dump reads all coefficients in order; n->coefs_shown remembers that */
	l->coef_sweep = l->coef_index == l->coef_sweep ? l->coef_sweep + 1 : l->coef_index == 0;
	if (total && l->coef_sweep >= total)
		n->coefs_shown = true;
	l->coef_reads++;
	if (!l->coef_no_read_inc)
		l->coef_index++;
	return true;
}

/* The codec's answer to a get of the index; also shows whether an access increases the index. */
static void learn_coef_index(struct model_node *n, uint32_t resp)
{
	struct model_learn *l = &n->learn;
	uint16_t moved = (uint16_t)(resp - l->coef_base);

	if (l->coef_index_known && moved != (uint16_t)(l->coef_reads + l->coef_writes)) {
		if (l->coef_reads && moved == l->coef_writes)
			l->coef_no_read_inc = true;
		else if (l->coef_writes && moved == l->coef_reads)
			l->coef_no_write_inc = true;
		else if (moved == 0)
			l->coef_no_read_inc = l->coef_no_write_inc = true;
	}
	l->coef_index = l->coef_base = (uint16_t)resp;
	l->coef_index_known = true;
	l->coef_reads = l->coef_writes = 0;
}

static bool learn_get(struct codec_model *m, const struct verb_parts *v, uint32_t resp)
{
	struct model_node *n = model_node(m, v->nid);
	enum model_reg reg;
	struct model_dev *dev;

	if (!n)
		return false;
	switch (v->id) {
	case 0xf00:
		return learn_param(m, n, (uint8_t)v->payload, resp);
	case 0xf02:
		n->learn.conn[v->payload / 2 % 64] = resp;
		n->learn.conn_seen |= 1ull << (v->payload / 2 % 64);
		return expand(n);
	case 0xf36:
		return learn_devices(n, v->payload, resp);
	case 0xb00:
		return learn_amp(n, v->payload, resp);
	case 0xc00:
		return learn_coef(n, resp);
	case 0xd00:
		learn_coef_index(n, resp);
		return true;
	default:
		break;
	}
	reg = model_reg_of_get(v->id);
	dev = model_current_dev(n);
	if (reg == MREG_CONNECT_SEL && dev)
		reg_set(&dev->select, resp);
	if (reg != MREG_COUNT) {
		reg_set(&n->reg[reg], resp);
		return true;
	}
	/*
	 * The infoframe's data port increases its index by itself, so the answer's place is
	 * unknown.
	 */
	if (v->id < 0xf00 || v->id == 0xf31)
		return true;
	/* The table is bounded; when it is full, further answers are ignored. */
	model_extra_set(n, MODEL_EXTRA_KEY(dev ? n->reg[MREG_DEV_SEL].val : 0, v->id, v->payload),
			resp);
	return true;
}

struct err *codec_learn(struct codec_model *m, const struct xact *x)
{
	struct verb_parts v = verb_split(x->verb);
	bool exact = x->certainty == CERT_EXACT;

	if (x->kind == XACT_RESET) {
		model_reset(m, m->afg);
		model_reset(m, m->mfg);
		return NULL;
	}
	if ((x->kind != XACT_CORB && x->kind != XACT_IMMEDIATE) || !x->has_verb ||
	    (!exact && x->certainty != CERT_UNANSWERED))
		return NULL;
	m->cad = v.cad;
	m->has_cad = true;
	if (model_is_vendors(m, &v))
		return NULL;
	if (model_is_set(&v))
		return model_apply(m, &v) ? NULL : err_nomem();
	if (!exact || !x->has_resp)
		return NULL;
	return learn_get(m, &v, x->resp) ? NULL : err_nomem();
}

struct learner {
	struct codec_model *m[EVENT_MAX_CTRL][16];
};

struct err *learner_create(struct learner **out)
{
	*out = calloc(1, sizeof(**out));
	return *out ? NULL : err_nomem();
}

void learner_destroy(struct learner *l)
{
	for (unsigned int i = 0; l && i < EVENT_MAX_CTRL; i++)
		for (unsigned int k = 0; k < 16; k++)
			model_destroy(l->m[i][k]);
	free(l);
}

struct err *learner_put(struct learner *l, const struct xact *x)
{
	struct err *e = NULL;

	if (x->ctrl >= EVENT_MAX_CTRL)
		return NULL;
	if (x->kind == XACT_RESET) {
		for (unsigned int k = 0; k < 16 && !e; k++)
			if (l->m[x->ctrl][k])
				e = codec_learn(l->m[x->ctrl][k], x);
		return e;
	}
	if (x->cad > 15 || !x->has_verb || !xact_is_verb(x))
		return NULL;
	if (!l->m[x->ctrl][x->cad])
		e = model_create(MODEL_FROM_TRAFFIC, &l->m[x->ctrl][x->cad]);
	return e ? e : codec_learn(l->m[x->ctrl][x->cad], x);
}

struct err *learner_finish(struct learner *l, struct model_list *out)
{
	for (unsigned int i = 0; i < EVENT_MAX_CTRL; i++) {
		for (unsigned int k = 0; k < 16; k++) {
			struct codec_model *m = l->m[i][k], *made;

			if (!m || !m->has_cad)
				continue;
			made = model_list_add(out, MODEL_FROM_TRAFFIC);
			if (!made)
				return err_nomem();
			model_destroy(made);
			out->v[out->n - 1] = m;
			l->m[i][k] = NULL;
		}
	}
	return NULL;
}
