/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames: pages of guest memory that QEMU's monitor saved each time the ring
 * was full, as QemuHDADump has it do.  CORB at 0, RIRB at 0x800, 256 entries
 * each.  A folder of frame00, frame01, ... with exit_dump or exit_frame as the
 * last; a file of such pages; or the halves joined, allCORBframes and
 * allRIRBframes, which are read as a pair where both are there.
 *
 * A frame says what the ring held when it was saved.  That is a lap of verbs
 * and a lap of responses, but not which response came when: they are paired in
 * their order, and what does not fit is said.
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
/* Bytes of a file's beginning that tell whether it holds frames. */
#define FRAMES_HEAD (2 * FRAME_BYTES)

/* SOURCE_FRAMES, SOURCE_CORB_FRAMES, SOURCE_RIRB_FRAMES; SOURCE_FORMATS: none of them. */
enum source_format frames_recognise(const void *head, size_t len, off_t size);
/* @fd is not closed. */
struct err *frames_open_file(enum source_format format, int fd, const char *name,
			     struct source **out);
struct err *frames_open_folder(int fd, const char *name, struct source **out);
void frames_facts(const struct source *s, struct source_facts *facts);

#endif
