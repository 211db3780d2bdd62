// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verbs COUNT DEVICE: sends COUNT verbs flat out through the driver's hwdep
 * device, in a sequence that shows any loss, repetition or mispairing:
 *
 *   every even one   carries its own number, to a widget that does not exist
 *                    (the codec answers 0): NID 60h + bits 20 and up, then
 *                    bits 19:0 as verb and payload
 *   1, 5, 9 ...      sets the output amplifier of NID 2 to the gain
 *                    (i / 4) % 75
 *   3, 7, 11 ...     asks for it: the answer is the gain set just before
 *
 * The answers are checked here too.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* The kernel's include/uapi/sound/... has no header for these: sound/hda_hwdep.h. */
struct hda_verb_ioctl {
	uint32_t verb;
	uint32_t res;
};
#define HDA_IOCTL_VERB_WRITE _IOWR('H', 0x11, struct hda_verb_ioctl)

#define COUNTER_NID 0x60
#define AMP_NID 2
#define AMP_STEPS 75
#define SET_AMP_BOTH_OUT 0x3b0	/* verb 3, output, left and right */
#define GET_AMP_OUT_LEFT 0xba0	/* verb b, output, left */

static uint32_t hwdep_word(uint32_t nid, uint32_t verb, uint32_t payload)
{
	return nid << 24 | verb << 8 | payload;
}

static uint32_t nth_word(uint32_t i)
{
	if (i % 2 == 0)
		return hwdep_word(COUNTER_NID + (i >> 20), i >> 8 & 0xfff, i & 0xff);
	if (i % 4 == 1)
		return hwdep_word(AMP_NID, SET_AMP_BOTH_OUT, i / 4 % AMP_STEPS);
	return hwdep_word(AMP_NID, GET_AMP_OUT_LEFT, 0);
}

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
		struct hda_verb_ioctl v = { .verb = nth_word(i) };
		uint32_t expected = i % 4 == 3 ? i / 4 % AMP_STEPS : 0;

		if (ioctl(fd, HDA_IOCTL_VERB_WRITE, &v) < 0) {
			fprintf(stderr, "verbs: verb %u: %s\n", i, strerror(errno));
			return 1;
		}
		wrong += v.res != expected;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	s = (end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9;
	printf("@@ flood verbs=%u seconds=%.3f rate=%.0f wrong=%u\n", count, s, count / s, wrong);
	return 0;
}
