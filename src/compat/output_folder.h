/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The folder of the frames. QEMU writes them to its own current folder, as with the original
 * tool. We must see that folder to avoid overwriting files and to put the index beside them,
 * so we look up the folder of QEMU's process; if it cannot be seen or written, QEMU is given
 * the path of our folder.
 */
#ifndef HDADUMP_COMPAT_OUTPUT_FOLDER_H
#define HDADUMP_COMPAT_OUTPUT_FOLDER_H

#include <stdbool.h>
#include <sys/types.h>

struct err;

struct output_folder {
	int dir;	/* the folder; -1 = it cannot be seen from here */
	char *prefix;	/* put before a file's name for QEMU: "", or a path and "/" */
	char *text;	/* for messages */
};

/* @folder is the user's, or NULL; @pid is QEMU's, 0 = unknown. Creates no folder. */
struct err *output_folder_find(struct output_folder *p, const char *folder, pid_t pid);
void output_folder_deinit(struct output_folder *p);
/* The path of @name for QEMU; the caller frees it. */
struct err *output_folder_path(const struct output_folder *p, const char *name, char **out);
/* Fails if there are frames already; removes them instead if they may be overwritten. */
struct err *output_folder_clear(const struct output_folder *p, bool overwrite);

#endif
