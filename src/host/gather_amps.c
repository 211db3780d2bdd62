// SPDX-License-Identifier: GPL-2.0-or-later
/* Chips beside the codec: those that the firmware declares, and those found on the buses. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/text.h"
#include "host/gather_int.h"

static const struct acpi_chip {
	const char *id, *chip;
	bool codec;
} acpi_chips[] = {
#define ACPI_CHIP(id, chip, codec) { id, chip, codec },
#define SOUNDWIRE_CHIP(vendor, part, chip, codec)
#include "host/amps.def"
#undef ACPI_CHIP
#undef SOUNDWIRE_CHIP
};

static const struct soundwire_chip {
	unsigned int vendor, part;
	const char *chip;
	bool codec;
} soundwire_chips[] = {
#define ACPI_CHIP(id, chip, codec)
#define SOUNDWIRE_CHIP(vendor, part, chip, codec) { vendor, part, chip, codec },
#include "host/amps.def"
#undef ACPI_CHIP
#undef SOUNDWIRE_CHIP
};

static const struct acpi_chip *acpi_chip(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(acpi_chips); i++) {
		size_t n = strlen(acpi_chips[i].id);

		if (strncmp(name, acpi_chips[i].id, n) == 0 && name[n] == ':')
			return &acpi_chips[i];
	}
	return NULL;
}

static bool is_acpi_chip(const char *name)
{
	return acpi_chip(name);
}

/*
 * Finds the chip by the id inside "i2c-CSC3551:00-cs35l41-hda.0", "spi1-CSC3551:00-..." or
 * "spi-CSC3551:00".
 */
static const struct acpi_chip *bus_chip(const char *name)
{
	const char *dash = strchr(name, '-');

	return dash ? acpi_chip(dash + 1) : NULL;
}

static bool is_bus_chip(const char *name)
{
	return bus_chip(name);
}

/* Finds the chip by manufacturer and part in "sdw:0:1:025d:1316:01" or "sdw:0:025d:1316:01:0". */
static const struct soundwire_chip *wire_chip(const char *name)
{
	for (const char *p = strncmp(name, "sdw:", 4) == 0 ? name + 3 : NULL; p;
	     p = strchr(p + 1, ':')) {
		unsigned int vendor, part;
		int n = 0;

		if (sscanf(p, ":%4x:%4x%n", &vendor, &part, &n) != 2 || n != 10)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(soundwire_chips); i++)
			if (soundwire_chips[i].vendor == vendor && soundwire_chips[i].part == part)
				return &soundwire_chips[i];
	}
	return NULL;
}

static bool is_wire_chip(const char *name)
{
	return wire_chip(name);
}

static struct amp *amp_of(struct facts *f, const char *id, const char *chip, bool codec)
{
	for (unsigned int i = 0; i < f->n_amps; i++)
		if (strcmp(f->amps[i].id, id) == 0)
			return &f->amps[i];
	if (f->n_amps == FACTS_AMPS)
		return NULL;
	struct amp *a = &f->amps[f->n_amps++];
	*a = (struct amp){ .bus = BUS_UNKNOWN, .codec = codec };
	text_cut(a->id, sizeof(a->id), "%s", id);
	text_cut(a->chip, sizeof(a->chip), "%s", chip);
	return a;
}

/* Firmware declares the chips of all variants of a machine; _STA says which ones are present. */
static void from_acpi(struct machine *m, struct facts *f)
{
	struct names l;

	machine_list(m, "/sys/bus/acpi/devices", is_acpi_chip, &l);
	for (size_t i = 0; i < l.n; i++) {
		const struct acpi_chip *chip = acpi_chip(l.name[i]);
		char path[MACHINE_PATH];

		text_cut(path, sizeof(path), "/sys/bus/acpi/devices/%s/status", l.name[i]);
		if (gather_number(m, path, 0xf) & 1)
			amp_of(f, chip->id, chip->chip, chip->codec);
	}
	names_deinit(&l);
}

static void from_bus(struct machine *m, struct facts *f, const char *folder, enum amp_bus bus)
{
	struct names l;

	machine_list(m, folder, is_bus_chip, &l);
	for (size_t i = 0; i < l.n; i++) {
		const struct acpi_chip *chip = bus_chip(l.name[i]);
		struct amp *a = amp_of(f, chip->id, chip->chip, chip->codec);
		char path[MACHINE_PATH];

		if (!a)
			continue;
		a->bus = bus;
		a->count++;
		text_cut(path, sizeof(path), "%s/%s/driver", folder, l.name[i]);
		machine_link(m, path, a->driver, sizeof(a->driver));
	}
	names_deinit(&l);
}

/* Firmware also declares SoundWire devices that are not present: such a device never attaches. */
static void from_soundwire(struct machine *m, struct facts *f)
{
	static const char folder[] = "/sys/bus/soundwire/devices";
	struct names l;

	machine_list(m, folder, is_wire_chip, &l);
	for (size_t i = 0; i < l.n; i++) {
		const struct soundwire_chip *chip = wire_chip(l.name[i]);
		char path[MACHINE_PATH], id[32], status[32];

		text_cut(path, sizeof(path), "%s/%s/status", folder, l.name[i]);
		if (machine_line(m, path, status, sizeof(status)) == LOOK_OK &&
		    strcmp(status, "Attached") != 0 && strcmp(status, "Alert") != 0)
			continue;
		text_cut(id, sizeof(id), "%04x:%04x", chip->vendor, chip->part);
		struct amp *a = amp_of(f, id, chip->chip, chip->codec);
		if (!a)
			continue;
		a->bus = BUS_SOUNDWIRE;
		a->count++;
		text_cut(path, sizeof(path), "%s/%s/driver", folder, l.name[i]);
		machine_link(m, path, a->driver, sizeof(a->driver));
	}
	names_deinit(&l);
}

void gather_amps(struct machine *m, struct facts *f)
{
	from_acpi(m, f);
	from_bus(m, f, "/sys/bus/i2c/devices", BUS_I2C);
	from_bus(m, f, "/sys/bus/spi/devices", BUS_SPI);
	from_soundwire(m, f);
}
