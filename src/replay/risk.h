/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What in a list of verbs may do harm, and so is not sent without the user's
 * word: risks.def.
 */
#ifndef HDADUMP_REPLAY_RISK_H
#define HDADUMP_REPLAY_RISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum risk {
#define RISK(id, word, what, why) RISK_##id,
#include "replay/risks.def"
#undef RISK
	RISKS
};

struct risk_row {
	const char *word;	/* of --allow */
	const char *what;
	const char *why;
};

extern const struct risk_row risk_rows[RISKS];

/* Comma-separated words, or "all"; adds to the mask (bit n: enum risk n). */
struct err *risk_parse(const char *list, uint8_t *mask);

/*
 * Judges @n verb words of one codec; @vendor_id may be 0.  @out has a mask for
 * each.  A transaction with an amplifier behind coefficients is marked whole.
 */
struct err *risk_judge(uint32_t vendor_id, const uint32_t *verbs, size_t n, uint8_t *out);

#endif
