// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random bytes as an input of reduce, state, diff and segments: what is kept is a part of the
 * steps and does the same as all of them, an input does not differ from itself, and every
 * step is in one segment.
 */
#include "proof_rig.h"
#include "analyse/diff.h"
#include "analyse/reduce.h"
#include "analyse/segments.h"
#include "analyse/state.h"
#include "print/state_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

static void try_proof(const struct proof_list *before, const struct steps *a,
		      const struct reduction *r)
{
	struct proof_list after = { 0 };
	struct proof p;

	proof_of_chosen(a, r->chosen, &after);
	rig_must(proof_check(before, &after, a->codecs, a->n_codecs, &p));
	if (!p.same)
		fprintf(stderr, "%s\n", p.difference);
	must(p.same);
	buf_deinit(&after.verbs);
}

static void try_reduce(const struct proof_list *before, const struct steps *a)
{
	struct reduction r;
	char text[96];
	size_t n = 0;

	rig_must(reduce_steps(a, NULL, &r));
	for (size_t i = 0; i < a->n; i++) {
		n += r.chosen[i];
		must(r.chosen[i] == decision_is_kept((enum decision)r.why[i]));
		must(reduction_why(&r, i, text) != NULL);
	}
	must(n == r.stays && r.stays <= a->n);
	try_proof(before, a, &r);
	reduction_deinit(&r);
}

static void try_state(const struct steps *a)
{
	struct state_differences d;
	struct buf b = { 0 };
	struct state s;

	for (size_t i = 0; i < a->n_codecs; i++) {
		rig_must(state_build(a->codecs[i]->model, a, (uint16_t)i, &s));
		for (size_t k = 0; k < s.n;) {
			buf_clear(&b);
			k += state_text(&s, k, true, &b);
		}
		rig_must(state_compare(&s, &s, &d));
		must(!d.n && d.same == s.n);
		state_differences_deinit(&d);
		state_deinit(&s);
	}
	buf_deinit(&b);
}

static void try_diff(const struct steps *a)
{
	struct diff d;

	rig_must(diff_steps(a, a, &d));
	must(!d.side[0].own && !d.side[1].own && d.side[0].same == d.side[1].same);
	diff_deinit(&d);
}

static void try_segments(struct segments *s, const struct steps *a)
{
	size_t at = 0;

	rig_must(segments_finish(s, a));
	for (size_t i = 0; i < s->n; i++) {
		must(s->v[i].first == at);
		at += s->v[i].n;
	}
	must(at == a->n || !s->n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64];
	int fd = memfd_create("input", 0);
	struct segments s;
	struct steps_input in = { .from.path = path, .watch = &s.sink };
	struct proof_list before = { 0 };
	struct steps a;
	struct err *e;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	segments_init(&s, 500000000);
	e = steps_load(&in, &a);
	if (!e) {
		steps_deinit(&a);
		proof_of_path(path, &before, &a);
		try_reduce(&before, &a);
		try_state(&a);
		try_diff(&a);
		try_segments(&s, &a);
	}
	err_free(e);
	buf_deinit(&before.verbs);
	segments_deinit(&s);
	steps_deinit(&a);
	close(fd);
	return 0;
}
