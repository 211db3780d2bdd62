/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the frames go.  QEMU writes them, into its own current folder as it
 * always was; but whoever has nothing overwritten must look first, and the
 * index must lie beside them.  So QEMU's folder is found by its process; where
 * it cannot be seen or written, QEMU is told to use ours.
 */
#ifndef HDADUMP_COMPAT_OUTPUT_FOLDER_H
#define HDADUMP_COMPAT_OUTPUT_FOLDER_H

#include <stdbool.h>
#include <sys/types.h>

struct err;

struct output_folder {
	int dir;	/* the folder; -1: not to be seen from here */
	char *prefix;	/* what QEMU is told before a file's name: "", or a path and "/" */
	char *text;	/* for people */
};

/*
 * @folder as given by the user, or NULL; @pid of QEMU, 0 when not known.
 * Makes no folder.
 */
struct err *output_folder_find(struct output_folder *p, const char *folder, pid_t pid);
void output_folder_deinit(struct output_folder *p);
/* What QEMU is to be told; owned by the caller. */
struct err *output_folder_path(const struct output_folder *p, const char *name, char **out);
/* Fails when there are frames already; removes them when they may be overwritten. */
struct err *output_folder_clear(const struct output_folder *p, bool overwrite);

#endif
