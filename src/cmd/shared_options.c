// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/shared_options.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "event/names.h"
#include "flow/codec_input.h"
#include "flow/filter.h"
#include "flow/load.h"
#include "print/json/xact_json.h"
#include "replay/replay_codec.h"
#include "replay/risk.h"

struct err *option_range_end(const struct option_row *row, const char *arg, void *field)
{
	(void)row;
	return range_end_parse(field, arg);
}

OPTION_TAKE(take_addresses, filter_addresses)
OPTION_TAKE(take_nids, filter_nids)

const struct option_row input_rows[] = {
	{ .name = "controller", .arg = "NAME", .take = option_text,
	  .help = "only this controller: its name, or the end of its PCI address",
	  .at = offsetof(struct load_options, controller) },
	{ .name = "bar", .arg = "ADDRESS", .take = option_address,
	  .help = "with the kernel's kvm_mmio as text: address of the controller's registers in the "
		  "guest",
	  .at = offsetof(struct load_options, bar) },
	{ 0 }
};

const struct option_row range_rows[] = {
	{ .name = "from", .arg = "END", .take = option_range_end,
	  .help = "only what comes from then on: seconds (1.5, 2:30), a mark's text, or #N, a verb "
		  "by its number",
	  .at = offsetof(struct load_options, range.from) },
	{ .name = "to", .arg = "END", .take = option_range_end, .help = "only what comes until then",
	  .at = offsetof(struct load_options, range.to) },
	{ 0 }
};

const struct option_row moment_rows[] = {
	{ .name = "at", .arg = "END", .take = option_range_end,
	  .help = "as it was then; the same as --to",
	  .at = offsetof(struct load_options, range.to) },
	{ 0 }
};

const struct option_row address_rows[] = {
	{ .name = "address", .arg = "N,...", .take = take_addresses,
	  .help = "only the codecs at these addresses, 0 to 15" },
	{ 0 }
};

const struct option_row nid_rows[] = {
	{ .name = "nid", .arg = "NID,...", .take = take_nids,
	  .help = "only these nodes, hexadecimal; a range is 10-1f" },
	{ 0 }
};

const char *const answer_words[] = { "text", "json", NULL };

const struct option_row format_rows[] = {
	{ .name = "format", .arg = "FORM", .take = option_word, .words = answer_words,
	  .help = "the output's format" },
	{ 0 }
};

const struct option_row color_rows[] = {
	{ .name = "color", .arg = "WHEN", .take = option_word,
	  .words = (const char *const[]){ "auto", "always", "never", NULL }, .help = "colours" },
	{ 0 }
};

const struct option_row output_rows[] = {
	{ .name = "output", .letter = 'o', .arg = "OUT", .take = option_text, .needed = true,
	  .help = "the file to write; - is standard output",
	  .at = offsetof(struct output_options, path) },
	{ .name = "force", .letter = 'f', .take = option_flag,
	  .help = "replace an existing file, but never an input",
	  .at = offsetof(struct output_options, force) },
	{ 0 }
};

const struct option_row quiet_rows[] = {
	{ .name = "quiet", .letter = 'q', .take = option_flag, .help = "only the summary" },
	{ 0 }
};

const struct option_row like_rows[] = {
	{ .name = "vendor-id", .arg = "ID", .take = option_id,
	  .at = offsetof(struct codec_ids, id.vendor),
	  .help = "the codec's vendor id, such as 10ec0298, if the input does not have it" },
	{ .name = "subsystem-id", .arg = "ID", .take = option_id,
	  .at = offsetof(struct codec_ids, id.subsystem), .help = "the same for its subsystem id" },
	{ .name = "like", .arg = "DUMP", .take = option_text, .at = offsetof(struct codec_ids, like),
	  .help = "both ids as a dump of the codec has them: a /proc/asound/cardX/codec#Y, an alsa-info" },
	{ 0 }
};

static struct err *take_risks(const struct option_row *row, const char *arg, void *field)
{
	(void)row;
	return risk_parse(arg, field);
}

static struct err *take_pace(const struct option_row *row, const char *arg, void *field)
{
	uint64_t ms;

	(void)row;
	if (!options_decimal(arg, 10000, &ms))
		return err_new(ERR_USAGE, "milliseconds, 0 to 10000");
	*(uint32_t *)field = (uint32_t)ms * 1000;
	return NULL;
}

const struct option_row replay_rows[] = {
	{ .name = "codec", .arg = "DEV", .take = option_text, .needed = true,
	  .at = offsetof(struct replay_codec_options, path),
	  .help = "the codec: /dev/snd/hwC0D0, or a codec's dump, from which it is then emulated" },
	{ .name = "really", .take = option_flag, .at = offsetof(struct replay_codec_options, really),
	  .help = "write" },
	{ .name = "allow", .arg = "WORD,...", .take = take_risks,
	  .at = offsetof(struct replay_codec_options, allow),
	  .help = "send also verbs that may do harm: reset, power, gpio, amp; or all" },
	{ .name = "any-machine", .take = option_flag,
	  .at = offsetof(struct replay_codec_options, any_machine),
	  .help = "send although LIST is from another or an unknown machine" },
	{ .name = "pace", .arg = "MS", .take = take_pace,
	  .at = offsetof(struct replay_codec_options, pace_us),
	  .help = "pause after each verb; default 1" },
	{ 0 }
};

struct err *codec_ids_complete(struct codec_ids *c, uint16_t addresses)
{
	struct codec_input in = { .from.path = c->like };
	const struct codec_model *m = NULL;
	struct model_list l = { 0 };
	struct err *e = NULL;
	uint32_t n = 0;

	if (!c->like)
		return NULL;
	e = codec_input_read(&in, &l);
	for (uint32_t i = 0; !e && i < l.n; i++) {
		if (!filter_has_address(addresses, l.v[i]->has_cad ? l.v[i]->cad : UINT_MAX))
			continue;
		m = l.v[i];
		n++;
	}
	if (!e && n != 1)
		e = err_new(ERR_FAIL, "%s: it has %u codecs%s: choose one with --address", c->like, n,
			    addresses ? " at that address" : "");
	if (!e && !c->id.vendor)
		c->id.vendor = model_vendor_id(m);
	if (!e && !c->id.subsystem)
		c->id.subsystem = model_subsystem(m).val;
	model_list_deinit(&l);
	return e;
}

bool color_wanted(enum color_when when)
{
	return when == COLOR_ALWAYS ||
	       (when == COLOR_AUTO && isatty(STDOUT_FILENO) && !getenv("NO_COLOR"));
}

struct err *show_sink(const struct show_options *o, struct ctrl_names *names, struct sink **out)
{
	if (o->form == ANSWER_JSON) {
		const struct json_options json = {
			.fd = STDOUT_FILENO, .absolute = o->time == TEXT_TIME_ABSOLUTE,
			.ctrl_name = ctrl_name, .ctrl_arg = names,
		};

		return json_sink_create(&json, out);
	}
	const struct text_options text = {
		.fd = STDOUT_FILENO, .time = o->time, .raw = o->raw, .colour = color_wanted(o->color),
		/* output for other programs is not wrapped */
		.width = isatty(STDOUT_FILENO) ? text_width(STDOUT_FILENO) : 0,
		.ctrl_name = ctrl_name, .ctrl_arg = names,
	};
	return text_sink_create(&text, out);
}

int exit_status(struct err *e, bool losses)
{
	enum err_kind kind = e ? err_kind(e) : ERR_FAIL;

	if (!e)
		return losses ? 3 : 0;
	/* a reader that has read enough (| head) is not an error */
	if (kind == ERR_PIPE) {
		err_free(e);
		return losses ? 3 : 0;
	}
	log_err(e);
	return kind == ERR_USAGE ? 2 : 1;
}
