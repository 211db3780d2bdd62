/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors travel as values: a function that can fail returns `struct err *`, NULL for success.
 * The text is one plain sentence with its cause and its place (file:line, QEMU's words, an
 * errno); a caller that knows more about the place prepends it with err_wrap(). Only cmd/ and
 * main.c print an error and turn it into an exit status.
 *
 * Ownership: the receiver owns the error and hands it on or frees it.
 * Cleanup style of the whole project: one `out:` label, reached by goto, that
 * frees everything with functions that accept NULL.
 */
#ifndef HDADUMP_BASE_ERR_H
#define HDADUMP_BASE_ERR_H

enum err_kind {
	ERR_FAIL = 1,	/* a file, a program or the system is not as needed: exit 1 */
	ERR_USAGE,	/* the command line is wrong: exit 2 */
	ERR_FORMAT,	/* an input does not have the shape it claims: exit 1 */
	/* QEMU, libvirt or a device understood the request and refused it: exit 1 */
	ERR_REFUSED,
	ERR_ABSENT,	/* the program or device that should answer does not exist: exit 1 */
	ERR_PIPE,	/* the reader of our output has closed it (EPIPE) */
};

struct err;

/* A new error.  Never returns NULL, not even without memory. */
struct err *err_new(enum err_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* ERR_FAIL, or ERR_PIPE for EPIPE, with ": " and the text of @errnum appended. */
struct err *err_sys(int errnum, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
struct err *err_nomem(void);
/* Prepends "<text>: ".  Consumes @e and returns its successor; NULL stays NULL. */
struct err *err_wrap(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Keeps the first error of the two and frees the other. Accepts NULL. */
struct err *err_first(struct err *e, struct err *later);

enum err_kind err_kind(const struct err *e);
const char *err_text(const struct err *e);
void err_free(struct err *e);	/* accepts NULL */

#endif
