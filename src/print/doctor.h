/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the doctor's findings, as text and as JSON. */
#ifndef HDADUMP_PRINT_DOCTOR_H
#define HDADUMP_PRINT_DOCTOR_H

#include "host/facts.h"
#include "host/judge.h"
#include "host/private.h"

struct bind_step;
struct err;

struct err *doctor_print_text(const struct facts *f, const struct diagnosis *d);
/* The output names no person, serial number or network; @id has more names to hide. */
struct err *doctor_print_json(const struct facts *f, const struct diagnosis *d,
			      const struct private_identity *id);

/* Prints a step as a shell command before it is done; for bind_run(). */
void doctor_print_step(void *arg, const struct bind_step *s, bool undo);

#endif
