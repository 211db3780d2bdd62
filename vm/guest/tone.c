// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tone MS: plays a 440 Hz square wave for MS milliseconds on the first PCM
 * device, so that the driver sets up a stream, a converter and a pin.  Speaks
 * to the kernel directly: there is no ALSA library in the guest.
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

#include <sound/asound.h>

#define RATE 48000
#define PERIOD 1024	/* frames */
#define PERIODS 4
#define MAX_STALLS 1000

static void mask_only(struct snd_pcm_hw_params *p, int param, unsigned int value)
{
	struct snd_mask *m = &p->masks[param - SNDRV_PCM_HW_PARAM_FIRST_MASK];

	memset(m, 0, sizeof(*m));
	m->bits[value / 32] = 1u << value % 32;
}

static void interval_only(struct snd_pcm_hw_params *p, int param, unsigned int value)
{
	struct snd_interval *i = &p->intervals[param - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL];

	memset(i, 0, sizeof(*i));
	i->min = i->max = value;
	i->integer = 1;
}

static int setup(int fd)
{
	struct snd_pcm_hw_params p;
	struct snd_pcm_sw_params sw;
	size_t i;

	memset(&p, 0, sizeof(p));
	memset(p.masks, 0xff, sizeof(p.masks));
	for (i = 0; i < sizeof(p.intervals) / sizeof(p.intervals[0]); i++)
		p.intervals[i].max = UINT32_MAX;
	p.rmask = UINT32_MAX;
	mask_only(&p, SNDRV_PCM_HW_PARAM_ACCESS, SNDRV_PCM_ACCESS_RW_INTERLEAVED);
	mask_only(&p, SNDRV_PCM_HW_PARAM_FORMAT, SNDRV_PCM_FORMAT_S16_LE);
	interval_only(&p, SNDRV_PCM_HW_PARAM_CHANNELS, 2);
	interval_only(&p, SNDRV_PCM_HW_PARAM_RATE, RATE);
	interval_only(&p, SNDRV_PCM_HW_PARAM_PERIOD_SIZE, PERIOD);
	interval_only(&p, SNDRV_PCM_HW_PARAM_PERIODS, PERIODS);
	if (ioctl(fd, SNDRV_PCM_IOCTL_HW_PARAMS, &p) < 0)
		return -1;

	memset(&sw, 0, sizeof(sw));
	sw.avail_min = PERIOD;
	sw.period_step = 1;
	sw.start_threshold = PERIOD * PERIODS / 2;
	sw.stop_threshold = PERIOD * PERIODS;
	sw.boundary = (snd_pcm_uframes_t)PERIOD * PERIODS << 32;
	if (ioctl(fd, SNDRV_PCM_IOCTL_SW_PARAMS, &sw) < 0)
		return -1;
	return ioctl(fd, SNDRV_PCM_IOCTL_PREPARE);
}

int main(int argc, char **argv)
{
	long left = argc > 1 ? strtol(argv[1], NULL, 0) * RATE / 1000 : RATE;
	static int16_t frames[PERIOD][2];
	unsigned int i, phase = 0, stalls = 0;
	int fd;

	fd = open("/dev/snd/pcmC0D0p", O_RDWR);
	if (fd < 0 || setup(fd) < 0) {
		perror("tone");
		return 1;
	}
	while (left > 0) {
		struct snd_xferi x = { .buf = frames, .frames = PERIOD };

		for (i = 0; i < PERIOD; i++)
			frames[i][0] = frames[i][1] = phase++ % (RATE / 440) < RATE / 880 ? 8000 : -8000;
		if (ioctl(fd, SNDRV_PCM_IOCTL_WRITEI_FRAMES, &x) < 0) {
			/* too slow a machine: begin again, it is no music */
			if ((errno != EPIPE && errno != EIO) || ++stalls > MAX_STALLS ||
			    ioctl(fd, SNDRV_PCM_IOCTL_PREPARE) < 0) {
				perror("tone: write");
				return 1;
			}
			continue;
		}
		left -= x.result;
	}
	close(fd);
	return 0;
}
