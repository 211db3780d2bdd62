/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers as one JSON document, codec by codec: docs/json-analyse.md. */
#ifndef HDADUMP_PRINT_JSON_STATE_JSON_H
#define HDADUMP_PRINT_JSON_STATE_JSON_H

#include "print/state_text.h"

struct buf;
struct err;
struct state_doc;

struct state_doc *state_doc_create(void);
void state_doc_rows(struct state_doc *doc, const struct state_show *o, const struct state *s);
void state_doc_against(struct state_doc *doc, const struct state *here, const struct state *there,
		       const struct state_differences *d);
/* Appends it to @out and frees it; @doc NULL means that memory ran out. */
struct err *state_doc_answer(struct state_doc *doc, struct buf *out);

#endif
