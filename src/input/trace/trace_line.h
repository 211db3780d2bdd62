/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parses one line of QEMU's trace log, of all versions.
 *
 * The events that matter are accesses of a guest to a device's registers:
 *
 *   vfio_region_write  (NAME:region0+0x48, 0x1, 2)          QEMU 2.3 and later
 *   vfio_region_read  (NAME:region0+0x4a, 2) = 0x1
 *   vfio_region_write  (vfio-user:PATH:region0+0x48, 0x1, 2)  a device behind a socket, 10.1
 *   vfio_bar_write, vfio_bar_read                           before 2.3
 *   memory_region_ops_write cpu 0 mr 0x55.. addr 0x.. value 0x.. size 4 name 'intel-hda'
 *   memory_region_ops_read   (1.6: no cpu; 2.6: cpu; zero a bare `0` before 2.10; 6.1: name)
 *
 * Before them there may be: nothing; `PID@SEC.USEC:`; `2025-07-24T14:12:21.123456Z `; `(qemu)
 * `; and the message context that QEMU's developers proposed in 2025 and 2026: `[TIME ]`, the
 * guest's name bare or in brackets, `PROG: `, `(TID:THREAD): ` or `PROG(TID:THREAD): `.
 * Source of these forms: QEMU's hw/vfio/trace-events, system/trace-events (earlier:
 * memory.c's), scripts/tracetool's log backend, util/message.c.
 *
 * A line is an event only if it is one from its first byte to its last: exactly as printf()
 * writes it, with possible numbers. A line that looks like an event and is not one (cut, two
 * writers in one line, a width of 3) is damaged, and its content is not guessed. Every other
 * line is ignored.
 *
 * Pure: no allocation, no I/O, no global state.
 */
#ifndef HDADUMP_INPUT_TRACE_TRACE_LINE_H
#define HDADUMP_INPUT_TRACE_TRACE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum trace_line_kind {
	TRACE_LINE_OTHER,
	TRACE_LINE_EVENT,
	TRACE_LINE_DAMAGED,
};

enum trace_access {
	TRACE_VFIO,	/* vfio_region_*, vfio_bar_* */
	TRACE_MEMORY,	/* memory_region_ops_* */
};

struct trace_line {
	int64_t time;		/* ns since 1970, or EVENT_TIME_NONE */
	uint64_t addr;		/* VFIO: offset in the region; memory: guest-physical address */
	uint64_t value;
	uint64_t mr;		/* memory: QEMU's pointer, used only to distinguish regions */
	/* device or memory region, a part of the caller's line; NULL = none */
	const char *name;
	const char *why;	/* damaged: what is wrong, constant text */
	uint32_t name_len;
	/*
	 * Lines with the same number have the same access, name, region and direction, so
	 * that a reader looks up a name only once; 0 = unknown.
	 */
	uint32_t same;
	int32_t cpu;		/* memory: CPU; -1 = unknown */
	uint8_t access;		/* enum trace_access */
	uint8_t region;		/* VFIO: the region's index; 0 to 5 are the BARs */
	uint8_t width;		/* 1, 2, 4 or 8 bytes */
	bool write;
	/*
	 * The line ends in a number that may be cut. It is whole if a line end follows; at
	 * the end of a file without one, that is unknown.
	 */
	bool open_end;
};

/* The longest line that can be an event; longer ones are damaged or not events. */
#define TRACE_LINE_MAX 1024

/* The longest remembered starts of lines; multiples of 16. */
#define TRACE_HEAD_MAX 80
#define TRACE_CLOCK_MAX 32

/*
 * The common parts of the last lines, to parse the next one faster. It changes the speed and
 * `same`, never the result. Start with all zeros.
 */
struct trace_memo {
	struct trace_head {
		char text[TRACE_HEAD_MAX];	/* `vfio_region_write  (NAME:region0+0x` */
		uint8_t mask[TRACE_HEAD_MAX];	/* 0xff for each byte of the text */
		uint32_t same;
		uint8_t len;
		uint8_t name_at, name_len;
		uint8_t region;
	} heads[2][2];		/* [write], two for each direction */
	struct trace_clock {
		char text[TRACE_CLOCK_MAX];	/* 2025-07-24T14:12:21. or PID@SEC. */
		uint8_t mask[TRACE_CLOCK_MAX];
		int64_t time;	/* the time of the whole second */
		uint8_t len;
		bool iso;
	} clock;
	struct {
		char text[63];
		uint8_t len;
	} context;
	uint32_t serial;
	bool turn[2];
};

/* Parses one line without its line end. @memo may be NULL. */
enum trace_line_kind trace_line_parse(struct trace_memo *memo, const void *line, size_t len,
				      struct trace_line *out);

/*
 * Parses the line from @p to the first '\n' before @end, where there must be one; '\r' before
 * it is part of the line end. *next is the byte after the '\n'. The result is the same as
 * trace_line_parse()'s, but the line end need not be searched first.
 */
enum trace_line_kind trace_line_take(struct trace_memo *memo, const char *p, const char *end,
				     struct trace_line *out, const char **next);

#endif
