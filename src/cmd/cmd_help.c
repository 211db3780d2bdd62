// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump help and completion, and the list of commands. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slurp.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "compat/programs.h"

/* A man page is not longer. */
#define PAGE_MAX (1u << 20)

static const struct command *const prepare[] = { &cmd_doctor, &cmd_libvirt, NULL };
static const struct command *const capture[] = { &cmd_run, &cmd_attach, &cmd_mark, &cmd_args, NULL };
static const struct command *const look[] = { &cmd_info, &cmd_show, &cmd_codec, &cmd_segments, NULL };
static const struct command *const compare[] = { &cmd_state, &cmd_diff, NULL };
static const struct command *const make[] = { &cmd_reduce, &cmd_bisect, &cmd_replay, &cmd_export, NULL };
static const struct command *const tools[] = {
	&cmd_verb, &cmd_convert, &cmd_repair, &cmd_completion, &cmd_help, NULL
};

const struct command_section cmd_sections[] = {
	{ "Prepare", prepare }, { "Capture", capture }, { "Look", look }, { "Compare", compare },
	{ "Make a fix", make }, { "Tools", tools }, { 0 }
};

static int give(struct buf *b, FILE *f)
{
	struct err *e = buf_err(b);

	if (!e && (fwrite(b->data, 1, b->len, f) != b->len || fflush(f) != 0))
		e = err_sys(errno, "standard output");
	buf_deinit(b);
	return exit_status(e, false);
}

void cmd_overview(FILE *f)
{
	static const char about[] =
		"usage: hdadump COMMAND [OPTION...] ...\n"
		"       hdadump FILE          shows a capture, as hdadump show FILE does\n"
		"\n"
		"Captures the HD Audio verbs that a guest's driver sends, and explains them. "
		"'hdadump doctor' shows whether this machine can do it, and what to do next.";
	static const char more[] =
		"\n'hdadump help COMMAND' says more of each; 'hdadump --version' shows the version.\n";
	unsigned int width = text_width(fileno(f));
	struct buf b = { 0 };

	commands_help(cmd_sections, about, width, &b);
	text_wrap(&b, "", 0, more, width);
	give(&b, f);
}

static int help_of(const struct command *c)
{
	struct buf b = { 0 };

	command_help(c, text_width(STDOUT_FILENO), &b);
	return give(&b, stdout);
}

int cmd_run_command(const struct command *c, int argc, char **argv)
{
	enum options_asked asked;
	void *options = calloc(1, c->size ? c->size : 1);
	int first, status;
	struct err *e = options ? NULL : err_nomem();

	if (!e && c->defaults)
		memcpy(options, c->defaults, c->size);
	if (!e)
		e = command_parse(c, options, argc, argv, &first, &asked);
	if (e)
		status = exit_status(e, false);
	else if (asked == OPTIONS_HELP)
		status = help_of(c);
	else
		status = c->run(options, argc - first, argv + first);
	free(options);
	return status;
}

/* --- help ------------------------------------------------------------------------ */

struct help {
	const char *page;
};

static struct err *fill_page(const char *path, struct buf *out)
{
	/* the programs beside hdadump have pages too */
	struct command_section all[8] = { 0 };
	struct buf page = { 0 };
	struct err *e = slurp(path, PAGE_MAX, "man page", &page);
	size_t n = 0;

	for (; cmd_sections[n].title; n++)
		all[n] = cmd_sections[n];
	all[n] = (struct command_section){ "Programs", compat_programs };
	if (!e)
		e = err_wrap(command_man(all, (const char *)page.data, page.len, out), "%s", path);
	buf_deinit(&page);
	return e;
}

static int help(void *options, int argc, char **argv)
{
	const struct help *h = options;
	const struct command *c;
	const char *hint;
	struct buf b = { 0 };

	if (h->page) {
		struct err *e = fill_page(h->page, &b);

		if (!e)
			return give(&b, stdout);
		buf_deinit(&b);
		return exit_status(e, false);
	}
	if (!argc) {
		cmd_overview(stdout);
		return 0;
	}
	c = command_find(cmd_sections, argv[0]);
	if (c)
		return help_of(c);
	hint = command_hint(cmd_sections, argv[0]);
	return exit_status(err_new(ERR_USAGE, "there is no command '%s'%s%s%s 'hdadump help'", argv[0],
				   hint ? "; is '" : "", hint ? hint : "",
				   hint ? "' meant? See" : "; see"), false);
}

const struct command cmd_help = {
	.name = "help", .brief = "show the help of a command",
	.usage = (const char *const[]){ "[COMMAND]", NULL },
	.about = "Shows what COMMAND does and its options, as COMMAND --help does; without one, "
		 "the list of commands.",
	.groups = (const struct option_group[]){ { NULL, (const struct option_row[]){
		{ .name = "man", .arg = "PAGE", .take = option_text, .at = offsetof(struct help, page),
		  .help = "fill in the parts of a man page that come from the options' tables; for the "
			  "build" },
		{ 0 } }, 0 }, { 0 } },
	.operand = "COMMAND", .max = 1, .size = sizeof(struct help), .run = help,
};

/* --- completion -------------------------------------------------------------------- */

static int completion(void *options, int argc, char **argv)
{
	struct buf b = { 0 };
	unsigned int shell;
	const struct option_row names = { .words = shell_names };
	struct err *e = option_word(&names, argv[0], &shell);

	(void)options;
	(void)argc;
	if (e)
		return exit_status(err_wrap(e, "completion %s", argv[0]), false);
	command_completion(cmd_sections, (enum shell)shell, &b);
	return give(&b, stdout);
}

const struct command cmd_completion = {
	.name = "completion", .brief = "print the script that completes commands and options in a shell",
	.usage = (const char *const[]){ "bash|zsh|fish", NULL },
	.about = "Prints the script that completes commands, options and their values in a shell. It is "
		 "installed with hdadump; if hdadump is not installed:\n"
		 "\n"
		 "  bash  source <(hdadump completion bash)\n"
		 "  zsh   hdadump completion zsh >~/.zfunc/_hdadump\n"
		 "  fish  hdadump completion fish | source",
	.operand = "SHELL", .operand_words = shell_names, .min = 1, .max = 1, .run = completion,
};
