// SPDX-License-Identifier: GPL-2.0-or-later
#include "event/event.h"

#include <string.h>

#include "base/bits.h"

static const char *name_of(const char *const *names, size_t n, unsigned int i)
{
	return i < n && names[i] ? names[i] : "unknown";
}

const char *event_kind_name(enum event_kind kind)
{
	static const char *const names[EV_KINDS] = {
		[EV_NONE] = "none", [EV_CONTROLLER] = "controller",
		[EV_MMIO_READ] = "mmio-read", [EV_MMIO_WRITE] = "mmio-write",
		[EV_MEM] = "memory", [EV_NOMEM] = "no-memory", [EV_HORIZON] = "horizon",
		[EV_CORB_WORD] = "corb-word", [EV_RIRB_PAIR] = "rirb-pair",
		[EV_MARK] = "mark", [EV_GAP] = "gap", [EV_NOTE] = "note",
		[EV_PART] = "part",
	};

	return name_of(names, ARRAY_SIZE(names), kind);
}

const char *event_origin_name(enum event_origin origin)
{
	static const char *const names[ORIGIN_KINDS] = {
		[ORIGIN_TRACE] = "trace", [ORIGIN_PROCESS] = "process memory",
		[ORIGIN_MONITOR] = "monitor", [ORIGIN_BPF] = "bpf",
		[ORIGIN_TOOL] = "another tool", [ORIGIN_SELF] = "hdadump",
	};

	return name_of(names, ARRAY_SIZE(names), origin);
}

const char *ctrl_kind_name(enum ctrl_kind kind)
{
	static const char *const names[CTRL_KINDS] = {
		[CTRL_UNKNOWN] = "unknown", [CTRL_VFIO] = "vfio-pci",
		[CTRL_EMULATED] = "emulated",
	};

	return name_of(names, ARRAY_SIZE(names), kind);
}

struct event event_no_memory(uint16_t ctrl, uint64_t addr, uint32_t len, const char *why)
{
	return (struct event){
		.kind = EV_NOMEM, .origin = ORIGIN_SELF, .ctrl = ctrl, .time = EVENT_TIME_NONE,
		.addr = addr, .value = len, .data = why, .len = why ? (uint32_t)strlen(why) : 0,
	};
}
