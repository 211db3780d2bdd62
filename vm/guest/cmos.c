// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cmos [N]: reads or sets one byte of the real-time clock's memory that
 * nothing else uses.  It is the guest's only memory across a reboot: how many
 * of its steps are done.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/io.h>

#define CMOS_INDEX 0x70
#define CMOS_DATA 0x71
#define OUR_BYTE 0x7e

int main(int argc, char **argv)
{
	if (ioperm(CMOS_INDEX, 2, 1)) {
		perror("cmos: ioperm");
		return 1;
	}
	outb(OUR_BYTE, CMOS_INDEX);
	if (argc > 1)
		outb(atoi(argv[1]), CMOS_DATA);
	else
		printf("%d\n", inb(CMOS_DATA));
	return 0;
}
