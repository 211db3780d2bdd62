// SPDX-License-Identifier: GPL-2.0-or-later
/* HDMI and DisplayPort: the bytes of a display's ELD, and of an infoframe, each as one effect. */
#include "base/bits.h"
#include "codec/decode.h"
#include "codec/effect/effect_queue.h"

/* F2E (the size of the ELD) and F2F (its bytes) become one effect. */
static void put_eld(struct effect_queue *fx, const struct xact *x, const struct decoded *d)
{
	struct effect *a;
	struct eld *eld;

	effect_queue_group(fx, FX_READ, 0);
	effect_queue_push(fx, x, d, EFFECT_READ, SPACE_ELD);
	a = effect_queue_tail(fx, 1);
	bool goes_on = a && a->space == SPACE_ELD && a->nid == d->verb.nid &&
		       (d->verb.id == 0xf2e || d->verb.payload);
	if (!goes_on && d->verb.id == 0xf2f && a && a->space == SPACE_ELD &&
	    a->nid == d->verb.nid && !a->has_value)
		goes_on = true;		/* byte 0 after the size was read */
	if (goes_on) {
		bool has = a->has_value;

		effect_queue_fold(fx, 2)->has_value = has;
	} else if (a) {
		/* another display, or the same one again: the earlier effect is final */
		struct effect last = *effect_queue_tail(fx, 0);

		fx->lane->n--;
		effect_queue_flush(fx);
		fx->lane->group = FX_READ;
		fx->lane->group_nid = 0;
		fx->lane->q[fx->lane->n++] = last;
	}
	if (!goes_on) {
		fx->eld_slot ^= 1;
		eld_clear(&fx->eld[fx->eld_slot]);
	}
	eld = &fx->eld[fx->eld_slot];
	eld->nid = d->verb.nid;
	effect_queue_tail(fx, 0)->eld = eld;
	effect_queue_tail(fx, 0)->object = "pin";
	if (d->verb.id == 0xf2f && x->has_resp) {
		eld_byte(eld, d->verb.payload, x->resp);
		effect_queue_tail(fx, 0)->has_value = true;
	}
}

/* 730 (index), 731 (bytes): one effect for a packet, from its first byte on. */
static void put_frame(struct effect_queue *fx, const struct xact *x, const struct decoded *d)
{
	struct effect *e, *a;
	struct infoframe *f;
	bool index = d->verb.id == 0x730;

	effect_queue_group(fx, FX_SET, 0);
	e = effect_queue_push(fx, x, d, EFFECT_WRITE, SPACE_INFOFRAME);
	a = effect_queue_tail(fx, 1);
	if (a && a->space == SPACE_INFOFRAME && a->nid == e->nid &&
	    (!index || (!a->has_value && d->verb.payload >> 5 == a->unit))) {
		uint32_t unit = a->unit;
		bool has = a->has_value;

		e = effect_queue_fold(fx, 2);
		e->unit = unit;
		e->has_value = has;
	} else {
		fx->frame_slot ^= 1;
		fx->frame[fx->frame_slot] = (struct infoframe){ 0 };
		e->unit = (index ? d->verb.payload : (unsigned int)(d->at < 0 ? 0 : d->at)) >> 5;
	}
	f = &fx->frame[fx->frame_slot];
	e->infoframe = f;
	e->object = "pin";
	e->name = "packet";
	e->has_unit = true;
	if (!index && d->at >= 0) {
		f->data[d->at & 0x1f] = (uint8_t)d->verb.payload;
		f->have |= 1u << (d->at & 0x1f);
		e->has_value = true;
		infoframe_parse(f);
	}
}

bool effect_queue_hdmi(struct effect_queue *fx, const struct xact *x, const struct decoded *d)
{
	if (d->class != CLASS_HDMI || d->row < verb_rows || d->row >= verb_rows + verb_row_count)
		return false;
	switch (d->verb.id) {
	case 0xf2e:
		if (!bit(d->verb.payload, 3))
			return false;	/* the size of a packet, not of the ELD */
		/* fall through */
	case 0xf2f:
		put_eld(fx, x, d);
		return true;
	case 0x730:
	case 0x731:
		put_frame(fx, x, d);
		return true;
	default:
		return false;
	}
}
