// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hdadump verb: explains verbs and responses given on the command line. All words go through
 * one decoder, in their order, so that an amplifier's caps given first are used to show a
 * gain in dB.
 */
#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "base/reader.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "codec/decode.h"
#include "codec/effect/effect.h"
#include "event/event.h"
#include "event/names.h"
#include "flow/sink.h"

struct verb_args {
	struct codec_ids codec;
	enum answer_form form;
	enum color_when color;
	bool effects;
};

static const struct option_row rows[] = {
	{ .name = "effects", .letter = 'e', .take = option_flag, .at = offsetof(struct verb_args, effects),
	  .help = "what the words do together" },
	{ 0 }
};

/* barN+OFFSET=VALUE is a write, ?VALUE a read; :WIDTH in bytes follows if it is not 4. */
static struct err *parse_bar(const char *arg, struct xact *x)
{
	struct reader r = reader_make(arg, strlen(arg));
	uint64_t bar, offset, value, width = 4;
	bool ok = reader_lit(&r, "bar") && reader_dec(&r, &bar) && reader_lit(&r, "+") &&
		  reader_hex(&r, &offset);

	x->write = ok && reader_lit(&r, "=");
	ok = ok && (x->write || reader_lit(&r, "?")) && reader_hex(&r, &value) &&
	     (!reader_lit(&r, ":") || (reader_dec(&r, &width) && width >= 1 && width <= 8)) &&
	     !reader_left(&r) && bar < 6 && offset <= UINT32_MAX;
	if (!ok)
		return err_new(ERR_USAGE, "'%s' is not barN+OFFSET=VALUE[:WIDTH], with ? for a read",
			       arg);
	x->kind = XACT_MMIO;
	x->bar = (uint8_t)bar;
	x->offset = (uint32_t)offset;
	x->count = value;
	x->width = (uint8_t)width;
	return NULL;
}

/* WORD, WORD=RESPONSE or RESPONSE/EX. */
static struct err *parse_word(const char *arg, struct xact *x)
{
	if (!strncmp(arg, "bar", 3))
		return parse_bar(arg, x);
	char left[32] = "";
	size_t n = strcspn(arg, "=/");
	uint64_t a, b = 0;

	if (n < sizeof(left))
		memcpy(left, arg, n);
	if (!options_hex(left, UINT32_MAX, &a) ||
	    (arg[n] && !options_hex(arg + n + 1, UINT32_MAX, &b)))
		return err_new(ERR_USAGE, "'%s' is not a verb word, WORD=RESPONSE or RESPONSE/EX",
			       arg);
	if (arg[n] == '/') {
		x->resp = (uint32_t)a;
		x->resp_ex = (uint32_t)b;
		x->has_resp = true;
		x->cad = x->resp_ex & 0xf;
		x->kind = x->resp_ex & 0x10 ? XACT_UNSOL : XACT_SPURIOUS;
		return NULL;
	}
	x->verb = (uint32_t)a;
	x->has_verb = true;
	x->cad = (uint8_t)(x->verb >> 28);
	x->has_resp = arg[n];
	x->resp = (uint32_t)b;
	return NULL;
}

static struct err *parse_triple(char **arg, struct xact *x)
{
	uint64_t nid, verb, param;
	unsigned int id = 0, par = 0;
	struct err *e;

	if (!options_hex(arg[0], 0xff, &nid))
		return err_new(ERR_USAGE, "'%s' is not a NID", arg[0]);
	if (options_hex(arg[1], 0xfff, &verb)) {
		id = (unsigned int)verb;
	} else {
		e = verb_by_name(arg[1], &id);
		if (e)
			return e;
	}
	if (options_hex(arg[2], 0xffff, &param)) {
		par = (unsigned int)param;
	} else {
		e = param_by_name(arg[2], &par);
		if (e)
			return e;
	}
	x->verb = verb_join(0, (unsigned int)nid, id, par);
	x->has_verb = true;
	return NULL;
}

/* Three arguments mean NID VERB PARAM if the first one is short: a word has more digits. */
static bool is_triple(int argc, char **argv)
{
	return argc == 3 && strlen(argv[0]) <= 5 && !strpbrk(argv[0], "=/");
}

static struct err *show_effects(struct effects *fx, struct sink *sink)
{
	struct effect effect;
	struct err *e = NULL;

	while (!e && fx && effects_next(fx, &effect))
		e = sink->ops->effect(sink, &effect);
	return e;
}

static struct err *one(struct decoder *dec, struct effects *fx, struct sink *sink, const struct xact *x)
{
	struct decoded d;
	struct err *e;

	codec_decode(dec, x, &d);
	if (!fx)
		return sink->ops->put(sink, x, &d);
	e = effects_put(fx, x, &d);
	return e ? e : show_effects(fx, sink);
}

static int run(void *options, int argc, char **argv)
{
	struct verb_args *o = options;
	const struct show_options show = {
		.form = o->form, .color = o->color, .time = TEXT_TIME_NONE, .raw = true,
	};
	struct ctrl_names none = { 0 };
	struct decoder *dec = NULL;
	struct effects *fx = NULL;
	struct sink *sink = NULL;
	bool triple = is_triple(argc, argv);
	struct err *e = codec_ids_complete(&o->codec, 0), *end;

	if (!e)
		e = decoder_create(&dec);
	for (unsigned int cad = 0; !e && o->codec.id.vendor && cad < 16; cad++)
		e = decoder_set_codec(dec, 0, cad, o->codec.id.vendor);
	if (!e && o->effects)
		e = effects_create(dec, &fx);
	if (!e)
		e = show_sink(&show, &none, &sink);
	for (int i = 0; !e && i < (triple ? 1 : argc); i++) {
		struct xact x = { .index = (uint64_t)i + 1, .t_verb = EVENT_TIME_NONE,
				  .t_resp = EVENT_TIME_NONE };

		e = triple ? parse_triple(argv, &x) : parse_word(argv[i], &x);
		if (!e)
			e = one(dec, fx, sink, &x);
	}
	if (!e && fx)
		e = effects_flush(fx);
	if (!e)
		e = show_effects(fx, sink);
	end = sink ? sink->ops->flush(sink) : NULL;
	if (e)
		err_free(end);
	else
		e = end;
	sink_destroy(sink);
	effects_destroy(fx);
	decoder_destroy(dec);
	return exit_status(e, false);
}

const struct command cmd_verb = {
	.name = "verb", .brief = "explain verbs and responses",
	.usage = (const char *const[]){ "[OPTION...] WORD[=RESPONSE]...", "[OPTION...] RESPONSE/EX...",
		"[OPTION...] barN+OFFSET=VALUE[:WIDTH]...", "[OPTION...] NID VERB PARAM", NULL },
	.about = "Explains verb words, as in the CORB, with their responses where given; RIRB entries as "
		 "response and response_ex; accesses to a BAR (WIDTH in bytes, ? in place of = for a read): "
		 "bar0+48=3:2; or one verb as hda-verb takes it, by numbers or by names such as "
		 "SET_COEF_INDEX. VERB and PARAM may be split in any way: 40e 20 is 400 e20. All numbers are "
		 "hexadecimal, with or without 0x. Words are read in their order: what the earlier ones show "
		 "(an amplifier's caps) is used for the later ones.",
	.groups = (const struct option_group[]){
		{ NULL, rows, 0 },
		{ NULL, like_rows, offsetof(struct verb_args, codec) },
		{ NULL, format_rows, offsetof(struct verb_args, form) },
		{ NULL, color_rows, offsetof(struct verb_args, color) },
		{ 0 } },
	.end = "Exit status: 0, 1 error, 2 usage.",
	.operand = "WORD", .min = 1, .max = -1, .size = sizeof(struct verb_args), .run = run,
};
