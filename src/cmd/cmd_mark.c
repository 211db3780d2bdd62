// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump mark: puts a text into a running capture, at the present place. */
#include <stddef.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "live/control.h"

struct mark_args {
	uint64_t pid;
	bool all;
	const char *text;
};

static struct err *take_pid(const struct option_row *row, const char *arg, void *field)
{
	uint64_t *pid = field;

	(void)row;
	return options_decimal(arg, 1 << 30, pid) && *pid ? NULL :
	       err_new(ERR_USAGE, "not a process id");
}

static const struct option_row rows[] = {
	{ .name = "pid", .arg = "PID", .take = take_pid, .at = offsetof(struct mark_args, pid),
	  .help = "of several captures, the one of this hdadump process" },
	{ .name = "all", .take = option_flag, .at = offsetof(struct mark_args, all),
	  .help = "all of them" },
	{ 0 }
};

static struct err *check(const struct mark_args *o, int argc)
{
	if (argc > 1)
		return err_new(ERR_USAGE, "one text (put quotes around its words); see 'hdadump help "
			       "mark'");
	if (!*o->text || strlen(o->text) > CONTROL_TEXT || strchr(o->text, '\n'))
		return err_new(ERR_USAGE, "a mark is one line of %d bytes at most, and not empty",
			       CONTROL_TEXT);
	return o->all && o->pid ? err_new(ERR_USAGE, "--pid or --all, not both") : NULL;
}

static struct err *one(const struct running *r, const char *text)
{
	struct buf where = { 0 }, line = { 0 };
	struct err *e = control_mark_at(r->pid, text, &where);

	if (!e) {
		text_add_safe(&line, r->what, strlen(r->what));
		buf_adds(&line, ": marked ");
		text_add_safe(&line, buf_str(&where), where.len);
		buf_addc(&line, '\n');
		e = out_answer(&line);
	}
	buf_deinit(&where);
	buf_deinit(&line);
	return e;
}

/* With several captures the user must say which one. */
static struct err *which(const struct running_list *l, const struct mark_args *o)
{
	struct buf who = { 0 };
	struct err *e;

	if (!l->n)
		return err_new(
			ERR_FAIL, "no capture is running%s",
			l->roots ? " of yours; use sudo for one that was started with sudo"
				 : "");
	for (size_t i = 0; i < l->n; i++) {
		buf_addf(&who, "%s%d (", i ? ", " : "", (int)l->v[i].pid);
		text_add_safe(&who, l->v[i].what, strlen(l->v[i].what));
		buf_addc(&who, ')');
	}
	if (o->pid)
		e = err_new(ERR_FAIL, "process %d is not a capture; the captures are: %s", (int)o->pid,
			    buf_str(&who));
	else
		e = err_new(ERR_FAIL, "%zu captures are running: %s; use --pid or --all", l->n,
			    buf_str(&who));
	buf_deinit(&who);
	return e;
}

static int run(void *options, int argc, char **argv)
{
	struct mark_args *o = options;
	struct running_list l = { 0 };
	bool done = false;
	struct err *e;

	o->text = argv[0];
	e = check(o, argc);
	if (!e)
		e = control_running(&l);
	for (size_t i = 0; !e && i < l.n; i++) {
		if (!o->all && (o->pid ? l.v[i].pid != (pid_t)o->pid : l.n > 1))
			continue;
		e = one(&l.v[i], o->text);
		done = true;
	}
	if (!e && !done)
		e = which(&l, o);
	running_list_deinit(&l);
	return exit_status(e, false);
}

const struct command cmd_mark = {
	.name = "mark", .brief = "put a text into a running capture, at its place",
	.usage = (const char *const[]){ "[--pid PID | --all] TEXT", NULL },
	.about = "Puts TEXT into the running capture, at the present place, and says where that is. "
		 "'hdadump show --from TEXT --to OTHER' shows the part between two marks.",
	.groups = (const struct option_group[]){ { NULL, rows, 0 }, { 0 } },
	.end = "Exit status: 0 marked, 1 error, 2 usage.",
	.operand = "TEXT", .min = 1, .max = -1, .size = sizeof(struct mark_args), .run = run,
};
