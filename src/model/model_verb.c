// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/model_verb.h"

#include "base/bits.h"
#include "codec/vendor/vendor.h"

static const struct {
	const char *name;
	uint16_t get;
} regs[MREG_COUNT] = {
#define MODEL_REG(id, name_, get_, reset) [MREG_##id] = { name_, get_ },
#define MODEL_SET(set, id, mask, shift)
#include "model/model_regs.def"
#undef MODEL_REG
#undef MODEL_SET
};

const struct model_set model_sets[] = {
#define MODEL_REG(id, name, get, reset)
#define MODEL_SET(set_, id, mask_, shift_) { set_, mask_, shift_, MREG_##id },
#include "model/model_regs.def"
#undef MODEL_REG
#undef MODEL_SET
};

const unsigned int model_set_count = ARRAY_SIZE(model_sets);

enum model_reg model_reg_of_get(uint16_t id)
{
	for (unsigned int i = 0; i < MREG_COUNT; i++)
		if (regs[i].get == id)
			return (enum model_reg)i;
	return MREG_COUNT;
}

const char *model_reg_name(enum model_reg reg)
{
	return reg < MREG_COUNT ? regs[reg].name : "unknown";
}

uint16_t model_reg_get(enum model_reg reg)
{
	return reg < MREG_COUNT ? regs[reg].get : 0;
}

static const struct model_set *find_set(uint16_t id)
{
	for (unsigned int i = 0; i < model_set_count; i++)
		if (model_sets[i].set == id)
			return &model_sets[i];
	return NULL;
}

bool model_is_set(const struct verb_parts *v)
{
	return v->id == 0x300 || v->id == 0x400 || v->id == 0x500 || v->id == 0x7ff ||
	       find_set(v->id);
}

bool model_is_vendors(const struct codec_model *m, const struct verb_parts *v)
{
	const struct vendor *vendor = vendor_find(model_vendor_id(m));

	for (unsigned int i = 0; vendor && i < vendor->nnodes; i++) {
		const struct vendor_node *n = &vendor->node[i];

		if (v->nid < n->nid_first || v->nid > n->nid_last ||
		    (n->has && !n->has(model_vendor_id(m))))
			continue;
		if (n->only)
			return v->id != 0xf00;
		for (const struct verb_row *r = n->row; r < n->row + n->n; r++)
			/* a vendor's get without a set in the table changes nothing in the model */
			if (v->id >= r->set && v->id < r->set + r->nset)
				return true;
	}
	return false;
}

struct model_dev *model_current_dev(struct model_node *n)
{
	const struct reg *sel = &n->reg[MREG_DEV_SEL];

	/* before the first selection entry 0 is selected */
	return sel->val < n->ndevs ? &n->devs[sel->val] : NULL;
}

/* Payload of 3xx: selects amplifiers, channels and index, and sets mute and gain. */
static bool set_amp(struct codec_model *m, struct model_node *n, uint16_t payload)
{
	unsigned int index = (unsigned int)bits(payload, 11, 8);

	for (unsigned int out = 0; out < 2; out++) {
		struct reg caps = model_amp_caps(m, n, out);
		uint32_t val = payload & 0xff;
		struct model_amp *a;

		if (!bit(payload, out ? 15 : 14))
			continue;
		/* If the caps show no mute, the hardware has no mute bit. */
		if (reg_has(&caps, 1u << 31) && !bit(caps.val, 31))
			val &= 0x7f;
		a = model_amp(out ? &n->out : &n->in, index);
		if (!a)
			return false;
		if (bit(payload, 13))
			reg_put(&a->left, 0xff, val);
		if (bit(payload, 12))
			reg_put(&a->right, 0xff, val);
	}
	return true;
}

static bool set_coef(struct model_node *n, uint16_t payload)
{
	struct model_learn *l = &n->learn;

	if (!l->coef_index_known)
		return true;
	if (!model_coef_set(n, l->coef_index, payload))
		return false;
	l->coef_writes++;
	if (!l->coef_no_write_inc)
		l->coef_index++;
	return true;
}

static void set_reg(struct model_node *n, const struct model_set *row, uint16_t payload)
{
	uint32_t mask = (uint32_t)row->mask << row->shift;
	uint32_t val = (uint32_t)(payload & row->mask) << row->shift;
	struct reg *r = &n->reg[row->reg];
	const struct reg *dir = &n->reg[MREG_GPIO_DIR];

	switch (row->reg) {
	case MREG_GPIO_DATA:
		/*
		 * A GPIO that is an input, or may be one, shows the level outside, not what
		 * was written.
		 */
		reg_forget(r, mask & ~dir->known);
		mask &= dir->val;
		break;
	case MREG_POWER:
		/* The codec decides when it reaches the state and which flags it sets. */
		reg_forget(r, 0x7f0);
		break;
	case MREG_CONNECT_SEL:
		if (model_current_dev(n))
			reg_put(&model_current_dev(n)->select, mask, val);
		break;
	default:
		break;
	}
	reg_put(r, mask, val);
}

bool model_apply(struct codec_model *m, const struct verb_parts *v)
{
	const struct model_set *row = find_set(v->id);
	struct model_node *n;

	if (v->id == 0x7ff) {
		model_reset(m, v->nid);
		return true;
	}
	n = model_node(m, v->nid);
	if (!n)
		return false;
	switch (v->id) {
	case 0x300:
		return set_amp(m, n, v->payload);
	case 0x400:
		return set_coef(n, v->payload);
	case 0x500:
		n->learn.coef_index = n->learn.coef_base = v->payload;
		n->learn.coef_index_known = true;
		n->learn.coef_reads = n->learn.coef_writes = 0;
		return true;
	default:
		if (row)
			set_reg(n, row, v->payload);
		return true;
	}
}
