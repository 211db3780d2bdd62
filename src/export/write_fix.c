// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes a fix as files, in the form of the program that will send it. */
#include <ctype.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/out.h"
#include "base/output_file.h"
#include "base/reader.h"
#include "export/fixlist.h"
#include "export/forms.h"
#include "export/sqlite_module.h"
#include "print/plan_text.h"

void form_name_of(const char *path, char name[64])
{
	const char *base = strrchr(path, '/');
	size_t n = 0;

	base = base ? base + 1 : path;
	for (; *base && n < 48; base++) {
		bool fits = isalnum((unsigned char)*base);

		if (*base == '.' && n)
			break;
		if (fits || (n && name[n - 1] != '-'))
			name[n++] = fits ? (char)tolower((unsigned char)*base) : '-';
	}
	while (n && name[n - 1] == '-')
		n--;
	name[n] = '\0';
	if (!n)
		strcpy(name, "hda-fix");
}

static void tell(struct form_job *j, const struct fix_notes *notes)
{
	struct reader r = reader_make(notes->text.data, notes->text.len), line;

	j->left_out |= notes->loss;
	while (reader_line(&r, &line))
		log_note("%s: %.*s", form_names[j->form], (int)reader_left(&line), (const char *)line.p);
}

static struct err *write_one(struct form_job *j, const struct verb_fix *f, const char *suffix, mode_t mode,
			     fix_exporter *writer)
{
	struct buf path = { 0 }, text = { 0 };
	struct fix_notes notes = { 0 };
	struct output out = { .fd = -1 };
	struct err *e = writer(f, &j->fix, &text, &notes);

	buf_addf(&path, "%s%s", j->out, suffix);
	if (!e)
		e = buf_err(&path);
	if (!e)
		e = buf_err(&text);
	if (!e)
		e = output_create(buf_str(&path), j->replace, j->inputs, j->n_inputs, mode, &out);
	if (!e)
		e = err_wrap(out_text(out.fd, &text), "%s", buf_str(&path));
	if (!e)
		e = output_finish(&out);
	if (!e)
		tell(j, &notes);
	output_deinit(&out);
	buf_deinit(&path);
	buf_deinit(&text);
	buf_deinit(&notes.text);
	return e;
}

static struct module sqlite = {
	.name = "sqlite",
	.without = "this hdadump was built without SQLite; --as csv or steps have the same data",
	.head = MODULE_HEAD(struct sqlite_module, SQLITE_FORM),
};

static struct err *write_sqlite(struct form_job *j, const struct verb_fix *f)
{
	struct output out = { .fd = -1 };
	struct err *e;

	if (strcmp(j->out, "-") == 0)
		return err_new(ERR_USAGE, "a database is not written to standard output");
	e = err_wrap(module_load(&sqlite), "%s", j->out);
	if (!e)
		e = output_create(j->out, j->replace, j->inputs, j->n_inputs, 0666, &out);
	if (!e && !out.beside)
		e = err_new(ERR_FAIL, "%s is not a regular file", j->out);
	if (!e)
		e = ((const struct sqlite_module *)sqlite.table)->write(f, out.beside);
	if (!e)
		e = output_finish(&out);
	output_deinit(&out);
	return e;
}

/* Reports the parts of the input that are not in the fix, and those that are. */
static void note_fix(const struct form_job *j, const struct fixlist *l)
{
	const char *path = load_name(j->inputs[0]);
	struct buf codec = { 0 };

	if (l->elsewhere)
		log_note("%zu step%s for other codecs left out: choose theirs with --address",
			 l->elsewhere, l->elsewhere == 1 ? " is" : "s are");
	if (l->relative)
		log_note("%zu step%s to a coefficient whose index the list lacks: half of a pair, "
			 "which could write any", l->relative, l->relative == 1 ? " writes" : "s write");
	if (stats_losses(&l->in.stats))
		log_note("%s has losses: something may be missing; see hdadump info", path);
	if (l->wordless)
		log_note("%zu reset%s of the link left out: there is no verb for it", l->wordless,
			 l->wordless == 1 ? " is" : "s are");
	if (strcmp(j->out, "-") == 0)
		return;
	fix_add_ids(&l->fix, &codec);
	log_note("%s: %zu verb%s in %zu step%s, for codec %s", j->out, fix_verbs(&l->fix),
		 fix_verbs(&l->fix) == 1 ? "" : "s", l->fix.n, l->fix.n == 1 ? "" : "s",
		 buf_str(&codec));
	buf_deinit(&codec);
}

struct err *form_write_fix(struct form_job *j, const struct fixlist *l)
{
	const struct form *form = &forms[j->form];
	struct err *e;

	if (!j->name[0])
		form_name_of(j->fix.machine ? j->fix.machine : strcmp(j->out, "-") ? j->out : j->inputs[0],
			     j->name);
	j->fix.name = j->name;
	e = j->form == FORM_SQLITE ? write_sqlite(j, &l->fix) :
				     write_one(j, &l->fix, "", form->mode, form->write);
	if (!e && j->form == FORM_SCRIPT && strcmp(j->out, "-") != 0) {
		e = write_one(j, &l->fix, ".service", 0666, fix_unit);
		if (!e)
			e = write_one(j, &l->fix, ".sleep", 0777, fix_sleep_hook);
	}
	if (!e)
		note_fix(j, l);
	return e;
}
