/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads codec models from text: /proc/asound/cardX/codec#Y of every kernel since 2.6.12, one
 * or several after each other, inside an alsa-info text or a mail, with any line ends,
 * wrapped or cut. Every line that cannot be read is listed in the notes. The only error is
 * lack of memory.
 *
 * Source of the grammar: sound/hda/common/proc.c (sound/pci/hda/hda_proc.c) from 2.6.12 to
 * 7.1; section 6.1 of the reference lists the variants.
 */
#ifndef HDADUMP_DUMP_PROC_READ_H
#define HDADUMP_DUMP_PROC_READ_H

#include <stddef.h>

#include "model/model_list.h"

struct err;

/* Adds the codecs of the text to @out, which the caller has zeroed. */
struct err *proc_read(const void *data, size_t len, struct model_list *out);

#endif
