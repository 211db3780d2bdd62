/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine as its kernel shows it: files and links under /sys, /proc, /etc,
 * and answers to questions that no file has (what a QEMU says of itself, who
 * holds a sound device).  There are three kinds, and nobody above can tell
 * them apart:
 *
 *   this machine          files as they are, questions answered here
 *   a folder (--root)     a copy of the files; answers only from DIR/answers
 *   a recorded machine    one text file with both (docs/machine-format.md)
 *
 * A machine that is not this one is a stranger's: its links are followed by
 * us, inside it, and never by the kernel; every length is bounded.
 *
 * While a record is being made (machine_record()) everything that is looked
 * at is kept, and nothing else: what was never read cannot leak.
 */
#ifndef HDADUMP_HOST_MACHINE_H
#define HDADUMP_HOST_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct err;
struct machine;

/* How a look went. */
enum read_status {
	LOOK_OK,
	LOOK_ABSENT,	/* there is no such thing */
	LOOK_DENIED,	/* there is, but not for us */
	LOOK_BROKEN,	/* a loop of links, a folder where a file should be, an I/O error */
};

#define MACHINE_PATH 1024	/* bytes of a path, with its end */
#define MACHINE_READ 262144	/* so much of a file is read, no more */
#define MACHINE_LIST 4096	/* so many entries of a folder */

/* Names, sorted, owned. */
struct names {
	char **name;
	size_t n, cap;
	bool more;	/* there were more than MACHINE_LIST */
};
void names_deinit(struct names *l);
struct err *names_add(struct names *l, const char *name);

/* @root NULL: this machine; otherwise a folder or a recorded machine. */
struct err *machine_open(const char *root, struct machine **out);
/* A recorded machine from memory; @name is for errors. */
struct err *machine_open_text(const char *name, const void *data, size_t len,
			      struct machine **out);
void machine_destroy(struct machine *m);
bool machine_is_live(const struct machine *m);

/*
 * Keeps of @text what is wanted, line by line or word by word; the rest is
 * neither returned nor recorded.  Of what was kept once it keeps all.
 */
typedef void (*machine_keep)(const char *text, size_t len, struct buf *kept);

/* The contents of a file, NUL-terminated through buf_str(). @keep may be NULL: all of it. */
enum read_status machine_read(struct machine *m, const char *path, machine_keep keep, struct buf *text);
/* The first line without its end, cut to @size; "" if there is none. */
enum read_status machine_line(struct machine *m, const char *path, char *line, size_t size);
/* The last part of what a link points at ("" if it is none): driver, iommu_group. */
enum read_status machine_link(struct machine *m, const char *path, char *name, size_t size);
/* The path without links in it. */
enum read_status machine_real(struct machine *m, const char *path, char *real, size_t size);
/* Names in a folder for which @wanted says yes (NULL: all). */
enum read_status machine_list(struct machine *m, const char *path, bool (*wanted)(const char *name),
		       struct names *out);
enum read_status machine_has(struct machine *m, const char *path);
/* The answer to a question (host/answers.h has them all). */
enum read_status machine_ask(struct machine *m, const char *question, machine_keep keep,
		      struct buf *answer);

/* Writes a file, as the kernel's switches are written; not into a recorded machine. */
struct err *machine_write(struct machine *m, const char *path, const char *text);

/* From here on everything looked at is kept. */
void machine_record(struct machine *m);
/* What was kept, as a recorded machine. */
struct err *machine_record_text(struct machine *m, struct buf *out);

#endif
