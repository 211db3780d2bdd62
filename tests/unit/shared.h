/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Real data beside the project that is not part of it; a test skips without it. */
#ifndef TESTS_UNIT_SHARED_H
#define TESTS_UNIT_SHARED_H

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The exit status that meson takes as "skipped". */
#define SKIPPED 77

/* The path of @file, or NULL (with a message) if it does not exist. */
const char *shared_data(const char *file);

#endif
