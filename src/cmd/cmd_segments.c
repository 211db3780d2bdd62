// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump segments: a capture cut where something happened, with what each part changed. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "analyse/segments.h"
#include "analyse/steps/steps_load.h"
#include "base/buf.h"
#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/common.h"
#include "event/event.h"

static const char usage[] =
	"usage: hdadump segments [OPTION...] FILE\n"
	"\n"
	"Cuts a capture where something happened: marks, resets, power, streams that start\n"
	"and stop, GPIOs, jacks, pauses; and says what each part changed. FILE is a capture,\n"
	"a log, a script or a list; - is standard input.\n"
	"\n"
	"      --idle SECONDS   how long a pause must be to be one (0.5)\n"
	"  -s, --summary        only where they begin\n"
	"      --from END, --to END  a range: seconds (1.5, 2:30) or a mark's text\n"
	"      --device NAME    only this controller\n"
	"      --bar ADDRESS    kvm_mmio text: where its registers lie in the guest\n"
	"      --format FORM    text or json (docs/json-analyse.md)\n"
	"\n"
	"Exit status: 0 everything exact, 1 error, 2 usage, 3 the capture has losses.\n";

enum { OPT_IDLE = 256, OPT_FROM, OPT_TO, OPT_DEVICE, OPT_BAR, OPT_FORMAT };

struct options {
	struct atoms_input in;
	struct filter range;
	int64_t idle_ns;
	bool summary, json, help;
};

static struct err *take_idle(struct options *o)
{
	struct filter_end end;
	struct err *e = filter_end_parse(&end, optarg);

	if (!e && (end.mark || end.ns <= 0))
		e = err_new(ERR_USAGE, "--idle %s: seconds, as 0.5", optarg);
	o->idle_ns = end.ns;
	return e;
}

static struct err *take(int c, struct options *o)
{
	switch (c) {
	case OPT_IDLE:
		return take_idle(o);
	case OPT_FROM:
		return filter_end_parse(&o->range.from, optarg);
	case OPT_TO:
		return filter_end_parse(&o->range.to, optarg);
	case OPT_DEVICE:
		o->in.device = optarg;
		return NULL;
	case OPT_BAR:
		return parse_address(optarg, &o->in.bar);
	case OPT_FORMAT:
		return parse_json(optarg, &o->json);
	case 's':
		o->summary = true;
		return NULL;
	case 'h':
		o->help = true;
		return NULL;
	default:
		return err_new(ERR_USAGE, "see 'hdadump segments --help'");
	}
}

static struct err *parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "idle", required_argument, NULL, OPT_IDLE },
		{ "summary", no_argument, NULL, 's' },
		{ "from", required_argument, NULL, OPT_FROM },
		{ "to", required_argument, NULL, OPT_TO },
		{ "device", required_argument, NULL, OPT_DEVICE },
		{ "bar", required_argument, NULL, OPT_BAR },
		{ "format", required_argument, NULL, OPT_FORMAT },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct err *e = NULL;
	int c;

	optind = 1;
	while (!e && !o->help && (c = getopt_long(argc, argv, "sh", longs, NULL)) != -1)
		e = take(c, o);
	if (!e && !o->help && argc - optind != 1)
		e = err_new(ERR_USAGE, "segments takes one file; see 'hdadump segments --help'");
	o->in.path = argv[optind];
	o->in.range = &o->range;
	return e;
}

/* --- output ------------------------------------------------------------------------ */

/* More anchors than these are counted. */
#define ANCHORS_SHOWN 6

static void add_title(const struct segments *s, const struct segment *g, struct buf *b)
{
	for (size_t i = 0; i < g->n_anchors && i < ANCHORS_SHOWN; i++)
		buf_addf(b, "%s%s", i ? "; " : "", s->anchors[g->first_anchor + i].text);
	if (g->n_anchors > ANCHORS_SHOWN)
		buf_addf(b, "; and %zu more", g->n_anchors - ANCHORS_SHOWN);
}

static void add_text(const struct options *o, const struct atoms *a, const struct segments *s,
		     struct buf *b)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct segment *g = &s->v[i];

		buf_addf(b, "%s#%zu", i && !o->summary ? "\n" : "", i + 1);
		if (g->time != EVENT_TIME_NONE && s->first_time != EVENT_TIME_NONE)
			buf_addf(b, "  %" PRId64 ".%06" PRId64, (g->time - s->first_time) / 1000000000,
				 (g->time - s->first_time) % 1000000000 / 1000);
		buf_adds(b, "  ");
		add_title(s, g, b);
		buf_addf(b, "  [%" PRIu64 " verb%s, %zu change%s", g->verbs,
			 g->verbs == 1 ? "" : "s", g->changes, g->changes == 1 ? "" : "s");
		if (g->gaps)
			buf_addf(b, ", %zu gap%s", g->gaps, g->gaps == 1 ? "" : "s");
		buf_adds(b, "]\n");
		for (size_t k = g->first; k < g->first + g->n && !o->summary; k++) {
			if (!s->changed[k])
				continue;
			buf_addf(b, "    %u  ", atom_codec(a, &a->v[k])->cad);
			atom_text(a, &a->v[k], b);
			buf_addc(b, '\n');
		}
	}
}

static void add_json(const struct options *o, const struct atoms *a, const struct segments *s,
		     struct buf *b)
{
	json_object *doc = json_object_new_object(), *list = json_object_new_array();
	struct buf text = { 0 };

	json_object_object_add(doc, "segments", list);
	for (size_t i = 0; i < s->n; i++) {
		const struct segment *g = &s->v[i];
		json_object *k = json_object_new_object(), *anchors = json_object_new_array();
		json_object *changes = json_object_new_array();

		if (g->time != EVENT_TIME_NONE)
			json_object_object_add(k, "time", json_object_new_double(
					       (double)(g->time - s->first_time) / 1e9));
		json_object_object_add(k, "verbs", json_object_new_int64((int64_t)g->verbs));
		if (g->gaps)
			json_object_object_add(k, "gaps", json_object_new_int64((int64_t)g->gaps));
		json_object_object_add(k, "anchors", anchors);
		for (size_t n = g->first_anchor; n < g->first_anchor + g->n_anchors; n++) {
			json_object *w = json_object_new_object();

			json_object_object_add(w, "kind", json_object_new_string(anchor_kind_name(
					       (enum anchor_kind)s->anchors[n].kind)));
			json_object_object_add(w, "text",
					       json_object_new_string(s->anchors[n].text));
			json_object_array_add(anchors, w);
		}
		json_object_object_add(k, "changes", changes);
		for (size_t n = g->first; n < g->first + g->n && !o->summary; n++) {
			json_object *w;

			if (!s->changed[n])
				continue;
			w = json_object_new_object();
			buf_clear(&text);
			atom_text(a, &a->v[n], &text);
			json_object_object_add(w, "n", json_object_new_int64((int64_t)a->v[n].first));
			json_object_object_add(w, "cad",
					       json_object_new_int(atom_codec(a, &a->v[n])->cad));
			json_object_object_add(w, "nid", json_object_new_int(a->v[n].nid));
			json_object_object_add(w, "text", json_object_new_string(buf_str(&text)));
			json_object_array_add(changes, w);
		}
		json_object_array_add(list, k);
	}
	buf_adds(b, json_object_to_json_string_ext(doc, JSON_C_TO_STRING_PRETTY |
							JSON_C_TO_STRING_SPACED |
							JSON_C_TO_STRING_NOSLASHESCAPE));
	buf_addc(b, '\n');
	json_object_put(doc);
	buf_deinit(&text);
}

int cmd_segments(int argc, char **argv)
{
	struct options o = { .idle_ns = 500000000 };
	struct pipeline p = { 0 };
	struct segments s = { 0 };
	struct atoms a = { 0 };
	struct buf b = { 0 };
	struct err *e = parse(argc, argv, &o);

	if (o.help) {
		fputs(usage, stdout);
		return 0;
	}
	segments_init(&s, o.idle_ns);
	o.in.watch = &s.sink;
	if (!e)
		e = atoms_load(&o.in, &a);
	if (!e)
		e = segments_finish(&s, &a);
	if (!e && o.json)
		add_json(&o, &a, &s, &b);
	else if (!e)
		add_text(&o, &a, &s, &b);
	if (!e)
		e = buf_err(&b);
	if (!e && (fwrite(b.data, 1, b.len, stdout) != b.len || fflush(stdout) != 0))
		e = err_sys(errno, "standard output");
	p.stats = o.in.stats;
	segments_deinit(&s);
	atoms_deinit(&a);
	buf_deinit(&b);
	return exit_status(e, &p);
}
