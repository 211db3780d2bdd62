/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists for the proof: from a text, and from chosen steps. */
#ifndef TESTS_UNIT_PROOF_RIG_H
#define TESTS_UNIT_PROOF_RIG_H

#include "analyse/proof.h"
#include "steps_rig.h"
#include "event/event.h"
#include "hda/xact.h"

/* Gets every verb of an input, as in cmd/cmd_reduce.c. */
struct proof_sink {
	struct sink sink;
	struct proof_list list;
};

void proof_of_path(const char *path, struct proof_list *l, struct steps *a);
void proof_of_text(const char *text, struct proof_list *l, struct steps *a);
void proof_of_chosen(const struct steps *a, const bool *chosen, struct proof_list *l);

#endif
