// SPDX-License-Identifier: GPL-2.0-or-later


#include "analyse/proof.h"
#include "steps_rig.h"
#include "event/event.h"
#include "hda/xact.h"
#include "proof_rig.h"

static struct err *proof_sink_put(struct sink *base, const struct xact *x, const struct decoded *d)
{
	struct proof_sink *s = (struct proof_sink *)base;

	(void)d;
	if (x->kind == XACT_RESET)
		return proof_add(&s->list, &(struct proof_verb){ .ctrl = x->ctrl, .reset = true });
	if (!xact_is_verb(x) || !x->has_verb)
		return NULL;
	return proof_add(&s->list, &(struct proof_verb){
		.word = x->verb, .resp = x->resp, .ctrl = x->ctrl, .has_resp = x->has_resp,
	});
}

void proof_of_path(const char *path, struct proof_list *l, struct steps *a)
{
	static const struct sink_ops ops = { .put = proof_sink_put };
	struct proof_sink s = { .sink = { .ops = &ops } };
	struct steps_input in = { .from.path = path, .watch = &s.sink };

	rig_must(steps_load(&in, a));
	*l = s.list;
}

void proof_of_text(const char *text, struct proof_list *l, struct steps *a)
{
	int fd = memfd_create("proof", 0);
	char path[64];

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	proof_of_path(path, l, a);
	close(fd);
}

void proof_of_chosen(const struct steps *a, const bool *chosen, struct proof_list *l)
{
	struct buf words = { 0 };
	struct step_verbs em;

	step_verbs_init(&em, a);
	for (size_t i = 0; i < a->n; i++) {
		if (chosen && !chosen[i])
			continue;
		buf_clear(&words);
		rig_must(step_verbs_put(&em, &a->v[i], &words));
		for (size_t k = 0; k + 4 <= words.len; k += 4) {
			struct proof_verb v = { .ctrl = step_codec(a, &a->v[i])->ctrl };

			memcpy(&v.word, words.data + k, 4);
			rig_must(proof_add(l, &v));
		}
	}
	step_verbs_deinit(&em);
	buf_deinit(&words);
}
