// SPDX-License-Identifier: GPL-2.0-or-later
/* A guest's definition: read, changed, changed back; and the difference shown. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/buf.h"
#include "base/unified_diff.h"
#include "qemu/libvirt/domain_xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct domain_hostdev list[DOMAIN_HOSTDEVS_MAX];
	struct buf new = { 0 }, old = { 0 }, diff = { 0 };
	char *xml = strndup((const char *)data, size);
	size_t n = 0;
	struct err *e;

	if (!xml)
		return 0;
	e = domain_xml_hostdevs(xml, list, &n);
	for (size_t i = 0; i < n && !e; i++) {
		e = domain_xml_add(xml, list[i].alias, size & 1, &new);
		if (!e)
			e = domain_xml_remove(buf_str(&new), list[i].alias, &old);
		if (!e)
			e = unified_texts("old", "new", xml, buf_str(&new), &diff);
	}
	err_free(e);
	/* input that is not a definition, too */
	err_free(domain_xml_add(xml, "hostdev0", true, &new));
	err_free(domain_xml_remove(xml, "hostdev0", &old));
	free(xml);
	buf_deinit(&new);
	buf_deinit(&old);
	buf_deinit(&diff);
	return 0;
}
