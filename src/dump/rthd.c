// SPDX-License-Identifier: GPL-2.0-or-later
#include "dump/rthd.h"

#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/reader.h"
#include "base/scan.h"
#include "dump/proc_read.h"
#include "model/model.h"

enum chapter { CHAPTER_HEAD, CHAPTER_VERBS, CHAPTER_OTHER };

struct rthd {
	struct model_list *out;
	struct codec_model *m;
	struct model_node *node;	/* the current widget */
	struct reg *caps;		/* caps of the current amplifier */
	struct model_amps *amps;
	enum chapter chapter;
	bool nomem;
};

bool rthd_is(const void *data, size_t len)
{
	static const char *const marks[] = { "RtHDDump.exe", "********** Wid=[0x" };

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (len && memmem(data, len, marks[i], strlen(marks[i])))
			return true;
	return false;
}

static bool want_model(struct rthd *p)
{
	if (!p->m)
		p->m = model_list_add(p->out, MODEL_FROM_RTHD);
	p->nomem |= !p->m && p->out->n < MODEL_MAX_CODECS;
	return p->m && model_node(p->m, 0);
}

static void begin(struct rthd *p)
{
	p->m = NULL;
	p->node = NULL;
	p->chapter = CHAPTER_HEAD;
}

/* "...FUNC_01&VEN_10EC&DEV_0298&SUBSYS_144DC870&REV_1001": the codec's own ids. */
static bool hardware_id(struct rthd *p, struct reader r)
{
	static const char key[] = "FUNC_01&VEN_";
	const uint8_t *at = memmem(r.p, reader_left(&r), key, sizeof(key) - 1);
	uint64_t vendor, device, ssid;
	struct reader rest;

	if (!at)
		return false;
	r.p = at + sizeof(key) - 1;
	if (!scan(r, "%x&DEV_%x%*", &vendor, &device, &rest) || vendor > 0xffff ||
	    device > 0xffff || !want_model(p))
		return false;
	reg_set(&p->m->node[0]->param[PARAM_VENDOR_ID], (uint32_t)(vendor << 16 | device));
	if (scan(rest, "&SUBSYS_%x%*", &ssid, &rest) && ssid <= UINT32_MAX)
		reg_set(&p->m->subsystem, (uint32_t)ssid);
	return true;
}

/* "Wid=12  Codec=411111F0  Drv=411111F0  Loc=00000000" */
static bool pin_line(struct rthd *p, struct reader r)
{
	uint64_t nid, codec, drv, loc;
	struct model_node *n;

	if (!scan(r, "Wid=%x Codec=%x Drv=%x Loc=%x", &nid, &codec, &drv, &loc) || nid == 0 ||
	    nid >= MODEL_NODES || codec > UINT32_MAX || drv > UINT32_MAX || !want_model(p))
		return false;
	n = model_node(p->m, (uint8_t)nid);
	if (!n)
		return false;
	n->kind = NODE_WIDGET;
	reg_put(&n->param[PARAM_WIDGET_CAP], 0x00f00000, WIDGET_PIN << 20);
	reg_set(&n->reg[MREG_DEFAULT], (uint32_t)codec);
	reg_set(&n->driver_default, (uint32_t)drv);
	return true;
}

static bool head_line(struct rthd *p, struct reader r)
{
	struct reader rest;
	uint64_t v;

	if (scan(r, "PCI ID ==>%*", &rest)) {
		if (p->m && p->m->has_cad)
			begin(p);
		return true;
	}
	if (hardware_id(p, r) || pin_line(p, r))
		return true;
	if (scan(r, "Codec Address = %u", &v) && v <= 15 && want_model(p)) {
		p->m->cad = (uint8_t)v;
		p->m->has_cad = true;
		return true;
	}
	if (scan(r, "Subsystem ID = %x", &v) && v <= UINT32_MAX && want_model(p)) {
		reg_set(&p->m->subsystem, (uint32_t)v);
		return true;
	}
	if (scan(r, "Revision ID = %x", &v) && v <= UINT32_MAX && want_model(p)) {
		reg_set(&p->m->node[0]->param[PARAM_REVISION_ID], (uint32_t)v);
		return true;
	}
	/* The driver's version and file names. */
	return true;
}

static bool wid_line(struct rthd *p, struct reader r)
{
	uint64_t nid;

	if (!scan(r, "********** Wid=[0x%x] **********", &nid) || nid == 0 ||
	    nid >= MODEL_NODES || !want_model(p))
		return false;
	if (nid == 1) {
		p->node = model_name_group(p->m, false, 1);
	} else {
		p->node = model_node(p->m, (uint8_t)nid);
		if (p->node)
			p->node->kind = NODE_WIDGET;
	}
	if (!p->node)
		return false;
	p->caps = NULL;
	p->amps = NULL;
	return true;
}

static bool gpio_line(struct rthd *p, struct reader r)
{
	uint64_t data, mask, dir, unsol;

	if (!scan(r, "GPIOData = 0x%x, GPIOMask = 0x%x, GPIODirection = 0x%x, "
		  "GPIOUnsolicitedEnableMask = 0x%x", &data, &mask, &dir, &unsol) ||
	    (data | mask | dir | unsol) > UINT32_MAX)
		return false;
	reg_set(&p->node->reg[MREG_GPIO_DATA], (uint32_t)data);
	reg_set(&p->node->reg[MREG_GPIO_MASK], (uint32_t)mask);
	reg_set(&p->node->reg[MREG_GPIO_DIR], (uint32_t)dir);
	reg_set(&p->node->reg[MREG_GPIO_UNSOL], (uint32_t)unsol);
	return true;
}

static bool power_line(struct rthd *p, struct reader r)
{
	uint64_t actual, set;

	if (!scan(r, "Power State : [PS-Act : D%u], [PS-Set : D%u]", &actual, &set) ||
	    actual > 4 || set > 4)
		return false;
	reg_put(&p->node->reg[MREG_POWER], 0xff, (uint32_t)(actual << 4 | set));
	return true;
}

/* Base, multiple and divisor of a format word, bits 14:8, for a rate. */
static bool format_of_rate(uint64_t hz, uint32_t *word)
{
	for (uint32_t w = 0; w < 0x80; w++) {
		uint64_t base = w & 0x40 ? 44100 : 48000;
		uint64_t mult = (w >> 3 & 7) + 1, div = (w & 7) + 1;

		if (mult <= 4 && base * mult / div == hz) {
			*word = w << 8;
			return true;
		}
	}
	return false;
}

/* "Stream 3 Sequence 0  <24-Bit>  <48000 Hz>" */
static bool stream_line(struct rthd *p, struct reader r)
{
	static const uint8_t sizes[] = { 8, 16, 20, 24, 32 };
	uint64_t stream, channel, size, hz;
	uint32_t word;

	if (!scan(r, "Stream %u Sequence %u <%u-Bit> <%u Hz>", &stream, &channel, &size, &hz) ||
	    stream > 15 || channel > 15)
		return false;
	reg_put(&p->node->reg[MREG_CONV], 0xff, (uint32_t)(stream << 4 | channel));
	if (format_of_rate(hz, &word))
		reg_put(&p->node->reg[MREG_FORMAT], 0x7f00, word);
	for (uint32_t i = 0; i < ARRAY_SIZE(sizes); i++)
		if (sizes[i] == size)
			reg_put(&p->node->reg[MREG_FORMAT], 0x70, i << 4);
	return true;
}

static bool digital_line(struct rthd *p, struct reader r)
{
	uint64_t b[8], category;
	uint32_t v = 0;

	if (!scan(r, "<Digital Enable=%u><Validity=%u><Validity Config=%u><Preemphasis=%u>"
		  "<Copyright Assert=%u><Non Audio Data Type=%u><Professional=%u>"
		  "<Generation Level=%u><CategoryCode=%x>",
		  &b[0], &b[1], &b[2], &b[3], &b[4], &b[5], &b[6], &b[7], &category) ||
	    category > 0x7f)
		return false;
	for (unsigned int i = 0; i < 8; i++)
		v |= (b[i] ? 1u : 0) << i;
	reg_put(&p->node->reg[MREG_DIGI], 0x7fff, v | (uint32_t)category << 8);
	return true;
}

static bool amp_head(struct rthd *p, struct reader r)
{
	bool out = scan(r, "Output Amplifier Gain :");

	if (!out && !scan(r, "Input Amplifier Gain :"))
		return scan(r, "Amplifier Gain :");
	p->caps = &p->node->param[out ? PARAM_AMP_OUT_CAP : PARAM_AMP_IN_CAP];
	p->amps = out ? &p->node->out : &p->node->in;
	reg_put(&p->node->param[PARAM_WIDGET_CAP], out ? WCAP_OUT_AMP : WCAP_IN_AMP, UINT32_MAX);
	/* A converter has the direction of its amplifier. */
	if (p->node->reg[MREG_CONV].known)
		reg_put(&p->node->param[PARAM_WIDGET_CAP], 0x00f00000,
			(out ? WIDGET_OUTPUT : WIDGET_INPUT) << 20);
	return true;
}

/* "<Gain Number of step=127, 0dB Offset=67, Step Size=0.50 dB,From -33.50dB to 30.00dB>" */
static bool gain_line(struct rthd *p, struct reader r)
{
	uint64_t steps, offset, whole, part;
	struct reader rest;

	if (!scan(r, "<Gain Number of step=%u, 0dB Offset=%u, Step Size=%u.%u dB, From%*", &steps,
		  &offset, &whole, &part, &rest) || steps > 0x7f || offset > 0x7f || whole > 32 ||
	    part > 99 || !p->caps)
		return false;
	reg_put(p->caps, 0x7f7f, (uint32_t)(steps << 8 | offset));
	/* In units of 0.25 dB, minus one; 0.00 is printed if there are no steps. */
	if (whole * 100 + part >= 25)
		reg_put(p->caps, 0x7f0000, (uint32_t)((whole * 100 + part) / 25 - 1) << 16);
	return true;
}

/* Stores the widget at one index of a connection list; entries before it may stay unknown. */
static void know_connection(struct model_node *n, uint64_t index, uint64_t nid)
{
	if (index == n->conns.n && nid <= UINT16_MAX)
		model_conns_add(&n->conns, (uint16_t)nid);
}

/* "L:-36.50dB(0x36) R:-33.00dB(0x3D)" */
static bool both_gains(struct reader r, uint64_t *left, uint64_t *right)
{
	const uint8_t *open;

	if (!reader_lit(&r, "L:"))
		return false;
	open = memchr(r.p, '(', reader_left(&r));
	if (!open)
		return false;
	r.p = open;
	if (!scan(r, "(0x%x) R:%*", left, &r))
		return false;
	open = memchr(r.p, '(', reader_left(&r));
	if (!open)
		return false;
	r.p = open;
	return scan(r, "(0x%x)", right) && *left <= 0x7f && *right <= 0x7f;
}

/* "=> Index 00 <WID=0x23> Mute L:0 R:0 , Gain L:...", or "=> Gain L:..." */
static bool value_line(struct rthd *p, struct reader r)
{
	uint64_t index = 0, nid, mute[2] = { 0, 0 }, gain[2];
	struct model_amp *a;
	struct reader rest;
	bool has_mute = false;

	if (!p->amps || !scan(r, "=> %*", &rest))
		return false;
	if (scan(rest, "Index %u <WID=0x%x> %*", &index, &nid, &rest))
		know_connection(p->node, index, nid);
	if (scan(rest, "Mute L:%u R:%u , %*", &mute[0], &mute[1], &rest))
		has_mute = true;
	if (!scan(rest, "Gain %*", &rest) || !both_gains(rest, &gain[0], &gain[1]) ||
	    (mute[0] | mute[1]) > 1)
		return false;
	a = model_amp(p->amps, index > 0xff ? MODEL_MAX_AMPS : (unsigned int)index);
	if (!a)
		return false;
	reg_put(&a->left, 0xff, (uint32_t)(mute[0] << 7 | gain[0]));
	reg_put(&a->right, 0xff, (uint32_t)(mute[1] << 7 | gain[1]));
	/* The tool prints mutes if the caps have a mute. */
	reg_put(p->caps, 1u << 31, has_mute ? 1u << 31 : 0);
	return true;
}

static bool select_line(struct rthd *p, struct reader r)
{
	uint64_t index, nid;

	if (!scan(r, "Output MUX select to index 0x%x <WID=0x%x>", &index, &nid) &&
	    !scan(r, "Input MUX select to index 0x%x <WID=0x%x>", &index, &nid))
		return false;
	if (index > 0xff)
		return false;
	know_connection(p->node, index, nid);
	reg_put(&p->node->reg[MREG_CONNECT_SEL], 0xff, (uint32_t)index);
	return true;
}

/* "<VREF Hi-Z> <Input Disable><Output Enabled><H-Phn Disable><Jack is unplugged><EAPD=0>" */
static bool pin_state_line(struct rthd *p, struct reader r)
{
	static const struct {
		const char *name;
		uint32_t val;
	} vrefs[] = {
		{ "Hi-Z>", 0 }, { "50%>", 1 }, { "GND>", 2 }, { "Ground>", 2 }, { "80%>", 4 },
		{ "100%>", 5 },
	};
	static const struct {
		const char *on, *off;
		uint32_t bit;
	} flags[] = {
		{ "<Input Enabled>", "<Input Disable>", 0x20 },
		{ "<Output Enabled>", "<Output Disable>", 0x40 },
		{ "<H-Phn Enabled>", "<H-Phn Disable>", 0x80 },
	};
	uint32_t ctl = 0, mask = 0;
	uint64_t eapd;

	if (!reader_lit(&r, "<VREF "))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(vrefs) && !mask; i++) {
		if (reader_lit(&r, vrefs[i].name)) {
			ctl = vrefs[i].val;
			mask = 7;
		}
	}
	if (!mask)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		reader_skip_space(&r);
		if (reader_lit(&r, flags[i].on))
			ctl |= flags[i].bit;
		else if (!reader_lit(&r, flags[i].off))
			return false;
		mask |= flags[i].bit;
	}
	reader_skip_space(&r);
	bool plugged = reader_lit(&r, "<Jack is plugged>");
	bool unplugged = !plugged && reader_lit(&r, "<Jack is unplugged>");
	bool has_eapd = scan(r, " <EAPD=%u>", &eapd) && eapd <= 1;

	if (!has_eapd && !scan_end(r))
		return false;
	reg_put(&p->node->param[PARAM_WIDGET_CAP], 0x00f00000, WIDGET_PIN << 20);
	reg_put(&p->node->reg[MREG_PIN_CTL], mask, ctl);
	if (plugged || unplugged)
		reg_put(&p->node->reg[MREG_SENSE], 1u << 31, plugged ? 1u << 31 : 0);
	if (has_eapd)
		reg_put(&p->node->reg[MREG_EAPD], 2, (uint32_t)eapd << 1);
	return true;
}

static bool coef_line(struct rthd *p, struct reader r)
{
	uint64_t index, v;

	if (scan(r, "Vendor widget coefficient value")) {
		reg_put(&p->node->param[PARAM_WIDGET_CAP], 0x00f00040, WIDGET_VENDOR << 20 | 0x40);
		return true;
	}
	if (!scan(r, "Index 0x%x 0x%x", &index, &v) || index > UINT16_MAX || v > UINT32_MAX)
		return false;
	p->node->coefs_shown = true;
	return model_coef_set(p->node, (uint16_t)index, (uint32_t)v);
}

static bool widget_line(struct rthd *p, struct reader r)
{
	typedef bool (*line_fn)(struct rthd *, struct reader);
	static const line_fn lines[] = {
		coef_line, value_line, gain_line, amp_head, power_line, pin_state_line, select_line,
		stream_line, digital_line, gpio_line,
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines) && p->node; i++)
		if (lines[i](p, r))
			return true;
	return false;
}

static void one_line(struct rthd *p, struct reader r, uint32_t number)
{
	struct reader text = r, rest;
	bool ok = true;

	reader_skip_space(&r);
	while (r.end > r.p && (r.end[-1] == ' ' || r.end[-1] == '\r'))
		r.end--;
	if (r.p == r.end || (reader_left(&r) > 20 && memcmp(r.p, "==========", 10) == 0))
		return;
	if (scan(r, "[Audio Verb Setting]")) {
		p->chapter = CHAPTER_VERBS;
	} else if (scan(r, "PCI ID ==>%*", &rest)) {
		p->chapter = CHAPTER_HEAD;
		ok = head_line(p, r);
	} else if (*r.p == '[' && memchr(r.p, ']', reader_left(&r))) {
		p->chapter = CHAPTER_OTHER;
	} else if (wid_line(p, r)) {
		p->chapter = CHAPTER_VERBS;
	} else if (p->chapter == CHAPTER_VERBS) {
		ok = widget_line(p, r);
	} else if (p->chapter == CHAPTER_HEAD) {
		ok = head_line(p, r);
	}
	if (!ok && !model_list_note(p->out, NOTE_LEFT, number, number, text.p, reader_left(&text),
				    p->node ? "does not have the form of a widget's line" :
					      "is outside of a widget"))
		p->nomem = true;
}

struct err *rthd_read(const void *data, size_t len, struct model_list *out)
{
	struct rthd p = { .out = out };
	struct reader r = reader_make(data, len), line;

	reader_lit(&r, "\xef\xbb\xbf");	/* byte order mark of a Windows editor */
	for (uint32_t number = 1; !p.nomem && reader_line(&r, &line); number++)
		one_line(&p, line, number);
	return p.nomem ? err_nomem() : NULL;
}
