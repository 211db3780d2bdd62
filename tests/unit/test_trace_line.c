// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/buf.h"
#include "event/event.h"
#include "input/trace/trace_line.h"

/* The parser's result for a line, every field, as one text. */
static void show(struct buf *b, enum trace_line_kind kind, const struct trace_line *l)
{
	buf_clear(b);
	if (kind == TRACE_LINE_OTHER) {
		buf_adds(b, "other");
		return;
	}
	if (kind == TRACE_LINE_DAMAGED) {
		buf_addf(b, "damaged: %s", l->why);
		return;
	}
	buf_addf(b, "%s %s", l->access == TRACE_VFIO ? "vfio" : "mem", l->write ? "W" : "R");
	if (l->name)
		buf_addf(b, " [%.*s]", (int)l->name_len, l->name);
	if (l->access == TRACE_VFIO)
		buf_addf(b, " r%u", l->region);
	else
		buf_addf(b, " mr%" PRIx64 " cpu%d", l->mr, l->cpu);
	buf_addf(b, " %" PRIx64 " = %" PRIx64 " /%u", l->addr, l->value, l->width);
	if (l->open_end)
		buf_adds(b, " ...");
	if (l->time != EVENT_TIME_NONE)
		buf_addf(b, " t%" PRId64, l->time);
}

/* In memory of exactly the line's size, so that ASan finds a read past it. */
static enum trace_line_kind parse(struct trace_memo *memo, const char *text, size_t len,
				  struct buf *shown)
{
	char *line = malloc(len ? len : 1);
	struct trace_line out;

	memcpy(line, text, len);
	enum trace_line_kind kind = trace_line_parse(memo, line, len, &out);
	show(shown, kind, &out);
	free(line);
	return kind;
}

static const struct {
	const char *line, *is;
} golden[] = {
	/* no prefix: up to 2.2, and 6.0 and later */
	{ "vfio_region_write  (0000:00:1f.3:region0+0x704, 0x0, 4)",
	  "vfio W [0000:00:1f.3] r0 704 = 0 /4" },
	{ "vfio_region_write  (0000:00:1f.3:region0+0x1048, 0xe9, 1)",
	  "vfio W [0000:00:1f.3] r0 1048 = e9 /1" },
	{ "vfio_region_write  (0000:00:1f.3:region4+0xd8, 0x20701000, 4)",
	  "vfio W [0000:00:1f.3] r4 d8 = 20701000 /4" },
	{ "vfio_region_read  (0000:06:01.0:region0+0x6fb8, 4) = 0x30000",
	  "vfio R [0000:06:01.0] r0 6fb8 = 30000 /4 ..." },
	{ "vfio_region_read  (0000:06:01.0:region0+0x6fb8, 4) = 0xffffffff",
	  "vfio R [0000:06:01.0] r0 6fb8 = ffffffff /4" },
	{ "vfio_region_read  (10000:e1:00.0:region0+0x0, 8) = 0x0",
	  "vfio R [10000:e1:00.0] r0 0 = 0 /8" },
	{ "vfio_region_write  (6910ebbc-0c06-4aa7-9b6e-c419ca8d1cc3:region0+0x48, 0x1, 2)",
	  "vfio W [6910ebbc-0c06-4aa7-9b6e-c419ca8d1cc3] r0 48 = 1 /2" },
	{ "vfio_region_write  (VFIO_FD23:region2+0x26c960, 0xa5a5a5a5, 4)",
	  "vfio W [VFIO_FD23] r2 26c960 = a5a5a5a5 /4" },
	{ "vfio_region_read  (VFIO user </var/run/a b/cntrl>:region0+0x0, 4) = 0x10100ff",
	  "vfio R [VFIO user </var/run/a b/cntrl>] r0 0 = 10100ff /4 ..." },
	{ "vfio_region_write  (vfio-user:/run/a.sock:region0+0x48, 0x1, 2)",
	  "vfio W [vfio-user:/run/a.sock] r0 48 = 1 /2" },
	{ "vfio_region_read  (vfio-user:hda (1): <a>=[b]\\, \xc3\xa9:region:region7+0x4, 4) = 0x100506",
	  "vfio R [vfio-user:hda (1): <a>=[b]\\, \xc3\xa9:region] r7 4 = 100506 /4 ..." },
	{ "2026-11-30T14:12:21.123456Z qemu: vfio_region_read  (vfio-user:/0000:00:1b.0:region0+0x5d, 1) "
	  "= 0x15", "vfio R [vfio-user:/0000:00:1b.0] r0 5d = 15 /1 t1796047941123456000" },
	{ "vfio_region_write  (hda-0.x:region0+0xffffffffffff, 0xffffffffffffffff, 8)",
	  "vfio W [hda-0.x] r0 ffffffffffff = ffffffffffffffff /8" },
	/* before 2.3 */
	{ "vfio_bar_write  (0000:05:00.0:region2+0x74, 0x1f000, 4)",
	  "vfio W [0000:05:00.0] r2 74 = 1f000 /4" },
	{ "vfio: vfio_bar_write(0000:05:00.0:BAR2+0x74, 0x1f000, 4)",
	  "vfio W [0000:05:00.0] r2 74 = 1f000 /4" },
	{ "vfio: vfio_bar_read(0000:05:00.0:BAR2+0x74, 4) = 0x8001f000",
	  "vfio R [0000:05:00.0] r2 74 = 8001f000 /4" },
	/* PID@, TID@ */
	{ "39676@1670001694.038647:vfio_region_write  (0000:00:1f.3:region0+0x48, 0x2, 2)",
	  "vfio W [0000:00:1f.3] r0 48 = 2 /2 t1670001694038647000" },
	{ "493@1581830832.154442:vfio_region_write  (0000:03:00.0:region2+0x26ffda, 0x5a5a, 2)",
	  "vfio W [0000:03:00.0] r2 26ffda = 5a5a /2 t1581830832154442000" },
	{ "0@0.000000:vfio_region_read  (0000:00:1b.0:region0+0x5d, 1) = 0x5",
	  "vfio R [0000:00:1b.0] r0 5d = 5 /1 ... t0" },
	/* ISO: 10.1 and later */
	{ "2025-07-24T14:12:21.123456Z vfio_region_read  (0000:00:1b.0:region0+0x5d, 1) = 0x15",
	  "vfio R [0000:00:1b.0] r0 5d = 15 /1 t1753366341123456000" },
	{ "2024-02-29T23:59:59Z vfio_region_read  (0000:00:1b.0:region0+0x5d, 1) = 0x0",
	  "vfio R [0000:00:1b.0] r0 5d = 0 /1 t1709251199000000000" },
	/* the monitor's prompt */
	{ "(qemu) vfio_region_write  (0000:00:1b.0:region0+0x48, 0x2, 2)",
	  "vfio W [0000:00:1b.0] r0 48 = 2 /2" },
	{ "(qemu) (qemu) 1@2.000003:vfio_region_write  (0000:00:1b.0:region0+0x48, 0x2, 2)",
	  "vfio W [0000:00:1b.0] r0 48 = 2 /2 t2000003000" },
	/* the message context proposed in 2025 and 2026, in its five versions */
	{ "qemu-system-x86_64(772366:main): vfio_region_write  (0000:00:1b.0:region0+0x48, 0x2, 2)",
	  "vfio W [0000:00:1b.0] r0 48 = 2 /2" },
	{ "qemu-system-x86_64(CPU 0/KVM):vfio_region_write  (0000:00:1b.0:region0+0x48, 0x2, 2)",
	  "vfio W [0000:00:1b.0] r0 48 = 2 /2" },
	{ "fish food qemu: (11:CPU 0/TCG): vfio_region_write  (0000:00:1b.0:region0+0x48, 0x2, 2)",
	  "vfio W [0000:00:1b.0] r0 48 = 2 /2" },
	{ "2025-07-24T14:12:21.000001Z [a@b, c] qemu: vfio_region_write  (h:region0+0x48, 0x2, 2)",
	  "vfio W [h] r0 48 = 2 /2 t1753366341000001000" },
	{ "2025-07-24T14:12:21.000001Z win10 (9:main): vfio_region_write  (h:region0+0x48, 0x2, 2)",
	  "vfio W [h] r0 48 = 2 /2 t1753366341000001000" },
	/* memory_region_ops of 1.6, 2.6, 2.10 and 6.1 */
	{ "memory_region_ops_write mr 0x55cef659c030 addr 0x48 value 0x1 size 2",
	  "mem W mr55cef659c030 cpu-1 48 = 1 /2 ..." },
	{ "memory_region_ops_read cpu 1 mr 0x55cef659c030 addr 0 value 0 size 2",
	  "mem R mr55cef659c030 cpu1 0 = 0 /2 ..." },
	{ "9@1.5:memory_region_ops_read cpu 1 mr 0x5 addr 0xfebf8000 value 0x0 size 2",
	  "damaged: other text before the event" },
	{ "9@1.500000:memory_region_ops_read cpu -1 mr 0x5 addr 0xfebf8000 value 0x0 size 2",
	  "mem R mr5 cpu-1 febf8000 = 0 /2 ... t1500000000" },
	{ "memory_region_ops_write cpu 0 mr 0x55cef659c030 addr 0xfebf8040 value 0x6ccf000 size 4 "
	  "name 'intel-hda'",
	  "mem W [intel-hda] mr55cef659c030 cpu0 febf8040 = 6ccf000 /4" },
	{ "memory_region_ops_read cpu 0 mr (nil) addr 0x70 value 0xffffffffffffffff size 1 name ''",
	  "mem R [] mr0 cpu0 70 = ff /1" },
	/* other lines of QEMU */
	{ "", "other" },
	{ "(qemu) ", "other" },
	{ "12", "other" },
	{ "38518@1618242860.973298:vfio_listener_region_del region_del 0xfd000000 - 0xfdffffff",
	  "other" },
	{ "qemu: vfio_region_read(6910ebbc-0c06-4aa7-9b6e-c419ca8d1cc3:region0+0x0, 4) failed: "
	  "Bad address", "other" },
	{ "vfio_region_write(0000:00:1b.0:region0+0x0, 0x0,4) failed: Bad address", "other" },
	{ "vfio: vfio_bar_write(,0x0, 0x0, 4) failed: Bad address", "other" },
	{ "qemu-system-x86_64: warning: trace event 'vfio_region_write' does not exist", "other" },
	{ "Invalid write to read only vfio region (0000:00:1b.0:region0+0x0 size 4)", "other" },
	{ "vfio_region_mmaps_set_enabled Region 0000:00:1b.0 BAR 0 mmaps enabled: 1", "other" },
	{ "vfio_realize  (0000:00:1b.0) group 2", "other" },
	{ "vfio_region_setup Device vfio-user:/run/a.sock, region 0 \"vfio-user:/run/a.sock BAR 0\", "
	  "flags: 0x3, offset: 0x0, size: 0x4000", "other" },
	{ "qemu-system-x86_64: vfio_region_read(vfio-user:/run/a.sock:region0+0x8, 4) failed: Input/output "
	  "error", "other" },
	{ "vfio_pci_read_config  (0000:00:1b.0, @0x3d, len=0x1) 0x1", "other" },
	{ "memory_region_subpage_read cpu 0 mr 0x5 offset 0x1 value 0x2 size 1", "other" },
	/* cut */
	{ "vfio_regi", "damaged: cut short or mixed with other text" },
	{ "vfio_region_write", "damaged: cut short or mixed with other text" },
	{ "vfio_region_write  (0000:00:1b.0:reg", "damaged: cut short or mixed with other text" },
	{ "vfio_region_write  (vfio-user:/run/a.sock", "damaged: cut short or mixed with other text" },
	{ "er:/run/a.sock:region0+0x48, 0x2, 2)", "damaged: its beginning is missing" },
	{ "0:00:1b.0:region0+0x48, 0x2, 2)", "damaged: its beginning is missing" },
	{ "0:00:1b.0:region0+0x48, 2) = 0x2", "damaged: its beginning is missing" },
	{ "0xfebf8040 value 0x6ccf000 size 4 name 'x'", "damaged: its beginning is missing" },
	/* impossible */
	{ "vfio_region_write  (vfio-user::region0+0x48, 0x2, 2)",
	  "damaged: cut short or mixed with other text" },
	{ "vfio_region_write  (vfio-user:/run/a.sock:region0+0x48, 0x10000, 2)",
	  "damaged: a value too big for its width" },
	{ "vfio_region_write  (vfio-user:/run/a\001.sock:region0+0x48, 0x2, 2)",
	  "damaged: bytes that QEMU does not write" },
	{ "vfio_region_write  (h:region0+0x48, 0x2, 3)", "damaged: an impossible width" },
	{ "vfio_region_write  (h:region0+0x48, 0x2, 16)", "damaged: an impossible width" },
	{ "vfio_region_write  (h:region0+0x48, 0x2, 0)", "damaged: an impossible width" },
	{ "vfio_region_write  (h:region0+0x48, 0x10000, 2)",
	  "damaged: a value too big for its width" },
	{ "vfio_region_read  (h:region0+0x48, 1) = 0x100",
	  "damaged: a value too big for its width" },
	{ "memory_region_ops_write mr 0x5 addr 0x48 value 0x100 size 1",
	  "damaged: a value too big for its width" },
	{ "vfio_region_write  (h:region0+0x48, 0x02, 2)",
	  "damaged: a number that QEMU does not write" },
	{ "vfio_region_write  (h:region0+0x11111111111111111, 0x2, 2)",
	  "damaged: a number that QEMU does not write" },
	{ "vfio_region_write  (h:region0+0xffffffffffffffff, 0x2, 2)",
	  "damaged: a number that QEMU does not write" },
	{ "vfio_region_write  (h:region256+0x48, 0x2, 2)", "damaged: an impossible region" },
	{ "vfio_region_write  (h:region0+0x4A, 0x2, 2)",
	  "damaged: cut short or mixed with other text" },
	{ "2025-13-24T14:12:21.123456Z vfio_region_write  (h:region0+0x48, 0x2, 2)",
	  "damaged: other text before the event" },
	/* mixed */
	{ "vfio_region_write  (vfio-user:/run/avfio_region_read  (vfio-user:/run/a.sock:region0+0x48, 2) "
	  "= 0x2", "damaged: two lines in one" },
	{ "vfio_region_write  (vfio-user:/runmemory_region_ops_read/a.sock:region0+0x48, 0x2, 2)",
	  "damaged: two lines in one" },
	{ "hello vfio_region_write  (h:region0+0x48, 0x2, 2)",
	  "damaged: other text before the event" },
	{ "vfio_region_write  (h:region0+0x48, 0x2, 2)hello",
	  "damaged: cut short or mixed with other text" },
	{ "vfio_region_write  (h:region0+0x48, 0xvfio_region_write  (h:region0+0x48, 0x2, 2)",
	  "damaged: two lines in one" },
	{ "vfio_region_write  (0000:00:0000:00:1b.0:region0+0x48, 0x2, 2)",
	  "damaged: cut short or mixed with other text" },
	{ "vfio_region_write  (h:region0+0x48, 0x2, 2)\t",
	  "damaged: cut short or mixed with other text" },
	{ "vfio_region_write  (h:region0+0x\033[2J48, 0x2, 2)",
	  "damaged: bytes that QEMU does not write" },
	{ "memory_region_ops_write mr 0x5 addr 0x48 value 0x1 size 2 name 'a\001'",
	  "damaged: bytes that QEMU does not write" },
};

static void every_age(void **state)
{
	(void)state;
	struct trace_memo memo = { 0 };
	struct buf b = { 0 };

	/* twice with the same memo, which must not change a result */
	for (unsigned int round = 0; round < 3; round++) {
		for (size_t i = 0; i < ARRAY_SIZE(golden); i++) {
			parse(round ? &memo : NULL, golden[i].line, strlen(golden[i].line), &b);
			if (strcmp(buf_str(&b), golden[i].is) != 0)
				fail_msg("%s\n  is:     %s\n  should: %s", golden[i].line,
					 buf_str(&b), golden[i].is);
		}
	}
	buf_deinit(&b);
}

/* No line that was cut, at either end, is an event; if that cannot be known, the result says so. */
static void never_from_a_piece(void **state)
{
	(void)state;
	struct trace_memo memo = { 0 };
	struct buf b = { 0 };
	unsigned int events = 0;

	for (size_t i = 0; i < ARRAY_SIZE(golden); i++) {
		const char *line = golden[i].line;
		size_t len = strlen(line);

		if (strncmp(golden[i].is, "vfio ", 5) != 0 && strncmp(golden[i].is, "mem ", 4) != 0)
			continue;
		events++;
		for (size_t cut = 0; cut < len; cut++) {
			if (parse(&memo, line, cut, &b) != TRACE_LINE_EVENT)
				continue;
			if (!strstr(buf_str(&b), " ..."))
				fail_msg("%.*s\n  is: %s", (int)cut, line, buf_str(&b));
		}
		/* without its beginning an event may remain, but only the same one */
		const char *name = strstr(line, "vfio_") ? strstr(line, "vfio_") :
							   strstr(line, "memory_");

		for (size_t cut = (size_t)(name - line) + 1; cut < len; cut++)
			assert_int_not_equal(parse(&memo, line + cut, len - cut, &b),
					     TRACE_LINE_EVENT);
	}
	assert_true(events > 25);
	buf_deinit(&b);
}

/* An event without its time: of two mixed writers either may remain, nothing else. */
static void strip_time(struct buf *b)
{
	char *t = strstr((char *)buf_str(b), " t");

	if (t)
		b->len = (size_t)((uint8_t *)t - b->data);
	buf_str(b);
}

static void never_from_two_writers(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"vfio_region_write  (0000:00:1b.0:region0+0x48, 0x12, 2)",
		"vfio_region_read  (0000:00:1b.0:region0+0x58, 2) = 0x13",
		"150@1795346238.908858:vfio_region_write  (0000:00:1b.0:region0+0x40, 0x6c96000, 4)",
		"151@1795346238.908861:vfio_region_read  (0000:00:1b.0:region0+0x24, 4) = 0xc0000000",
		"2025-07-24T14:12:21.123456Z vfio_region_write  (0000:00:1b.0:region0+0x5d, 0x5, 1)",
		("memory_region_ops_write cpu 0 mr 0x55cef659c030 addr 0xfebf8040 value 0x6ccf000 "
		 "size 4 name 'intel-hda'"),
		"38518@1618242860.973298:vfio_listener_region_del region_del 0xfd000000 - 0xfdffffff",
		"qemu-system-x86_64(1:main): vfio_region_write  (0000:00:1b.0:region0+0x5c, 0x2, 1)",
		"vfio_region_write  (vfio-user:/run/a b.sock:region0+0x4c, 0x2, 1)",
		"2026-11-30T14:12:21.123456Z vfio_region_read  (vfio-user:/c:region0+0x4a, 2) = 0x14",
	};
	struct trace_memo memo = { 0 };
	struct buf got = { 0 }, a = { 0 }, b = { 0 }, mix = { 0 };
	unsigned int damaged = 0;

	for (size_t x = 0; x < ARRAY_SIZE(lines); x++) {
		for (size_t y = 0; y < ARRAY_SIZE(lines); y++) {
			size_t xlen = strlen(lines[x]), ylen = strlen(lines[y]);

			parse(&memo, lines[x], xlen, &a);
			parse(&memo, lines[y], ylen, &b);
			strip_time(&a);
			strip_time(&b);
			for (size_t i = 1; i < xlen; i++) {
				/* fewer bytes than a PID's do not show what they are */
				for (size_t j = 8; j <= ylen; j++) {
					buf_clear(&mix);
					buf_add(&mix, lines[x], i);
					buf_add(&mix, lines[y], j);
					if (j < ylen)
						buf_add(&mix, lines[x] + i, xlen - i);
					enum trace_line_kind kind =
						parse(&memo, (char *)mix.data, mix.len, &got);
					damaged += kind == TRACE_LINE_DAMAGED;
					strip_time(&got);
					/*
					 * a region's name is free text: a mixed one belongs
					 * to another region
					 */
					if (strncmp(buf_str(&got), "mem ", 4) == 0 &&
					    !strstr(buf_str(&got), "[intel-hda]"))
						continue;
					/* so is a socket's path: another device's */
					if (strstr(buf_str(&got), "[vfio-user:") &&
					    !strstr(buf_str(&got), "[vfio-user:/run/a b.sock]") &&
					    !strstr(buf_str(&got), "[vfio-user:/c]"))
						continue;
					if (kind == TRACE_LINE_EVENT &&
					    strcmp(buf_str(&got), buf_str(&a)) != 0 &&
					    strcmp(buf_str(&got), buf_str(&b)) != 0)
						fail_msg("%s\n  is: %s", buf_str(&mix),
							 buf_str(&got));
				}
			}
		}
	}
	assert_true(damaged > 100000);
	buf_deinit(&got);
	buf_deinit(&a);
	buf_deinit(&b);
	buf_deinit(&mix);
}

/* Parts of a socket's path that could be taken for its end or for another line. */
static const char *const pieces[] = {
	"/", "a", ".sock", " ", ":", "(", ")", ", ", "=", "<", ">", "[0]", "\\", "'", "\"", "\xc3\xa9", "%s",
	":region", ":region0", ":region0+0x", ":region0+0x48, 0x1, 2)", ":region0+0x48, 2) = 0x1",
	"vfio-user:", "VFIO user <", "vfio_region_", "memory_region", " value ", "0000:00:1b.0", "0x48",
	"1@2.000003:", "+0x", "(qemu) ", "region0",
};

/* The one whole name of a device, which may be any text, whatever was read before. */
static void a_path_is_any_text(void **state)
{
	(void)state;
	static char buffer[1024];
	struct buf path = { 0 }, line = { 0 }, is = { 0 }, b = { 0 };
	struct trace_memo memo = { 0 };
	uint32_t seed = 1;
	unsigned int read = 0;

	for (unsigned int round = 0; round < 20000; round++) {
		uint32_t n = 0;

		/* every fourth path is new: the others were used before */
		if (round % 4 == 0)
			buf_clear(&path);
		for (unsigned int i = 0; round % 4 == 0 && i < 1 + round % 7; i++) {
			seed = seed * 1664525 + 1013904223;
			buf_adds(&path, pieces[(seed >> 16) % ARRAY_SIZE(pieces)]);
		}
		if (path.len > 107)
			continue;
		seed = seed * 1664525 + 1013904223;
		n = seed >> 24;
		buf_clear(&line);
		buf_clear(&is);
		if (seed & 0x8000)
			buf_addf(&line, "vfio_region_write  (vfio-user:%s:region%u+0x%x, 0x%x, 2)",
				 buf_str(&path), n % 9, n, n ^ 5);
		else
			buf_addf(&line, "vfio_region_read  (vfio-user:%s:region%u+0x%x, 2) = 0x%x",
				 buf_str(&path), n % 9, n, n ^ 5);
		buf_addf(&is, "vfio %c [vfio-user:%s] r%u %x = %x /2%s", seed & 0x8000 ? 'W' : 'R',
			 buf_str(&path), n % 9, n, n ^ 5,
			 !(seed & 0x8000) && (n ^ 5) ? " ..." : "");
		for (unsigned int way = 0; way < 3; way++) {
			if (way < 2) {
				parse(way ? &memo : NULL, (char *)line.data, line.len, &b);
			} else {
				/* fast path: with as many bytes after it as that reads */
				const char *next;
				struct trace_line l;

				memset(buffer, '-', sizeof(buffer));
				memcpy(buffer, line.data, line.len);
				buffer[line.len] = '\n';
				buffer[sizeof(buffer) - 1] = '\n';
				show(&b, trace_line_take(&memo, buffer, buffer + sizeof(buffer), &l,
							 &next), &l);
				assert_true(next == buffer + line.len + 1);
				read++;
			}
			if (strcmp(buf_str(&b), buf_str(&is)) != 0)
				fail_msg("%s\n  is:     %s\n  should: %s\n  way %u", buf_str(&line),
					 buf_str(&b), buf_str(&is), way);
		}
	}
	assert_true(read > 15000);
	buf_deinit(&path);
	buf_deinit(&line);
	buf_deinit(&is);
	buf_deinit(&b);
}

/* Longer than the path of any socket: other text was mixed in. */
static void a_path_has_an_end(void **state)
{
	(void)state;
	struct buf line = { 0 }, b = { 0 };

	for (size_t len = 106; len < 111; len++) {
		buf_clear(&line);
		buf_adds(&line, "vfio_region_write  (vfio-user:");
		for (size_t i = 0; i < len; i++)
			buf_addc(&line, 'x');
		buf_adds(&line, ":region0+0x48, 0x1, 2)");
		assert_int_equal(parse(NULL, (char *)line.data, line.len, &b),
				 len <= 108 ? TRACE_LINE_EVENT : TRACE_LINE_DAMAGED);
	}
	buf_deinit(&line);
	buf_deinit(&b);
}

static void takes_lines_from_a_buffer(void **state)
{
	(void)state;
	static const char text[] =
		"vfio_region_write  (h:region0+0x48, 0x1, 2)\n"
		"vfio_region_write  (h:region0+0x48, 0x2, 2)\r\n"
		"\n"
		"vfio_region_write  (h:region0+0x48, 0x3, \n2)\n"
		"vfio_region_write  (h:region0+0x48, 0x4, 2)\r\r\n"
		"vfio_region_read  (h:region0+0x48, 2) = 0x5\n";
	static const enum trace_line_kind kinds[] = {
		TRACE_LINE_EVENT, TRACE_LINE_EVENT, TRACE_LINE_OTHER, TRACE_LINE_DAMAGED,
		TRACE_LINE_OTHER, TRACE_LINE_DAMAGED, TRACE_LINE_EVENT,
	};
	const char *p = text, *end = text + sizeof(text) - 1;
	struct trace_memo memo = { 0 };
	struct trace_line l;
	uint32_t same = 0;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		assert_true(p < end);
		assert_int_equal(trace_line_take(&memo, p, end, &l, &p), kinds[i]);
		if (i == 0)
			same = l.same;
		if (i == 1) {
			assert_int_equal(l.value, 2);
			assert_int_not_equal(same, 0);
			assert_int_equal(l.same, same);
		}
	}
	assert_true(p == end);
	assert_int_not_equal(l.same, same);
}

static void a_long_line_is_no_event(void **state)
{
	(void)state;
	struct buf line = { 0 }, b = { 0 };

	buf_adds(&line, "vfio_region_write  (VFIO user </");
	while (line.len < 2 * TRACE_LINE_MAX)
		buf_addc(&line, 'x');
	buf_adds(&line, ">:region0+0x48, 0x1, 2)");
	assert_int_equal(parse(NULL, (char *)line.data, line.len, &b), TRACE_LINE_DAMAGED);
	assert_string_equal(buf_str(&b), "damaged: longer than any line of QEMU's");
	buf_deinit(&line);
	buf_deinit(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_age),
		cmocka_unit_test(never_from_a_piece),
		cmocka_unit_test(never_from_two_writers),
		cmocka_unit_test(takes_lines_from_a_buffer),
		cmocka_unit_test(a_long_line_is_no_event),
		cmocka_unit_test(a_path_is_any_text),
		cmocka_unit_test(a_path_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
