/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One step as members of a JSON object. */
#ifndef HDADUMP_PRINT_JSON_STEP_JSON_H
#define HDADUMP_PRINT_JSON_STEP_JSON_H

#include "print/json/json_build.h"

struct step;
struct steps;

/* n, cad, nid, kind, text and verbs: docs/json-analyse.md. */
void json_put_step(json *k, const struct steps *a, const struct step *t);

#endif
