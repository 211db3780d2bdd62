/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads everything in an input, as a command would read it. */
#ifndef TESTS_UNIT_COLLECT_H
#define TESTS_UNIT_COLLECT_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "codec/decode.h"
#include "event/source.h"
#include "flow/pipeline.h"
#include "flow/sink.h"
#include "input/open.h"

struct collected {
	struct sink sink;
	struct pipeline pipeline;
	struct source_facts facts;
	struct xact *x;		/* their texts are freed */
	size_t n, cap;
};

extern const struct sink_ops collect_ops;

/* Returns the error, which the caller frees. */
struct err *collect_try(const char *path, struct collected *c);

void collect(const char *path, struct collected *c);
void collect_free(struct collected *c);

/* The path of a file in tests/samples. */
const char *sample(const char *name);

#endif
