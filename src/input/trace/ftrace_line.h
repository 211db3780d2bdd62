/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parses one line of the kernel's trace as text: from tracefs, `trace-cmd report` or `perf
 * script` (which adds the event's group before its name):
 *
 *   udevd-9486  [001] ....  3910.087791: hda_send_cmd: [0000:00:0e.0:2] val=0x207f1c00
 *   <...>-7807  [002] 105147.774889: hda_send_cmd: [0:0] val=e3a019
 *   qemu  185 [000]  9.910785: kvm:kvm_mmio: mmio read len 2 gpa 0xfebf8000 val 0x4401
 */
#ifndef HDADUMP_INPUT_TRACE_FTRACE_LINE_H
#define HDADUMP_INPUT_TRACE_FTRACE_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/reader.h"

/*
 * If the line is an event @name, moves to the event's fields and sets *time (ns since an
 * unknown start; EVENT_TIME_NONE = not printed).
 */
bool ftrace_event(struct reader *line, const char *name, int64_t *time);
/* Reads `CPU:1 [LOST 24 EVENTS]`: the kernel's buffer was full. */
bool ftrace_lost(struct reader line, uint64_t *count);

#endif
