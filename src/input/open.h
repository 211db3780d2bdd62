/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One reader for every format: what an input is, is told by its content and
 * never by its name.  Capture files, QEMU's trace logs, the logs, frames and
 * lists of other tools, as they are or packed with gzip, xz or zstd.
 *
 * Formats and their shapes: docs/formats.md.
 */
#ifndef HDADUMP_INPUT_OPEN_H
#define HDADUMP_INPUT_OPEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct list_head;
struct source;

struct source_options {
	/*
	 * A device of a trace log that is a controller, whatever its accesses look like:
	 * its name or the end of its PCI address; NULL: all are found by evidence.  Borrowed.
	 */
	const char *controller;
	/* kvm:kvm_mmio text: the guest-physical address of BAR 0; 0: found by evidence. */
	uint64_t bar;
};

enum source_format {
	SOURCE_CAPTURE,
	SOURCE_TRACE,		/* QEMU's trace log */
	SOURCE_PATCH,		/* what a QEMU with the CORB/RIRB patch prints */
	SOURCE_DEBUG,		/* QEMU's own controller with debug=N */
	SOURCE_FTRACE,		/* the kernel's hda_send_cmd and hda_get_response */
	SOURCE_KVM,		/* the kernel's kvm_mmio */
	SOURCE_FRAMES,		/* pages of the two rings */
	SOURCE_CORB_FRAMES,	/* all CORB halves of the frames */
	SOURCE_RIRB_FRAMES,
	SOURCE_SCRIPT,		/* hda-verb commands in a shell script */
	SOURCE_LIST,		/* NID, verb and parameter on a line */
	SOURCE_WORDS,		/* verb words of eight hex digits */
	SOURCE_FORMATS
};

/* What a source can say of its input that is not an event; grows as it is read. */
struct source_facts {
	enum source_format format;
	const char *packing;	/* NULL: not packed */
	uint64_t lines;		/* of a text */
	uint64_t other;		/* lines that are none of the format's */
	uint64_t damaged;	/* lines that are its, and cannot be read */
	uint64_t masked;	/* verbs that the tool showed with a NID short of its top bit */
	uint64_t wraps;		/* batches that went round the ring's end and were lost so */
	uint64_t streams;	/* streams that the tool saw start */
	uint64_t parts;		/* recordings that follow the first */
	bool mixed;		/* several devices, which the tool does not tell apart */
	bool responses;		/* the tool records responses */
	bool only_asked;	/* but only of verbs whose sender wanted them */
	/* The head of a list of hdadump's own, or NULL; known from the opening on, the source's. */
	const struct list_head *list;
};

/* The format's short name ("patch") and what it is, for people. */
const char *source_format_name(enum source_format f);
const char *source_format_what(enum source_format f);

/*
 * Opens what @fd is: a file, a pipe, or a folder of frames.  @fd is not
 * closed and must live as long as the source; @name is for messages, and where
 * it is a path, a pair of joined frames is found beside it.
 */
struct err *source_open(int fd, const char *name, const struct source_options *options,
			struct source **out);
/* Of a source from source_open(). */
void source_facts(struct source *s, struct source_facts *facts);

#endif
