// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls the module `libvirt`. Only the module opens a guest, so a function with a guest finds it loaded. */
#include "qemu/libvirt/libvirt.h"

#include "base/err.h"
#include "qemu/libvirt/libvirt_module.h"

static struct module module = {
	.name = "libvirt",
	.without = "this hdadump was built without libvirt; build it where libvirt-dev and libxml2-dev "
		   "are installed",
	.head = MODULE_HEAD(struct libvirt_module, LIBVIRT_FORM),
};

static const struct libvirt_module *loaded(void)
{
	return (const struct libvirt_module *)module.table;
}

struct err *libvirt_open(const char *uri, const char *name, struct libvirt_guest **out)
{
	struct err *e = err_wrap(module_load(&module), "the libvirt guest %s", name);

	*out = NULL;
	return e ? e : loaded()->open(uri, name, out);
}

void libvirt_close(struct libvirt_guest *g)
{
	if (g)
		loaded()->close(g);
}

struct err *libvirt_monitor(struct libvirt_guest *g, int *fd)
{
	return loaded()->monitor(g, fd);
}

const char *libvirt_name(const struct libvirt_guest *g)
{
	return loaded()->name(g);
}

const char *libvirt_uri(const struct libvirt_guest *g)
{
	return loaded()->uri(g);
}

bool libvirt_is_running(const struct libvirt_guest *g)
{
	return loaded()->is_running(g);
}

bool libvirt_is_persistent(const struct libvirt_guest *g)
{
	return loaded()->is_persistent(g);
}

unsigned long libvirt_version(const struct libvirt_guest *g)
{
	return loaded()->version(g);
}

struct err *libvirt_xml(struct libvirt_guest *g, bool next_start, char **xml)
{
	return loaded()->xml(g, next_start, xml);
}

struct err *libvirt_define(struct libvirt_guest *g, const char *xml)
{
	return loaded()->define(g, xml);
}

struct err *libvirt_hostdevs(struct libvirt_guest *g, const char *xml, struct domain_hostdev *list,
			     size_t *count)
{
	(void)g;
	return loaded()->hostdevs(xml, list, count);
}

struct err *libvirt_change_xml(struct libvirt_guest *g, const char *xml, const char *alias, bool add,
			       struct buf *out)
{
	/* the first libvirt that knows qemu:override */
	bool override = libvirt_version(g) >= 8002000;

	return add ? loaded()->add(xml, alias, override, out) : loaded()->remove(xml, alias, out);
}
