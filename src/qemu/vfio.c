// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/vfio.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json_access.h"
#include "base/log.h"
#include "qemu/qmp.h"
#include "qemu/qom.h"

#define NO_MMAP "x-no-mmap"

enum vfio_class {
	CLASS_UNKNOWN,
	CLASS_AUDIO,	/* PCI class 04 03 */
	CLASS_OTHER,
};

/* --- the class of a device -------------------------------------------------- */

static enum vfio_class class_in(const char *folder)
{
	char path[512], class[16] = "";

	if (snprintf(path, sizeof(path), "%s/class", folder) >= (int)sizeof(path))
		return CLASS_UNKNOWN;
	FILE *f = fopen(path, "re");
	if (!f)
		return CLASS_UNKNOWN;
	bool read = fgets(class, sizeof(class), f);
	fclose(f);
	if (!read)
		return CLASS_UNKNOWN;
	return strncmp(class, "0x0403", 6) == 0 ? CLASS_AUDIO : CLASS_OTHER;
}

/* The class by the address in host=, which QEMU accepts with or without the domain. */
static enum vfio_class class_of_host(const char *sysfs, const char *host)
{
	unsigned int domain = 0, bus, slot, function;
	char folder[256];
	int n = 0;

	if ((sscanf(host, "%4x:%2x:%2x.%1x%n", &domain, &bus, &slot, &function, &n) != 4 ||
	     host[n]) &&
	    (domain = 0, sscanf(host, "%2x:%2x.%1x%n", &bus, &slot, &function, &n) != 3 || host[n]))
		return CLASS_UNKNOWN;
	snprintf(folder, sizeof(folder), "%.160s/%04x:%02x:%02x.%x", sysfs, domain, bus, slot,
		 function);
	return class_in(folder);
}

static enum vfio_class class_of(const char *sysfs, const char *host, const char *sysfsdev)
{
	return sysfsdev ? class_in(sysfsdev) : host ? class_of_host(sysfs, host) : CLASS_UNKNOWN;
}

static bool is_vfio_pci(const char *driver)
{
	return strcmp(driver, "vfio-pci") == 0 || strcmp(driver, "vfio-pci-nohotplug") == 0;
}

/* --- the command line -------------------------------------------------------- */

/*
 * The value of @key in "driver,key=value,..."; NULL = none. A comma in a value is doubled. A
 * word without '=' means "word=on".
 */
static const char *option(const char *arg, const char *key, struct buf *value)
{
	bool first = true, found = false;
	struct buf word = { 0 };

	buf_clear(value);
	for (const char *p = arg;; p++) {
		if (*p && (*p != ',' || p[1] == ',')) {
			buf_addc(&word, (uint8_t)*p);
			p += *p == ',';
			continue;
		}
		const char *text = buf_str(&word), *equal = strchr(text, '=');
		size_t n = equal ? (size_t)(equal - text) : strlen(text);

		/* the first word may omit "driver=" */
		bool driver = first && !equal;
		if (driver ? strcmp(key, "driver") == 0 :
		    n == strlen(key) && strncmp(text, key, n) == 0) {
			buf_clear(value);
			buf_adds(value, driver ? text : equal ? equal + 1 : "on");
			found = true;
		}
		buf_clear(&word);
		first = false;
		if (!*p)
			break;
	}
	buf_deinit(&word);
	return found ? buf_str(value) : NULL;
}

static bool exempt(const char *sysfs, const char *arg)
{
	struct buf driver = { 0 }, no_mmap = { 0 }, host = { 0 }, sysfsdev = { 0 };
	const char *name = option(arg, "driver", &driver);
	bool other = name && is_vfio_pci(name) && !option(arg, NO_MMAP, &no_mmap) &&
		     class_of(sysfs, option(arg, "host", &host),
			      option(arg, "sysfsdev", &sysfsdev)) == CLASS_OTHER;

	buf_deinit(&driver);
	buf_deinit(&no_mmap);
	buf_deinit(&host);
	buf_deinit(&sysfsdev);
	return other;
}

/* The same for '{"driver":"vfio-pci",...}', libvirt's form; NULL: no change. */
static char *exempt_json(const char *sysfs, const char *arg)
{
	struct json_object *o = json_tokener_parse(arg), *v;
	const char *driver;
	char *text = NULL;

	/* leave a wrong argument to QEMU, which reports it */
	if (json_object_is_type(o, json_type_object) && (driver = member_text(o, "driver")) &&
	    is_vfio_pci(driver) && !json_object_object_get_ex(o, NO_MMAP, &v) &&
	    class_of(sysfs, member_text(o, "host"), member_text(o, "sysfsdev")) == CLASS_OTHER) {
		json_object_object_add(o, NO_MMAP, json_object_new_boolean(false));
		text = strdup(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
							     JSON_C_TO_STRING_NOSLASHESCAPE));
	}
	json_object_put(o);
	return text;
}

struct err *vfio_argument(const char *sysfs, const char *arg, char **out)
{
	if (*arg == '{') {
		*out = exempt_json(sysfs, arg);
		if (*out)
			return NULL;
	} else if (exempt(sysfs, arg)) {
		if (asprintf(out, "%s," NO_MMAP "=off", arg) >= 0)
			return NULL;
		*out = NULL;
		return err_nomem();
	}
	*out = strdup(arg);
	return *out ? NULL : err_nomem();
}

/* --- a running QEMU --------------------------------------------------------- */

/* Checks one device, @folder/@name in the QOM tree. */
static struct err *check_device(struct qmp *q, const char *only, const char *folder,
				const char *name)
{
	struct json_object *sysfsdev = NULL, *no_mmap = NULL;
	const char *host = "a passed-through device";
	struct buf path = { 0 };
	struct err *e;

	buf_addf(&path, "%s/%s", folder, name);
	e = buf_err(&path);
	if (!e)
		e = qom_get(q, buf_str(&path), NO_MMAP, &no_mmap);
	/* when the device exists, QEMU has set sysfsdev from host */
	if (!e)
		e = qom_get(q, buf_str(&path), "sysfsdev", &sysfsdev);
	if (e)
		goto out;
	const char *place = json_string(sysfsdev) ? json_string(sysfsdev) : "";
	enum vfio_class class = class_in(place);
	bool traps = json_is_true(no_mmap);
	bool named = strchr(name, '[') == NULL;	/* "device[0]" is a name made by QEMU */

	if (strrchr(place, '/'))
		host = strrchr(place, '/') + 1;
	if (traps && class == CLASS_OTHER) {
		log_note("%s is not an audio device, but every access to it goes through "
			 "QEMU, which is slow: add " NO_MMAP "=off to its -device", host);
	} else if (!traps && class == CLASS_AUDIO &&
		   (!only || strcmp(only, host) == 0 || strcmp(only, name) == 0)) {
		e = err_new(ERR_FAIL, "%s%s%s%s is passed through with " NO_MMAP "=off: its guest "
			    "accesses the registers without QEMU, so no access can be traced; "
			    "start it as -device vfio-pci,host=%s," NO_MMAP "=on",
			    host, named ? " (" : "", named ? name : "", named ? ")" : "", host);
	}
out:
	json_object_put(sysfsdev);
	json_object_put(no_mmap);
	buf_deinit(&path);
	return e;
}

/* Checks every device, since each may have a note, and returns the first error. */
static struct err *first(struct err *e, struct err *later)
{
	if (!e)
		return later;
	err_free(later);
	return e;
}

static struct err *check_folder(struct qmp *q, const char *only, const char *folder)
{
	struct json_object *list = NULL;
	struct err *e = qom_list(q, folder, &list);

	for (size_t i = 0; i < json_count(list); i++) {
		struct json_object *o = json_object_array_get_idx(list, i);
		const char *type = member_text(o, "type"), *name = member_text(o, "name");

		if (name && type && strncmp(type, "child<vfio-pci", 14) == 0)
			e = first(e, check_device(q, only, folder, name));
	}
	json_object_put(list);
	return e;
}

struct err *vfio_check(struct qmp *q, const char *only)
{
	struct err *e = check_folder(q, only, "/machine/peripheral");

	return first(e, check_folder(q, only, "/machine/peripheral-anon"));
}
