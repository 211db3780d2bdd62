// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads a trace log to its end as a source of events, and does nothing with them. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/err.h"
#include "event/source.h"
#include "input/trace/qemu_log.h"

int main(int argc, char **argv)
{
	struct source *s = NULL;
	uint64_t events = 0;
	struct event_run run;

	if (argc != 2) {
		fputs("usage: readlog FILE\n", stderr);
		return 2;
	}
	struct err *e = qemu_log_open(open(argv[1], O_RDONLY), argv[1], NULL, &s);

	while (!e) {
		e = s->ops->next(s, &run);
		if (e || !run.n)
			break;
		events += run.n;
	}
	source_destroy(s);
	if (e) {
		fprintf(stderr, "readlog: %s\n", err_text(e));
		return 1;
	}
	printf("%" PRIu64 "\n", events);
	return 0;
}
