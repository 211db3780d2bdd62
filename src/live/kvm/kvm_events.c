// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/kvm/kvm_events.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "hda/reg_file.h"

_Static_assert(KVM_RING_REGS == R_CORBLBASE && KVM_RING_REGS + KVM_RING_REGS_LEN == R_ICOI,
	       "what the program keeps are the registers of both rings");

enum { CORB, RIRB };

#define RIRB_AT (R_RIRBLBASE - R_CORBLBASE)	/* offset from the CORB's registers to the RIRB's */

struct making {
	const struct kvm_record *rec;
	struct event_queue *out;
	int64_t time;
	uint16_t ctrl;
};

static void say(struct making *m, enum gap_kind kind, uint64_t n, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static void say(struct making *m, enum gap_kind kind, uint64_t n, const char *fmt, ...)
{
	const struct event ev = {
		.kind = EV_GAP, .time = m->time, .ctrl = m->ctrl, .addr = kind, .value = n,
	};
	va_list ap;

	va_start(ap, fmt);
	event_queue_say(m->out, ev, fmt, ap);
	va_end(ap);
}

static void write_register(struct making *m, uint32_t reg, uint8_t width, uint64_t value)
{
	const struct event ev = {
		.kind = EV_MMIO_WRITE, .time = m->time, .ctrl = m->ctrl, .addr = reg,
		.width = width, .value = value, .origin = ORIGIN_BPF,
	};

	event_queue_put(m->out, &ev);
}

static bool known(const struct kvm_record *rec, uint32_t reg)
{
	reg -= KVM_RING_REGS;
	return rec->known[reg / 8] >> reg % 8 * 8 & 1;
}

static uint8_t reg8(const struct kvm_record *rec, uint32_t reg)
{
	reg -= KVM_RING_REGS;
	return (uint8_t)(rec->regs[reg / 8] >> reg % 8 * 8);
}

static uint32_t ring_size(const struct kvm_record *rec, int ring)
{
	uint32_t reg = R_CORBSIZE + (ring == RIRB ? RIRB_AT : 0);

	return known(rec, reg) ? reg_ring_entries(reg8(rec, reg)) : 256;
}

/* The number of due entries that are still in the ring, which has no count of laps. */
static uint32_t in_ring(const struct kvm_record *rec, int ring)
{
	uint32_t size = ring_size(rec, ring);

	return rec->due[ring] < size ? rec->due[ring] : rec->due[ring] & (size - 1);
}

/*
 * Repeats the guest's writes that set up a ring and whose records were lost, as seen in the
 * registers. The ring has not run since then.
 */
static void set_up(struct making *m, int ring, bool begun)
{
	const struct kvm_record *rec = m->rec;
	uint32_t at = ring == RIRB ? RIRB_AT : 0;
	uint32_t word = ring == RIRB ? 2 : 0;

	write_register(m, R_CORBCTL + at, 1, 0);
	if (rec->known[word] == UINT64_MAX)
		write_register(m, R_CORBLBASE + at, 8, rec->regs[word]);
	if (known(rec, R_CORBSIZE + at))
		write_register(m, R_CORBSIZE + at, 1, reg8(rec, R_CORBSIZE + at));
	if (ring == CORB) {
		/* the position before the words of this record */
		if (known(rec, R_CORBWP))
			write_register(m, R_CORBWP, 2, (reg8(rec, R_CORBWP) - rec->due[CORB]) &
					(ring_size(rec, CORB) - 1));
		if (begun)
			write_register(m, R_CORBRP, 2, CORBRP_RST);
	} else if (begun) {
		write_register(m, R_CORBWP + at, 2, RIRBWP_RST);
	}
	if (known(rec, R_CORBCTL + at))
		write_register(m, R_CORBCTL + at, 1, reg8(rec, R_CORBCTL + at));
}

static void tell_losses(struct making *m, uint64_t n)
{
	const struct kvm_record *rec = m->rec;
	uint8_t what = rec->full ? rec->lost_what : 0;

	if (n)
		say(m, GAP_EVENTS, n, "the BPF ring buffer was full: %" PRIu64 " register access%s "
		    "lost%s", n, n == 1 ? " was" : "es were",
		    what ? "; their values are repeated here" : "");
	if (!rec->full)
		return;
	for (int ring = 0; ring < 2; ring++) {
		uint64_t gone = rec->gone[ring];

		if (rec->fresh[ring])
			gone += rec->due[ring] - in_ring(rec, ring);
		if (gone)
			say(m, ring == CORB ? GAP_VERBS : GAP_RESPONSES, gone, "%" PRIu64 " %s%s "
			    "been overwritten in the meantime", gone,
			    ring == CORB ? "verb" : "response", gone == 1 ? " has" : "s have");
	}
	if (what & KVM_LOST_RESET) {
		write_register(m, R_GCTL, 4, 0);
		write_register(m, R_GCTL, 4, 1);
	}
	if (what & (KVM_LOST_CORB | KVM_LOST_CORB_RESET | KVM_LOST_RESET))
		set_up(m, CORB, what & (KVM_LOST_CORB_RESET | KVM_LOST_RESET));
	if (what & (KVM_LOST_RIRB | KVM_LOST_RIRB_RESET | KVM_LOST_RESET))
		set_up(m, RIRB, what & (KVM_LOST_RIRB_RESET | KVM_LOST_RESET));
}

void kvm_events_make(const struct kvm_record *rec, uint64_t *lost, uint16_t ctrl, uint8_t bar,
		     uint64_t offset, int64_t clock, struct event_queue *out)
{
	struct making m = {
		.rec = rec, .out = out, .time = (int64_t)rec->time + clock, .ctrl = ctrl,
	};
	/* two vCPUs may send their records in the opposite order */
	uint64_t n = lost && rec->lost > *lost ? rec->lost - *lost : 0;

	if (lost)
		*lost += n;
	tell_losses(&m, n);
	struct event ev = {
		.kind = rec->kind == KVM_WRITE ? EV_MMIO_WRITE : EV_MMIO_READ, .time = m.time,
		.ctrl = ctrl, .bar = bar, .addr = offset, .width = rec->width,
		.value = rec->width == 8 ? rec->value :
			 rec->value & ((1ull << 8 * rec->width) - 1),
		.origin = ORIGIN_BPF,
	};
	if ((rec->width & (rec->width - 1)) == 0) {
		event_queue_put(out, &ev);
		return;
	}
	/* 3, 5, 6 or 7 bytes, because the access crosses a page */
	ev.width = 1;
	for (int i = 0; i < rec->width; i++, ev.addr++) {
		ev.value = rec->value >> 8 * i & 0xff;
		event_queue_put(out, &ev);
	}
}

const uint8_t *kvm_events_copy(const struct kvm_record *rec, uint64_t addr, uint32_t len,
			       bool *fresh)
{
	for (int i = 0; rec->full && i < 2; i++) {
		const struct kvm_piece *p = &rec->piece[i];

		if (!p->len || addr < p->gpa || addr - p->gpa > p->len ||
		    len > p->len - (addr - p->gpa))
			continue;
		*fresh = rec->due[p->ring] == rec->fresh[p->ring];
		return rec->copy + i * KVM_COPY_MAX + (addr - p->gpa);
	}
	return NULL;
}
