/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints a model as the text of /proc/asound/cardX/codec#Y.
 *
 * The text is made from the model's values alone, in the grammar of the current kernel or,
 * with the style that a reader found (model.style), in the spelling of the older kernel that
 * wrote the model's text. A line with unknown values is left out.
 *
 * Source of the grammar: sound/hda/common/proc.c.
 */
#ifndef HDADUMP_DUMP_PROC_PRINT_H
#define HDADUMP_DUMP_PROC_PRINT_H

struct buf;
struct codec_model;
struct proc_style;

/* @style NULL: the current kernel's. */
void proc_print(const struct codec_model *m, const struct proc_style *style, struct buf *b);

#endif
