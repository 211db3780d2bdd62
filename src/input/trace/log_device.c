// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/trace/log_device.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "event/names.h"
#include "input/trace/trace_line.h"

/* The most accesses held for one device, enough to recognise any driver. */
#define HELD_DEVICE 1024
#define HELD_ALL 32768

#define HDA_REGION "intel-hda"
/* QEMU's emulated controllers have a BAR of 16 KiB, and BARs are aligned to their size. */
#define HDA_REGION_SIZE 0x4000

void log_devices_deinit(struct log_devices *ds)
{
	for (size_t i = 0; i < ds->n; i++) {
		free(ds->all[i]->held);
		free(ds->all[i]->name);
		free(ds->all[i]);
	}
	free(ds->chosen);
	*ds = (struct log_devices){ 0 };
}

struct err *log_devices_choose(struct log_devices *ds, const char *name, bool only)
{
	if (!name)
		return NULL;
	ds->only = only;
	ds->chosen = strdup(name);
	return ds->chosen ? NULL : err_nomem();
}

static void make_controller(struct log_devices *ds, struct log_device *d)
{
	if (ds->n_ctrl >= EVENT_MAX_CTRL) {
		d->verdict = VERDICT_OTHER;
		return;
	}
	d->verdict = VERDICT_HDA;
	d->ctrl = ds->n_ctrl++;
}

static bool is_hda_region(const struct trace_line *line)
{
	return line->name_len == strlen(HDA_REGION) &&
	       memcmp(line->name, HDA_REGION, line->name_len) == 0;
}

static struct err *add_device(struct log_devices *ds, const struct trace_line *line, uint16_t *slot,
			      struct log_device **out)
{
	struct log_device *d = calloc(1, sizeof(*d));
	int n;

	if (!d)
		return err_nomem();
	d->memory = line->access == TRACE_MEMORY;
	d->named = d->memory && line->name;
	d->mr = line->mr;
	if (!d->memory)
		n = asprintf(&d->name, "%.*s", (int)line->name_len, line->name);
	else if (!d->named)
		n = asprintf(&d->name, "mr-0x%" PRIx64, line->mr);
	else if (ds->n_emulated++ == 0)
		n = asprintf(&d->name, "%s", HDA_REGION);
	else
		n = asprintf(&d->name, "%s-%u", HDA_REGION, ds->n_emulated);
	if (n < 0) {
		free(d);
		return err_nomem();
	}
	ds->all[ds->n++] = d;
	*slot = (uint16_t)ds->n;
	d->chosen = ds->chosen && ctrl_is_named(d->name, strlen(d->name), ds->chosen);
	if (d->named ? !ds->only || d->chosen : ds->only && d->chosen)
		make_controller(ds, d);
	else if (ds->only)
		d->verdict = VERDICT_OTHER;
	*out = d;
	return NULL;
}

static bool is_device(const struct log_device *d, const struct trace_line *line)
{
	if (line->access == TRACE_MEMORY)
		return d->memory && d->mr == line->mr && d->named == (line->name != NULL);
	return !d->memory && strlen(d->name) == line->name_len &&
	       memcmp(d->name, line->name, line->name_len) == 0;
}

static uint64_t hash(const struct trace_line *line)
{
	uint64_t h = 0xcbf29ce484222325;	/* FNV-1a */

	if (line->access == TRACE_MEMORY)
		return (line->mr >> 4) * 0x9e3779b97f4a7c15 >> 32;
	for (uint32_t i = 0; i < line->name_len; i++)
		h = (h ^ (uint8_t)line->name[i]) * 0x100000001b3;
	return h >> 32;
}

struct err *log_devices_find(struct log_devices *ds, const struct trace_line *line, struct log_device **out)
{
	*out = NULL;
	if (line->access == TRACE_MEMORY && line->name && !is_hda_region(line))
		return NULL;
	for (uint64_t i = hash(line);; i++) {
		uint16_t *slot = &ds->slots[i % ARRAY_SIZE(ds->slots)];

		if (!*slot) {
			return ds->n < ARRAY_SIZE(ds->all) ? add_device(ds, line, slot, out) : NULL;
		}
		if (is_device(ds->all[*slot - 1], line)) {
			*out = ds->all[*slot - 1];
			return NULL;
		}
	}
}

uint64_t log_device_offset(const struct log_device *d, const struct trace_line *line)
{
	return d->memory ? line->addr % HDA_REGION_SIZE : line->addr;
}

/* Decides about a device whose accesses gave no result, or for which no more can be held. */
static bool is_hda_anyway(const struct log_devices *ds, const struct log_device *d)
{
	return d->chosen && (d->verdict == VERDICT_OTHER || d->n_held + 1 >= HELD_DEVICE ||
			     ds->n_held + 1 >= HELD_ALL);
}

void log_devices_judge(struct log_devices *ds, struct log_device *d, const struct event *ev)
{
	if (is_hda_anyway(ds, d)) {
		make_controller(ds, d);
		return;
	}
	/* the other BARs are a Creative card's or a DSP's, and prove nothing */
	if (ev->bar != 0)
		return;
	evidence_add(&d->evidence, ev->kind == EV_MMIO_WRITE, ev->width, ev->addr, ev->value);
	d->verdict = evidence_verdict(&d->evidence, false);
	if (d->verdict == VERDICT_HDA || is_hda_anyway(ds, d))
		make_controller(ds, d);
	if (d->verdict == VERDICT_OTHER)
		log_device_forget(ds, d);
}

void log_devices_judge_last(struct log_devices *ds)
{
	for (size_t i = 0; i < ds->n; i++) {
		struct log_device *d = ds->all[i];

		if (d->verdict != VERDICT_OPEN)
			continue;
		/* a few accesses to a region without a name prove nothing */
		d->verdict = d->memory ? VERDICT_OTHER : evidence_verdict(&d->evidence, true);
		if (d->verdict == VERDICT_HDA || is_hda_anyway(ds, d))
			make_controller(ds, d);
		if (d->verdict == VERDICT_OTHER)
			log_device_forget(ds, d);
	}
}

/* Moves the held accesses into a bigger ring, in order. */
static struct err *grow(struct log_device *d)
{
	size_t cap = d->cap ? d->cap * 2 : 64;
	struct event *held = calloc(cap, sizeof(*held));

	if (!held)
		return err_nomem();
	for (size_t i = 0; i < d->n_held; i++)
		held[i] = d->held[(d->first + i) % d->cap];
	free(d->held);
	d->held = held;
	d->first = 0;
	d->cap = cap;
	return NULL;
}

struct err *log_device_hold(struct log_devices *ds, struct log_device *d, const struct event *ev)
{
	if (d->n_held == d->cap && d->cap < HELD_DEVICE && ds->n_held < HELD_ALL) {
		struct err *e = grow(d);

		if (e)
			return e;
	}
	if (d->n_held == d->cap) {
		d->dropped++;
		if (!d->cap)
			return NULL;
		d->first = (d->first + 1) % d->cap;
		d->n_held--;
		ds->n_held--;
	}
	d->held[(d->first + d->n_held) % d->cap] = *ev;
	d->n_held++;
	ds->n_held++;
	return NULL;
}

bool log_device_release(struct log_devices *ds, struct log_device *d, struct event *ev)
{
	if (!d->n_held)
		return false;
	*ev = d->held[d->first];
	ev->ctrl = d->ctrl;
	d->first = (d->first + 1) % d->cap;
	d->n_held--;
	ds->n_held--;
	if (!d->n_held)
		log_device_forget(ds, d);
	return true;
}

void log_device_forget(struct log_devices *ds, struct log_device *d)
{
	ds->n_held -= d->n_held;
	free(d->held);
	d->held = NULL;
	d->n_held = d->cap = d->first = 0;
}
