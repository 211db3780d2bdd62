// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump was built without libvirt. */
#include "base/err.h"
#include "cmd/libvirt_change.h"

struct err *libvirt_change(const struct libvirt_args *o)
{
	return err_new(ERR_FAIL, "%s: this hdadump was built without libvirt; build it where libvirt-dev and "
		       "libxml2-dev are installed", o->name);
}
