/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The formats that hdadump writes, as one table. Some contain a capture's traffic, others a
 * fix: the verbs of one codec that change something, for the program that will send them.
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
	const char *suffix;	/* file names with this suffix have this form; NULL = none */
	enum form_carries carries;
	fix_exporter *write;	/* FORM_FIX: the exporter; NULL for SQLite */
	mode_t mode;
};

extern const struct form forms[FORM_NONE];
/* The names by enum form_id; the last is NULL. */
extern const char *const form_names[];

/* The form for a file of this name; FORM_CAPTURE for other names, FORM_NONE for "-". */
enum form_id form_of_name(const char *path);

/* What to write, and how. */
struct form_job {
	enum form_id form;
	const char *out;	/* path of the output; "-": standard output */
	bool replace;		/* replace an existing file, but never an input */
	char *const *inputs;	/* paths of the inputs */
	int n_inputs;
	const struct load_options *from;	/* options for each input; its path is not used */
	bool sets;		/* FORM_VERBS: leave out verbs that only read */
	struct verb_fix_options fix;
	char name[64];		/* name of the fix; "" = derive it */
	bool left_out;		/* result: something does not fit into the form */
};

/* Writes the traffic of the inputs, one after the other; for FORM_EVENTS and FORM_VERBS. */
struct err *form_write_traffic(struct form_job *j, struct pipeline *p);
/* Writes the verbs of one list; for FORM_FIX. Reports what the form cannot contain. */
struct err *form_write_fix(struct form_job *j, const struct fixlist *l);
/* The name of a fix from its path: "/tmp/My Fix.sh" gives my-fix. */
void form_name_of(const char *path, char name[64]);

#endif
