// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cmos [N]: reads or sets one byte of the real-time clock's memory that
 * nothing else uses.  It is the guest's only memory across a reboot: how many
 * of its steps are done.
 *
 * Through /dev/port: with ioperm(2) the access is this program's own, and as a
 * guest in QEMU's emulated SVM it gets a fault for that.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CMOS_INDEX 0x70
#define CMOS_DATA 0x71
#define OUR_BYTE 0x7e

int main(int argc, char **argv)
{
	uint8_t index = OUR_BYTE, data = 0;
	int fd = open("/dev/port", O_RDWR);

	if (fd < 0 || pwrite(fd, &index, 1, CMOS_INDEX) != 1) {
		perror("cmos: /dev/port");
		return 1;
	}
	if (argc > 1) {
		data = (uint8_t)atoi(argv[1]);
		if (pwrite(fd, &data, 1, CMOS_DATA) == 1)
			return 0;
	} else if (pread(fd, &data, 1, CMOS_DATA) == 1) {
		printf("%d\n", data);
		return 0;
	}
	perror("cmos: /dev/port");
	return 1;
}
