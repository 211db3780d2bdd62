// SPDX-License-Identifier: GPL-2.0-or-later
/* Scripts that complete a command line in a shell, made from the tables of the options. */
#include <string.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/options/options.h"

const char *const shell_names[] = { "bash", "zsh", "fish", NULL };

/* The kind of an argument, known by its name, which means the same in every command. */
enum complete { COMPLETE_NOTHING, COMPLETE_FILES, COMPLETE_FOLDERS, COMPLETE_PROGRAMS, COMPLETE_COMMANDS };

static enum complete complete_what(const char *arg)
{
	static const struct {
		const char *arg;
		enum complete what;
	} kinds[] = {
		{ "A", COMPLETE_FILES }, { "COMMAND", COMPLETE_COMMANDS }, { "DEV", COMPLETE_FILES },
		{ "DUMP", COMPLETE_FILES }, { "FILE", COMPLETE_FILES },
		{ "FOLDER", COMPLETE_FOLDERS }, { "LIST", COMPLETE_FILES },
		{ "OTHER", COMPLETE_FILES }, { "OUT", COMPLETE_FILES }, { "PATH", COMPLETE_FILES },
		{ "QEMU", COMPLETE_PROGRAMS },
	};

	for (size_t i = 0; arg && i < ARRAY_SIZE(kinds); i++)
		if (strcmp(arg, kinds[i].arg) == 0)
			return kinds[i].what;
	return COMPLETE_NOTHING;
}

static void add_words(const char *const *words, struct buf *b)
{
	for (unsigned int i = 0; words[i]; i++)
		buf_addf(b, "%s%s", i ? " " : "", words[i]);
}

static void add_names(const struct command_section *list, struct buf *b)
{
	bool any = false;

	for (; list->title; list++) {
		for (const struct command *const *c = list->commands; *c; c++) {
			buf_addf(b, "%s%s", any ? " " : "", (*c)->name);
			any = true;
		}
	}
}

/* Adds @text in single quotes: a backslash before each byte of @special, @quote for each quote. */
static void add_quoted(const char *text, const char *special, const char *quote, struct buf *b)
{
	for (; *text; text++) {
		if (*text == '\'') {
			buf_adds(b, quote);
			continue;
		}
		if (strchr(special, *text))
			buf_addc(b, '\\');
		buf_addc(b, (uint8_t)*text);
	}
}

/* --- bash --------------------------------------------------------------------- */

static const char bash_head[] =
	"# bash completion of hdadump; made by: hdadump completion bash\n"
	"\n"
	"# What may stand at this place: words, or names of a kind.\n"
	"_hdadump_give()\n"
	"{\n"
	"	local kind=$1\n"
	"	shift\n"
	"	case $kind in\n"
	"	words) mapfile -t COMPREPLY < <(compgen -W \"$*\" -- \"$word\") ;;\n"
	"	files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$word\") ;;\n"
	"	folders) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$word\") ;;\n"
	"	programs) mapfile -t COMPREPLY < <(compgen -c -- \"$word\") ;;\n"
	"	esac\n"
	"}\n"
	"\n"
	"_hdadump()\n"
	"{\n"
	"	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
	"	# --format=text is three words\n"
	"	if [ \"$before\" = = ]; then\n"
	"		before=${COMP_WORDS[COMP_CWORD-2]}\n"
	"	elif [ \"$word\" = = ]; then\n"
	"		word=\n"
	"	fi\n"
	"	if [ \"$COMP_CWORD\" = 1 ]; then\n"
	"		_hdadump_give words ";

static void bash_value(const struct command_section *list, const char *arg,
		       const char *const *words, struct buf *b)
{
	static const char *const kinds[] = {
		[COMPLETE_NOTHING] = "nothing", [COMPLETE_FILES] = "files",
		[COMPLETE_FOLDERS] = "folders", [COMPLETE_PROGRAMS] = "programs",
		[COMPLETE_COMMANDS] = "words ",
	};
	enum complete what = complete_what(arg);

	buf_addf(b, "_hdadump_give %s", words ? "words " : kinds[what]);
	if (words)
		add_words(words, b);
	else if (what == COMPLETE_COMMANDS)
		add_names(list, b);
}

static void bash_command(const struct command_section *list, const struct command *c, struct buf *b)
{
	buf_addf(b, "	%s)\n		case $before in\n", c->name);
	command_each_row(c, g, r) {
		if (!r->arg)
			continue;
		buf_addf(b, "		--%s", r->name);
		if (r->letter)
			buf_addf(b, "|-%c", r->letter);
		buf_adds(b, ") ");
		bash_value(list, r->arg, r->words, b);
		buf_adds(b, "; return ;;\n");
	}
	buf_adds(b, "		esac\n		case $word in\n		-*) _hdadump_give words");
	command_each_row(c, g, r)
		buf_addf(b, " --%s", r->name);
	buf_adds(b, " --help ;;\n		*) ");
	bash_value(list, c->operand, c->operand_words, b);
	buf_adds(b, " ;;\n		esac ;;\n");
}

static void bash(const struct command_section *list, struct buf *b)
{
	buf_adds(b, bash_head);
	add_names(list, b);
	buf_adds(b, " --help --version\n"
		 "		[ ${#COMPREPLY[@]} -gt 0 ] || _hdadump_give files\n"
		 "		return\n"
		 "	fi\n"
		 "	case ${COMP_WORDS[1]} in\n");
	for (const struct command_section *s = list; s->title; s++)
		for (const struct command *const *c = s->commands; *c; c++)
			bash_command(list, *c, b);
	buf_adds(b, "	*) _hdadump_give files ;;\n"
		 "	esac\n"
		 "}\n"
		 "\n"
		 "complete -F _hdadump hdadump\n");
}

/* --- zsh ---------------------------------------------------------------------- */

static void zsh_value(const struct command_section *list, const char *arg,
		      const char *const *words, struct buf *b)
{
	static const char *const kinds[] = {
		[COMPLETE_NOTHING] = " ", [COMPLETE_FILES] = "_files",
		[COMPLETE_FOLDERS] = "_files -/", [COMPLETE_PROGRAMS] = "_command_names -e",
	};
	enum complete what = complete_what(arg);

	buf_adds(b, ":");
	add_quoted(arg, ":", "'\\''", b);
	buf_adds(b, ":");
	if (!words && what != COMPLETE_COMMANDS) {
		buf_adds(b, kinds[what]);
		return;
	}
	buf_addc(b, '(');
	if (words)
		add_words(words, b);
	else
		add_names(list, b);
	buf_addc(b, ')');
}

static void zsh_command(const struct command_section *list, const struct command *c, struct buf *b)
{
	buf_addf(b, "	%s)\n		_arguments -s", c->name);
	command_each_row(c, g, r) {
		const char *equals = r->arg ? "=" : "";

		buf_adds(b, " \\\n			");
		if (r->letter)
			buf_addf(b, "'(-%c --%s)'{-%c%s,--%s%s}'[", r->letter, r->name, r->letter,
				 r->arg ? "+" : "", r->name, equals);
		else
			buf_addf(b, "'--%s%s[", r->name, equals);
		add_quoted(r->help, "[]:\\", "'\\''", b);
		buf_addc(b, ']');
		if (r->arg)
			zsh_value(list, r->arg, r->words, b);
		buf_addc(b, '\'');
	}
	buf_adds(b, " \\\n			'(-h --help)'{-h,--help}'[shows this]'");
	if (c->rest) {
		buf_addf(b, " \\\n			'*::%s:_normal'", c->operand);
	} else if (c->operand) {
		buf_adds(b, " \\\n			'*");
		zsh_value(list, c->operand, c->operand_words, b);
		buf_addc(b, '\'');
	}
	buf_adds(b, " ;;\n");
}

static void zsh(const struct command_section *list, struct buf *b)
{
	buf_adds(b, "#compdef hdadump\n"
		 "# zsh completion of hdadump; made by: hdadump completion zsh\n"
		 "\n"
		 "_hdadump()\n"
		 "{\n"
		 "	local -a commands=(\n");
	for (const struct command_section *s = list; s->title; s++) {
		for (const struct command *const *c = s->commands; *c; c++) {
			buf_addf(b, "		'%s:", (*c)->name);
			add_quoted((*c)->brief, ":\\", "'\\''", b);
			buf_adds(b, "'\n");
		}
	}
	buf_adds(b, "	)\n"
		 "	if (( CURRENT == 2 )); then\n"
		 "		_describe command commands\n"
		 "		_files\n"
		 "		return\n"
		 "	fi\n"
		 "	local command=$words[2]\n"
		 "	shift words\n"
		 "	(( CURRENT-- ))\n"
		 "	case $command in\n");
	for (const struct command_section *s = list; s->title; s++)
		for (const struct command *const *c = s->commands; *c; c++)
			zsh_command(list, *c, b);
	buf_adds(b, "	*) _files ;;\n"
		 "	esac\n"
		 "}\n"
		 "\n"
		 "_hdadump \"$@\"\n");
}

/* --- fish --------------------------------------------------------------------- */

static void fish_value(const struct command_section *list, const char *arg,
		       const char *const *words, struct buf *b)
{
	static const char *const kinds[] = {
		[COMPLETE_NOTHING] = " -x", [COMPLETE_FILES] = " -r -F",
		[COMPLETE_FOLDERS] = " -x -a '(__fish_complete_directories)'",
		[COMPLETE_PROGRAMS] = " -x -a '(__fish_complete_command)'",
	};
	enum complete what = complete_what(arg);

	if (!words && what != COMPLETE_COMMANDS) {
		buf_adds(b, kinds[what]);
		return;
	}
	buf_adds(b, " -x -a '");
	if (words)
		add_words(words, b);
	else
		add_names(list, b);
	buf_addc(b, '\'');
}

static void fish_command(const struct command_section *list, const struct command *c, struct buf *b)
{
	static const char begin[] = "complete -c hdadump -n '__fish_seen_subcommand_from";

	command_each_row(c, g, r) {
		buf_addf(b, "%s %s' -l %s", begin, c->name, r->name);
		if (r->letter)
			buf_addf(b, " -s %c", r->letter);
		if (r->arg)
			fish_value(list, r->arg, r->words, b);
		buf_adds(b, " -d '");
		add_quoted(r->help, "\\", "\\'", b);
		buf_adds(b, "'\n");
	}
	if (c->operand_words || complete_what(c->operand) != COMPLETE_FILES) {
		buf_addf(b, "%s %s'", begin, c->name);
		if (c->operand_words || complete_what(c->operand) != COMPLETE_NOTHING)
			fish_value(list, c->operand, c->operand_words, b);
		else
			buf_adds(b, " -f");
		buf_addc(b, '\n');
	}
}

static void fish(const struct command_section *list, struct buf *b)
{
	buf_adds(b, "# fish completion of hdadump; made by: hdadump completion fish\n");
	for (const struct command_section *s = list; s->title; s++) {
		for (const struct command *const *c = s->commands; *c; c++) {
			buf_addf(b, "complete -c hdadump -n __fish_use_subcommand -a %s -d '",
				 (*c)->name);
			add_quoted((*c)->brief, "\\", "\\'", b);
			buf_adds(b, "'\n");
		}
	}
	for (const struct command_section *s = list; s->title; s++)
		for (const struct command *const *c = s->commands; *c; c++)
			fish_command(list, *c, b);
}

void command_completion(const struct command_section *list, enum shell shell, struct buf *b)
{
	switch (shell) {
	case SHELL_BASH:
		bash(list, b);
		break;
	case SHELL_ZSH:
		zsh(list, b);
		break;
	case SHELL_FISH:
		fish(list, b);
		break;
	}
}
