// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/controller_probe.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/reader.h"
#include "event/event.h"
#include "event/event_queue.h"
#include "live/devices.h"
#include "qemu/qmp.h"

/* Offsets and widths: HD Audio 1.0a, 3.3.  Sizes before bases, bases before pointers. */
enum { GCTL, CORBSIZE, CORBLBASE, CORBUBASE, CORBCTL, CORBWP, RIRBSIZE, RIRBLBASE, RIRBUBASE, RIRBCTL,
       RIRBWP, REGISTERS };

static const struct {
	uint16_t offset;
	uint8_t width;
} registers[REGISTERS] = {
	[GCTL] = { 0x08, 4 },
	[CORBSIZE] = { 0x4e, 1 }, [CORBLBASE] = { 0x40, 4 }, [CORBUBASE] = { 0x44, 4 },
	[CORBCTL] = { 0x4c, 1 }, [CORBWP] = { 0x48, 2 },
	[RIRBSIZE] = { 0x5e, 1 }, [RIRBLBASE] = { 0x50, 4 }, [RIRBUBASE] = { 0x54, 4 },
	[RIRBCTL] = { 0x5c, 1 }, [RIRBWP] = { 0x58, 2 },
};

#define GCTL_OUT_OF_RESET 1
#define RING_RUNS 2		/* CORBCTL and RIRBCTL alike */

struct err *probe_parse(const char *text, uint64_t addr, uint64_t *value)
{
	struct reader r = reader_make(text, strlen(text));
	uint64_t at;

	if (reader_hex(&r, &at) && at == addr && reader_lit(&r, ": 0x") && reader_hex(&r, value))
		return NULL;
	return err_new(ERR_FORMAT, "the monitor's xp at 0x%llx answered: %.*s",
		       (unsigned long long)addr, (int)strcspn(text, "\r\n"), text);
}

static struct err *look(struct qmp *q, const struct device *dev, unsigned int reg, uint64_t *value)
{
	uint64_t addr = dev->bar + registers[reg].offset;
	char cmd[64], *text = NULL;

	snprintf(cmd, sizeof(cmd), "xp /1%cx 0x%llx", "?bh?w"[registers[reg].width],
		 (unsigned long long)addr);
	struct err *e = qmp_hmp(q, cmd, &text);
	if (!e)
		e = probe_parse(text, addr, value);
	free(text);
	return e;
}

static void put_read(struct event_queue *events, const struct device *dev, unsigned int reg, uint64_t value)
{
	const struct event ev = {
		.kind = EV_MMIO_READ, .time = clock_ns(), .ctrl = (uint16_t)dev->ctrl,
		.addr = registers[reg].offset, .width = registers[reg].width, .value = value,
		.origin = ORIGIN_MONITOR,
	};

	event_queue_put(events, &ev);
}

static void put_note(struct event_queue *events, const struct device *dev, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void put_note(struct event_queue *events, const struct device *dev, const char *fmt, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	const struct event ev = {
		.kind = EV_NOTE, .time = clock_ns(), .ctrl = (uint16_t)dev->ctrl, .data = text,
		.len = n < (int)sizeof(text) ? (uint32_t)n : sizeof(text) - 1,
		.origin = ORIGIN_SELF,
	};
	event_queue_put(events, &ev);
}

static unsigned int entries(uint64_t size)
{
	static const uint16_t sizes[] = { 2, 16, 256, 256 };

	return sizes[size & 3];
}

struct err *probe_rings(struct qmp *q, const struct device *dev, struct event_queue *events)
{
	uint64_t v[REGISTERS];

	if (dev->bar == BAR_UNKNOWN) {
		put_note(events, dev, "the controller's registers are nowhere in the guest's memory "
			 "at present: no driver has it in use");
		return NULL;
	}
	for (unsigned int i = 0; i < REGISTERS; i++) {
		struct err *e = look(q, dev, i, &v[i]);

		if (e)
			return e;
	}
	/* all ones is nobody's answer: memory decoding is off, or the device sleeps (D3) */
	if (v[GCTL] == UINT32_MAX) {
		put_note(events, dev, "the controller's registers do not answer at present: it is "
			 "asleep, or no driver has it in use");
		return NULL;
	}
	for (unsigned int i = 0; i < REGISTERS; i++)
		put_read(events, dev, i, v[i]);
	if (!(v[GCTL] & GCTL_OUT_OF_RESET)) {
		put_note(events, dev, "the controller is in reset");
	} else if (!(v[CORBCTL] & RING_RUNS)) {
		put_note(events, dev, "the CORB does not run at present");
	} else {
		put_note(events, dev, "the rings were set up before the capture began; inferred from "
			 "the device's registers: CORB at 0x%llx, %u entries, in use up to slot %llu; "
			 "RIRB at 0x%llx, %u entries, up to slot %llu",
			 (unsigned long long)(v[CORBUBASE] << 32 | (v[CORBLBASE] & ~0x7full)),
			 entries(v[CORBSIZE]),
			 (unsigned long long)(v[CORBWP] & (entries(v[CORBSIZE]) - 1)),
			 (unsigned long long)(v[RIRBUBASE] << 32 | (v[RIRBLBASE] & ~0x7full)),
			 entries(v[RIRBSIZE]),
			 (unsigned long long)(v[RIRBWP] & (entries(v[RIRBSIZE]) - 1)));
	}
	return NULL;
}

struct err *probe_responses(struct qmp *q, const struct device *dev, struct event_queue *events)
{
	uint64_t value;
	struct err *e;

	if (dev->bar == BAR_UNKNOWN)
		return NULL;
	e = look(q, dev, RIRBWP, &value);
	if (!e && value != UINT16_MAX)
		put_read(events, dev, RIRBWP, value);
	return e;
}
