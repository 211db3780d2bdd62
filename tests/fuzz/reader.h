/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random bytes as a reader's input, up to finished xacts: every event has an existing kind
 * and controller, its data can be read, and the reader comes to an end.
 */
#ifndef TESTS_FUZZ_READER_H
#define TESTS_FUZZ_READER_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "event/event.h"
#include "event/source.h"
#include "hda/hda.h"
#include "input/text_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* More events than any fuzzer input can give. */
#define FUZZ_EVENTS_MAX 4000000

int fuzz_file(const uint8_t *data, size_t size);
void fuzz_source(struct source *s);

/* Reads these bytes with one format's reader, whether or not it would be chosen for them. */
int fuzz_text(const struct text_format *f, const uint8_t *data, size_t size);

#endif
