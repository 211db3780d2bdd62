// SPDX-License-Identifier: GPL-2.0-or-later
/* Connects to libvirt, finds the guest, and reads or changes its definition. */
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "qemu/libvirt/libvirt_int.h"
#include "qemu/libvirt/libvirt_module.h"

/* libvirt prints its errors by default; here they are returned. */
static void quiet(void *arg, virErrorPtr e)
{
	(void)arg;
	(void)e;
}

const char *libvirt_says(void)
{
	return virGetLastErrorMessage();
}

static struct err *no_connection(const char *uri)
{
	return err_new(ERR_FAIL, "libvirt%s%s cannot be reached: %s; run hdadump as root, or as a member of "
		       "the group libvirt, and see that libvirtd runs", uri ? " at " : "", uri ? uri : "",
		       libvirt_says());
}

/* The error for an unknown guest, with the names of those that exist. */
static struct err *no_domain(struct libvirt_guest *g, const char *name)
{
	virDomainPtr *list = NULL;
	struct buf names = { 0 };
	int n = virConnectListAllDomains(g->conn, &list, 0);
	struct err *e;

	for (int i = 0; i < n; i++) {
		buf_addf(&names, "%s%s", i ? ", " : "", virDomainGetName(list[i]));
		virDomainFree(list[i]);
	}
	free(list);
	e = err_new(ERR_FAIL, "libvirt at %s has no guest '%s'; it has %s%s", g->uri, name,
		    n > 0 ? buf_str(&names) : "none", strstr(g->uri, "session") ?
		    " (those of the system: --connect qemu:///system)" : "");
	buf_deinit(&names);
	return e;
}

static virDomainPtr look_up(virConnectPtr conn, const char *name)
{
	virDomainPtr d = virDomainLookupByName(conn, name);
	char *end;
	long id = strtol(name, &end, 10);

	if (!d)
		d = virDomainLookupByUUIDString(conn, name);
	if (!d && *name && !*end && id >= 0)
		d = virDomainLookupByID(conn, (int)id);
	return d;
}

static void guest_close(struct libvirt_guest *g)
{
	/* if a thread still waits for libvirt, nothing may be freed until the process ends */
	if (!g || !bridge_destroy(g->bridge))
		return;
	if (g->domain)
		virDomainFree(g->domain);
	if (g->conn)
		virConnectClose(g->conn);
	free(g->uri);
	free(g);
}

static struct err *guest_open(const char *uri, const char *name, struct libvirt_guest **out)
{
	struct libvirt_guest *g = calloc(1, sizeof(*g));
	struct err *e = NULL;

	if (!g)
		return err_nomem();
	virSetErrorFunc(NULL, quiet);
	/* needed before the connection: its events come through this loop (libvirt_monitor.c) */
	if (virInitialize() < 0 || virEventRegisterDefaultImpl() < 0)
		e = err_new(ERR_FAIL, "libvirt: %s", libvirt_says());
	if (!e && !(g->conn = virConnectOpen(uri)))
		e = no_connection(uri);
	if (!e && !(g->uri = virConnectGetURI(g->conn)))
		e = err_new(ERR_FAIL, "libvirt: %s", libvirt_says());
	if (!e && strncmp(virConnectGetType(g->conn), "QEMU", 4) != 0)
		e = err_new(ERR_FAIL, "libvirt at %s does not run QEMU but %s; name another with "
			    "--connect qemu:///system", g->uri, virConnectGetType(g->conn));
	if (!e && !(g->domain = look_up(g->conn, name)))
		e = no_domain(g, name);
	if (e) {
		guest_close(g);
		return e;
	}
	*out = g;
	return NULL;
}

const char *guest_name(const struct libvirt_guest *g)
{
	return virDomainGetName(g->domain);
}

static const char *guest_uri(const struct libvirt_guest *g)
{
	return g->uri;
}

bool guest_is_running(const struct libvirt_guest *g)
{
	return virDomainIsActive(g->domain) == 1;
}

static bool guest_is_persistent(const struct libvirt_guest *g)
{
	return virDomainIsPersistent(g->domain) == 1;
}

static unsigned long guest_version(const struct libvirt_guest *g)
{
	unsigned long v = 0;

	return virConnectGetLibVersion(g->conn, &v) < 0 ? 0 : v;
}

static struct err *guest_xml(struct libvirt_guest *g, bool next_start, char **xml)
{
	/* with the secrets, which the definition would lose otherwise */
	unsigned int flags = next_start ? VIR_DOMAIN_XML_SECURE | VIR_DOMAIN_XML_INACTIVE : 0;

	*xml = virDomainGetXMLDesc(g->domain, flags);
	return *xml ? NULL : err_new(ERR_FAIL, "libvirt does not show the definition of %s: %s",
				     guest_name(g), libvirt_says());
}

static struct err *guest_define(struct libvirt_guest *g, const char *xml)
{
	virDomainPtr d = virDomainDefineXMLFlags(g->conn, xml, VIR_DOMAIN_DEFINE_VALIDATE);

	if (!d)
		return err_new(ERR_FAIL, "libvirt does not take the changed definition of %s: %s",
			       guest_name(g), libvirt_says());
	virDomainFree(d);
	return NULL;
}

MODULE_EXPORT const struct libvirt_module hdadump_module_libvirt = {
	.head = MODULE_HEAD(struct libvirt_module, LIBVIRT_FORM),
	.open = guest_open,
	.close = guest_close,
	.monitor = guest_monitor,
	.name = guest_name,
	.uri = guest_uri,
	.is_running = guest_is_running,
	.is_persistent = guest_is_persistent,
	.version = guest_version,
	.xml = guest_xml,
	.define = guest_define,
	.hostdevs = domain_xml_hostdevs,
	.add = domain_xml_add,
	.remove = domain_xml_remove,
};
