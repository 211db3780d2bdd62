// SPDX-License-Identifier: GPL-2.0-or-later
#include "corpus.h"

#include <glob.h>
#include <stdio.h>

struct buf corpus_file(const char *path)
{
	struct buf b = { 0 };
	FILE *f = fopen(path, "rb");
	char part[65536];
	size_t n;

	if (!f)
		return b;
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, n);
	fclose(f);
	return b;
}

int corpus_codecs(void (*fn)(const char *path, const struct buf *text, void *arg), void *arg)
{
	const char *dir = shared_data("codecs");
	char all[PATH_MAX + 16];
	glob_t g = { 0 };
	int n = 0;

	if (!dir)
		return -1;
	snprintf(all, sizeof(all), "%s/*/*.txt", dir);
	if (glob(all, 0, NULL, &g) == 0) {
		for (size_t i = 0; i < g.gl_pathc; i++) {
			struct buf text = corpus_file(g.gl_pathv[i]);

			fn(g.gl_pathv[i], &text, arg);
			buf_deinit(&text);
			n++;
		}
	}
	globfree(&g);
	return n;
}
