// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"

const char *log_program = "hdadump";

static void log_line(const char *level, const char *fmt, va_list ap)
{
	struct buf line = { 0 };
	char *text = NULL;
	int n = vasprintf(&text, fmt, ap);

	buf_addf(&line, "%s: %s", log_program, level);
	if (n >= 0)
		text_add_safe(&line, text, (size_t)n);
	buf_addc(&line, '\n');
	/* one write a line, so that lines of several programs on one terminal do not mix */
	if (!line.failed && write(STDERR_FILENO, line.data, line.len) < 0) {
		/* an error while writing an error cannot be reported */
	}
	if (n >= 0)
		free(text);
	buf_deinit(&line);
}

void log_note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line("", fmt, ap);
	va_end(ap);
}

void log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line("warning: ", fmt, ap);
	va_end(ap);
}

void log_err(struct err *e)
{
	log_note("%s", err_text(e));
	err_free(e);
}
