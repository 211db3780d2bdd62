// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/vfio_user.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json_access.h"
#include "qemu/qmp.h"
#include "qemu/qom.h"

#define TYPE "child<vfio-user-pci"
#define NAME "vfio-user:"

bool vfio_user_is_type(const char *type)
{
	return type && strncmp(type, TYPE, strlen(TYPE)) == 0;
}

bool vfio_user_is_name(const char *name, size_t len)
{
	return len > strlen(NAME) && memcmp(name, NAME, strlen(NAME)) == 0;
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The region's name as given to QEMU: without \xHH, and without the [N] that the tree adds. */
static const char *unescape(const char *child, struct buf *b)
{
	buf_clear(b);
	for (const char *p = child; *p; p++) {
		int hi = p[0] == '\\' && p[1] == 'x' ? hex_digit(p[2]) : -1;
		int lo = hi >= 0 ? hex_digit(p[3]) : -1;

		if (lo < 0) {
			buf_addc(b, (uint8_t)*p);
			continue;
		}
		buf_addc(b, (uint8_t)(hi << 4 | lo));
		p += 3;
	}
	size_t n = b->len;

	if (n && b->data[n - 1] == ']') {
		do {
			n--;
		} while (n && b->data[n - 1] >= '0' && b->data[n - 1] <= '9');
		if (n && b->data[n - 1] == '[')
			b->len = n - 1;
	}
	return buf_str(b);
}

/* The length of the device's name in a region's name: the part before ` BAR N`; 0 = none. */
static size_t device_part(const char *region)
{
	size_t n = strlen(region);

	if (!vfio_user_is_name(region, n) || n < 6 || region[n - 1] < '0' || region[n - 1] > '5' ||
	    memcmp(region + n - 6, " BAR ", 5) != 0)
		return 0;
	return n - 6;
}

static bool is_region(struct json_object *child)
{
	const char *type = member_text(child, "type");

	return type && member_text(child, "name") && strcmp(type, "child<memory-region>") == 0;
}

/*
 * The tree has `X BAR 0` and, around it, `X base BAR 0`: because X itself may end in ` base`,
 * the shorter one counts. NULL: no such regions.
 */
static struct err *find_name(struct json_object *children, char **name)
{
	struct buf b = { 0 };
	struct err *e = NULL;

	*name = NULL;
	for (size_t i = 0; i < json_count(children) && !e; i++) {
		struct json_object *child = json_object_array_get_idx(children, i);
		const char *region = is_region(child) ? unescape(member_text(child, "name"), &b) : "";
		size_t n = device_part(region);

		if (!n || (*name && strlen(*name) <= n))
			continue;
		free(*name);
		*name = strndup(region, n);
		e = *name ? NULL : err_nomem();
	}
	if (!e)
		e = buf_err(&b);
	buf_deinit(&b);
	return e;
}

/* True if the mapped part @child of BAR 0 is its beginning, with the registers of the rings. */
static struct err *begins_bar(struct qmp *q, const char *path, const char *child, bool *begins)
{
	struct json_object *addr = NULL;
	struct buf b = { 0 };
	struct err *e;

	buf_addf(&b, "%s/%s", path, child);
	e = buf_err(&b);
	if (!e)
		e = qom_get_if_there(q, buf_str(&b), "addr", &addr);
	*begins = json_object_get_int64(addr) == 0;
	json_object_put(addr);
	buf_deinit(&b);
	return e;
}

static struct err *find_mapped(struct qmp *q, const char *path, struct json_object *children,
			       const char *name, bool *mapped)
{
	static const char mmaps[] = " BAR 0 mmaps[";
	struct buf b = { 0 };
	struct err *e = NULL;

	*mapped = false;
	for (size_t i = 0; i < json_count(children) && !e && !*mapped; i++) {
		struct json_object *child = json_object_array_get_idx(children, i);
		const char *region = is_region(child) ? unescape(member_text(child, "name"), &b) : "";
		size_t n = strlen(name);

		if (strncmp(region, name, n) == 0 && strncmp(region + n, mmaps, strlen(mmaps)) == 0)
			e = begins_bar(q, path, member_text(child, "name"), mapped);
	}
	buf_deinit(&b);
	return e;
}

struct err *vfio_user_ask(struct qmp *q, const char *path, char **name, bool *mapped)
{
	struct json_object *children = NULL;
	struct err *e = qom_list(q, path, &children);

	*name = NULL;
	*mapped = false;
	if (!e)
		e = find_name(children, name);
	if (!e && *name)
		e = find_mapped(q, path, children, *name, mapped);
	json_object_put(children);
	if (e) {
		free(*name);
		*name = NULL;
	}
	return e;
}

struct err *vfio_user_hidden(const char *name)
{
	return err_new(ERR_FAIL, "the server of %s maps its registers into the guest, so QEMU "
		       "does not see the accesses; make it offer no mmap of BAR 0 (region 0)",
		       name);
}
