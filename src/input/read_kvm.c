// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads KVM's trace of a guest's register accesses, as text (arch/x86/kvm, trace event
 * kvm:kvm_mmio):
 *
 *   kvm_mmio: mmio write len 2 gpa 0xfebf8048 val 0x1
 *   kvm_mmio: mmio unsatisfied-read len 2 gpa 0xfebf8000 val 0x0
 *   kvm_mmio: mmio read len 2 gpa 0xfebf8000 val 0x4401
 *
 * A read is printed twice, the first time before its value is known. The address of the
 * controller's BAR comes from an option, or is recognised by the accesses: each range of 16
 * KiB is judged as one device.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "input/text_reader.h"
#include "input/trace/ftrace_line.h"
#include "input/trace/log_device.h"
#include "input/trace/trace_line.h"

/* The smallest BAR 0 of an HD Audio controller; BARs are aligned to their size. */
#define BAR_SIZE 0x4000

struct kvm {
	uint64_t bar;		/* 0 = recognise it by the accesses */
	struct log_devices devices;
	uint64_t foreign;
	/* the range of a controller's last access */
	uint64_t last_base;
	bool known;
	uint16_t last_ctrl;
};

static unsigned int kvm_sniff(struct reader line)
{
	int64_t time;

	return ftrace_event(&line, "kvm_mmio", &time) && reader_lit(&line, "mmio ") ? 10 : 0;
}

static struct err *kvm_begin(struct text_reader *t, const struct source_options *o, struct reader head)
{
	struct kvm *k = text_reader_state(t);

	(void)head;
	k->bar = o->bar;
	text_reader_own_facts(t)->responses = true;
	return NULL;
}

/* `write len 2 gpa 0xfebf8048 val 0x1` */
static bool get_access(struct reader *line, struct event *ev)
{
	uint64_t len;

	if (reader_lit(line, "write "))
		ev->kind = EV_MMIO_WRITE;
	else if (reader_lit(line, "read "))
		ev->kind = EV_MMIO_READ;
	else
		return false;
	if (!reader_lit(line, "len ") || !reader_dec(line, &len) || !reader_lit(line, " gpa 0x") ||
	    !reader_hex(line, &ev->addr) || !reader_lit(line, " val 0x") ||
	    !reader_hex(line, &ev->value))
		return false;
	/* string instructions make longer accesses, which no audio driver uses */
	if (len != 1 && len != 2 && len != 4 && len != 8)
		return false;
	ev->width = (uint8_t)len;
	return true;
}

static void give_access(struct text_reader *t, struct kvm *k, const char *name, const struct event *ev)
{
	struct event copy = *ev;

	k->known = text_reader_ctrl(t, name, strlen(name), CTRL_VFIO, &copy.ctrl);
	k->last_ctrl = copy.ctrl;
	if (k->known)
		text_reader_give(t, &copy);
}

/* Gives the held accesses of a device that is now known to be a controller. */
static void release(struct text_reader *t, struct kvm *k, struct log_device *d)
{
	struct event held;

	if (d->dropped)
		text_reader_gap(t, 0, GAP_EVENTS, d->dropped, "%" PRIu64 " accesses at %s were too "
			    "many to hold before it was known to be an HD Audio controller; name its "
			    "BAR with --bar", d->dropped, d->name);
	d->dropped = 0;
	while (log_device_release(&k->devices, d, &held))
		give_access(t, k, d->name, &held);
}

static void take_access(struct text_reader *t, struct kvm *k, struct event *ev)
{
	uint64_t base = ev->addr & ~(uint64_t)(BAR_SIZE - 1);
	struct log_device *d = NULL;
	struct err *e;
	char name[32];

	if (k->bar) {
		/* a BAR may be larger than BAR_SIZE */
		if (ev->addr < k->bar || ev->addr - k->bar >= BAR_SIZE * 64) {
			k->foreign++;
			return;
		}
		base = k->bar;
	}
	ev->addr -= base;
	if (k->known && base == k->last_base) {
		ev->ctrl = k->last_ctrl;
		text_reader_give(t, ev);
		return;
	}
	k->known = false;
	k->last_base = base;
	snprintf(name, sizeof(name), "bar-0x%" PRIx64, base);
	if (k->bar) {
		give_access(t, k, name, ev);
		return;
	}
	const struct trace_line line = {
		.access = TRACE_VFIO, .name = name, .name_len = (uint32_t)strlen(name),
		.addr = ev->addr, .value = ev->value, .width = ev->width,
		.write = ev->kind == EV_MMIO_WRITE,
	};

	e = log_devices_find(&k->devices, &line, &d);
	if (!e && d && d->verdict == VERDICT_HDA) {
		give_access(t, k, name, ev);
		return;
	}
	if (!e && (!d || d->verdict == VERDICT_OTHER))
		k->foreign++;
	if (!e && d && d->verdict == VERDICT_OPEN) {
		log_devices_judge(&k->devices, d, ev);
		if (d->verdict != VERDICT_OTHER)
			e = log_device_hold(&k->devices, d, ev);
		if (!e && d->verdict == VERDICT_HDA)
			release(t, k, d);
	}
	if (e)
		text_reader_failed(t, e);
}

static enum line_kind kvm_line(struct text_reader *t, struct reader line)
{
	struct event ev = { .origin = ORIGIN_TRACE, .line = text_reader_line(t) };
	struct kvm *k = text_reader_state(t);
	uint64_t lost;

	if (!ftrace_event(&line, "kvm_mmio", &ev.time)) {
		if (!ftrace_lost(line, &lost))
			return LINE_OTHER;
		text_reader_gap(t, 0, GAP_EVENTS, lost, "the kernel's trace buffer was full: %" PRIu64
			    " event%s lost", lost, lost == 1 ? " was" : "s were");
		return LINE_TAKEN;
	}
	if (!reader_lit(&line, "mmio "))
		return text_reader_damage(t, "an access cut short");
	if (reader_lit(&line, "unsatisfied-read "))
		return LINE_TAKEN;
	if (!get_access(&line, &ev))
		return text_reader_damage(t, "an access that no driver makes");
	take_access(t, k, &ev);
	return LINE_TAKEN;
}

static void kvm_end(struct text_reader *t)
{
	struct kvm *k = text_reader_state(t);
	unsigned int found = 0;

	log_devices_judge_last(&k->devices);
	for (size_t i = 0; i < k->devices.n; i++) {
		struct log_device *d = k->devices.all[i];

		if (d->verdict == VERDICT_HDA) {
			release(t, k, d);
			found++;
		}
	}
	if (!found && !k->bar)
		text_reader_note(t, 0, "no address of this guest is used like an HD Audio "
			     "controller; if there is one, name its address with --bar");
	else if (k->foreign)
		text_reader_note(t, 0, "%" PRIu64 " access%s of other devices left out", k->foreign,
			     k->foreign == 1 ? "" : "es");
}

static void kvm_destroy(struct text_reader *t)
{
	struct kvm *k = text_reader_state(t);

	log_devices_deinit(&k->devices);
}

const struct text_format text_format_kvm = {
	.format = SOURCE_KVM,
	.sniff = kvm_sniff,
	.state_size = sizeof(struct kvm),
	.begin = kvm_begin,
	.line = kvm_line,
	.end = kvm_end,
	.destroy = kvm_destroy,
};
