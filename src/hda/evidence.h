/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decides whether a device is an HD Audio controller. If nothing else shows it (a trace log
 * has only a PCI address; an old one only a pointer), its register traffic does: an HD Audio
 * driver accesses one- and two-byte registers at offsets where a GPU, a disk or a network
 * card has none.
 *
 * Offsets and widths are those of the HD Audio specification, section 3.3.
 */
#ifndef HDADUMP_HDA_EVIDENCE_H
#define HDADUMP_HDA_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

struct evidence {
	/* a bit for each typical register that was accessed with its width */
	uint32_t seen;
	uint32_t telling;	/* number of such accesses */
	uint32_t odd;		/* number of accesses that no HD Audio driver makes */
	uint16_t last_wp;
	uint16_t wp_steps;	/* number of CORBWP writes, each one more than the last */
};

enum evidence_verdict {
	VERDICT_OPEN,
	VERDICT_HDA,
	VERDICT_OTHER,
};

/* Adds one access of @width bytes at @offset of the device's first BAR. */
void evidence_add(struct evidence *e, bool write, unsigned int width, uint64_t offset,
		  uint64_t value);
/* @last: there are no more accesses; decides with what there is. */
enum evidence_verdict evidence_verdict(const struct evidence *e, bool last);

#endif
