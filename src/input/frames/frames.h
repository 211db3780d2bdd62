/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads frames: pages of guest memory that QEMU's monitor saves each time the ring is full,
 * as QemuHDADump makes it do. CORB at 0, RIRB at 0x800, 256 entries each. The input is a
 * folder of frame00, frame01, ... with exit_dump or exit_frame as the last; or a file of such
 * pages; or the joined halves allCORBframes and allRIRBframes, which are read as a pair if
 * both exist.
 *
 * A frame is the ring's contents when it was saved: a lap of verbs and a lap of responses,
 * but not their order in time. They are paired in order, and a note says what does not fit.
 */
#ifndef HDADUMP_INPUT_FRAMES_FRAMES_H
#define HDADUMP_INPUT_FRAMES_FRAMES_H

#include <stddef.h>
#include <sys/types.h>

#include "input/open.h"

struct err;
struct source;

#define FRAME_BYTES 4096
#define FRAME_RIRB 0x800
/* Bytes of a file's beginning that are needed to recognise frames. */
#define FRAMES_HEAD (2 * FRAME_BYTES)

/* SOURCE_FRAMES, SOURCE_CORB_FRAMES, SOURCE_RIRB_FRAMES; SOURCE_FORMATS: none of them. */
enum source_format frames_recognise(const void *head, size_t len, off_t size);
/* @fd is not closed. */
struct err *frames_open_file(enum source_format format, int fd, const char *name,
			     struct source **out);
struct err *frames_open_folder(int fd, const char *name, struct source **out);
void frames_facts(const struct source *s, struct source_facts *facts);

#endif
