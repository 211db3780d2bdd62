// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hdadump verb: explains verbs and responses given on the command line.  All
 * words of one command line go through one decoder, in their order, so that
 * an amplifier's caps given first turn its gain into dB.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/reader.h"
#include "cmd/cmd.h"
#include "codec/decode.h"
#include "codec/effect/effect.h"
#include "event/event.h"
#include "flow/sink.h"
#include "print/xact_json.h"
#include "print/xact_text.h"

static const char usage[] =
	"usage: hdadump verb [OPTION...] WORD[=RESPONSE]...\n"
	"       hdadump verb [OPTION...] RESPONSE/EX...\n"
	"       hdadump verb [OPTION...] barN+OFFSET=VALUE[:WIDTH]...\n"
	"       hdadump verb [OPTION...] NID VERB PARAM\n"
	"\n"
	"Explains verb words (hex, as in the CORB), with their responses where given;\n"
	"RIRB entries as response and response_ex; accesses to a BAR (hex, WIDTH in bytes,\n"
	"? in place of = for a read): bar0+48=3:2; or one verb as hda-verb takes it:\n"
	"numbers with base prefix, or names such as SET_COEF_INDEX. VERB and PARAM may\n"
	"be split in any way: 0x40e 0x20 is 0x400 0xe20.\n"
	"\n"
	"  --codec ID   the codec's vendor id, such as 11020011, for verbs of its own\n"
	"  --effects    what the words do together\n"
	"  --json       JSON lines\n";

static bool parse_all(const char *s, bool hex, uint64_t max, uint64_t *v)
{
	struct reader r = reader_make(s, strlen(s));

	if (hex) {
		if (!reader_lit(&r, "0x"))
			reader_lit(&r, "0X");
		if (!reader_hex(&r, v))
			return false;
	} else if (!reader_num(&r, v)) {
		return false;
	}
	return !reader_left(&r) && *v <= max;
}

/* barN+OFFSET=VALUE is a write, ?VALUE a read; :WIDTH bytes follow where it is not 4. */
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
	if (!parse_all(left, true, UINT32_MAX, &a) ||
	    (arg[n] && !parse_all(arg + n + 1, true, UINT32_MAX, &b)))
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

	if (!parse_all(arg[0], false, 0xff, &nid))
		return err_new(ERR_USAGE, "'%s' is not a NID", arg[0]);
	if (parse_all(arg[1], false, 0xfff, &verb)) {
		id = (unsigned int)verb;
	} else {
		e = verb_by_name(arg[1], &id);
		if (e)
			return e;
	}
	if (parse_all(arg[2], false, 0xffff, &param)) {
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

/* Three arguments of which the first is short are NID VERB PARAM: a word has more digits. */
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

int cmd_verb(int argc, char **argv)
{
	static const struct option options[] = {
		{ "codec", required_argument, NULL, 'c' }, { "json", no_argument, NULL, 'j' },
		{ "effects", no_argument, NULL, 'e' },
		{ "help", no_argument, NULL, 'h' }, { 0 },
	};
	bool json = false, effects = false;
	uint64_t codec = 0;
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'h') {
			fputs(usage, stdout);
			return 0;
		}
		if (c == 'c' && !parse_all(optarg, true, UINT32_MAX, &codec)) {
			log_note("'%s' is not a codec's vendor id", optarg);
			return 2;
		}
		if (c == '?') {
			fputs(usage, stderr);
			return 2;
		}
		json |= c == 'j';
		effects |= c == 'e';
	}
	argc -= optind;
	argv += optind;
	if (!argc) {
		fputs(usage, stderr);
		return 2;
	}

	struct text_options topt = {
		.fd = STDOUT_FILENO, .time = TEXT_TIME_NONE, .raw = true,
		.colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR"),
	};
	struct json_options jopt = { .fd = STDOUT_FILENO };
	struct decoder *dec = NULL;
	struct effects *fx = NULL;
	struct sink *sink = NULL;
	struct decoded *d = calloc(1, sizeof(*d));
	struct err *e = d ? decoder_create(&dec) : err_nomem();
	bool triple = is_triple(argc, argv);

	for (unsigned int cad = 0; !e && codec && cad < 16; cad++)
		e = decoder_set_codec(dec, 0, cad, (uint32_t)codec);
	if (!e && effects)
		e = effects_create(dec, &fx);
	if (!e)
		e = json ? json_sink_create(&jopt, &sink) : text_sink_create(&topt, &sink);
	for (int i = 0; !e && i < (triple ? 1 : argc); i++) {
		struct xact x = { .index = (uint64_t)i + 1, .t_verb = EVENT_TIME_NONE,
				  .t_resp = EVENT_TIME_NONE };

		e = triple ? parse_triple(argv, &x) : parse_word(argv[i], &x);
		if (e)
			break;
		codec_decode(dec, &x, d);
		if (!fx)
			e = sink->ops->put(sink, &x, d);
		else
			e = effects_put(fx, &x, d);
		if (!e)
			e = show_effects(fx, sink);
	}
	if (!e && fx)
		e = effects_flush(fx);
	if (!e)
		e = show_effects(fx, sink);
	if (sink) {
		struct err *e2 = sink->ops->flush(sink);

		if (e)
			err_free(e2);
		else
			e = e2;
	}
	sink_destroy(sink);
	effects_destroy(fx);
	decoder_destroy(dec);
	free(d);
	if (!e)
		return 0;
	int status = err_kind(e) == ERR_USAGE ? 2 : 1;
	log_err(e);
	return status;
}
