// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/answer.h"

#include "base/bits.h"
#include "model/model_verb.h"

static bool from_reg(const struct reg *r, uint32_t *resp)
{
	*resp = r->val;
	return r->known != 0;
}

/* First NID and number of the nodes of a kind, in the form of parameter NODE_COUNT. */
static uint32_t node_count(const struct codec_model *m, enum node_kind kind)
{
	unsigned int first = 0, last = 0;

	for (unsigned int i = 1; i < MODEL_NODES; i++) {
		if (!m->node[i] || m->node[i]->kind != kind)
			continue;
		first = first ? first : i;
		last = i;
	}
	return first ? first << 16 | (last - first + 1) : 0;
}

static bool long_form(const struct model_conns *c)
{
	for (unsigned int i = 0; i < c->n; i++)
		if (c->nid[i] > 0x7f)
			return true;
	return false;
}

static const struct model_conns *conns_of(struct model_node *n)
{
	const struct model_dev *dev = model_current_dev(n);

	return dev && dev->conns.known ? &dev->conns : &n->conns;
}

/*
 * Fails for a list that the length field cannot express: it has seven bits, and we make no
 * ranges.
 */
static bool conn_len(struct model_node *n, uint32_t *resp)
{
	const struct model_conns *c = conns_of(n);

	if (!c->known || c->len != c->n || c->n > 0x7f)
		return false;
	*resp = c->n | (long_form(c) ? 0x80 : 0);
	return true;
}

static bool conn_list(struct model_node *n, unsigned int first, uint32_t *resp)
{
	const struct model_conns *c = conns_of(n);
	bool lng = long_form(c);

	if (!c->known)
		return false;
	*resp = 0;
	for (unsigned int i = 0; i < (lng ? 2u : 4u) && first + i < c->n; i++)
		*resp |= (uint32_t)c->nid[first + i] << i * (lng ? 16 : 8);
	return true;
}

static bool amp_caps(const struct reg *r, uint32_t *resp)
{
	*resp = r->val;
	/*
	 * A text prints four zeros if the answer was not zero (zero is "N/A"), so a bit
	 * without a name was set: answer with such a bit.
	 */
	if (r->known == AMP_CAP_MASK && r->val == 0)
		*resp = 0x80;
	return r->known != 0;
}

static bool get_param(struct codec_model *m, struct model_node *n, unsigned int param,
		      uint32_t *resp)
{
	const struct model_value *x = model_extra(n, MODEL_EXTRA_KEY(0, 0xf00, param));

	if (param >= PARAM_COUNT) {
		*resp = x ? x->val : 0;
		return x != NULL;
	}
	if (param == PARAM_AMP_IN_CAP || param == PARAM_AMP_OUT_CAP)
		return amp_caps(&n->param[param], resp);
	if (param == PARAM_FUNCTION_TYPE && n->kind == NODE_GROUP) {
		/* A text may not show the type, or (before 2.6.34) not all of it. */
		*resp = n->param[param].val | (n->nid == m->afg ? 1 : 2);
		return true;
	}
	if (from_reg(&n->param[param], resp))
		return true;
	switch (param) {
	case PARAM_SUBSYSTEM_ID:
		/* 0 makes the kernel read verb F20 of the function group. */
		return n->kind == NODE_ROOT && m->subsystem.known;
	case PARAM_NODE_COUNT:
		if (n->kind == NODE_ROOT)
			*resp = node_count(m, NODE_GROUP);
		else if (n->nid == m->afg && !m->bad_afg)
			*resp = node_count(m, NODE_WIDGET);
		return n->kind == NODE_ROOT || n->kind == NODE_GROUP;
	case PARAM_CONNLIST_LEN:
		return conn_len(n, resp);
	case PARAM_DEVLIST_LEN:
		*resp = n->ndevs ? n->ndevs - 1u : 0;
		return n->devs_known;
	default:
		return false;
	}
}

static bool get_devices(const struct model_node *n, unsigned int first, uint32_t *resp)
{
	for (unsigned int i = 0; i < 8 && first + i < n->ndevs; i++)
		*resp |= (n->devs[first + i].bits.val & 0xf) << i * 4;
	return n->devs_known;
}

static bool get_amp(const struct model_node *n, uint16_t payload, uint32_t *resp)
{
	const struct model_amps *a = bit(payload, 15) ? &n->out : &n->in;
	unsigned int index = payload & 0xff;

	if (index >= a->n)
		return false;
	return from_reg(bit(payload, 13) ? &a->v[index].left : &a->v[index].right, resp);
}

static bool get_coef(struct model_node *n, uint32_t *resp)
{
	struct model_learn *l = &n->learn;
	const struct model_value *c;

	/* The value from an old kernel's hook, at an index that the text does not show. */
	if (!l->coef_index_known)
		return from_reg(&n->hook_coef, resp);
	c = model_coef(n, l->coef_index);
	if (!l->coef_no_read_inc)
		l->coef_index++;
	*resp = c ? c->val : 0;
	return c != NULL;
}

static bool get_coef_index(const struct model_node *n, uint32_t *resp)
{
	if (!n->learn.coef_index_known)
		return from_reg(&n->hook_index, resp);
	*resp = n->learn.coef_index;
	return true;
}

static bool get_reg(struct codec_model *m, struct model_node *n, enum model_reg reg, uint32_t *resp)
{
	const struct model_dev *dev = model_current_dev(n);
	const struct reg *r = &n->reg[reg];

	if (reg == MREG_CONNECT_SEL && dev && dev->select.known)
		return from_reg(&dev->select, resp);
	/* The model reaches a new power state at once. */
	if (reg == MREG_POWER && r->known == 0xf) {
		*resp = r->val | r->val << 4;
		return true;
	}
	if (reg == MREG_SUBSYSTEM && !r->known && n->kind == NODE_GROUP)
		return from_reg(&m->subsystem, resp);
	return from_reg(r, resp);
}

bool codec_answer(struct codec_model *m, uint32_t verb, uint32_t *resp)
{
	struct verb_parts v = verb_split(verb);
	struct model_node *n = model_find(m, v.nid);
	const struct model_value *x;
	enum model_reg reg;

	*resp = 0;
	if (!n)
		return false;
	if (model_is_set(&v))
		return model_apply(m, &v);
	switch (v.id) {
	case 0xf00:
		return get_param(m, n, v.payload, resp);
	case 0xf02:
		return conn_list(n, v.payload, resp);
	case 0xf36:
		return get_devices(n, v.payload, resp);
	case 0xb00:
		return get_amp(n, v.payload, resp);
	case 0xc00:
		return get_coef(n, resp);
	case 0xd00:
		return get_coef_index(n, resp);
	default:
		break;
	}
	reg = model_reg_of_get(v.id);
	if (reg != MREG_COUNT)
		return get_reg(m, n, reg, resp);
	x = model_extra(n, MODEL_EXTRA_KEY(model_current_dev(n) ? n->reg[MREG_DEV_SEL].val : 0,
					   v.id, v.payload));
	*resp = x ? x->val : 0;
	return x != NULL;
}
