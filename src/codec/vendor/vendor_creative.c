// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Creative CA0132 (1102:0011: Sound Blaster Z, ZxR, Recon3D, AE-5, AE-7): the window to the
 * chip on NID 15, the mailbox to the DSP on NID 16. On these two the ids of standard verbs
 * have other meanings.
 *
 * Both windows answer each half of a word with a status; 1 is "busy", and the driver sends
 * the same verb again. The chip's address increases by four with each word, so a driver may
 * leave out the address of the next word.
 */
#include <string.h>

#include "base/bits.h"
#include "codec/effect/effect_queue.h"
#include "codec/fields.h"
#include "codec/rows.h"
#include "codec/vendor/creative.h"
#include "codec/vendor/vendor.h"

#define NID_CHIP 0x15
#define NID_DSP 0x16
#define SCP_HOST 0x20	/* the driver's own module number in messages */

struct creative_state {
	uint32_t hic;		/* chip address of the next word */
	uint16_t hic_low;	/* low half of a new address */
	uint16_t data_low;
	uint16_t mem;		/* 8051 address */
	uint8_t param_id;
	bool has_hic, has_hic_high;
	/* messages to the DSP and from it */
	struct scp {
		uint32_t header;
		uint16_t low;
		uint8_t left;	/* data words still expected */
		uint8_t word;	/* number of data words so far */
	} to, from;
};

/* --- parts of a transfer ------------------------------------------------------- */

/*
 * The effect of a part of a transfer has a name and no value; the word that completes the
 * transfer folds all parts into one effect.
 */
static struct effect *part(struct effect_queue *fx, const struct xact *x, const struct decoded *d,
			   enum effect_space space, const char *name)
{
	struct effect *e = effect_queue_push(fx, x, d, EFFECT_COMMAND, space);

	e->name = name;
	e->value = d->verb.payload;
	if (x->has_resp && x->resp == 1)
		e->meaning = "busy";
	return e;
}

static struct effect *complete(struct effect_queue *fx, const struct xact *x, const struct decoded *d,
			       enum effect_kind kind, enum effect_space space, uint32_t addr,
			       uint32_t value)
{
	struct effect *e = effect_queue_push(fx, x, d, kind, space), *a;
	unsigned int n = 1, busy = 0;

	for (; (a = effect_queue_tail(fx, n)) && a->kind == EFFECT_COMMAND && a->space == space; n++)
		busy += a->meaning != NULL;
	e = effect_queue_fold(fx, n);
	e->addr = addr;
	e->value = value;
	e->has_value = true;
	if (busy)
		e->meaning = "after retries";
	return e;
}

/* Folds a status read: after a transfer into that transfer, within one into the next part. */
static void status(struct effect_queue *fx, const struct xact *x, const struct decoded *d,
		   enum effect_space space)
{
	struct effect *a;

	part(fx, x, d, space, "status");
	a = effect_queue_tail(fx, 1);
	if (a && a->space == space && a->kind != EFFECT_COMMAND)
		effect_queue_fold_first(fx, 2);
}

static bool busy(const struct xact *x)
{
	return x->has_resp && x->resp == 1;
}

/* --- NID 15: the chip ------------------------------------------------------------ */

static void hic_done(struct creative_state *s)
{
	s->hic += 4;
}

static void hic_address(struct creative_state *s, const struct xact *x, unsigned int payload,
			bool high)
{
	if (busy(x))
		return;
	if (!high) {
		s->hic_low = (uint16_t)payload;
		return;
	}
	s->hic = payload << 16 | s->hic_low;
	s->has_hic = true;
}

static void hic_complete(struct effect_queue *fx, const struct xact *x, const struct decoded *d,
			 enum effect_kind kind, uint32_t value)
{
	struct creative_state *s = fx->state;
	struct effect *e = complete(fx, x, d, kind, SPACE_HIC, s->hic, value);

	if (!s->has_hic)
		e->meaning = "at an address set before the capture";
	e->has_value = kind == EFFECT_WRITE || x->has_resp;
	hic_done(s);
}

/* Code, IRAM and PLL: their address is set in the same way as the address of the XRAM. */
static void other_memory(struct effect_queue *fx, const struct xact *x, const struct decoded *d,
			 enum effect_space space)
{
	const struct creative_state *s = fx->state;
	bool get = d->verb.id >= 0xf00;
	struct effect *e;

	for (unsigned int i = 0; (e = effect_queue_tail(fx, i)) && e->space == SPACE_XRAM &&
	     e->kind == EFFECT_COMMAND; i++)
		e->space = (uint8_t)space;
	e = complete(fx, x, d, get ? EFFECT_READ : EFFECT_WRITE, space,
		     space == SPACE_PMEM ? s->mem : s->mem & 0xff, get ? x->resp : d->verb.payload);
	e->has_value = !get || x->has_resp;
}

static bool chip(struct effect_queue *fx, const struct xact *x, const struct decoded *d)
{
	struct creative_state *s = fx->state;
	unsigned int p = d->verb.payload;
	const char *word = d->req.n ? d->req.f[0].text : NULL;
	struct effect *e;

	switch (d->verb.id) {
	case 0x000:
		part(fx, x, d, SPACE_HIC, "address low");
		hic_address(s, x, p, false);
		return true;
	case 0x100:
		part(fx, x, d, SPACE_HIC, "address high");
		hic_address(s, x, p, true);
		return true;
	case 0x300:
		part(fx, x, d, SPACE_HIC, "data low");
		if (!busy(x))
			s->data_low = (uint16_t)p;
		return true;
	case 0x400:
		if (busy(x))
			part(fx, x, d, SPACE_HIC, "data high");
		else
			hic_complete(fx, x, d, EFFECT_WRITE, p << 16 | s->data_low);
		return true;
	case 0x702:
		part(fx, x, d, SPACE_HIC, "read");
		return true;
	case 0xf01:
		status(fx, x, d, SPACE_HIC);
		return true;
	case 0xf03:
		hic_complete(fx, x, d, EFFECT_READ, x->resp);
		return true;
	case 0x70d:
		part(fx, x, d, SPACE_XRAM, "address low");
		s->mem = (uint16_t)((s->mem & 0xff00) | p);
		return true;
	case 0x70e:
		part(fx, x, d, SPACE_XRAM, "address high");
		s->mem = (uint16_t)(p << 8 | (s->mem & 0xff));
		return true;
	case 0x707:
		complete(fx, x, d, EFFECT_WRITE, SPACE_XRAM, s->mem++, p);
		return true;
	case 0xf07:
		e = complete(fx, x, d, EFFECT_READ, SPACE_XRAM, s->mem++, x->resp);
		e->has_value = x->has_resp;
		return true;
	case 0xf08:
		other_memory(fx, x, d, SPACE_PMEM);
		return true;
	case 0xf09:
	case 0x709:
		other_memory(fx, x, d, SPACE_IRAM);
		return true;
	case 0x70c:
	case 0xf0c:
		other_memory(fx, x, d, SPACE_PLL);
		return true;
	case 0x500:
		complete(fx, x, d, EFFECT_WRITE, SPACE_IRAM, p & 0xff, p >> 8);
		return true;
	case 0xd00:
		e = complete(fx, x, d, EFFECT_READ, SPACE_IRAM, p & 0xff, x->resp);
		e->has_value = x->has_resp;
		return true;
	case 0x70f:
		complete(fx, x, d, EFFECT_WRITE, SPACE_FLAG, p & 0x7f, p >> 7)->name = word;
		return true;
	case 0x710:
		complete(fx, x, d, EFFECT_WRITE, SPACE_PARAM, p & 0x1f, p >> 5)->name = word;
		return true;
	case 0x717:
		s->param_id = (uint8_t)p;
		part(fx, x, d, SPACE_PARAM, word ? word : "id");
		return true;
	case 0x718:
		e = effect_queue_tail(fx, 0);
		word = e && e->space == SPACE_PARAM && e->kind == EFFECT_COMMAND ? e->name : NULL;
		complete(fx, x, d, EFFECT_WRITE, SPACE_PARAM, s->param_id, p)->name = word;
		return true;
	default:
		return false;
	}
}

/* --- NID 16: messages -------------------------------------------------------------- */

static const struct creative_scp scp_rows[] = {
#define SCP(m, r, f, nm) { .module = m, .request = r, .is_float = f, .name = nm },
#include "codec/vendor/creative_scp.def"
#undef SCP
};
const struct creative_scp *const creative_scp_rows = scp_rows;
const unsigned int creative_scp_count = ARRAY_SIZE(scp_rows);

static const struct creative_hic hic_rows[] = {
#define HIC(a, b, nm) { .first = a, .last = b, .name = nm },
#include "codec/vendor/creative_hic.def"
#undef HIC
};
const struct creative_hic *const creative_hic_rows = hic_rows;
const unsigned int creative_hic_count = ARRAY_SIZE(hic_rows);

static const struct creative_scp *scp_find(unsigned int module, unsigned int request)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(scp_rows); i++)
		if (scp_rows[i].module == module && scp_rows[i].request == request)
			return &scp_rows[i];
	return NULL;
}

/* One word of a message, in either direction. */
static void scp_word(struct effect_queue *fx, const struct xact *x, const struct decoded *d, struct scp *m,
		     uint32_t word)
{
	bool answer = m == &((struct creative_state *)fx->state)->from;
	const struct creative_scp *row;
	struct effect *e;
	bool header = !m->left;

	if (header) {
		m->header = word;
		m->left = (uint8_t)bits(word, 31, 27);
		m->word = 0;
		if (m->left) {
			part(fx, x, d, SPACE_SCP, "header");
			return;
		}
		word = 0;
	}
	/* in an answer the module is the source, bits 15:8 */
	unsigned int module = (unsigned int)(answer ? bits(m->header, 15, 8) : bits(m->header, 7, 0));
	unsigned int request = (unsigned int)bits(m->header, 23, 17);
	bool get = bit(m->header, 16);

	row = scp_find(module, request);
	e = complete(fx, x, d, get || answer ? EFFECT_READ : EFFECT_WRITE, SPACE_SCP, request, word);
	e->has_unit = true;
	e->unit = module;
	e->has_value = !header;
	e->name = row ? row->name : NULL;
	e->name_row = row;
	e->is_float = row && row->is_float && !header;
	if (bit(m->header, 26))
		e->meaning = "error";
	else if (m->word)
		e->meaning = "continued";
	else if (answer)
		e->meaning = "answer";
	m->word++;
	if (m->left)
		m->left--;
}

static bool dsp(struct effect_queue *fx, const struct xact *x, const struct decoded *d)
{
	struct creative_state *s = fx->state;
	unsigned int p = d->verb.payload;

	switch (d->verb.id) {
	case 0x000:
		part(fx, x, d, SPACE_SCP, "low half");
		if (!busy(x))
			s->to.low = (uint16_t)p;
		return true;
	case 0x100:
		if (busy(x))
			part(fx, x, d, SPACE_SCP, "high half");
		else
			scp_word(fx, x, d, &s->to, p << 16 | s->to.low);
		return true;
	case 0x702:
		part(fx, x, d, SPACE_SCP, "read");
		return true;
	case 0x704:
		part(fx, x, d, SPACE_SCP, "count query");
		return true;
	case 0xf01:
		status(fx, x, d, SPACE_SCP);
		return true;
	case 0xf04:
		part(fx, x, d, SPACE_SCP, "count");
		return true;
	case 0xf02:
		if (x->has_resp)
			scp_word(fx, x, d, &s->from, x->resp);
		else
			part(fx, x, d, SPACE_SCP, "word without an answer");
		return true;
	default:
		return false;
	}
}

static bool creative_effect(struct effect_queue *fx, const struct xact *x, const struct decoded *d)
{
	if (d->verb.nid != NID_CHIP && d->verb.nid != NID_DSP)
		return false;
	if (!d->row)
		return false;
	effect_queue_group(fx, FX_VENDOR, d->verb.nid);
	return d->verb.nid == NID_CHIP ? chip(fx, x, d) : dsp(fx, x, d);
}

static bool creative_is_open(struct effect_queue *fx, const struct effect *last)
{
	(void)fx;
	return last->kind == EFFECT_COMMAND;
}

static void creative_name(struct effect_queue *fx, struct effect *e)
{
	(void)fx;
	if (e->space != SPACE_HIC || e->kind == EFFECT_COMMAND || e->name)
		return;
	for (unsigned int i = 0; i < ARRAY_SIZE(hic_rows); i++) {
		if (e->addr < hic_rows[i].first || e->addr > hic_rows[i].last)
			continue;
		e->name = hic_rows[i].name;
		e->name_row = &hic_rows[i];
	}
}

/* --- words --------------------------------------------------------------------- */

static const struct verb_row chipio[] = {
#include "codec/vendor/creative_chipio.def"
};

static const struct verb_row dspio[] = {
#include "codec/vendor/creative_dspio.def"
};

/* Verbs of the function group for GPIOs that are not counted in the capabilities. */
static const struct verb_row group[] = {
	SET(0x790, 8, "SET_GPIO_EXPOSE_0", byte, VENDOR, "kernel ca0132.c, ca0132_gpio_init()")
	SET(0x793, 8, "SET_GPIO_EXPOSE_1", byte, VENDOR, "kernel ca0132.c, ca0132_gpio_init()")
	SET(0x794, 8, "SET_GPIO_EXPOSE_2", byte, VENDOR, "kernel ca0132.c, ca0132_gpio_init()")
};

static const struct vendor_node nodes[] = {
	{ .nid_first = NID_CHIP, .nid_last = NID_CHIP, .only = true, .row = chipio,
	  .n = ARRAY_SIZE(chipio) },
	{ .nid_first = NID_DSP, .nid_last = NID_DSP, .only = true, .row = dspio,
	  .n = ARRAY_SIZE(dspio) },
	{ .nid_first = 0x01, .nid_last = 0x01, .row = group, .n = ARRAY_SIZE(group) },
};

static bool creative_match(uint32_t vendor_id)
{
	return vendor_id == 0x11020011;
}

const struct vendor vendor_creative = {
	.name = "creative",
	.match = creative_match,
	.node = nodes,
	.nnodes = ARRAY_SIZE(nodes),
	.state_size = sizeof(struct creative_state),
	.effect = creative_effect,
	.is_open = creative_is_open,
	.name_effect = creative_name,
};
