/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exporters of a fix (analyse/steps/verb_fix.h): for a shell, a kernel, another system, a
 * program.
 *
 * Each exporter writes the fix in its format into a buffer, and lists in @notes what that
 * format cannot contain. Texts were made safe by text_add_safe(); each exporter ensures that
 * they do not end a comment of its format.
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
	const char *name;	/* name of the fix, of [a-z0-9-]; never NULL */
	const char *machine;	/* "Samsung Galaxy Book2 Pro"; NULL = unknown */
	const char *author;	/* "Name <address>"; NULL = unknown */
	const char *kernel;	/* folder of a kernel's source */
	uint32_t layout;	/* AppleALC's layout id */
};

/* What the user should know, a note on each line. */
struct fix_notes {
	struct buf text;
	bool loss;		/* true: one of them says that something was left out */
};

/* Adds a note, as printf(3) formats it, that something was left out. */
#define fix_loss(notes, ...) ((notes)->loss = true, buf_addf(&(notes)->text, __VA_ARGS__))

typedef struct err *fix_exporter(const struct verb_fix *f, const struct verb_fix_options *o,
				 struct buf *out, struct fix_notes *notes);

fix_exporter fix_script, fix_unit, fix_sleep_hook, fix_firmware, fix_init_verbs, fix_kernel,
	fix_applealc, fix_openbsd, fix_csv, fix_json;

/* --- for the exporters ------------------------------------------------------- */

/* "0x10ec0298, subsystem 0x144dc870 (Realtek ALC298)" */
void fix_add_codec(const struct verb_fix *f, struct buf *b);
/* Adds what the fix is and where it came from, each line after @lead. */
void fix_add_head(const struct verb_fix *f, const char *lead, struct buf *b);
/* Adds @text with each of the bytes @bad replaced by a blank. */
void fix_add_text(struct buf *b, const char *text, const char *bad);
/*
 * Adds parts of a shell script: the ids and the functions that look for the codec; and, after
 * the code that parses the arguments ($device, $any and $dry, 1 or empty), the choice of
 * $device: the only codec that matches, after a question if an id is unknown. A note says
 * that at export.
 */
void fix_add_search(const struct verb_fix *f, struct buf *out);
void fix_add_choice(struct buf *out);
void fix_note_ids(const struct verb_fix *f, struct fix_notes *notes);

#endif
