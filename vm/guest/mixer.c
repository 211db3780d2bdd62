// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mixer NAME VALUE: sets all channels of the first card's control of that name, as
 * a user moves a slider.  An underline in NAME stands for a blank.  Speaks to the
 * kernel directly: there is no ALSA library in the guest.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <sound/asound.h>

int main(int argc, char **argv)
{
	struct snd_ctl_elem_info info;
	struct snd_ctl_elem_value value;
	int fd;

	if (argc != 3)
		return 2;
	fd = open("/dev/snd/controlC0", O_RDWR);
	if (fd < 0) {
		perror("mixer: /dev/snd/controlC0");
		return 1;
	}
	memset(&info, 0, sizeof(info));
	info.id.iface = SNDRV_CTL_ELEM_IFACE_MIXER;
	snprintf((char *)info.id.name, sizeof(info.id.name), "%s", argv[1]);
	for (char *p = (char *)info.id.name; *p; p++)
		if (*p == '_')
			*p = ' ';
	if (ioctl(fd, SNDRV_CTL_IOCTL_ELEM_INFO, &info) < 0) {
		fprintf(stderr, "mixer: no control '%s': %s\n", info.id.name, strerror(errno));
		return 1;
	}
	memset(&value, 0, sizeof(value));
	value.id = info.id;
	for (unsigned int i = 0; i < info.count && i < 128; i++)
		value.value.integer.value[i] = strtol(argv[2], NULL, 0);
	if (ioctl(fd, SNDRV_CTL_IOCTL_ELEM_WRITE, &value) < 0) {
		perror("mixer: write");
		return 1;
	}
	close(fd);
	return 0;
}
