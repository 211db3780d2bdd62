// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat/print_notes.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/reader.h"

void print_notes_tell(const struct buf *notes)
{
	struct reader r = reader_make(notes->data, notes->len), line;

	while (reader_line(&r, &line))
		log_note("%.*s", (int)reader_left(&line), (const char *)line.p);
}
