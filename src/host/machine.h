/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine as its kernel shows it: files and links under /sys, /proc, /etc, and answers to
 * questions that no file answers (the options of a QEMU, the users of a sound device). There
 * are three kinds with one interface:
 *
 *   this machine          files as they are, questions answered by running programs
 *   a folder (--root)     a copy of the files; answers only from DIR/answers
 *   a recorded machine    one text file with both (docs/machine-format.md)
 *
 * The files of another machine are not trusted: links are followed by our own code, inside
 * the copy, and never by the kernel; every length is bounded.
 *
 * While a record is being made (machine_record()), everything that is read is recorded, and
 * nothing else: what was never read cannot get into the record.
 */
#ifndef HDADUMP_HOST_MACHINE_H
#define HDADUMP_HOST_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct err;
struct machine;

/* The result of reading something. */
enum read_status {
	LOOK_OK,
	LOOK_ABSENT,	/* it does not exist */
	LOOK_DENIED,	/* it exists, but this user may not read it */
	LOOK_BROKEN,	/* a loop of links, a folder where a file should be, an I/O error */
};

#define MACHINE_PATH 1024	/* longest path in bytes, with its NUL */
#define MACHINE_READ 262144	/* most bytes read from a file */
#define MACHINE_LIST 4096	/* most entries read from a folder */

/* Names, sorted, owned. */
struct names {
	char **name;
	size_t n, cap;
	bool more;	/* there are more than MACHINE_LIST */
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
 * Copies the needed parts of @text, line by line or word by word; the rest is neither
 * returned nor recorded. Applied to its own result it must keep everything.
 */
typedef void (*machine_keep)(const char *text, size_t len, struct buf *kept);

/* The contents of a file, NUL-terminated through buf_str(). @keep NULL: all of it is kept. */
enum read_status machine_read(struct machine *m, const char *path, machine_keep keep, struct buf *text);
/* The first line without its end, cut to @size; "" if there is none. */
enum read_status machine_line(struct machine *m, const char *path, char *line, size_t size);
/* The last part of a link's target ("" if it is not a link): driver, iommu_group. */
enum read_status machine_link(struct machine *m, const char *path, char *name, size_t size);
/* The path with all links resolved. */
enum read_status machine_real(struct machine *m, const char *path, char *real, size_t size);
/* The names in a folder for which @wanted returns true (NULL: all). */
enum read_status machine_list(struct machine *m, const char *path, bool (*wanted)(const char *name),
		       struct names *out);
enum read_status machine_has(struct machine *m, const char *path);
/* The answer to a question (listed in host/answers.h). */
enum read_status machine_ask(struct machine *m, const char *question, machine_keep keep,
		      struct buf *answer);

/* Writes to a file of the kernel; fails for a recorded machine. */
struct err *machine_write(struct machine *m, const char *path, const char *text);

/* From now on everything that is read is recorded. */
void machine_record(struct machine *m);
/* The record, as the text of a recorded machine. */
struct err *machine_record_text(struct machine *m, struct buf *out);

#endif
