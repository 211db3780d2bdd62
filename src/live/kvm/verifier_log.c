// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/kvm/verifier_log.h"

#include <stdio.h>
#include <string.h>

/* The beginning of the last line with @what in the @len bytes at @text; NULL = none. */
static const char *last_line_with(const char *text, size_t len, const char *what)
{
	size_t n = strlen(what);

	for (const char *at = text + len; at > text; at--)
		if (at[-1] == '\n' && (size_t)(text + len - at) >= n && strncmp(at, what, n) == 0)
			return at;
	return NULL;
}

/*
 * The reason is one line. The log ends with a count, "processed 43 insns"; between the two
 * the newest kernels (seen: 7.3) explain some reasons, under a heading, in about twelve
 * lines.
 */
bool verifier_log_reason(const char *text, char *out, size_t size)
{
	const char *end = last_line_with(text, strlen(text), "processed "), *heading, *line;

	if (!end)
		return false;
	heading = last_line_with(text, (size_t)(end - text), "Verification failed: ");
	if (heading)
		end = heading;
	while (end > text && end[-1] == '\n')
		end--;
	for (line = end; line > text && line[-1] != '\n'; line--)
		;
	if (line == end)
		return false;
	snprintf(out, size, "%.*s", (int)(end - line), line);
	return true;
}
