/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module `sqlite`: writes a fix as a database. */
#ifndef HDADUMP_EXPORT_SQLITE_MODULE_H
#define HDADUMP_EXPORT_SQLITE_MODULE_H

#include "analyse/steps/verb_fix.h"
#include "base/module/module.h"

#define SQLITE_FORM 1

struct sqlite_module {
	struct module_head head;
	/* @path is an empty file. */
	struct err *(*write)(const struct verb_fix *f, const char *path);
};

extern const struct sqlite_module hdadump_module_sqlite;

#endif
