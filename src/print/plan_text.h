/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints for people what would be sent to a codec. */
#ifndef HDADUMP_PRINT_PLAN_TEXT_H
#define HDADUMP_PRINT_PLAN_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;
struct verb_fix;
struct plan;
struct replay_codec;

/* Adds "0x10ec0298, subsystem unknown": the codec that a fix is for. */
void fix_add_ids(const struct verb_fix *f, struct buf *b);

/* Adds every step of @f as @p sends it, with its risks, and whether they are @allowed. */
void plan_text(const struct plan *p, const struct verb_fix *f, const struct replay_codec *t, uint8_t allowed,
	       struct buf *b);
/* The same on standard output. */
struct err *plan_print(const struct plan *p, const struct verb_fix *f, const struct replay_codec *t,
		       uint8_t allowed);

/*
 * Prints "0x14 0x707 0x40 = 0x0" to standard output at once: a verb that was sent, and its
 * answer.
 */
void plan_print_answer(const struct plan *p, size_t i, uint32_t resp);

#endif
