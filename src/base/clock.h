/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The time of day, as events have it. */
#ifndef HDADUMP_BASE_CLOCK_H
#define HDADUMP_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds since 1970. */
static inline int64_t clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

#endif
