/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file that a command writes. An existing file is replaced only on request, an input file
 * never. The data go to a temporary file in the same folder, which gets its name when it is
 * complete, so an unfinished file never stays.
 */
#ifndef HDADUMP_BASE_OUTPUT_FILE_H
#define HDADUMP_BASE_OUTPUT_FILE_H

#include <stdbool.h>
#include <sys/types.h>

struct err;

struct output {
	char *path;		/* NULL: standard output */
	char *beside;		/* the temporary file; NULL when there is none */
	int fd;
	bool replace;
};

/*
 * Fails if @path exists and @replace is false, and in any case if it is one of @inputs. "-"
 * is standard output.
 */
struct err *output_create(const char *path, bool replace, char *const *inputs, int n_inputs,
			  mode_t mode, struct output *o);
/* The same checks, for a file that another program will open by its name. */
struct err *output_check(const char *path, bool replace, char *const *inputs, int n_inputs);
/* Writes the rest and gives the complete file its name. */
struct err *output_finish(struct output *o);
/* Removes an unfinished file. */
void output_deinit(struct output *o);

#endif
