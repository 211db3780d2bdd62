/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The questions and results of a bisection, written to standard output at once. */
#ifndef HDADUMP_PRINT_BISECT_TEXT_H
#define HDADUMP_PRINT_BISECT_TEXT_H

#include <stddef.h>

#include "replay/bisect.h"

struct verb_fix;

/* "3: which half: 31 of 62 steps" */
void bisect_print_question(const struct bisect_step *s, size_t steps);
void bisect_print_prompt(void);
/* The user gave no answer: ends the line. */
void bisect_print_end(void);
/* The answer that a command gave. */
void bisect_print_answer(enum bisect_answer answer);
/* The steps that matter, and the next command, on standard error. */
void bisect_note_result(const struct bisect_step *s, const struct verb_fix *f, const char *out);

#endif
