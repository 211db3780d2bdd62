// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/query_pci.h"

#include "base/err.h"
#include "base/json_access.h"
#include "qemu/qmp.h"

#define CLASS_HDA 0x0403
/* Depth of bridges behind bridges; no machine has more. */
#define DEPTH_MAX 16

static struct err *each_of(struct json_object *list, int depth, query_pci_fn *what, void *arg)
{
	struct err *e = NULL;

	for (size_t i = 0; !e && i < json_count(list) && depth < DEPTH_MAX; i++) {
		struct json_object *pci = json_object_array_get_idx(list, i);

		if (member_number(json_member(pci, "class_info"), "class") == CLASS_HDA)
			e = what(arg, pci);
		if (!e)
			e = each_of(json_member(json_member(pci, "pci_bridge"), "devices"),
				    depth + 1, what, arg);
	}
	return e;
}

struct err *query_pci_each(struct json_object *answer, query_pci_fn *what, void *arg)
{
	struct err *e = NULL;

	for (size_t i = 0; !e && i < json_count(answer); i++)
		e = each_of(json_member(json_object_array_get_idx(answer, i), "devices"), 0, what,
			    arg);
	return e;
}

struct err *query_pci_audio(struct qmp *q, query_pci_fn *what, void *arg)
{
	struct json_object *answer = NULL;
	struct err *e = qmp_execute(q, "query-pci", NULL, &answer);

	if (!e)
		e = query_pci_each(answer, what, arg);
	json_object_put(answer);
	return e;
}
