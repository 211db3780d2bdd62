// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/pci_audio.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json_access.h"
#include "base/vec.h"
#include "qemu/qmp.h"
#include "qemu/qom.h"
#include "qemu/query_pci.h"
#include "qemu/vfio_user.h"

#define DEVICES_MAX 256

void pci_audio_deinit(struct pci_audios *a)
{
	for (size_t i = 0; i < a->count; i++) {
		free(a->list[i].id);
		free(a->list[i].host);
	}
	free(a->list);
	*a = (struct pci_audios){ 0 };
}

static const char *string(struct json_object *o, const char *key)
{
	const char *text = member_text(o, key);

	return text ? text : "";
}

static void take_bars(struct json_object *dev, struct pci_audio *d)
{
	struct json_object *regions = json_member(dev, "regions");

	for (size_t i = 0; i < json_count(regions); i++) {
		struct json_object *r = json_object_array_get_idx(regions, i);
		uint64_t bar = member_number(r, "bar"), start = member_number(r, "address");
		uint64_t size = member_number(r, "size");

		if (bar >= PCI_BARS || strcmp(string(r, "type"), "memory") != 0)
			continue;
		/* QEMU writes "not mapped" as -1, which is not an address */
		if (!start || start == UINT64_MAX || !size || size - 1 > UINT64_MAX - start)
			continue;
		d->bar[bar] = (struct pci_bar){ .start = start, .size = size };
	}
}

static struct err *take_device(void *arg, struct json_object *dev)
{
	struct pci_audios *a = arg;
	uint64_t slot = member_number(dev, "slot") & 0x1f, function = member_number(dev, "function") & 7;

	if (a->count == DEVICES_MAX)
		return err_new(ERR_FORMAT, "query-pci names more than %d audio controllers",
			       DEVICES_MAX);
	if (!vec_more(a->list, a->count))
		return err_nomem();
	struct pci_audio *d = &a->list[a->count++];

	*d = (struct pci_audio){ .devfn = (uint8_t)(slot << 3 | function) };
	snprintf(d->place, sizeof(d->place), "0000:%02x:%02x.%x",
		 (unsigned int)(member_number(dev, "bus") & 0xff), (unsigned int)slot,
		 (unsigned int)function);
	take_bars(dev, d);
	d->id = strdup(string(dev, "qdev_id"));
	return d->id ? NULL : err_nomem();
}

struct err *pci_audio_parse(struct json_object *answer, struct pci_audios *a)
{
	return query_pci_each(answer, take_device, a);
}

/* --- the host's names ---------------------------------------------------------- */

/* The host's address of the vfio-pci device at @path; *host NULL = none. */
static struct err *ask_host(struct qmp *q, const char *path, char **host)
{
	struct json_object *sysfsdev = NULL;
	struct err *e = qom_get(q, path, "sysfsdev", &sysfsdev);
	const char *place = json_string(sysfsdev);
	const char *slash = place ? strrchr(place, '/') : NULL;

	*host = slash ? strdup(slash + 1) : NULL;
	json_object_put(sysfsdev);
	return !e && slash && !*host ? err_nomem() : e;
}

/* Finds the controller of one passed-through device and sets its name in QEMU's trace. */
static struct err *name_device(struct qmp *q, const char *folder, const char *name, bool socket,
			       struct pci_audios *a)
{
	struct json_object *addr = NULL;
	bool anonymous = strchr(name, '['), mapped;
	struct buf path = { 0 };
	char *host = NULL;

	buf_addf(&path, "%s/%s", folder, name);
	struct err *e = buf_err(&path);
	if (!e)
		e = socket ? vfio_user_ask(q, buf_str(&path), &host, &mapped) :
			     ask_host(q, buf_str(&path), &host);
	if (!e)
		e = qom_get(q, buf_str(&path), "addr", &addr);
	for (size_t i = 0; i < a->count && !e && host; i++) {
		struct pci_audio *d = &a->list[i];
		bool same = anonymous ? !*d->id && !d->host &&
				json_object_get_int64(addr) == d->devfn : strcmp(d->id, name) == 0;

		if (!same)
			continue;
		free(d->host);
		d->host = host;
		host = NULL;
	}
	free(host);
	json_object_put(addr);
	buf_deinit(&path);
	return e;
}

static struct err *name_folder(struct qmp *q, const char *folder, struct pci_audios *a)
{
	struct json_object *list = NULL;
	struct err *e = qom_list(q, folder, &list);

	for (size_t i = 0; i < json_count(list) && !e; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		bool socket = vfio_user_is_type(string(o, "type"));

		if (socket || strncmp(string(o, "type"), "child<vfio-pci", 14) == 0)
			e = name_device(q, folder, string(o, "name"), socket, a);
	}
	json_object_put(list);
	return e;
}

struct err *pci_audio_ask(struct qmp *q, struct pci_audios *a)
{
	struct err *e = query_pci_audio(q, take_device, a);

	if (!e && a->count)
		e = name_folder(q, "/machine/peripheral", a);
	if (!e && a->count)
		e = name_folder(q, "/machine/peripheral-anon", a);
	return e;
}
