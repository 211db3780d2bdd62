// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/exporter.h"

#include <string.h>

#include "print/plan_text.h"

void fix_add_text(struct buf *b, const char *text, const char *bad)
{
	for (; *text; text++)
		buf_addc(b, strchr(bad, *text) ? ' ' : (uint8_t)*text);
}

void fix_add_codec(const struct verb_fix *f, struct buf *b)
{
	fix_add_ids(f, b);
	if (f->codec_name) {
		buf_adds(b, " (");
		fix_add_text(b, f->codec_name, "\n*");
		buf_addc(b, ')');
	}
}

void fix_add_head(const struct verb_fix *f, const char *lead, struct buf *b)
{
	buf_addf(b, "%sVerbs for codec ", lead);
	fix_add_codec(f, b);
	buf_addf(b, "\n%smade by hdadump " HDADUMP_VERSION, lead);
	if (f->from) {
		buf_adds(b, " from ");
		fix_add_text(b, f->from, "\n*");
	}
	buf_addc(b, '\n');
	if (f->sha256 && *f->sha256)
		buf_addf(b, "%swith sha256 %s\n", lead, f->sha256);
	if (f->made) {
		buf_adds(b, lead);
		fix_add_text(b, f->made, "\n*");
		buf_addc(b, '\n');
	}
}
