// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump replay: sends a list to a real codec, and back. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/common.h"
#include "codec/decode.h"
#include "export/fixlist.h"
#include "flow/pipeline.h"
#include "print/plan_text.h"
#include "replay/replay_codec.h"
#include "replay/send.h"

static const char usage[] =
	"usage: hdadump replay LIST --device DEVICE [--really] [OPTION...]\n"
	"       hdadump replay --undo --device DEVICE --really [--snapshot FILE]\n"
	"\n"
	"Sends the verbs of LIST to the codec behind DEVICE (/dev/snd/hwC0D0). Without\n"
	"--really it only shows what it would send, and what of it may do harm. DEVICE may\n"
	"be a codec's dump: then the codec is emulated after it.\n"
	"\n"
	"  -d, --device DEVICE   the codec\n"
	"      --really          write\n"
	"      --undo            put everything back as it was before the first --really\n"
	"      --snapshot FILE   where that is kept; by default DEVICE's name with .snapshot,\n"
	"                        in this folder\n"
	"      --allow WHAT,...  send also: reset, power, gpio, amp; or all\n"
	"      --any-machine     send although LIST is of another or an unknown machine\n"
	"      --pace MS         pause after each verb; default 1\n"
	"      --address N       the list's codec at this address\n"
	"      --controller NAME the list's controller of this name\n"
	"  -v, --verbose         each verb with its answer\n"
	"\n"
	"When the codec stops answering, or on Ctrl-C, everything is put back at once.\n"
	"Exit status: 0, 1 error, 2 usage, 3 sent or put back, but not all is as it should be.\n";

struct replay {
	struct replay_codec_options opt;
	const char *list, *controller, *snapshot;
	char snapshot_name[128];
	int address;
	bool undo, verbose;
	bool stuck;
	const struct plan *plan;
};

static void on_sent(void *arg, size_t i, uint32_t resp)
{
	const struct replay *r = arg;
	struct verb_parts v = verb_split(plan_words(r->plan)[i]);

	if (r->verbose)
		printf("0x%02x 0x%03x 0x%0*x = 0x%x\n", v.nid, v.id, v.wide ? 4 : 2, v.payload, resp);
}

/* Why not all was sent, in words. */
static struct err *ending(const struct replay *r, const struct replay_result *res)
{
	const uint32_t *words = plan_words(r->plan);
	struct verb_parts v;

	if (res->end == REPLAY_STOPPED)
		return err_new(ERR_FAIL, "stopped by you after %zu of %zu verbs", res->sent, r->plan->n);
	v = verb_split(words[res->sent - 1]);
	return err_new(ERR_FAIL, "the codec did not answer verb %zu of %zu (0x%02x 0x%03x 0x%x): nothing "
		       "more was sent", res->sent, r->plan->n, v.nid, v.id, v.payload);
}

static struct err *send_all(struct replay *r, struct replay_codec *t, const struct snapshot *s)
{
	const struct replay_options opt = {
		.pace_us = r->opt.pace_us, .stop = &replay_codec_stopped, .sent = on_sent, .arg = r,
	};
	struct replay_result res;
	struct err *e, *back;

	replay_codec_catch_signals();
	e = replay_send(t->dev, &t->id, plan_words(r->plan), r->plan->n, &opt, &res);
	if (!e && res.end == REPLAY_WHOLE) {
		log_note("%zu verbs were sent, and answered; to put everything back: hdadump replay "
			 "--undo --really --device %s --snapshot %s", res.sent, t->path, r->snapshot);
		return NULL;
	}
	if (!e)
		e = ending(r, &res);
	back = replay_codec_undo(t, s, &r->stuck);
	if (back)
		log_err(back);
	return e;
}

static struct err *replay(struct replay *r, struct fixlist *l)
{
	struct replay_codec t = { .path = r->opt.path };
	struct codec_identity from;
	struct snapshot s = { 0 };
	struct plan p = { 0 };
	struct err *e = fixlist_load(r->list, r->controller, r->address, 0, 0, l), *printed;

	if (!e)
		e = replay_codec_open(r->opt.path, &t);
	/* what it is about is shown in any case */
	if (l->fix.n) {
		printed = fixlist_plan(l, NULL, t.id.vendor ? t.id.vendor : l->fix.vendor_id, &p);
		r->plan = &p;
		if (!printed && (!r->opt.really || e))
			printed = plan_print(&p, &l->fix, &t, r->opt.allow);
		if (e)
			err_free(printed);
		else
			e = printed;
	}
	/* a plan says itself what is not allowed */
	if (!r->opt.really)
		r->opt.allow = UINT8_MAX;
	from = fixlist_codec(l);
	if (!e)
		e = replay_codec_check(&t, &from, &p, &r->opt);
	if (e || !r->opt.really) {
		if (!e)
			log_note("nothing was written: this is the plan. --really writes");
		goto out;
	}
	e = replay_codec_snapshot(&t, &p, r->snapshot, &s);
	if (!e)
		e = send_all(r, &t, &s);
out:
	plan_deinit(&p);
	snapshot_deinit(&s);
	replay_codec_deinit(&t);
	return e;
}

static struct err *undo(struct replay *r)
{
	struct replay_codec t = { 0 };
	struct snapshot s = { 0 };
	struct err *e = snapshot_load(r->snapshot, &s);

	if (!e)
		e = replay_codec_open(r->opt.path, &t);
	if (!e && (t.id.vendor != s.id.vendor || t.id.subsystem != s.id.subsystem))
		e = err_new(ERR_FAIL, "%s is of codec 0x%08x, subsystem 0x%08x; %s is 0x%08x, 0x%08x",
			    r->snapshot, s.id.vendor, s.id.subsystem, t.path, t.id.vendor,
			    t.id.subsystem);
	if (!e && !r->opt.really)
		log_note("nothing was written: %s holds %zu registers of this codec. --really puts back "
			 "those that have changed", r->snapshot, s.n);
	else if (!e)
		e = replay_codec_undo(&t, &s, &r->stuck);
	snapshot_deinit(&s);
	replay_codec_deinit(&t);
	return e;
}

static struct err *check(struct replay *r, int argc, char **argv)
{
	const char *name;

	if (!r->opt.path)
		return err_new(ERR_USAGE, "replay needs --device: /dev/snd/hwC0D0, or a codec's dump to "
			       "try it on");
	if (argc != (r->undo ? 0 : 1))
		return err_new(ERR_USAGE, r->undo ? "--undo takes no list: it knows the way back" :
			       "replay takes one list; see 'hdadump replay --help'");
	r->list = r->undo ? NULL : argv[0];
	if (r->snapshot)
		return NULL;
	name = strrchr(r->opt.path, '/');
	snprintf(r->snapshot_name, sizeof(r->snapshot_name), "%.100s.snapshot",
		 name ? name + 1 : r->opt.path);
	r->snapshot = r->snapshot_name;
	return NULL;
}

static struct err *take(int opt, struct replay *r)
{
	struct err *e;

	if (replay_codec_option(opt, optarg, &r->opt, &e))
		return e;
	switch (opt) {
	case 'u':
		r->undo = true;
		return NULL;
	case 's':
		r->snapshot = optarg;
		return NULL;
	case 'v':
		r->verbose = true;
		return NULL;
	case 'a':
		return parse_cad(optarg, &r->address);
	case 'c':
		r->controller = optarg;
		return NULL;
	default:
		return err_new(ERR_USAGE, "see 'hdadump replay --help'");
	}
}

int cmd_replay(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "device", required_argument, NULL, 'd' },
		{ "really", no_argument, NULL, 'R' },
		{ "undo", no_argument, NULL, 'u' },
		{ "snapshot", required_argument, NULL, 's' },
		{ "allow", required_argument, NULL, 'A' },
		{ "any-machine", no_argument, NULL, 'M' },
		{ "pace", required_argument, NULL, 'P' },
		{ "address", required_argument, NULL, 'a' },
		{ "controller", required_argument, NULL, 'c' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct replay r = { .address = -1, .opt = { .pace_us = REPLAY_PACE_US } };
	const struct pipeline none = { 0 };
	struct fixlist l = { 0 };
	struct err *e = NULL;
	int opt;

	optind = 1;
	while (!e && (opt = getopt_long(argc, argv, "d:vh", longs, NULL)) != -1) {
		if (opt == 'h') {
			fputs(usage, stdout);
			return 0;
		}
		e = take(opt, &r);
	}
	if (!e)
		e = check(&r, argc - optind, argv + optind);
	if (!e)
		e = r.undo ? undo(&r) : replay(&r, &l);
	fixlist_deinit(&l);
	int status = exit_status(e, &none);

	return status == 0 && r.stuck ? 3 : status;
}
