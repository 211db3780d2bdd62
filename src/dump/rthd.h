/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads RtHDDump.txt, what Realtek's Windows tool writes of a codec that its
 * driver has set up: pin defaults, converters, amplifiers, pin controls, power,
 * GPIO and all coefficients, those of hidden widgets too.  It does not hold
 * the widgets' caps nor whole connection lists.
 *
 * Chapters other than the codec's (driver settings, registry) are passed over;
 * within the codec's chapter every line that cannot be read is named.
 *
 * Source of the shapes: section 6.9 of the reference; files of version V2.x.
 */
#ifndef HDADUMP_DUMP_RTHD_H
#define HDADUMP_DUMP_RTHD_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct model_list;

/* Whether the text looks like one. */
bool rthd_is(const void *data, size_t len);
/* Adds its codecs to @out, which the caller has zeroed.  Errors: no memory. */
struct err *rthd_read(const void *data, size_t len, struct model_list *out);

#endif
