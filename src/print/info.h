/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the verdict, as text and as JSON. */
#ifndef HDADUMP_PRINT_INFO_H
#define HDADUMP_PRINT_INFO_H

struct buf;
struct ctrl_names;
struct err;
struct verdict;

struct info {
	const char *file;
	const struct verdict *verdict;
	struct ctrl_names *names;
	unsigned int width;	/* columns of a line of text */
};

/*
 * Appends a text of findings.def and fills in its number, singular or plural, and the file's
 * name.
 */
void info_add_what(struct buf *b, const struct info *info, const char *what,
		   unsigned long long count);
/* Appends the verdict in one sentence. */
void info_add_sentence(struct buf *b, const struct info *info);

struct err *info_text(const struct info *info, struct buf *out);
struct err *info_json(const struct info *info, struct buf *out);

#endif
