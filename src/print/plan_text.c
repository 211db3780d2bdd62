// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/plan_text.h"

#include <stdio.h>
#include <string.h>

#include "analyse/steps/verb_fix.h"
#include "base/bits.h"
#include "base/buf.h"
#include "base/out.h"
#include "codec/decode.h"
#include "replay/plan.h"
#include "replay/replay_codec.h"
#include "replay/risk.h"

static void add_id(struct buf *b, uint32_t id)
{
	if (id)
		buf_addf(b, "0x%08x", id);
	else
		buf_adds(b, "unknown");
}

void fix_add_ids(const struct verb_fix *f, struct buf *b)
{
	add_id(b, f->vendor_id);
	buf_adds(b, ", subsystem ");
	add_id(b, f->subsystem_id);
}

static void add_risks(struct buf *b, unsigned int risks)
{
	for (unsigned int r = 0; r < RISKS; r++)
		if (bit(risks, r))
			buf_addf(b, "  [%s]", risk_rows[r].word);
}

static void add_step(struct buf *b, const struct plan *p, const struct verb_fix_step *s, size_t number,
		     size_t *at)
{
	unsigned int risks = 0;
	size_t end = *at;
	struct verb_parts v = verb_split(s->words[0]);
	uint32_t step;

	for (; end < p->n; end++) {
		memcpy(&step, p->step_of.data + end * sizeof(step), sizeof(step));
		if (step != number)
			break;
		risks |= p->risks[end];
	}
	buf_addf(b, "%5zu  ", number + 1);
	buf_adds(b, s->text);
	if (end - *at == 1)
		buf_addf(b, "  (0x%02x 0x%03x 0x%x)", v.nid, v.id, v.payload);
	else
		buf_addf(b, "  (%zu verbs)", end - *at);
	add_risks(b, risks);
	buf_addc(b, '\n');
	*at = end;
}

/* True if more than a pin's EAPD is written, which is a plain register. */
static bool reaches_amp(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (bit(p->risks[i], RISK_AMP) && verb_split(plan_words(p)[i]).id != 0x70c)
			return true;
	return false;
}

void plan_text(const struct plan *p, const struct verb_fix *f, const struct replay_codec *t, uint8_t allowed,
	       struct buf *b)
{
	size_t at = 0;

	if (t->id.vendor)
		buf_addf(b, "%s: codec 0x%08x, subsystem 0x%08x%s\n", t->path, t->id.vendor,
			 t->id.subsystem, t->emulated ? ", emulated after its dump" : "");
	buf_adds(b, "list: codec ");
	fix_add_ids(f, b);
	if (f->from)
		buf_addf(b, ", from %s", f->from);
	buf_addf(b, "; %zu steps, %zu verbs\n", f->n, p->n);
	for (size_t i = 0; i < f->n; i++)
		add_step(b, p, &f->step[i], i, &at);
	for (unsigned int r = 0; r < RISKS; r++) {
		size_t n = 0;

		for (size_t i = 0; i < p->n; i++)
			n += bit(p->risks[i], r);
		if (n)
			buf_addf(b, "%zu verb%s: %s%s%s\n", n, n == 1 ? "" : "s", risk_rows[r].what,
				 bit(allowed, r) ? ", allowed" : ", not sent without --allow ",
				 bit(allowed, r) ? "" : risk_rows[r].word);
	}
	if (reaches_amp(p))
		buf_adds(b, "amplifiers' registers cannot be read, so they cannot be restored: only "
			 "switching the power off resets them\n");
}

struct err *plan_print(const struct plan *p, const struct verb_fix *f, const struct replay_codec *t,
		       uint8_t allowed)
{
	struct buf b = { 0 };
	struct err *e;

	plan_text(p, f, t, allowed, &b);
	e = out_answer(&b);
	buf_deinit(&b);
	return e;
}

void plan_print_answer(const struct plan *p, size_t i, uint32_t resp)
{
	struct verb_parts v = verb_split(plan_words(p)[i]);

	printf("0x%02x 0x%03x 0x%0*x = 0x%x\n", v.nid, v.id, v.wide ? 4 : 2, v.payload, resp);
}
