/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module `libvirt`: libvirt.h's functions, for libvirt.c to call. */
#ifndef HDADUMP_QEMU_LIBVIRT_LIBVIRT_MODULE_H
#define HDADUMP_QEMU_LIBVIRT_LIBVIRT_MODULE_H

#include "base/module/module.h"
#include "qemu/libvirt/domain_xml.h"

struct libvirt_guest;

#define LIBVIRT_FORM 1

struct libvirt_module {
	struct module_head head;
	struct err *(*open)(const char *uri, const char *name, struct libvirt_guest **out);
	void (*close)(struct libvirt_guest *g);
	struct err *(*monitor)(struct libvirt_guest *g, int *fd);
	const char *(*name)(const struct libvirt_guest *g);
	const char *(*uri)(const struct libvirt_guest *g);
	bool (*is_running)(const struct libvirt_guest *g);
	bool (*is_persistent)(const struct libvirt_guest *g);
	unsigned long (*version)(const struct libvirt_guest *g);
	struct err *(*xml)(struct libvirt_guest *g, bool next_start, char **xml);
	struct err *(*define)(struct libvirt_guest *g, const char *xml);
	/* domain_xml.h */
	struct err *(*hostdevs)(const char *xml, struct domain_hostdev *list, size_t *count);
	struct err *(*add)(const char *xml, const char *alias, bool override, struct buf *out);
	struct err *(*remove)(const char *xml, const char *alias, struct buf *out);
};

extern const struct libvirt_module hdadump_module_libvirt;

#endif
