// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump libvirt: prepares a guest's definition for a capture. */
#include <stddef.h>

#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/libvirt_change.h"
#include "cmd/shared_options.h"

static const struct option_row rows[] = {
	{ .name = "prepare", .take = option_flag, .at = offsetof(struct libvirt_args, prepare),
	  .help = "the change, as a diff" },
	{ .name = "revert", .take = option_flag, .at = offsetof(struct libvirt_args, revert),
	  .help = "the change that undoes it, as a diff" },
	{ .name = "apply", .take = option_flag, .at = offsetof(struct libvirt_args, apply),
	  .help = "make the change; the old definition is saved in a file" },
	{ .name = "connect", .letter = 'c', .arg = "URI", .take = option_text,
	  .at = offsetof(struct libvirt_args, uri),
	  .help = "which libvirt (qemu:///system, qemu:///session)" },
	{ .name = "controller", .arg = "NAME", .take = option_text,
	  .at = offsetof(struct libvirt_args, controller),
	  .help = "the host's device at this PCI address, instead of every audio controller" },
	{ 0 }
};

static int run(void *options, int argc, char **argv)
{
	struct libvirt_args *o = options;
	struct err *e = NULL;

	(void)argc;
	o->name = argv[0];
	if (o->prepare == o->revert)
		e = err_new(ERR_USAGE, "--prepare or --revert? See 'hdadump help libvirt'");
	if (!e)
		e = libvirt_change(o);
	return exit_status(e, false);
}

const struct command cmd_libvirt = {
	.name = "libvirt", .brief = "show the change that a libvirt guest's definition needs for a capture",
	.usage = (const char *const[]){ "NAME --prepare [--apply]", "NAME --revert [--apply]", NULL },
	.about = "Shows what must be changed in the definition of a libvirt guest, so that QEMU sees what its "
		 "driver does with an audio controller that is passed through (x-no-mmap=on). Nothing is "
		 "changed without --apply. A running guest must be shut down and started again for it.",
	.groups = (const struct option_group[]){ { NULL, rows, 0 }, { 0 } },
	.end = "Exit status: 0 done or nothing to be done, 1 error, 2 usage.",
	.operand = "NAME", .min = 1, .max = 1, .size = sizeof(struct libvirt_args), .run = run,
};
