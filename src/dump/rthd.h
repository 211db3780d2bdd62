/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads RtHDDump.txt, which Realtek's Windows tool writes for a codec in the state that the
 * Windows driver has set: pin defaults, converters, amplifiers, pin controls, power, GPIO and
 * all coefficients, also of hidden widgets. It does not contain the widgets' caps or whole
 * connection lists.
 *
 * Other chapters (driver settings, registry) are skipped; within the codec's chapter every
 * line that cannot be read gets a note.
 *
 * Source of the format: section 6.9 of the reference; files of version V2.x.
 */
#ifndef HDADUMP_DUMP_RTHD_H
#define HDADUMP_DUMP_RTHD_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct model_list;

/* True if the text looks like an RtHDDump. */
bool rthd_is(const void *data, size_t len);
/* Adds the text's codecs to @out, which the caller has zeroed. Errors: no memory. */
struct err *rthd_read(const void *data, size_t len, struct model_list *out);

#endif
