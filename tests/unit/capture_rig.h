/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a small capture file for tests that change it, and reads what is left of it. */
#ifndef TESTS_UNIT_CAPTURE_RIG_H
#define TESTS_UNIT_CAPTURE_RIG_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/err.h"
#include "events.h"
#include "store/pcapng.h"
#include "store/store.h"

/* The test's own folder, which a group's setup creates and its teardown removes. */
extern char capture_dir[];
int capture_make_dir(void **state);
int capture_remove_dir(void **state);
/* The path of a file in it; valid until the next call. */
const char *capture_path(const char *name);

/* Fails the test with the text of @e. */
void must(struct err *e);

#define BASE 1700000000123456000

/* The accesses of Linux's driver for one verb: 0x48, 0x4a, 0x24 twice, 0x5d, 0x58. */
void capture_verb(struct store *st, uint32_t i, unsigned int *events);

void capture_text(struct store *st, enum event_kind kind, uint16_t ctrl, const char *text,
		  uint64_t value);

/*
 * Writes some blocks of two controllers, with the file's bytes in *bytes; returns the number
 * of events.
 */
unsigned int small_capture(const char *path, struct buf *bytes);

/* A file in memory with these contents, at its beginning. */
int capture_fd(const void *data, size_t len);

/* The reader's note about a capture that was not closed. */
#define NOT_ENDED "the capture was not ended in order"

struct result {
	struct buf observed;	/* events that were observations, one a line */
	struct buf told;	/* notes and gaps made by the reader */
	unsigned int n;
	uint64_t lost;
	bool unknown;		/* the reader reported an unknown loss */
};

/* False if it is not a capture. */
bool capture_read(const void *data, size_t len, struct result *res);

void result_deinit(struct result *r);

/* Calls @f for each block of a whole little-endian file. */
void each_block(const struct buf *file, void (*f)(const uint8_t *p, uint32_t len, void *arg),
		void *arg);

#endif
