/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The data that the BPF program (kvm.bpf.c) and user space (kvm_*.c) exchange. Both are
 * always built together; nothing of this is ever stored.
 *
 * A *window* is 16 KiB of guest-physical addresses, aligned to its size: the smallest first
 * BAR of an HD Audio controller, and BARs are aligned to their size. A window's data can be
 * stored before it is known which device it belongs to.
 */
#ifndef HDADUMP_LIVE_KVM_KVM_RECORD_H
#define HDADUMP_LIVE_KVM_KVM_RECORD_H

#include <linux/types.h>

#define KVM_WINDOW_SHIFT 14
#define KVM_WINDOW_SIZE (1ull << KVM_WINDOW_SHIFT)
#define KVM_WINDOWS 1024	/* at most, in a whole capture */
#define KVM_RAM_RANGES 64

/* The registers that show where the rings are: 0x40-0x5f of BAR 0. */
#define KVM_RING_REGS 0x40
#define KVM_RING_REGS_LEN 0x20	/* four words of 8 bytes */

/* The most bytes copied from a ring: all entries of a RIRB (256 of 8 bytes). */
#define KVM_COPY_MAX 2048

enum kvm_record_kind {
	KVM_READ,
	KVM_WRITE,
	KVM_CONFIG,	/* the guest may have changed a PCI base address, command or bus number */
	KVM_RECORD_KINDS
};

/* What the accesses did that were not recorded because the buffer was full. */
enum kvm_lost_what {
	KVM_LOST_CORB = 1 << 0,		/* base, size or run bit was written */
	KVM_LOST_RIRB = 1 << 1,
	KVM_LOST_CORB_RESET = 1 << 2,	/* CORBRP was reset */
	KVM_LOST_RIRB_RESET = 1 << 3,	/* RIRBWP was reset */
	KVM_LOST_RESET = 1 << 4,	/* GCTL.CRST was cleared */
};

/* A copy of ring entries: the first at copy[0], the second at copy[KVM_COPY_MAX]. */
struct kvm_piece {
	__u64 gpa;
	__u32 len;	/* bytes; 0 = none */
	__u32 ring;	/* 0 = CORB, 1 = RIRB */
};

/*
 * One access. Only the necessary part is sent: @size bytes, either up to `pieces`, or with
 * these and the copied bytes.
 */
struct kvm_record {
	__u64 time;		/* CLOCK_MONOTONIC, ns */
	__u64 gpa;
	__u64 value;
	__u64 lost;		/* number of lost records of this window since the beginning */
	__u16 size;		/* bytes of this record */
	__u8 kind;		/* enum kvm_record_kind */
	__u8 width;		/* bytes of the access, 1 to 8: KVM splits one at a page's end */
	__u8 full;		/* the fields after it are valid */
	__u8 lost_what;		/* enum kvm_lost_what: for the records lost since the last one */
	__u8 unused[2];
	/* --- from here on only if a ring was read, or its setup was lost --- */
	__u32 fresh[2];		/* number of entries of CORB and RIRB that this access announces */
	/*
	 * These entries, and those whose announcements were lost before. A record with fresh
	 * entries of a ring delivers that ring's due entries; the other's stay due.
	 */
	__u32 due[2];
	__u32 gone[2];		/* announced in lost records, and no longer in the ring */
	__u64 regs[4];		/* 0x40-0x5f after this access */
	__u64 known[4];		/* 0xff for each known byte of them */
	struct kvm_piece piece[2];
	__u8 copy[2 * KVM_COPY_MAX];
};

#define KVM_RECORD_SHORT __builtin_offsetof(struct kvm_record, fresh)
#define KVM_RECORD_FULL __builtin_offsetof(struct kvm_record, copy)

/* User space's decision about a window; none: it is not one of ours. */
enum kvm_verdict {
	KVM_OURS = 1 << 0,	/* of a controller: recorded */
	KVM_RINGS = 1 << 1,	/* the first window of its BAR 0: ring entries are copied here */
};

/* The program's state of a window. */
struct kvm_place {
	__u64 lost;
	__u32 lost_what;
	__u32 untold;		/* verbs were announced in a record that was lost */
	__u64 regs[4];
	__u64 known[4];
	__u32 pos[2];		/* slots of the newest entries */
	__u32 pos_known[2];
	__u32 due[2];		/* entries announced since the last record that had them */
	__u32 gone[2];
};

struct kvm_ram {
	__u64 start, end;	/* guest-physical; `end` is the last byte */
	__u64 hva;		/* address in QEMU */
};

/*
 * Memory that both share: set by user space, except the generations and counters, which the
 * program sets.
 */
struct kvm_control {
	__u32 tgid;		/* QEMU's process ... */
	__u32 ram_count;
	__u64 ns_dev, ns_ino;	/* ... in this PID namespace; 0 = the first one */
	__u64 ecam, ecam_size;	/* address of PCI configuration space in memory; 0 = unknown */
	__u32 generation;	/* changes with each relevant write to PCI configuration */
	/* the generation for which accesses to other devices may be dropped */
	__u32 settled;
	__u32 config_address;	/* last value written to port 0xcf8 */
	__u32 config_thread;	/* the thread that wrote configuration last ... */
	__u32 applied;		/* ... and the generation that QEMU has certainly executed */
	__u32 wake;		/* bytes that may wait before the reader is woken up */
	__u64 untold;		/* number of accesses to windows for which there was no room */
	__u64 config_lost;	/* number of KVM_CONFIG records lost */
	__u64 config_time;	/* time of the last write to configuration, CLOCK_MONOTONIC */
	struct kvm_ram ram[KVM_RAM_RANGES];
};

#endif
