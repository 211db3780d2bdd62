/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several inputs as one: each is a part that begins with its name (a mark for the first, an
 * EV_PART for the others). Controllers with the same name in several parts are one
 * controller.
 */
#ifndef HDADUMP_FLOW_JOIN_H
#define HDADUMP_FLOW_JOIN_H

#include <stddef.h>

struct err;
struct source;

/* @parts and @names are borrowed until the source is destroyed, and belong to the caller. */
struct err *join_create(struct source *const *parts, const char *const *names, size_t n,
			struct source **out);

#endif
