/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The doctor's findings, in words and as JSON. */
#ifndef HDADUMP_PRINT_DOCTOR_H
#define HDADUMP_PRINT_DOCTOR_H

#include "host/facts.h"
#include "host/judge.h"
#include "host/private.h"

struct bind_step;
struct err;

struct err *doctor_print_text(const struct facts *f, const struct diagnosis *d);
/* Nothing in it names a person, a serial number or a network; @id says what else to hide. */
struct err *doctor_print_json(const struct facts *f, const struct diagnosis *d,
			      const struct private_identity *id);

/* A step is shown as a shell would do it, before it is done; for bind_run(). */
void doctor_print_step(void *arg, const struct bind_step *s, bool undo);

#endif
