// SPDX-License-Identifier: GPL-2.0-or-later
#include "codec/decode.h"

#include <stdlib.h>

#include "base/bits.h"
#include "base/err.h"
#include "codec/fields.h"

/* An id without a row. */
#define NO_ROW 0xff

struct decoder {
	uint8_t row[0x1000];	/* verb id -> row of verb_rows, or NO_ROW */
	const struct param_row *param[0x100];
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
	free(dec);
}

static void decode_verb(struct decoder *dec, const struct xact *x, struct decoded *d)
{
	struct decode_ctx c = { .verb = &d->verb };
	const struct field_list *ask = NULL, *answer = &fl_none;

	d->verb = verb_split(x->verb);
	uint8_t i = dec->row[d->verb.id];
	unsigned int digits = d->verb.wide ? 4 : 2;

	if (i == NO_ROW) {
		fields_fill(&fl_none, &c, d->verb.payload, digits, &d->req);
		if (d->has_resp)
			fields_fill(&fl_none, &c, x->resp, 8, &d->resp);
		return;
	}
	const struct verb_row *r = &verb_rows[i];
	d->row = r;
	if (d->verb.id == r->get) {
		d->dir = DIR_GET;
		d->name = r->get_name;
		ask = r->ask;
		answer = r->answer;
		if (d->verb.id == 0xf00 && dec->param[d->verb.payload & 0xff])
			answer = dec->param[d->verb.payload & 0xff]->answer;
	} else {
		unsigned int k = d->verb.id - r->set;

		d->dir = DIR_SET;
		d->name = r->set_name[k];
		ask = r->value[k];
	}
	fields_fill(ask, &c, d->verb.payload, digits, &d->req);
	if (d->has_resp)
		fields_fill(answer, &c, x->resp, 8, &d->resp);
}

void codec_decode(struct decoder *dec, const struct xact *x, struct decoded *d)
{
	d->verb = (struct verb_parts){ .cad = x->cad };
	d->row = NULL;
	d->name = NULL;
	d->dir = DIR_NONE;
	d->has_resp = x->has_resp;
	d->req.n = d->resp.n = 0;
	d->req.rest = d->resp.rest = 0;

	if (xact_is_verb(x) && x->has_verb) {
		decode_verb(dec, x, d);
	} else if (x->has_resp) {
		struct decode_ctx c = { .verb = &d->verb };
		bool unsol = x->kind == XACT_UNSOL;

		if (unsol)
			d->name = "UNSOLICITED";
		fields_fill(unsol ? &fl_unsol : &fl_none, &c, x->resp, 8, &d->resp);
	}
}
