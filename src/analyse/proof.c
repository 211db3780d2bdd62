// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/proof.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/proof_int.h"
#include "base/err.h"
#include "codec/effect/coef_port.h"
#include "model/model_verb.h"

struct err *proof_add(struct proof_list *l, const struct proof_verb *v)
{
	buf_add(&l->verbs, v, sizeof(*v));
	return buf_err(&l->verbs);
}

/* Stores the first difference only: usually it causes the others. */
static void differs(struct proof *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void differs(struct proof *p, const char *fmt, ...)
{
	va_list ap;

	if (!p->same)
		return;
	p->same = false;
	va_start(ap, fmt);
	vsnprintf(p->difference, sizeof(p->difference), fmt, ap);
	va_end(ap);
}

/* --- writes outside and commands ------------------------------------------------------- */

static void describe(const struct op *o, char text[96])
{
	static const char *const names[OP_KINDS] = {
		[OP_VERB] = "verb", [OP_COEF] = "coef", [OP_FRAME] = "infoframe's byte",
		[OP_TOLD] = "verb", [OP_COMMAND] = "command to coef", [OP_RESET] = "reset",
		[OP_AMP] = "amplifier transaction", [OP_I2C] = "I2C write", [OP_GPIO] = "GPIO change",
		[OP_CHIP] = "write through a window",
	};
	unsigned int n = (unsigned int)o->b;

	switch (o->kind) {
	case OP_AMP:
		snprintf(text, 96, "%s to %02x, register %04x, command %04x", names[o->kind],
			 (unsigned int)(o->a >> 34 & 0xffff), (unsigned int)(o->a & 0xffff), n & 0xffff);
		break;
	case OP_COEF:
	case OP_COMMAND:
		snprintf(text, 96, "%s %02x[%02x] = %04x", names[o->kind], (unsigned int)(o->a >> 32),
			 (unsigned int)(o->a >> 16 & 0xffff), (unsigned int)(o->a & 0xffff));
		break;
	case OP_FRAME:
		snprintf(text, 96, "%s %u of NID %02x", names[o->kind], (unsigned int)(o->a >> 16 & 0xffff),
			 (unsigned int)(o->a >> 32));
		break;
	default:
		snprintf(text, 96, "%s %08" PRIx64, names[o->kind], o->a);
		break;
	}
}

static bool is_same_op(const struct op *a, const struct op *b)
{
	return a->kind == b->kind && a->a == b->a && a->b == b->b;
}

static const struct op *next_told(const struct proof_run *r, size_t *at)
{
	while (*at < r->n && !op_is_told(&r->op[*at]))
		++*at;
	return *at < r->n ? &r->op[(*at)++] : NULL;
}

static bool is_same_place(const struct op *a, const struct op *b)
{
	return is_same_op(a, b) && a->group_power == b->group_power && a->node_power == b->node_power;
}

static void count(const struct op *o, struct proof *p)
{
	p->transfers += o->kind == OP_AMP;
	p->changes += o->kind == OP_GPIO;
	p->others += o->kind != OP_AMP && o->kind != OP_GPIO;
}

/* The next op of @r from *@at on that is equal to @o and, if @place, in the same power state. */
static bool find_told(const struct proof_run *r, size_t *at, const struct op *o, bool place)
{
	const struct op *x;
	size_t i = *at;

	while ((x = next_told(r, &i))) {
		if (place ? !is_same_place(x, o) : !is_same_op(x, o))
			continue;
		*at = i;
		return true;
	}
	return false;
}

/*
 * Checks that the shorter list has each op of the longer list that counts, in its order,
 * except those that may be left out.
 */
static void check_kept(const struct proof_run *before, const struct proof_run *after, struct proof *p)
{
	size_t i = 0, j = 0;
	const struct op *o;
	char text[96];

	while ((o = next_told(before, &i))) {
		if (o->may_go) {
			p->questions += o->kind == OP_AMP;
			continue;
		}
		if (find_told(after, &j, o, true))
			continue;
		describe(o, text);
		if (find_told(after, &j, o, false))
			differs(p, "the %s of verb %u is done in another state of power", text, o->verb);
		else
			differs(p, "the %s of verb %u is missing or at another place", text, o->verb);
		return;
	}
}

/* Checks that the longer list has each op of the shorter one. */
static void check_told(const struct proof_run *before, const struct proof_run *after, struct proof *p)
{
	size_t i = 0, j = 0;
	const struct op *o;
	char text[96];

	while ((o = next_told(after, &j))) {
		count(o, p);
		if (find_told(before, &i, o, true))
			continue;
		describe(o, text);
		differs(p, "the %s of verb %u of the result is not in the input, or not in this order", text,
			o->verb);
		return;
	}
}

/* Checks that the ops of the shorter list are in the longer one, in the same order. */
static void check_order(const struct proof_run *before, const struct proof_run *after, struct proof *p)
{
	size_t i = 0;
	char text[96];

	for (size_t j = 0; j < after->n; j++) {
		const struct op *o = &after->op[j];

		while (i < before->n && !is_same_op(&before->op[i], o))
			i++;
		if (i == before->n) {
			describe(o, text);
			differs(p, "the %s of verb %u of the result is not in the input, or not in this order",
				text, o->verb);
			return;
		}
		i++;
	}
}

/* --- the state at the end --------------------------------------------------------------- */

static void differs_at(struct proof *p, const struct step_codec *c, unsigned int nid,
		       const char *what, unsigned int addr, uint32_t a, uint32_t b)
{
	differs(p, "%s %02x of NID %02x of codec %u is left as %x, in the input as %x", what, addr, nid,
		c->cad, b, a);
}

/* A list cannot contain the controller's reset, so power and the like may differ: see proof.h. */
static bool is_forgiven(const struct proof_run *before, bool known_before)
{
	return before->link_reset && !known_before;
}

static const char *name_of(reg_key key)
{
	return reg_key_space(key) == SPACE_COEF ? "coef" : "register";
}

/*
 * A value written while the node was awake must not be written asleep, or be lost in a sleep
 * after it.
 */
static void check_given(const struct proof_run *before, const struct proof_run *after,
			const struct regmap_entry *a, const struct regmap_entry *b, struct proof *p)
{
	bool is_context = reg_key_space(a->key) == SPACE_VERB &&
			  ((uint32_t)a->key == 0x705 || (uint32_t)a->key == 0x735);
	/* a transaction sets up the port's coefficients again where it needs them */
	bool is_port = reg_key_space(a->key) == SPACE_COEF && reg_key_nid(a->key) == PORT_NID &&
		       before->generation &&
		       port_role_of(&realtek_ports[before->generation - 1], (uint32_t)a->key) != ROLE_NONE;

	if (is_context || is_port || (a->epoch == b->epoch && (b->at > after->slept || a->at < before->slept)))
		return;
	differs(p, "%s %02x of NID %02x of codec %u is written in another state of power",
		name_of(a->key), (uint32_t)a->key, reg_key_nid(a->key), before->codec->cad);
}

static void check_map(const struct proof_run *before, const struct proof_run *after, struct proof *p)
{
	for (unsigned int side = 0; side < 2; side++) {
		const struct regmap *m = side ? &after->map : &before->map;

		for (size_t i = 0; i < m->cap; i++) {
			const struct regmap_entry *e = &m->v[i], *x, *a, *b;

			if (!e->used || !e->mask)
				continue;
			x = regmap_find(side ? &before->map : &after->map, 0, e->key);
			a = side ? x : e;
			b = side ? e : x;
			p->registers += !side;
			if (is_forgiven(before, a && a->mask))
				continue;
			if (!a || !b || a->mask != b->mask || a->value != b->value)
				differs_at(p, before->codec, reg_key_nid(e->key), name_of(e->key),
					   (uint32_t)e->key, a && a->mask ? a->value : UINT32_MAX,
					   b && b->mask ? b->value : UINT32_MAX);
			else
				check_given(before, after, a, b, p);
		}
	}
}

static bool same_reg(const struct proof_run *before, const struct reg *a, const struct reg *b)
{
	uint32_t known = before->link_reset ? a->known : UINT32_MAX;

	return ((a->known ^ b->known) & known) == 0 && ((a->val ^ b->val) & known) == 0;
}

static void check_amps(const struct proof_run *before, const struct model_amps *a,
		       const struct model_amps *b, unsigned int nid, struct proof *p)
{
	static const struct model_amp none;

	for (unsigned int i = 0; i < a->n || i < b->n; i++) {
		const struct model_amp *x = i < a->n ? &a->v[i] : &none, *y = i < b->n ? &b->v[i] : &none;

		if (!same_reg(before, &x->left, &y->left) || !same_reg(before, &x->right, &y->right))
			differs_at(p, before->codec, nid, "amplifier", i, x->left.val << 8 | x->right.val,
				   y->left.val << 8 | y->right.val);
	}
}

static void check_coefs(const struct proof_run *before, const struct model_node *a,
			const struct model_node *b, struct proof *p)
{
	for (uint32_t i = 0; i < a->ncoefs; i++) {
		const struct model_value *c = model_coef(b, a->coefs[i].key);

		if (!c || c->val != a->coefs[i].val)
			differs_at(p, before->codec, a->nid, "coef", a->coefs[i].key, a->coefs[i].val,
				   c ? c->val : UINT32_MAX);
	}
	if (b->ncoefs > a->ncoefs && !before->link_reset)
		differs(p, "more coefs of NID %02x of codec %u are written than in the input", a->nid,
			before->codec->cad);
}

/* Compares the codec models, which have their own rules of what verbs do. */
static void check_model(const struct proof_run *before, const struct proof_run *after, struct proof *p)
{
	static const struct model_node none;

	for (unsigned int i = 0; i < MODEL_NODES; i++) {
		const struct model_node *a = before->model->node[i], *b = after->model->node[i];

		if (!a && !b)
			continue;
		a = a ? a : &none;
		b = b ? b : &none;
		for (unsigned int r = 0; r < MREG_COUNT; r++)
			/*
			 * With device entries each entry has its own registers, and the known
			 * bits of GPIO data depend on when the direction was set: check_map()
			 * covers both.
			 */
			if (r != MREG_GPIO_DATA && !a->ndevs && !b->ndevs && !same_reg(before, &a->reg[r], &b->reg[r]))
				differs_at(p, before->codec, i, model_reg_name((enum model_reg)r), 0,
					   a->reg[r].val, b->reg[r].val);
		check_amps(before, &a->in, &b->in, i, p);
		check_amps(before, &a->out, &b->out, i, p);
		check_coefs(before, a, b, p);
	}
}

/* --- all ---------------------------------------------------------------------------------- */

static struct err *check_codec(const struct proof_list *before, const struct proof_list *after,
			       const struct step_codec *c, struct proof *p)
{
	struct proof_run a = { .codec = c }, b = { .codec = c };
	struct err *e = NULL;

	/* if a whole transaction was seen, or at least its command */
	a.generation = c->port;
	if (!a.generation)
		e = proof_generation(before, c, &a.generation);
	b.generation = a.generation;
	if (!e)
		e = proof_run(before, &a);
	if (!e)
		e = proof_run(after, &b);
	if (!e) {
		check_kept(&a, &b, p);
		check_told(&a, &b, p);
		check_order(&a, &b, p);
		check_map(&a, &b, p);
		check_model(&a, &b, p);
	}
	proof_run_deinit(&a);
	proof_run_deinit(&b);
	return e;
}

struct err *proof_check(const struct proof_list *before, const struct proof_list *after,
			struct step_codec *const *codecs, size_t n, struct proof *out)
{
	struct err *e = NULL;

	*out = (struct proof){ .same = true };
	for (size_t i = 0; !e && i < n; i++)
		e = check_codec(before, after, codecs[i], out);
	return e;
}
