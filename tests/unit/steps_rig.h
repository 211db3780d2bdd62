/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps of a text, and the lists written from them. */
#ifndef TESTS_UNIT_STEPS_RIG_H
#define TESTS_UNIT_STEPS_RIG_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "analyse/steps/steps.h"
#include "analyse/steps/steps_load.h"
#include "base/buf.h"
#include "base/err.h"

void rig_must(struct err *e);

/* Freed with steps_deinit(). */
void rig_log(const char *text, struct steps *a);

#define rig_list rig_log

/* The verbs of a choice, as words with a blank after each. */
void rig_words(const struct steps *a, const bool *chosen, struct buf *b);

/* The list as it is written. */
void rig_write_chosen(const struct steps *a, const bool *chosen, const char *made, struct buf *b);

void rig_write(const struct steps *a, const char *made, struct buf *b);

#endif
