/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The places in the kernel's Realtek driver where a machine's fixup must be inserted.
 *
 * Found by structure and not by names: the entry of the codec's id leads to its probe
 * function, whose call of snd_hda_pick_fixup() names the tables of models, quirks and fixups;
 * the first fixup names the enum. So this works for every codec of the driver, before and
 * after 6.17, when patch_realtek.c became sound/hda/codecs/realtek/.
 */
#ifndef HDADUMP_EXPORT_KERNEL_SOURCE_H
#define HDADUMP_EXPORT_KERNEL_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct err;

#define KERNEL_NAME 96

struct kernel_source {
	char path[128];		/* path in the kernel's tree */
	struct buf text;	/* followed by a NUL, and without NULs inside */
	char chip[KERNEL_NAME];	/* "ALC298", the driver's name for it */
	/* offsets of the beginnings of lines in the text: */
	size_t functions;	/* new functions are inserted here */
	size_t enum_end, fixups_end;
	size_t models_end;	/* 0 = old families have no table of models */
	size_t quirk;		/* new quirks of this subsystem id are inserted here */
	/* offset of the last line before it, if that lacks a comma at its end; 0 = it has one */
	size_t enum_comma, fixups_comma;
	char known[KERNEL_NAME];/* the fixup that this subsystem id has already; "" = none */
	bool codec_quirks;	/* the source has HDA_CODEC_QUIRK() */
};

void kernel_source_deinit(struct kernel_source *k);
/* @folder is the top folder of a kernel's source. */
struct err *kernel_source_open(const char *folder, uint32_t vendor_id, uint32_t subsystem,
			       struct kernel_source *out);
/* The same for a text in memory; @out->path and text are set. */
struct err *kernel_source_find(struct kernel_source *k, uint32_t vendor_id, uint32_t subsystem);
/* True if @name is a word of the text. */
bool kernel_source_has(const struct kernel_source *k, const char *name);

#endif
