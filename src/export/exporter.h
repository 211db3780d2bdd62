/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exporters of a fix (analyse/steps/verb_fix.h): for a shell, a kernel, another system,
 * a program.
 *
 * Each exporter writes into a buffer what its reader takes, and says in @notes
 * what that reader cannot carry; a note that begins with '!' tells of verbs that
 * had to be left out.  Texts are as safe as text_add_safe() makes them; each
 * exporter sees to it that they do not end its own kind of comment.
 *
 * Everything is borrowed.
 */
#ifndef HDADUMP_EXPORT_EXPORTER_H
#define HDADUMP_EXPORT_EXPORTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/steps/verb_fix.h"
#include "base/buf.h"

struct err;

struct verb_fix_options {
	const char *name;	/* what it is called: words of [a-z0-9-]; never NULL */
	const char *machine;	/* "Samsung Galaxy Book2 Pro"; NULL: unknown */
	const char *author;	/* "Name <address>"; NULL: unknown */
	const char *kernel;	/* folder of a kernel's source */
	uint32_t layout;	/* AppleALC's layout id */
};

typedef struct err *fix_exporter(const struct verb_fix *f, const struct verb_fix_options *o,
				 struct buf *out, struct buf *notes);

fix_exporter fix_script, fix_unit, fix_sleep_hook, fix_firmware, fix_init_verbs, fix_kernel,
	fix_applealc, fix_openbsd, fix_csv, fix_json;

/* Writes a database; @path is an empty file.  Only where fix_has_sqlite(). */
struct err *fix_sqlite(const struct verb_fix *f, const char *path);
bool fix_has_sqlite(void);

/* --- for the exporters ------------------------------------------------------- */

/* "0x10ec0298, subsystem 0x144dc870 (Realtek ALC298)" */
void fix_add_codec(const struct verb_fix *f, struct buf *b);
/* What it is and where it came from, each line after @lead. */
void fix_add_head(const struct verb_fix *f, const char *lead, struct buf *b);
/* @text without the bytes @bad (each becomes a blank). */
void fix_add_text(struct buf *b, const char *text, const char *bad);
/*
 * Of a shell script: the ids and the functions that look for them; and, behind what takes
 * the arguments ($device, $any and $dry, 1 or empty), the choice of $device: the only codec
 * that it may be, after a question where an id is unknown.  The note says so at export.
 */
void fix_add_search(const struct verb_fix *f, struct buf *out);
void fix_add_choice(struct buf *out);
void fix_note_ids(const struct verb_fix *f, struct buf *notes);

#endif
