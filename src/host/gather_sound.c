// SPDX-License-Identifier: GPL-2.0-or-later
/* Cards, codecs, the quirks the kernel's driver applied, and the processes that use the cards. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "host/gather_int.h"

/* --- filters ---------------------------------------------------------------- */

/* Keeps the first of each card's two lines; the second may name the machine. */
static void keep_cards(const char *text, size_t len, struct buf *kept)
{
	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		const char *q = p + strspn(p, " ");

		if (isdigit((unsigned char)*q) && q - p < 3)
			buf_addf(kept, "%.*s\n", (int)strcspn(p, "\n"), p);
	}
}

static void keep_head(const char *text, size_t len, struct buf *kept)
{
	static const char *const wanted[] = {
		"Codec:", "Vendor Id:", "Subsystem Id:", "Revision Id:", "MFG Function Id:",
		"AFG Function Id:",
	};

	for (const char *p = text; *p && strncmp(p, "Node 0x", 7) != 0;
	     p += strcspn(p, "\n"), p += *p == '\n')
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			if (strncmp(p, wanted[i], strlen(wanted[i])) == 0)
				buf_addf(kept, "%.*s\n", (int)strcspn(p, "\n"), p);
}

static void keep_fixups(const char *text, size_t len, struct buf *kept)
{
	for (const char *p = text, *end = text + len; p < end && *p;) {
		size_t n = strcspn(p, "\n");
		const char *what = memmem(p, n, "hdaudio", 7);

		if (what && memmem(p, n, "picked fixup", 12)) {
			if (what > p && what[-1] == 'e')
				what--;
			buf_addf(kept, "%.*s\n", (int)(p + n - what), what);
		}
		p += n;
		p += *p == '\n';
	}
}

/* --- cards ------------------------------------------------------------------ */

static bool is_card(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && n < 7 && strncmp(name, "card", 4) == 0 &&
	       strspn(name + 4, "0123456789") == n - 4;
}

static bool is_codec(const char *name)
{
	return strncmp(name, "codec#", 6) == 0 && isdigit((unsigned char)name[6]) &&
	       strlen(name) < 9;
}

/* The controller whose address is the last one in the card's path; FACTS_CONTROLLERS = none. */
static unsigned int controller_of(struct machine *m, const struct facts *f, const char *card)
{
	char path[MACHINE_PATH], real[MACHINE_PATH];
	unsigned int best = FACTS_CONTROLLERS;
	const char *at = NULL;

	text_cut(path, sizeof(path), "/sys/class/sound/%s", card);
	if (machine_real(m, path, real, sizeof(real)) != LOOK_OK)
		return best;
	for (unsigned int i = 0; i < f->n_controllers; i++) {
		const char *found = strstr(real, f->controllers[i].pci.address);

		if (found && (!at || found > at)) {
			at = found;
			best = i;
		}
	}
	return best;
}

/* Reads each card's driver from " 0 [PCH            ]: HDA-Intel - HDA Intel PCH". */
static void card_names(struct machine *m, struct facts *f)
{
	struct buf text = { 0 };

	machine_read(m, "/proc/asound/cards", keep_cards, &text);
	for (const char *p = buf_str(&text); *p; p += strcspn(p, "\n"), p += *p == '\n') {
		int number = atoi(p);
		const char *name = strstr(p, "]: "), *end = strchr(p, '\n');

		if (!name || (end && name > end))
			continue;
		name += 3;
		for (unsigned int i = 0; i < f->n_controllers; i++) {
			struct controller *c = &f->controllers[i];

			if (c->card == number)
				text_cut(c->card_name, sizeof(c->card_name), "%.*s",
					 (int)strcspn(name, " \n"), name);
		}
	}
	buf_deinit(&text);
}

/* --- codecs ----------------------------------------------------------------- */

static uint32_t number_after(const char *text, const char *name)
{
	const char *p = strstr(text, name);

	return p ? (uint32_t)strtoul(p + strlen(name), NULL, 0) : 0;
}

static unsigned int lines_of(struct machine *m, const char *path)
{
	struct buf text = { 0 };
	unsigned int n = 0;

	machine_read(m, path, NULL, &text);
	for (const char *p = buf_str(&text); *p; p++)
		n += *p == '\n';
	buf_deinit(&text);
	return n;
}

/*
 * True if the codec has digital outputs for screens only: AMD/ATI, Nvidia, or "HDMI" in its
 * name.
 */
static bool is_hdmi(const struct codec *c)
{
	unsigned int vendor = c->vendor_id >> 16;

	return vendor == 0x1002 || vendor == 0x10de || vendor == 0x8086 ||
	       strstr(c->name, "HDMI") || strstr(c->name, "DisplayPort");
}

static void gather_codec(struct machine *m, struct facts *f, int card, const char *name,
			 unsigned int controller)
{
	struct codec *c = &f->codecs[f->n_codecs++];
	struct buf text = { 0 };
	char path[MACHINE_PATH];

	*c = (struct codec){ .card = card, .address = atoi(name + 6), .controller = controller };
	text_cut(path, sizeof(path), "/proc/asound/card%d/%s", card, name);
	machine_read(m, path, keep_head, &text);
	const char *head = buf_str(&text), *p = strstr(head, "Codec: ");
	if (p)
		text_cut(c->name, sizeof(c->name), "%.*s", (int)strcspn(p + 7, "\n"), p + 7);
	c->vendor_id = number_after(head, "Vendor Id:");
	c->subsystem_id = number_after(head, "Subsystem Id:");
	c->revision = number_after(head, "Revision Id:");
	c->modem = strstr(head, "MFG Function Id:") && !strstr(head, "AFG Function Id:");
	c->hdmi = is_hdmi(c);
	text_cut(path, sizeof(path), "/sys/class/sound/hwC%dD%d/modelname", card, c->address);
	machine_line(m, path, c->model, sizeof(c->model));
	text_cut(path, sizeof(path), "/sys/class/sound/hwC%dD%d/driver_pin_configs", card,
		 c->address);
	c->driver_pins = lines_of(m, path);
	if (controller < f->n_controllers && !c->hdmi && !c->modem)
		f->controllers[controller].codecs++;
	buf_deinit(&text);
}

/*
 * Reads the quirk from "hdaudioC0D0: ALC287: picked fixup NAME for PCI SSID 17aa:2318", or
 * "NAME (pin match)".
 */
static void take_fixup(struct facts *f, const char *line, size_t len)
{
	char text[256];
	int card = -1, address;

	text_cut(text, sizeof(text), "%.*s", (int)(len < 255 ? len : 255), line);
	bool dsp = text[0] == 'e';	/* ehdaudio0D0: the first number is the bus, not the card */
	if (sscanf(text, dsp ? "ehdaudio%dD%d:" : "hdaudioC%dD%d:", &card, &address) != 2)
		return;
	char *name = strstr(text, "picked fixup ");
	if (!name)
		return;
	name += strlen("picked fixup ");
	char *why = strstr(name, " for "), *close;
	if (why) {
		*why = '\0';
		why += 5;
	} else if ((why = strchr(name, '('))) {
		close = strchr(why, ')');
		if (close)
			*close = '\0';
		*why++ = '\0';
	}
	for (size_t n = strlen(name); n && name[n - 1] == ' '; n--)
		name[n - 1] = '\0';
	for (unsigned int i = 0; i < f->n_codecs; i++) {
		struct codec *c = &f->codecs[i];
		bool here = c->address == address &&
			    (dsp ? c->controller < f->n_controllers &&
				   f->controllers[c->controller].kind == CONTROLLER_DSP :
				   c->card == card);

		if (!here)
			continue;
		c->fixup = true;
		text_cut(c->fixup_name, sizeof(c->fixup_name), "%.63s", name + strspn(name, " "));
		text_cut(c->fixup_why, sizeof(c->fixup_why), "%.47s", why ? why : "");
	}
}

static void gather_fixups(struct machine *m, struct facts *f)
{
	struct buf text = { 0 };
	enum read_status look = machine_ask(m, "log", keep_fixups, &text);

	f->log = look == LOOK_OK ? YES : NO;
	for (const char *p = buf_str(&text); *p; p += strcspn(p, "\n"), p += *p == '\n')
		take_fixup(f, p, strcspn(p, "\n"));
	buf_deinit(&text);
}

static void gather_users(struct machine *m, struct facts *f)
{
	struct buf text = { 0 };

	machine_ask(m, "users", NULL, &text);
	for (const char *p = buf_str(&text); *p && f->n_users < FACTS_USERS;
	     p += strcspn(p, "\n"), p += *p == '\n') {
		struct user u = { 0 };
		char line[200];

		text_cut(line, sizeof(line), "%.*s",
			 (int)(strcspn(p, "\n") < 199 ? strcspn(p, "\n") : 199), p);
		/* a program's name may contain blanks, so the device is the last word */
		char *device = strrchr(line, ' '), *name = strchr(line, ' ');
		if (!device || name == device)
			continue;
		*device++ = '\0';
		u.pid = (unsigned int)strtoul(line, NULL, 10);
		text_cut(u.name, sizeof(u.name), "%.63s", name + 1);
		text_cut(u.device, sizeof(u.device), "%.63s", device);
		f->users[f->n_users++] = u;
	}
	buf_deinit(&text);
}

void gather_codecs(struct machine *m, struct facts *f)
{
	struct names cards, codecs;
	char path[MACHINE_PATH];

	machine_list(m, "/proc/asound", is_card, &cards);
	for (size_t i = 0; i < cards.n; i++) {
		unsigned int controller = controller_of(m, f, cards.name[i]);
		int card = atoi(cards.name[i] + 4);

		if (controller < f->n_controllers)
			f->controllers[controller].card = card;
		text_cut(path, sizeof(path), "/proc/asound/%s", cards.name[i]);
		machine_list(m, path, is_codec, &codecs);
		for (size_t k = 0; k < codecs.n && f->n_codecs < FACTS_CODECS; k++)
			gather_codec(m, f, card, codecs.name[k], controller);
		names_deinit(&codecs);
	}
	names_deinit(&cards);
	card_names(m, f);
	gather_fixups(m, f);
	gather_users(m, f);
}
