// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct err {
	enum err_kind kind;
	char *text;
};

/*
 * The error for lack of memory, which must not need memory itself; never freed. It has no text: a
 * module (module/module.h) has a copy of this file, and so another such error.
 */
static struct err no_memory = { ERR_FAIL, NULL };

struct err *err_nomem(void)
{
	return &no_memory;
}

static struct err *err_take(enum err_kind kind, char *text)
{
	struct err *e = text ? malloc(sizeof(*e)) : NULL;

	if (!e) {
		free(text);
		return &no_memory;
	}
	e->kind = kind;
	e->text = text;
	return e;
}

static char *format_va(const char *fmt, va_list ap)
{
	char *text;

	return vasprintf(&text, fmt, ap) < 0 ? NULL : text;
}

struct err *err_new(enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *text = format_va(fmt, ap);
	va_end(ap);
	return err_take(kind, text);
}

struct err *err_sys(int errnum, const char *fmt, ...)
{
	va_list ap;
	char *whole = NULL;

	va_start(ap, fmt);
	char *text = format_va(fmt, ap);
	va_end(ap);
	if (text && asprintf(&whole, "%s: %s", text, strerror(errnum)) < 0)
		whole = NULL;
	free(text);
	return err_take(errnum == EPIPE ? ERR_PIPE : ERR_FAIL, whole);
}

struct err *err_wrap(struct err *e, const char *fmt, ...)
{
	va_list ap;
	char *whole = NULL;

	if (!e || !e->text)
		return e;
	va_start(ap, fmt);
	char *text = format_va(fmt, ap);
	va_end(ap);
	if (text && asprintf(&whole, "%s: %s", text, e->text) < 0)
		whole = NULL;
	free(text);
	enum err_kind kind = e->kind;
	err_free(e);
	return err_take(kind, whole);
}

enum err_kind err_kind(const struct err *e)
{
	return e->kind;
}

const char *err_text(const struct err *e)
{
	return e->text ? e->text : "out of memory";
}

struct err *err_first(struct err *e, struct err *later)
{
	if (!e)
		return later;
	err_free(later);
	return e;
}

void err_free(struct err *e)
{
	if (!e || !e->text)
		return;
	free(e->text);
	free(e);
}
