// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames of every kind: the first byte selects it, the rest is the file. */
#include "input/frames/frames.h"
#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum source_format formats[] = {
		SOURCE_FRAMES, SOURCE_CORB_FRAMES, SOURCE_RIRB_FRAMES,
	};
	struct source *s = NULL;
	struct err *e;
	int fd;

	if (!size)
		return 0;
	fd = fuzz_file(data + 1, size - 1);
	frames_recognise(data + 1, size - 1, (off_t)(size - 1));
	e = frames_open_file(formats[data[0] % 3], fd, "fuzz", &s);
	if (e)
		err_free(e);
	else
		fuzz_source(s);
	source_destroy(s);
	close(fd);
	return 0;
}
