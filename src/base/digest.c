// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/digest.h"

#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nettle/sha2.h>

#include "base/text.h"

bool digest_file(int fd, char hex[DIGEST_HEX])
{
	uint8_t block[65536], sum[SHA256_DIGEST_SIZE];
	struct sha256_ctx ctx;
	struct stat st;
	off_t at = 0;
	char *p = hex;

	*hex = '\0';
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	sha256_init(&ctx);
	for (;;) {
		ssize_t n = pread(fd, block, sizeof(block), at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (!n)
			break;
		sha256_update(&ctx, (size_t)n, block);
		at += n;
	}
	sha256_digest(&ctx, sizeof(sum), sum);
	for (unsigned int i = 0; i < sizeof(sum); i++)
		p = text_hex(p, sum[i], 2);
	*p = '\0';
	return true;
}
