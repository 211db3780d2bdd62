// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/vec.h"

/* Whether a function-group reset clears it. */
static const bool is_reset[MREG_COUNT] = {
#define MODEL_REG(id, name, get, reset) [MREG_##id] = reset,
#define MODEL_SET(set, id, mask, shift)
#include "model/model_regs.def"
#undef MODEL_REG
#undef MODEL_SET
};

struct err *model_create(enum model_origin origin, struct codec_model **out)
{
	struct codec_model *m = calloc(1, sizeof(*m));

	if (!m)
		return err_nomem();
	m->origin = origin;
	*out = m;
	return NULL;
}

static void node_destroy(struct model_node *n)
{
	if (!n)
		return;
	for (uint32_t i = 0; i < n->ncontrols; i++)
		free(n->controls[i].name);
	for (uint32_t i = 0; i < n->npcms; i++) {
		free(n->pcms[i].name);
		free(n->pcms[i].type);
	}
	for (unsigned int i = 0; i < n->ndevs; i++)
		model_conns_clear(&n->devs[i].conns);
	model_conns_clear(&n->conns);
	model_conns_clear(&n->driver_conns);
	free(n->in.v);
	free(n->out.v);
	free(n->devs);
	free(n->coefs);
	free(n->extras);
	free(n->controls);
	free(n->pcms);
	free(n);
}

void model_destroy(struct codec_model *m)
{
	if (!m)
		return;
	for (unsigned int i = 0; i < MODEL_NODES; i++)
		node_destroy(m->node[i]);
	free(m->name);
	free(m);
}

struct model_node *model_node(struct codec_model *m, uint8_t nid)
{
	struct model_node *n = m->node[nid];

	if (n)
		return n;
	n = calloc(1, sizeof(*n));
	if (!n)
		return NULL;
	n->nid = nid;
	n->kind = nid == 0 ? NODE_ROOT : NODE_UNKNOWN;
	n->in.shown = n->out.shown = -1;
	m->node[nid] = n;
	return n;
}

/* A free NID, @wish if possible; 0 = all are in use. */
static uint8_t free_nid(const struct codec_model *m, uint8_t wish)
{
	if (!m->node[wish])
		return wish;
	for (unsigned int i = MODEL_NODES - 1; i > 0; i--)
		if (!m->node[i])
			return (uint8_t)i;
	return 0;
}

static struct model_node *put_group(struct codec_model *m, uint8_t *which, uint8_t nid)
{
	struct model_node *n;

	if (nid == 0)
		return NULL;
	if (*which) {
		n = m->node[*which];
		m->node[*which] = NULL;
		m->node[nid] = n;
		n->nid = nid;
	} else {
		n = model_node(m, nid);
		if (!n)
			return NULL;
		n->kind = NODE_GROUP;
	}
	*which = nid;
	return n;
}

struct model_node *model_afg(struct codec_model *m)
{
	return m->afg ? m->node[m->afg] : put_group(m, &m->afg, free_nid(m, 1));
}

struct model_node *model_mfg(struct codec_model *m)
{
	return m->mfg ? m->node[m->mfg] : put_group(m, &m->mfg, free_nid(m, m->afg == 1 ? 2 : 1));
}

bool model_make_room(struct codec_model *m, uint8_t nid)
{
	if (!m->node[nid] || m->node[nid]->kind != NODE_GROUP)
		return true;
	if (nid == m->afg && !m->afg_told)
		return put_group(m, &m->afg, free_nid(m, 2)) != NULL;
	if (nid == m->mfg && !m->mfg_told)
		return put_group(m, &m->mfg, free_nid(m, 2)) != NULL;
	return false;
}

struct model_node *model_name_group(struct codec_model *m, bool modem, uint8_t nid)
{
	uint8_t *mine = modem ? &m->mfg : &m->afg;
	bool *told = modem ? &m->mfg_told : &m->afg_told;

	if (nid == 0)
		return NULL;
	if (*mine != nid) {
		if (!model_make_room(m, nid) || m->node[nid] || (*mine && *told))
			return NULL;
		if (!put_group(m, mine, nid))
			return NULL;
	}
	*told = true;
	return m->node[nid];
}

uint32_t model_vendor_id(const struct codec_model *m)
{
	return m->node[0] ? m->node[0]->param[PARAM_VENDOR_ID].val : 0;
}

struct reg model_subsystem(const struct codec_model *m)
{
	const struct model_node *group = model_find(m, m->afg ? m->afg : m->mfg);
	struct reg r = { 0, 0 };

	if (m->subsystem.known)
		return m->subsystem;
	if (m->node[0])
		r = m->node[0]->param[PARAM_SUBSYSTEM_ID];
	if ((!r.known || r.val == 0 || r.val == UINT32_MAX) && group && group->nid &&
	    group->reg[MREG_SUBSYSTEM].known)
		r = group->reg[MREG_SUBSYSTEM];
	return r;
}

bool model_has_tree(const struct codec_model *m)
{
	for (unsigned int i = 1; i < MODEL_NODES; i++)
		if (m->node[i] && m->node[i]->param[PARAM_WIDGET_CAP].known)
			return true;
	return false;
}

int model_type(const struct model_node *n)
{
	/* as the kernel: caps of 0 are no answer, and not an output's */
	if (!reg_has(&n->param[PARAM_WIDGET_CAP], 0x00f00000) || !n->param[PARAM_WIDGET_CAP].val)
		return -1;
	return (int)bits(n->param[PARAM_WIDGET_CAP].val, 23, 20);
}

unsigned int model_channels(const struct model_node *n)
{
	uint32_t caps = model_wcaps(n);

	return (unsigned int)(bits(caps, 15, 13) << 1 | bit(caps, 0)) + 1;
}

bool model_mixes_down(const struct codec_model *m, const struct model_node *n)
{
	const struct model_node *source;

	if ((model_wcaps(n) & WCAP_STEREO) || model_type(n) != WIDGET_MIXER || n->conns.n != 1)
		return false;
	source = model_find(m, n->conns.nid[0]);
	return source && (model_wcaps(source) & WCAP_STEREO);
}

struct reg model_amp_caps(const struct codec_model *m, const struct model_node *n, bool out)
{
	enum model_param p = out ? PARAM_AMP_OUT_CAP : PARAM_AMP_IN_CAP;
	const struct model_node *afg = model_find(m, m->afg);

	if (reg_has(&n->param[PARAM_WIDGET_CAP], WCAP_AMP_OVERRIDE) &&
	    !(model_wcaps(n) & WCAP_AMP_OVERRIDE) && afg && afg->kind == NODE_GROUP)
		return afg->param[p];
	return n->param[p];
}

struct model_amp *model_amp(struct model_amps *a, unsigned int index)
{
	if (index >= MODEL_MAX_AMPS)
		return NULL;
	while (a->n <= index) {
		if (!vec_more(a->v, a->n))
			return NULL;
		a->v[a->n++] = (struct model_amp){ 0 };
	}
	return &a->v[index];
}

bool model_conns_add(struct model_conns *c, uint16_t nid)
{
	if (c->n >= MODEL_MAX_CONNS || !vec_more(c->nid, c->n))
		return false;
	c->nid[c->n++] = nid;
	return true;
}

void model_conns_clear(struct model_conns *c)
{
	free(c->nid);
	*c = (struct model_conns){ 0 };
}

struct model_dev *model_dev(struct model_node *n, unsigned int index)
{
	if (index >= MODEL_MAX_DEVS)
		return NULL;
	while (n->ndevs <= index) {
		if (!vec_more(n->devs, n->ndevs))
			return NULL;
		n->devs[n->ndevs++] = (struct model_dev){ 0 };
	}
	return &n->devs[index];
}

/* --- coefficients and extras: lists by their key ----------------------------------- */

/* The index of the first value whose key is not less than @key. */
static uint32_t value_place(const struct model_value *v, uint32_t n, uint32_t key)
{
	uint32_t lo = 0, hi = n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (v[mid].key < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool value_set(struct model_value **v, uint32_t *n, uint32_t max, struct model_value value)
{
	uint32_t i = value_place(*v, *n, value.key);

	if (i >= *n || (*v)[i].key != value.key) {
		if (*n >= max || !vec_more(*v, *n))
			return false;
		memmove(*v + i + 1, *v + i, (*n - i) * sizeof(**v));
		++*n;
	}
	(*v)[i] = value;
	return true;
}

static const struct model_value *value_find(const struct model_value *v, uint32_t n, uint32_t key)
{
	uint32_t i = value_place(v, n, key);

	return i < n && v[i].key == key ? &v[i] : NULL;
}

bool model_coef_set(struct model_node *n, uint16_t index, uint32_t val)
{
	return value_set(&n->coefs, &n->ncoefs, MODEL_MAX_COEFS, (struct model_value){ index, val });
}

const struct model_value *model_coef(const struct model_node *n, uint16_t index)
{
	return value_find(n->coefs, n->ncoefs, index);
}

bool model_extra_set(struct model_node *n, uint32_t key, uint32_t val)
{
	return value_set(&n->extras, &n->nextras, MODEL_MAX_EXTRAS, (struct model_value){ key, val });
}

const struct model_value *model_extra(const struct model_node *n, uint32_t key)
{
	return value_find(n->extras, n->nextras, key);
}

struct model_control *model_control_add(struct model_node *n, const char *name, size_t len)
{
	char *copy = n->ncontrols < MODEL_MAX_ITEMS ? strndup(name, len) : NULL;

	if (!copy || !vec_more(n->controls, n->ncontrols)) {
		free(copy);
		return NULL;
	}
	n->controls[n->ncontrols] = (struct model_control){ .name = copy };
	return &n->controls[n->ncontrols++];
}

struct model_pcm *model_pcm_add(struct model_node *n, const char *name, size_t len,
				const char *type, size_t type_len)
{
	char *copy = strndup(name, len), *type_copy = strndup(type, type_len);

	if (!copy || !type_copy || n->npcms >= MODEL_MAX_ITEMS || !vec_more(n->pcms, n->npcms)) {
		free(copy);
		free(type_copy);
		return NULL;
	}
	n->pcms[n->npcms] = (struct model_pcm){ .name = copy, .type = type_copy };
	return &n->pcms[n->npcms++];
}

bool model_set_name(struct codec_model *m, const char *name, size_t len)
{
	char *copy = strndup(name, len);

	if (!copy)
		return false;
	free(m->name);
	m->name = copy;
	return true;
}

static void node_reset(struct model_node *n)
{
	for (unsigned int i = 0; i < MREG_COUNT; i++)
		if (is_reset[i])
			n->reg[i] = (struct reg){ 0 };
	n->in.n = n->out.n = 0;
	n->ncoefs = 0;
	n->coefs_shown = false;
	n->nextras = 0;
	n->learn.coef_index_known = false;
}

void model_reset(struct codec_model *m, uint8_t group)
{
	struct model_node *g = model_find(m, group);

	if (!g)
		return;
	node_reset(g);
	/* Widgets belong to the audio group; the model has no widgets of a modem group. */
	if (group != m->afg)
		return;
	for (unsigned int i = 0; i < MODEL_NODES; i++)
		if (m->node[i] && m->node[i]->kind == NODE_WIDGET)
			node_reset(m->node[i]);
}
