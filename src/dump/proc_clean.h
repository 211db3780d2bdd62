/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What forums, wikis, mails and tools do to a codec's text, undone before it is read: HTML
 * entities and tags, other blanks than the space, line numbers; and the lines that only
 * separate texts. Pure.
 */
#ifndef HDADUMP_DUMP_PROC_CLEAN_H
#define HDADUMP_DUMP_PROC_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/reader.h"

/*
 * True if @text needs proc_clean(). A tag <br> within a line begins a new line, so that lines
 * are then counted as they are shown.
 */
bool proc_needs_clean(struct reader text);
/* Appends the text to @out without entities, tags and other blanks; check buf_err(). */
void proc_clean(struct reader text, struct buf *out);

/* True if the lines of @text have numbers before them (cat -n, grep -n, an editor). */
bool proc_is_numbered(struct reader text);
/*
 * Removes a number that is higher than *last, and what separates it from the line; false, and
 * no change, if the line has none.
 */
bool proc_unnumber(struct reader *line, uint64_t *last);

/*
 * A line between texts: head's `==> FILE <==`, a shell's prompt, a Markdown fence, a row of one
 * character, or a heading that begins with three of them.
 */
bool proc_is_separator(struct reader line);

/* True if a text's beginning has a line of a codec's dump that is not in a comment. */
bool proc_is_dump(const void *head, size_t len);
/* As proc_is_dump(), by a widget's line only, which no script or list has. */
bool proc_has_node(const void *head, size_t len);

#endif
