// SPDX-License-Identifier: GPL-2.0-or-later
/* The boot loader, each QEMU and libvirt. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "host/gather_int.h"

/* --- boot loader ------------------------------------------------------------ */

/* Keeps the letters of an EFI variable: four bytes of attributes (not letters), then UTF-16. */
static void keep_ascii(const char *text, size_t len, struct buf *kept)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] >= 0x20 && text[i] < 0x7f)
			buf_addc(kept, (uint8_t)text[i]);
	buf_addc(kept, '\n');
}

static bool there(struct machine *m, const char *path)
{
	enum read_status look = machine_has(m, path);

	return look == LOOK_OK || look == LOOK_DENIED;
}

void gather_boot(struct machine *m, struct facts *f)
{
	struct buf loader = { 0 };
	bool systemd;

	/* with EFI, the boot loader stores its name (The Boot Loader Interface) */
	machine_read(m, "/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",
		     keep_ascii, &loader);
	systemd = strncmp(buf_str(&loader), "systemd-boot", 12) == 0;
	buf_deinit(&loader);
	if (there(m, "/run/ostree-booted"))
		f->boot = BOOT_OSTREE;
	else if (there(m, "/etc/NIXOS"))
		f->boot = BOOT_NIXOS;
	else if (there(m, "/etc/kernelstub/configuration"))
		f->boot = BOOT_KERNELSTUB;
	else if (systemd)
		f->boot = BOOT_SYSTEMD;
	else if (there(m, "/usr/sbin/grubby") || there(m, "/usr/bin/grubby"))
		f->boot = BOOT_FEDORA_GRUBBY;
	else if (there(m, "/usr/sbin/update-grub") && there(m, "/etc/default/grub"))
		f->boot = BOOT_DEBIAN_GRUB;
	else if (there(m, "/etc/default/grub") && (there(m, "/usr/sbin/grub2-mkconfig") ||
						    there(m, "/usr/bin/grub2-mkconfig")))
		f->boot = BOOT_SUSE_GRUB;
	else if (there(m, "/etc/default/grub"))
		f->boot = BOOT_GRUB_MKCONFIG;
	else if (there(m, "/boot/refind_linux.conf"))
		f->boot = BOOT_REFIND;
	else if (there(m, "/etc/kernel/cmdline") || there(m, "/boot/loader/entries"))
		f->boot = BOOT_SYSTEMD;
}

/* --- QEMU ------------------------------------------------------------------- */

static void keep_first_line(const char *text, size_t len, struct buf *kept)
{
	buf_addf(kept, "%.*s\n", (int)strcspn(text, "\n"), text);
}

static void keep_lines(const char *text, const char *const *wanted, struct buf *kept)
{
	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n')
		for (const char *const *w = wanted; *w; w++)
			if (memmem(p, strcspn(p, "\n"), *w, strlen(*w))) {
				buf_addf(kept, "%.*s\n", (int)strcspn(p, "\n"), p);
				break;
			}
}

static void keep_trace(const char *text, size_t len, struct buf *kept)
{
	static const char *const wanted[] = { "vfio_region_write", "vfio_region_read", NULL };

	keep_lines(text, wanted, kept);
}

static void keep_log_items(const char *text, size_t len, struct buf *kept)
{
	static const char *const wanted[] = { "trace:", "Log items", "guest_errors", NULL };

	keep_lines(text, wanted, kept);
}

static void keep_property(const char *text, size_t len, struct buf *kept)
{
	static const char *const wanted[] = { "x-no-mmap", "host=", "not found", "not a valid",
					      NULL };

	keep_lines(text, wanted, kept);
}

static void keep_accel(const char *text, size_t len, struct buf *kept)
{
	static const char *const wanted[] = { "kvm", "tcg", "ccel", NULL };

	keep_lines(text, wanted, kept);
}

/* Runs "@path @arguments" and filters its output; false if there is none. */
static bool ask(struct machine *m, const char *path, const char *arguments, machine_keep keep,
		struct buf *answer)
{
	char question[512];

	text_cut(question, sizeof(question), "run %s %s", path, arguments);
	return machine_ask(m, question, keep, answer) == LOOK_OK && answer->len > 1;
}

static enum known has(bool answered, struct buf *answer, const char *word)
{
	return !answered ? UNKNOWN : strstr(buf_str(answer), word) ? YES : NO;
}

static void gather_one(struct machine *m, struct qemu_fact *q)
{
	struct buf answer = { 0 };

	if (ask(m, q->path, "-version", keep_first_line, &answer)) {
		const char *p = buf_str(&answer);
		const char *v = strstr(p, "version ");

		text_cut(q->version, sizeof(q->version), "%.*s", (int)strcspn(p, "\n"),
			 v ? v + 8 : p);
		q->version[strcspn(q->version, "\n")] = '\0';
	}
	/* "trace:PATTERN" is only listed by a build with the log backend (QEMU, util/log.c) */
	bool answered = ask(m, q->path, "-d help", keep_log_items, &answer);
	q->log_trace = has(answered, &answer, "trace:");
	answered = ask(m, q->path, "-trace help", keep_trace, &answer);
	q->vfio_event = has(answered, &answer, "vfio_region_write");
	answered = ask(m, q->path, "-device vfio-pci,help", keep_property, &answer);
	q->no_mmap = has(answered, &answer, "x-no-mmap");
	q->vfio = has(answered, &answer, "host=");
	answered = ask(m, q->path, "-accel help", keep_accel, &answer);
	q->kvm = has(answered, &answer, "kvm");
	buf_deinit(&answer);
}

static struct qemu_fact *qemu_of(struct facts *f, const char *path, size_t len)
{
	if (!len || len >= sizeof(f->qemus[0].path) || path[0] != '/' || memchr(path, ' ', len))
		return NULL;
	for (unsigned int i = 0; i < f->n_qemus; i++)
		if (strlen(f->qemus[i].path) == len && memcmp(f->qemus[i].path, path, len) == 0)
			return &f->qemus[i];
	if (f->n_qemus == FACTS_QEMUS)
		return NULL;
	struct qemu_fact *q = &f->qemus[f->n_qemus++];
	*q = (struct qemu_fact){ 0 };
	memcpy(q->path, path, len);
	return q;
}

void gather_qemu(struct machine *m, struct facts *f)
{
	struct buf list = { 0 };

	machine_ask(m, "programs", NULL, &list);
	for (const char *p = buf_str(&list); *p; p += strcspn(p, "\n"), p += *p == '\n')
		qemu_of(f, p, strcspn(p, "\n"));
	machine_ask(m, "emulators", NULL, &list);
	for (const char *p = buf_str(&list); *p; p += strcspn(p, "\n"), p += *p == '\n') {
		struct qemu_fact *q = qemu_of(f, p, strcspn(p, "\n"));

		if (q)
			q->libvirt = true;
	}
	buf_deinit(&list);
	for (unsigned int i = 0; i < f->n_qemus; i++)
		gather_one(m, &f->qemus[i]);
}

/* --- libvirt ---------------------------------------------------------------- */

void gather_libvirt(struct machine *m, struct facts *f)
{
	static const char *const daemons[] = {
		"libvirtd --version", "virtqemud --version", "virsh --version", NULL,
	};
	static const char *const sockets[] = {
		"access /run/libvirt/virtqemud-sock", "access /run/libvirt/libvirt-sock", NULL,
	};
	struct buf answer = { 0 };
	char question[64];

	for (const char *const *d = daemons; *d && !*f->libvirt; d++) {
		text_cut(question, sizeof(question), "run %s", *d);
		if (machine_ask(m, question, keep_first_line, &answer) != LOOK_OK)
			continue;
		/* "libvirtd (libvirt) 9.0.0", or the number alone */
		const char *p = strrchr(buf_str(&answer), ' ');
		p = p ? p + 1 : buf_str(&answer);
		if (*p >= '0' && *p <= '9')
			text_cut(f->libvirt, sizeof(f->libvirt), "%.*s", (int)strcspn(p, "\n"), p);
	}
	for (const char *const *s = sockets; *s && !f->libvirt_running; s++) {
		if (machine_ask(m, *s, NULL, &answer) != LOOK_OK)
			continue;
		f->libvirt_running = true;
		f->libvirt_socket = strncmp(buf_str(&answer), "rw", 2) == 0 ? YES : NO;
	}
	buf_deinit(&answer);
}
