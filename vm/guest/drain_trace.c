// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * drain_trace TRACE_PIPE: everything the kernel's trace buffer holds now, to
 * standard output.  cat would wait for more.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char buf[1 << 16];
	ssize_t n;
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: drain_trace TRACE_PIPE\n");
		return 2;
	}
	fd = open(argv[1], O_RDONLY | O_NONBLOCK);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		ssize_t done = 0;

		while (done < n) {
			ssize_t w = write(1, buf + done, n - done);

			if (w < 0) {
				perror("drain_trace: write");
				return 1;
			}
			done += w;
		}
	}
	if (n < 0 && errno != EAGAIN) {
		perror("drain_trace: read");
		return 1;
	}
	return 0;
}
