// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/kvm/bar_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/reader.h"
#include "base/vec.h"
#include "live/kvm/kvm_probe.h"
#include "qemu/qmp.h"

/* The part of a BAR that is followed: the audio registers are in its first 16 KiB. */
#define FOLLOWED_MAX (64 * KVM_WINDOW_SIZE)

void bar_map_deinit(struct bar_map *p)
{
	for (size_t i = 0; i < p->owners; i++) {
		free(p->owner[i]->name);
		free(p->owner[i]->id);
		free(p->owner[i]);
	}
	free(p->owner);
	free(p->window);
	*p = (struct bar_map){ 0 };
}

/* Compares what does not change first: bus numbers change when the guest sets up its bridges. */
static bool is_same(const struct mapped_controller *o, const struct pci_audio *d)
{
	if (d->host)
		return o->passed_through && strcmp(o->name, d->host) == 0;
	if (*d->id || *o->id)
		return !o->passed_through && strcmp(o->id, d->id) == 0;
	return !o->passed_through && strcmp(o->place, d->place) == 0;
}

static struct err *new_owner(struct bar_map *p, const struct pci_audio *d,
			     struct mapped_controller **out)
{
	struct mapped_controller *o;

	if (!vec_more(p->owner, p->owners))
		return err_nomem();
	o = calloc(1, sizeof(*o));
	if (!o)
		return err_nomem();
	o->ctrl = -1;
	o->passed_through = d->host;
	o->name = strdup(d->host ? d->host : d->place);
	o->id = strdup(d->id);
	memcpy(o->place, d->place, sizeof(o->place));
	p->owner[p->owners++] = o;
	*out = o;
	return o->name && o->id ? NULL : err_nomem();
}

struct bar_window *bar_map_window(struct bar_map *p, uint64_t number)
{
	for (size_t i = 0; i < p->windows; i++)
		if (p->window[i].number == number)
			return &p->window[i];
	return NULL;
}

static struct err *tell_bar(struct bar_map *p, struct mapped_controller *o, int bar,
			    struct kvm_probe *probe)
{
	uint64_t len = o->bar[bar].size < FOLLOWED_MAX ? o->bar[bar].size : FOLLOWED_MAX;
	uint64_t first = o->bar[bar].start >> KVM_WINDOW_SHIFT;
	uint64_t last = (o->bar[bar].start + len - 1) >> KVM_WINDOW_SHIFT;
	struct err *e = NULL;

	for (uint64_t n = first; n <= last && !e; n++) {
		struct bar_window *st = bar_map_window(p, n);
		bool is_new = !st || !st->told;

		if (!st) {
			if (!vec_more(p->window, p->windows))
				return err_nomem();
			st = &p->window[p->windows++];
			*st = (struct bar_window){ .number = n };
		}
		st->owner = o;
		st->told = true;
		if (is_new && probe)
			e = kvm_probe_verdict(probe, n, KVM_OURS |
					      (bar == 0 && n == first ? KVM_RINGS : 0));
	}
	return e;
}

/* Sets the present BARs of @o; the old ones are kept for accesses before now. */
static void move(struct mapped_controller *o, const struct pci_audio *d, int64_t now)
{
	if (memcmp(o->bar, d->bar, sizeof(o->bar)) == 0)
		return;
	for (int i = 0; i < PCI_BARS; i++) {
		if (o->bar[i].size && o->bar[i].start != d->bar[i].start)
			o->old[i] = o->bar[i];
		if (i == 0 && d->bar[0].size && o->old[0].size &&
		    o->old[0].start != d->bar[0].start && o->ctrl >= 0)
			o->moved = true;
		o->bar[i] = d->bar[i];
	}
	o->old_until = now;
}

struct err *bar_map_update(struct bar_map *p, const struct pci_audios *found,
			      const char *only, int64_t now, struct kvm_probe *probe)
{
	static const struct pci_audio nowhere;
	struct err *e = NULL;

	for (size_t i = 0; i < p->owners; i++) {
		bool there = false;

		for (size_t j = 0; j < found->count; j++)
			there |= is_same(p->owner[i], &found->list[j]);
		if (!there)
			move(p->owner[i], &nowhere, now);
	}
	for (size_t j = 0; j < found->count && !e; j++) {
		const struct pci_audio *d = &found->list[j];
		struct mapped_controller *o = NULL;

		if (only && strcmp(only, d->place) != 0 && strcmp(only, d->id) != 0 &&
		    (!d->host || strcmp(only, d->host) != 0))
			continue;
		for (size_t i = 0; i < p->owners && !o; i++)
			if (is_same(p->owner[i], d))
				o = p->owner[i];
		/* a device without an address gets its name later, when its bus is known */
		if (!o && d->bar[0].size)
			e = new_owner(p, d, &o);
		if (!e && o)
			move(o, d, now);
	}
	for (size_t i = 0; i < p->windows && !e; i++) {
		struct bar_window *st = &p->window[i];
		uint64_t start = st->number << KVM_WINDOW_SHIFT;
		bool covered = false;

		for (int b = 0; b < PCI_BARS; b++)
			covered |= st->owner->bar[b].size &&
				   start < st->owner->bar[b].start + st->owner->bar[b].size &&
				   start + KVM_WINDOW_SIZE > st->owner->bar[b].start;
		if (covered || !st->told)
			continue;
		if (probe)
			kvm_probe_no_verdict(probe, st->number);
		st->told = false;
	}
	for (size_t i = 0; i < p->owners && !e; i++)
		for (int b = 0; b < PCI_BARS && !e; b++)
			if (p->owner[i]->bar[b].size)
				e = tell_bar(p, p->owner[i], b, probe);
	return e;
}

static bool in_bars(const struct pci_bar *bar, uint64_t gpa, struct kvm_region *region)
{
	for (int b = 0; b < PCI_BARS; b++) {
		if (bar[b].size && gpa >= bar[b].start && gpa - bar[b].start < bar[b].size) {
			*region = (struct kvm_region){ .offset = gpa - bar[b].start, .bar = (uint8_t)b };
			return true;
		}
	}
	return false;
}

struct mapped_controller *bar_map_find(struct bar_map *p, uint64_t gpa, int64_t time,
				  struct kvm_region *region)
{
	for (size_t i = 0; i < p->owners; i++)
		if (in_bars(p->owner[i]->bar, gpa, region))
			return p->owner[i];
	for (size_t i = 0; i < p->owners; i++)
		if (time < p->owner[i]->old_until && in_bars(p->owner[i]->old, gpa, region))
			return p->owner[i];
	return NULL;
}

/*
 * How long to wait for a thread that does nothing more. It is long because on a busy machine
 * QEMU waits for its lock: with one second, counted from the last record read, an answer of
 * QEMU from before a write was used for accesses after it, and all of the guest's accesses
 * were dropped without a message.
 */
#define PATIENCE_NS 10000000000ll

bool kvm_config_carried_out(const struct kvm_control *c, uint32_t generation, int64_t now)
{
	return __atomic_load_n(&c->applied, __ATOMIC_ACQUIRE) == generation ||
	       now - (int64_t)__atomic_load_n(&c->config_time, __ATOMIC_ACQUIRE) > PATIENCE_NS;
}

/* "    00000000b0000000-00000000bfffffff (prio 0, i/o): pcie-mmcfg-mmio" */
struct err *bar_map_ecam(struct qmp *q, uint64_t *start, uint64_t *size)
{
	struct reader r, line;
	char *text = NULL;
	struct err *e = qmp_hmp(q, "info mtree -f", &text);

	*start = *size = 0;
	if (e)
		return e;
	r = reader_make(text, strlen(text));
	while (!*size && reader_line(&r, &line)) {
		struct reader t = line;
		uint64_t first, last;

		if (!memmem(line.p, reader_left(&line), "pcie-mmcfg", 10))
			continue;
		reader_skip_space(&t);
		if (reader_hex(&t, &first) && reader_lit(&t, "-") && reader_hex(&t, &last) &&
		    last > first && last - first < 1ull << 32) {
			*start = first;
			*size = last - first + 1;
		}
	}
	free(text);
	return NULL;
}
