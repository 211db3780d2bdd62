// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verbs COUNT DEVICE: sends the first COUNT verbs of sequence.h flat out
 * through the driver's hwdep device, and checks the answers here too.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "sequence.h"

/* The kernel's sound/hda_hwdep.h, which is not among the installed headers. */
struct hda_verb_ioctl {
	uint32_t verb;	/* NID 31:24, verb and payload 23:0 */
	uint32_t res;
};
#define HDA_IOCTL_VERB_WRITE _IOWR('H', 0x11, struct hda_verb_ioctl)

int main(int argc, char **argv)
{
	struct timespec start, end;
	uint32_t i, count, wrong = 0;
	double s;
	int fd;

	if (argc != 3) {
		fprintf(stderr, "usage: verbs COUNT DEVICE\n");
		return 2;
	}
	count = strtoul(argv[1], NULL, 0);
	fd = open(argv[2], O_RDWR);
	if (fd < 0) {
		fprintf(stderr, "verbs: %s: %s\n", argv[2], strerror(errno));
		return 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (i = 0; i < count; i++) {
		uint32_t word = sequence_word(0, i);	/* the driver adds the codec's address */
		struct hda_verb_ioctl v = { .verb = (word >> 20) << 24 | (word & 0xfffff) };

		if (ioctl(fd, HDA_IOCTL_VERB_WRITE, &v) < 0) {
			fprintf(stderr, "verbs: verb %u: %s\n", i, strerror(errno));
			return 1;
		}
		wrong += v.res != sequence_answer(i);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	s = (end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9;
	printf("@@ flood verbs=%u seconds=%.3f rate=%.0f wrong=%u\n", count, s, count / s, wrong);
	return 0;
}
