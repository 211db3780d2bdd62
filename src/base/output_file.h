/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file a command writes.  One that exists is not replaced unasked, none of
 * the inputs ever is, and a file that could not be finished does not stay: it
 * is written beside and moved to its name when it is whole.
 */
#ifndef HDADUMP_BASE_OUTPUT_FILE_H
#define HDADUMP_BASE_OUTPUT_FILE_H

#include <stdbool.h>
#include <sys/types.h>

struct err;

struct output {
	char *path;		/* NULL: standard output */
	char *beside;		/* while it is written */
	int fd;
	bool replace;
};

/*
 * Refuses a @path that exists unless @replace, and one that is an input of
 * @inputs in any case.  "-" is standard output.
 */
struct err *output_create(const char *path, bool replace, char *const *inputs, int n_inputs,
			  mode_t mode, struct output *o);
/* The same checks for a file that somebody else opens by name. */
struct err *output_check(const char *path, bool replace, char *const *inputs, int n_inputs);
/* It is whole: gives it its name. */
struct err *output_finish(struct output *o);
/* Removes what was not finished. */
void output_deinit(struct output *o);

#endif
