/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fix: the verbs that make one codec work, as plain data, for sending (replay/) or for an
 * exporter (export/). Everything is borrowed.
 */
#ifndef HDADUMP_ANALYSE_STEPS_VERB_FIX_H
#define HDADUMP_ANALYSE_STEPS_VERB_FIX_H

#include <stddef.h>
#include <stdint.h>

enum fix_kind {
	FIX_VERBS,	/* verbs without a known structure */
	FIX_COEF,	/* sets a coefficient, or some of its bits */
	FIX_CONFIG,	/* sets a pin's default configuration, all four bytes */
};

struct verb_fix_step {
	const uint32_t *words;	/* the verbs, always set; with the codec's address */
	size_t n;
	const char *text;	/* description of the step */
	const char *mark;	/* the user's marks before it, one a line, or NULL */
	uint32_t config;	/* FIX_CONFIG: the value */
	uint16_t index, value;	/* FIX_COEF: index and value */
	uint16_t mask;		/* FIX_COEF: mask of the bits to set; 0xffff = all */
	uint8_t nid;
	uint8_t kind;		/* enum fix_kind */
};

struct verb_fix {
	uint32_t vendor_id;	/* 0 = unknown, like the other ids */
	uint32_t subsystem_id;	/* of the codec */
	uint32_t pci_subsystem;	/* of the controller */
	uint8_t cad;
	const char *codec_name;	/* "Realtek ALC298", or NULL */
	const char *from;	/* name of the capture, or NULL */
	const char *sha256;	/* SHA-256 of the capture, or NULL */
	const char *made;	/* how it was reduced, or NULL */
	/* the kernel's hints and model, each line "hint: KEY = VALUE" or "model: NAME", or NULL */
	const char *hints;
	const struct verb_fix_step *step;
	size_t n;
};

/* The number of verbs in all steps. */
size_t fix_verbs(const struct verb_fix *f);
/* The number of steps that set a pin's default configuration. */
size_t fix_configs(const struct verb_fix *f);

#endif
