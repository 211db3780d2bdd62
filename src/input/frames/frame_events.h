/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder of frames with an index, as a source: every verb and every response
 * at its place, and what was saved too late as a gap; or what ExtractHDADump
 * made of one, all verbs and all responses in their order.
 *
 * Verbs and responses are two files and no clock: a response comes as soon as
 * its codec was asked, which is right as long as every verb was answered.
 */
#ifndef HDADUMP_INPUT_FRAMES_FRAME_EVENTS_H
#define HDADUMP_INPUT_FRAMES_FRAME_EVENTS_H

#include <stdbool.h>

struct err;
struct source;
struct source_facts;

/* True when the folder @dir has an index. */
bool frame_events_has_index(int dir);
/* Reads the folder @dir, which may be closed afterwards; @name is for messages and copied. */
struct err *frame_events_open(int dir, const char *name, struct source **out);
/*
 * The joined files of an indexed folder.  *out is NULL when they are not that:
 * joined without an index, frame by frame, an unsolicited response puts the
 * responses of a lap into slots of the next one, and another reader is needed.
 */
struct err *frame_events_open_pair(int corb, int rirb, const char *name, struct source **out);
void frame_events_facts(const struct source *s, struct source_facts *facts);

#endif
