/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Real data that lies beside the project and is not part of it; a test skips without it. */
#ifndef TESTS_UNIT_SHARED_H
#define TESTS_UNIT_SHARED_H

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The exit status by which meson knows a test that could not run. */
#define SKIPPED 77

/* The path of @file, or NULL (after saying so) when it is not there. */
const char *shared_data(const char *file);

#endif
