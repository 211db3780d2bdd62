/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 of a file, so that a result can name the exact input it was made from. */
#ifndef HDADUMP_BASE_DIGEST_H
#define HDADUMP_BASE_DIGEST_H

#include <stdbool.h>

#define DIGEST_HEX 65	/* 64 digits and the NUL */

/*
 * Hashes the whole regular file @fd, whatever its position, and writes hex as sha256sum
 * prints it. Returns false and an empty text if it is not a regular file or cannot be read.
 */
bool digest_file(int fd, char hex[DIGEST_HEX]);

#endif
