// SPDX-License-Identifier: GPL-2.0-or-later
#include "codec/decode.h"

#include <stdlib.h>

#include "base/bits.h"
#include "base/err.h"
#include "codec/fields.h"
#include "codec/shadow.h"
#include "codec/vendor/vendor.h"
#include "event/event.h"

/* The value of row[] for an id without a row. */
#define NO_ROW 0xff
#define CODECS 16	/* a codec address has four bits */

struct decoder {
	uint8_t row[0x1000];	/* verb id -> row of verb_rows, or NO_ROW */
	const struct param_row *param[0x100];
	struct shadow *shadow[EVENT_MAX_CTRL][CODECS];
};

_Static_assert(sizeof(((struct decoder *)0)->row) == VERB_NONE, "ids have 12 bits");

struct err *decoder_create(struct decoder **out)
{
	struct decoder *dec = calloc(1, sizeof(*dec));

	*out = dec;
	if (!dec)
		return err_nomem();
	for (unsigned int i = 0; i < ARRAY_SIZE(dec->row); i++)
		dec->row[i] = NO_ROW;
	for (unsigned int i = 0; i < verb_row_count; i++) {
		const struct verb_row *r = &verb_rows[i];

		if (r->get != VERB_NONE)
			dec->row[r->get] = (uint8_t)i;
		for (unsigned int k = 0; k < r->nset; k++)
			dec->row[r->set + k] = (uint8_t)i;
	}
	for (unsigned int i = 0; i < param_row_count; i++)
		dec->param[param_rows[i].id] = &param_rows[i];
	return NULL;
}

void decoder_destroy(struct decoder *dec)
{
	if (!dec)
		return;
	for (unsigned int i = 0; i < EVENT_MAX_CTRL; i++)
		for (unsigned int k = 0; k < CODECS; k++)
			shadow_destroy(dec->shadow[i][k]);
	free(dec);
}

/* NULL if memory ran out or the controller's number is too large; less can be decoded then. */
struct shadow *decoder_shadow(struct decoder *dec, uint16_t ctrl, unsigned int cad)
{
	if (ctrl >= EVENT_MAX_CTRL)
		return NULL;
	struct shadow **s = &dec->shadow[ctrl][cad & 0xf];
	if (!*s)
		*s = shadow_create();
	return *s;
}

struct err *decoder_set_codec(struct decoder *dec, uint16_t ctrl, unsigned int cad,
			      uint32_t vendor_id)
{
	struct shadow *s = decoder_shadow(dec, ctrl, cad);

	if (!s)
		return err_nomem();
	shadow_set_vendor(s, vendor_id);
	return NULL;
}

static const struct verb_row *find_row(const struct decoder *dec, const struct shadow *s,
				       const struct verb_parts *v)
{
	const struct verb_row *r;

	if (s && s->vendor && vendor_row(s, v, &r))
		return r;
	return dec->row[v->id] == NO_ROW ? NULL : &verb_rows[dec->row[v->id]];
}

/* The fields of the answer to a get; for some verbs they depend on more than the verb. */
static const struct field_list *answer_list(const struct decoder *dec, const struct shadow *s,
					    const struct verb_row *r, const struct verb_parts *v,
					    uint32_t resp)
{
	const struct field_list *list = NULL;
	bool digital = s && shadow_knows(s, v->nid, KNOW_WCAP) && bit(s->wcap[v->nid], 9);

	if (s && s->vendor && s->vendor->answer)
		list = s->vendor->answer(s, v, resp);
	if (list)
		return list;
	if (r->get == 0xf00 && dec->param[v->payload & 0xff])
		return dec->param[v->payload & 0xff]->answer;
	if (r->answer == &fl_conn_list && s && s->conn_len[v->nid] & 0x80)
		return &fl_conn_list_long;
	if (r->answer == &fl_pin_sense && digital)
		return &fl_pin_sense_digital;
	if (r->answer == &fl_pin_ctl && digital)
		return &fl_pin_ctl_digital;
	return r->answer;
}

static void decode_verb(struct decoder *dec, struct shadow *s, const struct xact *x,
			struct decoded *d)
{
	struct decode_ctx c = { .verb = &d->verb, .shadow = s };
	const struct field_list *ask = &fl_none, *answer = &fl_none;
	const struct verb_row *r;

	r = find_row(dec, s, &d->verb);
	d->row = r;
	if (r && d->verb.id == r->get) {
		d->dir = DIR_GET;
		d->class = r->class;
		d->name = r->get_name;
		ask = r->ask;
		if (d->has_resp)
			answer = answer_list(dec, s, r, &d->verb, x->resp);
	} else if (r) {
		unsigned int k = d->verb.id - r->set;

		d->dir = DIR_SET;
		d->class = r->class;
		d->name = r->set_name[k];
		ask = r->value[k];
		if (ask == &fl_pin_ctl && s && shadow_knows(s, d->verb.nid, KNOW_WCAP) &&
		    bit(s->wcap[d->verb.nid], 9))
			ask = &fl_pin_ctl_digital;
		if (r->set_answer && d->has_resp)
			answer = r->set_answer;
	}
	d->answer = answer;
	if (s && d->class == CLASS_COEF && shadow_knows(s, d->verb.nid, KNOW_COEF_INDEX))
		d->at = s->coef_index[d->verb.nid];
	else if (s && d->class == CLASS_HDMI && shadow_knows(s, d->verb.nid, KNOW_DIP_INDEX))
		d->at = s->dip_index[d->verb.nid];
	fields_fill(ask, &c, d->verb.payload, d->verb.wide ? 4 : 2, &d->req);
	if (d->has_resp)
		fields_fill(answer, &c, x->resp, 8, &d->resp);
}

static void decode_unsol(struct shadow *s, const struct xact *x, struct decoded *d)
{
	struct decode_ctx c = { .verb = &d->verb, .shadow = s };
	const struct field_list *list = NULL;

	d->name = "UNSOLICITED";
	d->class = CLASS_JACK;
	if (s && s->vendor && s->vendor->unsol)
		list = s->vendor->unsol(s, x->resp);
	if (!list)
		list = bits(x->resp, 25, 21) ? &fl_unsol_cp : &fl_unsol;
	fields_fill(list, &c, x->resp, 8, &d->resp);
}

void codec_decode(struct decoder *dec, const struct xact *x, struct decoded *d)
{
	bool is_verb = xact_is_verb(x) && x->has_verb;

	d->verb = is_verb ? verb_split(x->verb) : (struct verb_parts){ .cad = x->cad };
	d->row = NULL;
	d->name = NULL;
	d->dir = DIR_NONE;
	d->class = CLASS_VENDOR;
	d->has_resp = x->has_resp;
	d->at = -1;
	d->answer = NULL;
	d->req.n = d->resp.n = 0;
	d->req.rest = d->resp.rest = 0;

	if (x->kind == XACT_RESET) {
		for (unsigned int k = 0; k < CODECS && x->ctrl < EVENT_MAX_CTRL; k++)
			if (dec->shadow[x->ctrl][k])
				shadow_reset(dec->shadow[x->ctrl][k]);
	} else if (is_verb) {
		struct shadow *s = decoder_shadow(dec, x->ctrl, d->verb.cad);

		decode_verb(dec, s, x, d);
		if (s && (x->certainty == CERT_EXACT || x->certainty == CERT_UNANSWERED))
			shadow_learn(s, x, d);
	} else if (x->kind == XACT_UNSOL && x->has_resp) {
		decode_unsol(decoder_shadow(dec, x->ctrl, x->cad), x, d);
	} else if (x->has_resp) {
		struct decode_ctx c = { .verb = &d->verb };

		fields_fill(&fl_none, &c, x->resp, 8, &d->resp);
	}
}
