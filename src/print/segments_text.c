// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/segments_text.h"

#include <inttypes.h>

#include "analyse/segments.h"
#include "base/buf.h"
#include "model/model_names.h"
#include "model/model_route.h"
#include "print/step_text.h"

struct ends {
	unsigned int converter;
	bool pin[MODEL_NODES];
	unsigned int at;
};

static void note_end(const struct route *r, void *arg)
{
	struct ends *e = arg;

	if (r->end == ROUTE_WHOLE && r->n > 1 && r->nid[r->n - 1] == e->converter)
		e->pin[r->nid[0]] = true;
	if (r->end == ROUTE_WHOLE && r->n > 1 && e->at == e->converter)
		e->pin[r->nid[r->n - 1]] = true;
}

/*
 * Adds ", pin 14 (Speaker)": where the sound of this converter goes to or comes from, in the
 * last state of the widgets.
 */
static void add_pins(const struct codec_model *m, unsigned int nid, struct buf *b)
{
	struct ends e = { .converter = nid };

	for (unsigned int i = 0; i < MODEL_NODES; i++) {
		const struct model_node *n = m->node[i];

		if (!n || (model_type(n) != WIDGET_PIN && i != nid))
			continue;
		if (i == nid && model_type(n) != WIDGET_INPUT)
			continue;
		e.at = i;
		model_routes(m, (uint8_t)i, note_end, &e);
	}
	for (unsigned int i = 0; i < MODEL_NODES; i++) {
		if (!e.pin[i] || i == nid)
			continue;
		buf_addf(b, ", pin %02x", i);
		if (m->node[i]->reg[MREG_DEFAULT].known == UINT32_MAX)
			buf_addf(b, " (%s)", pin_device(m->node[i]->reg[MREG_DEFAULT].val));
	}
}

static void add_stream(const struct steps *a, const struct step *t, struct buf *b)
{
	buf_addf(b, "stream %s%s %02x", t->value & 0xf0 ? "starts on " : "stops on ",
		 t->object ? t->object : "converter", t->nid);
	if (t->value & 0xf0)
		buf_addf(b, " (tag %u)", t->value >> 4 & 0xf);
	add_pins(step_codec(a, t)->model, t->nid, b);
}

void anchor_text(const struct steps *a, const struct anchor *n, struct buf *b)
{
	const struct step *t = n->at < a->n ? &a->v[n->at] : NULL;

	switch (n->kind) {
	case ANCHOR_START:
		buf_adds(b, "start");
		break;
	case ANCHOR_MARK:
		buf_adds(b, n->mark);
		break;
	case ANCHOR_IDLE:
		buf_addf(b, "after a pause of %u.%03u s", n->value / 1000, n->value % 1000);
		break;
	case ANCHOR_DMA:
		buf_addf(b, "stream descriptor %u %s", n->source, n->value ? "runs" : "stops");
		break;
	case ANCHOR_JACK:
		buf_addf(b, "jack: unsolicited 0x%08x of codec %u, tag %u, %s", n->value, n->source,
			 n->value >> 26, n->value & 1 ? "present" : "absent");
		break;
	case ANCHOR_POWER:
		buf_addf(b, "power D%u", t->value & 0xf);
		break;
	case ANCHOR_STREAM:
		add_stream(a, t, b);
		break;
	default:
		step_text(a, t, b);
		break;
	}
}

/* Further anchors are only counted. */
#define ANCHORS_SHOWN 6

static void add_title(const struct segments *s, const struct segment *g, const struct steps *a,
		      struct buf *b)
{
	for (size_t i = 0; i < g->n_anchors && i < ANCHORS_SHOWN; i++) {
		buf_adds(b, i ? "; " : "");
		anchor_text(a, &s->anchors[g->first_anchor + i], b);
	}
	if (g->n_anchors > ANCHORS_SHOWN)
		buf_addf(b, "; and %zu more", g->n_anchors - ANCHORS_SHOWN);
}

void segments_text(const struct segments *s, const struct steps *a, bool summary, struct buf *b)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct segment *g = &s->v[i];

		buf_addf(b, "%s#%zu", i && !summary ? "\n" : "", i + 1);
		if (g->time != EVENT_TIME_NONE && s->sink.origin != EVENT_TIME_NONE)
			buf_addf(b, "  %" PRId64 ".%06" PRId64, (g->time - s->sink.origin) / 1000000000,
				 (g->time - s->sink.origin) % 1000000000 / 1000);
		buf_adds(b, "  ");
		add_title(s, g, a, b);
		buf_addf(b, "  [%" PRIu64 " verb%s, %zu change%s", g->verbs,
			 g->verbs == 1 ? "" : "s", g->changes, g->changes == 1 ? "" : "s");
		if (g->gaps)
			buf_addf(b, ", %zu gap%s", g->gaps, g->gaps == 1 ? "" : "s");
		buf_adds(b, "]\n");
		for (size_t k = g->first; k < g->first + g->n && !summary; k++) {
			if (!s->changed[k])
				continue;
			buf_addf(b, "    %u  ", step_codec(a, &a->v[k])->cad);
			step_text(a, &a->v[k], b);
			buf_addc(b, '\n');
		}
	}
}
