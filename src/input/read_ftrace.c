// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the kernel's tracepoints for verbs that its driver sends, as text (sound/hda/trace.h;
 * before 4.1 sound/pci/hda/hda_trace.h):
 *
 *   hda_send_cmd: [0000:00:0e.0:2] val=0x207f1c00      before 4.1: [0:0] val=e3a019
 *   hda_get_response: [0000:00:0e.0:2] val=0x18560010
 *   hda_unsol_event: [0000:00:0e.0:2] res=0x..., res_ex=0x...   before: [0] res=..
 *
 * The kernel holds a lock from a verb to its response, so a response belongs to the last verb
 * sent to that codec. It is printed only if the caller needs it, so a verb without a response
 * may have been answered.
 */
#include <string.h>

#include "input/text_reader.h"
#include "input/trace/ftrace_line.h"

struct sent {
	struct event ev;
	bool waits;		/* the next line may be its response */
};

struct ftrace {
	struct sent sent[EVENT_MAX_CTRL];
};

static const char *const names[] = {
	"hda_send_cmd", "hda_get_response", "hda_unsol_event", "hda_bus_reset",
	"snd_hdac_stream_start", "azx_pcm_trigger",
};

enum which { SEND, RESPONSE, UNSOL, RESET, STREAM, TRIGGER };

static bool find_event(struct reader *line, enum which *which, int64_t *time)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (ftrace_event(line, names[i], time)) {
			*which = (enum which)i;
			return true;
		}
	}
	return false;
}

static unsigned int ftrace_sniff(struct reader line)
{
	enum which which;
	int64_t time;

	if (!find_event(&line, &which, &time) || which > UNSOL)
		return 0;
	return reader_lit(&line, "[") ? 10 : 0;
}

/*
 * Reads `[0000:00:0e.0:2] `: the device's name contains colons, the address is after the last
 * one. Before 4.1 the name is a card's number.
 */
static bool get_place(struct text_reader *t, struct reader *line, bool has_address, uint16_t *ctrl,
		      uint8_t *address)
{
	const uint8_t *end = memchr(line->p, ']', reader_left(line)), *colon;
	struct reader name = { line->p + 1, end, false }, number;
	uint64_t v = 0;
	char card[32] = "card ";

	if (!reader_lit(line, "[") || !end)
		return false;
	if (has_address) {
		colon = memrchr(name.p, ':', reader_left(&name));
		if (!colon)
			return false;
		number = (struct reader){ colon + 1, end, false };
		if (!reader_dec(&number, &v) || reader_left(&number) || v > 15)
			return false;
		name.end = colon;
	}
	line->p = end + 1;
	reader_skip_space(line);
	*address = (uint8_t)v;

	size_t len = reader_left(&name);
	const char *text = (const char *)name.p;

	number = name;
	if (reader_dec(&number, &v) && !reader_left(&number) && len < 8) {
		memcpy(card + 5, name.p, len);
		text = card;
		len += 5;
	}
	return len && text_reader_ctrl(t, text, len, CTRL_VFIO, ctrl);
}

/* `val=0x207f1c00` or `val=e3a019` */
static bool get_value(struct reader *line, const char *name, uint32_t *value)
{
	const uint8_t *first;
	uint64_t v;
	bool prefix;

	if (!reader_lit(line, name))
		return false;
	prefix = reader_lit(line, "0x");
	first = line->p;
	if (!reader_hex(line, &v) || v > UINT32_MAX)
		return false;
	/* %08x with a prefix, %x without */
	if (prefix && line->p - first != 8)
		return false;
	*value = (uint32_t)v;
	return true;
}

static void flush(struct text_reader *t, struct sent *s, enum word_answer answer)
{
	if (!s->waits)
		return;
	s->waits = false;
	s->ev.width = answer;
	text_reader_give(t, &s->ev);
}

static void give_pair(struct text_reader *t, uint16_t ctrl, int64_t time, uint32_t resp, uint32_t ex)
{
	text_reader_give(t, &(struct event){
		.kind = EV_RIRB_PAIR, .origin = ORIGIN_TOOL, .ctrl = ctrl, .time = time,
		.addr = EVENT_NO_SLOT, .value = resp | (uint64_t)ex << 32,
	});
}

static enum line_kind ftrace_text(struct text_reader *t, struct ftrace *f, enum which which,
				  struct reader line, int64_t time)
{
	uint8_t address = 0;
	uint32_t v, ex;
	uint16_t ctrl;

	if (which == STREAM || which == TRIGGER) {
		/* cmd=1 is SNDRV_PCM_TRIGGER_START */
		text_reader_own_facts(t)->streams +=
			which == STREAM || memmem(line.p, reader_left(&line), "cmd=1", 5);
		return LINE_TAKEN;
	}
	struct reader place = line;
	/* the unsolicited event has an address since 4.1 */
	bool has_address = which == SEND || which == RESPONSE ||
			   (which == UNSOL && memchr(place.p, ':', reader_left(&place)));

	if (!get_place(t, &line, has_address, &ctrl, &address))
		return text_reader_damage(t, "a trace event without its device");
	struct sent *s = &f->sent[ctrl];

	switch (which) {
	case SEND:
		if (!get_value(&line, "val=", &v))
			return text_reader_damage(t, "a verb cut short");
		flush(t, s, ANSWER_UNRECORDED);
		s->waits = true;
		s->ev = (struct event){
			.kind = EV_CORB_WORD, .origin = ORIGIN_TOOL, .ctrl = ctrl, .time = time,
			.addr = EVENT_NO_SLOT, .value = v, .line = text_reader_line(t),
		};
		return LINE_TAKEN;
	case RESPONSE:
		if (!get_value(&line, "val=", &v))
			return text_reader_damage(t, "a response cut short");
		flush(t, s, s->ev.value >> 28 == address ? ANSWER_DUE : ANSWER_UNRECORDED);
		give_pair(t, ctrl, time, v, address);
		return LINE_TAKEN;
	case UNSOL:
		if (!get_value(&line, "res=", &v) || !get_value(&line, ", res_ex=", &ex))
			return text_reader_damage(t, "an unsolicited response cut short");
		give_pair(t, ctrl, time, v, ex | 1u << 4);
		return LINE_TAKEN;
	default:
		flush(t, s, ANSWER_UNRECORDED);
		text_reader_note(t, ctrl, "the driver resets the bus");
		return LINE_TAKEN;
	}
}

static enum line_kind ftrace_line(struct text_reader *t, struct reader line)
{
	struct ftrace *f = text_reader_state(t);
	enum which which;
	uint64_t lost;
	int64_t time;

	if (find_event(&line, &which, &time))
		return ftrace_text(t, f, which, line, time);
	if (!ftrace_lost(line, &lost))
		return LINE_OTHER;
	text_reader_gap(t, 0, GAP_EVENTS, lost, "the kernel's trace buffer was full: %llu event%s lost",
		    (unsigned long long)lost, lost == 1 ? " was" : "s were");
	return LINE_TAKEN;
}

static struct err *ftrace_begin(struct text_reader *t, const struct source_options *o,
				struct reader head)
{
	(void)o, (void)head;
	text_reader_own_facts(t)->responses = text_reader_own_facts(t)->only_asked = true;
	return NULL;
}

static void ftrace_end(struct text_reader *t)
{
	struct ftrace *f = text_reader_state(t);

	for (unsigned int i = 0; i < EVENT_MAX_CTRL; i++)
		flush(t, &f->sent[i], ANSWER_UNRECORDED);
}

const struct text_format text_format_ftrace = {
	.format = SOURCE_FTRACE,
	.sniff = ftrace_sniff,
	.state_size = sizeof(struct ftrace),
	.begin = ftrace_begin,
	.line = ftrace_line,
	.end = ftrace_end,
};
