/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source for a folder of frames with an index: every verb and every response at its place,
 * and entries that were saved too late as gaps; or for the joined files that ExtractHDADump
 * made of such a folder, with all verbs and all responses in order.
 *
 * Verbs and responses are two files without times: a response is placed directly after the
 * verb of its codec, which is right as long as every verb was answered.
 */
#ifndef HDADUMP_INPUT_FRAMES_FRAME_EVENTS_H
#define HDADUMP_INPUT_FRAMES_FRAME_EVENTS_H

#include <stdbool.h>

struct err;
struct source;
struct source_facts;

/* True if the folder @dir has an index. */
bool frame_events_has_index(int dir);
/* Reads the folder @dir, which may be closed afterwards; @name is for messages and is copied. */
struct err *frame_events_open(int dir, const char *name, struct source **out);
/*
 * The joined files of an indexed folder. *out is NULL if they are not: when frames are joined
 * without an index, an unsolicited response moves the responses of a lap into slots of the
 * next one, which needs another reader.
 */
struct err *frame_events_open_pair(int corb, int rirb, const char *name, struct source **out);
void frame_events_facts(const struct source *s, struct source_facts *facts);

#endif
