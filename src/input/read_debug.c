// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the debug output of QEMU's own controller, with -device intel-hda,debug=2 or more
 * (hw/audio/intel-hda.c, dprint()); NAME is the device's id or its model:
 *
 *   NAME: write CORBLBASE       : 0x1c3000 (ffffffff)
 *   NAME: read  RIRBWP          : 0x1 (ffff)
 *   NAME: intel_hda_corb_run: [rp 0x1] verb 0x000f0000
 *   NAME: intel_hda_response: [wp 0x1] response 0x1af40032, extra 0x0
 *   NAME: previous register op repeated 4 times
 *
 * The log has the words of the rings, so the two write pointers are not given as accesses:
 * the model would need guest memory, which is not in the log.
 */
#include <ctype.h>
#include <string.h>

#include "base/bits.h"
#include "hda/regs.h"
#include "input/text_reader.h"

/* QEMU's own names; the other names are those of regs.def. */
struct debug_reg {
	const char *name;
	uint16_t offset;
	uint8_t width;
};

static const struct debug_reg own_regs[] = {
	{ "WALLCLK(alias)", 0x2030, 4 }, { "ICW", R_ICOI, 4 }, { "IRR", R_ICII, 4 },
	{ "ICS", R_ICIS, 2 }, { 0 }
};

/* Registers of one stream descriptor, "IN0 CTL" to "OUT3 BDLPU"; CTL has two parts. */
static const struct debug_reg own_stream_regs[] = {
	{ "CTL", R_SD_CTL, 4 }, { "CTL(stnr)", R_SD_CTL + 2, 1 }, { "CTL(sts)", R_SD_STS, 1 },
	{ "LPIB(alias)", 0x2004, 4 }, { 0 }
};

#define STREAM_OUT 4		/* QEMU's controller has four streams in each direction */

/* The slot of the last entry of a ring. */
struct debug_slot {
	bool known;
	uint8_t slot;
};

struct debug_ctrl {
	struct debug_slot verb, response;
};

struct debug {
	struct debug_ctrl ctrl[EVENT_MAX_CTRL];
};

static bool same(struct reader text, const char *name)
{
	size_t n = strlen(name);

	return reader_left(&text) == n && !memcmp(text.p, name, n);
}

/* The names in @rows begin with @skip letters that QEMU's names do not have. */
static bool find_name(struct reader name, const struct debug_reg *own, const struct hda_reg *rows,
		      size_t skip, uint16_t *offset, uint8_t *width)
{
	for (; own->name; own++) {
		if (same(name, own->name)) {
			*offset = own->offset;
			*width = own->width;
			return true;
		}
	}
	for (; rows->name; rows++) {
		if (same(name, rows->name + skip)) {
			*offset = rows->offset;
			*width = rows->width;
			return true;
		}
	}
	return false;
}

static bool find_reg(struct reader name, uint16_t *offset, uint8_t *width)
{
	unsigned int n;

	while (name.end > name.p && name.end[-1] == ' ')
		name.end--;
	if (find_name(name, own_regs, reg_table(), 0, offset, width))
		return true;
	bool out = reader_lit(&name, "OUT");
	if ((!out && !reader_lit(&name, "IN")) || name.p == name.end)
		return false;
	n = (unsigned int)*name.p++ - '0';
	/* the table continues with the outputs: OUT4 is the first */
	if (n >= 2 * STREAM_OUT || !reader_lit(&name, " "))
		return false;
	if (out && n < STREAM_OUT)
		n += STREAM_OUT;
	if (!find_name(name, own_stream_regs, reg_sd_table(), strlen("SD"), offset, width))
		return false;
	*offset = (uint16_t)(*offset + R_SD_BASE + n * R_SD_SIZE);
	return true;
}

static const char *const bodies[] = {
	"intel_hda_corb_run: [rp 0x", "intel_hda_response: [wp 0x", "write ", "read  ",
	"previous register op repeated ", "st #", "intel_hda_", "bdl/", "dma: ",
	"unknown register, ",
};

enum body {
	BODY_VERB, BODY_RESPONSE, BODY_WRITE, BODY_READ, BODY_REPEAT, BODY_STREAM,
	BODY_SURE = BODY_STREAM
};

/*
 * Reads the name and the beginning of the body; false if this is not such a line. The
 * monitor's prompt, or what a journal puts before every line, may come before the name: the
 * name is the last word before the body.
 */
static bool get_body(struct reader *line, struct reader *name, enum body *body)
{
	struct reader t = *line;
	const uint8_t *colon;

	while ((colon = memmem(t.p, reader_left(&t), ": ", 2))) {
		*name = (struct reader){ colon, colon, false };
		while (name->p > line->p && isgraph(name->p[-1]))
			name->p--;
		t.p = colon + 2;
		for (size_t i = 0; reader_left(name) && i < ARRAY_SIZE(bodies); i++) {
			if (reader_lit(&t, bodies[i])) {
				*body = (enum body)i;
				*line = t;
				return true;
			}
		}
	}
	return false;
}

static unsigned int debug_sniff(struct reader line)
{
	struct reader name;
	enum body body;

	if (!get_body(&line, &name, &body))
		return 0;
	if (body == BODY_WRITE || body == BODY_READ) {
		const uint8_t *colon = memchr(line.p, ':', reader_left(&line));
		uint16_t offset;
		uint8_t width;

		if (!colon)
			return 0;
		line.end = colon;
		return find_reg(line, &offset, &width) ? 10 : 0;
	}
	return body < BODY_SURE ? 10 : 1;
}

/* `CORBWP          : 0x5 (ffff)` */
static enum line_kind reg_op(struct text_reader *t, uint16_t ctrl, struct reader line, bool write)
{
	const uint8_t *colon = memchr(line.p, ':', reader_left(&line));
	struct reader name = line;
	struct event ev = {
		.kind = write ? EV_MMIO_WRITE : EV_MMIO_READ, .origin = ORIGIN_TOOL, .ctrl = ctrl,
		.time = EVENT_TIME_NONE,
	};
	uint64_t mask;
	uint16_t offset;
	uint8_t width;

	if (!colon)
		return LINE_OTHER;
	name.end = colon;
	line.p = colon + 1;
	if (!find_reg(name, &offset, &width))
		return LINE_OTHER;
	if (!reader_lit(&line, " 0x") || !reader_hex(&line, &ev.value) ||
	    !reader_lit(&line, " (") || !reader_hex(&line, &mask) || !reader_lit(&line, ")"))
		return text_reader_damage(t, "a register access cut short");
	/* the mask has as many bits as the access: 8, 16 or 32 */
	if (mask == 0xff)
		width = 1;
	else if (mask == 0xffff)
		width = 2;
	else if (mask == UINT32_MAX)
		width = 4;
	ev.addr = offset;
	ev.width = width;
	if (!(write && offset == 0x48) && !(!write && offset == 0x58))
		text_reader_give(t, &ev);
	return LINE_TAKEN;
}

/* Counts the entries of a ring that are missing before @slot. */
static void take_slot(struct text_reader *t, uint16_t ctrl, struct debug_slot *last, uint64_t slot,
		      enum gap_kind kind, const char *what)
{
	uint8_t due = (uint8_t)(last->slot + 1);

	if (last->known && slot != due && slot != 1) {
		unsigned int n = (unsigned int)(slot - due) & 0xff;

		text_reader_gap(t, ctrl, kind, n, "%u %s%s missing before slot %u: not in the log", n,
			    what, n == 1 ? " is" : "s are", (unsigned int)slot);
	}
	*last = (struct debug_slot){ true, (uint8_t)slot };
}

/* `5] verb 0x000f0000` */
static enum line_kind verb(struct text_reader *t, struct debug_ctrl *c, uint16_t ctrl,
			   struct reader line)
{
	uint64_t slot, word;

	if (!reader_hex(&line, &slot) || !reader_lit(&line, "] verb 0x") ||
	    reader_left(&line) < 8 || !reader_hex(&line, &word) || slot > 0xff || word > UINT32_MAX)
		return text_reader_damage(t, "a verb cut short");
	take_slot(t, ctrl, &c->verb, slot, GAP_VERBS, "verb");
	text_reader_give(t, &(struct event){
		.kind = EV_CORB_WORD, .origin = ORIGIN_TOOL, .ctrl = ctrl,
		.time = EVENT_TIME_NONE, .addr = slot, .value = word,
	});
	return LINE_TAKEN;
}

/* `5] response 0x0, extra 0x0` */
static enum line_kind response(struct text_reader *t, struct debug_ctrl *c, uint16_t ctrl,
			       struct reader line)
{
	uint64_t slot, resp, ex;

	if (!reader_hex(&line, &slot) || !reader_lit(&line, "] response 0x") ||
	    !reader_hex(&line, &resp) || !reader_lit(&line, ", extra 0x") ||
	    !reader_hex(&line, &ex) || slot > 0xff || resp > UINT32_MAX || ex > UINT32_MAX)
		return text_reader_damage(t, "a response cut short");
	take_slot(t, ctrl, &c->response, slot, GAP_RESPONSES, "response");
	text_reader_give(t, &(struct event){
		.kind = EV_RIRB_PAIR, .origin = ORIGIN_TOOL, .ctrl = ctrl,
		.time = EVENT_TIME_NONE, .addr = slot, .value = resp | ex << 32,
	});
	return LINE_TAKEN;
}

static enum line_kind debug_line(struct text_reader *t, struct reader line)
{
	struct debug *d = text_reader_state(t);
	struct reader name;
	enum body body;
	uint16_t ctrl;

	if (!get_body(&line, &name, &body))
		return LINE_OTHER;
	if (!text_reader_ctrl(t, (const char *)name.p, reader_left(&name), CTRL_EMULATED, &ctrl))
		return LINE_OTHER;
	switch (body) {
	case BODY_VERB:
		return verb(t, &d->ctrl[ctrl], ctrl, line);
	case BODY_RESPONSE:
		return response(t, &d->ctrl[ctrl], ctrl, line);
	case BODY_STREAM:	/* `4: start 1 (ring buf 65536 bytes)` */
		if (memmem(line.p, reader_left(&line), ": start ", 8))
			text_reader_own_facts(t)->streams++;
		return LINE_TAKEN;
	case BODY_WRITE:
	case BODY_READ:
		return reg_op(t, ctrl, line, body == BODY_WRITE);
	default:
		return LINE_TAKEN;	/* it repeats what other lines say */
	}
}

static struct err *debug_begin(struct text_reader *t, const struct source_options *o,
			       struct reader head)
{
	(void)o, (void)head;
	text_reader_own_facts(t)->responses = true;
	return NULL;
}

const struct text_format text_format_debug = {
	.format = SOURCE_DEBUG,
	.sniff = debug_sniff,
	.state_size = sizeof(struct debug),
	.counts_lost = true,
	.begin = debug_begin,
	.line = debug_line,
};
