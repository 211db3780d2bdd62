// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A folder of frames with its index, joined with it and without: a line
 * `NAME BYTES` and that many bytes for each file.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/reader.h"
#include "source/frameset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_files(struct frameset *set, struct buf *notes, const uint8_t *data, size_t size)
{
	struct reader r = reader_make(data, size), line;
	char name[FRAME_NAME_MAX + 8];
	uint64_t len;

	while (reader_line(&r, &line)) {
		size_t n = 0;

		while (reader_left(&line) && *line.p != ' ' && n + 1 < sizeof(name))
			name[n++] = (char)*line.p++;
		name[n] = '\0';
		reader_skip_space(&line);
		if (!reader_dec(&line, &len))
			continue;
		if (len > reader_left(&r))
			len = reader_left(&r);
		err_free(frameset_add(set, name, r.p, (size_t)len, notes));
		reader_bytes(&r, (size_t)len);
	}
}

static void join(struct frameset *set, struct buf *notes)
{
	struct joined j;
	struct err *e = frameset_join(set, notes, &j);

	if (e) {
		err_free(e);
		return;
	}
	joined_tell(&j, notes);
	for (int i = 0; i < LANES; i++) {
		const struct joined_lane *l = &j.lane[i];
		size_t n = 0;

		for (int k = 0; k < ENTRY_STATES; k++)
			n += l->count[k];
		/* each entry has a state, and only the first of all may have none to count */
		if (n != l->n && n + 1 != l->n)
			abort();
		/* what was not saved is never made up */
		for (size_t k = 0; k < l->n; k++)
			for (unsigned int b = 0; l->state[k] == ENTRY_NONE && b < lane_bytes((enum lane)i); b++)
				if (l->data[k * lane_bytes((enum lane)i) + b])
					abort();
	}
	joined_deinit(&j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frameset set = { 0 };
	struct buf notes = { 0 };

	add_files(&set, &notes, data, size);
	join(&set, &notes);
	free(set.index);
	set.index = NULL;
	join(&set, &notes);
	for (size_t i = 0; i < notes.len; i++)
		if (notes.data[i] < ' ' && notes.data[i] != '\n')
			abort();	/* nobody's bytes go to the terminal */
	frameset_deinit(&set);
	buf_deinit(&notes);
	return 0;
}
