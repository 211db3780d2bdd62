// SPDX-License-Identifier: GPL-2.0-or-later
/* Built without libvirt: always fails. */
#include "qemu/libvirt/libvirt.h"

#include <stddef.h>

#include "base/err.h"

static struct err *without(const char *name)
{
	return err_new(ERR_FAIL, "the libvirt guest %s: this hdadump was built without libvirt; build it "
		       "where libvirt-dev and libxml2-dev are installed", name);
}

struct err *libvirt_open(const char *uri, const char *name, struct libvirt_guest **out)
{
	(void)uri;
	*out = NULL;
	return without(name);
}

void libvirt_close(struct libvirt_guest *g)
{
	(void)g;
}

struct err *libvirt_monitor(struct libvirt_guest *g, int *fd)
{
	(void)g;
	*fd = -1;
	return without("");
}

const char *libvirt_name(const struct libvirt_guest *g)
{
	(void)g;
	return "";
}

const char *libvirt_uri(const struct libvirt_guest *g)
{
	(void)g;
	return "";
}
