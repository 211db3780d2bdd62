// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's hwdep device of a codec.  Source: include/sound/hda_hwdep.h and
 * sound/pci/hda/hda_hwdep.c (since 6.17 sound/hda/common/hwdep.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "replay/codec_device.h"

/* A copy: the kernel's header is not installed with the others. */
struct hda_verb_ioctl {
	uint32_t verb;	/* NID 31:24, verb and payload 23:0 */
	uint32_t res;
};

#define HDA_IOCTL_PVERSION _IOR('H', 0x10, int)
#define HDA_IOCTL_VERB_WRITE _IOWR('H', 0x11, struct hda_verb_ioctl)

struct hwdep {
	struct codec_dev base;
	int fd;
};

static struct err *hwdep_ask(struct codec_dev *base, uint32_t verb, uint32_t *resp)
{
	struct hwdep *h = (struct hwdep *)base;
	struct hda_verb_ioctl v = {
		.verb = (verb >> 20 & 0xff) << 24 | (verb & 0xfffff), .res = DEV_SILENCE,
	};

	if (ioctl(h->fd, HDA_IOCTL_VERB_WRITE, &v) < 0) {
		if (errno == ENODEV)
			return err_new(ERR_FAIL, "the codec's driver has let it go (was it unbound, "
				       "or the card removed?)");
		return err_sys(errno, "the kernel did not take verb 0x%08x", verb);
	}
	*resp = v.res;
	return NULL;
}

static void hwdep_destroy(struct codec_dev *base)
{
	struct hwdep *h = (struct hwdep *)base;

	close(h->fd);
	free(h);
}

static struct err *cannot_open(const char *path, int errnum)
{
	switch (errnum) {
	case EBUSY:
		return err_new(ERR_FAIL, "%s is in use: one program at a time may talk to the codec "
			       "through it; end the other one ('fuser -v %s' names it)", path, path);
	case EACCES:
	case EPERM:
		return err_new(ERR_FAIL, "%s: not permitted: verbs are root's affair "
			       "(CAP_SYS_RAWIO); try with sudo", path);
	case ENOENT:
		return err_new(ERR_FAIL, "there is no %s: 'ls /dev/snd/hwC*' shows the codecs that "
			       "the kernel knows", path);
	default:
		return err_sys(errnum, "%s", path);
	}
}

struct err *hwdep_open(const char *path, struct codec_dev **out)
{
	static const struct codec_dev_ops ops = { .ask = hwdep_ask, .destroy = hwdep_destroy };
	struct err *e = NULL;
	struct hwdep *h;
	struct stat st;
	int version;
	int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return cannot_open(path, errno);
	if (fstat(fd, &st) < 0)
		e = err_sys(errno, "%s", path);
	else if (!S_ISCHR(st.st_mode) || ioctl(fd, HDA_IOCTL_PVERSION, &version) < 0 ||
		 version >> 16 != 1)
		e = err_new(ERR_FAIL, "%s is not the device of an HD Audio codec: these are called "
			    "/dev/snd/hwC0D0, with the card's and the codec's number", path);
	h = e ? NULL : calloc(1, sizeof(*h));
	if (!h) {
		close(fd);
		return e ? e : err_nomem();
	}
	h->base.ops = &ops;
	h->fd = fd;
	*out = &h->base;
	return NULL;
}
