/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The `verb` lines of tests/TESTLIST; tests/run says how its lines are written. */
#ifndef TESTS_UNIT_TESTLIST_H
#define TESTS_UNIT_TESTLIST_H

#include <stdio.h>

/*
 * The arguments of the next line whose run succeeds, "verb" itself first and continued lines
 * joined; NULL at the end.  Freed by the caller.
 */
char *testlist_next_verb(FILE *f);

/* All that the list at @path and the files of its `verb` lines hold, as one string. */
char *testlist_text(const char *path);

#endif
