// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump libvirt, where hdadump was built without. */
#include "base/log.h"
#include "cmd/cmd.h"

int cmd_libvirt(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	log_note("this hdadump was built without libvirt; build it where libvirt-dev and libxml2-dev are "
		 "installed");
	return 1;
}
