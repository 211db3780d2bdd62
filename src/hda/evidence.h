/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is this device an HD Audio controller?  Where nothing else tells (a trace
 * log names a PCI address and no more; an old one only a pointer), its
 * register traffic does: an HD Audio driver reads and writes one- and two-byte
 * registers at places where a GPU, a disk or a network card has none.
 *
 * Offsets and widths are those of the HD Audio specification, section 3.3.
 */
#ifndef HDADUMP_HDA_EVIDENCE_H
#define HDADUMP_HDA_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

struct evidence {
	uint32_t seen;		/* telling registers that were accessed at their width */
	uint32_t telling;	/* how many such accesses */
	uint32_t odd;		/* accesses that no HD Audio driver makes */
	uint16_t last_wp;
	uint16_t wp_steps;	/* CORBWP writes, each one more than the last */
};

enum evidence_verdict {
	VERDICT_OPEN,
	VERDICT_HDA,
	VERDICT_OTHER,
};

/* One access of @width bytes at @offset of the device's first BAR. */
void evidence_add(struct evidence *e, bool write, unsigned int width, uint64_t offset,
		  uint64_t value);
/* @last: nothing more will come; what little there is decides. */
enum evidence_verdict evidence_verdict(const struct evidence *e, bool last);

#endif
