// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes a fix as a database. */
#include <sqlite3.h>

#include "base/err.h"
#include "codec/decode.h"
#include "export/sqlite_module.h"

static const char schema[] =
	"create table codec (vendor_id integer, subsystem_id integer, pci_subsystem integer,"
	"  address integer, name text, source text, sha256 text, made text);"
	"create table step (step integer primary key, kind text, nid integer,"
	"  coef integer, value integer, mask integer, config integer, what text, mark text);"
	"create table verb (n integer primary key, step integer references step, address integer,"
	"  nid integer, verb integer, parameter integer, word integer);"
	"create view hda_verb as select v.n, v.step, printf('0x%02x', v.nid) as nid,"
	"  printf('0x%03x', v.verb) as verb, printf('0x%04x', v.parameter) as parameter, s.what"
	"  from verb v join step s using (step) order by n;";

static struct err *told(sqlite3 *db, const char *path)
{
	return err_new(ERR_FAIL, "%s: SQLite says: %s", path, sqlite3_errmsg(db));
}

/* An unknown id stays null. */
static void bind_id(sqlite3_stmt *s, int column, uint32_t id)
{
	if (id)
		sqlite3_bind_int64(s, column, id);
}

static int put_codec(sqlite3 *db, const struct verb_fix *f)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db, "insert into codec values (?,?,?,?,?,?,?,?)", -1, &s, NULL);

	if (rc == SQLITE_OK) {
		bind_id(s, 1, f->vendor_id);
		bind_id(s, 2, f->subsystem_id);
		bind_id(s, 3, f->pci_subsystem);
		sqlite3_bind_int64(s, 4, f->cad);
		sqlite3_bind_text(s, 5, f->codec_name, -1, SQLITE_STATIC);
		sqlite3_bind_text(s, 6, f->from, -1, SQLITE_STATIC);
		sqlite3_bind_text(s, 7, f->sha256, -1, SQLITE_STATIC);
		sqlite3_bind_text(s, 8, f->made, -1, SQLITE_STATIC);
		rc = sqlite3_step(s);
	}
	sqlite3_finalize(s);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int put_step(sqlite3_stmt *s, size_t n, const struct verb_fix_step *t)
{
	static const char *const kinds[] = { "verbs", "coef", "config" };
	int rc;

	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
	sqlite3_bind_int64(s, 1, (sqlite3_int64)n);
	sqlite3_bind_text(s, 2, kinds[t->kind], -1, SQLITE_STATIC);
	if (t->kind != FIX_VERBS)
		sqlite3_bind_int64(s, 3, t->nid);
	if (t->kind == FIX_COEF) {
		sqlite3_bind_int64(s, 4, t->index);
		sqlite3_bind_int64(s, 5, t->value);
		sqlite3_bind_int64(s, 6, t->mask);
	}
	if (t->kind == FIX_CONFIG)
		sqlite3_bind_int64(s, 7, t->config);
	sqlite3_bind_text(s, 8, t->text, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 9, t->mark, -1, SQLITE_STATIC);
	rc = sqlite3_step(s);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int put_verb(sqlite3_stmt *s, size_t n, size_t step, uint32_t word)
{
	struct verb_parts v = verb_split(word);
	const sqlite3_int64 row[] = {
		(sqlite3_int64)n, (sqlite3_int64)step, v.cad, v.nid, v.id, v.payload, word,
	};
	int rc;

	sqlite3_reset(s);
	for (int i = 0; i < 7; i++)
		sqlite3_bind_int64(s, i + 1, row[i]);
	rc = sqlite3_step(s);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int put_steps(sqlite3 *db, const struct verb_fix *f)
{
	sqlite3_stmt *step = NULL, *verb = NULL;
	size_t n = 0;
	int rc = sqlite3_prepare_v2(db, "insert into step values (?,?,?,?,?,?,?,?,?)", -1, &step,
				    NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(db, "insert into verb values (?,?,?,?,?,?,?)", -1, &verb,
					NULL);
	for (size_t i = 0; rc == SQLITE_OK && i < f->n; i++) {
		rc = put_step(step, i + 1, &f->step[i]);
		for (size_t k = 0; rc == SQLITE_OK && k < f->step[i].n; k++)
			rc = put_verb(verb, ++n, i + 1, f->step[i].words[k]);
	}
	sqlite3_finalize(step);
	sqlite3_finalize(verb);
	return rc;
}

static struct err *write_database(const struct verb_fix *f, const char *path)
{
	sqlite3 *db = NULL;
	struct err *e = NULL;
	int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "pragma journal_mode = off; begin;", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, schema, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = put_codec(db, f);
	if (rc == SQLITE_OK)
		rc = put_steps(db, f);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "commit;", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		e = db ? told(db, path) : err_nomem();
	sqlite3_close(db);
	return e;
}

MODULE_EXPORT const struct sqlite_module hdadump_module_sqlite = {
	.head = MODULE_HEAD(struct sqlite_module, SQLITE_FORM),
	.write = write_database,
};
