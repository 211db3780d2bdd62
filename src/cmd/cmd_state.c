// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump state: the codec's registers as the traffic left them, and what another source has there. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "analyse/state.h"
#include "analyse/steps/steps_load.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/common.h"
#include "codec/ids.h"
#include "flow/codec_input.h"
#include "model/model_names.h"
#include "print/state_text.h"

static const char usage[] =
	"usage: hdadump state [OPTION...] FILE\n"
	"\n"
	"Shows the codec's registers as the traffic of FILE left them, a line each: w for\n"
	"those that were written, r for those that were only read. FILE is a capture, a\n"
	"log, a script, a list or a codec's dump; - is standard input.\n"
	"\n"
	"      --at END         as it was then: seconds (1.5, 2:30), or at a mark's text\n"
	"      --against OTHER  what differs from OTHER: a /proc/asound/cardX/codec#Y, an\n"
	"                       alsa-info, an RtHDDump.txt, or another capture\n"
	"      --written        only registers that were written\n"
	"      --nid NID,...    only these nodes, hexadecimal; a range is 10-1f\n"
	"      --address N      only the codec at this address\n"
	"      --device NAME    only this controller\n"
	"      --bar ADDRESS    kvm_mmio text: where its registers lie in the guest\n"
	"      --format FORM    text or json (docs/json-analyse.md)\n"
	"\n"
	"Exit status: 0 everything exact, 1 error, 2 usage, 3 the capture has losses.\n";

enum {
	OPT_AT = 256, OPT_AGAINST, OPT_WRITTEN, OPT_NID, OPT_ADDRESS, OPT_DEVICE, OPT_BAR, OPT_FORMAT,
};

struct options {
	struct steps_input in;
	struct filter range;
	const char *against;
	int address;		/* -1: all */
	bool written, json, help;
};

/* One input: traffic with its steps, or the models of a dump. */
struct side {
	const char *path;
	struct steps steps;
	bool has_steps;
	struct model_list models;
	bool losses;
	struct state *states;
	const struct codec_model **of;	/* by state */
	size_t n;
};

static struct err *take(int c, struct options *o)
{
	char *end;
	long v;

	switch (c) {
	case 'h':
		o->help = true;
		return NULL;
	case OPT_AT:
		return filter_end_parse(&o->range.to, optarg);
	case OPT_AGAINST:
		o->against = optarg;
		return NULL;
	case OPT_WRITTEN:
		o->written = true;
		return NULL;
	case OPT_NID:
		return filter_nids(&o->range, optarg);
	case OPT_ADDRESS:
		v = strtol(optarg, &end, 0);
		if (*end || end == optarg || v < 0 || v > 15)
			return err_new(ERR_USAGE, "--address %s: 0 to 15", optarg);
		o->address = (int)v;
		return NULL;
	case OPT_DEVICE:
		o->in.device = optarg;
		return NULL;
	case OPT_BAR:
		return parse_address(optarg, &o->in.bar);
	case OPT_FORMAT:
		return parse_json(optarg, &o->json);
	default:
		return err_new(ERR_USAGE, "see 'hdadump state --help'");
	}
}

static struct err *parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "at", required_argument, NULL, OPT_AT },
		{ "against", required_argument, NULL, OPT_AGAINST },
		{ "written", no_argument, NULL, OPT_WRITTEN },
		{ "nid", required_argument, NULL, OPT_NID },
		{ "address", required_argument, NULL, OPT_ADDRESS },
		{ "device", required_argument, NULL, OPT_DEVICE },
		{ "bar", required_argument, NULL, OPT_BAR },
		{ "format", required_argument, NULL, OPT_FORMAT },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct err *e = NULL;
	int c;

	optind = 1;
	while (!e && !o->help && (c = getopt_long(argc, argv, "h", longs, NULL)) != -1)
		e = take(c, o);
	if (!e && !o->help && argc - optind != 1)
		e = err_new(ERR_USAGE, "state takes one file; see 'hdadump state --help'");
	o->in.path = argv[optind];
	return e;
}

/* --- input ------------------------------------------------------------------------- */

static struct err *add_state(struct side *s, const struct codec_model *m, const struct steps *a,
			     size_t codec)
{
	struct state *v = reallocarray(s->states, s->n + 1, sizeof(*v));
	struct err *e;

	if (!v)
		return err_nomem();
	s->states = v;
	e = state_build(m, a, (uint16_t)codec, &v[s->n]);
	if (e || !v[s->n].n) {
		state_deinit(&v[s->n]);	/* nothing is known of it */
		return e;
	}
	s->n++;
	return NULL;
}

/* A dump is no capture, and the reader of captures says so. */
static struct err *load(const struct options *o, const char *path, bool here, struct side *s)
{
	struct codec_input dump = { .path = path, .until = UINT64_MAX };
	struct steps_input in = { .path = path };
	bool is_dump;
	struct err *e;

	s->path = path;
	if (here) {
		in = o->in;
		in.range = &o->range;
		in.stop = true;
	}
	e = codec_input_is_dump(path, &is_dump);
	if (!e && is_dump) {
		if (here && o->range.to.set)
			return err_new(ERR_USAGE, "%s: a codec's dump has no times and marks (--at)",
				       path);
		e = codec_input_read(&dump, &s->models);
		for (uint32_t i = 0; !e && i < s->models.n; i++)
			e = add_state(s, s->models.v[i], NULL, 0);
		s->losses = s->models.left != 0;
	} else if (!e) {
		s->has_steps = true;
		e = steps_load(&in, &s->steps);
		s->losses = stats_losses(&in.stats);
		for (size_t i = 0; !e && i < s->steps.n_codecs; i++)
			e = add_state(s, s->steps.codecs[i]->model, &s->steps, i);
	}
	if (!e && !s->n)
		e = err_new(ERR_FAIL, "%s: it tells nothing of a codec", path);
	return e;
}

static void side_deinit(struct side *s)
{
	for (size_t i = 0; i < s->n; i++)
		state_deinit(&s->states[i]);
	free(s->states);
	if (s->has_steps)
		steps_deinit(&s->steps);
	model_list_deinit(&s->models);
}

static bool is_shown(const struct options *o, const struct state *s)
{
	return o->address < 0 || (s->model->has_cad && s->model->cad == o->address);
}

static bool nid_shown(const struct options *o, reg_key key)
{
	const uint64_t *n = o->range.nids;
	unsigned int nid = reg_key_nid(key);

	return !(n[0] | n[1] | n[2] | n[3]) || n[nid / 64] >> nid % 64 & 1;
}

/* The other source's codec: of the same id, else at the same address, else the only one. */
static struct state *partner(const struct state *s, const struct side *other)
{
	struct state *found = other->n == 1 && !(s->vendor_id && other->states[0].vendor_id) ?
				    &other->states[0] : NULL;

	for (size_t i = 0; i < other->n && s->vendor_id; i++)
		if (other->states[i].vendor_id == s->vendor_id)
			return &other->states[i];
	for (size_t i = 0; !found && !s->vendor_id && i < other->n; i++)
		if (other->states[i].model->has_cad && s->model->has_cad &&
		    other->states[i].model->cad == s->model->cad)
			found = &other->states[i];
	return found;
}

/* --- text ------------------------------------------------------------------------------ */

static void add_name(const struct state *s, struct buf *b)
{
	struct reg subsystem = model_subsystem(s->model);
	const char *name = codec_id_name(s->vendor_id);

	if (s->model->has_cad)
		buf_addf(b, "codec %u", s->model->cad);
	else
		buf_adds(b, "codec");
	if (name)
		buf_addf(b, " %s", name);
	if (s->vendor_id)
		buf_addf(b, " (%08x)", s->vendor_id);
	if (subsystem.known && subsystem.val)
		buf_addf(b, ", subsystem %08x", subsystem.val);
}

static void add_rows(const struct options *o, const struct state *s, struct buf *b)
{
	add_name(s, b);
	buf_addf(b, ": %zu registers known, %zu of them written\n", s->n, s->written);
	for (size_t i = 0; i < s->n;) {
		const struct state_row *r = &s->rows[i];
		size_t mark = b->len;

		buf_addf(b, "%c ", r->written ? 'w' : 'r');
		i += state_text(s, i, true, b);
		buf_addc(b, '\n');
		if ((o->written && !r->written) || !nid_shown(o, r->key))
			b->len = mark;
	}
}

static void add_line(const struct state *s, size_t row, char sign, bool fold, struct buf *b)
{
	buf_addf(b, "%c ", sign);
	state_text(s, row, fold, b);
	buf_adds(b, s->rows[row].written ? "  [written]\n" : "\n");
}

static reg_key key_of(const struct state *here, const struct state *there,
		      const struct state_difference *d)
{
	return d->side == STATE_THERE ? there->rows[d->there].key : here->rows[d->here].key;
}

/* The next difference is the other side of the same amplifier, and says the same. */
static bool folds(const struct state *here, const struct state *there,
		  const struct state_differences *d, size_t i)
{
	const struct state_difference *v = &d->v[i], *n = v + 1;

	if (i + 1 == d->n || n->side != v->side)
		return false;
	if (v->side != STATE_THERE && (n->here != v->here + 1 || !state_pairs(here, v->here)))
		return false;
	return v->side == STATE_HERE || (n->there == v->there + 1 && state_pairs(there, v->there));
}

/* Pairs of lines, as a diff has them: - here, + there. */
static void add_differences(const struct options *o, const struct state *here,
			    const struct state *there, const struct state_differences *d,
			    struct buf *b)
{
	static const char *const heads[] = {
		[STATE_BOTH] = "@@ differ @@", [STATE_HERE] = "@@ written here, not known there @@",
		[STATE_THERE] = "@@ written there, not known here @@",
	};

	for (int side = STATE_BOTH; side <= STATE_THERE; side++) {
		bool head = false;

		for (size_t i = 0; i < d->n; i++) {
			const struct state_difference *v = &d->v[i];

			if ((int)v->side != side || !nid_shown(o, key_of(here, there, v)) ||
			    (o->written && side == STATE_BOTH && !here->rows[v->here].written &&
			     !there->rows[v->there].written))
				continue;
			if (!head)
				buf_addf(b, "%s\n", heads[side]);
			head = true;
			/* the two sides of an amplifier are told at once, where that holds for both */
			bool fold = folds(here, there, d, i);

			if (side != STATE_THERE)
				add_line(here, v->here, '-', fold, b);
			if (side != STATE_HERE)
				add_line(there, v->there, '+', fold, b);
			i += fold;
		}
	}
}

/* A list knows neither the codec nor its widgets: what the other source knows names both. */
static void know_each_other(struct state *a, struct state *b)
{
	if (!a->vendor_id)
		a->vendor_id = b->vendor_id;
	if (!b->vendor_id)
		b->vendor_id = a->vendor_id;
	if (!model_has_tree(a->model))
		a->tree = b->model;
	if (!model_has_tree(b->model))
		b->tree = a->model;
}

static struct err *add_against(const struct options *o, struct side *a, struct side *b,
			       struct buf *out)
{
	struct err *e = NULL;
	bool any = false;

	for (size_t i = 0; !e && i < a->n; i++) {
		struct state *here = &a->states[i], *there = partner(here, b);
		struct state_differences d;

		if (!is_shown(o, here) || !there)
			continue;
		any = true;
		know_each_other(here, there);
		e = state_compare(here, there, &d);
		if (e)
			return e;
		buf_addf(out, "--- %s: ", a->path);
		add_name(here, out);
		buf_addf(out, "\n+++ %s: ", b->path);
		add_name(there, out);
		buf_addc(out, '\n');
		add_differences(o, here, there, &d, out);
		buf_addf(out, "%zu registers are the same; known only here %zu, only there %zu\n",
			 d.same, d.unknown_there, d.unknown_here);
		state_differences_deinit(&d);
	}
	if (!e && !any)
		e = err_new(ERR_FAIL, "%s and %s are of different codecs", a->path, b->path);
	return e;
}

/* --- JSON ---------------------------------------------------------------------------------- */

static json_object *row_json(const struct state *s, size_t i)
{
	const struct state_row *r = &s->rows[i];
	json_object *k = json_object_new_object();
	struct buf text = { 0 };

	state_text(s, i, false, &text);
	json_object_object_add(k, "space", json_object_new_string(
			       effect_spaces[reg_key_space(r->key)].name));
	json_object_object_add(k, "nid", json_object_new_int(reg_key_nid(r->key)));
	json_object_object_add(k, "unit", json_object_new_int((int)(r->key >> 32 & 0xffff)));
	json_object_object_add(k, "addr", json_object_new_int64((uint32_t)r->key));
	json_object_object_add(k, "value", json_object_new_int64(r->value));
	json_object_object_add(k, "known", json_object_new_int64(r->known));
	json_object_object_add(k, "written", json_object_new_boolean(r->written));
	json_object_object_add(k, "text", json_object_new_string(buf_str(&text)));
	buf_deinit(&text);
	return k;
}

static json_object *codec_json(const struct state *s)
{
	json_object *k = json_object_new_object();
	struct reg subsystem = model_subsystem(s->model);
	char id[16];

	if (s->model->has_cad)
		json_object_object_add(k, "address", json_object_new_int(s->model->cad));
	snprintf(id, sizeof(id), "0x%08x", s->vendor_id);
	json_object_object_add(k, "vendor", json_object_new_string(id));
	snprintf(id, sizeof(id), "0x%08x", subsystem.val);
	json_object_object_add(k, "subsystem", json_object_new_string(id));
	return k;
}

static json_object *differences_json(const struct state *here, const struct state *there,
				     const struct state_differences *d)
{
	static const char *const sides[] = {
		[STATE_BOTH] = "differ", [STATE_HERE] = "here", [STATE_THERE] = "there",
	};
	json_object *list = json_object_new_array();

	for (size_t i = 0; i < d->n; i++) {
		const struct state_difference *v = &d->v[i];
		json_object *k = json_object_new_object();

		json_object_object_add(k, "side", json_object_new_string(sides[v->side]));
		if (v->side != STATE_THERE)
			json_object_object_add(k, "here", row_json(here, v->here));
		if (v->side != STATE_HERE)
			json_object_object_add(k, "there", row_json(there, v->there));
		json_object_array_add(list, k);
	}
	return list;
}

static struct err *add_json(const struct options *o, struct side *a, struct side *b,
			    struct buf *out)
{
	json_object *doc = json_object_new_object(), *codecs = json_object_new_array();
	struct err *e = NULL;

	json_object_object_add(doc, "codecs", codecs);
	for (size_t i = 0; !e && i < a->n; i++) {
		struct state *s = &a->states[i], *there = o->against ? partner(s, b) : NULL;
		json_object *k, *rows;
		struct state_differences d;

		if (!is_shown(o, s) || (o->against && !there))
			continue;
		k = codec_json(s);
		json_object_array_add(codecs, k);
		if (there) {
			know_each_other(s, there);
			e = state_compare(s, there, &d);
			if (e)
				break;
			json_object_object_add(k, "against", codec_json(there));
			json_object_object_add(k, "same", json_object_new_int64((int64_t)d.same));
			json_object_object_add(k, "differences", differences_json(s, there, &d));
			state_differences_deinit(&d);
			continue;
		}
		rows = json_object_new_array();
		json_object_object_add(k, "registers", rows);
		for (size_t n = 0; n < s->n; n++)
			if ((!o->written || s->rows[n].written) && nid_shown(o, s->rows[n].key))
				json_object_array_add(rows, row_json(s, n));
	}
	buf_adds(out, json_object_to_json_string_ext(doc, JSON_C_TO_STRING_PRETTY |
							  JSON_C_TO_STRING_SPACED |
							  JSON_C_TO_STRING_NOSLASHESCAPE));
	buf_addc(out, '\n');
	json_object_put(doc);
	return e;
}

static struct err *print(const struct options *o, struct side *a, struct side *b)
{
	struct buf out = { 0 };
	struct err *e = NULL;
	unsigned int any = 0;

	if (o->json)
		e = add_json(o, a, b, &out);
	else if (o->against)
		e = add_against(o, a, b, &out);
	else
		for (size_t i = 0; i < a->n; i++) {
			if (!is_shown(o, &a->states[i]))
				continue;
			if (any++)
				buf_addc(&out, '\n');
			add_rows(o, &a->states[i], &out);
		}
	if (!e)
		e = buf_err(&out);
	if (!e && !out.len)
		e = err_new(ERR_FAIL, "%s: no codec stands at that address", a->path);
	if (!e && (fwrite(out.data, 1, out.len, stdout) != out.len || fflush(stdout) != 0))
		e = err_sys(errno, "standard output");
	buf_deinit(&out);
	return e;
}

int cmd_state(int argc, char **argv)
{
	struct options o = { .address = -1 };
	struct side a = { 0 }, b = { 0 };
	struct err *e = parse(argc, argv, &o);
	bool losses;

	if (o.help) {
		fputs(usage, stdout);
		return 0;
	}
	if (!e)
		e = load(&o, o.in.path, true, &a);
	if (!e && o.against)
		e = load(&o, o.against, false, &b);
	if (!e)
		e = print(&o, &a, &b);
	losses = a.losses || b.losses;
	side_deinit(&a);
	side_deinit(&b);
	if (e)
		return exit_status(e, NULL);
	return losses ? 3 : 0;
}
