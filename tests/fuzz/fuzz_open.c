// SPDX-License-Identifier: GPL-2.0-or-later
/* Random files: recognised, unpacked, and read. */
#include "input/open.h"
#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = fuzz_file(data, size);
	struct source_facts facts;
	struct source *s = NULL;
	struct err *e = source_open(fd, "fuzz", NULL, &s);

	if (e) {
		err_free(e);
	} else {
		fuzz_source(s);
		source_facts(s, &facts);
		if (facts.format >= SOURCE_FORMATS)
			abort();
	}
	source_destroy(s);
	close(fd);
	return 0;
}
