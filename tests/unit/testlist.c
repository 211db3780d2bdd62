// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "testlist.h"

/* Removes the backslash at the end of @line and appends the next line of @f. */
static char *continued(FILE *f, char *line)
{
	size_t len = strlen(line), cap = 0;
	char *next = NULL;

	while (len > 2 && !strcmp(line + len - 2, "\\\n")) {
		assert_true(getline(&next, &cap, f) > 0);
		line = realloc(line, len + strlen(next));
		assert_non_null(line);
		strcpy(line + len - 2, next + strspn(next, " "));
		len = strlen(line);
	}
	free(next);
	return line;
}

/* The next `verb` line, joined, and the place where the expected output begins. */
static char *next_line(FILE *f, char **expected)
{
	for (;;) {
		char *line = NULL, *bar;
		size_t cap = 0;

		if (getline(&line, &cap, f) <= 0) {
			free(line);
			return NULL;
		}
		line = continued(f, line);
		bar = strstr(line, " |");
		if (!strncmp(line, "verb ", 5) && bar && (bar[2] == ' ' || bar[2] == '@')) {
			*bar = '\0';
			*expected = bar + 2;
			return line;
		}
		free(line);
	}
}

char *testlist_next_verb(FILE *f)
{
	char *expected;

	return next_line(f, &expected);
}

static void add_file(struct buf *b, const char *path)
{
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		fail_msg("%s cannot be read", path);
	while ((n = fread(buf_reserve(b, 65536), 1, 65536, f)) > 0)
		b->len += n;
	fclose(f);
}

char *testlist_text(const char *path)
{
	int folder = (int)(strrchr(path, '/') - path);
	FILE *f = fopen(path, "r");
	struct buf b = { 0 };
	char *expected;

	assert_non_null(f);
	add_file(&b, path);
	for (char *line; (line = next_line(f, &expected)); free(line)) {
		char name[4096];

		if (expected[0] != '@')
			continue;
		expected[strcspn(expected, "\n")] = '\0';
		snprintf(name, sizeof(name), "%.*s/%s", folder, path, expected + 2);
		add_file(&b, name);
	}
	fclose(f);
	char *text = strndup((const char *)b.data, b.len);

	assert_non_null(text);
	buf_deinit(&b);
	return text;
}
