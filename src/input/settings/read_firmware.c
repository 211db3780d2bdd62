// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what the kernel's driver takes beside verbs:
 *
 *   [codec]                       a firmware patch (CONFIG_SND_HDA_PATCH_LOADER): the codec that
 *   0x10ec0298 0x144dc870 0       the sections after it are for: vendor, subsystem, address
 *   [pincfg]                      pin defaults, also sysfs user_pin_configs without a heading
 *   0x17 0x90170120
 *   [verb]
 *   0x20 0x500 0x10
 *   [hint]                        also sysfs hints without a heading
 *   jack_detect = no
 *   [model]                       and [vendor_id], [subsystem_id], [revision_id], [chip_name]
 *   auto
 *
 * A pin default is given as the four verbs that set it, which every reader of verbs knows; a
 * hint, a model and the like as a mark ("hint: jack_detect = no").
 *
 * Source: sound/pci/hda/hda_sysfs.c (since 6.17 sound/hda/common/sysfs.c); numbers are %i.
 */
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "codec/decode.h"
#include "input/list_head.h"
#include "input/text_reader.h"

#define NAME_ROOM 64
#define MARK_ROOM 512
/* SET_CONFIGURATION_DEFAULT_BYTES_0 */
#define VERB_CONFIG_0 0x71c

enum section { SEC_NONE, SEC_CODEC, SEC_PINCFG, SEC_VERB, SEC_HINT, SEC_TEXT };

static const struct {
	const char *name;
	enum section section;
} sections[] = {
	{ "[codec]", SEC_CODEC }, { "[pincfg]", SEC_PINCFG }, { "[verb]", SEC_VERB },
	{ "[init_verbs]", SEC_VERB }, { "[hint]", SEC_HINT }, { "[hints]", SEC_HINT },
	{ "[user_pin_configs]", SEC_PINCFG }, { "[model]", SEC_TEXT },
	{ "[vendor_id]", SEC_TEXT }, { "[subsystem_id]", SEC_TEXT },
	{ "[revision_id]", SEC_TEXT }, { "[chip_name]", SEC_TEXT },
};

/* The hints of snd-hda-codec-generic and the other drivers (snd_hda_get_bool_hint() and int). */
static const char *const hints[] = {
	"jack_detect", "inv_jack_detect", "trigger_sense", "inv_eapd", "pcm_format_first",
	"sticky_stream", "spdif_status_reset", "pin_amp_workaround", "single_adc_amp",
	"power_save_node", "power_down_unused", "auto_mute", "auto_mic", "line_in_auto_switch",
	"auto_mute_via_amp", "need_dac_fix", "primary_hp", "multi_io", "multi_cap_vol",
	"inv_dmic_split", "indep_hp", "add_stereo_mix_input", "add_out_jack_modes",
	"add_in_jack_modes", "add_jack_modes", "add_hp_mic", "hp_mic_detect", "vmaster",
	"vmaster_mute", "mixer_nid", "loopback_mixing", "eapd_mask", "gpio_mask", "gpio_dir",
	"gpio_data", "gpio_led", "gpio_led_polarity", "gpio_mute", "vref_mute_led_nid", "eapd_switch",
	"hp_detect", "no_jack_detect", "beep", "prefer_hp_amp", "separate_dmux", "dyn_adc_switch",
};

struct firmware {
	struct list_head head;
	enum section section;
	char title[NAME_ROOM];	/* the section's name, for SEC_TEXT */
	uint8_t cad;
};

/* --- parts of lines ------------------------------------------------------ */

static void trim(struct reader *r)
{
	reader_skip_space(r);
	while (r->p < r->end && (r->end[-1] == ' ' || r->end[-1] == '\t' || r->end[-1] == '\r'))
		r->end--;
}

/* A word up to a blank, a comma or a comment; as %i, with a sign: -1 is "any" to the kernel. */
static bool get_word(struct reader *r, struct reader *word)
{
	reader_skip_space(r);
	*word = *r;
	while (r->p < r->end && !memchr(" \t,#", *r->p, 4))
		r->p++;
	word->end = r->p;
	if (r->p < r->end && *r->p == ',')
		r->p++;
	return reader_left(word) > 0;
}

static bool get_number(struct reader w, uint64_t *v)
{
	bool octal = reader_left(&w) > 1 && w.p[0] == '0' && w.p[1] >= '0' && w.p[1] <= '7';

	if (!octal)
		return reader_num(&w, v) && !reader_left(&w);
	for (*v = 0; w.p < w.end && *w.p >= '0' && *w.p <= '7' && *v < 1u << 28; w.p++)
		*v = *v << 3 | (uint64_t)(*w.p - '0');
	return !reader_left(&w);
}

static bool get_named(struct reader w, struct err *(*find)(const char *name, unsigned int *id),
		      uint64_t *v)
{
	char name[NAME_ROOM];
	unsigned int id = 0;
	struct err *e;

	if (get_number(w, v))
		return true;
	if (!reader_left(&w) || reader_left(&w) >= sizeof(name))
		return false;
	memcpy(name, w.p, reader_left(&w));
	name[reader_left(&w)] = '\0';
	e = find(name, &id);
	*v = id;
	if (!e)
		return true;
	err_free(e);
	return false;
}

/* Only blanks or a comment are left. */
static bool at_end(struct reader r)
{
	reader_skip_space(&r);
	return !reader_left(&r) || *r.p == '#';
}

static bool get_pin(struct reader r, uint64_t *nid, uint64_t *config)
{
	struct reader a, b;

	return get_word(&r, &a) && get_number(a, nid) && get_word(&r, &b) &&
	       get_number(b, config) && at_end(r) && *nid > 0 && *nid <= 0xff &&
	       *config <= UINT32_MAX;
}

/* "0x10ec0298 0x144dc870 0"; what fits any codec is unknown. */
static bool get_codec(struct reader r, struct list_codec *c, uint8_t *cad)
{
	uint64_t v[3] = { 0 };

	for (int i = 0; i < 3; i++) {
		struct reader word;
		bool minus;

		if (!get_word(&r, &word))
			return false;
		minus = reader_lit(&word, "-");
		if (!get_number(word, &v[i]) || v[i] > UINT32_MAX)
			return false;
		if (minus)
			v[i] = 0;
	}
	*c = (struct list_codec){
		.named = true, .vendor_id = (uint32_t)v[0], .subsystem_id = (uint32_t)v[1],
	};
	*cad = (uint8_t)v[2];
	return v[2] < LIST_CODECS && at_end(r);
}

static int find_section(struct reader line)
{
	trim(&line);
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		if (reader_left(&line) == strlen(sections[i].name) &&
		    !memcmp(line.p, sections[i].name, reader_left(&line)))
			return (int)i;
	return -1;
}

/* "jack_detect = no": one of the names that the kernel asks for. */
static bool is_hint(struct reader line)
{
	trim(&line);
	for (size_t i = 0; i < ARRAY_SIZE(hints); i++) {
		struct reader r = line;

		if (!reader_lit(&r, hints[i]))
			continue;
		reader_skip_space(&r);
		if (reader_lit(&r, "=") && reader_left(&r))
			return true;
	}
	return false;
}

/* --- recognising --------------------------------------------------------- */

static unsigned int firmware_sniff(struct reader line)
{
	uint64_t nid, config;
	int at = find_section(line);

	if (at >= 0)
		return sections[at].section == SEC_VERB ? 6 : 10;
	if (is_hint(line))
		return 5;
	/* NID and a value of more digits than a verb's: user_pin_configs */
	reader_skip_space(&line);
	if (reader_left(&line) < 12 || line.p[0] != '0' || (line.p[1] | 0x20) != 'x')
		return 0;
	return get_pin(line, &nid, &config) && config > 0xffff ? 5 : 0;
}

/* --- reading ------------------------------------------------------------- */

static void give_word(struct text_reader *t, const struct firmware *f, uint32_t word)
{
	uint16_t ctrl;

	if (!text_reader_ctrl(t, "verbs", 5, CTRL_UNKNOWN, &ctrl))
		return;
	text_reader_give(t, &(struct event){
		.kind = EV_CORB_WORD, .origin = ORIGIN_TOOL, .ctrl = ctrl,
		.time = EVENT_TIME_NONE, .addr = EVENT_NO_SLOT,
		.value = word | (uint32_t)f->cad << 28, .width = ANSWER_UNRECORDED,
	});
}

/* "hint: jack_detect = no"; with an empty title the text alone. */
static void give_mark(struct text_reader *t, const char *title, struct reader text)
{
	char mark[MARK_ROOM];
	int n;

	trim(&text);
	if (!reader_left(&text))
		return;
	n = snprintf(mark, sizeof(mark), "%s%s%.*s", title, *title ? ": " : "",
		     (int)(reader_left(&text) < 400 ? reader_left(&text) : 400),
		     (const char *)text.p);
	text_reader_give(t, &(struct event){
		.kind = EV_MARK, .origin = ORIGIN_TOOL, .time = EVENT_TIME_NONE,
		.data = mark, .len = (uint32_t)n,
	});
}

static enum line_kind codec_line(struct text_reader *t, struct firmware *f, struct reader line)
{
	struct list_codec c;
	uint8_t cad;

	if (!get_codec(line, &c, &cad))
		return text_reader_damage(t, "not a vendor id, a subsystem id and an address");
	f->cad = cad;
	if (c.vendor_id != f->head.codec[cad].vendor_id ||
	    c.subsystem_id != f->head.codec[cad].subsystem_id)
		text_reader_note(t, 0, "another codec at the same address: its verbs are shown as "
				 "those of the first one");
	return LINE_TAKEN;
}

static enum line_kind pin_line(struct text_reader *t, const struct firmware *f, struct reader line)
{
	uint64_t nid, config;

	if (!get_pin(line, &nid, &config))
		return text_reader_damage(t, "not a NID and a pin default");
	for (uint32_t i = 0; i < 4; i++)
		give_word(t, f, (uint32_t)nid << 20 | (VERB_CONFIG_0 + i) << 8 |
			  ((uint32_t)config >> 8 * i & 0xff));
	return LINE_TAKEN;
}

static enum line_kind verb_line(struct text_reader *t, const struct firmware *f, struct reader line)
{
	uint64_t nid, verb, param;
	struct reader w[3];

	for (int i = 0; i < 3; i++)
		if (!get_word(&line, &w[i]))
			return text_reader_damage(t, "not a NID, a verb and a parameter");
	if (!get_number(w[0], &nid) || !get_named(w[1], verb_by_name, &verb) ||
	    !get_named(w[2], param_by_name, &param) || !at_end(line))
		return text_reader_damage(t, "not a NID, a verb and a parameter");
	if (nid > 0xff || verb > 0xfff || param > 0xffff)
		return text_reader_damage(t, "a number too large for a NID, a verb or a parameter");
	give_word(t, f, (uint32_t)(nid << 20 | verb << 8 | param));
	return LINE_TAKEN;
}

static enum line_kind firmware_line(struct text_reader *t, struct reader line)
{
	struct firmware *f = text_reader_state(t);
	uint64_t nid, config;
	int at = find_section(line);

	trim(&line);
	if (!reader_left(&line))
		return LINE_TAKEN;
	if (*line.p == '#') {
		while (line.p < line.end && *line.p == '#')
			line.p++;
		give_mark(t, "", line);
		return LINE_TAKEN;
	}
	if (at >= 0) {
		size_t n = strlen(sections[at].name) - 2;

		f->section = sections[at].section;
		memcpy(f->title, sections[at].name + 1, n);
		f->title[n] = '\0';
		return LINE_TAKEN;
	}
	switch (f->section) {
	case SEC_CODEC:
		return codec_line(t, f, line);
	case SEC_PINCFG:
		return pin_line(t, f, line);
	case SEC_VERB:
		return verb_line(t, f, line);
	case SEC_TEXT:
		give_mark(t, f->title, line);
		return LINE_TAKEN;
	case SEC_HINT:
		give_mark(t, "hint", line);
		return LINE_TAKEN;
	default:
		break;
	}
	/* without a heading: a file of sysfs */
	if (is_hint(line)) {
		give_mark(t, "hint", line);
		return LINE_TAKEN;
	}
	return get_pin(line, &nid, &config) ? pin_line(t, f, line) : LINE_OTHER;
}

/* Decoding needs all codecs before the first verb. */
static struct err *firmware_begin(struct text_reader *t, const struct source_options *o,
				  struct reader head)
{
	struct firmware *f = text_reader_state(t);
	bool in_codec = false, any = false;
	struct reader line;

	(void)o;
	while (reader_line(&head, &line)) {
		struct list_codec c;
		int at = find_section(line);
		uint8_t cad;

		if (at >= 0)
			in_codec = sections[at].section == SEC_CODEC;
		else if (in_codec && get_codec(line, &c, &cad) && !f->head.codec[cad].named) {
			f->head.codec[cad] = c;
			f->cad = any ? f->cad : cad;
			any = true;
		}
	}
	text_reader_own_facts(t)->list = any ? &f->head : NULL;
	return NULL;
}

const struct text_format text_format_firmware = {
	.format = SOURCE_LIST,
	.sniff = firmware_sniff,
	.state_size = sizeof(struct firmware),
	.begin = firmware_begin,
	.line = firmware_line,
};
