// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump bisect: which verbs of a list matter, by few questions. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/output_file.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "export/fixlist.h"
#include "print/bisect_text.h"
#include "print/plan_text.h"
#include "replay/bisect.h"
#include "replay/send.h"
#include "replay/replay_codec.h"
#include "replay/session.h"

struct bisection {
	struct replay_codec_options opt;
	struct load_options from;
	const char *out, *session_path, *snapshot_path, *test, *between;
	char names[3][PATH_MAX];	/* paths of session, snapshot and try */
	uint16_t addresses;
	bool stopped;
	bool told_stuck;

	struct fixlist l;
	struct replay_codec t;
	struct snapshot snapshot;
	struct bisect *b;
	struct session session;
};

static const struct option_row rows[] = {
	{ .name = "output", .letter = 'o', .arg = "OUT", .take = option_text, .needed = true,
	  .at = offsetof(struct bisection, out), .help = "the list that is found" },
	{ .name = "test", .arg = "CMD", .take = option_text, .at = offsetof(struct bisection, test),
	  .help = "ask this command and not you: status 0 it worked, 125 cannot tell, other "
		  "statuses below 125 it did not; $HDADUMP_TRY is a list of what was sent, $HDADUMP_CODEC "
		  "is DEV, which is free meanwhile" },
	{ .name = "between", .arg = "CMD", .take = option_text, .at = offsetof(struct bisection, between),
	  .help = "run this before each try: it restores what no verb can (amplifiers behind "
		  "coefficients), by a sleep or a reload of the driver" },
	{ .name = "session", .arg = "FILE", .take = option_text,
	  .at = offsetof(struct bisection, session_path),
	  .help = "where answers are kept; default OUT.session" },
	{ .name = "snapshot", .arg = "FILE", .take = option_text,
	  .at = offsetof(struct bisection, snapshot_path),
	  .help = "the codec as it was; default OUT.snapshot" },
	{ 0 }
};

/* --- one try -------------------------------------------------------------- */

static struct err *write_list(struct bisection *x, const bool *chosen, const char *path,
			      const char *made)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	bool any = false;
	struct err *e = NULL;

	for (size_t i = 0; i < x->l.fix.n; i++)
		any |= chosen[i];
	if (fd < 0)
		return err_sys(errno, "%s", path);
	if (any)
		e = fixlist_write(&x->l, chosen, fd, made);
	if (close(fd) < 0 && !e)
		e = err_sys(errno, "%s", path);
	return e;
}

/* Runs a command of the user; *status is its exit status. */
static struct err *run(const struct bisection *x, const char *what, const char *command,
		       int *status)
{
	int raw;

	fflush(stdout);
	if (setenv("HDADUMP_TRY", x->names[2], 1) < 0 || setenv("HDADUMP_CODEC", x->t.path, 1) < 0)
		return err_nomem();
	raw = system(command);
	if (raw == -1)
		return err_sys(errno, "%s '%s'", what, command);
	if (replay_codec_stopped || (WIFSIGNALED(raw) &&
			       (WTERMSIG(raw) == SIGINT || WTERMSIG(raw) == SIGQUIT)))
		*status = -1;
	else if (!WIFEXITED(raw))
		return err_new(ERR_FAIL, "%s '%s' was ended by a signal", what, command);
	else
		*status = WEXITSTATUS(raw);
	return NULL;
}

static struct err *put_back(struct bisection *x)
{
	bool stuck = false;
	struct err *e = replay_codec_take(&x->t);

	if (!e)
		e = replay_codec_undo_quietly(&x->t, &x->snapshot, &stuck);
	if (!e && stuck && !x->told_stuck) {
		x->told_stuck = true;
		log_note("some registers cannot be restored: see hdadump replay --undo; an answer may "
			 "depend on what was sent before. --between helps");
	}
	return e;
}

static struct err *send(struct bisection *x, const bool *chosen)
{
	const struct replay_options opt = { .pace_us = x->opt.pace_us, .stop = &replay_codec_stopped };
	struct replay_result res;
	struct plan p;
	struct err *e = fixlist_plan(&x->l, chosen, x->t.id.vendor, &p);

	if (!e && p.n)
		e = replay_send(x->t.dev, &x->t.id, plan_words(&p), p.n, &opt, &res);
	if (!e && p.n && res.end == REPLAY_SILENT)
		e = err_new(ERR_FAIL, "the codec did not answer verb %zu of this try: %s has them. The "
			    "answers so far are stored", res.sent, x->names[2]);
	plan_deinit(&p);
	return e;
}

/* Restores the codec, runs the user's --between, and sends the choice. */
static struct err *try_choice(struct bisection *x, const bool *chosen)
{
	struct err *e = put_back(x);
	int status = 0;

	if (!e && x->between) {
		replay_codec_release(&x->t);
		e = run(x, "--between", x->between, &status);
		if (!e && status > 0)
			e = err_new(ERR_FAIL, "--between '%s' ended with %d", x->between, status);
		if (!e)
			e = replay_codec_take(&x->t);
	}
	if (!e)
		e = write_list(x, chosen, x->names[2], "bisect: being tried");
	if (!e && !replay_codec_stopped)
		e = send(x, chosen);
	/* close the device, because the test or the user may need it */
	replay_codec_release(&x->t);
	return e;
}

/* --- the answer ----------------------------------------------------------- */

enum said {
	SAID_NO = BISECT_NO, SAID_YES = BISECT_YES, SAID_SKIP = BISECT_SKIP, SAID_AGAIN, SAID_QUIT
};

static struct err *ask_command(const struct bisection *x, enum said *said)
{
	int status;
	struct err *e = run(x, "--test", x->test, &status);

	if (e)
		return e;
	if (status > 125)
		return err_new(ERR_FAIL, "--test '%s' ended with %d: it could not be run", x->test,
			       status);
	*said = status < 0 ? SAID_QUIT : status == 0 ? SAID_YES : status == 125 ? SAID_SKIP : SAID_NO;
	return NULL;
}

static struct err *ask_user(enum said *said)
{
	static const struct {
		char c;
		enum said said;
	} words[] = {
		{ 'y', SAID_YES }, { 'n', SAID_NO }, { 's', SAID_SKIP }, { 'a', SAID_AGAIN },
		{ 'q', SAID_QUIT },
	};
	char line[64];

	for (;;) {
		bisect_print_prompt();
		if (replay_codec_stopped || !fgets(line, sizeof(line), stdin)) {
			bisect_print_end();
			*said = SAID_QUIT;
			return NULL;
		}
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			if (line[0] == words[i].c) {
				*said = words[i].said;
				return NULL;
			}
		}
	}
}

static struct err *one_question(struct bisection *x, const struct bisect_step *s)
{
	enum said said = SAID_AGAIN;
	struct err *e = NULL;

	bisect_print_question(s, x->l.fix.n);
	while (!e && said == SAID_AGAIN) {
		e = try_choice(x, s->chosen);
		if (!e && replay_codec_stopped)
			said = SAID_QUIT;
		else if (!e)
			e = x->test ? ask_command(x, &said) : ask_user(&said);
	}
	if (e)
		return e;
	if (said == SAID_QUIT) {
		x->stopped = true;
		return NULL;
	}
	if (x->test)
		bisect_print_answer((enum bisect_answer)said);
	e = session_keep(&x->session, s, x->l.fix.n, (enum bisect_answer)said);
	return e ? e : bisect_answer(x->b, (enum bisect_answer)said);
}

/* --- the end -------------------------------------------------------------- */

static struct err *write_result(struct bisection *x, const struct bisect_step *s)
{
	char *const inputs[] = { (char *)x->from.path };
	struct output out = { .fd = -1 };
	struct err *e = output_create(x->out, true, inputs, 1, 0666, &out);

	if (!e)
		e = fixlist_write(&x->l, s->chosen, out.fd, "bisect");
	if (!e)
		e = output_finish(&out);
	output_deinit(&out);
	if (e)
		return e;
	bisect_note_result(s, &x->l.fix, x->out);
	return NULL;
}

static struct err *finish(struct bisection *x, const struct bisect_step *s)
{
	switch (s->state) {
	case BISECT_FOUND:
		return write_result(x, s);
	case BISECT_EMPTY_WORKS:
		return err_new(ERR_FAIL, "it works although nothing was sent: the cause is not "
			       "in this list, or something has set it before (switch the machine off "
			       "and on, and remove %s)", x->session_path);
	case BISECT_NEVER_WORKS:
		return err_new(ERR_FAIL, "the whole list does not work, nor any of %u parts of it: it "
			       "lacks something, or something in it needs its own order or time",
			       s->asked);
	default:
		return NULL;
	}
}

static struct err *loop(struct bisection *x)
{
	struct bisect_step s = { 0 };
	struct err *e = NULL, *back;
	bool ended = false;

	replay_codec_catch_signals();
	while (!e && !x->stopped && !ended) {
		e = bisect_next(x->b, &s);
		ended = s.state != BISECT_ASKS;
		if (!e && !ended)
			e = one_question(x, &s);
	}
	/* restore the codec in any case */
	back = put_back(x);
	if (!back)
		log_note("the codec is as it was");
	else
		log_err(back);
	unlink(x->names[2]);
	if (!e && x->stopped)
		log_note("stopped after %u answers, which are in %s: the same command continues", s.asked,
			 x->session_path);
	return e ? e : ended ? finish(x, &s) : NULL;
}

static struct err *begin(struct bisection *x)
{
	struct session_head head = { 0 };
	struct codec_identity from;
	struct plan p = { 0 };
	bool resumed = false;
	const struct codec_identity unsaid = { 0 };
	struct err *e = fixlist_load(&x->from, x->addresses, &unsaid, &x->l);

	if (!e)
		e = replay_codec_open(x->opt.path, &x->t);
	if (!e)
		e = fixlist_plan(&x->l, NULL, x->t.id.vendor, &p);
	if (!e && !x->opt.really) {
		e = plan_print(&p, &x->l.fix, &x->t, x->opt.allow);
		if (!e)
			log_note("nothing was written: this is the list. --really begins; one needed "
				 "step takes about %.0f questions, three about %.0f",
				 log2((double)x->l.fix.n) + 5, 3 * log2((double)x->l.fix.n) + 9);
		goto out;
	}
	from = fixlist_codec(&x->l);
	if (!e)
		e = replay_codec_check(&x->t, &from, &p, &x->opt);
	if (!e)
		e = bisect_create(x->l.fix.n, &x->b);
	head = (struct session_head){ x->t.id, session_digest(p.words.data, p.words.len), x->l.fix.n };
	if (!e)
		e = session_open(x->session_path, &head, x->b, x->l.fix.n, &resumed, &x->session);
	if (!e && resumed)
		log_note("%s: continuing after %u answers", x->session_path, x->session.answers);
	if (!e)
		e = replay_codec_snapshot(&x->t, &p, x->snapshot_path, &x->snapshot);
	if (!e)
		e = loop(x);
out:
	plan_deinit(&p);
	return e;
}

static struct err *check(struct bisection *x, char **argv)
{
	char *const inputs[] = { argv[0] };
	static const char *const suffix[] = { ".session", ".snapshot", ".try" };

	if (strcmp(argv[0], "-") == 0 && !x->test)
		return err_new(ERR_USAGE, "the list cannot be read from standard input, where the answers come from");
	x->from.path = argv[0];
	for (int i = 0; i < 3; i++)
		if (snprintf(x->names[i], PATH_MAX, "%s%s", x->out, suffix[i]) >= PATH_MAX)
			return err_sys(ENAMETOOLONG, "%s", x->out);
	if (!x->session_path)
		x->session_path = x->names[0];
	if (!x->snapshot_path)
		x->snapshot_path = x->names[1];
	return output_check(x->out, true, inputs, 1);
}

static int bisect(void *options, int argc, char **argv)
{
	struct bisection *x = options;
	struct err *e;

	(void)argc;
	x->session.fd = -1;
	e = check(x, argv);
	if (!e)
		e = begin(x);
	session_close(&x->session);
	bisect_destroy(x->b);
	snapshot_deinit(&x->snapshot);
	replay_codec_deinit(&x->t);
	fixlist_deinit(&x->l);
	return exit_status(e, x->stopped);
}

const struct command cmd_bisect = {
	.name = "bisect", .brief = "find the verbs of a list that matter, by few questions",
	.usage = (const char *const[]){ "LIST --codec DEV -o OUT [--really] [OPTION...]", NULL },
	.about = "Finds the verbs of LIST that matter: sends a part of it, asks whether it worked, puts "
		 "everything back, sends another part, until no more can be left out; then writes them "
		 "to OUT. Without --really it only shows what it would do.\n"
		 "\n"
		 "Answers: y it worked, n it did not, a send it again, s cannot tell, q stop here. Each answer "
		 "is stored: the same command continues where it stopped, also after a crash.",
	.groups = (const struct option_group[]){
		{ NULL, replay_rows, offsetof(struct bisection, opt) },
		{ NULL, rows, 0 },
		{ "Which part of LIST", address_rows, offsetof(struct bisection, addresses) },
		{ NULL, input_rows, offsetof(struct bisection, from) },
		{ NULL, range_rows, offsetof(struct bisection, from) },
		{ 0 } },
	.end = "Exit status: 0 found, 1 error or nothing found, 2 usage, 3 stopped: to be continued.",
	.operand = "LIST", .min = 1, .max = 1, .size = sizeof(struct bisection),
	.defaults = &(const struct bisection){ .opt.pace_us = REPLAY_PACE_US }, .run = bisect,
};
