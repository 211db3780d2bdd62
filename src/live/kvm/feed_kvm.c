// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes events from the records of the BPF program. */
#include "live/kvm/feed_kvm.h"

#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/vec.h"
#include "event/event_queue.h"
#include "hda/regs.h"
#include "live/devices.h"
#include "live/feed_trace.h"
#include "live/kvm/bar_map.h"
#include "live/kvm/kvm_events.h"
#include "live/kvm/kvm_probe.h"
#include "qemu/accel.h"
#include "qemu/guest_memory.h"
#include "qemu/qmp.h"

/* While the guest is busy, wait this long before its records are read: each read has a cost. */
#define GATHER_NS 1000000
/* After the monitor failed to answer, wait this long before the next command. */
#define RESPITE_NS 5000000000ll

/* A read of memory after the access, whose horizon is not reached yet. */
struct late_read {
	uint64_t position;
	/* number of such reads of that controller up to and with this one */
	uint64_t reads;
	uint16_t ctrl;
};

struct kvm_feed {
	struct feed base;
	struct kvm_probe *probe;
	int process;			/* a pidfd: readable when QEMU has ended */
	struct devices *devices;
	struct guestmem *mem;
	struct trace_feed *beside;
	struct bar_map places;
	struct event_queue queue;		/* events of the current record */
	const struct kvm_record *rec;	/* the current record; NULL = none */
	uint64_t limit;			/* position: records before it may be given out now */
	int64_t offset;			/* CLOCK_REALTIME minus CLOCK_MONOTONIC */
	int64_t asked;			/* CLOCK_MONOTONIC of the last query to QEMU */
	uint32_t asked_generation;
	int64_t respite;		/* do not ask QEMU before this time */
	/* the guest has written to PCI configuration since, according to the records */
	bool stale;
	struct late_read *late;
	size_t late_head, late_tail, late_cap;
	uint64_t reads[EVENT_MAX_CTRL];
	uint64_t late_reads, copies;
	char text[256];
	uint8_t data[EVENT_MAX_DATA];
};

static void say_gap(struct kvm_feed *k, uint16_t ctrl, uint64_t n, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static void say_gap(struct kvm_feed *k, uint16_t ctrl, uint64_t n, const char *fmt, ...)
{
	const struct event ev = {
		.kind = EV_GAP, .time = clock_ns(), .ctrl = ctrl, .value = n, .addr = GAP_EVENTS,
	};
	va_list ap;

	va_start(ap, fmt);
	event_queue_say(&k->queue, ev, fmt, ap);
	va_end(ap);
}

/* --- addresses of the controllers ------------------------------------------------- */

static struct err *ask(struct kvm_feed *k)
{
	struct kvm_control *c = k->probe->control;
	uint32_t generation = __atomic_load_n(&c->generation, __ATOMIC_ACQUIRE);
	int64_t now = clock_steady_ns();
	bool sure = kvm_config_carried_out(c, generation, now);
	struct pci_audios found = { 0 };
	uint64_t ecam = 0, ecam_size = 0;
	struct err *e;

	if (!k->devices->q || now < k->respite)
		return NULL;
	e = pci_audio_ask(k->devices->q, &found);
	if (!e)
		e = bar_map_ecam(k->devices->q, &ecam, &ecam_size);
	if (e) {
		/* a QEMU that is ending does not answer, and the live source notices that itself */
		k->respite = clock_steady_ns() + RESPITE_NS;
		err_free(e);
		pci_audio_deinit(&found);
		return NULL;
	}
	e = bar_map_update(&k->places, &found, k->devices->only, now, k->probe);
	pci_audio_deinit(&found);
	if (c->ecam != ecam || c->ecam_size != ecam_size) {
		__atomic_store_n(&c->ecam_size, 0, __ATOMIC_SEQ_CST);
		__atomic_store_n(&c->ecam, ecam, __ATOMIC_SEQ_CST);
		__atomic_store_n(&c->ecam_size, ecam_size, __ATOMIC_SEQ_CST);
	}
	k->asked = now;
	k->asked_generation = generation;
	if (sure) {
		k->stale = false;
		__atomic_store_n(&c->settled, generation, __ATOMIC_RELEASE);
	}
	return e;
}

/* Finds the controller of an access; NULL = not one of ours. */
static struct err *whose(struct kvm_feed *k, const struct kvm_record *rec, struct kvm_region *out,
			 struct mapped_controller **owner)
{
	struct err *e = NULL;

	*owner = bar_map_find(&k->places, rec->gpa, (int64_t)rec->time, out);
	/*
	 * QEMU's answer is valid for this access if no write to PCI configuration lies
	 * between them
	 */
	if (*owner ? k->stale : k->stale || k->asked < (int64_t)rec->time)
		e = ask(k);
	if (!e)
		*owner = bar_map_find(&k->places, rec->gpa, (int64_t)rec->time, out);
	return e;
}

/* --- records ----------------------------------------------------------------------- */

static struct err *take_record(struct kvm_feed *k, const struct kvm_record *rec)
{
	struct kvm_region region;
	struct mapped_controller *owner;
	struct err *e;

	if (rec->kind == KVM_CONFIG) {
		k->stale |= k->asked < (int64_t)rec->time ||
			    k->asked_generation != k->probe->control->generation;
		return NULL;
	}
	e = whose(k, rec, &region, &owner);
	if (e || !owner)
		return e;
	/* controllers found while attaching have a number and were announced */
	for (size_t i = 0; i < k->devices->count && owner->ctrl < 0; i++)
		if (k->devices->list[i].name && strcmp(k->devices->list[i].name, owner->name) == 0)
			owner->ctrl = k->devices->list[i].ctrl;
	if (owner->ctrl < 0) {
		if (k->devices->controllers == EVENT_MAX_CTRL)
			return err_new(ERR_FAIL, "the machine has more than %d audio controllers",
				       EVENT_MAX_CTRL);
		owner->ctrl = k->devices->controllers++;
		const struct event announce = {
			.kind = EV_CONTROLLER, .time = (int64_t)rec->time + k->offset,
			.ctrl = (uint16_t)owner->ctrl, .data = owner->name,
			.len = (uint32_t)strlen(owner->name), .origin = ORIGIN_BPF,
			.value = owner->passed_through ? CTRL_VFIO : CTRL_EMULATED,
		};
		event_queue_put(&k->queue, &announce);
	}
	if (owner->moved) {
		char text[160];
		int n = snprintf(text, sizeof(text), "the guest moved the controller's registers "
				 "to 0x%" PRIx64, owner->bar[0].start);
		const struct event note = {
			.kind = EV_NOTE, .time = (int64_t)rec->time + k->offset, .data = text,
			.len = (uint32_t)n, .ctrl = (uint16_t)owner->ctrl, .origin = ORIGIN_SELF,
		};

		event_queue_put(&k->queue, &note);
		owner->moved = false;
	}
	struct bar_window *st = bar_map_window(&k->places, rec->gpa >> KVM_WINDOW_SHIFT);

	kvm_events_make(rec, st ? &st->lost : NULL, (uint16_t)owner->ctrl, region.bar,
			region.offset, k->offset, &k->queue);
	k->rec = rec;
	return event_queue_err(&k->queue);
}

/* Reports losses that no record has reported: no access is in progress at this moment. */
static void tell_losses(struct kvm_feed *k)
{
	uint64_t n;

	for (size_t i = 0; i < k->places.windows; i++) {
		struct bar_window *st = &k->places.window[i];
		uint64_t lost = kvm_probe_lost(k->probe, st->number);

		if (lost <= st->lost || st->owner->ctrl < 0)
			continue;
		n = lost - st->lost;
		say_gap(k, (uint16_t)st->owner->ctrl, n, "the BPF ring buffer was full: %" PRIu64
			" register access%s lost", n, n == 1 ? " was" : "es were");
		st->lost = lost;
	}
	n = kvm_probe_missed(k->probe);
	if (n && k->devices->controllers)
		say_gap(k, 0, n, "the BPF program could not follow %" PRIu64 " access%s", n,
			n == 1 ? "" : "es");
}

/* Gives the horizon event of a late read after everything that had begun when it was made. */
static bool horizon_reached(struct kvm_feed *k, struct event *ev)
{
	struct late_read *l = &k->late[k->late_head];

	if (k->late_head == k->late_tail || l->position > kvm_ring_position(&k->probe->ring))
		return false;
	k->late_head++;
	*ev = (struct event){
		.kind = EV_HORIZON, .time = k->base.now, .ctrl = l->ctrl,
		.value = k->reads[l->ctrl] - l->reads, .origin = ORIGIN_SELF,
	};
	return true;
}

static struct err *kvm_next(struct feed *f, struct event *ev, bool *have)
{
	struct kvm_feed *k = (struct kvm_feed *)f;
	const struct kvm_record *rec;
	struct err *e;

	if (f->ended)
		k->limit = kvm_ring_horizon(&k->probe->ring);
	for (;;) {
		*have = event_queue_get(&k->queue, ev) || horizon_reached(k, ev);
		if (*have)
			return NULL;
		k->rec = NULL;
		kvm_ring_release(&k->probe->ring);
		if (kvm_ring_position(&k->probe->ring) >= k->limit) {
			if (f->ended)
				tell_losses(k);
			if (event_queue_empty(&k->queue))
				return NULL;
			continue;
		}
		e = kvm_ring_next(&k->probe->ring, &rec);
		if (!e && !rec)
			return NULL;	/* still being written */
		if (!e)
			e = take_record(k, rec);
		if (e)
			return e;
	}
}

static struct err *kvm_fill(struct feed *f, bool *got)
{
	struct kvm_feed *k = (struct kvm_feed *)f;
	struct pollfd end = { .fd = k->process, .events = POLLIN };
	struct err *e = NULL;
	uint64_t there;

	if (k->beside && !k->beside->base.ended) {
		trace_feed_let_out(k->beside);
		/* a log that was closed is always readable */
		if (k->beside->base.ended)
			epoll_ctl(f->fd, EPOLL_CTL_DEL, k->beside->base.fd, NULL);
	}
	/*
	 * check this before reading the ring, so that the records of QEMU's last thread are
	 * in it
	 */
	f->ended |= poll(&end, 1, 0) > 0;
	k->limit = kvm_ring_horizon(&k->probe->ring);
	there = k->limit - kvm_ring_position(&k->probe->ring);
	*got = there;
	if (*got && !f->ended && there < k->probe->control->wake) {
		const struct timespec moment = { .tv_nsec = GATHER_NS };

		nanosleep(&moment, NULL);
		k->limit = kvm_ring_horizon(&k->probe->ring);
	}
	f->now = clock_ns();
	if (*got || f->ended)
		return NULL;
	tell_losses(k);
	*got = !event_queue_empty(&k->queue);
	/* do it now rather than when the controller is used */
	if (k->probe->control->settled != k->probe->control->generation)
		e = ask(k);
	return e;
}

static struct err *kvm_drain(struct feed *f)
{
	struct kvm_feed *k = (struct kvm_feed *)f;

	return k->beside ? k->beside->base.ops->drain(&k->beside->base) : NULL;
}

/* --- memory -------------------------------------------------------------------------- */

static struct err *late_push(struct kvm_feed *k, uint16_t ctrl, uint64_t position)
{
	if (k->late_head == k->late_tail)
		k->late_head = k->late_tail = 0;
	if (!vec_room(k->late, k->late_tail, k->late_cap))
		return err_nomem();
	k->late[k->late_tail++] = (struct late_read){
		.position = position, .reads = ++k->reads[ctrl], .ctrl = ctrl,
	};
	return NULL;
}

static struct err *kvm_read_memory(struct feed *f, uint16_t ctrl, uint64_t addr, uint32_t len,
				   struct event *ev)
{
	struct kvm_feed *k = (struct kvm_feed *)f;
	enum event_origin origin = ORIGIN_PROCESS;
	const uint8_t *copy;
	struct err *e = NULL;
	bool fresh = false;

	*ev = (struct event){
		.kind = EV_MEM, .time = f->now, .ctrl = ctrl, .addr = addr, .data = k->data,
		.len = len,
	};
	copy = k->rec ? kvm_events_copy(k->rec, addr, len, &fresh) : NULL;
	if (copy) {
		memcpy(k->data, copy, len);
		k->copies++;
		ev->time = (int64_t)k->rec->time + k->offset;
		ev->origin = fresh ? ORIGIN_BPF : ORIGIN_PROCESS;
		/*
		 * For words whose announcement was in lost records this is not a copy from
		 * the time of the access, but one made now.
		 */
		return fresh ? NULL : late_push(k, ctrl, kvm_ring_position(&k->probe->ring));
	}
	if (len > sizeof(k->data))
		e = err_new(ERR_FAIL, "%u bytes at once", len);
	else
		e = guestmem_read(k->mem, addr, k->data, len, &origin);
	ev->origin = (uint8_t)origin;
	k->late_reads++;
	if (!e)
		return late_push(k, ctrl, kvm_ring_horizon(&k->probe->ring));
	int n = snprintf((char *)k->data, sizeof(k->data), "%s", err_text(e));

	ev->kind = EV_NOMEM;
	ev->value = len;
	ev->len = n < 512 ? (uint32_t)n : 512;
	err_free(e);
	return NULL;
}

/* Applies a register that we read, as if the program had seen that read. */
static void seed(struct kvm_place *place, const struct event *ev)
{
	for (unsigned int i = 0; i < ev->width; i++) {
		uint64_t at = ev->addr + i - KVM_RING_REGS;

		if (at >= KVM_RING_REGS_LEN)
			continue;
		place->regs[at / 8] &= ~(0xffull << at % 8 * 8);
		place->regs[at / 8] |= (ev->value >> 8 * i & 0xff) << at % 8 * 8;
		place->known[at / 8] |= 0xffull << at % 8 * 8;
	}
	for (int ring = 0; ring < 2; ring++) {
		if (ev->addr != (ring ? R_RIRBWP : R_CORBWP))
			continue;
		place->pos[ring] = ev->value & 0xff;
		place->pos_known[ring] = 1;
	}
}

void kvm_feed_begin(struct feed *f, const struct event_queue *looks)
{
	struct kvm_feed *k = (struct kvm_feed *)f;
	struct kvm_ring *r = &k->probe->ring;

	r->next = kvm_ring_horizon(r);
	for (size_t i = 0; i < k->places.owners; i++) {
		const struct mapped_controller *o = k->places.owner[i];
		uint64_t window = o->bar[0].start >> KVM_WINDOW_SHIFT;
		struct kvm_place place = { 0 };
		int ctrl = -1;

		for (size_t j = 0; j < k->devices->count; j++)
			if (k->devices->list[j].name &&
			    strcmp(k->devices->list[j].name, o->name) == 0)
				ctrl = k->devices->list[j].ctrl;
		if (ctrl < 0 || !o->bar[0].size)
			continue;
		for (size_t j = looks->first; j < looks->last; j++)
			if (looks->list[j].kind == EV_MMIO_READ && looks->list[j].ctrl == ctrl)
				seed(&place, &looks->list[j]);
		kvm_probe_seed(k->probe, window, &place);
	}
	for (size_t i = 0; i < k->places.windows; i++)
		k->places.window[i].lost = kvm_probe_lost(k->probe, k->places.window[i].number);
}

static const char *kvm_route(struct feed *f)
{
	struct kvm_feed *k = (struct kvm_feed *)f;

	if (k->late_reads)
		snprintf(k->text, sizeof(k->text), "BPF at the access itself, %" PRIu64
			 " times of %" PRIu64 " afterwards by %s", k->late_reads, k->late_reads + k->copies,
			 guestmem_route(k->mem));
	else
		snprintf(k->text, sizeof(k->text), "BPF at the access itself");
	return k->text;
}

/* --- beginning and end ----------------------------------------------------------------- */

static void destroy_own(struct kvm_feed *k)
{
	kvm_probe_destroy(k->probe);
	bar_map_deinit(&k->places);
	event_queue_deinit(&k->queue);
	free(k->late);
	if (k->process >= 0)
		close(k->process);
	if (k->base.fd >= 0)
		close(k->base.fd);
	free(k);
}

static void kvm_destroy(struct feed *f)
{
	struct kvm_feed *k = (struct kvm_feed *)f;

	if (k->beside)
		feed_destroy(&k->beside->base);
	destroy_own(k);
}

static const struct feed_ops kvm_ops = {
	.next = kvm_next,
	.fill = kvm_fill,
	.drain = kvm_drain,
	.read_memory = kvm_read_memory,
	.route = kvm_route,
	.destroy = kvm_destroy,
};

static struct err *possible(struct qmp *q)
{
	bool kvm;
	struct err *e = accel_is_kvm(q, &kvm);

	if (e)
		return e;
	if (!kvm)
		return err_new(ERR_FAIL, "the guest does not run under KVM (-accel kvm)");
	return kvm_probe_possible();
}

struct err *kvm_feed_parse_buffer(const char *text, uint32_t *bytes)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if ((*end == 'K' || *end == 'M') && n <= 1 << 20)
		n <<= *end++ == 'K' ? 10 : 20;
	if (errno || end == text || *end || *text == '-' || n < 4096 || n > 1 << 30)
		return err_new(ERR_USAGE, "a number of bytes, or with K or M, from 4K to 1024M");
	*bytes = (uint32_t)n;
	return NULL;
}

static struct err *watch(struct kvm_feed *k, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };

	return epoll_ctl(k->base.fd, EPOLL_CTL_ADD, fd, &ev) < 0 ?
	       err_sys(errno, "waiting for the BPF ring buffer") : NULL;
}

static struct err *create(const struct kvm_feed_options *opt, struct feed **out)
{
	struct kvm_feed *k = calloc(1, sizeof(*k));
	const struct ram_range *ram;
	size_t ranges;
	struct err *e;

	if (!k)
		return err_nomem();
	k->base.ops = &kvm_ops;
	k->devices = opt->devices;
	k->mem = opt->mem;
	k->offset = clock_ns() - clock_steady_ns();
	k->base.fd = epoll_create1(EPOLL_CLOEXEC);
	ram = guestmem_ranges(opt->mem, &ranges);
	k->process = (int)syscall(SYS_pidfd_open, opt->pid, 0);
	e = k->base.fd < 0 || k->process < 0 ? err_sys(errno, "waiting for QEMU") : NULL;
	if (!e)
		e = kvm_probe_create(opt->pid, ram, ranges, opt->buffer ? opt->buffer :
				     KVM_BUFFER_DEFAULT, &k->probe);
	if (!e)
		e = watch(k, k->probe->fd);
	if (!e)
		e = watch(k, k->process);
	if (!e && opt->beside)
		e = watch(k, opt->beside->base.fd);
	if (!e)
		e = ask(k);
	if (e) {
		destroy_own(k);
		return e;
	}
	k->beside = opt->beside;
	*out = &k->base;
	return NULL;
}

struct err *kvm_feed_choose(const struct kvm_feed_options *opt, enum capture_via via, bool strict,
			    enum memory_route memory, struct feed **out)
{
	const char *asked = strict ? "--strict" :
			    memory == MEMORY_MONITOR ? "--memory monitor" : NULL;
	struct err *e;

	*out = NULL;
	if (via == VIA_TRACE)
		return NULL;
	if (asked)
		e = err_new(ERR_FAIL, "%s works with QEMU's trace only", asked);
	else if (!opt->pid)
		e = err_new(ERR_FAIL, "QEMU's process could not be found on this machine");
	else
		e = possible(opt->devices->q);
	if (!e)
		e = create(opt, out);
	if (!e)
		log_note("capturing by BPF at each register access (kvm:kvm_mmio): %s",
			 via == VIA_BPF ? "as requested" :
			 "the guest runs under KVM and this kernel allows it");
	else if (via != VIA_BPF)
		log_note("capturing by QEMU's trace, not by BPF: %s", err_text(e));
	struct err *end = e && via == VIA_BPF ? err_new(ERR_FAIL, "--via bpf: %s; --via trace goes "
							"another way", err_text(e)) : NULL;
	err_free(e);
	return end;
}
