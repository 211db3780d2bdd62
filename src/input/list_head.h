/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The head of an hdadump verb list (docs/verb-list.md): which codecs it is for and
 * where it came from.  Read at the opening of the list, so that whoever decodes or
 * replays it knows the codec before the first verb.
 */
#ifndef HDADUMP_INPUT_LIST_HEAD_H
#define HDADUMP_INPUT_LIST_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reader.h"

#define LIST_CODECS 16
#define LIST_MAGIC "hdadump verb list"
#define LIST_TEXT 256
#define LIST_COMMANDS 64

struct list_codec {
	bool named;
	uint32_t vendor_id;	/* 0: unknown, as the others */
	uint32_t subsystem_id;
	uint32_t pci_subsystem;	/* of the controller: vendor 31:16, device 15:0 */
	char name[64];
	/* Coefficients that do not read back as they were written: their order matters. */
	struct {
		uint8_t nid;
		uint16_t coef;
	} commands[LIST_COMMANDS];
	unsigned int n_commands;
};

/*
 * A coefficient that was read and changed: the bits that were, and what it was.  The
 * line is of its first verb.
 */
struct list_update {
	uint32_t line;
	uint16_t mask, old;
};

/* Texts are what the file says, cut to their room; any byte but NUL may be in them. */
struct list_head {
	bool is_list;
	struct list_codec codec[LIST_CODECS];	/* by address */
	char controller[64];
	char from[LIST_TEXT];		/* the file it was made of */
	char sha256[65];		/* of that file, in hex; "" unknown */
	char made[LIST_TEXT];		/* by what */
	/* Found as the list is read, in the order of their lines; the source's. */
	const struct list_update *updates;
	size_t n_updates;
};

/* What stands at the beginning of @text; is_list is false where it is no such list. */
void list_head_read(struct reader text, struct list_head *out);

/* "mask 0x0100, was 0x0e21"; false when it is none. */
bool list_update_read(struct reader text, struct list_update *out);
/* The address that verbs are for until the list says otherwise: of the first codec named. */
uint8_t list_first(const struct list_head *h);

#endif
