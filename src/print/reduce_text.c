// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/reduce_text.h"

#include "analyse/proof.h"
#include "analyse/reduce.h"
#include "base/buf.h"
#include "base/log.h"
#include "print/json/step_json.h"
#include "print/step_text.h"

void reduction_text(const struct steps *a, const struct reduction *r, struct buf *b)
{
	char text[96];

	for (size_t i = 0; i < a->n; i++) {
		buf_addf(b, "%c %6llu %u  ", r->chosen[i] ? '+' : '-',
			 (unsigned long long)a->v[i].first, step_codec(a, &a->v[i])->cad);
		step_text(a, &a->v[i], b);
		buf_addf(b, "  [%s]\n", reduction_why(r, i, text));
	}
}

static void put_proof(json *o, const struct proof *p)
{
	json_put_flag(o, "same", p->same);
	json_put(o, "registers", json_number(p->registers));
	json_put(o, "amplifier_transactions", json_number(p->transfers));
	json_put(o, "gpio_changes", json_number(p->changes));
	json_put(o, "other_steps", json_number(p->others));
	json_put(o, "questions", json_number(p->questions));
}

struct err *reduction_json(const struct steps *a, const struct reduction *r, const struct proof *p,
			   uint64_t verbs, struct buf *b)
{
	json *doc = json_object_new_object(), *list;

	json_put(doc, "verbs_in", json_number(a->read));
	json_put(doc, "verbs_out", json_number(verbs));
	json_put(doc, "steps_in", json_number(a->n));
	json_put(doc, "steps_out", json_number(r->stays));
	put_proof(json_put_object(doc, "proof"), p);
	list = json_put_array(doc, "steps");
	for (size_t i = 0; i < a->n; i++) {
		json *k = json_add_object(list);

		json_put_flag(k, "stays", r->chosen[i]);
		json_put(k, "why", json_word(decision_name((enum decision)r->why[i])));
		json_put_step(k, a, &a->v[i]);
	}
	return json_answer(doc, b);
}

static void add_count(struct buf *b, size_t n, const char *what)
{
	if (n)
		buf_addf(b, ", %zu %s%s", n, what, n == 1 ? "" : "s");
}

static void say_proof(const struct proof *p)
{
	struct buf b = { 0 };

	buf_addf(&b, "proved: the same final state of %zu register%s", p->registers,
		 p->registers == 1 ? "" : "s");
	add_count(&b, p->transfers, "amplifier transaction");
	add_count(&b, p->changes, "GPIO change");
	add_count(&b, p->others, "other step");
	log_note("%s%s", buf_str(&b), p->transfers + p->changes + p->others ? " the same, in their order" : "");
	buf_deinit(&b);
}

void reduction_summary(const struct steps *a, const struct reduction *r, const struct proof *p,
		       uint64_t verbs)
{
	struct buf b = { 0 };

	log_note("%llu verbs, %zu writes that belong together: %zu stay, in %llu verbs",
		 (unsigned long long)a->read, a->n, r->stays, (unsigned long long)verbs);
	for (int stays = 1; stays >= 0; stays--) {
		buf_clear(&b);
		for (int f = 0; f < DECISIONS; f++)
			if (r->count[f] && decision_is_kept((enum decision)f) == stays)
				buf_addf(&b, "%s%zu %s", b.len ? ", " : "", r->count[f],
					 decision_name((enum decision)f));
		if (b.len)
			log_note("%s: %s", stays ? "stay" : "gone", buf_str(&b));
	}
	say_proof(p);
	buf_deinit(&b);
}
