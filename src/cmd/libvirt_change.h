/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The change that a libvirt guest's definition needs; an error if hdadump was built without
 * libvirt.
 */
#ifndef HDADUMP_CMD_LIBVIRT_CHANGE_H
#define HDADUMP_CMD_LIBVIRT_CHANGE_H

#include <stdbool.h>

struct err;

struct libvirt_args {
	const char *name, *uri;
	const char *controller;	/* address on the host; NULL = every audio controller */
	bool prepare, revert, apply;
};

struct err *libvirt_change(const struct libvirt_args *o);

#endif
