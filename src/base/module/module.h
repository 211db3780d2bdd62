/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules: parts of hdadump that need a large library, each a shared object of
 * its own, loaded when it is first asked for.
 *
 * A module is a table of functions that begins with a struct module_head and is
 * its only exported symbol, hdadump_module_NAME.  What else it needs of hdadump
 * (base/) it has a copy of: it shares memory of malloc(3) with the program, and
 * no variables.  Once loaded it stays.
 *
 * Modules are looked for in one folder: `modules` beside the program where there
 * is such a one (a build tree, a copy in a guest), otherwise where they were
 * installed.  No variable of the environment changes that.  What another user
 * could have written is refused: folder and file must belong to root, to the
 * user, or to the program's owner, who decides what runs anyway; and a program
 * that has more rights than its user loads from the installed folder alone, and
 * what is root's alone.
 */
#ifndef HDADUMP_BASE_MODULE_MODULE_H
#define HDADUMP_BASE_MODULE_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct stat;

struct module_head {
	const char *version;	/* HDADUMP_VERSION of the build */
	uint32_t size;		/* of the table */
	uint32_t form;		/* counts changes of the table, and of what it is given */
};

/* The first member of a module's table, which is of type @type. */
#define MODULE_HEAD(type, number) { HDADUMP_VERSION, sizeof(type), number }
/* Before the table's definition. */
#define MODULE_EXPORT __attribute__((visibility("default")))

/* A module as the part of the program that uses it knows it. */
struct module {
	const char *name;
	const char *without;	/* the sentence where there is no such module */
	struct module_head head;	/* as the table's must be */
	const struct module_head *table;	/* NULL until it is loaded */
};

/* Loads it, once.  The error says that there is none, or why it is refused. */
struct err *module_load(struct module *m);
/* Whether there is one by this name that would not be refused for who wrote it. */
bool module_exists(const char *name);

/* Whether only @owners, @n of them, can have written this file or folder. */
bool module_is_trusted(const struct stat *st, const uid_t *owners, size_t n);

/* Modules that a program has within itself, the last one without a name; only tests do. */
struct module_within {
	const char *name;
	const struct module_head *table;
};
extern const struct module_within modules_within[] __attribute__((weak));

#endif
