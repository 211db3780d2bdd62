/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of judge(), each for one corner. */
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

/* Commands that give the kernel one more word at boot, on this machine. */
void boot_commands(const struct facts *f, const char *word, struct doctor_finding *to);
/* The controller this is about, or NULL. */
const struct controller *judge_chosen(const struct facts *f);
/* "0000:00:1f.3 (Intel ...)": for a sentence. */
void add_device(struct buf *b, const struct pci *p);
/* A word that a shell takes as it is. */
void add_shell_word(struct buf *b, const char *word);

#endif
