/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The time of day, as events carry it, and a clock that never jumps, for time-outs. */
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

/* Milliseconds of a clock that never jumps or goes back. */
static inline int64_t clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ll + ts.tv_nsec / 1000000;
}

#endif
