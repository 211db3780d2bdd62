// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/qom.h"

#include "base/err.h"
#include "qemu/qmp.h"

static struct json_object *with_path(const char *path)
{
	struct json_object *args = json_object_new_object();

	json_object_object_add(args, "path", json_object_new_string(path));
	return args;
}

struct err *qom_get(struct qmp *q, const char *path, const char *name, struct json_object **value)
{
	struct json_object *args = with_path(path);

	json_object_object_add(args, "property", json_object_new_string(name));
	return qmp_execute(q, "qom-get", args, value);
}

struct err *qom_get_if_there(struct qmp *q, const char *path, const char *name,
			     struct json_object **value)
{
	struct err *e;

	*value = NULL;
	e = qom_get(q, path, name, value);
	if (!e || err_kind(e) != ERR_REFUSED)
		return e;
	err_free(e);
	return NULL;
}

struct err *qom_list(struct qmp *q, const char *path, struct json_object **list)
{
	return qmp_execute(q, "qom-list", with_path(path), list);
}
