/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One frame: the contents of the two rings, and the part that is new since the frame before. */
#ifndef HDADUMP_INPUT_FRAMES_FRAME_PAGE_H
#define HDADUMP_INPUT_FRAMES_FRAME_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#define ENTRIES 256
#define CORB_BYTES (ENTRIES * 4)
#define RIRB_BYTES (ENTRIES * 8)
#define RIRB_EX_UNSOL (1u << 4)
#define RIRB_EX_KNOWN 0x1fu

/* The contents of the rings. */
struct frame_page {
	uint32_t corb[ENTRIES];
	uint64_t rirb[ENTRIES];	/* response | ex << 32 */
	unsigned int words, pairs;	/* number of entries: a file may end within a ring */
	bool has_corb, has_rirb;
};

/* State that is kept from one page to the next. */
struct frame_state {
	uint16_t rirb_wp;	/* position of the responses at the last page */
	bool first;		/* this page is the first lap */
	bool late;		/* slot 0 belongs to the next lap */
};

/* The new entries of a page, as ranges of the two rings. */
struct lap {
	unsigned int first, words;
	unsigned int from, pairs;
	unsigned int lost;	/* number of responses before `from` that were overwritten */
};

void page_load_corb(struct frame_page *p, const uint8_t *from);
void page_load_rirb(struct frame_page *p, const uint8_t *from);
/* @last: saved at the end, so it may be less than a whole lap. */
void page_plan(const struct frame_page *p, const struct frame_page *before, bool last, struct frame_state *s,
	       struct lap *lap);

#endif
