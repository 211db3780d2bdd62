// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/private.h"

#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/text.h"
#include "host/machine.h"

void identity_here(struct private_identity *id)
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *pw = getpwuid(getuid());

	*id = (struct private_identity){ 0 };
	if (gethostname(id->host, sizeof(id->host) - 1) < 0)
		id->host[0] = '\0';
	id->host[strcspn(id->host, ".")] = '\0';
	text_cut(id->user, sizeof(id->user), "%s", sudo ? sudo : pw ? pw->pw_name : "");
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The UUID of systemd's EFI variables, which is the same on every machine. */
static const char public_uuid[] = "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";

/* How many bytes of @p match @pattern, in which h is a hex digit; 0 if it does not match. */
static size_t shape(const char *p, size_t left, const char *pattern)
{
	size_t n = strlen(pattern);

	if (left < n)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (pattern[i] == 'h' ? !isxdigit((unsigned char)p[i]) : p[i] != pattern[i])
			return 0;
	return n;
}

/* False for names that identify no person: "root", and the default names of systems. */
static bool telling(const char *name)
{
	static const char *const common[] = {
		"root", "localhost", "debian", "ubuntu", "fedora", "arch", "archlinux", "nixos",
		"opensuse", "kali", "mint", "linux", "kvm", "audio", "user", "hdadump", "qemu",
		"libvirt", "intel", "sound", "bridge", "group", "driver", "codec", "laptop",
	};

	for (size_t i = 0; i < ARRAY_SIZE(common); i++)
		if (strcmp(name, common[i]) == 0)
			return false;
	return strlen(name) >= 3;
}

static size_t name_at(const char *p, size_t left, const char *name)
{
	size_t n = strlen(name);

	return telling(name) && left >= n && strncasecmp(p, name, n) == 0 &&
	       (left == n || !is_word(p[n])) ? n : 0;
}

void private_add(struct buf *out, const char *text, size_t len, const struct private_identity *id)
{
	static const struct { const char *pattern, *instead; } shapes[] = {
		{ "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh", "UUID" },
		{ "hh:hh:hh:hh:hh:hh", "MAC" },
		{ "hh-hh-hh-hh-hh-hh", "MAC" },
	};
	static const char home[] = "/home/", var_home[] = "/var/home/";

	for (size_t i = 0; i < len;) {
		const char *p = text + i;
		size_t left = len - i, n = 0;
		bool begins = !i || !is_word(p[-1]);

		for (size_t k = 0; begins && !n && k < ARRAY_SIZE(shapes); k++) {
			n = shape(p, left, shapes[k].pattern);
			bool public =
				n == sizeof(public_uuid) - 1 && memcmp(p, public_uuid, n) == 0;
			if (public || (n < left && is_word(p[n])))
				n = 0;
			if (n)
				buf_adds(out, shapes[k].instead);
		}
		size_t h = left > sizeof(home) - 1 && memcmp(p, home, sizeof(home) - 1) == 0
				   ? sizeof(home) - 1
			   : left > sizeof(var_home) - 1 &&
					   memcmp(p, var_home, sizeof(var_home) - 1) == 0
				   ? sizeof(var_home) - 1
				   : 0;
		if (!n && h) {
			n = h;
			while (n < left && p[n] != '/' && !isspace((unsigned char)p[n]))
				n++;
			buf_add(out, p, h);
			buf_adds(out, "USER");
		}
		if (!n && begins && (n = name_at(p, left, id->host)))
			buf_adds(out, "HOST");
		if (!n && begins && (n = name_at(p, left, id->user)))
			buf_adds(out, "USER");
		if (!n) {
			buf_addc(out, (uint8_t)*p);
			n = 1;
		}
		i += n;
	}
}

struct err *record_write(struct machine *m, const char *path, const struct private_identity *id)
{
	struct buf text = { 0 }, hidden = { 0 };
	struct err *e = machine_record_text(m, &text);
	FILE *f = NULL;

	if (!e) {
		private_add(&hidden, buf_str(&text), text.len, id);
		e = buf_err(&hidden);
	}
	if (!e) {
		f = fopen(path, "wxe");
		bool failed = !f || fwrite(hidden.data, 1, hidden.len, f) != hidden.len;

		if ((f && fclose(f)) || failed)
			e = err_sys(errno, "%s", path);
	}
	buf_deinit(&text);
	buf_deinit(&hidden);
	return e;
}
