// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/model_route.h"

#include "base/bits.h"
#include "model/model.h"

struct walk_state {
	const struct codec_model *m;
	void (*fn)(const struct route *r, void *arg);
	void *arg;
	struct route r;
	unsigned int ways;
};

bool model_amp_muted(const struct model_node *n, bool out, unsigned int index)
{
	const struct model_amps *a = out ? &n->out : &n->in;
	const struct model_amp *v;

	if (index >= a->n)
		return false;
	v = &a->v[index];
	if (!bit(v->left.known, 7))
		return false;
	return bit(v->left.val, 7) && (!bit(v->right.known, 7) || bit(v->right.val, 7));
}

static void end(struct walk_state *s, enum route_end how)
{
	if (s->ways++ >= ROUTE_MAX_WAYS)
		return;
	s->r.end = how;
	s->fn(&s->r, s->arg);
}

static bool on_the_way(const struct route *r, unsigned int nid)
{
	for (unsigned int i = 0; i < r->n; i++)
		if (r->nid[i] == nid)
			return true;
	return false;
}

static bool is_source(int type, unsigned int depth)
{
	return depth > 0 && (type == WIDGET_OUTPUT || type == WIDGET_PIN || type == WIDGET_BEEP);
}

/* ROUTE_MAX_DEPTH bounds the depth, ROUTE_MAX_WAYS the number of routes. */
static void step(struct walk_state *s, unsigned int nid)
{
	const struct model_node *n = model_find(s->m, nid);
	const struct reg *sel;
	unsigned int first = 0, last, muted = 0;
	int type;

	if (s->ways >= ROUTE_MAX_WAYS)
		return;
	if (on_the_way(&s->r, nid) || s->r.n == ROUTE_MAX_DEPTH) {
		end(s, ROUTE_LOOP);
		return;
	}
	s->r.nid[s->r.n++] = (uint8_t)nid;
	type = n ? model_type(n) : -1;
	if (is_source(type, s->r.n - 1)) {
		end(s, ROUTE_WHOLE);
		goto out;
	}
	if (!n || n->conns.n == 0) {
		end(s, ROUTE_OPEN);
		goto out;
	}
	sel = &n->reg[MREG_CONNECT_SEL];
	last = n->conns.n;
	if (type != WIDGET_MIXER && n->conns.n > 1 && sel->known) {
		first = sel->val < n->conns.n ? sel->val : n->conns.n;
		last = first < n->conns.n ? first + 1 : first;
	}
	for (unsigned int i = first; i < last; i++) {
		/* In mixers and selectors each connection has its own input amplifier. */
		if (n->conns.nid[i] >= MODEL_NODES)
			continue;
		if (type != WIDGET_PIN && n->conns.n > 1 && model_amp_muted(n, false, n->in.n == 1 ? 0 : i)) {
			muted++;
			continue;
		}
		step(s, n->conns.nid[i]);
	}
	if (muted == last - first)
		end(s, muted ? ROUTE_MUTED : ROUTE_OPEN);
out:
	s->r.n--;
}

void model_routes(const struct codec_model *m, uint8_t nid,
		  void (*fn)(const struct route *r, void *arg), void *arg)
{
	struct walk_state s = { .m = m, .fn = fn, .arg = arg };

	step(&s, nid);
}
