// SPDX-License-Identifier: GPL-2.0-or-later
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "shared.h"

const char *shared_data(const char *file)
{
	static char path[PATH_MAX];
	const char *top = getenv("HDADUMP_SHARED");
	const char *source = getenv("HDADUMP_SOURCE");

	if (top)
		snprintf(path, sizeof(path), "%s/data/%s", top, file);
	else
		snprintf(path, sizeof(path), "%s/../shared/data/%s", source ? source : ".", file);
	if (access(path, R_OK) == 0)
		return path;
	printf("skipped because: no %s (HDADUMP_SHARED names its folder)\n", path);
	return NULL;
}
