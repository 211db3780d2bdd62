// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/step_text.h"

#include "analyse/steps/steps.h"
#include "base/buf.h"
#include "print/render.h"

static void add_effect(const struct steps *a, const struct step *t, struct buf *b)
{
	struct buf scratch = { 0 };
	struct effect e;
	char *p = (char *)buf_reserve(b, OUT_ROOM);

	if (!p)
		return;
	step_effect(a, t, &e);
	b->len += (size_t)(put_effect(p, &e, &scratch) - p);
	buf_deinit(&scratch);
}

/* Adds mask, direction and data in the order in which they were written. */
static void add_gpio(const struct steps *a, const struct step *t, struct buf *b)
{
	for (uint32_t i = 0; i < t->n_verbs; i++) {
		uint32_t w = step_verbs(a, t)[i].word, id = w >> 8 & 0xfff;

		buf_addf(b, "%sgpio %s %02x", i ? ", " : "",
			 id == 0x715 ? "data" : id == 0x716 ? "mask" : "direction", w & 0xff);
	}
}

static void add_infoframe(const struct steps *a, const struct step *t, struct buf *b)
{
	buf_addf(b, "pin %02x: packet %u:", t->nid, t->unit);
	for (uint32_t i = 0; i < t->n_verbs; i++)
		if ((step_verbs(a, t)[i].word >> 8 & 0xfff) == 0x731)
			buf_addf(b, " %02x", step_verbs(a, t)[i].word & 0xff);
}

void step_text(const struct steps *a, const struct step *t, struct buf *b)
{
	switch (t->kind) {
	case STEP_GPIO:
		add_gpio(a, t, b);
		break;
	case STEP_INFOFRAME:
		add_infoframe(a, t, b);
		break;
	case STEP_LINK_RESET:
		buf_adds(b, "controller reset");
		break;
	case STEP_RESET:
		buf_addf(b, "%s %02x: reset", t->object ? t->object : "function", t->nid);
		if (t->n_verbs > 1)
			buf_addf(b, ", %u times", t->n_verbs);
		break;
	default:
		add_effect(a, t, b);
		break;
	}
}
