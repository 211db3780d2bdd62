// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the audio controllers of a machine that runs already. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json_access.h"
#include "live/devices.h"
#include "live/devices_int.h"
#include "qemu/qmp.h"
#include "qemu/qom.h"
#include "qemu/query_pci.h"
#include "qemu/vfio_user.h"

/* The kind of a controller, which determines its name in QEMU's trace. */
enum kind {
	KIND_EMULATED,
	KIND_VFIO,
	KIND_SOCKET,	/* vfio-user-pci */
};

static const char *const folders[] = { "/machine/peripheral", "/machine/peripheral-anon" };

/* --- asking QEMU's object model ---------------------------------------------- */

/*
 * Finds the object of a PCI device made by -device: by its id, or by its address among those
 * without an id. *path is NULL if it was not made by -device.
 */
static struct err *find_object(struct qmp *q, const char *id, uint64_t devfn, char **path,
			       enum kind *kind)
{
	const char *folder = folders[!*id];
	struct json_object *list = NULL, *addr;
	struct err *e = qom_list(q, folder, &list);

	*path = NULL;
	for (size_t i = 0; !e && !*path && i < json_count(list); i++) {
		struct json_object *child = json_object_array_get_idx(list, i);
		const char *name = member_text(child, "name"), *type = member_text(child, "type");
		enum kind its;

		if (!name || !type)
			continue;
		its = strncmp(type, "child<vfio-pci", 14) == 0 ? KIND_VFIO :
		      vfio_user_is_type(type) ? KIND_SOCKET : KIND_EMULATED;
		if (*id ? strcmp(name, id) != 0 :
			  its == KIND_EMULATED && !strstr(type, "intel-hda>"))
			continue;
		if (asprintf(path, "%s/%s", folder, name) < 0) {
			*path = NULL;
			e = err_nomem();
			break;
		}
		*kind = its;
		if (*id)
			break;
		e = qom_get_if_there(q, *path, "addr", &addr);
		if (!json_object_is_type(addr, json_type_int) ||
		    (uint64_t)json_object_get_int64(addr) != devfn) {
			free(*path);
			*path = NULL;
			*kind = KIND_EMULATED;
		}
		json_object_put(addr);
	}
	json_object_put(list);
	return e;
}

/*
 * A passed-through device's name in QEMU's trace: its host address, from host= or from its
 * sysfs folder.
 */
static struct err *ask_vfio(struct qmp *q, const char *path, struct device *dev)
{
	struct json_object *host = NULL, *sysfs = NULL, *no_mmap = NULL;
	const char *text, *folder;
	struct err *e = qom_get_if_there(q, path, "host", &host);

	if (!e)
		e = qom_get_if_there(q, path, "sysfsdev", &sysfs);
	if (!e)
		e = qom_get_if_there(q, path, "x-no-mmap", &no_mmap);
	if (e)
		goto out;
	text = json_string(host) ? json_string(host) : "";
	folder = json_string(sysfs) ? json_string(sysfs) : "";
	/* without host= the address is ffffffff:ffffffff:... */
	if (*folder && (strncmp(text, "ffff", 4) == 0 || !*text))
		text = strrchr(folder, '/') ? strrchr(folder, '/') + 1 : folder;
	dev->key = strdup(text);
	dev->name = strdup(text);
	dev->hidden = no_mmap && !json_is_true(no_mmap);
	if (!dev->key || !dev->name)
		e = err_nomem();
out:
	json_object_put(host);
	json_object_put(sysfs);
	json_object_put(no_mmap);
	return e;
}

/* A vfio-user device's name in QEMU's trace. */
static struct err *ask_socket(struct qmp *q, const char *path, struct device *dev)
{
	struct err *e = vfio_user_ask(q, path, &dev->key, &dev->hidden);

	if (!e && !dev->key)
		e = err_new(ERR_FORMAT, "QEMU lists no BAR of its device %s", path);
	if (!e && !(dev->name = strdup(dev->key)))
		e = err_nomem();
	return e;
}

static uint64_t bar0(struct json_object *pci)
{
	struct json_object *regions = json_member(pci, "regions");

	for (size_t i = 0; i < json_count(regions); i++) {
		struct json_object *r = json_object_array_get_idx(regions, i);

		if (member_number(r, "bar") == 0 && json_member(r, "address"))
			return member_number(r, "address");	/* -1: BAR_UNKNOWN */
	}
	return BAR_UNKNOWN;
}

static struct err *add_device(void *arg, struct json_object *pci)
{
	struct devices *d = arg;
	uint64_t slot = member_number(pci, "slot") & 0x1f, function = member_number(pci, "function") & 7;
	const char *id = member_text(pci, "qdev_id");
	struct device dev = { .ctrl = -1, .bar = bar0(pci) };
	enum kind kind = KIND_EMULATED;
	char *path = NULL;
	struct err *e = devices_pci_name(pci, &dev.place);

	if (!e)
		e = find_object(d->q, id ? id : "", slot << 3 | function, &path, &kind);
	if (!e && kind == KIND_VFIO)
		e = ask_vfio(d->q, path, &dev);
	else if (!e && kind == KIND_SOCKET)
		e = ask_socket(d->q, path, &dev);
	else if (!e && !(dev.name = strdup(dev.place)))
		e = err_nomem();
	free(path);
	if (!e)
		return devices_add(d, &dev, id, NULL);
	free(dev.key);
	free(dev.name);
	free(dev.place);
	return e;
}

/* Reads the device's present BAR. */
static struct err *locate_device(void *arg, struct json_object *pci)
{
	struct devices *d = arg;
	char *place = NULL;
	struct err *e = devices_pci_name(pci, &place);

	for (size_t i = 0; !e && i < d->count; i++)
		if (d->list[i].place && strcmp(d->list[i].place, place) == 0)
			d->list[i].bar = bar0(pci);
	free(place);
	return e;
}

/* Calls @what for each audio controller of @list, also behind its bridges. */
/* --- those behind sockets ------------------------------------------------------ */

static struct err *add_socket_audio(void *arg, struct json_object *pci)
{
	struct devices *d = arg;
	uint64_t slot = member_number(pci, "slot") & 0x1f, function = member_number(pci, "function") & 7;
	const char *id = member_text(pci, "qdev_id");
	struct device dev = { .ctrl = CTRL_LATER, .bar = BAR_UNKNOWN };
	enum kind kind = KIND_EMULATED;
	char *path = NULL;
	struct err *e = find_object(d->q, id ? id : "", slot << 3 | function, &path, &kind);

	if (!e && kind == KIND_SOCKET)
		e = ask_socket(d->q, path, &dev);
	free(path);
	if (!e && dev.key && !devices_has_key(d, dev.key))
		return devices_add(d, &dev, id, NULL);
	free(dev.key);
	free(dev.name);
	return e;
}

/* The others: a device without a name is not one of ours. */
static struct err *add_socket_others(struct devices *d, const char *folder)
{
	struct json_object *list = NULL;
	struct err *e = qom_list(d->q, folder, &list);

	for (size_t i = 0; !e && i < json_count(list); i++) {
		struct json_object *child = json_object_array_get_idx(list, i);
		struct device dev = { .bar = BAR_UNKNOWN };
		char *path = NULL;
		bool mapped;

		if (!vfio_user_is_type(member_text(child, "type")) || !member_text(child, "name"))
			continue;
		if (asprintf(&path, "%s/%s", folder, member_text(child, "name")) < 0)
			e = err_nomem();
		else
			e = vfio_user_ask(d->q, path, &dev.key, &mapped);
		free(path);
		if (!e && dev.key && !devices_has_key(d, dev.key))
			e = devices_add(d, &dev, NULL, NULL);
		else
			free(dev.key);
	}
	json_object_put(list);
	return e;
}

struct err *devices_add_sockets(struct devices *d, bool *audio)
{
	struct err *e = query_pci_audio(d->q, add_socket_audio, d);

	for (size_t i = 0; audio && i < d->count; i++)
		*audio |= d->list[i].key && d->list[i].name;
	for (size_t i = 0; i < 2 && !e; i++)
		e = add_socket_others(d, folders[i]);
	return e;
}

/* --- a machine that runs -------------------------------------------------------- */

struct err *devices_join(struct devices *d)
{
	struct err *e = query_pci_audio(d->q, add_device, d);

	for (size_t i = 0; i < 2 && !e; i++)
		e = add_socket_others(d, folders[i]);
	return e;
}

struct err *devices_locate(struct devices *d)
{
	for (size_t i = 0; i < d->count; i++)
		d->list[i].bar = BAR_UNKNOWN;
	return query_pci_audio(d->q, locate_device, d);
}

struct event devices_announce(const struct device *dev)
{
	return (struct event){
		.kind = EV_CONTROLLER, .time = EVENT_TIME_NONE, .ctrl = (uint16_t)dev->ctrl,
		.data = dev->name, .len = (uint32_t)strlen(dev->name), .origin = ORIGIN_TRACE,
		.value = dev->key ? CTRL_VFIO : CTRL_EMULATED,
	};
}
