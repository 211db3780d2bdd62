// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump replay: sends a list to a codec, and restores the codec. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "codec/decode.h"
#include "export/fixlist.h"
#include "print/plan_text.h"
#include "replay/replay_codec.h"
#include "replay/send.h"

struct replay {
	struct replay_codec_options opt;
	struct load_options from;
	const char *snapshot;
	char snapshot_name[128];
	uint16_t addresses;
	bool undo, verbose;
	bool stuck;
	const struct plan *plan;
};

static const struct option_row rows[] = {
	{ .name = "undo", .take = option_flag, .at = offsetof(struct replay, undo),
	  .help = "put everything back as it was before the first --really" },
	{ .name = "snapshot", .arg = "FILE", .take = option_text, .at = offsetof(struct replay, snapshot),
	  .help = "file for the old values; by default DEV's name with .snapshot, in this folder" },
	{ .name = "verbose", .letter = 'v', .take = option_flag, .at = offsetof(struct replay, verbose),
	  .help = "each verb with its answer" },
	{ 0 }
};

static void on_sent(void *arg, size_t i, uint32_t resp)
{
	const struct replay *r = arg;

	if (r->verbose)
		plan_print_answer(r->plan, i, resp);
}

/* Describes why not all verbs were sent. */
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
			 "--undo --really --codec %s --snapshot %s", res.sent, t->path, r->snapshot);
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
	const struct codec_identity unsaid = { 0 };
	struct err *e = fixlist_load(&r->from, r->addresses, &unsaid, l), *printed;

	if (!e)
		e = replay_codec_open(r->opt.path, &t);
	/* show the plan in any case */
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
	/* a plan shows itself what is not allowed */
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
		log_note("nothing was written: %s has %zu registers of this codec. --really puts back "
			 "those that have changed", r->snapshot, s.n);
	else if (!e)
		e = replay_codec_undo(&t, &s, &r->stuck);
	snapshot_deinit(&s);
	replay_codec_deinit(&t);
	return e;
}

static struct err *check(struct replay *r, int argc, char **argv)
{
	const char *name = strrchr(r->opt.path, '/');

	if (argc != (r->undo ? 0 : 1))
		return err_new(ERR_USAGE, r->undo ? "--undo takes no list: the snapshot has the old values" :
			       "replay needs LIST; see 'hdadump help replay'");
	r->from.path = argv[0];
	if (r->snapshot)
		return NULL;
	snprintf(r->snapshot_name, sizeof(r->snapshot_name), "%.100s.snapshot",
		 name ? name + 1 : r->opt.path);
	r->snapshot = r->snapshot_name;
	return NULL;
}

static int run(void *options, int argc, char **argv)
{
	struct replay *r = options;
	struct fixlist l = { 0 };
	struct err *e = check(r, argc, argv);

	if (!e)
		e = r->undo ? undo(r) : replay(r, &l);
	fixlist_deinit(&l);
	return exit_status(e, r->stuck);
}

const struct command cmd_replay = {
	.name = "replay", .brief = "send a list to a codec, and put everything back",
	.usage = (const char *const[]){ "LIST --codec DEV [--really] [OPTION...]",
		"--undo --codec DEV --really [--snapshot FILE]", NULL },
	.about = "Sends the verbs of LIST to the codec DEV. Without --really it only shows what it would send, "
		 "and what of it may do harm. When the codec stops answering, or on Ctrl-C, everything is "
		 "put back at once.",
	.groups = (const struct option_group[]){
		{ NULL, replay_rows, offsetof(struct replay, opt) },
		{ NULL, rows, 0 },
		{ "Which part of LIST", address_rows, offsetof(struct replay, addresses) },
		{ NULL, input_rows, offsetof(struct replay, from) },
		{ NULL, range_rows, offsetof(struct replay, from) },
		{ 0 } },
	.end = "Exit status: 0 done, 1 error, 2 usage, 3 sent or put back, but not all is as it should be.",
	.operand = "LIST", .max = 1, .size = sizeof(struct replay),
	.defaults = &(const struct replay){ .opt.pace_us = REPLAY_PACE_US }, .run = run,
};
