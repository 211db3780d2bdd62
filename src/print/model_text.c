// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/log.h"
#include "model/model_list.h"
#include "print/model_text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/text.h"
#include "model/model.h"
#include "model/model_names.h"
#include "model/model_route.h"

/* A line of facts, separated by commas. */
struct codec_facts {
	struct buf *b;
	bool any;
};

__attribute__((format(printf, 2, 3))) static void fact(struct codec_facts *f, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (f->any)
		buf_adds(f->b, ", ");
	buf_adds(f->b, text);
	f->any = true;
}

static void word_list(struct buf *b, const struct bit_word *w, uint32_t val)
{
	bool any = false;

	for (; w->word; w++) {
		if (!(val & w->mask))
			continue;
		buf_addf(b, "%s%s", any ? " " : "", w->word);
		any = true;
	}
	if (!any)
		buf_adds(b, "none");
}

/* Gain in quarters of a dB, as "-12.75". */
static void db(char *out, size_t size, const struct reg *val, const struct reg *caps)
{
	int steps = (int)(val->val & 0x7f) - (int)bits(caps->val, 6, 0);
	int quarters = steps * ((int)bits(caps->val, 22, 16) + 1);
	unsigned int u = (unsigned int)(quarters < 0 ? -quarters : quarters);

	snprintf(out, size, "%s%u.%02u", quarters < 0 ? "-" : quarters ? "+" : "", u / 4, u % 4 * 25);
}

static void one_gain(char *out, size_t size, const struct reg *val, const struct reg *caps)
{
	if (!val->known)
		snprintf(out, size, "?");
	else if (bit(val->val, 7))
		snprintf(out, size, "muted");
	else if (reg_has(caps, 0x7f7f7f) && bits(caps->val, 14, 8))
		db(out, size, val, caps);
	else if (val->val & 0x7f)
		snprintf(out, size, "gain %u", val->val & 0x7f);
	else
		snprintf(out, size, "on");
}

/* Adds "-3.00 dB", "muted", or both channels if they differ. */
static void gain(char *out, size_t size, const struct model_amp *a, const struct reg *caps)
{
	char left[24], right[24];

	one_gain(left, sizeof(left), &a->left, caps);
	one_gain(right, sizeof(right), &a->right, caps);
	if (!a->right.known || strcmp(left, right) == 0)
		snprintf(out, size, "%s%s", left,
			 strchr(left, '.') ? " dB" : "");
	else
		snprintf(out, size, "%s/%s%s", left, right,
			 strchr(left, '.') || strchr(right, '.') ? " dB" : "");
}

static void amp_facts(struct codec_facts *f, const struct codec_model *m, const struct model_node *n,
		      bool out)
{
	const struct model_amps *a = out ? &n->out : &n->in;
	struct reg caps = model_amp_caps(m, n, out);
	char text[64];

	for (unsigned int i = 0; i < a->n; i++) {
		if (!a->v[i].left.known && !a->v[i].right.known)
			continue;
		gain(text, sizeof(text), &a->v[i], &caps);
		if (!out && a->n > 1 && i < n->conns.n)
			fact(f, "from %02x %s", n->conns.nid[i], text);
		else if (a->n > 1)
			fact(f, "%s[%u] %s", out ? "out" : "in", i, text);
		else
			fact(f, "%s %s", out ? "out" : "in", text);
	}
}

static const char *type_word(const struct model_node *n)
{
	static const char *const words[16] = {
		"output", "input", "mixer", "selector", "pin", "power", "knob", "beep",
		[WIDGET_VENDOR] = "vendor",
	};
	int type = model_type(n);

	return type >= 0 && words[type] ? words[type] : "widget";
}

static void lower(char *out, size_t size, const char *s)
{
	size_t i = 0;

	/* A word as used inside a sentence: "Front" -> "front", but "HDMI", "ATAPI", "N/A". */
	for (; s[i] && i + 1 < size; i++)
		out[i] = (char)(i == 0 && islower((unsigned char)s[1]) ? tolower((unsigned char)s[0]) :
				s[i]);
	out[i] = '\0';
}

/* "Speaker, internal", "Mic, jack at front left, 1/8 pink", "not connected". */
static void pin_words(struct buf *b, uint32_t cfg)
{
	static const char *const gross[] = { "external", "internal", "on a separate chassis",
					     "elsewhere" };
	char location[32], color[32];
	unsigned int connectivity = (unsigned int)bits(cfg, 31, 30);

	if (connectivity == 1) {
		buf_adds(b, "not connected");
		return;
	}
	lower(location, sizeof(location), pin_location(cfg));
	lower(color, sizeof(color), pin_color(cfg));
	buf_adds(b, pin_device(cfg));
	if (connectivity == 0)
		buf_adds(b, ", jack");
	else if (connectivity == 3)
		buf_adds(b, ", jack and fixed");
	if (connectivity != 0 || bits(cfg, 29, 28) != 0)
		buf_addf(b, ", %s", gross[bits(cfg, 29, 28)]);
	if (bits(cfg, 27, 24))
		buf_addf(b, "%s %s", connectivity == 0 && bits(cfg, 29, 28) == 0 ? "," : "", location);
	if (bits(cfg, 19, 16))
		buf_addf(b, ", %s", pin_connector(cfg));
	if (bits(cfg, 15, 12))
		buf_addf(b, "%s %s", bits(cfg, 19, 16) ? "" : ",", color);
	if (bit(cfg, 8))
		buf_adds(b, ", no jack detection");
}

static void pin_facts(struct codec_facts *f, const struct model_node *n)
{
	const struct reg *ctl = &n->reg[MREG_PIN_CTL], *eapd = &n->reg[MREG_EAPD];
	const struct reg *sense = &n->reg[MREG_SENSE];

	if (ctl->known) {
		struct buf w = { 0 };

		if (ctl->val & 0xe0) {
			word_list(&w, pinctl_words, ctl->val);
			if ((ctl->val & 0x20) && (ctl->val & 7) && vref_ctl_name(ctl->val & 7))
				buf_addf(&w, " VREF %s", vref_ctl_name(ctl->val & 7));
		} else {
			buf_adds(&w, "off");
		}
		fact(f, "%s", buf_str(&w));
		buf_deinit(&w);
	}
	if (bit(eapd->known, 1))
		fact(f, "EAPD %s", bit(eapd->val, 1) ? "on" : "off");
	if (bit(sense->known, 31))
		fact(f, "%s", bit(sense->val, 31) ? "plugged" : "unplugged");
}

static void conn_facts(struct codec_facts *f, const struct model_node *n)
{
	const struct reg *sel = &n->reg[MREG_CONNECT_SEL];
	struct buf l = { 0 };

	if (!n->conns.n)
		return;
	for (unsigned int i = 0; i < n->conns.n; i++)
		buf_addf(&l, " %02x%s", n->conns.nid[i],
			 n->conns.n > 1 && sel->known && sel->val == i ? "*" : "");
	/* the longest fact is the last one */
	buf_adds(f->b, f->any ? ", fed by" : "fed by");
	buf_adds(f->b, buf_str(&l));
	buf_deinit(&l);
	f->any = true;
}

/* Returns false and writes nothing if nothing is known about the widget. */
static bool widget_line(const struct codec_model *m, const struct model_node *n, struct buf *b)
{
	const struct reg *conv = &n->reg[MREG_CONV], *unsol = &n->reg[MREG_UNSOL];
	const struct reg *pwr = &n->reg[MREG_POWER], *beep = &n->reg[MREG_BEEP];
	uint32_t caps = model_wcaps(n);
	struct codec_facts f = { b, false };
	size_t start = b->len;

	buf_addf(b, "  %02x  %-9s ", n->nid, type_word(n));
	if (n->reg[MREG_DEFAULT].known) {
		pin_words(b, n->reg[MREG_DEFAULT].val);
		f.any = true;
	}
	pin_facts(&f, n);
	if (reg_has(conv, 0xff)) {
		if (conv->val >> 4)
			fact(&f, "stream %u from channel %u", conv->val >> 4 & 15, conv->val & 15);
		else
			fact(&f, "no stream");
	}
	if (caps & WCAP_DIGITAL)
		fact(&f, "digital");
	if (caps && model_channels(n) != 2 && (caps & WCAP_STEREO))
		fact(&f, "%u channels", model_channels(n));
	else if (n->param[PARAM_WIDGET_CAP].known == UINT32_MAX && !(caps & WCAP_STEREO) &&
		 model_type(n) < WIDGET_POWER)
		fact(&f, "mono");
	amp_facts(&f, m, n, false);
	amp_facts(&f, m, n, true);
	if (n->reg[MREG_KNOB].known)
		fact(&f, "volume %u", n->reg[MREG_KNOB].val & 0x7f);
	if (beep->known && (beep->val & 0xff))
		fact(&f, "beeping");
	if (bit(unsol->val, 7))
		fact(&f, "unsolicited tag %02x", unsol->val & 0x3f);
	if (reg_has(pwr, 0xf) && (pwr->val & 0xf))
		fact(&f, "set to %s", power_state_name(pwr->val & 0xf));
	if (n->ndevs)
		fact(&f, "%u device entries", n->ndevs);
	if (n->ncoefs)
		fact(&f, "%u coefficient%s known", n->ncoefs, n->ncoefs == 1 ? "" : "s");
	else if (bits(n->param[PARAM_PROC_CAP].val, 15, 8))
		fact(&f, "%u coefficients", (unsigned int)bits(n->param[PARAM_PROC_CAP].val, 15, 8));
	conn_facts(&f, n);
	if (!f.any)
		b->len = start;
	else
		buf_addc(b, '\n');
	return f.any;
}

static void route_name(const struct codec_model *m, unsigned int nid, struct buf *b)
{
	const struct model_node *n = model_find(m, nid);

	if (!n) {
		buf_addf(b, "%02x (no such widget)", nid);
		return;
	}
	buf_addf(b, "%02x ", nid);
	if (model_type(n) == WIDGET_PIN && n->reg[MREG_DEFAULT].known)
		buf_adds(b, pin_device(n->reg[MREG_DEFAULT].val));
	else
		buf_adds(b, type_word(n));
	if (reg_has(&n->reg[MREG_CONV], 0xff) && n->reg[MREG_CONV].val >> 4)
		buf_addf(b, " (stream %u)", n->reg[MREG_CONV].val >> 4 & 15);
	if (n->out.n && model_amp_muted(n, true, 0))
		buf_adds(b, " (muted)");
	if (model_type(n) != WIDGET_PIN && n->conns.n == 1 && model_amp_muted(n, false, 0))
		buf_adds(b, " (input muted)");
	if (model_type(n) == WIDGET_PIN && n->reg[MREG_PIN_CTL].known &&
	    !(n->reg[MREG_PIN_CTL].val & 0x60))
		buf_adds(b, " (off)");
}

struct route_out {
	const struct codec_model *m;
	struct buf *b;
};

static void route_line(const struct route *r, void *arg)
{
	static const char *const ends[] = { "", " <- all inputs muted", " <- nothing known",
					    " <- a loop" };
	const struct route_out *o = arg;

	buf_adds(o->b, "  ");
	for (unsigned int i = 0; i < r->n; i++) {
		if (i)
			buf_adds(o->b, " <- ");
		route_name(o->m, r->nid[i], o->b);
	}
	buf_addf(o->b, "%s\n", ends[r->end]);
}

static bool can_play(const struct model_node *n)
{
	const struct reg *caps = &n->param[PARAM_PIN_CAP], *cfg = &n->reg[MREG_DEFAULT];

	if (model_type(n) != WIDGET_PIN || !n->conns.n)
		return false;
	if (caps->known && !(caps->val & PINCAP_OUT))
		return false;
	/* a pin used as input can also have a route to it, which carries no sound */
	if ((n->reg[MREG_PIN_CTL].val & 0x60) == 0x20)
		return false;
	return !cfg->known || bits(cfg->val, 31, 30) != 1;
}

static void routes(const struct codec_model *m, struct buf *b, bool play)
{
	struct route_out o = { m, b };
	bool any = false;

	for (unsigned int i = 1; i < MODEL_NODES; i++) {
		const struct model_node *n = m->node[i];

		if (!n || n->kind == NODE_GROUP ||
		    !(play ? can_play(n) : model_type(n) == WIDGET_INPUT && n->conns.n))
			continue;
		if (!any)
			buf_addf(b, "\n%s\n", play ? "Playback, from the pin back" :
						   "Capture, from the converter back");
		any = true;
		model_routes(m, (uint8_t)i, route_line, &o);
	}
}

static void pcm_line(struct buf *b, const struct model_node *n)
{
	const struct reg *pcm = &n->param[PARAM_PCM], *stream = &n->param[PARAM_STREAM];

	if (!pcm->known || pcm->val == UINT32_MAX || !(pcm->val & 0xfff))
		return;
	buf_adds(b, "  formats    ");
	for (unsigned int i = 0; i < ARRAY_SIZE(pcm_rates); i++)
		if (bit(pcm->val, i))
			buf_addf(b, "%u ", pcm_rates[i]);
	buf_adds(b, "Hz;");
	for (unsigned int i = 0; i < ARRAY_SIZE(pcm_sizes); i++)
		if (bit(pcm->val, 16 + i))
			buf_addf(b, " %u", pcm_sizes[i]);
	buf_adds(b, " bit");
	if (stream->known && stream->val != UINT32_MAX) {
		buf_adds(b, "; ");
		word_list(b, format_words, stream->val);
	}
	buf_addc(b, '\n');
}

static void gpio_lines(struct buf *b, const struct model_node *n)
{
	unsigned int pins = (unsigned int)bits(n->param[PARAM_GPIO_CAP].val, 7, 0);
	const struct reg *en = &n->reg[MREG_GPIO_MASK], *dir = &n->reg[MREG_GPIO_DIR];
	const struct reg *data = &n->reg[MREG_GPIO_DATA];

	if (n->param[PARAM_GPIO_CAP].known && !pins)
		return;
	if (!n->param[PARAM_GPIO_CAP].known && !en->known)
		return;
	buf_adds(b, "  GPIO       ");
	if (pins)
		buf_addf(b, "%u pin%s", pins, pins == 1 ? "" : "s");
	for (unsigned int i = 0, any = pins; i < 8; i++) {
		if (!bit(en->val, i))
			continue;
		buf_addf(b, "%s%u is %s %u", any ? ", " : "", i,
			 bit(dir->val, i) ? "output" : "input", bit(data->val, i));
		any = 1;
	}
	buf_addc(b, '\n');
}

static void head(const struct codec_model *m, struct buf *b)
{
	const struct model_node *root = m->node[0], *afg = model_find(m, m->afg);
	struct reg ssid = model_subsystem(m);

	if (m->name || (root && model_vendor_id(m)))
		codec_name_add(m, b);
	else
		buf_adds(b, "A codec without a name");
	if (m->has_cad)
		buf_addf(b, ", at address %u", m->cad);
	buf_adds(b, "\n  ids        ");
	if (root && root->param[PARAM_VENDOR_ID].known)
		buf_addf(b, "%08x", root->param[PARAM_VENDOR_ID].val);
	if (ssid.known)
		buf_addf(b, ", subsystem %08x", ssid.val);
	if (root && root->param[PARAM_REVISION_ID].known)
		buf_addf(b, ", revision %06x", root->param[PARAM_REVISION_ID].val);
	buf_addc(b, '\n');
	if (m->mfg)
		buf_addf(b, "  modem      function group %02x\n", m->mfg);
	if (!m->afg || !afg)
		return;
	buf_addf(b, "  audio      function group %02x", m->afg);
	if (reg_has(&afg->reg[MREG_POWER], 0xf))
		buf_addf(b, ", set to %s", power_state_name(afg->reg[MREG_POWER].val & 0xf));
	if (afg->param[PARAM_POWER_STATE].val && afg->param[PARAM_POWER_STATE].val != UINT32_MAX) {
		buf_adds(b, "; knows ");
		word_list(b, power_cap_words, afg->param[PARAM_POWER_STATE].val);
	}
	buf_addc(b, '\n');
	pcm_line(b, afg);
	gpio_lines(b, afg);
}

void model_to_text(const struct codec_model *m, struct buf *b)
{
	unsigned int empty = 0, widgets = 0;

	head(m, b);
	routes(m, b, true);
	routes(m, b, false);
	for (unsigned int i = 1; i < MODEL_NODES; i++) {
		const struct model_node *n = m->node[i];

		if (!n || n->kind == NODE_GROUP)
			continue;
		if (!widgets++)
			buf_adds(b, "\nWidgets\n");
		empty += !widget_line(m, n, b);
	}
	if (empty)
		buf_addf(b, "  and %u more, about which nothing is known\n", empty);
}

void model_notes(const char *name, const struct model_list *l)
{
	struct buf b = { 0 };
	uint32_t mended = 0;

	for (uint32_t i = 0; i < l->nnotes; i++) {
		const struct model_note *n = &l->notes[i];

		if (n->kind == NOTE_MENDED) {
			mended++;
			continue;
		}
		buf_clear(&b);
		text_add_safe(&b, n->text, strlen(n->text));
		if (n->last > n->line)
			log_note("%s:%u-%u: %s: %s", name, n->line, n->last, n->why, buf_str(&b));
		else
			log_note("%s:%u: %s: %s", name, n->line, n->why, buf_str(&b));
	}
	if (l->left > l->nnotes)
		log_note("%s: %u lines could not be read in all", name, l->left);
	if (mended)
		log_note("%s: %u broken line%s joined again", name, mended,
			 mended == 1 ? " was" : "s were");
	buf_deinit(&b);
}
