// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes a capture of two controllers with marks and a gap, for other programs to read. */
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "store/store.h"

#define START 1700000000123456000

static struct err *put(struct store *st, enum event_kind kind, uint16_t ctrl, unsigned int ms,
		       const char *text)
{
	struct event ev = {
		.kind = (uint8_t)kind, .ctrl = ctrl, .time = START + ms * 1000000ll, .value = 1,
		.data = text, .len = (uint32_t)strlen(text), .origin = ORIGIN_SELF,
	};

	return store_put(st, &ev);
}

static struct err *put_accesses(struct store *st, uint16_t ctrl, unsigned int ms)
{
	struct err *e = NULL;

	for (unsigned int i = 0; i < 3000 && !e; i++) {
		struct event ev = {
			.kind = i & 1 ? EV_MMIO_READ : EV_MMIO_WRITE, .ctrl = ctrl, .width = 2,
			.addr = i & 1 ? 0x58 : 0x48, .value = i * 40503 & 0xffff,
			.time = START + ms * 1000000ll + i * 10007, .origin = ORIGIN_TRACE,
		};

		e = store_put(st, &ev);
	}
	return e;
}

int main(int argc, char **argv)
{
	struct store *st = NULL;
	struct err *e, *end;

	if (argc != 2) {
		fputs("usage: mkcapture FILE\n", stderr);
		return 2;
	}
	e = store_create(argv[1], true, "how it was made\nand where", &st);
	if (!e)
		e = put(st, EV_CONTROLLER, 0, 0, "0000:00:1f.3");
	if (!e)
		e = put_accesses(st, 0, 1);
	if (!e)
		e = put(st, EV_MARK, 0, 40, "headphones \xc3\xbc\033[2J in");
	if (!e)
		e = put(st, EV_CONTROLLER, 1, 41, "0000:01:00.1");
	if (!e)
		e = put_accesses(st, 1, 42);
	if (!e)
		e = put(st, EV_GAP, 1, 90, "something was lost");
	end = store_close(st);
	if (e || end) {
		fprintf(stderr, "mkcapture: %s\n", err_text(e ? e : end));
		return 1;
	}
	return 0;
}
