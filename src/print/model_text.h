/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model for people: what the codec is, what its pins are for, which way
 * sound takes, and the state of every widget, a line each.
 */
#ifndef HDADUMP_PRINT_MODEL_TEXT_H
#define HDADUMP_PRINT_MODEL_TEXT_H

struct buf;
struct codec_model;

void model_to_text(const struct codec_model *m, struct buf *b);

#endif
