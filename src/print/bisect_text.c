// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/bisect_text.h"

#include <math.h>
#include <stdio.h>

#include "analyse/steps/verb_fix.h"
#include "base/log.h"

void bisect_print_question(const struct bisect_step *s, size_t steps)
{
	printf("%u: %s: %zu of %zu steps", s->asked + 1, bisect_stage_text(s->stage), s->n_chosen, steps);
	if (s->found)
		printf("; %zu known to be needed", s->found);
	putchar('\n');
	fflush(stdout);
}

void bisect_print_prompt(void)
{
	printf("did it work? [y/n/again/skip/quit] ");
	fflush(stdout);
}

void bisect_print_end(void)
{
	putchar('\n');
}

void bisect_print_answer(enum bisect_answer answer)
{
	printf("   %s\n", answer == BISECT_YES ? "works" : answer == BISECT_NO ? "does not" :
	       "cannot tell");
}

void bisect_note_result(const struct bisect_step *s, const struct verb_fix *f, const char *out)
{
	double n = (double)f->n, k = (double)s->n_chosen;

	log_note("%zu of %zu steps matter; they are in %s, found with %u questions (log2 of the "
		 "possibilities: %.1f)", s->n_chosen, f->n, out, s->asked,
		 (lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)) / log(2));
	for (size_t i = 0; i < f->n; i++)
		if (s->chosen[i])
			log_note("  %s", f->step[i].text);
	if (s->rescued)
		log_note("the whole list does not work: something in it breaks what these do");
	if (s->settled)
		log_note("%u questions got different answers when they were asked again", s->settled);
	if (s->skipped)
		log_note("%u questions had no answer: the list may hold more than it needs", s->skipped);
	log_note("what next: hdadump export --as hda-verb %s -o FIX", out);
}
