/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One frame: what the two rings held, and what of it is new since the one before. */
#ifndef HDADUMP_INPUT_FRAMES_FRAME_PAGE_H
#define HDADUMP_INPUT_FRAMES_FRAME_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#define ENTRIES 256
#define CORB_BYTES (ENTRIES * 4)
#define RIRB_BYTES (ENTRIES * 8)
#define RIRB_EX_UNSOL (1u << 4)
#define RIRB_EX_KNOWN 0x1fu

/* What the rings held. */
struct frame_page {
	uint32_t corb[ENTRIES];
	uint64_t rirb[ENTRIES];	/* response | ex << 32 */
	unsigned int words, pairs;	/* entries that are there: a file may end within a ring */
	bool has_corb, has_rirb;
};

/* What is known from one page to the next. */
struct frame_state {
	uint16_t rirb_wp;	/* where the responses stood at the last page */
	bool first;		/* this page is the first lap */
	bool late;		/* slot 0 belongs to the lap that begins */
};

/* What is new in a page, as stretches of the two rings. */
struct lap {
	unsigned int first, words;
	unsigned int from, pairs;
	unsigned int lost;	/* responses before `from` that were overwritten */
};

void page_load_corb(struct frame_page *p, const uint8_t *from);
void page_load_rirb(struct frame_page *p, const uint8_t *from);
/* @last: saved at the end, so it need not be a whole lap. */
void page_plan(const struct frame_page *p, const struct frame_page *before, bool last, struct frame_state *s,
	       struct lap *lap);

#endif
