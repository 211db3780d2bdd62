/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 of a file, so that a result can name exactly what it was made of. */
#ifndef HDADUMP_BASE_DIGEST_H
#define HDADUMP_BASE_DIGEST_H

#include <stdbool.h>

#define DIGEST_HEX 65	/* 64 digits and the NUL */

/*
 * Of all that the regular file @fd holds, whatever its position, in hex as sha256sum
 * prints it.  False, and an empty text, for what is no regular file or cannot be read.
 */
bool digest_file(int fd, char hex[DIGEST_HEX]);

#endif
