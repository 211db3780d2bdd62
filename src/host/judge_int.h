/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of judge(), each for one topic. */
#ifndef HDADUMP_HOST_JUDGE_INT_H
#define HDADUMP_HOST_JUDGE_INT_H

#include "host/judge.h"

void judge_sound(const struct facts *f, struct diagnosis *d);
void judge_passthrough(const struct facts *f, struct diagnosis *d);
void judge_tools(const struct facts *f, struct diagnosis *d);

/* A new finding; never NULL.  Its texts are added with the two below. */
struct doctor_finding *say(struct diagnosis *d, enum doctor_severity severity, const char *topic,
		    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void because(struct doctor_finding *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void command(struct doctor_finding *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Adds the commands that add one word to the kernel's command line on this machine. */
void boot_commands(const struct facts *f, const char *word, struct doctor_finding *to);
/* The controller that the report is about, or NULL. */
const struct controller *judge_chosen(const struct facts *f);
/* Adds "0000:00:1f.3 (Intel ...)" to a sentence. */
void add_device(struct buf *b, const struct pci *p);
/* Adds a word, quoted for a shell where needed. */
void add_shell_word(struct buf *b, const char *word);

#endif
