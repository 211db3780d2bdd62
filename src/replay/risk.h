/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs of a list that may do harm, and are not sent unless the user allows it: risks.def. */
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
	const char *word;	/* the word for --allow */
	const char *what;
	const char *why;
};

extern const struct risk_row risk_rows[RISKS];

/* Parses comma-separated words, or "all"; adds to the mask (bit n: enum risk n). */
struct err *risk_parse(const char *list, uint8_t *mask);

/*
 * Judges @n verb words of one codec; @vendor_id may be 0 = unknown. @out has a mask for each.
 * All verbs of a transaction with an amplifier behind coefficients get its risk.
 */
struct err *risk_judge(uint32_t vendor_id, const uint32_t *verbs, size_t n, uint8_t *out);

#endif
