// SPDX-License-Identifier: GPL-2.0-or-later
/* Joining frames: with the index, or by their names and contents. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "input/frames/frameset.h"

#define RING 256
/* So many missing ranges are reported one by one. */
#define TOLD_MAX 16

void joined_deinit(struct joined *j)
{
	for (int i = 0; i < LANES; i++) {
		free(j->lane[i].data);
		free(j->lane[i].state);
	}
	*j = (struct joined){ 0 };
}

static struct err *lane_grow(struct joined_lane *l, enum lane id, size_t n)
{
	size_t width = lane_bytes(id);

	if (n <= l->n)
		return NULL;
	uint8_t *data = realloc(l->data, n * width);
	if (!data)
		return err_nomem();
	l->data = data;
	uint8_t *state = realloc(l->state, n);
	if (!state)
		return err_nomem();
	l->state = state;
	memset(data + l->n * width, 0, (n - l->n) * width);
	memset(state + l->n, ENTRY_NONE, n - l->n);
	l->n = n;
	return NULL;
}

/* --- by the index --------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct frame_file *)a)->name, ((const struct frame_file *)b)->name);
}

static struct frame_file *find(struct frameset *set, const char *name)
{
	struct frame_file key;

	snprintf(key.name, sizeof(key.name), "%s", name);
	return set->n ? bsearch(&key, set->file, set->n, sizeof(key), by_name) : NULL;
}

/* All doubts, sorted by file name for lookup. */
struct doubts {
	const struct frame_doubt **list;	/* sorted by name */
	size_t n;
};

static int doubt_by_name(const void *a, const void *b)
{
	const struct frame_doubt *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static struct err *doubts_sort(const struct frame_index *x, struct doubts *d)
{
	d->list = calloc(x->n_doubt + 1, sizeof(*d->list));
	if (!d->list)
		return err_nomem();
	for (size_t i = 0; i < x->n_doubt; i++)
		if (x->doubt[i].name[0])
			d->list[d->n++] = &x->doubt[i];
	qsort(d->list, d->n, sizeof(*d->list), doubt_by_name);
	return NULL;
}

/* Finds the state of each entry of @s. */
static void doubts_of(const struct doubts *d, const struct frame_save *s, uint8_t *state)
{
	size_t lo = 0, hi = d->n;

	memset(state, ENTRY_GOOD, s->count);
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (strcmp(d->list[mid]->name, s->name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < d->n && strcmp(d->list[lo]->name, s->name) == 0; lo++) {
		const struct frame_doubt *x = d->list[lo];

		if (x->lane != s->lane || x->at >= s->at + s->count || x->at + x->count <= s->at)
			continue;
		uint64_t from = x->at > s->at ? x->at - s->at : 0;
		uint64_t to = x->at + x->count - s->at;

		if (to > s->count)
			to = s->count;
		for (; from < to; from++)
			if (!x->stopped || state[from] == ENTRY_GOOD)
				state[from] = x->stopped ? ENTRY_STOPPED : ENTRY_DOUBT;
	}
}

static struct err *put_save(const struct doubts *d, const struct frame_file *f,
			    const struct frame_save *s, struct joined *out)
{
	size_t width = lane_bytes((enum lane)s->lane);
	struct joined_lane *l = &out->lane[s->lane];
	uint8_t state[RING];
	struct err *e = lane_grow(l, (enum lane)s->lane, s->at + s->count);

	if (e)
		return e;
	doubts_of(d, s, state);
	for (unsigned int i = 0; i < s->count; i++) {
		size_t from = s->offset + (s->slot + i) % s->ring * width;

		if (from + width > f->len || state[i] < l->state[s->at + i])
			continue;
		memcpy(l->data + (s->at + i) * width, f->data + from, width);
		l->state[s->at + i] = state[i];
	}
	return NULL;
}

/* Adds a sentence about the ranges of the lane that are in @state. */
static void tell_stretches(struct buf *notes, const struct joined_lane *l, enum lane id,
			   enum entry_state state, const char *what)
{
	size_t width = lane_bytes(id), told = 0, more = 0;
	/* nothing can be missing before the first entry */
	size_t i = 0;

	while (state == ENTRY_NONE && i < l->n && l->state[i] == ENTRY_NONE)
		i++;
	for (; i < l->n; i++) {
		size_t first = i;

		if (l->state[i] != state)
			continue;
		while (i + 1 < l->n && l->state[i + 1] == state)
			i++;
		if (told++ >= TOLD_MAX) {
			more += i - first + 1;
			continue;
		}
		buf_addf(notes, "%zu %s%s at 0x%08zx: %s\n", i - first + 1,
			 id == LANE_CORB ? "verb" : "response", i == first ? "" : "s",
			 first * width, what);
	}
	if (more)
		buf_addf(notes, "%zu more %s: %s\n", more, id == LANE_CORB ? "verbs" : "responses",
			 what);
}

bool joined_tell(const struct joined *j, struct buf *notes)
{
	size_t before = notes->len;

	for (int i = 0; i < LANES; i++) {
		tell_stretches(notes, &j->lane[i], (enum lane)i, ENTRY_NONE,
			       "not saved, filled with zeros");
		tell_stretches(notes, &j->lane[i], (enum lane)i, ENTRY_DOUBT,
			       "saved late, may be newer ones");
	}
	bool any = notes->len > before;

	/* the guest probably left them unchanged, so this is not a warning */
	for (int i = 0; i < LANES; i++)
		tell_stretches(notes, &j->lane[i], (enum lane)i, ENTRY_STOPPED,
			       "saved after the guest had stopped the ring");
	return any;
}

static struct err *join_index(struct frameset *set, const struct frame_index *x,
			      struct buf *notes, struct joined *out)
{
	struct doubts d = { 0 };
	const char *missing = "";
	size_t before = notes->len;
	struct err *e = doubts_sort(x, &d);
	unsigned int told = 0;

	for (size_t i = 0; !e && i < x->n_save; i++) {
		const struct frame_save *s = &x->save[i];
		struct frame_file *f = find(set, s->name);

		if (f) {
			f->used = true;
			e = put_save(&d, f, s, out);
			continue;
		}
		e = lane_grow(&out->lane[s->lane], (enum lane)s->lane, s->at + s->count);
		if (strcmp(missing, s->name) != 0 && told++ < TOLD_MAX)
			buf_addf(notes, "%s is missing\n", s->name);
		missing = s->name;
	}
	for (size_t i = 0; !e && i < x->n_doubt; i++) {
		const struct frame_doubt *lost = &x->doubt[i];

		if (!lost->name[0] && lost->at <= out->lane[lost->lane].n)
			e = lane_grow(&out->lane[lost->lane], (enum lane)lost->lane,
				      lost->at + lost->count);
	}
	for (size_t i = 0; !e && i < set->n; i++) {
		const struct frame_file *f = &set->file[i];

		if (!f->used && told++ < TOLD_MAX)
			buf_addf(notes, "%s does not list %s, which is left out\n", FRAME_INDEX,
				 f->name);
	}
	out->faults |= notes->len > before;
	out->lane[LANE_RIRB].assumed = x->assumed[LANE_RIRB];
	snprintf(out->device, sizeof(out->device), "%s", x->device);
	free(d.list);
	return e;
}

/* --- by their names -------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	const struct frame_file *x = *(struct frame_file *const *)a;
	const struct frame_file *y = *(struct frame_file *const *)b;
	int last = (x->kind == FRAME_LAST) - (y->kind == FRAME_LAST);

	if (last)
		return last;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->rirb != y->rirb)
		return x->rirb ? 1 : -1;
	return strlen(x->name) != strlen(y->name) ? (strlen(x->name) < strlen(y->name) ? -1 : 1) :
	       strcmp(x->name, y->name);
}

/* The file of that kind with the same number as @f. */
static struct frame_file *sibling(struct frameset *set, const struct frame_file *f,
				  enum frame_kind kind, bool rirb)
{
	char digits[FRAME_NAME_MAX], name[FRAME_NAME_MAX + 16];
	const char *tail = f->name + strcspn(f->name, "0123456789");

	snprintf(digits, sizeof(digits), "%s", kind == FRAME_LAST ? f->name : tail);
	snprintf(name, sizeof(name), "%s%s%s", rirb ? "rirb-" : "",
		 kind == FRAME_HALF ? "half" : kind == FRAME_LAP ? "frame" : "", digits);
	return strlen(name) < FRAME_NAME_MAX ? find(set, name) : NULL;
}

/* The two rings of one frame, with the contents of its other files copied over them. */
struct joined_page {
	uint8_t ring[LANES][RING * 8];
	unsigned int n[LANES];	/* number of entries */
};

static void page_take(struct joined_page *p, enum lane lane, const uint8_t *data, size_t len,
		      unsigned int slots)
{
	size_t width = lane_bytes(lane), n = len / width;

	if (n > slots)
		n = slots;
	memcpy(p->ring[lane], data, n * width);
	if (n > p->n[lane])
		p->n[lane] = (unsigned int)n;
}

static void page_file(struct joined_page *p, const struct frame_file *f, unsigned int slots)
{
	if (f->rirb) {
		page_take(p, LANE_RIRB, f->data, f->len, slots);
		return;
	}
	page_take(p, LANE_CORB, f->data, f->len, slots);
	if (f->len > FRAME_RIRB)
		page_take(p, LANE_RIRB, f->data + FRAME_RIRB, f->len - FRAME_RIRB, slots);
}

static void page_read(struct frameset *set, struct frame_file *f, struct joined_page *p,
		      struct buf *notes)
{
	struct frame_file *other;

	memset(p, 0, sizeof(*p));
	page_file(p, f, RING);
	f->used = true;
	other = sibling(set, f, (enum frame_kind)f->kind, true);
	if (other) {
		page_file(p, other, RING);
		other->used = true;
	}
	if (f->len != FRAME_BYTES && !(other && (f->len == 8 || f->len == 64 || f->len == 1024)))
		buf_addf(notes, "%s has %u bytes and not %u: %u verbs and %u responses of it are "
			 "read\n", f->name, f->len, FRAME_BYTES, p->n[LANE_CORB], p->n[LANE_RIRB]);
	/* the half frame was saved before the guest could write these slots again */
	for (int rirb = 0; f->kind == FRAME_LAP && rirb < 2; rirb++) {
		other = sibling(set, f, FRAME_HALF, rirb);
		if (!other)
			continue;
		page_file(p, other, RING / 2);
		other->used = true;
	}
}

static bool same_entry(const struct joined_page *a, const struct joined_page *b, enum lane lane, unsigned int i)
{
	size_t width = lane_bytes(lane);

	return memcmp(a->ring[lane] + i * width, b->ring[lane] + i * width, width) == 0;
}

/*
 * The last frame is not full: after the new entries it still has old ones. The number of new
 * entries shows only where they differ from the frame before (or from zeros, if there is
 * none).
 */
static void cut_last(struct joined_page *p, const struct joined_page *before, const char *name,
		     const char *before_name, struct buf *notes)
{
	static const struct joined_page zeros;
	const struct joined_page *old = before ? before : &zeros;
	unsigned int n = p->n[LANE_CORB], r = p->n[LANE_RIRB];

	while (n && same_entry(p, old, LANE_CORB, n - 1))
		n--;
	while (r && same_entry(p, old, LANE_RIRB, r - 1))
		r--;
	/* most responses are zero and show no difference, but each verb has a response */
	if (r < n && n <= p->n[LANE_RIRB])
		r = n;
	p->n[LANE_CORB] = n;
	p->n[LANE_RIRB] = r;
	buf_addf(notes, "%s: %u verbs and %u responses of it are new, as far as they differ from "
		 "%s\n", name, n, r, before ? before_name : "empty memory");
}

static struct err *append(struct joined *out, const struct joined_page *p)
{
	for (int i = 0; i < LANES; i++) {
		struct joined_lane *l = &out->lane[i];
		size_t width = lane_bytes((enum lane)i), first = l->n;
		struct err *e = lane_grow(l, (enum lane)i, first + p->n[i]);

		if (e)
			return e;
		if (!p->n[i])
			continue;
		memcpy(l->data + first * width, p->ring[i], p->n[i] * width);
		memset(l->state + first, ENTRY_GOOD, p->n[i]);
	}
	return NULL;
}

/* Every driver skips slot 0 of the first lap, so it contains nothing. */
static void drop_unused_first(struct joined *out)
{
	static const uint8_t zeros[8];

	for (int i = 0; i < LANES; i++) {
		struct joined_lane *l = &out->lane[i];

		if (l->n && memcmp(l->data, zeros, lane_bytes((enum lane)i)) == 0)
			l->state[0] = ENTRY_NONE;
	}
}

static struct err *join_names(struct frameset *set, struct buf *notes, struct joined *out)
{
	struct frame_file **order = calloc(set->n + 1, sizeof(*order));
	struct joined_page *page = calloc(2, sizeof(*page));
	const char *before = NULL;
	size_t told = notes->len;
	uint64_t expected = 0;
	struct err *e = page && order ? NULL : err_nomem();

	for (size_t i = 0; !e && i < set->n; i++)
		order[i] = &set->file[i];
	if (!e)
		qsort(order, set->n, sizeof(*order), by_number);
	for (size_t i = 0; !e && i < set->n; i++) {
		struct frame_file *f = order[i];
		struct joined_page *now = &page[0], *old = &page[1];

		if (f->rirb || f->kind == FRAME_HALF || f->kind == FRAME_MORE)
			continue;
		if (f->kind == FRAME_LAP && before && f->number < expected) {
			buf_addf(notes, "%s has the number of a frame before it, and is left out\n",
				 f->name);
			continue;
		}
		if (f->kind == FRAME_LAST && before && strncmp(before, "exit", 4) == 0) {
			buf_addf(notes, "%s is left out: there is %s already\n", f->name, before);
			continue;
		}
		if (f->kind == FRAME_LAP && f->number > expected) {
			uint64_t missing = f->number - expected;

			if (!before)
				buf_addf(notes, "the frames begin with %s\n", f->name);
			else
				buf_addf(notes, "between %s and %s %" PRIu64 " frame%s missing: "
					 "from 0x%08zx on addresses are lower than they were "
					 "noted\n", before, f->name, missing,
					 missing == 1 ? " is" : "s are",
					 out->lane[LANE_CORB].n * 4);
		}
		*old = *now;
		page_read(set, f, now, notes);
		out->faults |= notes->len > told;
		if (f->kind == FRAME_LAST)
			cut_last(now, before ? old : NULL, f->name, before, notes);
		told = notes->len;
		e = append(out, now);
		expected = (uint64_t)f->number + 1;
		before = f->name;
	}
	for (size_t i = 0; !e && i < set->n; i++)
		if (!set->file[i].used && (set->file[i].rirb || set->file[i].kind == FRAME_HALF ||
					   set->file[i].kind == FRAME_MORE))
			buf_addf(notes, "%s is left out: without %s its place is unknown\n",
				 set->file[i].name, FRAME_INDEX);
	out->faults |= notes->len > told;
	drop_unused_first(out);
	free(page);
	free(order);
	return e;
}

/* --- both ----------------------------------------------------------------- */

static bool any_there(struct frameset *set, const struct frame_index *x)
{
	for (size_t i = 0; i < x->n_save; i++)
		if (find(set, x->save[i].name))
			return true;
	return false;
}

struct err *frameset_join(struct frameset *set, struct buf *notes, struct joined *out)
{
	struct frame_index x = { 0 };
	struct err *e = NULL;

	*out = (struct joined){ .faults = notes->len > 0 };
	if (set->index)
		e = frame_index_read(set->index, set->index_len, notes, &x);
	if (e)
		return e;
	if (set->n)
		qsort(set->file, set->n, sizeof(*set->file), by_name);
	for (size_t i = 0; i < set->n; i++)
		set->file[i].used = false;
	if (set->index && set->n && !any_there(set, &x))
		buf_addf(notes, "%s lists none of the frames beside it, and is not used\n",
			 FRAME_INDEX);
	else
		out->indexed = set->index && x.n_save;
	out->faults |= notes->len > 0;
	e = out->indexed ? join_index(set, &x, notes, out) : join_names(set, notes, out);
	frame_index_deinit(&x);
	for (int i = 0; !e && i < LANES; i++) {
		struct joined_lane *l = &out->lane[i];
		size_t first = l->n && l->state[0] == ENTRY_NONE;

		for (size_t k = first; k < l->n; k++)
			l->count[l->state[k]]++;
	}
	if (e)
		joined_deinit(out);
	return e;
}
