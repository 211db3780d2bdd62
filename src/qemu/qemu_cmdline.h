/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parses a running QEMU's command line (/proc/PID/cmdline).
 *
 * Spellings: -qmp unix:PATH,server=on / tcp:HOST:PORT,server / chardev:ID,
 * -qmp-pretty, -mon [chardev=]ID,mode=control or -object monitor-qmp,chardev=ID
 * with -chardev socket,id=ID,..., and these three as JSON; one dash or two.
 * qemu-options.hx of QEMU 7.2; -object monitor-qmp of QEMU 11.1.3.
 */
#ifndef HDADUMP_QEMU_QEMU_CMDLINE_H
#define HDADUMP_QEMU_QEMU_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

struct err;

enum qmp_place_kind {
	QMP_UNIX,	/* address: the path given to QEMU */
	QMP_ABSTRACT,	/* address: a name in the abstract namespace */
	QMP_TCP,	/* address: HOST:PORT */
	/* address: number of a descriptor, whose other end the program has that started QEMU */
	QMP_INHERITED,
	QMP_ELSEWHERE,	/* address: another kind, "stdio" or "pty" */
};

struct qmp_place {
	enum qmp_place_kind kind;
	char *address;
};

struct qemu_cmdline {
	struct qmp_place *qmp;
	size_t n_qmp;
	char *name;		/* name of the guest, or NULL */
	char *uuid;
	char *log;		/* -D: path of its log */
	char *log_items;	/* -d */
	char *libvirt_folder;	/* the domain's own folder from libvirt, or NULL */
	bool has_hmp;		/* it has a human monitor */
	bool readconfig;	/* further options may be in a file */
};

/* True if @arg is the option @name: QEMU accepts each with one dash or two. */
bool qemu_option_is(const char *arg, const char *name);

/* @data: the arguments, a NUL after each, as in /proc/PID/cmdline. */
struct err *qemu_cmdline_parse(const char *data, size_t len, struct qemu_cmdline *out);
void qemu_cmdline_deinit(struct qemu_cmdline *c);

#endif
