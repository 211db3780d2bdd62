/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The places in the kernel's Realtek driver where a machine's fixup goes.
 *
 * Found by what stands there and not by names: the entry of the codec's id leads
 * to its probe function, whose call of snd_hda_pick_fixup() names the tables of
 * models, quirks and fixups; the first fixup names the enum.  So every codec of
 * the driver is served, before and after 6.17, when patch_realtek.c became
 * sound/hda/codecs/realtek/.
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
	char path[128];		/* in the kernel's tree */
	struct buf text;	/* with a NUL behind it, and none in it */
	char chip[KERNEL_NAME];	/* "ALC298", as the driver calls it */
	/* offsets of beginnings of lines in the text */
	size_t functions;	/* functions go in front of it */
	size_t enum_end, fixups_end;
	size_t models_end;	/* 0: old families have no table of models */
	size_t quirk;		/* where the line of this subsystem id belongs */
	/* the last line before it has no comma at its end: 0, or the line's offset */
	size_t enum_comma, fixups_comma;
	char known[KERNEL_NAME];/* the fixup that this subsystem id has already, or "" */
	bool codec_quirks;	/* HDA_CODEC_QUIRK() is there */
};

void kernel_source_deinit(struct kernel_source *k);
/* @folder is the top of a kernel's tree. */
struct err *kernel_source_open(const char *folder, uint32_t vendor_id, uint32_t subsystem,
			       struct kernel_source *out);
/* The same from a text that is there; @out->path and text are set. */
struct err *kernel_source_find(struct kernel_source *k, uint32_t vendor_id, uint32_t subsystem);
/* Whether @name is a word of the text. */
bool kernel_source_has(const struct kernel_source *k, const char *name);

#endif
