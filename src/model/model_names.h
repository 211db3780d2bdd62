/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of the kernel's codec proc file for the fields of caps, pins and power states.
 * Reader and printer share them, so that they always know the same words.
 *
 * Source of the words: sound/hda/common/proc.c (sound/pci/hda/hda_proc.c before 6.17); of the
 * numbers: specification 1.0a, sections 7.3.3.31, 7.3.4.
 */
#ifndef HDADUMP_MODEL_MODEL_NAMES_H
#define HDADUMP_MODEL_MODEL_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct codec_model;

/* A bit (or bits) and its word, in the order of printing. */
struct bit_word {
	uint32_t mask;
	const char *word;
};

extern const struct bit_word pincap_words[];	/* without HDMI and R/L: see proc_print.c */
extern const struct bit_word vref_cap_words[];	/* bits 15:8 of the pin caps */
extern const struct bit_word pinctl_words[];
extern const struct bit_word eapd_words[];
extern const struct bit_word digital_words[];
extern const struct bit_word power_cap_words[];
extern const struct bit_word format_words[];
extern const struct bit_word wcap_words[];	/* the words after the channels */
extern const struct bit_word power_flag_words[];	/* bits of F05 */

/* Rates of parameter 0A, bit 0 upwards. */
extern const unsigned int pcm_rates[12];
/* Sample sizes of parameter 0A, bit 16 upwards. */
extern const unsigned int pcm_sizes[5];

#define PINCAP_IMP_SENSE 0x00000001u
#define PINCAP_TRIGGER 0x00000002u
#define PINCAP_DETECT 0x00000004u
#define PINCAP_HP 0x00000008u
#define PINCAP_OUT 0x00000010u
#define PINCAP_IN 0x00000020u
#define PINCAP_BALANCED 0x00000040u
#define PINCAP_HDMI 0x00000080u	/* on Realtek codecs: left and right can be swapped */
#define PINCAP_VREF 0x00003700u
#define PINCAP_VREF_MASK 0x0000ff00u
#define PINCAP_EAPD 0x00010000u
#define PINCAP_DP 0x01000000u
#define PINCAP_HBR 0x08000000u

const char *widget_type_name(int type);		/* -1: "UNKNOWN Widget" */
const char *power_state_name(unsigned int state);	/* "UNKNOWN" past D3cold */
const char *vref_ctl_name(unsigned int ctl);	/* bits 2:0 of the pin control; NULL: none */

/* The fields of a pin's default configuration word. */
const char *pin_connectivity(uint32_t cfg);	/* "Jack", "N/A", "Fixed", "Both" */
const char *pin_device(uint32_t cfg);		/* "Line Out", ... */
const char *pin_gross_location(uint32_t cfg);	/* "Ext", "Int", "Sep", "Oth" */
const char *pin_location(uint32_t cfg);		/* "Rear", ... */
const char *pin_connector(uint32_t cfg);	/* "1/8", ... */
const char *pin_color(uint32_t cfg);

/*
 * Appends the codec's name as the kernel would print it: the name in the text, else the name
 * in ids.def, else "<vendor> Generic". @m must have a root node or a name.
 */
void codec_name_add(const struct codec_model *m, struct buf *b);

#endif
