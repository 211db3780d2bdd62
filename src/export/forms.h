/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The forms in which hdadump writes: one table.  Some carry what a capture holds
 * (traffic), others a fix: the verbs of one codec that change something, in the
 * words of whoever is to send them.
 */
#ifndef HDADUMP_EXPORT_FORMS_H
#define HDADUMP_EXPORT_FORMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "export/exporter.h"
#include "flow/load.h"
#include "flow/pipeline.h"

struct err;
struct fixlist;

enum form_carries { FORM_EVENTS, FORM_VERBS, FORM_FIX };

enum form_id {
	FORM_CAPTURE, FORM_TRACE, FORM_JSON, FORM_LIST, FORM_WORDS, FORM_SCRIPT, FORM_KERNEL, FORM_FIRMWARE,
	FORM_INIT_VERBS, FORM_APPLEALC, FORM_OPENBSD, FORM_CSV, FORM_STEPS, FORM_SQLITE, FORM_NONE,
};

struct form {
	const char *suffix;	/* a file of this name has this form; NULL: none has */
	enum form_carries carries;
	fix_exporter *write;	/* of FORM_FIX, but for SQLite's */
	mode_t mode;
};

extern const struct form forms[FORM_NONE];
/* Their names, by enum form_id; the last is NULL. */
extern const char *const form_names[];

/* What a file of this name is; FORM_CAPTURE for any other, FORM_NONE for "-". */
enum form_id form_of_name(const char *path);

/* What is written, and how. */
struct form_job {
	enum form_id form;
	const char *out;	/* "-": standard output */
	bool replace;		/* what exists, but never an input */
	char *const *inputs;	/* paths */
	int n_inputs;
	const struct load_options *from;	/* what of each; its path is not used */
	bool sets;		/* FORM_VERBS: leave out what only reads */
	struct verb_fix_options fix;
	char name[64];		/* of the fix; "": made of what there is */
	bool left_out;		/* told: something has no place in the form */
};

/* Writes what the inputs hold, one part after the other; for FORM_EVENTS and FORM_VERBS. */
struct err *form_write_traffic(struct form_job *j, struct pipeline *p);
/* Writes the verbs of one list; for FORM_FIX.  What the form cannot carry is said. */
struct err *form_write_fix(struct form_job *j, const struct fixlist *l);
/* "/tmp/My Fix.sh" is called my-fix. */
void form_name_of(const char *path, char name[64]);

#endif
