/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the BPF program (kvm.bpf.c) and user space (kvm_*.c) say to each other.
 * Both are always built together; nothing of this is ever stored.
 *
 * A *window* is 16 KiB of guest-physical addresses at a multiple of that:
 * the least first BAR of any HD Audio controller, and BARs lie at a multiple
 * of their size.  What is kept per window need not know yet whose it is.
 */
#ifndef HDADUMP_LIVE_KVM_KVM_RECORD_H
#define HDADUMP_LIVE_KVM_KVM_RECORD_H

#include <linux/types.h>

#define KVM_WINDOW_SHIFT 14
#define KVM_WINDOW_SIZE (1ull << KVM_WINDOW_SHIFT)
#define KVM_WINDOWS 1024	/* at most, over a whole capture */
#define KVM_RAM_RANGES 64

/* The registers that say where the rings are: 0x40-0x5f of BAR 0. */
#define KVM_RING_REGS 0x40
#define KVM_RING_REGS_LEN 0x20	/* four words of 8 bytes */

/* The most that is copied of a ring: all entries of a RIRB (256 of 8 bytes). */
#define KVM_COPY_MAX 2048

enum kvm_record_kind {
	KVM_READ,
	KVM_WRITE,
	KVM_CONFIG,	/* a PCI base address, command or bus number may have changed */
	KVM_RECORD_KINDS
};

/* What the accesses did that could not be recorded for want of room. */
enum kvm_lost_what {
	KVM_LOST_CORB = 1 << 0,		/* base, size or run bit were written */
	KVM_LOST_RIRB = 1 << 1,
	KVM_LOST_CORB_RESET = 1 << 2,	/* CORBRP was reset */
	KVM_LOST_RIRB_RESET = 1 << 3,	/* RIRBWP was reset */
	KVM_LOST_RESET = 1 << 4,	/* GCTL.CRST was cleared */
};

/* A copy of ring entries: the first at copy[0], the second at copy[KVM_COPY_MAX]. */
struct kvm_piece {
	__u64 gpa;
	__u32 len;	/* 0: none */
	__u32 ring;	/* 0 CORB, 1 RIRB */
};

/*
 * One access.  Only what is needed is sent: @size bytes, either up to `pieces`
 * or with these and the copied bytes.
 */
struct kvm_record {
	__u64 time;		/* CLOCK_MONOTONIC, ns */
	__u64 gpa;
	__u64 value;
	__u64 lost;		/* records of this window lost so far, since the beginning */
	__u16 size;		/* of this record */
	__u8 kind;		/* enum kvm_record_kind */
	__u8 width;		/* bytes of the access, 1 to 8: KVM cuts one at a page's end */
	__u8 full;		/* there is more behind this line */
	__u8 lost_what;		/* enum kvm_lost_what: of the records lost since the last one */
	__u8 unused[2];
	/* --- from here on only where a ring was looked at, or setup was lost --- */
	__u32 fresh[2];		/* entries of CORB and RIRB that this access announces */
	/*
	 * Those, and the ones whose announcements were lost before.  Of a ring
	 * with fresh ones this record settles them; the other's stay due.
	 */
	__u32 due[2];
	__u32 gone[2];		/* announced in lost records, and no longer in their ring */
	__u64 regs[4];		/* 0x40-0x5f as they are after this access */
	__u64 known[4];		/* 0xff for each byte of them that was seen */
	struct kvm_piece piece[2];
	__u8 copy[2 * KVM_COPY_MAX];
};

#define KVM_RECORD_SHORT __builtin_offsetof(struct kvm_record, fresh)
#define KVM_RECORD_FULL __builtin_offsetof(struct kvm_record, copy)

/* What user space has decided about a window; nothing: it is nobody's of ours. */
enum kvm_verdict {
	KVM_OURS = 1 << 0,	/* a controller's: recorded */
	KVM_RINGS = 1 << 1,	/* the first of its BAR 0: here ring entries are copied */
};

/* What the program follows of a window. */
struct kvm_place {
	__u64 lost;
	__u32 lost_what;
	__u32 untold;		/* verbs were announced in a record that was lost */
	__u64 regs[4];
	__u64 known[4];
	__u32 pos[2];		/* slots of the newest entries */
	__u32 pos_known[2];
	__u32 due[2];		/* announced since the last record that told of it */
	__u32 gone[2];
};

struct kvm_ram {
	__u64 start, end;	/* guest-physical, the last byte included */
	__u64 hva;		/* where QEMU has it */
};

/*
 * Shared memory of both: set by user space, the generations and counters by the
 * program.
 */
struct kvm_control {
	__u32 tgid;		/* QEMU's process ... */
	__u32 ram_count;
	__u64 ns_dev, ns_ino;	/* ... as seen in this PID namespace; 0: the first one */
	__u64 ecam, ecam_size;	/* PCI configuration space in memory; 0: not known */
	__u32 generation;	/* changes with each write to PCI configuration that matters */
	__u32 settled;		/* the one under which all that is not ours may be left out */
	__u32 config_address;	/* the last write to port 0xcf8 */
	__u32 config_thread;	/* who wrote configuration last ... */
	__u32 applied;		/* ... and the generation that QEMU is known to have acted on */
	__u32 wake;		/* bytes that may wait before the reader is woken */
	__u64 untold;		/* accesses of windows that there was no room to follow */
	__u64 config_lost;	/* KVM_CONFIG records lost */
	__u64 config_time;	/* of the last write of configuration, CLOCK_MONOTONIC */
	struct kvm_ram ram[KVM_RAM_RANGES];
};

#endif
