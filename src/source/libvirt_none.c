// SPDX-License-Identifier: GPL-2.0-or-later
/* Built without libvirt. */
#include "source/libvirt.h"

#include "base/err.h"

struct err *libvirt_open_monitor(const char *uri, const char *name, int *fd, pid_t *pid)
{
	(void)uri;
	(void)fd;
	(void)pid;
	return err_new(ERR_FAIL, "--libvirt %s: this hdadump was built without libvirt; build it with "
		       "libvirt-dev installed", name);
}
