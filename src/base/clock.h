/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The time of day, as events carry it, and a clock that never jumps, for time-outs. */
#ifndef HDADUMP_BASE_CLOCK_H
#define HDADUMP_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t clock_read(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

/* Nanoseconds since 1970. */
static inline int64_t clock_ns(void)
{
	return clock_read(CLOCK_REALTIME);
}

/* Nanoseconds, and milliseconds, of a clock that never jumps or goes back. */
static inline int64_t clock_steady_ns(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

static inline int64_t clock_ms(void)
{
	return clock_steady_ns() / 1000000;
}

#endif
