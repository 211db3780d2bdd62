// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random verbs and safe texts, in every form; two bytes for a step's shape, then its words
 * and text.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/reader.h"
#include "base/text.h"
#include "export/exporter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEPS 32

/* A line that the kernel's loader reads completely. */
static void check_lines(const struct buf *b)
{
	struct reader r = reader_make(b->data, b->len), line;

	while (reader_line(&r, &line))
		if (reader_left(&line) > 126)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static fix_exporter *const all[] = {
		fix_firmware, fix_script, fix_unit, fix_sleep_hook, fix_init_verbs, fix_applealc,
		fix_openbsd, fix_csv, fix_json,
	};
	const struct verb_fix_options o = { .name = "fuzz" };
	struct reader r = reader_make(data, size);
	struct verb_fix_step steps[STEPS] = { 0 };
	struct buf texts[STEPS] = { 0 };
	uint32_t words[STEPS][16];
	struct verb_fix f = { .step = steps };

	f.vendor_id = reader_u32(&r);
	f.subsystem_id = reader_u32(&r);
	f.pci_subsystem = reader_u32(&r);
	while (f.n < STEPS && reader_left(&r) > 2) {
		struct verb_fix_step *s = &steps[f.n];
		unsigned int shape = reader_u8(&r), len = reader_u8(&r);
		const uint8_t *p;

		s->kind = (uint8_t)(shape % 3);
		s->words = words[f.n];
		for (s->n = 0; s->n < (shape >> 4) + 1u && s->n < 16; s->n++)
			words[f.n][s->n] = reader_u32(&r);
		s->nid = (uint8_t)(s->words[0] >> 20);
		s->index = s->value = (uint16_t)s->words[0];
		s->mask = shape & 8 ? 0xffff : 0x00f0;
		s->config = s->words[0];
		len = len < reader_left(&r) ? len : (unsigned int)reader_left(&r);
		p = reader_bytes(&r, len);
		if (p)
			text_add_safe(&texts[f.n], p, len);
		s->text = buf_str(&texts[f.n]);
		s->mark = shape & 4 ? s->text : NULL;
		f.from = f.made = f.codec_name = s->text;
		f.n++;
	}
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct buf out = { 0 };
		struct fix_notes notes = { 0 };

		err_free(all[i](&f, &o, &out, &notes));
		if (all[i] == fix_firmware)
			check_lines(&out);
		buf_deinit(&out);
		buf_deinit(&notes.text);
	}
	for (size_t i = 0; i < STEPS; i++)
		buf_deinit(&texts[i]);
	return 0;
}
