/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints a model for people: the codec's name and ids, the purpose of its pins, the routes of
 * sound, and the state of every widget, one line each.
 */
#ifndef HDADUMP_PRINT_MODEL_TEXT_H
#define HDADUMP_PRINT_MODEL_TEXT_H

struct buf;
struct model_list;
struct codec_model;

void model_to_text(const struct codec_model *m, struct buf *b);

/* Prints the notes about reading @name. */
void model_notes(const char *name, const struct model_list *l);

#endif
