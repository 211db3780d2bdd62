// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/devices.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "source/qmp.h"

#define PCI_CLASS_HDA 0x0403
#define EMULATED_BAR_SIZE 0x4000	/* QEMU's hw/audio/intel-hda.c */
/* More regions than any machine has: an endless stream of new ones is hostile. */
#define DEVICES_MAX 65536

void devices_deinit(struct devices *d)
{
	for (size_t i = 0; i < d->count; i++) {
		free(d->list[i].key);
		free(d->list[i].name);
	}
	free(d->list);
	free(d->sole);
	free(d->sole_id);
	*d = (struct devices){ 0 };
}

static struct err *look_at(struct qmp *q, const char *path, bool *vfio, unsigned int *emulated)
{
	struct json_object *args = json_object_new_object(), *ret = NULL, *type;

	json_object_object_add(args, "path", json_object_new_string(path));
	struct err *e = qmp_execute(q, "qom-list", args, &ret);
	if (e)
		return e;
	size_t n = json_object_is_type(ret, json_type_array) ? json_object_array_length(ret) : 0;
	for (size_t i = 0; i < n; i++) {
		if (!json_object_object_get_ex(json_object_array_get_idx(ret, i), "type", &type))
			continue;
		const char *t = json_object_get_string(type);

		*vfio |= strncmp(t, "child<vfio-pci", 14) == 0;
		*emulated += strstr(t, "intel-hda>") != NULL;
	}
	json_object_put(ret);
	return NULL;
}

/* --- names --------------------------------------------------------------- */

static bool get(struct json_object *o, const char *key, struct json_object **v)
{
	return json_object_is_type(o, json_type_object) && json_object_object_get_ex(o, key, v);
}

static uint64_t number(struct json_object *o, const char *key)
{
	struct json_object *v;

	return get(o, key, &v) ? (uint64_t)json_object_get_int64(v) : 0;
}

static bool covers(struct json_object *dev, uint64_t addr)
{
	struct json_object *regions, *r;

	if (!get(dev, "regions", &regions) || !json_object_is_type(regions, json_type_array))
		return false;
	for (size_t i = 0; i < json_object_array_length(regions); i++) {
		r = json_object_array_get_idx(regions, i);
		uint64_t start = number(r, "address");

		if (start != UINT64_MAX && addr >= start && addr - start < number(r, "size"))
			return true;
	}
	return false;
}

#define ANY_ADDRESS UINT64_MAX

/* The audio device whose BAR covers @addr, among @list and behind its bridges. */
static struct json_object *find_audio(struct json_object *list, uint64_t addr, int depth)
{
	size_t n = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;

	for (size_t i = 0; i < n && depth < 16; i++) {
		struct json_object *dev = json_object_array_get_idx(list, i), *v, *sub;

		if (get(dev, "class_info", &v) && number(v, "class") == PCI_CLASS_HDA &&
		    (addr == ANY_ADDRESS || covers(dev, addr)))
			return dev;
		if (get(dev, "pci_bridge", &v) && get(v, "devices", &sub)) {
			struct json_object *found = find_audio(sub, addr, depth + 1);
			if (found)
				return found;
		}
	}
	return NULL;
}

/* Asks QEMU which audio device has its registers at @addr, or any; *name NULL: none has. */
static struct err *ask_name(struct devices *d, uint64_t addr, char **name, char **id)
{
	struct json_object *ret = NULL, *dev = NULL, *v, *buses;

	*name = *id = NULL;
	struct err *e = d->q ? qmp_execute(d->q, "query-pci", NULL, &ret) : NULL;
	if (e)
		return e;
	size_t n = json_object_is_type(ret, json_type_array) ? json_object_array_length(ret) : 0;
	for (size_t i = 0; i < n && !dev; i++)
		if (get(json_object_array_get_idx(ret, i), "devices", &buses))
			dev = find_audio(buses, addr, 0);
	if (dev) {
		if (asprintf(name, "0000:%02x:%02x.%x", (unsigned int)number(dev, "bus") & 0xff,
			     (unsigned int)number(dev, "slot") & 0x1f,
			     (unsigned int)number(dev, "function") & 7) < 0) {
			*name = NULL;
			e = err_nomem();
		} else if (get(dev, "qdev_id", &v)) {
			*id = strdup(json_object_get_string(v));
		}
	}
	json_object_put(ret);
	return e;
}

struct err *devices_start(struct devices *d, bool *vfio, bool *emulated)
{
	unsigned int n = 0;
	struct err *e;

	*vfio = false;
	e = look_at(d->q, "/machine/peripheral", vfio, &n);
	if (!e)
		e = look_at(d->q, "/machine/peripheral-anon", vfio, &n);
	*emulated = n > 0;
	/*
	 * The monitor answers late while a guest is busy, and until it does the
	 * guest runs ahead of us: what can be known now is not asked for then.
	 */
	if (!e && n == 1 && !*vfio)
		e = ask_name(d, ANY_ADDRESS, &d->sole, &d->sole_id);
	return e;
}

/* The name of the emulated controller that @tl is about; *name NULL: it is none. */
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

/* A passed through device that sysfs knows to be something else is left alone. */
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
	return !d->only || strcmp(d->only, name) == 0 || (id && strcmp(d->only, id) == 0);
}

static struct err *new_device(struct devices *d, const struct trace_line *tl, struct device **out)
{
	struct device dev = { .ctrl = -1 };
	struct err *e = NULL;
	char *id = NULL;

	if (d->count == DEVICES_MAX)
		return err_new(ERR_FAIL, "QEMU's trace names more than %d devices", DEVICES_MAX);
	if (tl->access == TRACE_VFIO) {
		dev.key = strndup(tl->name, tl->name_len);
		dev.name = strndup(tl->name, tl->name_len);
		if (!dev.key || !dev.name)
			e = err_nomem();
		else if (!is_other_class(tl->name, tl->name_len) && is_wanted(d, dev.name, NULL))
			dev.ctrl = 0;
	} else {
		dev.mr = tl->mr;
		e = name_emulated(d, tl, tl->name && tl->name_len == 9 &&
				  memcmp(tl->name, "intel-hda", 9) == 0, &dev.name, &id);
		if (!e && dev.name && is_wanted(d, dev.name, id))
			dev.ctrl = 0;
	}
	free(id);
	if (!e && dev.ctrl == 0 && d->controllers == EVENT_MAX_CTRL)
		e = err_new(ERR_FAIL, "the machine has more than %d audio controllers",
			    EVENT_MAX_CTRL);
	struct device *list = e ? NULL : realloc(d->list, (d->count + 1) * sizeof(*list));
	if (!e && !list)
		e = err_nomem();
	if (e) {
		free(dev.key);
		free(dev.name);
		return e;
	}
	if (dev.ctrl == 0)
		dev.ctrl = d->controllers++;
	d->list = list;
	list[d->count] = dev;
	*out = &list[d->count++];
	return NULL;
}

static struct device *known(struct devices *d, const struct trace_line *tl)
{
	for (size_t i = 0; i < d->count; i++) {
		struct device *dev = &d->list[i];

		if (tl->access == TRACE_MEMORY ? !dev->key && dev->mr == tl->mr :
		    dev->key && strlen(dev->key) == tl->name_len &&
		    memcmp(dev->key, tl->name, tl->name_len) == 0)
			return dev;
	}
	return NULL;
}

struct err *devices_find(struct devices *d, const struct trace_line *tl, int *ctrl,
			 struct event *announce)
{
	unsigned int m = tl->same % ARRAY_SIZE(d->memo);

	/* the trace of an emulated controller is the trace of every device of the machine */
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
	struct device *dev = known(d, tl);
	if (!dev) {
		struct err *e = new_device(d, tl, &dev);

		if (e)
			return e;
		if (dev->ctrl >= 0)
			*announce = (struct event){
				.kind = EV_CONTROLLER, .time = EVENT_TIME_NONE,
				.ctrl = (uint16_t)dev->ctrl, .data = dev->name,
				.len = (uint32_t)strlen(dev->name), .origin = ORIGIN_TRACE,
				.value = dev->key ? CTRL_VFIO : CTRL_EMULATED,
			};
	}
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
