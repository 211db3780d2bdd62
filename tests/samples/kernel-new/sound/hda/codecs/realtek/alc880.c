// SPDX-License-Identifier: GPL-2.0-or-later
/* Made for tests: a driver of another family beside it. */
static const struct hda_device_id snd_hda_id_alc880[] = {
	HDA_CODEC_ID(0x10ec0880, "ALC880"),
	{}
};
