/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a table of verbs (verbs.def, VENDOR_*.def) becomes an array of struct verb_row. */
#ifndef HDADUMP_CODEC_ROWS_H
#define HDADUMP_CODEC_ROWS_H

#include "codec/decode.h"
#include "codec/fields.h"

/*
 * For use inside an initializer:
 *	static const struct verb_row rows[] = {
 *	#include "codec/NAME.def"
 *	};
 */
#define VERB(g, s, bits, nm, a, ans, val, cl, src) \
	{ .get = g, .set = s, .nset = 1, .width = bits, .class = CLASS_##cl, \
	  .get_name = "GET_" #nm, .set_name = { "SET_" #nm }, .ask = &fl_##a, \
	  .answer = &fl_##ans, .value = { &fl_##val }, .source = src },
#define VERB2(g, s, bits, gn, sn, a, ans, val, cl, src) \
	{ .get = g, .set = s, .nset = 1, .width = bits, .class = CLASS_##cl, .get_name = gn, \
	  .set_name = { sn }, .ask = &fl_##a, .answer = &fl_##ans, .value = { &fl_##val }, \
	  .source = src },
#define GET(g, bits, gn, a, ans, cl, src) \
	{ .get = g, .set = VERB_NONE, .nset = 0, .width = bits, .class = CLASS_##cl, \
	  .get_name = gn, .ask = &fl_##a, .answer = &fl_##ans, .source = src },
#define SET(s, bits, sn, val, cl, src) \
	{ .get = VERB_NONE, .set = s, .nset = 1, .width = bits, .class = CLASS_##cl, \
	  .set_name = { sn }, .value = { &fl_##val }, .source = src },
#define SETA(s, bits, sn, val, ans, cl, src) \
	{ .get = VERB_NONE, .set = s, .nset = 1, .width = bits, .class = CLASS_##cl, \
	  .set_name = { sn }, .value = { &fl_##val }, .set_answer = &fl_##ans, .source = src },
#define BYTES(g, s, gn, sn, ans, v0, v1, v2, v3, cl, src) \
	{ .get = g, .set = s, .nset = 4, .width = 8, .class = CLASS_##cl, .get_name = gn, \
	  .set_name = { sn "_0", sn "_1", sn "_2", sn "_3" }, .ask = &fl_none, \
	  .answer = &fl_##ans, .value = { &fl_##v0, &fl_##v1, &fl_##v2, &fl_##v3 }, \
	  .source = src },

#endif
