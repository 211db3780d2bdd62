/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fix: the verbs that make one codec work, on their way to somebody who uses
 * them: a shell, a kernel, another system, a program.
 *
 * Each exporter writes into a buffer what its reader takes, and says in @notes
 * what that reader cannot carry; a note that begins with '!' tells of verbs that
 * had to be left out.  Texts are as safe as text_add_safe() makes them; each
 * exporter sees to it that they do not end its own kind of comment.
 *
 * Everything is borrowed.
 */
#ifndef HDADUMP_EXPORT_VERB_FIX_H
#define HDADUMP_EXPORT_VERB_FIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct err;

enum fix_kind {
	FIX_VERBS,	/* as they are */
	FIX_COEF,	/* a coefficient is given a value, or some of its bits are */
	FIX_CONFIG,	/* a pin's default configuration, all four bytes */
};

struct fix_step {
	const uint32_t *words;	/* the verbs, always; with the codec's address */
	size_t n;
	const char *text;	/* what it does */
	const char *mark;	/* the user's words in front of it, or NULL */
	uint32_t config;	/* FIX_CONFIG */
	uint16_t index, value;	/* FIX_COEF */
	uint16_t mask;		/* FIX_COEF: the bits that are given; 0xffff: all */
	uint8_t nid;
	uint8_t kind;		/* enum fix_kind */
};

struct fix {
	uint32_t vendor_id;	/* 0: unknown, as the others */
	uint32_t subsystem_id;	/* of the codec */
	uint32_t pci_subsystem;	/* of the controller */
	uint8_t cad;
	const char *codec_name;	/* "Realtek ALC298", or NULL */
	const char *from;	/* the capture, or NULL */
	const char *sha256;	/* of it, or NULL */
	const char *made;	/* how it was reduced, or NULL */
	const struct fix_step *step;
	size_t n;
};

struct fix_options {
	const char *name;	/* what it is called: words of [a-z0-9-]; never NULL */
	const char *machine;	/* "Samsung Galaxy Book2 Pro"; NULL: unknown */
	const char *author;	/* "Name <address>"; NULL: unknown */
	const char *kernel;	/* folder of a kernel's source */
	uint32_t layout;	/* AppleALC's layout id */
};

typedef struct err *fix_exporter(const struct fix *f, const struct fix_options *o,
				 struct buf *out, struct buf *notes);

fix_exporter fix_script, fix_unit, fix_sleep_hook, fix_firmware, fix_init_verbs, fix_kernel,
	fix_applealc, fix_openbsd, fix_csv, fix_json;

/* Writes a database; @path is an empty file.  Only where fix_has_sqlite(). */
struct err *fix_sqlite(const struct fix *f, const char *path);
bool fix_has_sqlite(void);

/* --- for the exporters ------------------------------------------------------- */

/* "0x10ec0298, subsystem 0x144dc870 (Realtek ALC298)" */
void fix_add_codec(const struct fix *f, struct buf *b);
/* What it is and where it came from, each line after @lead. */
void fix_add_head(const struct fix *f, const char *lead, struct buf *b);
/* @text without the bytes @bad (each becomes a blank). */
void fix_add_text(struct buf *b, const char *text, const char *bad);
/* How many verbs there are in all. */
size_t fix_verbs(const struct fix *f);
/* How many steps set a pin's default configuration. */
size_t fix_configs(const struct fix *f);

#endif
