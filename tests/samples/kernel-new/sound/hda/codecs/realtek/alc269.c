// SPDX-License-Identifier: GPL-2.0-or-later
/* Made for tests: the shape of the kernel's driver since 6.17, and nothing of its text. */

enum {
	ALC269_FIXUP_FIRST,
	ALC269_FIXUP_LAST,
};

static const struct hda_fixup alc269_fixups[] = {
	[ALC269_FIXUP_FIRST] = {
		.type = HDA_FIXUP_FUNC,
		.v.func = first,
	},
};

static const struct hda_quirk alc269_fixup_tbl[] = {
	SND_PCI_QUIRK(0x1025, 0x0283, "One", ALC269_FIXUP_FIRST),
	SND_PCI_QUIRK(0x17aa, 0x3000, "Two", ALC269_FIXUP_LAST),
	HDA_CODEC_QUIRK(0x17aa, 0x3001, "Three", ALC269_FIXUP_LAST),
	{}
};

static const struct hda_model_fixup alc269_fixup_models[] = {
	{.id = ALC269_FIXUP_FIRST, .name = "first"},
	{}
};

static int alc269_probe(struct hda_codec *codec, const struct hda_device_id *id)
{
	snd_hda_pick_fixup(codec, alc269_fixup_models,
		       alc269_fixup_tbl, alc269_fixups);
	return 0;
}

static const struct hda_device_id snd_hda_id_alc269[] = {
	HDA_CODEC_ID(0x10ec0298, "ALC298"),
	{}
};
