// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/reduce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/steps/regmap.h"
#include "base/bits.h"
#include "base/err.h"
#include "codec/effect/coef_port.h"

/* Each round may make another atom redundant; more than a few are never needed. */
#define ROUNDS_MAX 1000

static const struct {
	const char *name, *text;
	bool stays;
} fates[FATES] = {
#define FATE(id, nm, st, tx) [FATE_##id] = { .name = nm, .text = tx, .stays = st },
#include "analyse/decisions.def"
#undef FATE
};

bool fate_stays(enum atom_fate f)
{
	return f < FATES && fates[f].stays;
}

const char *fate_name(enum atom_fate f)
{
	return f < FATES ? fates[f].name : "unknown";
}

const char *fate_text(enum atom_fate f)
{
	return f < FATES ? fates[f].text : "";
}

struct reducer {
	const struct atoms *a;
	struct reduction *r;
	struct regmap map;
	uint32_t *epoch;	/* by codec: what was learned in an earlier one is not known any more */
	bool changed, failed;
};

static bool stays(const struct reducer *k, size_t i)
{
	return fates[k->r->fate[i]].stays;
}

static void go(struct reducer *k, size_t i, enum atom_fate f)
{
	k->r->fate[i] = (uint8_t)f;
	k->changed = true;
}

static bool is_ordered(const struct reducer *k, const struct atom *t)
{
	if (t->order == ORDER_STATE && t->kind == ATOM_COEF)
		return atom_coef_is_ordered(atom_codec(k->a, t), t->nid, t->addr);
	return t->order != ORDER_STATE;
}

static uint8_t function_group(const struct atom_codec *c)
{
	return c->model && c->model->afg ? c->model->afg : 1;
}

/* What a reset of @group clears is known only where the codec's tree is: as model_reset(). */
static bool reset_clears(const struct atom_codec *c, const struct atom *reset, const struct atom *t)
{
	const struct model_node *n = model_find(c->model, t->nid);

	if (!c->model->afg || t->kind == ATOM_BYTES ||
	    (reset->kind == ATOM_RESET && reset->nid != c->model->afg))
		return false;
	return n && (t->nid == c->model->afg || n->kind == NODE_WIDGET);
}

/*
 * What the controller's reset clears goes first, and then the reset itself: in what
 * is left it has not happened.
 */
static void drop_link_resets(struct reducer *k, const struct atom **reset)
{
	const struct atoms *a = k->a;

	for (size_t i = a->n; i-- > 0;) {
		const struct atom *t = &a->v[i];

		if (t->kind == ATOM_LINK_RESET) {
			reset[t->codec] = t;
			k->r->fate[i] = FATE_LINK;
		} else if (stays(k, i) && !is_ordered(k, t) && reset[t->codec] &&
			   reset_clears(atom_codec(a, t), reset[t->codec], t)) {
			k->r->fate[i] = FATE_CLEARED;
		}
	}
}

/* --- forwards: what changes nothing -------------------------------------------------- */

/* True when all that it writes stands there already; learns it otherwise. */
static bool is_same(struct reducer *k, size_t i, bool count)
{
	const struct atom *t = &k->a->v[i];
	struct atom_reg regs[ATOM_REGS_MAX];
	unsigned int n = atom_regs(k->a, t, regs);
	bool same = n != 0;
	uint32_t writes = 0;

	for (unsigned int j = 0; j < n; j++) {
		struct regmap_entry *e = regmap_get(&k->map, t->codec, regs[j].key);

		if (!e) {
			k->failed = true;
			return false;
		}
		if (e->epoch != k->epoch[t->codec]) {
			e->epoch = k->epoch[t->codec];
			e->value = e->mask = 0;
		}
		same &= (regs[j].mask & ~e->mask) == 0 &&
			((e->value ^ regs[j].value) & regs[j].mask) == 0;
		e->value = (e->value & ~regs[j].mask) | (regs[j].value & regs[j].mask);
		e->mask |= regs[j].mask;
		e->at |= atom_is_update(t) ? t->mask : regs[j].mask;
		writes = ++e->writes > writes ? e->writes : writes;
	}
	if (count)
		k->r->writes[i] = writes;
	return same;
}

/* What a coefficient written alone is for the codec's amplifier port. */
static enum port_role port_role(const struct reducer *k, const struct atom *t)
{
	const struct atom_codec *c = atom_codec(k->a, t);

	if (t->kind != ATOM_COEF || t->nid != PORT_NID || !c->port)
		return ROLE_NONE;
	return port_role_of(&realtek_ports[c->port - 1], t->addr);
}

/* A transaction writes all that it needs of the port's coefficients, and leaves it there. */
static void pass_port(struct reducer *k, const struct atom *t)
{
	const struct atom_verb *v = atom_verbs(k->a, t);
	uint32_t index = UINT32_MAX;

	for (uint32_t i = 0; i < t->n_verbs; i++) {
		struct verb_parts p = verb_split(v[i].word);
		struct regmap_entry *e;

		if (p.id == 0x500) {
			index = p.payload;
		} else if (p.id == 0x400) {
			e = regmap_get(&k->map, t->codec, REG_KEY(SPACE_COEF, t->nid, 0, index++));
			if (!e) {
				k->failed = true;
				return;
			}
			e->value = p.payload;
			e->mask = e->covered = 0xffff;
			e->epoch = k->epoch[t->codec];
		}
	}
}

/* A command of a kind that is not known may need any of the port's coefficients. */
static void uncover_port(struct reducer *k, const struct atom *t)
{
	const struct port_roles *p = &realtek_ports[atom_codec(k->a, t)->port - 1];

	for (unsigned int role = 0; role < ROLE_COMMAND; role++) {
		struct regmap_entry *e = regmap_get(&k->map, t->codec,
						    REG_KEY(SPACE_COEF, t->nid, 0, p->coef[role]));

		if (e)
			e->covered = 0;
		k->failed |= !e;
	}
}

/* Registers, and GPIOs; of the port's coefficients all but the command. */
static bool has_value(const struct reducer *k, const struct atom *t)
{
	return t->kind == ATOM_GPIO || !is_ordered(k, t) || port_role(k, t) < ROLE_COMMAND;
}

/* Atoms after which nothing is known of the codec's registers. */
static bool forgets(const struct reducer *k, const struct atom *t)
{
	if (t->kind == ATOM_RESET)
		return true;
	if (t->kind == ATOM_RELATIVE)
		return !t->asks;
	/* a function group that sleeps may lose its settings (HDA 1.0a 7.3.3.10) */
	return t->kind == ATOM_POWER && t->nid == function_group(atom_codec(k->a, t)) &&
	       (t->value & 0xf) >= 3;
}

static void drop_same(struct reducer *k, bool first)
{
	const struct atoms *a = k->a;
	size_t mark = 0;

	regmap_clear(&k->map);
	for (size_t i = 0; i < a->n; i++) {
		const struct atom *t = &a->v[i];

		for (; mark < a->n_marks && a->marks[mark].at <= i; mark++)
			for (size_t c = 0; a->marks[mark].gap && c < a->n_codecs; c++)
				k->epoch[c]++;
		if (!stays(k, i))
			continue;
		if (forgets(k, t))
			k->epoch[t->codec]++;
		/* an amplifier's write that names none of its sides is one of those */
		if (t->order == ORDER_NOTHING ||
		    (!is_ordered(k, t) && !atom_regs(a, t, (struct atom_reg[ATOM_REGS_MAX]){ 0 })))
			go(k, i, FATE_MOMENT);
		else if (t->kind == ATOM_PORT)
			pass_port(k, t);
		else if (has_value(k, t) && is_same(k, i, first))
			go(k, i, FATE_SAME);
	}
}

/* --- backwards: what does not last ------------------------------------------------------ */

static bool lasts(struct reducer *k, size_t i)
{
	const struct atom *t = &k->a->v[i];
	struct atom_reg regs[ATOM_REGS_MAX];
	unsigned int n = atom_regs(k->a, t, regs);
	bool any = n == 0;

	for (unsigned int j = 0; j < n; j++) {
		struct regmap_entry *e = regmap_get(&k->map, t->codec, regs[j].key);

		if (!e) {
			k->failed = true;
			return true;
		}
		any |= (regs[j].mask & ~e->covered) != 0;
	}
	if (!any)
		return false;
	for (unsigned int j = 0; j < n; j++) {
		struct regmap_entry *e = regmap_get(&k->map, t->codec, regs[j].key);

		if (e)
			e->covered |= regs[j].mask;
	}
	return true;
}

struct later {
	const struct atom **reset;	/* by codec: the reset that follows first */
	bool *port;			/* by codec: a transaction follows that sets the port up anew */
	bool *relative;			/* by codec and NID: a write through the unknown index follows */
};

static void drop_overwritten(struct reducer *k, struct later *l)
{
	const struct atoms *a = k->a;

	regmap_clear(&k->map);
	for (size_t i = a->n; i-- > 0;) {
		const struct atom *t = &a->v[i];
		bool *relative = &l->relative[(size_t)t->codec * 256 + t->nid];
		const struct atom *reset = l->reset[t->codec];

		if (!stays(k, i))
			continue;
		if (t->kind == ATOM_RESET) {
			l->reset[t->codec] = t;
		} else if (t->kind == ATOM_RELATIVE) {
			if (t->asks && !*relative)
				go(k, i, FATE_MOMENT);
			*relative |= !t->asks;
		} else if (t->kind == ATOM_PORT) {
			if (t->asks && l->port[t->codec])
				go(k, i, FATE_ASKS);
			l->port[t->codec] |= !t->asks;
			pass_port(k, t);
		} else if (port_role(k, t) == ROLE_COMMAND) {
			uncover_port(k, t);
		} else if (port_role(k, t) < ROLE_COMMAND) {
			if (!lasts(k, i))
				go(k, i, FATE_OVERWRITTEN);
		} else if (!is_ordered(k, t)) {
			if (reset && reset_clears(atom_codec(a, t), reset, t))
				go(k, i, FATE_CLEARED);
			else if (!lasts(k, i))
				go(k, i, FATE_OVERWRITTEN);
		}
		if (t->kind == ATOM_COEF)
			*relative = false;	/* it selects an index of its own */
	}
}

/* --- states that something is done in ------------------------------------------------------ */

/* The state of a widget's power, or of its selected device entry, at one place of the list. */
struct context {
	uint32_t now, before;	/* atoms, or ATOM_NONE */
	bool used;		/* something was done in it */
};

static void use(struct context *c, const struct reducer *k, const struct atom *t)
{
	size_t codec = (size_t)t->codec * 512;

	c[codec + t->nid].used = true;
	c[codec + 256 + t->nid].used = true;
	/* whatever a codec does, it does in its function group's state */
	c[codec + function_group(atom_codec(k->a, t))].used = true;
}

static void drop_contexts(struct reducer *k, struct context *contexts)
{
	const struct atoms *a = k->a;

	for (size_t i = 0; i < a->n_codecs * 512; i++)
		contexts[i] = (struct context){ ATOM_NONE, ATOM_NONE, false };
	for (size_t i = 0; i < a->n; i++) {
		const struct atom *t = &a->v[i];
		size_t codec = (size_t)t->codec * 512;
		struct context *c = &contexts[codec + t->nid + (t->kind == ATOM_POWER ? 0 : 256)];

		if (!stays(k, i))
			continue;
		if (t->order != ORDER_CONTEXT) {
			use(contexts, k, t);
			if (t->order != ORDER_RESET)
				continue;
			for (unsigned int n = 0; n < 512; n++)
				contexts[codec + n] = (struct context){ ATOM_NONE, ATOM_NONE, false };
			continue;
		}
		if (t->nid != function_group(atom_codec(a, t)))
			contexts[codec + function_group(atom_codec(a, t))].used = true;
		if (c->now != ATOM_NONE && !c->used) {
			go(k, c->now, FATE_UNUSED);
			c->now = c->before;
			c->used = true;
		}
		if (c->now != ATOM_NONE && a->v[c->now].value == t->value) {
			go(k, i, FATE_SAME);
			continue;
		}
		*c = (struct context){ .now = (uint32_t)i, .before = c->now };
	}
}

/* --- all ----------------------------------------------------------------------------- */

static enum atom_fate why_ordered(const struct reducer *k, const struct atom *t)
{
	const struct atom_codec *c = atom_codec(k->a, t);

	switch (t->kind) {
	case ATOM_PORT:
		return FATE_PORT;
	case ATOM_I2C:
		return FATE_I2C;
	case ATOM_CHIP:
		return FATE_CHIP;
	case ATOM_GPIO:
		return FATE_GPIO;
	case ATOM_RESET:
		return FATE_RESET;
	case ATOM_RELATIVE:
		return FATE_RELATIVE;
	case ATOM_POWER:
		return FATE_POWER;
	case ATOM_COEF:
		for (unsigned int i = 0; i < c->n_commands; i++)
			if (c->commands[i].nid == t->nid && c->commands[i].coef == t->addr)
				return FATE_COMMAND;
		return FATE_PORT_COEF;
	default:
		return t->order == ORDER_CONTEXT ? FATE_DEVICE : FATE_UNKNOWN;
	}
}

/* Why each that stays does, and how many there are of each sort. */
static void conclude(struct reducer *k, struct context *contexts)
{
	const struct atoms *a = k->a;
	struct reduction *r = k->r;

	for (size_t i = a->n; i-- > 0;) {
		const struct atom *t = &a->v[i];
		struct context *c = &contexts[(size_t)t->codec * 512 + t->nid];

		if (r->fate[i] == FATE_OPEN) {
			if (is_ordered(k, t))
				r->fate[i] = (uint8_t)why_ordered(k, t);
			else
				r->fate[i] = r->writes[i] > 1 ? FATE_LAST : FATE_ONLY;
			if (t->kind == ATOM_POWER && c->now == i && !c->used)
				r->fate[i] = FATE_POWER_LAST;
		}
		r->chosen[i] = stays(k, i);
		r->stays += r->chosen[i];
		r->count[r->fate[i]]++;
	}
}

/* The count of a register's writes is that of the last of them. */
static void count_writes(struct reducer *k)
{
	struct atom_reg regs[ATOM_REGS_MAX];

	for (size_t i = 0; i < k->a->n; i++) {
		const struct atom *t = &k->a->v[i];
		unsigned int n = is_ordered(k, t) ? 0 : atom_regs(k->a, t, regs);

		for (unsigned int j = 0; j < n; j++) {
			const struct regmap_entry *e = regmap_find(&k->map, t->codec, regs[j].key);

			if (e && e->writes > k->r->writes[i])
				k->r->writes[i] = e->writes;
			if (e && t->kind == ATOM_COEF)
				k->r->masks[i] = (uint16_t)e->at;
		}
	}
}

struct err *reduce_atoms(const struct atoms *a, const bool *unwanted, struct reduction *r)
{
	struct reducer k = { .a = a, .r = r };
	size_t codecs = a->n_codecs ? a->n_codecs : 1;
	struct context *contexts = calloc(codecs * 512, sizeof(*contexts));
	struct later l = { .reset = calloc(codecs, sizeof(*l.reset)),
			   .port = calloc(codecs, sizeof(*l.port)),
			   .relative = calloc(codecs * 256, sizeof(*l.relative)) };

	*r = (struct reduction){ .n = a->n };
	r->fate = calloc(a->n + 1, sizeof(*r->fate));
	r->writes = calloc(a->n + 1, sizeof(*r->writes));
	r->chosen = calloc(a->n + 1, sizeof(*r->chosen));
	r->masks = calloc(a->n + 1, sizeof(*r->masks));
	k.epoch = calloc(codecs, sizeof(*k.epoch));
	if (!r->fate || !r->writes || !r->chosen || !r->masks || !k.epoch || !contexts || !l.reset || !l.port ||
	    !l.relative) {
		k.failed = true;
		goto out;
	}
	for (size_t i = 0; i < a->n; i++)
		r->fate[i] = unwanted && unwanted[i] ? FATE_UNWANTED : FATE_OPEN;
	drop_link_resets(&k, l.reset);
	for (unsigned int round = 0; round < ROUNDS_MAX; round++) {
		k.changed = false;
		drop_same(&k, !round);
		if (!round)
			count_writes(&k);
		memset(l.reset, 0, codecs * sizeof(*l.reset));
		memset(l.port, 0, codecs * sizeof(*l.port));
		memset(l.relative, 0, codecs * 256 * sizeof(*l.relative));
		drop_overwritten(&k, &l);
		drop_contexts(&k, contexts);
		if (!k.changed || k.failed)
			break;
	}
	conclude(&k, contexts);
out:
	regmap_deinit(&k.map);
	free(k.epoch);
	free(contexts);
	free(l.reset);
	free(l.port);
	free(l.relative);
	return k.failed ? err_nomem() : NULL;
}

void reduction_deinit(struct reduction *r)
{
	free(r->fate);
	free(r->writes);
	free(r->chosen);
	free(r->masks);
	*r = (struct reduction){ 0 };
}

const char *reduction_why(const struct reduction *r, size_t atom, char text[96])
{
	enum atom_fate f = r->fate[atom];

	if (f != FATE_LAST)
		return fate_text(f);
	snprintf(text, 96, "the last of %u writes", r->writes[atom]);
	return text;
}
