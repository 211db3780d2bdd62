/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends verbs to a codec and returns the answers. Two kinds: the kernel's hwdep device
 * (/dev/snd/hwC0D0) of a real codec, and an emulated codec made from a model, for tests and
 * for trying a list before it is sent to a real speaker.
 *
 * Verb words have the form used on the link; the codec's address in them is ignored, because
 * a device is for one codec.
 *
 * Ownership: dev_destroy() closes the device; the model belongs to the caller.
 */
#ifndef HDADUMP_REPLAY_CODEC_DEVICE_H
#define HDADUMP_REPLAY_CODEC_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

struct codec_model;
struct err;
struct codec_dev;

/*
 * The kernel's answer if the codec did not answer; a codec can also answer this, and only
 * dev_is_alive() can distinguish the two.
 */
#define DEV_SILENCE UINT32_MAX

/* The kernel refuses verbs to higher NIDs (snd_hdac_make_cmd). */
#define DEV_NID_MAX 0x7f

struct codec_dev_ops {
	/* Errors: the device was removed or refuses. No answer from the codec is not an error. */
	struct err *(*ask)(struct codec_dev *p, uint32_t verb, uint32_t *resp);
	void (*destroy)(struct codec_dev *p);
};

/* First member of every device's own struct. */
struct codec_dev {
	const struct codec_dev_ops *ops;
};

static inline void dev_destroy(struct codec_dev *p)
{
	if (p)
		p->ops->destroy(p);
}

static inline struct err *dev_ask(struct codec_dev *p, uint32_t verb, uint32_t *resp)
{
	return p->ops->ask(p, verb, resp);
}

/* Reads parameter @param of @nid. */
struct err *dev_param(struct codec_dev *p, unsigned int nid, unsigned int param, uint32_t *resp);

/* The ids of a codec; 0 = unknown. */
struct codec_identity {
	uint32_t vendor;	/* 0x10ec0298 */
	uint32_t subsystem;	/* chosen as the kernel does: parameter 01, else verb F20 */
	uint32_t revision;
};

struct err *dev_identify(struct codec_dev *p, struct codec_identity *id);
/* True if the codec still answers with the ids @id. */
struct err *dev_is_alive(struct codec_dev *p, const struct codec_identity *id, bool *alive);

/*
 * Opens a hwdep device. Only one program can have it open (otherwise EBUSY), and it needs
 * CAP_SYS_RAWIO.
 */
struct err *hwdep_open(const char *path, struct codec_dev **out);

/* Borrows the model, and changes it as verbs change a codec. */
struct err *dev_of_model(struct codec_model *m, struct codec_dev **out);
/* For tests: after @verbs more verbs it stops answering; UINT64_MAX = never. */
void dev_of_model_dies(struct codec_dev *p, uint64_t verbs);

#endif
