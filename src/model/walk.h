/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks a codec all that its proc text needs: the verbs that the kernel's
 * driver sends when it finds a codec and when somebody reads its proc file, in
 * that order, choosing the next by the answers as the kernel does.
 *
 * With codec_learn() on what is asked, any codec that answers verbs (a real
 * one through hwdep, an emulated one) becomes a model.
 *
 * Source: sound/hda/common/proc.c, sound/hda/core/device.c,
 * snd_hda_get_raw_connections and snd_hda_get_devices in sound/hda/common.
 */
#ifndef HDADUMP_MODEL_WALK_H
#define HDADUMP_MODEL_WALK_H

#include <stdbool.h>
#include <stdint.h>

/* What the kernel's codec driver decides, and no verb says. */
struct walk_options {
	bool multi_stream;	/* pins have device entries (dp_mst) */
	bool coefs;		/* coefficients are shown (dump_coef) */
	bool one_adc_amp;	/* inputs have one amplifier value (single_adc_amp) */
	bool pin_out_amps;	/* pins have one output value a connection (pin_amp_workaround) */
	bool pin_in_amps;	/* pins have one input value a connection (before 2.6.20) */
	bool all_selects;	/* mixers, knobs and power widgets are asked what they selected */
	bool pincap_reads_eapd;	/* EAPD is asked of pins that have it (since 2.6.20) */
	const uint16_t *hooks;	/* verbs to the audio group that the driver adds, ended by 0 */
};

struct walk {
	/* Sends @verb; the answer in *resp, or false when there is none (read as all ones). */
	bool (*ask)(void *arg, uint32_t verb, uint32_t *resp);
	void *arg;
	struct walk_options opt;
};

void codec_walk(const struct walk *w, unsigned int cad);

#endif
