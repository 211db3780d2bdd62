// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/reduce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/steps/regmap.h"
#include "base/bits.h"
#include "base/err.h"
#include "codec/effect/coef_port.h"

/* Each round may make another step redundant; this bounds a loop that needs few rounds. */
#define ROUNDS_MAX 1000

static const struct {
	const char *name, *text;
	bool stays;
} decisions[DECISIONS] = {
#define DECISION(id, nm, st, tx) [WHY_##id] = { .name = nm, .text = tx, .stays = st },
#include "analyse/decisions.def"
#undef DECISION
};

bool decision_is_kept(enum decision f)
{
	return f < DECISIONS && decisions[f].stays;
}

const char *decision_name(enum decision f)
{
	return f < DECISIONS ? decisions[f].name : "unknown";
}

const char *decision_text(enum decision f)
{
	return f < DECISIONS ? decisions[f].text : "";
}

struct reducer {
	const struct steps *a;
	struct reduction *r;
	struct regmap map;
	uint32_t *epoch;	/* by codec: values learned in an earlier epoch are unknown now */
	uint32_t *node_epoch;	/* by codec and NID: the same for one node */
	bool changed, failed;
};

static bool is_kept(const struct reducer *k, size_t i)
{
	return decisions[k->r->why[i]].stays;
}

static void drop(struct reducer *k, size_t i, enum decision f)
{
	k->r->why[i] = (uint8_t)f;
	k->changed = true;
}

static bool is_ordered(const struct reducer *k, const struct step *t)
{
	if (t->order == ORDER_STATE && t->kind == STEP_COEF)
		return step_coef_is_ordered(step_codec(k->a, t), t->nid, t->addr);
	return t->order != ORDER_STATE;
}

static uint8_t function_group(const struct step_codec *c)
{
	return c->model && c->model->afg ? c->model->afg : 1;
}

/*
 * True if a reset of @group is known to clear the register, which needs the codec's tree: see
 * model_reset().
 */
static bool reset_clears(const struct step_codec *c, const struct step *reset, const struct step *t)
{
	const struct model_node *n = model_find(c->model, t->nid);

	if (!c->model->afg || t->kind == STEP_BYTES ||
	    (reset->kind == STEP_RESET && reset->nid != c->model->afg))
		return false;
	return n && (t->nid == c->model->afg || n->kind == NODE_WIDGET);
}

/*
 * Drops the steps that the controller's reset clears, and then the reset itself, as if it had
 * not happened.
 */
static void drop_link_resets(struct reducer *k, const struct step **reset)
{
	const struct steps *a = k->a;

	for (size_t i = a->n; i-- > 0;) {
		const struct step *t = &a->v[i];

		if (t->kind == STEP_LINK_RESET) {
			reset[t->codec] = t;
			k->r->why[i] = WHY_LINK;
		} else if (is_kept(k, i) && !is_ordered(k, t) && reset[t->codec] &&
			   reset_clears(step_codec(a, t), reset[t->codec], t)) {
			k->r->why[i] = WHY_CLEARED;
		}
	}
}

/* --- forwards: steps that change nothing ------------------------------------------------ */

/* True if everything that the step writes has that value already; otherwise learns it. */
static bool is_same(struct reducer *k, size_t i, bool count)
{
	const struct step *t = &k->a->v[i];
	struct step_reg regs[STEP_REGS_MAX];
	unsigned int n = step_regs(k->a, t, regs);
	bool same = n != 0;
	uint32_t writes = 0, epoch = k->epoch[t->codec] + k->node_epoch[(size_t)t->codec * 256 + t->nid];

	for (unsigned int j = 0; j < n; j++) {
		struct regmap_entry *e = regmap_get(&k->map, t->codec, regs[j].key);

		if (!e) {
			k->failed = true;
			return false;
		}
		if (e->epoch != epoch) {
			e->epoch = epoch;
			e->value = e->mask = 0;
		}
		same &= (regs[j].mask & ~e->mask) == 0 &&
			((e->value ^ regs[j].value) & regs[j].mask) == 0;
		e->value = (e->value & ~regs[j].mask) | (regs[j].value & regs[j].mask);
		e->mask |= regs[j].mask;
		e->at |= step_is_update(t) ? t->mask : regs[j].mask;
		writes = ++e->writes > writes ? e->writes : writes;
	}
	if (count)
		k->r->writes[i] = writes;
	return same;
}

/* The role of a coefficient that was written alone in the codec's amplifier port. */
static enum port_role port_role(const struct reducer *k, const struct step *t)
{
	const struct step_codec *c = step_codec(k->a, t);

	if (t->kind != STEP_COEF || t->nid != PORT_NID || !c->port)
		return ROLE_NONE;
	return port_role_of(&realtek_ports[c->port - 1], t->addr);
}

/* A transaction writes all coefficients of the port that it needs; their values stay. */
static void pass_port(struct reducer *k, const struct step *t)
{
	const struct step_verb *v = step_verbs(k->a, t);
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
			e->epoch = k->epoch[t->codec] + k->node_epoch[(size_t)t->codec * 256 + t->nid];
		}
	}
}

/* A command of an unknown kind may need any coefficient of the port. */
static void uncover_port(struct reducer *k, const struct step *t)
{
	const struct port_roles *p = &realtek_ports[step_codec(k->a, t)->port - 1];

	for (unsigned int role = 0; role < ROLE_COMMAND; role++) {
		struct regmap_entry *e = regmap_get(&k->map, t->codec,
						    REG_KEY(SPACE_COEF, t->nid, 0, p->coef[role]));

		if (e)
			e->covered = 0;
		k->failed |= !e;
	}
}

/* True for registers and GPIOs, and for the port's coefficients except the command. */
static bool has_value(const struct reducer *k, const struct step *t)
{
	return t->kind == STEP_GPIO || !is_ordered(k, t) || port_role(k, t) < ROLE_COMMAND;
}

/* True for steps after which all registers of the codec are unknown. */
static bool forgets(const struct reducer *k, const struct step *t)
{
	if (t->kind == STEP_RESET)
		return true;
	if (t->kind == STEP_RELATIVE)
		return !t->asks;
	/*
	 * A sleeping function group may lose its settings (HDA 1.0a 7.3.3.10), and a value
	 * written while it sleeps may differ from one written while it is awake.
	 */
	return t->kind == STEP_POWER && t->nid == function_group(step_codec(k->a, t));
}

static void drop_same(struct reducer *k, bool first)
{
	const struct steps *a = k->a;
	size_t mark = 0;

	regmap_clear(&k->map);
	for (size_t i = 0; i < a->n; i++) {
		const struct step *t = &a->v[i];

		for (; mark < a->n_marks && a->marks[mark].at <= i; mark++)
			for (size_t c = 0; a->marks[mark].gap && c < a->n_codecs; c++)
				k->epoch[c]++;
		if (!is_kept(k, i))
			continue;
		if (forgets(k, t))
			k->epoch[t->codec]++;
		else if (t->kind == STEP_POWER)
			k->node_epoch[(size_t)t->codec * 256 + t->nid]++;
		/* an amplifier's write without a side changes nothing */
		if (t->order == ORDER_NOTHING ||
		    (!is_ordered(k, t) && !step_regs(a, t, (struct step_reg[STEP_REGS_MAX]){ 0 })))
			drop(k, i, WHY_MOMENT);
		else if (t->kind == STEP_PORT)
			pass_port(k, t);
		else if (has_value(k, t) && is_same(k, i, first))
			drop(k, i, WHY_SAME);
	}
}

/* --- backwards: values that are overwritten --------------------------------------------- */

static bool survives(struct reducer *k, size_t i)
{
	const struct step *t = &k->a->v[i];
	struct step_reg regs[STEP_REGS_MAX];
	unsigned int n = step_regs(k->a, t, regs);
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
	const struct step **reset;	/* by codec: the next reset */
	bool *port;			/* by codec: a later transaction sets up the port again */
	bool *relative;			/* by codec and NID: a later write uses the unknown index */
};

static void drop_overwritten(struct reducer *k, struct later *l)
{
	const struct steps *a = k->a;

	regmap_clear(&k->map);
	for (size_t i = a->n; i-- > 0;) {
		const struct step *t = &a->v[i];
		bool *relative = &l->relative[(size_t)t->codec * 256 + t->nid];
		const struct step *reset = l->reset[t->codec];

		if (!is_kept(k, i))
			continue;
		if (t->kind == STEP_RESET) {
			l->reset[t->codec] = t;
		} else if (t->kind == STEP_RELATIVE) {
			if (t->asks && !*relative)
				drop(k, i, WHY_MOMENT);
			*relative |= !t->asks;
		} else if (t->kind == STEP_PORT) {
			/* a command with a name is one that is not known to write */
			if (t->asks && t->name && l->port[t->codec])
				drop(k, i, WHY_ASKS);
			l->port[t->codec] |= !t->asks;
			pass_port(k, t);
		} else if (port_role(k, t) == ROLE_COMMAND) {
			uncover_port(k, t);
		} else if (port_role(k, t) < ROLE_COMMAND) {
			if (!survives(k, i))
				drop(k, i, WHY_OVERWRITTEN);
		} else if (!is_ordered(k, t)) {
			if (reset && reset_clears(step_codec(a, t), reset, t))
				drop(k, i, WHY_CLEARED);
			else if (!survives(k, i))
				drop(k, i, WHY_OVERWRITTEN);
		}
		if (t->kind == STEP_COEF)
			*relative = false;	/* it selects an index itself */
	}
}

/* --- power states and selected device entries ---------------------------------------------- */

/* The power state of a widget, or its selected device entry, at one place of the list. */
struct context {
	uint32_t now, before;	/* index of a step, or STEP_NONE */
	bool used;		/* a step was done in this state */
};

static void use(struct context *c, const struct reducer *k, const struct step *t)
{
	size_t codec = (size_t)t->codec * 512;

	c[codec + t->nid].used = true;
	c[codec + 256 + t->nid].used = true;
	/* everything in a codec depends on its function group's power state */
	c[codec + function_group(step_codec(k->a, t))].used = true;
}

static void drop_contexts(struct reducer *k, struct context *contexts)
{
	const struct steps *a = k->a;

	for (size_t i = 0; i < a->n_codecs * 512; i++)
		contexts[i] = (struct context){ STEP_NONE, STEP_NONE, false };
	for (size_t i = 0; i < a->n; i++) {
		const struct step *t = &a->v[i];
		size_t codec = (size_t)t->codec * 512;
		struct context *c = &contexts[codec + t->nid + (t->kind == STEP_POWER ? 0 : 256)];

		if (!is_kept(k, i))
			continue;
		if (t->order != ORDER_CONTEXT) {
			use(contexts, k, t);
			if (t->order != ORDER_RESET)
				continue;
			for (unsigned int n = 0; n < 512; n++)
				contexts[codec + n] = (struct context){ STEP_NONE, STEP_NONE, false };
			continue;
		}
		if (t->nid != function_group(step_codec(a, t)))
			contexts[codec + function_group(step_codec(a, t))].used = true;
		if (c->now != STEP_NONE && !c->used) {
			drop(k, c->now, WHY_UNUSED);
			c->now = c->before;
			c->used = true;
		}
		if (c->now != STEP_NONE && a->v[c->now].value == t->value) {
			drop(k, i, WHY_SAME);
			continue;
		}
		*c = (struct context){ .now = (uint32_t)i, .before = c->now };
	}
}

/* --- result ------------------------------------------------------------------------- */

static enum decision why_ordered(const struct reducer *k, const struct step *t)
{
	const struct step_codec *c = step_codec(k->a, t);

	switch (t->kind) {
	case STEP_PORT:
		return WHY_PORT;
	case STEP_I2C:
		return WHY_I2C;
	case STEP_CHIP:
		return WHY_CHIP;
	case STEP_GPIO:
		return WHY_GPIO;
	case STEP_RESET:
		return WHY_RESET;
	case STEP_RELATIVE:
		return WHY_RELATIVE;
	case STEP_POWER:
		return WHY_POWER;
	case STEP_COEF:
		for (unsigned int i = 0; i < c->n_commands; i++)
			if (c->commands[i].nid == t->nid && c->commands[i].coef == t->addr)
				return WHY_COMMAND;
		return WHY_PORT_COEF;
	default:
		return t->order == ORDER_CONTEXT ? WHY_DEVICE : WHY_UNKNOWN;
	}
}

/* Sets the reason for each step that is kept, and counts the kinds. */
static void conclude(struct reducer *k, struct context *contexts)
{
	const struct steps *a = k->a;
	struct reduction *r = k->r;

	for (size_t i = a->n; i-- > 0;) {
		const struct step *t = &a->v[i];
		struct context *c = &contexts[(size_t)t->codec * 512 + t->nid];

		if (r->why[i] == WHY_OPEN) {
			if (is_ordered(k, t))
				r->why[i] = (uint8_t)why_ordered(k, t);
			else
				r->why[i] = r->writes[i] > 1 ? WHY_LAST : WHY_ONLY;
			if (t->kind == STEP_POWER && c->now == i && !c->used)
				r->why[i] = WHY_POWER_LAST;
		}
		r->chosen[i] = is_kept(k, i);
		r->stays += r->chosen[i];
		r->count[r->why[i]]++;
	}
}

/* Sets the number of writes to a register on the last of them. */
static void count_writes(struct reducer *k)
{
	struct step_reg regs[STEP_REGS_MAX];

	for (size_t i = 0; i < k->a->n; i++) {
		const struct step *t = &k->a->v[i];
		unsigned int n = is_ordered(k, t) ? 0 : step_regs(k->a, t, regs);

		for (unsigned int j = 0; j < n; j++) {
			const struct regmap_entry *e = regmap_find(&k->map, t->codec, regs[j].key);

			if (e && e->writes > k->r->writes[i])
				k->r->writes[i] = e->writes;
			if (e && t->kind == STEP_COEF)
				k->r->masks[i] = (uint16_t)e->at;
		}
	}
}

struct err *reduce_steps(const struct steps *a, const bool *unwanted, struct reduction *r)
{
	struct reducer k = { .a = a, .r = r };
	size_t codecs = a->n_codecs ? a->n_codecs : 1;
	struct context *contexts = calloc(codecs * 512, sizeof(*contexts));
	struct later l = { .reset = calloc(codecs, sizeof(*l.reset)),
			   .port = calloc(codecs, sizeof(*l.port)),
			   .relative = calloc(codecs * 256, sizeof(*l.relative)) };

	*r = (struct reduction){ .n = a->n };
	r->why = calloc(a->n + 1, sizeof(*r->why));
	r->writes = calloc(a->n + 1, sizeof(*r->writes));
	r->chosen = calloc(a->n + 1, sizeof(*r->chosen));
	r->masks = calloc(a->n + 1, sizeof(*r->masks));
	k.epoch = calloc(codecs, sizeof(*k.epoch));
	k.node_epoch = calloc(codecs * 256, sizeof(*k.node_epoch));
	if (!r->why || !r->writes || !r->chosen || !r->masks || !k.epoch || !k.node_epoch || !contexts || !l.reset || !l.port ||
	    !l.relative) {
		k.failed = true;
		goto out;
	}
	for (size_t i = 0; i < a->n; i++)
		r->why[i] = unwanted && unwanted[i] ? WHY_UNWANTED : WHY_OPEN;
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
	free(k.node_epoch);
	free(contexts);
	free(l.reset);
	free(l.port);
	free(l.relative);
	return k.failed ? err_nomem() : NULL;
}

void reduction_deinit(struct reduction *r)
{
	free(r->why);
	free(r->writes);
	free(r->chosen);
	free(r->masks);
	*r = (struct reduction){ 0 };
}

const char *reduction_why(const struct reduction *r, size_t step, char text[96])
{
	enum decision f = r->why[step];

	if (f != WHY_LAST)
		return decision_text(f);
	snprintf(text, 96, "the last of %u writes", r->writes[step]);
	return text;
}
