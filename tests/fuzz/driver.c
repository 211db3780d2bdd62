// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a fuzz target over its corpus without a fuzzer: each file as it is, and small ones cut
 * after every byte. So the corpora are tests everywhere.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CUT_UP_TO 1500

/* In memory of exactly that size, so that a sanitizer finds a read past it. */
static void run(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	if (size)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static bool run_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b = { 0 };
	int c;

	if (!f) {
		perror(path);
		return false;
	}
	while ((c = getc(f)) != EOF)
		buf_addc(&b, (uint8_t)c);
	fclose(f);
	if (b.len <= CUT_UP_TO) {
		for (size_t n = 0; n < b.len; n++)
			run(b.data, n);
	}
	run(b.data, b.len);
	buf_deinit(&b);
	return true;
}

int main(int argc, char **argv)
{
	unsigned int files = 0;
	struct dirent *entry;

	if (argc != 2) {
		fputs("usage: fuzz target: CORPUS-FOLDER\n", stderr);
		return 2;
	}
	DIR *d = opendir(argv[1]);
	if (!d) {
		perror(argv[1]);
		return 1;
	}
	while ((entry = readdir(d))) {
		char path[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
		if (!run_file(path))
			return 1;
		files++;
	}
	closedir(d);
	printf("%u files\n", files);
	return files ? 0 : 1;
}
