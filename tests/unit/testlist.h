/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The `verb` lines of tests/TESTLIST; tests/run explains its lines. */
#ifndef TESTS_UNIT_TESTLIST_H
#define TESTS_UNIT_TESTLIST_H

#include <stdio.h>

/*
 * The arguments of the next line whose run succeeds, "verb" first and continued lines joined;
 * NULL at the end. The caller frees it.
 */
char *testlist_next_verb(FILE *f);

/* The whole list at @path and the files of its `verb` lines, as one string. */
char *testlist_text(const char *path);

#endif
