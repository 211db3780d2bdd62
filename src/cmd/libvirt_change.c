// SPDX-License-Identifier: GPL-2.0-or-later
/* The change in a guest's definition that a capture needs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/out.h"
#include "base/text.h"
#include "base/unified_diff.h"
#include "cmd/libvirt_change.h"
#include "event/names.h"
#include "qemu/libvirt/domain_xml.h"
#include "qemu/libvirt/libvirt.h"

/* --- the change ---------------------------------------------------------------------- */

static bool is_audio(const char *address)
{
	char path[64], class[16] = "";

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/class", address);
	FILE *f = fopen(path, "re");
	if (!f)
		return false;
	bool read = fgets(class, sizeof(class), f);
	fclose(f);
	return read && strncmp(class, "0x0403", 6) == 0;
}

static struct err *no_device(const struct libvirt_args *o, const struct domain_hostdev *list,
			     size_t n)
{
	struct buf have = { 0 };
	struct err *e;

	for (size_t i = 0; i < n; i++)
		buf_addf(&have, "%s%s", i ? ", " : "", list[i].address);
	if (o->controller)
		e = err_new(ERR_FAIL, "the guest %s does not have the host's device %s; it has %s",
			    o->name, o->controller, n ? buf_str(&have) : "none");
	else
		e = err_new(ERR_FAIL, "the guest %s has no audio controller of the host (%s%s): add it "
			    "in virt-manager (Add Hardware, PCI Host Device) or with virsh edit; a "
			    "controller that QEMU emulates needs no change", o->name,
			    n ? "it has " : "no PCI device at all", buf_str(&have));
	buf_deinit(&have);
	return e;
}

/* Takes the names of running devices, which libvirt has only in the running guest's definition. */
static void names_of_life(struct libvirt_guest *g, struct domain_hostdev *list, size_t n)
{
	struct domain_hostdev living[DOMAIN_HOSTDEVS_MAX];
	char *xml = NULL;
	size_t count = 0;
	struct err *e = libvirt_is_running(g) ? libvirt_xml(g, false, &xml) : NULL;

	if (xml)
		e = libvirt_hostdevs(g, xml, living, &count);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < count; k++)
			if (strcmp(list[i].address, living[k].address) == 0)
				list[i] = living[k];
	err_free(e);
	free(xml);
}

static struct err *change(struct libvirt_guest *g, const struct libvirt_args *o, const char *xml,
			  struct buf *new)
{
	struct domain_hostdev list[DOMAIN_HOSTDEVS_MAX];
	struct buf next = { 0 };
	size_t n = 0, meant = 0;
	struct err *e = libvirt_hostdevs(g, xml, list, &n);

	buf_adds(new, xml);
	if (!e)
		names_of_life(g, list, n);
	for (size_t i = 0; i < n && !e; i++) {
		const char *address = list[i].address;

		if (o->controller ? !ctrl_is_named(address, strlen(address), o->controller) :
				    !is_audio(address))
			continue;
		meant++;
		e = libvirt_change_xml(g, buf_str(new), list[i].alias, o->prepare, &next);
		buf_clear(new);
		buf_adds(new, buf_str(&next));
	}
	buf_deinit(&next);
	if (!e && !meant)
		e = no_device(o, list, n);
	return e ? e : buf_err(new);
}

/* --- making the change ------------------------------------------------------------------ */

static struct err *make_folders(char *path)
{
	for (char *p = path + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			return err_sys(errno, "making %s", path);
		*p = '/';
	}
	return NULL;
}

/* Saves the old definition; the caller frees *path. */
static struct err *keep(const char *name, const char *xml, char **path)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	struct buf safe = { 0 };
	struct err *e = NULL;
	char stamp[32];
	time_t now = time(NULL);

	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", localtime(&now));
	for (const char *p = name; *p; p++)
		buf_addc(&safe, *p == '/' || *p == '.' ? '_' : (uint8_t)*p);
	if (asprintf(path, "%s%s/hdadump/%s-%s-%d.xml", state && *state ? state : home ? home : "",
		     state && *state ? "" : "/.local/state", buf_str(&safe), stamp, (int)getpid()) < 0) {
		*path = NULL;
		e = err_nomem();
	}
	buf_deinit(&safe);
	if (!e)
		e = make_folders(*path);
	int fd = e ? -1 : open(*path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (!e && fd < 0)
		e = err_sys(errno, "keeping the definition in %s", *path);
	int errnum = e ? 0 : out_write(fd, xml, strlen(xml));
	if (errnum)
		e = err_sys(errnum, "keeping the definition in %s", *path);
	if (fd >= 0 && close(fd) < 0 && !e)
		e = err_sys(errno, "keeping the definition in %s", *path);
	return e;
}

static struct err *apply(struct libvirt_guest *g, const struct libvirt_args *o, const char *old,
			 const char *new)
{
	char *path = NULL;
	struct err *e = keep(libvirt_name(g), old, &path);

	if (!e)
		e = libvirt_define(g, new);
	if (!e)
		log_note("the definition of %s was changed; the old one is in %s", libvirt_name(g), path);
	if (!e && o->prepare)
		log_note("undo it with: hdadump libvirt %s --revert --apply", o->name);
	free(path);
	return e;
}

static struct err *show(const struct libvirt_args *o, const char *old, const char *new)
{
	struct buf diff = { 0 }, safe = { 0 };
	char a[128], b[128];
	struct err *e;

	snprintf(a, sizeof(a), "%s.xml", o->name);
	snprintf(b, sizeof(b), "%s.xml (%s)", o->name, o->prepare ? "prepared" : "as before");
	e = unified_texts(a, b, old, new, &diff);
	/*
	 * the definition may contain any bytes: each line is made safe separately, so that
	 * lines stay lines
	 */
	for (const char *p = buf_str(&diff), *nl; !e && *p; p = nl + (*nl == '\n')) {
		nl = p + strcspn(p, "\n");
		text_add_safe(&safe, p, (size_t)(nl - p));
		buf_addc(&safe, '\n');
	}
	if (!e)
		e = out_answer(&safe);
	buf_deinit(&diff);
	buf_deinit(&safe);
	return e;
}

static struct err *work(struct libvirt_guest *g, const struct libvirt_args *o)
{
	struct buf new = { 0 };
	char *old = NULL;
	struct err *e;

	if (!libvirt_is_persistent(g))
		return err_new(ERR_FAIL, "the guest %s is transient: its definition ends with it; change "
			       "the program that creates it, or make it persistent (virsh dumpxml, virsh define)",
			       o->name);
	e = libvirt_xml(g, true, &old);
	if (!e)
		e = change(g, o, old, &new);
	if (e)
		goto out;
	if (strcmp(old, buf_str(&new)) == 0) {
		log_note("nothing needs to be changed: %s", o->prepare ? "x-no-mmap=on is there already" :
			 "it contains no change of hdadump");
		goto out;
	}
	e = show(o, old, buf_str(&new));
	if (!e && o->apply)
		e = apply(g, o, old, buf_str(&new));
	else if (!e)
		log_note("nothing was changed; --apply does it");
	if (!e && libvirt_is_running(g))
		log_note("%s runs: %s when it has been shut down and started again (a reboot from within is "
			 "not enough)", o->name, o->apply ? "it takes effect" : "it would take effect");
	if (!e && o->prepare)
		log_note("then: hdadump attach --libvirt %s -o FILE", o->name);
out:
	buf_deinit(&new);
	free(old);
	return e;
}

struct err *libvirt_change(const struct libvirt_args *o)
{
	struct libvirt_guest *g = NULL;
	struct err *e = libvirt_open(o->uri, o->name, &g);

	if (!e)
		e = work(g, o);
	libvirt_close(g);
	return e;
}
