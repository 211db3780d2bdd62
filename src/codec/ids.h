/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of codecs by their vendor id, the answer to parameter 00 of the root
 * node.  Source: ids.def.  Names are constants.
 */
#ifndef HDADUMP_CODEC_IDS_H
#define HDADUMP_CODEC_IDS_H

#include <stdint.h>

/* "Realtek ALC298" for a vendor id of parameter 00; NULL if it has no known name. */
const char *codec_id_name(uint32_t vendor_id);
/* "Realtek" for a vendor id of parameter 00, or NULL. */
const char *codec_vendor_name(uint32_t vendor_id);
/*
 * The name for one revision (parameter 02) or one value of coefficient 0 of NID 20; NULL if
 * there is none. The arguments are NULL if they are unknown.
 */
const char *codec_variant_name(uint32_t vendor_id, const uint32_t *revision,
			       const uint32_t *coef0);

#endif
