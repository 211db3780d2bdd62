/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields whose value is computed from the whole word and from what is known about the codec.
 * Each function returns false if the field has no meaning; the field is left out then.
 * Private to the codec room.
 */
#ifndef HDADUMP_CODEC_COMPUTED_H
#define HDADUMP_CODEC_COMPUTED_H

#include "codec/fields.h"

#define COMPUTED(fn) bool fn(const struct decode_ctx *c, uint32_t word, int32_t *number)
COMPUTED(format_rate);
COMPUTED(format_channels);
COMPUTED(channel_count);
COMPUTED(device_count);
COMPUTED(widget_channels);
COMPUTED(beep_tone);
COMPUTED(amp_cap_step);
COMPUTED(amp_cap_min);
COMPUTED(amp_cap_max);
COMPUTED(amp_set_level);
COMPUTED(amp_get_level);
COMPUTED(amp_set_from);
COMPUTED(amp_ask_from);
COMPUTED(conn_from);
COMPUTED(coef_at);
COMPUTED(dip_byte);
COMPUTED(impedance);
COMPUTED(unsol_nid0);
COMPUTED(unsol_nid1);
COMPUTED(unsol_nid2);
COMPUTED(unsol_nid3);
COMPUTED(unsol_nid_alc880);
COMPUTED(ca_ports);
#undef COMPUTED

#endif
