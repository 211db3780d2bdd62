// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/qemu_cmdline.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json_access.h"
#include "base/vec.h"

#define ARGS_MAX 65536

struct args {
	const char **list;
	size_t n;
};

/* --- one option's value ------------------------------------------------------- */

bool qemu_option_is(const char *arg, const char *name)
{
	if (*arg++ != '-')
		return false;
	if (*arg == '-')
		arg++;
	return strcmp(arg, name) == 0;
}

/*
 * The value of @key in "word,key=value,...", in which a comma in a value is doubled; @key
 * NULL: the first word, which has no key. Returns NULL if there is none.
 */
static char *value_of(const char *opts, const char *key)
{
	char *value = malloc(strlen(opts) + 1);
	bool first = true;

	while (value) {
		size_t n = 0, key_len = key ? strlen(key) : 0;
		bool plain = true;

		while (*opts && (*opts != ',' || opts[1] == ',')) {
			plain &= *opts != '=';
			opts += *opts == ',';
			value[n++] = *opts++;
		}
		value[n] = '\0';
		if (!key && first && plain)
			return value;
		if (key && strncmp(value, key, key_len) == 0 && value[key_len] == '=') {
			memmove(value, value + key_len + 1, n - key_len);
			return value;
		}
		first = false;
		if (!*opts)
			break;
		opts++;
	}
	free(value);
	return NULL;
}

static bool is_on(const char *opts, const char *key)
{
	char *v = value_of(opts, key);
	bool on = v && strcmp(v, "on") == 0;

	free(v);
	return on;
}

static struct err *set(char **to, const char *text)
{
	free(*to);
	*to = text ? strdup(text) : NULL;
	return text && !*to ? err_nomem() : NULL;
}

/* --- monitors ------------------------------------------------------------------- */

static struct err *add_place(struct qemu_cmdline *c, enum qmp_place_kind kind, const char *address)
{
	if (!vec_more(c->qmp, c->n_qmp))
		return err_nomem();
	c->qmp[c->n_qmp] = (struct qmp_place){ .kind = kind, .address = strdup(address) };
	return c->qmp[c->n_qmp++].address ? NULL : err_nomem();
}

/* "socket,id=ID,path=PATH,server=on", "socket,id=ID,fd=30", "pty,id=ID" */
static struct err *chardev_text(struct qemu_cmdline *c, const char *opts)
{
	char *backend = value_of(opts, NULL), *path = value_of(opts, "path");
	char *host = value_of(opts, "host"), *port = value_of(opts, "port");
	char *fd = value_of(opts, "fd"), *tcp = NULL;
	struct err *e;

	if (fd)
		e = add_place(c, QMP_INHERITED, fd);
	else if (path && backend && strcmp(backend, "socket") == 0)
		e = add_place(c, is_on(opts, "abstract") ? QMP_ABSTRACT : QMP_UNIX, path);
	else if (port && asprintf(&tcp, "%s:%s", host ? host : "", port) >= 0)
		e = add_place(c, QMP_TCP, tcp);
	else
		e = add_place(c, QMP_ELSEWHERE, backend ? backend : "a device");
	free(backend);
	free(path);
	free(host);
	free(port);
	free(fd);
	free(tcp);
	return e;
}

/* {"id": ID, "backend": {"type": "socket", "data": {"addr": {"type": "unix", "data": {"path": PATH}}}}} */
static struct err *chardev_json(struct qemu_cmdline *c, struct json_object *o)
{
	struct json_object *backend = json_member(o, "backend");
	const char *type = member_text(backend, "type");
	struct json_object *addr = json_member(json_member(backend, "data"), "addr");
	struct json_object *data = json_member(addr, "data");
	const char *family = member_text(addr, "type"), *path = member_text(data, "path");
	const char *host = member_text(data, "host"), *port = member_text(data, "port");
	const char *fd = member_text(data, "str");
	bool abstract = json_is_true(json_member(data, "abstract"));
	char *tcp = NULL;
	struct err *e;

	if (family && strcmp(family, "fd") == 0)
		return add_place(c, QMP_INHERITED, fd ? fd : "?");
	if (path)
		return add_place(c, abstract ? QMP_ABSTRACT : QMP_UNIX, path);
	if (!port)
		return add_place(c, QMP_ELSEWHERE, type ? type : "a device");
	if (asprintf(&tcp, "%s:%s", host ? host : "", port) < 0)
		return err_nomem();
	e = add_place(c, QMP_TCP, tcp);
	free(tcp);
	return e;
}

/* Finds the chardev @id among all -chardev options and adds its place. */
static struct err *add_chardev(struct qemu_cmdline *c, const struct args *a, const char *id)
{
	struct err *e = NULL;
	bool found = false;

	for (size_t i = 0; i + 1 < a->n && !found && !e; i++) {
		const char *opts = a->list[i + 1];
		struct json_object *o = NULL;

		if (!qemu_option_is(a->list[i], "chardev"))
			continue;
		if (*opts == '{') {
			o = json_tokener_parse(opts);
			const char *its = member_text(o, "id");

			found = its && strcmp(its, id) == 0;
			if (found)
				e = chardev_json(c, o);
			json_object_put(o);
			continue;
		}
		char *its = value_of(opts, "id");

		found = its && strcmp(its, id) == 0;
		if (found)
			e = chardev_text(c, opts);
		free(its);
	}
	return e;
}

/* -qmp DEV, as parsed by qemu_chr_parse_compat() */
static struct err *add_device(struct qemu_cmdline *c, const struct args *a, const char *dev)
{
	char *first;
	struct err *e;

	if (strncmp(dev, "chardev:", 8) == 0)
		return add_chardev(c, a, dev + 8);
	if (strcmp(dev, "none") == 0)
		return NULL;
	first = value_of(dev, NULL);
	if (!first)
		first = strdup(dev);
	if (!first)
		return err_nomem();
	if (strncmp(first, "unix:", 5) == 0)
		e = add_place(c, is_on(dev, "abstract") ? QMP_ABSTRACT : QMP_UNIX, first + 5);
	else if (strncmp(first, "tcp:", 4) == 0)
		e = add_place(c, QMP_TCP, first + 4);
	else
		e = add_place(c, QMP_ELSEWHERE, first);
	free(first);
	return e;
}

static struct err *add_mon(struct qemu_cmdline *c, const struct args *a, const char *opts)
{
	struct json_object *o = *opts == '{' ? json_tokener_parse(opts) : NULL;
	const char *mode = member_text(o, "mode"), *id = member_text(o, "chardev");
	char *m = o ? NULL : value_of(opts, "mode"), *i = NULL;
	struct err *e = NULL;

	if (!o) {
		i = value_of(opts, "chardev");
		if (!i)
			i = value_of(opts, NULL);
		mode = m;
		id = i;
	}
	if (mode && strcmp(mode, "control") == 0 && id)
		e = add_chardev(c, a, id);
	else
		c->has_hmp = true;
	free(m);
	free(i);
	json_object_put(o);
	return e;
}

/* -object monitor-qmp,id=ID,chardev=ID: QEMU 11's replacement for -mon */
static struct err *add_object(struct qemu_cmdline *c, const struct args *a, const char *opts)
{
	struct json_object *o = *opts == '{' ? json_tokener_parse(opts) : NULL;
	char *first = o ? NULL : value_of(opts, NULL), *named = o ? NULL : value_of(opts, "qom-type");
	char *chardev = o ? NULL : value_of(opts, "chardev");
	const char *type = o ? member_text(o, "qom-type") : first ? first : named;
	const char *id = o ? member_text(o, "chardev") : chardev;
	struct err *e = NULL;

	if (type && strcmp(type, "monitor-qmp") == 0 && id)
		e = add_chardev(c, a, id);
	else if (type && strcmp(type, "monitor-hmp") == 0)
		c->has_hmp = true;
	free(first);
	free(named);
	free(chardev);
	json_object_put(o);
	return e;
}

/* --- the whole command line --------------------------------------------------------- */

/* libvirt stores each guest's secrets in a folder of the guest. */
static struct err *find_folder(struct qemu_cmdline *c, const char *object)
{
	struct json_object *o = *object == '{' ? json_tokener_parse(object) : NULL;
	char *file = o ? NULL : value_of(object, "file");
	const char *path = o ? member_text(o, "file") : file;
	const char *end = path ? strstr(path, "/master-key.aes") : NULL;
	struct err *e = NULL;

	if (end) {
		free(c->libvirt_folder);
		c->libvirt_folder = strndup(path, (size_t)(end - path));
		e = c->libvirt_folder ? NULL : err_nomem();
	}
	free(file);
	json_object_put(o);
	return e;
}

static struct err *take(struct qemu_cmdline *c, const struct args *a, const char *opt,
			const char *value)
{
	struct err *e = NULL;
	char *v;

	if (qemu_option_is(opt, "qmp") || qemu_option_is(opt, "qmp-pretty")) {
		e = add_device(c, a, value);
	} else if (qemu_option_is(opt, "mon")) {
		e = add_mon(c, a, value);
	} else if (qemu_option_is(opt, "monitor")) {
		c->has_hmp |= strcmp(value, "none") != 0;
	} else if (qemu_option_is(opt, "name")) {
		v = value_of(value, "guest");
		if (!v)
			v = value_of(value, NULL);
		e = set(&c->name, v);
		free(v);
	} else if (qemu_option_is(opt, "uuid")) {
		e = set(&c->uuid, value);
	} else if (qemu_option_is(opt, "D")) {
		e = set(&c->log, value);
	} else if (qemu_option_is(opt, "d")) {
		e = set(&c->log_items, value);
	} else if (qemu_option_is(opt, "object")) {
		e = find_folder(c, value);
		if (!e)
			e = add_object(c, a, value);
	} else if (qemu_option_is(opt, "readconfig")) {
		c->readconfig = true;
	}
	return e;
}

struct err *qemu_cmdline_parse(const char *data, size_t len, struct qemu_cmdline *out)
{
	char *copy = malloc(len + 1);
	struct args a = { 0 };
	struct err *e = NULL;

	*out = (struct qemu_cmdline){ 0 };
	if (!copy)
		return err_nomem();
	memcpy(copy, data, len);
	copy[len] = '\0';
	for (size_t at = 0; at < len && a.n < ARGS_MAX; at += strlen(copy + at) + 1) {
		if (!vec_more(a.list, a.n)) {
			e = err_nomem();
			goto out;
		}
		a.list[a.n++] = copy + at;
	}
	for (size_t i = 1; i + 1 < a.n && !e; i++)
		e = take(out, &a, a.list[i], a.list[i + 1]);
out:
	free(a.list);
	free(copy);
	if (e)
		qemu_cmdline_deinit(out);
	return e;
}

void qemu_cmdline_deinit(struct qemu_cmdline *c)
{
	for (size_t i = 0; i < c->n_qmp; i++)
		free(c->qmp[i].address);
	free(c->qmp);
	free(c->name);
	free(c->uuid);
	free(c->log);
	free(c->log_items);
	free(c->libvirt_folder);
	*c = (struct qemu_cmdline){ 0 };
}
