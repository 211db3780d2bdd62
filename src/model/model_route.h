/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which way sound takes through the widgets as they are set up: selectors and
 * pins by their selected connection, mixers by the inputs that are not muted.
 */
#ifndef HDADUMP_MODEL_MODEL_ROUTE_H
#define HDADUMP_MODEL_MODEL_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

struct codec_model;
struct model_node;

#define ROUTE_MAX_DEPTH 16	/* widgets of one way; a codec has about six */
#define ROUTE_MAX_WAYS 64	/* of one pin or converter */

enum route_end {
	ROUTE_WHOLE,	/* it ends at a converter, a pin, or a beep generator */
	ROUTE_MUTED,	/* the last widget's inputs are all muted */
	ROUTE_OPEN,	/* the last widget leads nowhere that is known */
	ROUTE_LOOP,	/* it comes back to itself, or goes too deep */
};

struct route {
	uint8_t nid[ROUTE_MAX_DEPTH];	/* from the end where sound leaves, against its stream */
	unsigned int n;
	enum route_end end;
};

/* Calls @fn for each way that ends in @nid, at most ROUTE_MAX_WAYS. */
void model_routes(const struct codec_model *m, uint8_t nid,
		  void (*fn)(const struct route *r, void *arg), void *arg);
/* True when the amplifier value is known and both its channels are muted. */
bool model_amp_muted(const struct model_node *n, bool out, unsigned int index);

#endif
