// SPDX-License-Identifier: GPL-2.0-or-later
/* frameDumpFormatted: prints the words of a file of frames, with their addresses. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "compat/format_words.h"
#include "compat/programs.h"

int main(int argc, char **argv)
{
	struct format_options o = { 0 };
	struct err *e;
	int first, status;

	if (!program_start(&program_frameDumpFormatted, argc, argv, &o, &first, &status))
		return status;
	const char *path = argv[first];
	bool standard = strcmp(path, "-") == 0;
	const char *name = standard ? "standard input" : path;
	enum format_words_form form = o.responses ? WORDS_RESPONSES :
				      o.decode ? format_words_form_of(path) : WORDS_PLAIN;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

	e = fd < 0 ? err_sys(errno, "%s", name) : format_words_show(fd, name, form, STDOUT_FILENO);
	return program_end(e, 0);
}
