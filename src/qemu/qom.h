/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads QEMU's object model over QMP. The caller frees the values (json_object_put). */
#ifndef HDADUMP_QEMU_QOM_H
#define HDADUMP_QEMU_QOM_H

#include <json-c/json.h>

struct err;
struct qmp;

/* The property @name of the object at @path; ERR_REFUSED if it does not exist. */
struct err *qom_get(struct qmp *q, const char *path, const char *name, struct json_object **value);
/* The same; *value is NULL if it does not exist. */
struct err *qom_get_if_there(struct qmp *q, const char *path, const char *name,
			     struct json_object **value);
/* The children and properties of the object at @path: an array of name and type. */
struct err *qom_list(struct qmp *q, const char *path, struct json_object **list);

#endif
