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
#include "hda/reg_file.h"
#include "live/devices.h"
#include "qemu/qmp.h"

/* Sizes before base addresses, these before pointers. */
static const uint16_t looked_at[] = {
	R_GCTL, R_CORBSIZE, R_CORBLBASE, R_CORBUBASE, R_CORBCTL, R_CORBWP, R_RIRBSIZE, R_RIRBLBASE,
	R_RIRBUBASE, R_RIRBCTL, R_RIRBWP,
};

struct err *probe_parse(const char *text, uint64_t addr, uint64_t *value)
{
	struct reader r = reader_make(text, strlen(text));
	uint64_t at;

	if (reader_hex(&r, &at) && at == addr && reader_lit(&r, ": 0x") && reader_hex(&r, value))
		return NULL;
	return err_new(ERR_FORMAT, "the monitor's xp at 0x%llx answered: %.*s",
		       (unsigned long long)addr, (int)strcspn(text, "\r\n"), text);
}

static uint8_t width_of(uint16_t offset)
{
	int stream;

	return reg_find(offset, &stream)->width;
}

static struct err *look(struct qmp *q, const struct device *dev, uint16_t offset, uint64_t *value)
{
	uint64_t addr = dev->bar + offset;
	char cmd[64], *text = NULL;

	snprintf(cmd, sizeof(cmd), "xp /1%cx 0x%llx", "?bh?w"[width_of(offset)],
		 (unsigned long long)addr);
	struct err *e = qmp_hmp(q, cmd, &text);
	if (!e)
		e = probe_parse(text, addr, value);
	free(text);
	return e;
}

static void put_read(struct event_queue *events, const struct device *dev, uint16_t offset,
		     uint64_t value)
{
	const struct event ev = {
		.kind = EV_MMIO_READ, .time = clock_ns(), .ctrl = (uint16_t)dev->ctrl,
		.addr = offset, .width = width_of(offset), .value = value,
		.origin = ORIGIN_MONITOR,
	};

	event_queue_put(events, &ev);
}

static void put_note(struct event_queue *events, const struct device *dev, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void put_note(struct event_queue *events, const struct device *dev, const char *fmt, ...)
{
	const struct event ev = { .kind = EV_NOTE, .time = clock_ns(), .ctrl = (uint16_t)dev->ctrl };
	va_list ap;

	va_start(ap, fmt);
	event_queue_say(events, ev, fmt, ap);
	va_end(ap);
}

struct err *probe_rings(struct qmp *q, const struct device *dev, struct event_queue *events)
{
	uint64_t v[REG_WINDOW];	/* values by offset */

	if (dev->bar == BAR_UNKNOWN) {
		put_note(events, dev, "the controller's registers have no address in the guest "
			 "at present: no driver has it in use");
		return NULL;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(looked_at); i++) {
		struct err *e = look(q, dev, looked_at[i], &v[looked_at[i]]);

		if (e)
			return e;
	}
	/* all ones is not a value: memory decoding is off, or the device sleeps (D3) */
	if (v[R_GCTL] == UINT32_MAX) {
		put_note(events, dev, "the controller's registers do not answer at present: it is "
			 "asleep, or no driver has it in use");
		return NULL;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(looked_at); i++)
		put_read(events, dev, looked_at[i], v[looked_at[i]]);
	if (!(v[R_GCTL] & GCTL_CRST)) {
		put_note(events, dev, "the controller is in reset");
	} else if (!(v[R_CORBCTL] & CORBCTL_RUN)) {
		put_note(events, dev, "the CORB does not run at present");
	} else {
		const uint16_t corb = reg_ring_entries((uint8_t)v[R_CORBSIZE]);
		const uint16_t rirb = reg_ring_entries((uint8_t)v[R_RIRBSIZE]);

		put_note(events, dev, "the rings were set up before the capture began; inferred from "
			 "the device's registers: CORB at 0x%llx, %u entries, in use up to slot %llu; "
			 "RIRB at 0x%llx, %u entries, up to slot %llu",
			 (unsigned long long)((v[R_CORBUBASE] << 32 | v[R_CORBLBASE]) & ~RING_BASE_LOW),
			 corb, (unsigned long long)(v[R_CORBWP] & (corb - 1)),
			 (unsigned long long)((v[R_RIRBUBASE] << 32 | v[R_RIRBLBASE]) & ~RING_BASE_LOW),
			 rirb, (unsigned long long)(v[R_RIRBWP] & (rirb - 1)));
	}
	return NULL;
}

struct err *probe_responses(struct qmp *q, const struct device *dev, struct event_queue *events)
{
	uint64_t value;
	struct err *e;

	if (dev->bar == BAR_UNKNOWN)
		return NULL;
	e = look(q, dev, R_RIRBWP, &value);
	if (!e && value != UINT16_MAX)
		put_read(events, dev, R_RIRBWP, value);
	return e;
}
