/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fix: the verbs that make one codec work, as plain data, on their way to what
 * sends them (replay/) or to somebody who uses them (export/).  Everything is borrowed.
 */
#ifndef HDADUMP_ANALYSE_STEPS_VERB_FIX_H
#define HDADUMP_ANALYSE_STEPS_VERB_FIX_H

#include <stddef.h>
#include <stdint.h>

enum fix_kind {
	FIX_VERBS,	/* as they are */
	FIX_COEF,	/* a coefficient is given a value, or some of its bits are */
	FIX_CONFIG,	/* a pin's default configuration, all four bytes */
};

struct verb_fix_step {
	const uint32_t *words;	/* the verbs, always; with the codec's address */
	size_t n;
	const char *text;	/* what it does */
	const char *mark;	/* the user's words in front of it, a mark a line, or NULL */
	uint32_t config;	/* FIX_CONFIG */
	uint16_t index, value;	/* FIX_COEF */
	uint16_t mask;		/* FIX_COEF: the bits that are given; 0xffff: all */
	uint8_t nid;
	uint8_t kind;		/* enum fix_kind */
};

struct verb_fix {
	uint32_t vendor_id;	/* 0: unknown, as the others */
	uint32_t subsystem_id;	/* of the codec */
	uint32_t pci_subsystem;	/* of the controller */
	uint8_t cad;
	const char *codec_name;	/* "Realtek ALC298", or NULL */
	const char *from;	/* the capture, or NULL */
	const char *sha256;	/* of it, or NULL */
	const char *made;	/* how it was reduced, or NULL */
	const struct verb_fix_step *step;
	size_t n;
};

/* How many verbs there are in all. */
size_t fix_verbs(const struct verb_fix *f);
/* How many steps set a pin's default configuration. */
size_t fix_configs(const struct verb_fix *f);

#endif
