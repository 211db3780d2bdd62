// SPDX-License-Identifier: GPL-2.0-or-later
/* Built without libvirt: there is never a guest. */
#include "source/libvirt.h"

#include <stddef.h>

#include "base/err.h"

struct err *libvirt_open(const char *uri, const char *name, struct libvirt_guest **out)
{
	(void)uri;
	(void)out;
	return err_new(ERR_FAIL, "the libvirt guest %s: this hdadump was built without libvirt; build it "
		       "where libvirt-dev is installed", name);
}

void libvirt_close(struct libvirt_guest *g)
{
	(void)g;
}

struct err *libvirt_monitor(struct libvirt_guest *g, int *fd, pid_t *pid)
{
	(void)g;
	(void)fd;
	(void)pid;
	return err_nomem();
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

bool libvirt_is_running(const struct libvirt_guest *g)
{
	(void)g;
	return false;
}

bool libvirt_is_persistent(const struct libvirt_guest *g)
{
	(void)g;
	return false;
}

unsigned long libvirt_version(const struct libvirt_guest *g)
{
	(void)g;
	return 0;
}

struct err *libvirt_xml(struct libvirt_guest *g, bool next_start, char **xml)
{
	(void)g;
	(void)next_start;
	(void)xml;
	return err_nomem();
}

struct err *libvirt_define(struct libvirt_guest *g, const char *xml)
{
	(void)g;
	(void)xml;
	return err_nomem();
}
