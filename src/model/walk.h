/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads everything from a codec that its proc text needs: sends the verbs that the kernel's
 * driver sends when it finds a codec and when its proc file is read, in the same order, and
 * chooses the next verb by the answers as the kernel does.
 *
 * If codec_learn() sees these verbs, any codec that answers (a real one through hwdep, or an
 * emulated one) becomes a model.
 *
 * Source: sound/hda/common/proc.c, sound/hda/core/device.c, snd_hda_get_raw_connections and
 * snd_hda_get_devices in sound/hda/common.
 */
#ifndef HDADUMP_MODEL_WALK_H
#define HDADUMP_MODEL_WALK_H

#include <stdbool.h>
#include <stdint.h>

/* Decisions of the kernel's codec driver that do not depend on answers. */
struct walk_options {
	bool multi_stream;	/* pins have device entries (dp_mst) */
	bool coefs;		/* read all coefficients (dump_coef) */
	bool one_adc_amp;	/* inputs have one amplifier value (single_adc_amp) */
	bool pin_out_amps;	/* pins have one output value a connection (pin_amp_workaround) */
	bool pin_in_amps;	/* pins have one input value a connection (before 2.6.20) */
	/* read the selected connection of mixers, knobs and power widgets too */
	bool all_selects;
	bool pincap_reads_eapd;	/* read EAPD of pins that have it in their caps (since 2.6.20) */
	const uint16_t *hooks;	/* verbs to the audio group that the driver adds; 0 ends the list */
};

struct walk {
	/*
	 * Sends @verb and stores the answer in *resp; false if there is none (taken as all
	 * ones).
	 */
	bool (*ask)(void *arg, uint32_t verb, uint32_t *resp);
	void *arg;
	struct walk_options opt;
};

void codec_walk(const struct walk *w, unsigned int cad);

#endif
