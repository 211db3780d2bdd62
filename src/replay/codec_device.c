// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/codec_device.h"

#include <stdlib.h>

#include "base/bits.h"
#include "base/err.h"
#include "codec/decode.h"
#include "model/answer.h"
#include "model/model.h"

struct err *dev_param(struct codec_dev *p, unsigned int nid, unsigned int param, uint32_t *resp)
{
	return dev_ask(p, verb_join(0, nid, 0xf00, param), resp);
}

/*
 * Reads the subsystem id as the kernel does: read_subsystem_id() and snd_hdac_device_init()
 * in sound/hda.
 */
static struct err *ask_subsystem(struct codec_dev *p, uint32_t *subsystem)
{
	uint32_t count, resp;
	struct err *e = dev_param(p, 0, PARAM_SUBSYSTEM_ID, subsystem);
	unsigned int first, last;

	if (e || (*subsystem && *subsystem != UINT32_MAX))
		return e;
	*subsystem = 0;
	e = dev_param(p, 0, PARAM_NODE_COUNT, &count);
	if (e || count == DEV_SILENCE)
		return e;
	first = (unsigned int)bits(count, 23, 16);
	last = first + (unsigned int)bits(count, 7, 0);
	for (unsigned int nid = first; !e && nid < last && nid <= DEV_NID_MAX && !*subsystem; nid++) {
		e = dev_ask(p, verb_join(0, nid, 0xf20, 0), &resp);
		if (!e && resp != UINT32_MAX)
			*subsystem = resp;
	}
	return e;
}

struct err *dev_identify(struct codec_dev *p, struct codec_identity *id)
{
	struct err *e = dev_param(p, 0, PARAM_VENDOR_ID, &id->vendor);

	if (!e && (id->vendor == DEV_SILENCE || !id->vendor))
		return err_new(ERR_FAIL, "the codec does not answer: is it powered, and does its "
			       "driver work? see dmesg");
	if (!e)
		e = dev_param(p, 0, PARAM_REVISION_ID, &id->revision);
	if (!e)
		e = ask_subsystem(p, &id->subsystem);
	return e;
}

struct err *dev_is_alive(struct codec_dev *p, const struct codec_identity *id, bool *alive)
{
	uint32_t vendor;
	struct err *e = dev_param(p, 0, PARAM_VENDOR_ID, &vendor);

	*alive = !e && vendor == id->vendor;
	return e;
}

/* --- an emulated codec ---------------------------------------------------- */

struct emulated {
	struct codec_dev base;
	struct codec_model *model;
	uint64_t life;		/* number of verbs until it stops answering */
};

static struct err *emulated_ask(struct codec_dev *base, uint32_t verb, uint32_t *resp)
{
	struct emulated *p = (struct emulated *)base;

	*resp = DEV_SILENCE;
	if (!p->life)
		return NULL;
	if (p->life != UINT64_MAX)
		p->life--;
	/* a codec answers an unknown verb with 0 */
	codec_answer(p->model, verb, resp);
	return NULL;
}

static void emulated_destroy(struct codec_dev *base)
{
	free(base);
}

struct err *dev_of_model(struct codec_model *m, struct codec_dev **out)
{
	static const struct codec_dev_ops ops = { .ask = emulated_ask, .destroy = emulated_destroy };
	struct emulated *p = calloc(1, sizeof(*p));

	if (!p)
		return err_nomem();
	p->base.ops = &ops;
	p->model = m;
	p->life = UINT64_MAX;
	*out = &p->base;
	return NULL;
}

void dev_of_model_dies(struct codec_dev *base, uint64_t verbs)
{
	((struct emulated *)base)->life = verbs;
}
