/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes joined frames for ExtractHDADump, raw or as a capture. */
#ifndef HDADUMP_COMPAT_EXTRACT_H
#define HDADUMP_COMPAT_EXTRACT_H

#include <stdbool.h>

struct err;

/* Writes the file @name in the folder @dir. An existing one is an error unless @overwrite. */
struct err *extract_write(int dir, const char *name, const void *data, unsigned long len,
			  bool overwrite);
/* Writes the frames of the folder @dir as a capture file, verbs with their responses. */
struct err *extract_pair(int dir, const char *folder, const char *path, bool overwrite);

#endif
