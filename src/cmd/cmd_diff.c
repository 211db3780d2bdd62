// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump diff: what two captures, or two parts of one, do differently to the codec. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "analyse/diff.h"
#include "analyse/steps/steps_load.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/out.h"
#include "cmd/cmd.h"
#include "cmd/common.h"
#include "event/event.h"
#include "print/step_text.h"

/* They differ: none of the exit statuses that all commands have. */
#define EXIT_DIFFER 4

static const char usage[] =
	"usage: hdadump diff [OPTION...] A B\n"
	"       hdadump diff [OPTION...] --a-from END ... --b-to END FILE\n"
	"\n"
	"Shows what A and B (captures, logs, scripts, lists) do differently to the codec, by\n"
	"effects: - only A does it, + only B. The order counts within each register, and\n"
	"for what leads out of the codec; reads, polls and repeated values do not count, nor\n"
	"do the numbers that a driver gives to streams and to unsolicited responses.\n"
	"\n"
	"      --a-from END, --a-to END, --b-from END, --b-to END\n"
	"                         a range of that side: seconds (1.5, 2:30) or a mark's text\n"
	"      --from END, --to END   the same for both sides\n"
	"  -U, --context N        lines around a change (3)\n"
	"      --device NAME      only this controller; --a-device, --b-device for one side\n"
	"      --address N        only the codec at this address\n"
	"      --nid NID,...      only these nodes, hexadecimal; a range is 10-1f\n"
	"  -q, --quiet            only the summary\n"
	"      --color WHEN       auto (default), always or never\n"
	"      --format FORM      text or json (docs/json-analyse.md)\n"
	"\n"
	"Exit status: 0 the same, 1 error, 2 usage, 3 the same as far as can be seen, but one\n"
	"of them has losses, 4 they differ.\n";

enum {
	OPT_A_FROM = 256, OPT_A_TO, OPT_B_FROM, OPT_B_TO, OPT_FROM, OPT_TO, OPT_DEVICE, OPT_A_DEVICE,
	OPT_B_DEVICE, OPT_ADDRESS, OPT_NID, OPT_COLOR, OPT_FORMAT,
};

struct options {
	struct steps_input in[2];
	struct filter range[2];
	struct show_options show;	/* only its colour */
	long context;
	int address;			/* -1: all */
	bool quiet, json, help;
};

static struct err *take_end(const char *text, struct filter_end *a, struct filter_end *b)
{
	struct err *e = filter_end_parse(a, text);

	if (!e && b)
		*b = *a;
	return e;
}

static struct err *take_number(const char *text, const char *option, long max, long *v)
{
	char *end;

	*v = strtol(text, &end, 0);
	if (*end || end == text || *v < 0 || *v > max)
		return err_new(ERR_USAGE, "%s %s: 0 to %ld", option, text, max);
	return NULL;
}

static struct err *take(int c, struct options *o)
{
	struct filter *a = &o->range[0], *b = &o->range[1];
	struct err *e;
	long v = -1;

	switch (c) {
	case OPT_A_FROM:
		return take_end(optarg, &a->from, NULL);
	case OPT_A_TO:
		return take_end(optarg, &a->to, NULL);
	case OPT_B_FROM:
		return take_end(optarg, &b->from, NULL);
	case OPT_B_TO:
		return take_end(optarg, &b->to, NULL);
	case OPT_FROM:
		return take_end(optarg, &a->from, &b->from);
	case OPT_TO:
		return take_end(optarg, &a->to, &b->to);
	case OPT_DEVICE:
		o->in[0].device = o->in[1].device = optarg;
		return NULL;
	case OPT_A_DEVICE:
		o->in[0].device = optarg;
		return NULL;
	case OPT_B_DEVICE:
		o->in[1].device = optarg;
		return NULL;
	case OPT_ADDRESS:
		e = take_number(optarg, "--address", 15, &v);
		o->address = (int)v;
		return e;
	case OPT_NID:
		return filter_nids(a, optarg);
	case OPT_COLOR:
		return show_parse_color(optarg, &o->show);
	case OPT_FORMAT:
		e = show_parse_format(optarg, &o->show);
		o->json = o->show.format == FORMAT_JSON;
		return e;
	case 'U':
		return take_number(optarg, "--context", 1000000, &o->context);
	case 'q':
		o->quiet = true;
		return NULL;
	case 'h':
		o->help = true;
		return NULL;
	default:
		return err_new(ERR_USAGE, "see 'hdadump diff --help'");
	}
}

static struct err *parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "a-from", required_argument, NULL, OPT_A_FROM },
		{ "a-to", required_argument, NULL, OPT_A_TO },
		{ "b-from", required_argument, NULL, OPT_B_FROM },
		{ "b-to", required_argument, NULL, OPT_B_TO },
		{ "from", required_argument, NULL, OPT_FROM },
		{ "to", required_argument, NULL, OPT_TO },
		{ "device", required_argument, NULL, OPT_DEVICE },
		{ "a-device", required_argument, NULL, OPT_A_DEVICE },
		{ "b-device", required_argument, NULL, OPT_B_DEVICE },
		{ "address", required_argument, NULL, OPT_ADDRESS },
		{ "nid", required_argument, NULL, OPT_NID },
		{ "context", required_argument, NULL, 'U' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "color", required_argument, NULL, OPT_COLOR },
		{ "format", required_argument, NULL, OPT_FORMAT },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	bool ranges;
	struct err *e = NULL;
	int c;

	optind = 1;
	while (!e && !o->help && (c = getopt_long(argc, argv, "U:qh", longs, NULL)) != -1)
		e = take(c, o);
	if (e || o->help)
		return e;
	ranges = o->range[0].from.set || o->range[0].to.set || o->range[1].from.set ||
		 o->range[1].to.set;
	if (argc - optind != 2 && !(argc - optind == 1 && ranges))
		return err_new(ERR_USAGE, "diff takes two files, or one and its ranges; see 'hdadump diff "
			       "--help'");
	for (int i = 0; i < 2; i++) {
		o->in[i].path = argv[argc - optind == 2 ? optind + i : optind];
		o->in[i].range = &o->range[i];
	}
	if (strcmp(o->in[0].path, "-") == 0 && strcmp(o->in[1].path, "-") == 0)
		return err_new(ERR_USAGE, "standard input can be read only once");
	return NULL;
}

/* --- text -------------------------------------------------------------------------- */

struct printer {
	const struct options *opt;
	const struct diff *d;
	struct out out;
	struct buf line;
	bool colour, several;	/* several: codecs */
	int64_t start[2];	/* of time */
};

static const struct step *step_of(const struct diff *d, const struct diff_line *l)
{
	return &d->side[l->side == 1].a->v[l->step];
}

static bool is_shown(const struct options *o, const struct diff *d, const struct diff_line *l)
{
	const struct step *t = step_of(d, l);
	const uint64_t *n = o->range[0].nids;

	if (o->address >= 0 && step_codec(d->side[l->side == 1].a, t)->cad != o->address)
		return false;
	return !(n[0] | n[1] | n[2] | n[3]) || n[t->nid / 64] >> t->nid % 64 & 1;
}

static struct err *put(struct printer *p)
{
	struct err *e;

	buf_addc(&p->line, '\n');
	e = buf_err(&p->line);
	if (!e)
		e = out_add(&p->out, p->line.data, p->line.len);
	buf_clear(&p->line);
	return e;
}

static void paint(struct printer *p, const char *colour)
{
	if (p->colour)
		buf_adds(&p->line, colour);
}

static struct err *put_line(struct printer *p, const struct diff_line *l)
{
	const struct steps *a = p->d->side[l->side == 1].a;
	const struct step *t = step_of(p->d, l);

	paint(p, l->side == 0 ? "\033[31m" : l->side == 1 ? "\033[32m" : "");
	buf_addc(&p->line, l->side == 0 ? '-' : l->side == 1 ? '+' : ' ');
	buf_addc(&p->line, ' ');
	if (p->several)
		buf_addf(&p->line, "%u  ", step_codec(a, t)->cad);
	step_text(a, t, &p->line);
	paint(p, l->side == 2 ? "" : "\033[0m");
	return put(p);
}

static void add_place(struct printer *p, const struct diff_line *l, unsigned int side)
{
	const struct step *t = NULL;

	if (l)
		t = &p->d->side[side].a->v[l->step];
	if (!t) {
		buf_adds(&p->line, "the start");
		return;
	}
	buf_addf(&p->line, "verb %" PRIu64, t->first);
	if (t->time != EVENT_TIME_NONE && p->start[side] != EVENT_TIME_NONE)
		buf_addf(&p->line, " at %" PRId64 ".%06" PRId64,
			 (t->time - p->start[side]) / 1000000000,
			 (t->time - p->start[side]) % 1000000000 / 1000);
}

/* The last mark of the user's before a step. */
static const char *mark_before(const struct steps *a, size_t step)
{
	const char *text = NULL;

	for (size_t i = 0; i < a->n_marks && a->marks[i].at <= step; i++)
		if (!a->marks[i].gap)
			text = a->marks[i].text;
	return text;
}

/* "@@ -verb 41 at 0.033372 +verb 39 at 0.031000 @@ the mark before" */
static struct err *put_head(struct printer *p, size_t from, size_t to)
{
	const struct diff *d = p->d;
	const struct diff_line *first[2] = { NULL, NULL };
	struct diff_line other;
	const char *mark = NULL;

	for (size_t i = from; i < to; i++) {
		const struct diff_line *l = &d->lines[i];

		if (l->side != 1 && !first[0])
			first[0] = l;
		if (l->side == 1 && !first[1])
			first[1] = l;
		if (l->side == 2 && !first[1]) {
			other = (struct diff_line){ d->side[0].partner[l->step], 1 };
			first[1] = other.step == STEP_NONE ? NULL : &other;
		}
	}
	/* a side that does nothing here has come as far as what both did before */
	for (size_t i = from; i-- > 0 && (!first[0] || !first[1]);) {
		const struct diff_line *l = &d->lines[i];

		if (l->side == 2 && !first[0])
			first[0] = l;
		if (l->side == 2 && !first[1]) {
			other = (struct diff_line){ d->side[0].partner[l->step], 1 };
			first[1] = other.step == STEP_NONE ? NULL : &other;
			break;
		}
	}
	paint(p, "\033[36m");
	buf_adds(&p->line, "@@ -");
	add_place(p, first[0], 0);
	buf_adds(&p->line, " +");
	add_place(p, first[1], 1);
	buf_adds(&p->line, " @@");
	if (first[0])
		mark = mark_before(d->side[0].a, first[0]->step);
	else if (first[1])
		mark = mark_before(d->side[1].a, first[1]->step);
	if (mark)
		buf_addf(&p->line, " %s", mark);
	paint(p, "\033[0m");
	return put(p);
}

static bool is_change(const struct printer *p, size_t i)
{
	return p->d->lines[i].side != 2 && is_shown(p->opt, p->d, &p->d->lines[i]);
}

static struct err *put_hunks(struct printer *p)
{
	const struct diff *d = p->d;
	size_t context = (size_t)p->opt->context, done = 0;
	struct err *e = NULL;

	for (size_t i = 0; !e && i < d->n_lines; i++) {
		size_t from, to = i, quiet = 0;

		if (!is_change(p, i))
			continue;
		/* as long as no more than twice the context lies between changes */
		for (size_t k = i; k < d->n_lines && quiet <= 2 * context; k++) {
			bool change = is_change(p, k);

			quiet = change ? 0 : quiet + (d->lines[k].side == 2);
			if (change)
				to = k + 1;
		}
		from = i - done > context ? i - context : done;
		done = to + context < d->n_lines ? to + context : d->n_lines;
		e = put_head(p, from, done);
		for (size_t k = from; !e && k < done; k++)
			if (d->lines[k].side == 2 || is_change(p, k))
				e = put_line(p, &d->lines[k]);
		i = done - 1;
	}
	return e;
}

static void add_name(struct buf *b, const struct options *o, const struct steps *a, unsigned int side)
{
	unsigned int n = 0;

	buf_addf(b, "%s %s", side ? "+++" : "---", o->in[side].path);
	for (size_t i = 0; i < a->n_codecs; i++) {
		const struct step_codec *c = a->codecs[i];

		if (!c->steps || (o->address >= 0 && c->cad != o->address))
			continue;
		buf_addf(b, "%s codec %u", n++ ? "," : ":", c->cad);
		if (c->name)
			buf_addf(b, " %s", c->name);
		else if (c->vendor_id)
			buf_addf(b, " %08x", c->vendor_id);
	}
}

static size_t count_changes(const struct printer *p, unsigned int side)
{
	size_t n = 0;

	for (size_t i = 0; i < p->d->n_lines; i++)
		n += p->d->lines[i].side == side && is_shown(p->opt, p->d, &p->d->lines[i]);
	return n;
}

static struct err *put_text(struct printer *p)
{
	struct err *e = NULL;

	for (unsigned int s = 0; !e && s < 2; s++) {
		add_name(&p->line, p->opt, p->d->side[s].a, s);
		e = put(p);
	}
	return e ? e : put_hunks(p);
}

/* --- JSON ----------------------------------------------------------------------------- */

static struct err *put_json(struct printer *p)
{
	const struct diff *d = p->d;
	json_object *doc = json_object_new_object(), *changes = json_object_new_array();
	struct buf text = { 0 };
	struct err *e;

	json_object_object_add(doc, "a", json_object_new_string(p->opt->in[0].path));
	json_object_object_add(doc, "b", json_object_new_string(p->opt->in[1].path));
	json_object_object_add(doc, "same", json_object_new_int64((int64_t)d->side[0].same));
	json_object_object_add(doc, "changes", changes);
	for (size_t i = 0; i < d->n_lines; i++) {
		const struct diff_line *l = &d->lines[i];
		const struct steps *a = d->side[l->side == 1].a;
		const struct step *t = step_of(d, l);
		json_object *k, *words;

		if (!is_change(p, i))
			continue;
		k = json_object_new_object();
		words = json_object_new_array();
		buf_clear(&text);
		step_text(a, t, &text);
		json_object_object_add(k, "side", json_object_new_string(l->side ? "b" : "a"));
		json_object_object_add(k, "n", json_object_new_int64((int64_t)t->first));
		if (t->time != EVENT_TIME_NONE)
			json_object_object_add(k, "time", json_object_new_double((double)t->time / 1e9));
		json_object_object_add(k, "cad", json_object_new_int(step_codec(a, t)->cad));
		json_object_object_add(k, "nid", json_object_new_int(t->nid));
		json_object_object_add(k, "kind", json_object_new_string(
				       step_kind_name((enum step_kind)t->kind)));
		json_object_object_add(k, "text", json_object_new_string(buf_str(&text)));
		for (uint32_t v = 0; v < t->n_verbs; v++) {
			char word[16];

			snprintf(word, sizeof(word), "0x%08x", step_verbs(a, t)[v].word);
			json_object_array_add(words, json_object_new_string(word));
		}
		json_object_object_add(k, "verbs", words);
		json_object_array_add(changes, k);
	}
	buf_adds(&p->line, json_object_to_json_string_ext(doc, JSON_C_TO_STRING_PRETTY |
							       JSON_C_TO_STRING_SPACED |
							       JSON_C_TO_STRING_NOSLASHESCAPE));
	e = put(p);
	json_object_put(doc);
	buf_deinit(&text);
	return e;
}

/* --- all ---------------------------------------------------------------------------------- */

/* A codec that only one of them has: said, because nothing of it is compared. */
static void note_alone(const struct options *o, const struct diff *d)
{
	for (unsigned int s = 0; s < 2; s++) {
		for (size_t i = 0; i < d->side[s].a->n_codecs; i++) {
			const struct step_codec *c = d->side[s].a->codecs[i];

			if (d->side[s].codec[i] < 0 && c->steps)
				log_note("%s: codec %u (%08x) is not in %s: not compared",
					 o->in[s].path, c->cad, c->vendor_id, o->in[!s].path);
		}
	}
}

static int64_t start_of(const struct stats *s)
{
	return s->first;
}

static struct err *run(struct options *o, const struct diff *d, bool *differ)
{
	struct printer p = { .opt = o, .d = d, .several = d->codecs > 1,
			     .start = { start_of(&o->in[0].stats), start_of(&o->in[1].stats) } };
	struct err *e = out_init(&p.out, STDOUT_FILENO);
	size_t only[2];

	p.colour = o->show.color == COLOR_ALWAYS ||
		   (o->show.color == COLOR_AUTO && isatty(STDOUT_FILENO) && !getenv("NO_COLOR"));
	only[0] = count_changes(&p, 0);
	only[1] = count_changes(&p, 1);
	*differ = only[0] || only[1];
	if (!e && o->json)
		e = put_json(&p);
	else if (!e && *differ && !o->quiet)
		e = put_text(&p);
	if (!e)
		e = out_flush(&p.out);
	if (!e) {
		log_note("%zu the same, only in %s %zu, only in %s %zu", d->side[0].same,
			 o->in[0].path, only[0], o->in[1].path, only[1]);
		note_alone(o, d);
	}
	out_deinit(&p.out);
	buf_deinit(&p.line);
	return e;
}

int cmd_diff(int argc, char **argv)
{
	struct options o = { .context = 3, .address = -1 };
	struct steps a = { 0 }, b = { 0 };
	struct diff d = { 0 };
	struct err *e = parse(argc, argv, &o);
	bool differ = false, losses;

	if (o.help) {
		fputs(usage, stdout);
		return 0;
	}
	if (!e)
		e = steps_load(&o.in[0], &a);
	if (!e)
		e = steps_load(&o.in[1], &b);
	if (!e)
		e = diff_steps(&a, &b, &d);
	if (!e && !d.codecs && (a.n || b.n))
		e = err_new(ERR_FAIL, "%s and %s are of different codecs", o.in[0].path, o.in[1].path);
	if (!e)
		e = run(&o, &d, &differ);
	losses = stats_losses(&o.in[0].stats) || stats_losses(&o.in[1].stats);
	diff_deinit(&d);
	steps_deinit(&a);
	steps_deinit(&b);
	if (e)
		return exit_status(e, NULL);
	if (differ)
		return EXIT_DIFFER;
	return losses ? 3 : 0;
}
