// SPDX-License-Identifier: GPL-2.0-or-later
#include "live/devices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/json_access.h"
#include "base/log.h"
#include "base/vec.h"
#include "event/names.h"
#include "live/devices_int.h"
#include "qemu/qmp.h"
#include "qemu/qom.h"
#include "qemu/query_pci.h"
#include "qemu/vfio_user.h"

#define EMULATED_BAR_SIZE 0x4000	/* QEMU's hw/audio/intel-hda.c */
/* More regions than any machine has: more of them come only from a hostile guest. */
#define DEVICES_MAX 65536

void devices_deinit(struct devices *d)
{
	for (size_t i = 0; i < d->count; i++) {
		free(d->list[i].key);
		free(d->list[i].name);
		free(d->list[i].place);
	}
	free(d->list);
	free(d->sole);
	free(d->sole_id);
	*d = (struct devices){ 0 };
}

static struct err *look_at(struct qmp *q, const char *path, bool *vfio, bool *sockets,
			   unsigned int *emulated)
{
	struct json_object *ret = NULL;
	struct err *e = qom_list(q, path, &ret);

	if (e)
		return e;
	for (size_t i = 0; i < json_count(ret); i++) {
		const char *t = member_text(json_object_array_get_idx(ret, i), "type");

		if (!t)
			continue;
		*vfio |= strncmp(t, "child<vfio-pci", 14) == 0;
		*sockets |= vfio_user_is_type(t);
		*emulated += strstr(t, "intel-hda>") != NULL;
		/* the IOMMU's tables are in the guest, and QEMU's monitor does not use them */
		if (strstr(t, "-iommu"))
			log_warn("the machine has an IOMMU (%.*s): where its system uses it, a ring's "
				 "address is not memory's and its words cannot be read; leave it out "
				 "for a capture", (int)strcspn(t + 6, ">"), t + 6);
	}
	json_object_put(ret);
	return NULL;
}

/* --- names --------------------------------------------------------------- */

static bool covers(struct json_object *pci, uint64_t addr)
{
	struct json_object *regions = json_member(pci, "regions");

	for (size_t i = 0; i < json_count(regions); i++) {
		struct json_object *r = json_object_array_get_idx(regions, i);
		uint64_t start = member_number(r, "address");

		if (start != UINT64_MAX && addr >= start && addr - start < member_number(r, "size"))
			return true;
	}
	return false;
}

#define ANY_ADDRESS UINT64_MAX

struct err *devices_pci_name(struct json_object *pci, char **name)
{
	if (asprintf(name, "0000:%02x:%02x.%x", (unsigned int)member_number(pci, "bus") & 0xff,
		     (unsigned int)member_number(pci, "slot") & 0x1f,
		     (unsigned int)member_number(pci, "function") & 7) < 0) {
		*name = NULL;
		return err_nomem();
	}
	return NULL;
}

struct asked_name {
	uint64_t addr;		/* address of its registers, or ANY_ADDRESS */
	char *name, *id;
};

static struct err *take_name(void *arg, struct json_object *pci)
{
	struct asked_name *a = arg;
	const char *id = member_text(pci, "qdev_id");
	struct err *e;

	if (a->name || (a->addr != ANY_ADDRESS && !covers(pci, a->addr)))
		return NULL;
	e = devices_pci_name(pci, &a->name);
	if (!e && id)
		a->id = strdup(id);
	return e;
}

/* Asks QEMU which audio device has its registers at @addr, or at any address; *name NULL = none. */
static struct err *ask_name(struct devices *d, uint64_t addr, char **name, char **id)
{
	struct asked_name a = { .addr = addr };
	struct err *e = d->q ? query_pci_audio(d->q, take_name, &a) : NULL;

	*name = a.name;
	*id = a.id;
	return e;
}

struct err *devices_start(struct devices *d, bool *vfio, bool *emulated)
{
	bool sockets = false, audio = false;
	unsigned int n = 0;
	struct err *e;

	*vfio = false;
	e = look_at(d->q, "/machine/peripheral", vfio, &sockets, &n);
	if (!e)
		e = look_at(d->q, "/machine/peripheral-anon", vfio, &sockets, &n);
	*emulated = n > 0;
	if (!e && sockets)
		e = devices_add_sockets(d, &audio);
	*vfio |= audio;
	/*
	 * While a guest is busy the monitor answers late, and the guest runs on meanwhile: so
	 * do not ask for what is known without it.
	 */
	if (!e && n == 1 && !*vfio)
		e = ask_name(d, ANY_ADDRESS, &d->sole, &d->sole_id);
	return e;
}

/* The name of the emulated controller that @tl is about; *name NULL = it is none. */
static struct err *name_emulated(struct devices *d, const struct trace_line *tl, bool hda,
				 char **name, char **id)
{
	struct err *e = NULL;

	*name = *id = NULL;
	if (hda && d->sole) {
		*name = d->sole;
		*id = d->sole_id;
		d->sole = d->sole_id = NULL;
		return NULL;
	}
	if (hda || !tl->name)
		e = ask_name(d, tl->addr, name, id);
	if (!e && hda && !*name &&
	    asprintf(name, "intel-hda@%llx", (unsigned long long)tl->mr) < 0) {
		*name = NULL;
		e = err_nomem();
	}
	return e;
}

/* True for a passed-through device that is of another class in sysfs. */
static bool is_other_class(const char *name, size_t len)
{
	char path[128], class[16] = "";

	if (len > 64 || memchr(name, '/', len))
		return false;
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%.*s/class", (int)len, name);
	FILE *f = fopen(path, "re");
	if (!f)
		return false;
	bool read = fgets(class, sizeof(class), f);
	fclose(f);
	return read && strncmp(class, "0x0403", 6) != 0;
}

static bool is_wanted(const struct devices *d, const char *name, const char *id)
{
	return !d->only || ctrl_is_named(name, strlen(name), d->only) ||
	       (id && strcmp(d->only, id) == 0);
}

static struct err *give_number(struct devices *d, struct device *dev)
{
	if (d->controllers == EVENT_MAX_CTRL)
		return err_new(ERR_FAIL, "the machine has more than %d audio controllers",
			       EVENT_MAX_CTRL);
	dev->ctrl = d->controllers++;
	return NULL;
}

struct err *devices_add(struct devices *d, struct device *dev, const char *id, struct device **out)
{
	bool wanted = dev->name && is_wanted(d, dev->name, id);
	struct err *e = NULL;

	if (d->count == DEVICES_MAX)
		e = err_new(ERR_FAIL, "QEMU's trace names more than %d devices", DEVICES_MAX);
	else if (!vec_more(d->list, d->count))
		e = err_nomem();
	if (!wanted)
		dev->ctrl = -1;
	else if (!e && dev->ctrl != CTRL_LATER)
		e = give_number(d, dev);
	if (e) {
		free(dev->key);
		free(dev->name);
		free(dev->place);
		return e;
	}
	d->list[d->count] = *dev;
	if (out)
		*out = &d->list[d->count];
	d->count++;
	return NULL;
}

/* An emulated controller that QEMU named before its first line in the trace. */
static struct device *joined(struct devices *d, const char *name)
{
	for (size_t i = 0; i < d->count; i++)
		if (!d->list[i].key && !d->list[i].mr && d->list[i].name &&
		    strcmp(d->list[i].name, name) == 0)
			return &d->list[i];
	return NULL;
}

/* Handles a device at its first line in the trace; *known: QEMU has it. */
static struct err *new_device(struct devices *d, const struct trace_line *tl, struct device **out,
			      bool *known)
{
	struct device dev = { .bar = BAR_UNKNOWN };
	struct err *e = NULL;
	char *id = NULL;

	*known = false;
	if (tl->access == TRACE_VFIO) {
		dev.key = strndup(tl->name, tl->name_len);
		if (!dev.key)
			return err_nomem();
		/* a device without a name is not one of ours */
		if (!is_other_class(tl->name, tl->name_len)) {
			dev.name = strdup(dev.key);
			e = dev.name ? NULL : err_nomem();
		}
	} else {
		dev.mr = tl->mr;
		e = name_emulated(d, tl, tl->name && tl->name_len == 9 &&
				  memcmp(tl->name, "intel-hda", 9) == 0, &dev.name, &id);
		*out = !e && dev.name ? joined(d, dev.name) : NULL;
		if (*out) {
			*known = true;
			(*out)->mr = tl->mr;
			free(dev.name);
			free(id);
			return NULL;
		}
	}
	if (e) {
		free(dev.key);
		free(dev.name);
	} else {
		e = devices_add(d, &dev, id, out);
	}
	free(id);
	return e;
}

static struct device *known(struct devices *d, const struct trace_line *tl)
{
	for (size_t i = 0; i < d->count; i++) {
		struct device *dev = &d->list[i];

		if (tl->access == TRACE_VFIO && dev->key && strlen(dev->key) == tl->name_len &&
		    memcmp(dev->key, tl->name, tl->name_len) == 0)
			return dev;
		if (tl->access != TRACE_MEMORY || dev->key)
			continue;
		/* its region is not known yet, but QEMU has told its address */
		if (!dev->mr && dev->bar != BAR_UNKNOWN && tl->addr >= dev->bar &&
		    tl->addr - dev->bar < EMULATED_BAR_SIZE)
			dev->mr = tl->mr;
		if (dev->mr == tl->mr)
			return dev;
	}
	return NULL;
}

bool devices_has_key(const struct devices *d, const char *key)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->list[i].key && strcmp(d->list[i].key, key) == 0)
			return true;
	return false;
}

const struct device *devices_hidden(const struct devices *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->list[i].hidden && d->list[i].ctrl != -1)
			return &d->list[i];
	return NULL;
}

/* The device of a line: from the list, or new from QEMU. */
static struct device *look_up(struct devices *d, const struct trace_line *tl)
{
	struct device *dev = known(d, tl);

	if (dev || !d->q || tl->access != TRACE_VFIO || !vfio_user_is_name(tl->name, tl->name_len))
		return dev;
	/*
	 * it may have been plugged in later; an error means that QEMU is ending, which is
	 * noticed elsewhere
	 */
	err_free(devices_add_sockets(d, NULL));
	return known(d, tl);
}

struct err *devices_find(struct devices *d, const struct trace_line *tl, int *ctrl,
			 struct event *announce)
{
	unsigned int m = tl->same % ARRAY_SIZE(d->memo);

	/* an emulated controller needs the trace events of all devices */
	if (tl->access == TRACE_MEMORY && tl->name &&
	    (tl->name_len != 9 || memcmp(tl->name, "intel-hda", 9) != 0)) {
		*ctrl = -1;
		return NULL;
	}
	if (tl->access == TRACE_VFIO && tl->same && d->memo[m].same == tl->same) {
		*ctrl = d->memo[m].ctrl;
		return NULL;
	}
	if (tl->access == TRACE_MEMORY && d->memo_mr && d->memo_mr == tl->mr) {
		*ctrl = d->memo_mr_ctrl;
		return NULL;
	}
	struct device *dev = look_up(d, tl);
	struct err *e = NULL;
	bool told = dev && dev->ctrl != CTRL_LATER;

	if (!dev)
		e = new_device(d, tl, &dev, &told);
	else if (!told)
		e = give_number(d, dev);
	if (e)
		return e;
	if (dev->ctrl >= 0 && !told)
		*announce = devices_announce(dev);
	*ctrl = dev->ctrl;
	if (tl->access == TRACE_VFIO) {
		d->memo[m].same = tl->same;
		d->memo[m].ctrl = dev->ctrl;
	} else {
		d->memo_mr = tl->mr;
		d->memo_mr_ctrl = dev->ctrl;
	}
	return NULL;
}
