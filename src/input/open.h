/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One reader for all formats, which it recognises by content and never by name: capture
 * files, QEMU's trace logs, and the logs, frames and lists of other tools, plain or packed
 * with gzip, xz or zstd.
 *
 * Formats and examples: docs/formats.md.
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
	 * A trace log's device that the user says is a controller, by its name or the end of
	 * its PCI address. NULL: all controllers are recognised by their accesses. Borrowed.
	 */
	const char *controller;
	/*
	 * kvm:kvm_mmio text: the guest-physical address of BAR 0; 0 = recognise it by the
	 * accesses.
	 */
	uint64_t bar;
};

enum source_format {
	SOURCE_CAPTURE,
	SOURCE_TRACE,		/* QEMU's trace log */
	SOURCE_PATCH,		/* output of a QEMU with the CORB/RIRB patch */
	SOURCE_DEBUG,		/* QEMU's own controller with debug=N */
	SOURCE_FTRACE,		/* the kernel's hda_send_cmd and hda_get_response */
	SOURCE_KVM,		/* the kernel's kvm_mmio */
	SOURCE_FRAMES,		/* pages of the two rings */
	SOURCE_CORB_FRAMES,	/* all CORB halves of the frames */
	SOURCE_RIRB_FRAMES,
	SOURCE_SCRIPT,		/* hda-verb commands in a shell script */
	SOURCE_LIST,		/* NID, verb and parameter on a line */
	SOURCE_TABLE,		/* a table of C, or a patch with one */
	SOURCE_WORDS,		/* verb words of eight hex digits */
	SOURCE_FORMATS
};

/* What a source knows about its input beside the events; updated as it is read. */
struct source_facts {
	enum source_format format;
	const char *packing;	/* NULL: not packed */
	uint64_t lines;		/* lines of a text */
	uint64_t other;		/* lines that are not of this format */
	uint64_t damaged;	/* lines of this format that cannot be read */
	uint64_t masked;	/* verbs that the tool printed without the top bit of the NID */
	uint64_t wraps;		/* batches that were lost because they went round the ring's end */
	uint64_t streams;	/* streams whose start the tool printed */
	uint64_t parts;		/* recordings after the first */
	uint64_t alternatives;	/* parts of a script of which a shell runs only some */
	bool mixed;		/* lines of several devices, which the tool does not distinguish */
	bool responses;		/* the tool records responses */
	bool only_asked;	/* but only responses that the sender asked for */
	/*
	 * The head of an hdadump verb list, or NULL; known once it is open, and owned by the
	 * source.
	 */
	const struct list_head *list;
};

/* The format's short name ("patch"), and its description. */
const char *source_format_name(enum source_format f);
const char *source_format_what(enum source_format f);

/*
 * Opens @fd: a file, a pipe, or a folder of frames. @fd is not closed and must stay open as
 * long as the source; @name is for messages, and if it is a path, the other half of joined
 * frames is looked for in its folder.
 */
struct err *source_open(int fd, const char *name, const struct source_options *options,
			struct source **out);
/* Only for a source from source_open(). */
void source_facts(struct source *s, struct source_facts *facts);

#endif
