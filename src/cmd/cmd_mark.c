// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump mark: a word at the place where a running capture stands now. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "live/control.h"

static const char usage[] =
	"usage: hdadump mark [OPTION...] TEXT\n"
	"\n"
	"Puts TEXT into the capture that is running, where it stands now, and says where that\n"
	"is. 'hdadump show --from TEXT --to OTHER' shows what lies between two marks.\n"
	"\n"
	"      --pid PID        of several captures, the one of this hdadump process\n"
	"      --all            all of them\n"
	"\n"
	"Exit status: 0 marked, 1 error, 2 usage.\n";

struct mark_options {
	long pid;
	bool all, help;
	const char *text;
};

static struct err *parse(int argc, char **argv, struct mark_options *o)
{
	static const struct option longs[] = {
		{ "pid", required_argument, NULL, 'p' },
		{ "all", no_argument, NULL, 'a' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	char *end;
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		switch (c) {
		case 'p':
			o->pid = strtol(optarg, &end, 10);
			if (*end || end == optarg || o->pid <= 0 || o->pid > 1 << 30)
				return err_new(ERR_USAGE, "--pid %s: not a process id", optarg);
			break;
		case 'a':
			o->all = true;
			break;
		case 'h':
			o->help = true;
			return NULL;
		default:
			return err_new(ERR_USAGE, "see 'hdadump mark --help'");
		}
	}
	if (argc - optind != 1)
		return err_new(ERR_USAGE, "%s; see 'hdadump mark --help'", optind == argc ?
			       "a mark needs a text" : "one text (put quotes around its words)");
	o->text = argv[optind];
	if (!*o->text || strlen(o->text) > CONTROL_TEXT || strchr(o->text, '\n'))
		return err_new(ERR_USAGE, "a mark is one line of %d bytes at most, and not empty",
			       CONTROL_TEXT);
	if (o->all && o->pid)
		return err_new(ERR_USAGE, "--pid or --all, not both");
	return NULL;
}

static struct err *one(const struct running *r, const char *text)
{
	struct buf where = { 0 }, line = { 0 };
	struct err *e = control_mark_at(r->pid, text, &where);

	if (!e) {
		text_add_safe(&line, r->what, strlen(r->what));
		buf_adds(&line, ": marked ");
		text_add_safe(&line, buf_str(&where), where.len);
		puts(buf_str(&line));
	}
	buf_deinit(&where);
	buf_deinit(&line);
	return e;
}

/* Which of several is meant is not guessed. */
static struct err *which(const struct running_list *l, const struct mark_options *o)
{
	struct buf who = { 0 };
	struct err *e;

	if (!l->n)
		return err_new(
			ERR_FAIL, "no capture is running%s",
			l->roots ? " of yours; one that was started with sudo is marked with sudo"
				 : "");
	for (size_t i = 0; i < l->n; i++) {
		buf_addf(&who, "%s%d (", i ? ", " : "", (int)l->v[i].pid);
		text_add_safe(&who, l->v[i].what, strlen(l->v[i].what));
		buf_addc(&who, ')');
	}
	if (o->pid)
		e = err_new(ERR_FAIL, "process %ld is no capture; there are: %s", o->pid,
			    buf_str(&who));
	else
		e = err_new(ERR_FAIL, "%zu captures are running: %s; say --pid or --all", l->n,
			    buf_str(&who));
	buf_deinit(&who);
	return e;
}

int cmd_mark(int argc, char **argv)
{
	struct mark_options o = { 0 };
	struct running_list l = { 0 };
	struct err *e = parse(argc, argv, &o);
	bool done = false;

	if (o.help) {
		fputs(usage, stdout);
		return 0;
	}
	if (!e)
		e = control_running(&l);
	for (size_t i = 0; !e && i < l.n; i++) {
		if (!o.all && (o.pid ? l.v[i].pid != o.pid : l.n > 1))
			continue;
		e = one(&l.v[i], o.text);
		done = true;
	}
	if (!e && !done)
		e = which(&l, &o);
	running_list_deinit(&l);
	if (!e)
		return 0;
	int status = err_kind(e) == ERR_USAGE ? 2 : 1;
	log_err(e);
	return status;
}
