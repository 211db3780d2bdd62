// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/frames/frame_page.h"

#include <string.h>

#include "base/bits.h"
#include "input/frames/frames.h"

/* --- recognising frames -------------------------------------------------- */

/* True for a word that a driver could send; memory that was never written is not. */
static bool is_verb(uint32_t w)
{
	unsigned int id = w >> 16 & 0xf;

	/* CAd of a real codec, and an id of the standard or of known vendors */
	return w && w >> 28 != 0xf && (id == 0x7 || id == 0xf || (id >= 2 && id <= 5) ||
				       (id >= 0xa && id <= 0xd) || (w & 0xfffff) < 0x20000);
}

struct counts {
	unsigned int verbs, nonzero;	/* number of words that look like CORB words */
	/* number of RIRB entries that are not empty; with a possible ex */
	unsigned int pairs, ex;
};

static void count_words(struct counts *c, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i + 4 <= len; i += 4) {
		uint32_t w = load_le32(p + i);

		c->nonzero += w != 0;
		c->verbs += is_verb(w);
	}
}

static void count_pairs(struct counts *c, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i + 8 <= len; i += 8) {
		c->pairs += load_le64(p + i) != 0;
		c->ex += load_le64(p + i) && !(load_le32(p + i + 4) & ~RIRB_EX_KNOWN);
	}
}

/* True if nearly all of them are, and there are enough to decide. */
static bool most(unsigned int n, unsigned int of)
{
	return of && n * 20 >= of * 19;
}

enum source_format frames_recognise(const void *head, size_t len, off_t size)
{
	const uint8_t *p = head;
	struct counts page = { 0 }, corb = { 0 }, rirb = { 0 };

	/* a text has no zero bytes */
	if (len < 8 || !memchr(p, 0, len) || (size >= 0 && size % 4))
		return SOURCE_FORMATS;
	/* in a CORB every second word is a verb, which cannot be a response_ex */
	count_pairs(&rirb, p, len);
	if (rirb.pairs && rirb.ex == rirb.pairs && (size < 0 || size % 8 == 0))
		return SOURCE_RIRB_FRAMES;
	if (len >= FRAME_BYTES && (size < 0 || size % FRAME_BYTES == 0)) {
		count_words(&page, p, CORB_BYTES);
		count_pairs(&page, p + FRAME_RIRB, RIRB_BYTES);
		if (most(page.verbs, page.nonzero) && page.ex == page.pairs)
			return SOURCE_FRAMES;
	}
	count_words(&corb, p, len);
	return most(corb.verbs, corb.nonzero) ? SOURCE_CORB_FRAMES : SOURCE_FORMATS;
}

void page_load_corb(struct frame_page *p, const uint8_t *from)
{
	for (unsigned int i = 0; i < ENTRIES; i++)
		p->corb[i] = load_le32(from + i * 4);
	p->words = ENTRIES;
	p->has_corb = true;
}

void page_load_rirb(struct frame_page *p, const uint8_t *from)
{
	for (unsigned int i = 0; i < ENTRIES; i++)
		p->rirb[i] = load_le64(from + i * 8);
	p->pairs = ENTRIES;
	p->has_rirb = true;
}

/* --- new entries --------------------------------------------------------- */

/*
 * The slots that were written since the page before, as a range of the ring: it ends with the
 * last slot that changed. The last page is seldom full.
 */
static unsigned int new_words(const struct frame_page *p, const struct frame_page *before,
			      unsigned int first, unsigned int most_new)
{
	for (unsigned int n = most_new; n; n--) {
		unsigned int slot = (first + n - 1) % ENTRIES;

		if (p->corb[slot] != before->corb[slot])
			return n;
	}
	return 0;
}

static unsigned int new_pairs(const struct frame_page *p, const struct frame_page *before,
			      unsigned int first, unsigned int most_new)
{
	for (unsigned int n = most_new; n; n--) {
		unsigned int slot = (first + n - 1) % ENTRIES;

		if (p->rirb[slot] != before->rirb[slot])
			return n;
	}
	return 0;
}

static unsigned int unsolicited(const struct frame_page *p, unsigned int from, unsigned int n)
{
	unsigned int found = 0;

	for (unsigned int i = 0; i < n; i++)
		found += (p->rirb[(from + i) % ENTRIES] >> 32 & RIRB_EX_UNSOL) != 0;
	return found;
}

static bool has_zero(const struct frame_page *p)
{
	for (unsigned int i = 1; i < ENTRIES; i++)
		if (!p->corb[i])
			return true;
	return false;
}

static void plan_words(const struct frame_page *p, const struct frame_page *before, bool last,
		       struct frame_state *s, struct lap *lap)
{
	/*
	 * if slot 0 was in use when the first frame was saved, it belongs to the next lap in
	 * every frame
	 */
	if (s->first && p->corb[0])
		s->late = true;
	/* after a reset both rings begin with slot 1 */
	lap->first = s->late || s->first;
	lap->words = ENTRIES - (s->first && !s->late);
	if (p->words < ENTRIES)
		lap->words = p->words > lap->first ? p->words - lap->first : 0;
	else if (last)
		lap->words = new_words(p, before, lap->first, lap->words);
}

/*
 * Each unsolicited response moves the response ring one slot ahead of the verb ring, so each
 * lap overwrites one more slot.
 */
static void plan_pairs(const struct frame_page *p, const struct frame_page *before, bool last,
		       struct frame_state *s, struct lap *lap)
{
	unsigned int room = ENTRIES - s->first, extra, all;

	lap->from = (s->rirb_wp + 1u) % ENTRIES;
	lap->pairs = room;
	if (p->pairs < ENTRIES)
		lap->pairs = p->pairs > lap->from ? p->pairs - lap->from : 0;
	else if (last)
		lap->pairs = new_pairs(p, before, lap->from, room);
	extra = unsolicited(p, lap->from, lap->pairs);
	/*
	 * at most one answer for each verb; a verb equal to that of the lap before counts as
	 * well
	 */
	if (last && p->has_corb && lap->pairs - extra > lap->words && lap->pairs < room)
		lap->words = lap->pairs - extra;
	if (lap->pairs == room) {
		all = (p->has_corb ? lap->words : room) + extra;
		lap->lost = all > ENTRIES ? all - ENTRIES : 0;
		lap->pairs = all - lap->lost;
		lap->from = (lap->from + lap->lost) % ENTRIES;
	}
	s->rirb_wp = (uint16_t)((lap->from + lap->pairs + ENTRIES - 1) % ENTRIES);
}

void page_plan(const struct frame_page *p, const struct frame_page *before, bool last, struct frame_state *s,
	       struct lap *lap)
{
	*lap = (struct lap){ 0 };
	/* a page with an unwritten slot was saved before the ring was full */
	last |= p->has_corb && has_zero(p);
	if (p->has_corb)
		plan_words(p, before, last, s, lap);
	if (p->has_rirb)
		plan_pairs(p, before, last, s, lap);
}
