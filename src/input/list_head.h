/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The head of an hdadump verb list (docs/verb-list.md): the codecs that it is for, and its
 * origin. It is read when the list is opened, because decoding and replaying need the codec
 * before the first verb.
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
	uint32_t vendor_id;	/* 0 = unknown, like the other ids */
	uint32_t subsystem_id;
	/* subsystem id of the controller: vendor 31:16, device 15:0; 0 = unknown */
	uint32_t pci_subsystem;
	char name[64];
	/*
	 * Coefficients that do not read back what was written: the order of their writes
	 * matters.
	 */
	struct {
		uint8_t nid;
		uint16_t coef;
	} commands[LIST_COMMANDS];
	unsigned int n_commands;
};

/*
 * A coefficient that was read and changed: the mask of changed bits, and the old value.
 * `line` is the line of its first verb.
 */
struct list_update {
	uint32_t line;
	uint16_t mask, old;
};

/* Texts are copied from the file, cut to their size; they may contain any byte but NUL. */
struct list_head {
	bool is_list;
	struct list_codec codec[LIST_CODECS];	/* indexed by address */
	char controller[64];
	char from[LIST_TEXT];		/* name of the file that the list was made from */
	char sha256[65];		/* SHA-256 of that file, in hex; "" = unknown */
	char made[LIST_TEXT];		/* the program that made the list */
	/* Found while the list is read, in the order of their lines; they belong to the source. */
	const struct list_update *updates;
	size_t n_updates;
};

/* Reads the head at the beginning of @text; is_list is false if @text is not an hdadump list. */
void list_head_read(struct reader text, struct list_head *out);

/* Reads "mask 0x0100, was 0x0e21"; false if @text is something else. */
bool list_update_read(struct reader text, struct list_update *out);
/* The address of the verbs until the list names another one: that of the first codec. */
uint8_t list_first(const struct list_head *h);

#endif
