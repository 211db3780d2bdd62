// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/mtree.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/reader.h"
#include "base/vec.h"

/* More than QEMU's limit of memory slots; a longer list is not from QEMU. */
#define RANGES_MAX 4096

/* "  START-END (prio N, ram): NAME ..." */
static bool parse_range(struct reader line, struct ram_range *r)
{
	uint64_t prio;

	reader_skip_space(&line);
	*r = (struct ram_range){ 0 };
	if (!reader_hex(&line, &r->start) || !reader_lit(&line, "-") ||
	    !reader_hex(&line, &r->end) || r->end < r->start)
		return false;
	if (!reader_lit(&line, " (prio "))
		return false;
	(void)reader_lit(&line, "-");
	return reader_dec(&line, &prio) && reader_lit(&line, ", ram)");
}

struct err *mtree_parse(const char *text, size_t len, struct ram_range **ranges, size_t *count)
{
	struct reader r = reader_make(text, len), line;
	struct ram_range *list = NULL, one;
	size_t n = 0;
	bool ours = false;

	while (reader_line(&r, &line)) {
		struct reader t = line;

		if (reader_lit(&t, "FlatView #")) {
			if (n)
				break;		/* the first view of "memory" is enough */
			ours = false;
			continue;
		}
		if (reader_lit(&t, " AS \"memory\",")) {
			ours = true;
			continue;
		}
		if (!ours || !parse_range(line, &one))
			continue;
		if (n == RANGES_MAX) {
			free(list);
			return err_new(ERR_FORMAT, "info mtree -f lists more than %d RAM ranges",
				       RANGES_MAX);
		}
		if (!vec_more(list, n)) {
			free(list);
			return err_nomem();
		}
		list[n++] = one;
	}
	if (!n) {
		free(list);
		return err_new(ERR_FORMAT, "info mtree -f names no RAM in the address space \"memory\"");
	}
	*ranges = list;
	*count = n;
	return NULL;
}
