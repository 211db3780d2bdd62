// SPDX-License-Identifier: GPL-2.0-or-later
/* Made for tests: the shape of the kernel's driver before 6.17, and nothing of its text. */

enum {
	ALC_OTHER_A,
	ALC_OTHER_B
};

static const struct hda_fixup alc260_fixups[] = {
	[ALC260_FIXUP_ONE] = { .type = HDA_FIXUP_FUNC, .v.func = one },
};

enum {
	ALC260_FIXUP_ONE,
};

/* of two families in one file the right one must be found */
enum {
	ALC269_FIXUP_FIRST,
	ALC269_FIXUP_SECOND,	/* a comment, with a comma */
	ALC269_FIXUP_LAST
};

static const struct hda_fixup alc269_fixups[] = {
	[ALC269_FIXUP_FIRST] = {
		.type = HDA_FIXUP_FUNC,
		.v.func = first,
	},
	[ALC269_FIXUP_LAST] = {
		.type = HDA_FIXUP_FUNC,
		.v.func = last,
	}
};

static const struct snd_pci_quirk alc269_fixup_tbl[] = {
	SND_PCI_QUIRK(0x1025, 0x0283, "Maker, Model (one)", ALC269_FIXUP_FIRST),
	SND_PCI_QUIRK(0x144d, 0xc109, "Two", ALC269_FIXUP_FIRST),
	SND_PCI_QUIRK(0x144d, 0xc900, "Three", ALC269_FIXUP_SECOND),
	SND_PCI_QUIRK(0x17aa, 0x3000, "Four", ALC269_FIXUP_LAST),

#if 0
	SND_PCI_QUIRK(0x144d, 0xc8ff, "Long ago", ALC269_FIXUP_FIRST),
#endif
	{}
};

static const struct hda_model_fixup alc269_fixup_models[] = {
	{.id = ALC269_FIXUP_FIRST, .name = "first"},
	{}
};

static int patch_alc269(struct hda_codec *codec);

enum {
	ALC861_FIXUP_ONE,
};

static const struct hda_fixup alc861_fixups[] = {
	[ALC861_FIXUP_ONE] = { .type = HDA_FIXUP_FUNC, .v.func = one },
};

static const struct snd_pci_quirk alc861_fixup_tbl[] = {
	SND_PCI_QUIRK_VENDOR(0x1043, "Maker", ALC861_FIXUP_ONE),
	{}
};

static int patch_alc861(struct hda_codec *codec)
{
	snd_hda_pick_fixup(codec, NULL, alc861_fixup_tbl, alc861_fixups);
	return 0;
}

static int patch_alc260(struct hda_codec *codec)
{
	snd_hda_pick_fixup(codec, alc260_fixup_models, alc260_fixup_tbl, alc260_fixups);
	return 0;
}

static int patch_alc269(struct hda_codec *codec)
{
	snd_hda_pick_fixup(codec, NULL, alc269_fixup_vendor_tbl, alc269_fixups);
	snd_hda_pick_fixup(codec, alc269_fixup_models,
		       alc269_fixup_tbl, alc269_fixups);
	return 0;
}

static const struct hda_device_id snd_hda_id_realtek[] = {
	HDA_CODEC_ENTRY(0x10ec0260, "ALC260", patch_alc260),
	HDA_CODEC_REV_ENTRY(0x10ec0861, 0x100340, "ALC660", patch_alc861),
	HDA_CODEC_ENTRY(0x10ec0298, "ALC298", patch_alc269),
	{}
};
