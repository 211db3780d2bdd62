// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The BPF program on kvm:kvm_mmio. It runs in the vCPU's thread at the trapped access, before
 * QEMU or the device has seen it: at that time a ring contains exactly what the guest
 * announces, however late user space gets the record.
 *
 * The program does as little as possible: user space tells it which 16 KiB belong to a
 * controller, and it follows only the registers that show where new ring entries are. The
 * model of the controller is hda/ in user space; if the two disagree about what is new, user
 * space finds no copy and reads memory itself, with the rules for late reads.
 *
 * Raw tracepoints, because they need no address, offset or type of the machine that this is
 * built on: kvm is a module, whose BTF may be missing, and reading the record's layout from
 * tracefs needs a tracefs. The arguments have been (type, len, gpa, pointer to the value)
 * since Linux 4.16; no kernel struct is used, so nothing needs to be relocated.
 *
 * Every index and every length for a helper goes through index_of() or length_of(), because
 * the verifier must see each bound where it is used.
 *
 * It reads the arguments of the tracepoints and, of QEMU's memory, the ring entries of the
 * controllers that user space named, inside guest RAM; nothing else.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "live/kvm/kvm_record.h"

char LICENSE[] SEC("license") = "GPL";

#define NULL ((void *)0)
#define always static inline __attribute__((always_inline))

enum { CORB, RIRB };

/* Offsets from KVM_RING_REGS in HD Audio 1.0a, 3.3; regs.def has their names. */
enum {
	CORBLBASE = 0x00, CORBWP = 0x08, CORBRP = 0x0a, CORBCTL = 0x0c, CORBSIZE = 0x0e,
	RIRBLBASE = 0x10, RIRBWP = 0x18, RIRBCTL = 0x1c, RIRBSIZE = 0x1e,
};

/* A register of the rings: its byte in the word that contains it. */
#define REG8(words, reg) ((__u8)((words)[(reg) / 8] >> (reg) % 8 * 8))
#define BYTE(reg) (0xffull << (reg) % 8 * 8)

#define GCTL 0x08
#define RUN 2			/* the same bit in CORBCTL and RIRBCTL */

/* arch/x86/kvm/trace.h */
enum { MMIO_READ_UNSATISFIED, MMIO_READ, MMIO_WRITE };
enum { PIO_OUT = 1 };

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);	/* set before loading */
} records SEC(".maps");

/* In .bss, which user space maps. */
struct kvm_control control;

/* Written by user space only. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, KVM_WINDOWS);
	__type(key, __u64);
	__type(value, __u32);	/* enum kvm_verdict */
} verdicts SEC(".maps");

/* Written by the program only. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, KVM_WINDOWS);
	__type(key, __u64);
	__type(value, struct kvm_place);
} places SEC(".maps");

/* A record, and room after it up to a power of two, with which length_of() bounds its size. */
#define SCRATCH_SIZE 8192
union scratch {
	struct kvm_record record;
	__u8 room[SCRATCH_SIZE];
};

_Static_assert(sizeof(struct kvm_record) <= SCRATCH_SIZE, "a record does not fit");

/* Too large for the stack. One more than a CPU can need at once, because programs do not nest. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, union scratch);
} scratch SEC(".maps");

/* The initial value of a new place; always zero. */
static const struct kvm_place nowhere;

/* The compiler's version, for the message if a kernel refuses the program. */
const char compiler[] = __VERSION__;

/*
 * Returns @i, which is below @count, a power of two. If the compiler can prove this from an
 * earlier check, it removes a mask, or checks one register and uses another; the verifier,
 * which follows each register separately, then sees no bound and refuses the program. The
 * empty asm makes the compiler forget what it knows about @i, so that the mask stays between
 * the value and its use.
 */
always __u64 index_of(__u64 i, __u64 count)
{
	asm volatile("" : "+r"(i));
	return i & (count - 1);
}

/* The same for a length @n from 1 to @most, a power of two. */
always __u64 length_of(__u64 n, __u64 most)
{
	return index_of(n - 1, most) + 1;
}

/* True for a thread of QEMU. */
always int our_guest(void)
{
	struct kvm_control *c = &control;
	__u64 id = bpf_get_current_pid_tgid();
	struct bpf_pidns_info ns;

	if (c->ns_ino) {
		if (bpf_get_ns_current_pid_tgid(c->ns_dev, c->ns_ino, &ns, sizeof(ns)))
			return 0;
		if (ns.tgid != c->tgid)
			return 0;
	} else if (id >> 32 != c->tgid) {
		return 0;
	}
	/* this thread has come back, so its write to PCI configuration has been executed */
	if (c->config_thread == (__u32)id)
		c->applied = c->generation;
	return 1;
}

/* Sends a record; false if there was no room. */
always int send(struct kvm_record *r, __u32 size)
{
	__u64 flags = bpf_ringbuf_query(&records, BPF_RB_AVAIL_DATA) >= control.wake ?
		      BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;

	r->size = size;
	return bpf_ringbuf_output(&records, r, length_of(size, SCRATCH_SIZE), flags) == 0;
}

always int touches(__u32 offset, __u32 width, __u32 reg, __u32 len)
{
	return offset < reg + len && offset + width > reg;
}

/* --- the registers of the rings ----------------------------------------------- */

/*
 * Stores the bytes of an access to the rings' registers; for a read only those that were
 * unknown. No driver's access crosses a multiple of 8; the part of one beyond it is ignored.
 * Without a branch, because the verifier follows each path.
 */
always void take_bytes(struct kvm_place *p, __u32 offset, __u32 width, __u64 value, int write)
{
	__u32 word = index_of((offset - KVM_RING_REGS) / 8, 4), shift = offset % 8 * 8;
	__u64 mask = (~0ull >> ((64 - 8 * width) & 63)) << shift;

	/* the hardware does not accept sizes that it does not have, so wait for a read */
	if (!write)
		mask &= ~p->known[word] | (word & 1 ? BYTE(CORBSIZE) : 0);
	p->regs[word] = (p->regs[word] & ~mask) | (value << shift & mask);
	p->known[word] |= mask;
}

/* The registers of CORB and RIRB are 16 bytes apart. */
always __u32 ring_size(const struct kvm_place *p, __u32 ring)
{
	__u32 word = index_of(CORBSIZE / 8 + ring * 2, 4);
	__u32 code = p->regs[word] >> CORBSIZE % 8 * 8 & 3;

	if (!(p->known[word] & BYTE(CORBSIZE)) || code > 1)
		return 256;
	return code ? 16 : 2;
}

/* The ring was set up again: announced entries that were not sent are lost. */
always void ring_begin(struct kvm_place *p, int ring)
{
	p->gone[ring] += p->due[ring];
	p->due[ring] = 0;
	p->pos[ring] = 0;
	p->pos_known[ring] = 1;
}

/* Entries up to @wp are there; returns the number of new ones. */
always __u32 ring_advance(struct kvm_place *p, int ring, __u32 wp)
{
	__u32 mask = ring_size(p, ring) - 1;
	__u32 n = (wp - p->pos[ring]) & mask;

	if (!p->pos_known[ring])
		/* a write announces one entry; a read may show an old one */
		n = ring == CORB;
	p->pos[ring] = wp & mask;
	p->pos_known[ring] = 1;
	p->due[ring] += n;
	return n;
}

always __u8 lost_by_write(const struct kvm_place *p, __u32 offset, __u32 width, __u64 value)
{
	__u8 what = 0;

	if (touches(offset, width, GCTL, 1) && !(value >> (8 * (GCTL - offset)) & 1))
		what |= KVM_LOST_RESET;
	if (touches(offset, width, KVM_RING_REGS + CORBLBASE, 8) ||
	    touches(offset, width, KVM_RING_REGS + CORBCTL, 1) ||
	    touches(offset, width, KVM_RING_REGS + CORBSIZE, 1))
		what |= KVM_LOST_CORB;
	if (touches(offset, width, KVM_RING_REGS + RIRBLBASE, 8) ||
	    touches(offset, width, KVM_RING_REGS + RIRBCTL, 1) ||
	    touches(offset, width, KVM_RING_REGS + RIRBSIZE, 1))
		what |= KVM_LOST_RIRB;
	if (touches(offset, width, KVM_RING_REGS + CORBRP + 1, 1) &&
	    REG8(p->regs, CORBRP + 1) & 0x80)
		what |= KVM_LOST_CORB_RESET;
	if (touches(offset, width, KVM_RING_REGS + RIRBWP + 1, 1) &&
	    REG8(p->regs, RIRBWP + 1) & 0x80)
		what |= KVM_LOST_RIRB_RESET;
	return what;
}

always void reset(struct kvm_place *p)
{
	for (int i = 0; i < 4; i++) {
		p->regs[i] = 0;
		p->known[i] = i & 1 ? ~BYTE(CORBSIZE) : ~0ull;
	}
	ring_begin(p, CORB);
	ring_begin(p, RIRB);
}

/* Follows an access; *fresh: number of entries that it announces. */
always void follow(struct kvm_place *p, __u32 offset, __u32 width, __u64 value, int write,
		   __u32 *fresh)
{
	__u64 base[2] = { p->regs[CORBLBASE / 8], p->regs[RIRBLBASE / 8] };

	if (write && touches(offset, width, GCTL, 1) && !(value >> (8 * (GCTL - offset)) & 1)) {
		reset(p);
		return;
	}
	if (offset < KVM_RING_REGS || offset >= KVM_RING_REGS + KVM_RING_REGS_LEN)
		return;
	take_bytes(p, offset, width, value, write);
	if (!write) {
		if (touches(offset, width, KVM_RING_REGS + RIRBWP, 1))
			fresh[RIRB] = ring_advance(p, RIRB, value >> (KVM_RING_REGS + RIRBWP -
								      offset) * 8 & 0xff);
		else if (touches(offset, width, KVM_RING_REGS + CORBWP, 1) &&
			 !p->pos_known[CORB]) {
			p->pos[CORB] = REG8(p->regs, CORBWP);
			p->pos_known[CORB] = 1;
		}
		return;
	}
	for (int i = 0; i < 2; i++) {
		if (p->regs[i * 2] == base[i])
			continue;
		p->gone[i] += p->due[i];
		p->due[i] = 0;
	}
	if (touches(offset, width, KVM_RING_REGS + CORBRP + 1, 1) &&
	    REG8(p->regs, CORBRP + 1) & 0x80)
		ring_begin(p, CORB);
	if (touches(offset, width, KVM_RING_REGS + RIRBWP + 1, 1) &&
	    REG8(p->regs, RIRBWP + 1) & 0x80)
		ring_begin(p, RIRB);
	if (touches(offset, width, KVM_RING_REGS + CORBWP, 5) &&
	    p->known[CORBWP / 8] & BYTE(CORBWP) &&
	    (!(p->known[CORBCTL / 8] & BYTE(CORBCTL)) || REG8(p->regs, CORBCTL) & RUN))
		fresh[CORB] = ring_advance(p, CORB, REG8(p->regs, CORBWP));
}

/* --- copying --------------------------------------------------------------- */

/*
 * The address in QEMU of @len bytes of guest RAM; 0 if they are not in one range. Not static,
 * so that the verifier checks it once, and not at each call.
 */
__attribute__((noinline)) __u64 host_address(__u64 gpa, __u32 len)
{
	const struct kvm_control *c = &control;
	__u64 hva = 0;

	for (__u32 i = 0; i < KVM_RAM_RANGES && i < c->ram_count; i++) {
		const struct kvm_ram *ram = &c->ram[index_of(i, KVM_RAM_RANGES)];

		if (gpa < ram->start || gpa > ram->end)
			continue;
		if (ram->end - gpa >= len - 1ull)
			hva = ram->hva + (gpa - ram->start);
		break;
	}
	return hva;
}

always void copy_piece(struct kvm_record *r, int n, __u32 ring, __u64 gpa, __u32 len)
{
	__u64 hva;

	if (len == 0)
		return;
	hva = host_address(gpa, len);
	if (!hva || bpf_probe_read_user(r->copy + n * KVM_COPY_MAX, length_of(len, KVM_COPY_MAX),
					(void *)hva))
		return;
	r->piece[n].gpa = gpa;
	r->piece[n].ring = ring;
	r->piece[n].len = len;
}

/* Copies the entries that are due, as far as they are still in the ring. */
always void copy_ring(const struct kvm_place *p, struct kvm_record *r, __u32 ring)
{
	__u32 i = index_of(ring, 2), word = index_of(ring * 2, 4);
	__u32 size = ring_size(p, ring), bytes = ring == CORB ? 4 : 8, due = r->due[i];
	__u64 base = p->regs[word] & ~0x7full;
	__u32 count = due < size ? due : due & (size - 1);
	__u32 first = (p->pos[i] - count + 1) & (size - 1), n = size - first;

	if (p->known[word] != ~0ull)
		return;		/* the base is unknown */
	if (n > count)
		n = count;
	copy_piece(r, 0, ring, base + first * bytes, n * bytes);
	copy_piece(r, 1, ring, base, (count - n) * bytes);
}

/* --- the tracepoints ------------------------------------------------------- */

always int config_register(__u32 reg)
{
	reg &= 0xfc;
	/* command and base addresses; for a bridge, bus numbers and windows */
	return reg == 0x04 || (reg >= 0x10 && reg < 0x28);
}

/* Addresses may change when QEMU has executed this write: from now on every access is sent. */
always void config_written(__u64 where, __u64 value, __u32 width)
{
	struct kvm_control *c = &control;
	__u32 zero = 0;
	struct kvm_record *r = bpf_map_lookup_elem(&scratch, &zero);

	c->config_thread = (__u32)bpf_get_current_pid_tgid();
	c->config_time = bpf_ktime_get_ns();
	__sync_fetch_and_add(&c->generation, 1);
	if (!r)
		return;
	__builtin_memset(r, 0, KVM_RECORD_SHORT);
	r->time = bpf_ktime_get_ns();
	r->gpa = where;
	r->value = value;
	r->width = width;
	r->kind = KVM_CONFIG;
	if (!send(r, KVM_RECORD_SHORT))
		__sync_fetch_and_add(&c->config_lost, 1);
}

SEC("raw_tp/kvm_pio")
int on_pio(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 write = ctx->args[0], port = ctx->args[1], width = ctx->args[2], value = 0;
	struct kvm_control *c = &control;

	if (write != PIO_OUT || port < 0xcf8 || port > 0xcff || width > 4 || !width)
		return 0;
	if (!our_guest() ||
	    bpf_probe_read_kernel(&value, length_of(width, sizeof(value)), (void *)ctx->args[4]))
		return 0;
	if (port == 0xcf8 && width == 4)
		c->config_address = value;
	else if (port >= 0xcfc && config_register(c->config_address))
		config_written(c->config_address, value, width);
	return 0;
}

SEC("raw_tp/kvm_mmio")
int on_mmio(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 type = ctx->args[0], width = ctx->args[1], zero = 0, size = KVM_RECORD_SHORT;
	__u64 gpa = ctx->args[2], value = 0, window = gpa >> KVM_WINDOW_SHIFT;
	__u32 offset = gpa & (KVM_WINDOW_SIZE - 1);
	struct kvm_control *c = &control;
	struct kvm_place *p;
	struct kvm_record *r;
	__u32 ours, *verdict, due[2];
	__u8 what;

	/* a read comes twice, the first time without its value */
	if (type == MMIO_READ_UNSATISFIED || width > 8 || !width)
		return 0;
	if (!our_guest())
		return 0;
	if (bpf_probe_read_kernel(&value, length_of(width, sizeof(value)), (void *)ctx->args[3]))
		return 0;
	if (c->ecam_size && gpa - c->ecam < c->ecam_size) {
		if (type == MMIO_WRITE && (gpa & 0xf00) == 0 && config_register(gpa))
			config_written(gpa, value, width);
		return 0;
	}
	verdict = bpf_map_lookup_elem(&verdicts, &window);
	ours = verdict ? *verdict : 0;
	if (!(ours & KVM_OURS)) {
		/* the processor's own interrupt controllers are not PCI devices */
		if (gpa >> 12 == 0xfee00 || gpa >> 12 == 0xfec00)
			return 0;
		if (c->settled == c->generation)
			return 0;
	}
	p = bpf_map_lookup_elem(&places, &window);
	if (!p) {
		bpf_map_update_elem(&places, &window, &nowhere, BPF_NOEXIST);
		p = bpf_map_lookup_elem(&places, &window);
	}
	r = bpf_map_lookup_elem(&scratch, &zero);
	if (!p || !r) {
		__sync_fetch_and_add(&c->untold, 1);
		return 0;
	}
	__builtin_memset(r, 0, KVM_RECORD_FULL);
	r->time = bpf_ktime_get_ns();
	r->gpa = gpa;
	r->value = value;
	r->kind = type == MMIO_WRITE ? KVM_WRITE : KVM_READ;
	r->width = width;
	if (offset < KVM_RING_REGS + KVM_RING_REGS_LEN) {
		follow(p, offset, width, value, type == MMIO_WRITE, r->fresh);
		if (ours & KVM_RINGS)
			r->full = r->fresh[CORB] || r->fresh[RIRB];
	}
	due[CORB] = p->due[CORB];
	due[RIRB] = p->due[RIRB];
	r->lost = p->lost;
	r->lost_what = p->lost_what;
	r->full |= p->gone[CORB] || p->gone[RIRB];
	r->full |= r->lost_what != 0;
	if (r->full) {
		for (int i = 0; i < 2; i++) {
			r->due[i] = due[i];
			r->gone[i] = p->gone[i];
		}
		for (int i = 0; i < 4; i++) {
			r->regs[i] = p->regs[i];
			r->known[i] = p->known[i];
		}
		/* an access announces entries of one ring, never of both */
		if (ours & KVM_RINGS && (r->fresh[CORB] || r->fresh[RIRB]))
			copy_ring(p, r, r->fresh[CORB] ? CORB : RIRB);
		size = KVM_RECORD_FULL + r->piece[0].len;
		if (r->piece[1].len)
			size = KVM_RECORD_FULL + KVM_COPY_MAX + r->piece[1].len;
	}
	/*
	 * Responses that are sent before their verbs would be paired with none, or with wrong
	 * ones: after a loss the next announcement of verbs is sent first.
	 */
	if (!(r->fresh[RIRB] && p->untold) && send(r, size)) {
		if (r->fresh[CORB])
			p->untold = 0;
		for (int i = 0; i < 2; i++) {
			/* entries of the other ring stay due until a record has them */
			if (r->fresh[i])
				__sync_fetch_and_add(&p->due[i], -due[i]);
			__sync_fetch_and_add(&p->gone[i], -r->gone[i]);
		}
		if (r->lost_what)
			__sync_fetch_and_and(&p->lost_what, ~(__u32)r->lost_what);
		return 0;
	}
	__sync_fetch_and_add(&p->lost, 1);
	if (r->fresh[CORB])
		p->untold = 1;
	what = type == MMIO_WRITE ? lost_by_write(p, offset, width, value) : 0;
	if (what)
		__sync_fetch_and_or(&p->lost_what, what);
	return 0;
}
