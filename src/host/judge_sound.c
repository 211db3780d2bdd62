// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether there is a codec that is driven by verbs, and whether Linux already supports it. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "host/judge_int.h"

static const char *bus_name(enum amp_bus bus)
{
	return bus == BUS_I2C ? "I2C" : bus == BUS_SPI ? "SPI" :
	       bus == BUS_SOUNDWIRE ? "SoundWire" : "I2C or SPI";
}

/* Copies "CS35L41" of "Cirrus CS35L41" in small letters, the spelling of drivers and the log. */
static void chip_word(const struct amp *a, char *out, size_t size)
{
	const char *space = strrchr(a->chip, ' ');

	text_cut(out, size, "%s", space ? space + 1 : a->chip);
	for (char *p = out; *p; p++)
		*p = (char)tolower((unsigned char)*p);
}

static void judge_amp(const struct facts *f, const struct amp *a, struct diagnosis *d)
{
	const struct controller *c = judge_chosen(f);
	struct doctor_finding *s;
	char word[48];

	chip_word(a, word, sizeof(word));
	if (a->codec && c && c->codecs) {
		s = say(d, SEV_NOTE, "sound", "a second codec, %s, is on %s (%s)", a->chip,
			bus_name(a->bus), a->id);
		because(s, "It is not controlled by verbs.");
		return;
	}
	if (a->codec)
		s = say(d, SEV_USELESS, "sound", "the codec is on %s, not on HD Audio: %s (%s)",
			bus_name(a->bus), a->chip, a->id);
	else if (a->count)
		s = say(d, SEV_USELESS, "sound",
			"the speakers are driven by %u %s amplifier%s on %s (%s)",
			a->count, a->chip, a->count == 1 ? "" : "s", bus_name(a->bus), a->id);
	else
		s = say(d, SEV_USELESS, "sound",
			"the firmware declares %s amplifiers (%s), and no bus has them yet",
			a->chip, a->id);
	s->first = true;
	if (a->codec)
		because(s, "It gets no verbs: a capture does not show what Windows sends to it.");
	else
		because(s, "They are not controlled through the codec: a capture of verbs "
			   "does not show what Windows sends to them.");
	if (!a->codec && c && c->codecs)
		because(s, "The codec's own part (headphones, microphones, what feeds the "
			   "amplifiers) can be captured all the same.");
	if (*a->driver)
		because(s,
			"Linux uses a driver for them (%s): look at its messages, at its "
			"firmware files and at its list of machines.",
			a->driver);
	else if (!a->codec)
		because(s, "No Linux driver has taken them: that alone keeps speakers silent.");
	command(s, "journalctl -k -b | grep -i -e %s -e %s", word, a->id);
}

static void judge_fixup(const struct facts *f, const struct codec *c, struct diagnosis *d)
{
	const char *device = strrchr(c->fixup_why, ':');
	bool general = !device || strcmp(device, ":0000") == 0;
	struct doctor_finding *s;

	if (*c->model) {
		s = say(d, SEV_CARE, "quirk",
			"a module option sets the model \"%s\" for codec %d of card %d",
			c->model, c->address, c->card);
		because(s, "Remove that option before you test what Linux does without it.");
		s->first = true;
	}
	if (c->fixup && !general) {
		s = say(d, SEV_CARE, "quirk",
			"Linux already has a quirk for this machine: %s%s%s (%s)",
			*c->fixup_name ? "\"" : "",
			*c->fixup_name ? c->fixup_name : "one without a name",
			*c->fixup_name ? "\"" : "", c->fixup_why);
		because(s, "This model is supported in part. Try the newest kernel first, and "
			   "read that quirk: perhaps little is missing.");
		s->first = true;
	} else if (c->fixup) {
		s = say(d, SEV_NOTE, "quirk",
			"Linux has only a general quirk for this codec (%s), none for this machine",
			*c->fixup_why ? c->fixup_why : "unnamed");
		because(s, "A capture can show what such a quirk needs.");
	} else if (f->log == YES) {
		s = say(d, SEV_NOTE, "quirk",
			"the kernel's log names no quirk for codec %d of card %d", c->address,
			c->card);
		because(s, "Older kernels do not say which they pick, and the log may begin later "
			   "than the driver did.");
	} else {
		s = say(d, SEV_NOTE, "quirk",
			"whether Linux has a quirk for this machine is not known: the kernel's log "
			"is not readable");
		command(s, "sudo dmesg | grep 'picked fixup'");
	}
	if (c->driver_pins)
		because(s, "The driver replaces the configuration of %u pin%s.", c->driver_pins,
			c->driver_pins == 1 ? "" : "s");
}

static void judge_dsp(const struct controller *c, struct diagnosis *d)
{
	struct doctor_finding *s;

	if (!c->codecs && c->card < 0) {
		s = say(d, SEV_CARE, "sound",
			"the DSP's driver (%s) has brought up no sound card, so the codec is not "
			"known",
			c->pci.driver);
		because(s, "Its firmware or topology may be missing: see the kernel's log. Boot "
			   "once with the plain driver to see the codec.");
		command(s, "journalctl -k -b | grep -i sof");
		command(s, "# for one boot, in the boot menu (e): snd_intel_dspcfg.dsp_driver=1");
		s->first = true;
		return;
	}
	if (!c->codecs) {
		s = say(d, SEV_USELESS, "sound",
			"sound goes through a DSP only (driver %s%s%s), and no HD Audio codec "
			"answers there",
			c->pci.driver, *c->card_name ? ", card " : "", c->card_name);
		because(s, "The codec is on I2S or SoundWire and gets no verbs.");
		s->first = true;
		return;
	}
	s = say(d, SEV_CARE, "sound", "Linux drives this controller through its DSP (%s%s%s)",
		c->pci.driver, *c->card_name ? ", card " : "", c->card_name);
	because(s, "The codec is on HD Audio all the same, and a Windows driver reaches it with "
		   "verbs; but in a guest Windows may stop at the DSP (Code 43, firmware that does "
		   "not start). Before that, boot Linux once with the plain driver: if the "
		   "speakers play then, nothing needs to be captured.");
	command(s, "# for one boot, in the boot menu (e): snd_intel_dspcfg.dsp_driver=1");
	s->first = true;
}

/*
 * True if every controller has a driver that shows its codecs, and all codecs are for screens
 * only.
 */
static bool only_screens(const struct facts *f)
{
	bool screens = false;

	for (unsigned int i = 0; i < f->n_controllers; i++) {
		const struct controller *c = &f->controllers[i];

		if (c->kind == CONTROLLER_ACP)
			continue;
		if (c->codecs || c->card < 0)
			return false;
	}
	for (unsigned int i = 0; i < f->n_codecs; i++)
		screens |= f->codecs[i].hdmi;
	return screens;
}

static void judge_codecs(const struct facts *f, const struct controller *c, struct diagnosis *d)
{
	bool vfio = strcmp(c->pci.driver, "vfio-pci") == 0;
	struct doctor_finding *s;

	for (unsigned int i = 0; i < f->n_codecs; i++) {
		const struct codec *codec = &f->codecs[i];

		if (codec->controller != (unsigned int)f->chosen || codec->hdmi || codec->modem)
			continue;
		say(d, SEV_GOOD, "sound", "codec %s (%08x), subsystem %08x, at address %d of %s",
		    codec->name, codec->vendor_id, codec->subsystem_id, codec->address,
		    c->pci.address);
		judge_fixup(f, codec, d);
	}
	if (c->codecs || c->kind == CONTROLLER_DSP)
		return;
	if (vfio) {
		say(d, SEV_NOTE, "sound",
		    "the codec is not visible: %s belongs to vfio-pci already", c->pci.address);
	} else if (!*c->pci.driver) {
		say(d, SEV_CARE, "sound", "no driver has %s, so its codecs are not known",
		    c->pci.address);
	} else if (only_screens(f)) {
		s = say(d, SEV_USELESS, "sound",
			"no codec with speakers or jacks: HD Audio is here only for screens");
		because(s, "Speakers and jacks are on I2S, SoundWire or USB, and get no verbs.");
		s->first = true;
	} else if (c->graphics || f->n_codecs) {
		s = say(d, SEV_CARE, "sound",
			"%s has only digital outputs of a screen: no codec with speakers or jacks",
			c->pci.address);
		s->first = true;
	} else {
		say(d, SEV_CARE, "sound", "no codec of %s is shown under /proc/asound",
		    c->pci.address);
	}
}

void judge_sound(const struct facts *f, struct diagnosis *d)
{
	const struct controller *c = judge_chosen(f);
	struct doctor_finding *s;

	for (unsigned int i = 0; i < f->n_amps; i++)
		judge_amp(f, &f->amps[i], d);
	if (!c) {
		s = say(d, *f->container ? SEV_BLOCKS : SEV_USELESS, "sound",
			"no audio controller is seen on PCI");
		if (*f->container)
			because(s, "A container shows little of the machine: run this on the "
				   "machine itself.");
		else
			because(s, "Sound that comes over USB, I2S or Bluetooth has no verbs.");
		s->first = true;
		return;
	}
	if (c->kind == CONTROLLER_ACP) {
		s = say(d, SEV_USELESS, "sound", "the only audio device is AMD's coprocessor %s",
			c->pci.address);
		because(s, "It serves codecs on I2S or SoundWire, which get no verbs.");
		s->first = true;
		return;
	}
	if (c->kind == CONTROLLER_DSP)
		judge_dsp(c, d);
	judge_codecs(f, c, d);
	for (unsigned int i = 0; i < f->n_controllers; i++) {
		const struct controller *o = &f->controllers[i];
		const char *what = o->kind == CONTROLLER_ACP
					   ? "AMD's coprocessor, for microphones as a rule"
				   : o->graphics ? "a graphics card's, for screens"
				   : o->codecs	 ? "with a codec too"
						 : "without a codec of its own";

		if (o == c)
			continue;
		s = say(d, SEV_NOTE, "sound", "another audio controller: ");
		add_device(&s->text, &o->pci);
		buf_addf(&s->text, ", %s", what);
	}
}
