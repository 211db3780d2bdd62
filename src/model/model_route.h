/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The routes of sound through the widgets in their current state: through selectors and pins
 * by the selected connection, through mixers by the inputs that are not muted.
 */
#ifndef HDADUMP_MODEL_MODEL_ROUTE_H
#define HDADUMP_MODEL_MODEL_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

struct codec_model;
struct model_node;

#define ROUTE_MAX_DEPTH 16	/* widgets in one route; a codec has about six */
#define ROUTE_MAX_WAYS 64	/* routes of one pin or converter */

enum route_end {
	ROUTE_WHOLE,	/* it ends at a converter, a pin, or a beep generator */
	ROUTE_MUTED,	/* the last widget's inputs are all muted */
	ROUTE_OPEN,	/* the last widget has no known connection */
	ROUTE_LOOP,	/* it returns to a widget of the route, or is too long */
};

struct route {
	/* from the widget where sound leaves, against the stream's direction */
	uint8_t nid[ROUTE_MAX_DEPTH];
	unsigned int n;
	enum route_end end;
};

/* Calls @fn for each route that ends in @nid, at most ROUTE_MAX_WAYS times. */
void model_routes(const struct codec_model *m, uint8_t nid,
		  void (*fn)(const struct route *r, void *arg), void *arg);
/* True when the amplifier value is known and both its channels are muted. */
bool model_amp_muted(const struct model_node *n, bool out, unsigned int index);

#endif
