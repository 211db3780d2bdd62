/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model for people: what the codec is, what its pins are for, which way
 * sound takes, and the state of every widget, a line each.
 */
#ifndef HDADUMP_PRINT_MODEL_TEXT_H
#define HDADUMP_PRINT_MODEL_TEXT_H

struct buf;
struct model_list;
struct codec_model;

void model_to_text(const struct codec_model *m, struct buf *b);

/* What there is to say about how @name was read, as notes. */
void model_notes(const char *name, const struct model_list *l);

#endif
