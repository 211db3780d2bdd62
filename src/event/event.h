/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The event: one raw observation, recorded before it is understood.
 *
 * Every source gives events and nothing else; the store writes them to a file; the controller
 * model (hda/) turns them into verbs. An event says what was seen and how it was seen, never
 * what it means.
 */
#ifndef HDADUMP_EVENT_EVENT_H
#define HDADUMP_EVENT_EVENT_H

#include <stddef.h>
#include <stdint.h>

enum event_kind {
	EV_NONE,
	/* A controller is named for the first time: data = its name, value = enum ctrl_kind. */
	EV_CONTROLLER,
	/* The guest read or wrote @width bytes at @addr of BAR @bar: value. */
	EV_MMIO_READ,
	EV_MMIO_WRITE,
	/* We read guest memory at guest-physical @addr: data. */
	EV_MEM,
	/* Guest memory that hdadump needed and could not read: addr, value = bytes, data = why. */
	EV_NOMEM,
	/*
	 * The guest did everything after this event later than we read the memory of all
	 * EV_MEM events of this controller so far, except the last @value of them: what
	 * stands between an EV_MEM and its EV_HORIZON had begun before the read. The
	 * exceptions are counted from the end, so that an event missing in a damaged capture
	 * can only make fewer reads proven, never more. EV_MEM events of ORIGIN_BPF need no
	 * horizon and are not counted.
	 */
	EV_HORIZON,
	/*
	 * A CORB word or a RIRB pair from an older tool that logged nothing else.
	 *
	 * addr = ring slot, or EVENT_NO_SLOT; value = word, or response | ex << 32. A word's
	 * width is an enum word_answer, its bar the number of words that were announced with
	 * it, 0 = unknown. A pair's data, if any, is the verb (4 bytes, little-endian) that
	 * the tool printed beside it, which need not be the verb that it answers.
	 */
	EV_CORB_WORD,
	EV_RIRB_PAIR,
	/* The user's mark: data = its text. */
	EV_MARK,
	/* Something was lost: value = how many, addr = enum gap_kind, data = what and where. */
	EV_GAP,
	/* A remark about the recording: data = text. */
	EV_NOTE,
	/*
	 * Another recording begins: the state of all controllers is unknown again, and
	 * pending verbs stay without an answer. data = text.
	 */
	EV_PART,
	EV_KINDS
};

/* The program that observed the event. */
enum event_origin {
	ORIGIN_TRACE,	/* QEMU's trace log */
	ORIGIN_PROCESS,	/* the memory of QEMU's process */
	ORIGIN_MONITOR,	/* QEMU's monitor */
	ORIGIN_BPF,	/* a BPF program at the trapped access: synchronous */
	ORIGIN_TOOL,	/* another tool's output */
	ORIGIN_SELF,	/* hdadump: marks, gaps, notes */
	ORIGIN_KINDS
};

enum ctrl_kind {
	CTRL_UNKNOWN,
	CTRL_VFIO,	/* a real controller passed through */
	CTRL_EMULATED,	/* QEMU's intel-hda or ich9-intel-hda */
	CTRL_KINDS
};

/* What is known about the response to an EV_CORB_WORD. */
enum word_answer {
	ANSWER_DUE,		/* recorded when it comes */
	ANSWER_UNRECORDED,	/* the tool does not record it */
};

/* What an EV_GAP counts. */
enum gap_kind {
	GAP_EVENTS,	/* observations of any kind */
	GAP_VERBS,	/* verbs that were sent at this place */
	GAP_RESPONSES,	/* responses that came at this place */
	GAP_END,	/* nothing: the recording has no mark of its end */
};

#define EVENT_TIME_NONE INT64_MIN
#define EVENT_NO_SLOT UINT64_MAX
/* The most controllers in one capture; sources refuse more. */
#define EVENT_MAX_CTRL 64
/* The longest data of an event: two rings of 256 RIRB entries, and some more. */
#define EVENT_MAX_DATA 8192

struct event {
	int64_t time;		/* ns since 1970 (or since an unknown start), or EVENT_TIME_NONE */
	uint64_t addr;		/* offset in the BAR, or guest-physical address */
	uint64_t value;
	const void *data;	/* owned by the source; valid until its next call */
	uint32_t len;		/* bytes of data */
	uint32_t line;		/* line of a text input, from 1; 0 = not a text */
	uint16_t ctrl;		/* index of the controller, in order of appearance */
	uint8_t kind;		/* enum event_kind */
	uint8_t bar;
	uint8_t width;		/* bytes of the access: 1, 2, 4 or 8; 0 = not an access */
	uint8_t origin;		/* enum event_origin */
};

/* Events in order. The function that gives the run says who owns it and how long it is valid. */
struct event_run {
	struct event *ev;
	size_t n;
};

/* The answer of a source that cannot read the @len bytes at @addr; @why is static, or NULL. */
struct event event_no_memory(uint16_t ctrl, uint64_t addr, uint32_t len, const char *why);

const char *event_kind_name(enum event_kind kind);
const char *event_origin_name(enum event_origin origin);
const char *ctrl_kind_name(enum ctrl_kind kind);

#endif
