// SPDX-License-Identifier: GPL-2.0-or-later
/* frameDumpFormatted: the words of a file of frames, with their addresses. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "compat/format_words.h"

static const char usage[] =
	"usage: frameDumpFormatted [OPTION...] FILE\n"
	"\n"
	"Prints the words of FILE (allCORBframes, allRIRBframes, a frame, or - for standard\n"
	"input) in hex, four a line, with the address on the left.\n"
	"\n"
	"  -d, --decode     one verb a line, with its name; responses where the file's name\n"
	"                   says RIRB\n"
	"      --responses  decode responses, whatever the file's name says\n"
	"  -h, --help\n"
	"  -V, --version\n";

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "decode", no_argument, NULL, 'd' },
		{ "responses", no_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 }
	};
	bool decode = false, responses = false;
	struct err *e = NULL;
	int c, fd = -1;

	log_program = "frameDumpFormatted";
	signal(SIGPIPE, SIG_IGN);
	while (!e && (c = getopt_long(argc, argv, "dhV", longs, NULL)) != -1) {
		switch (c) {
		case 'd':
			decode = true;
			break;
		case 'r':
			responses = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		case 'V':
			puts("frameDumpFormatted " HDADUMP_VERSION);
			return 0;
		default:
			e = err_new(ERR_USAGE, "see 'frameDumpFormatted --help'");
		}
	}
	if (!e && argc - optind != 1)
		e = err_new(ERR_USAGE, "one file; see 'frameDumpFormatted --help'");
	if (!e) {
		const char *path = argv[optind];
		bool standard = strcmp(path, "-") == 0;
		const char *name = standard ? "standard input" : path;
		enum format_words_form form = responses ? WORDS_RESPONSES :
				       decode ? format_words_form_of(path) : WORDS_PLAIN;

		fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
		e = fd < 0 ? err_sys(errno, "%s", name) : format_words_show(fd, name, form, STDOUT_FILENO);
	}
	if (!e)
		return 0;
	int status = err_kind(e) == ERR_USAGE ? 2 : err_kind(e) == ERR_PIPE ? 0 : 1;
	if (status)
		log_err(e);
	else
		err_free(e);
	return status;
}
