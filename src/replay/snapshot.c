// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/vec.h"
#include "codec/decode.h"
#include "model/model_verb.h"
#include "model/walk.h"
#include "replay/risk.h"

void snapshot_deinit(struct snapshot *s)
{
	free(s->v);
	*s = (struct snapshot){ 0 };
}

static uint32_t verb_of(const struct snapshot_entry *e)
{
	return verb_join(0, e->nid, e->get, e->payload);
}

void snapshot_entry_name(const struct snapshot_entry *e, char text[64])
{
	switch (e->get) {
	case 0xb00:
		snprintf(text, 64, "%s amplifier %u, %s, of 0x%02x",
			 bit(e->payload, 15) ? "output" : "input", e->payload & 0xfu,
			 bit(e->payload, 13) ? "left" : "right", e->nid);
		break;
	case 0xc00:
		snprintf(text, 64, "coef 0x%02x of 0x%02x", e->payload, e->nid);
		break;
	case 0xd00:
		snprintf(text, 64, "coef index of 0x%02x", e->nid);
		break;
	default:
		snprintf(text, 64, "%s of 0x%02x", model_reg_name(model_reg_of_get(e->get)), e->nid);
		break;
	}
}

/* --- taking a snapshot ---------------------------------------------------- */

static bool has(const struct snapshot *s, const struct snapshot_entry *e)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].nid == e->nid && s->v[i].get == e->get && s->v[i].payload == e->payload)
			return true;
	return false;
}

struct err *snapshot_add(struct snapshot *s, const struct snapshot_entry *e)
{
	if (has(s, e))
		return NULL;
	if (s->n == SNAPSHOT_MAX)
		return err_new(ERR_FAIL, "the codec reports too many registers");
	if (!vec_room(s->v, s->n, s->cap))
		return err_nomem();
	s->v[s->n++] = *e;
	return NULL;
}

/* Selects the index before each read of a coefficient. */
static struct err *read_entry(struct codec_dev *p, const struct snapshot_entry *e, uint32_t *value)
{
	struct err *err = NULL;

	if (e->get != 0xc00)
		return dev_ask(p, verb_of(e), value);
	err = dev_ask(p, verb_join(0, e->nid, 0x500, e->payload), value);
	return err ? err : dev_ask(p, verb_join(0, e->nid, 0xc00, 0), value);
}

struct taker {
	struct codec_dev *dev;
	struct snapshot *s;
	struct err *e;
};

/* True for registers that can be written back; other answers of a walk are constants. */
static bool is_state(uint16_t get)
{
	enum model_reg reg = model_reg_of_get(get);

	if (get == 0xb00)
		return true;
	for (size_t i = 0; reg != MREG_COUNT && i < model_set_count; i++)
		if (model_sets[i].reg == reg)
			return true;
	return false;
}

bool snapshot_can_hold(const struct snapshot_entry *e)
{
	return e->get == 0xc00 || e->get == 0xd00 || is_state(e->get);
}

static bool take_answer(void *arg, uint32_t verb, uint32_t *resp)
{
	struct taker *t = arg;
	struct verb_parts v = verb_split(verb);
	struct snapshot_entry e = { .nid = v.nid, .get = v.id, .payload = v.payload };

	if (t->e)
		return false;
	t->e = dev_ask(t->dev, verb, resp);
	if (t->e || *resp == DEV_SILENCE)
		return false;
	e.value = *resp;
	if (is_state(v.id))
		t->e = snapshot_add(t->s, &e);
	return !t->e;
}

/* What the verbs will write and the walk did not read. */
struct reach {
	uint16_t index[256];	/* current index of the coefficients, by NID */
	uint8_t known[32];	/* bit n: the index of NID n is known */
};

static struct err *take_one(struct taker *t, unsigned int nid, unsigned int get, unsigned int payload)
{
	struct snapshot_entry e = { (uint8_t)nid, (uint16_t)get, (uint16_t)payload, 0 };
	struct err *err = has(t->s, &e) ? NULL : read_entry(t->dev, &e, &e.value);

	if (err || has(t->s, &e) || e.value == DEV_SILENCE)
		return err;
	return snapshot_add(t->s, &e);
}

/* Stores the coefficient that a 4xx writes; on most codecs the index then moves to the next one. */
static struct err *take_coef(struct taker *t, struct reach *r, unsigned int nid, bool amp)
{
	struct err *e = NULL;

	if (!(r->known[nid / 8] & 1u << nid % 8))
		return NULL;
	/*
	 * coefficients of an amplifier port are commands: sending them again does not restore
	 * anything
	 */
	if (!amp)
		e = take_one(t, nid, 0xc00, r->index[nid]);
	r->index[nid]++;
	return e;
}

static struct err *take_amps(struct taker *t, unsigned int nid, unsigned int payload)
{
	struct err *e = NULL;

	for (unsigned int out = 0; out < 2; out++)
		for (unsigned int left = 0; left < 2 && !e; left++)
			if (bit(payload, out ? 15 : 14) && bit(payload, left ? 13 : 12))
				e = take_one(t, nid, 0xb00, out << 15 | left << 13 |
					     (unsigned int)bits(payload, 11, 8));
	return e;
}

static struct err *take_touched(struct taker *t, struct reach *r, uint32_t verb, bool amp)
{
	struct verb_parts v = verb_split(verb);

	switch (v.id) {
	case 0x300:
		return take_amps(t, v.nid, v.payload);
	case 0x400:
		return take_coef(t, r, v.nid, amp);
	case 0xc00:
		r->index[v.nid]++;
		return NULL;
	case 0x500:
		r->index[v.nid] = v.payload;
		r->known[v.nid / 8] |= (uint8_t)(1u << v.nid % 8);
		return NULL;
	default:
		break;
	}
	for (size_t i = 0; i < model_set_count; i++)
		if (model_sets[i].set == v.id)
			return take_one(t, v.nid, model_reg_get((enum model_reg)model_sets[i].reg), 0);
	return NULL;
}

/* Stores the index of each NID whose index the verbs move. */
static struct err *take_indexes(struct taker *t, const uint32_t *verbs, size_t n)
{
	struct err *e = NULL;

	for (size_t i = 0; !e && i < n; i++) {
		struct verb_parts v = verb_split(verbs[i]);

		if (v.id == 0x500)
			e = take_one(t, v.nid, 0xd00, 0);
	}
	return e;
}

static struct err *put_indexes(struct codec_dev *p, const struct snapshot *s)
{
	struct err *e = NULL;
	uint32_t resp;

	for (size_t i = 0; !e && i < s->n; i++)
		if (s->v[i].get == 0xd00)
			e = dev_ask(p, verb_join(0, s->v[i].nid, 0x500, s->v[i].value & 0xffff),
				     &resp);
	return e;
}

struct err *snapshot_take(struct codec_dev *p, const struct codec_identity *id, const uint32_t *verbs,
			  size_t n, struct snapshot *out)
{
	struct taker t = { .dev = p, .s = out };
	const struct walk w = {
		.ask = take_answer, .arg = &t, .opt = { .pincap_reads_eapd = true },
	};
	struct reach r = { 0 };
	uint8_t *risks = calloc(n ? n : 1, 1);
	struct err *e = risks ? risk_judge(id->vendor, verbs, n, risks) : err_nomem();

	out->id = *id;
	if (!e) {
		codec_walk(&w, 0);
		e = t.e;
	}
	if (!e)
		e = take_indexes(&t, verbs, n);
	for (size_t i = 0; !e && i < n; i++)
		e = take_touched(&t, &r, verbs[i], risks[i] & 1u << RISK_AMP);
	if (!e)
		e = put_indexes(p, out);
	free(risks);
	return e;
}

struct err *snapshot_again(struct codec_dev *p, const struct snapshot *s, struct snapshot *out)
{
	struct err *e = NULL;

	out->id = s->id;
	for (size_t i = 0; !e && i < s->n; i++) {
		struct snapshot_entry now = s->v[i];

		e = read_entry(p, &now, &now.value);
		if (!e)
			e = snapshot_add(out, &now);
	}
	return e ? e : put_indexes(p, s);
}

/* --- putting back --------------------------------------------------------- */

/*
 * The order in which registers are restored: first those on which others depend, the
 * coefficient's index last.
 */
static unsigned int turn_of(const struct snapshot_entry *e)
{
	switch (e->get) {
	case 0xf05:
		return e->value & 0xf ? 5 : 0;	/* D0 first, sleep states at the end */
	case 0xf0c:
		/* an EAPD is switched off before all others, and on after them */
		return e->value & 2 ? 4 : 1;
	case 0xf15:
	case 0xf14:
		return 3;			/* after direction and mask */
	case 0xd00:
		return 6;
	default:
		return 2;
	}
}

#define TURNS 7

static struct err *put_reg(struct codec_dev *p, const struct snapshot_entry *e, uint32_t now)
{
	enum model_reg reg = model_reg_of_get(e->get);
	struct err *err = NULL;
	uint32_t resp;

	for (size_t i = 0; !err && i < model_set_count; i++) {
		const struct model_set *r = &model_sets[i];
		uint32_t mask = (uint32_t)r->mask << r->shift;

		if (r->reg == reg && ((e->value ^ now) & mask))
			err = dev_ask(p, verb_join(0, e->nid, r->set,
						    e->value >> r->shift & r->mask), &resp);
	}
	return err;
}

static struct err *put_entry(struct codec_dev *p, const struct snapshot_entry *e, uint32_t now)
{
	uint32_t resp;
	struct err *err;

	switch (e->get) {
	case 0xb00:
		return dev_ask(p, verb_join(0, e->nid, 0x300,
					     (bit(e->payload, 15) ? 0x8000u : 0x4000u) |
					     (bit(e->payload, 13) ? 0x2000u : 0x1000u) |
					     (e->payload & 0xfu) << 8 | (e->value & 0xff)), &resp);
	case 0xc00:
		err = dev_ask(p, verb_join(0, e->nid, 0x500, e->payload), &resp);
		return err ? err : dev_ask(p, verb_join(0, e->nid, 0x400, e->value & 0xffff),
					    &resp);
	case 0xd00:
		return dev_ask(p, verb_join(0, e->nid, 0x500, e->value & 0xffff), &resp);
	default:
		return put_reg(p, e, now);
	}
}

/* The bits that can be restored. */
static uint32_t settable(const struct snapshot *s, const struct snapshot_entry *e)
{
	enum model_reg reg = model_reg_of_get(e->get);
	uint32_t mask = 0;

	if (e->get == 0xb00)
		return 0xff;
	if (e->get == 0xc00 || e->get == 0xd00)
		return 0xffff;
	for (size_t i = 0; i < model_set_count; i++)
		if (model_sets[i].reg == reg)
			mask |= (uint32_t)model_sets[i].mask << model_sets[i].shift;
	/* the data of a GPIO input are the level outside */
	for (size_t i = 0; reg == MREG_GPIO_DATA && i < s->n; i++)
		if (s->v[i].nid == e->nid &&
		    (s->v[i].get == 0xf16 || s->v[i].get == 0xf17))
			mask &= s->v[i].value;
	return mask;
}

static struct err *undo_entry(struct codec_dev *p, const struct snapshot *s,
			      const struct snapshot_entry *e, struct snapshot_undo *out)
{
	uint32_t now, mask = settable(s, e);
	bool alive;
	struct err *err = read_entry(p, e, &now);

	if (err)
		return err;
	if (!((now ^ e->value) & mask) || e->get == 0xd00) {
		/* reading coefficients has moved the index, so it is set in any case */
		out->same++;
		return e->get == 0xd00 ? put_entry(p, e, now) : NULL;
	}
	if (now == DEV_SILENCE) {
		err = dev_is_alive(p, &s->id, &alive);
		out->gone = !err && !alive;
		if (err || !alive)
			return err;
	}
	err = put_entry(p, e, now);
	if (!err)
		err = read_entry(p, e, &now);
	if (err)
		return err;
	if (!((now ^ e->value) & mask)) {
		out->restored++;
		return NULL;
	}
	if (out->stuck < ARRAY_SIZE(out->first)) {
		out->first[out->stuck].was = *e;
		out->first[out->stuck].now = now;
	}
	out->stuck++;
	return NULL;
}

struct err *snapshot_undo(struct codec_dev *p, const struct snapshot *s, struct snapshot_undo *out)
{
	struct err *e;
	bool alive;

	*out = (struct snapshot_undo){ 0 };
	e = dev_is_alive(p, &s->id, &alive);
	out->gone = !e && !alive;
	for (unsigned int turn = 0; turn < TURNS; turn++)
		for (size_t i = 0; !e && !out->gone && i < s->n; i++)
			if (turn_of(&s->v[i]) == turn)
				e = undo_entry(p, s, &s->v[i], out);
	return e;
}
