// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/guest_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/reader.h"
#include "qemu/mtree.h"
#include "qemu/qmp.h"

struct guestmem {
	struct qmp *q;
	pid_t pid;
	/* QEMU's memory, or -1: it stays this process's even if the PID is used again */
	int fd;
	bool by_monitor;
	struct ram_range *ranges;
	size_t count;
	char *route;
};

void guestmem_destroy(struct guestmem *m)
{
	if (!m)
		return;
	if (m->fd >= 0)
		close(m->fd);
	free(m->ranges);
	free(m->route);
	free(m);
}

void guestmem_monitor_gone(struct guestmem *m)
{
	m->q = NULL;
}

/* "Host virtual address for 0x0 (pc.ram) is 0x7f4fb3e00000" */
static bool parse_hva(const char *text, uint64_t *hva)
{
	const char *is = strstr(text, " is 0x");
	struct reader r;

	if (!is)
		return false;
	r = reader_make(is + 6, strlen(is + 6));
	return reader_hex(&r, hva) && *hva;
}

static struct err *resolve(struct guestmem *m)
{
	for (size_t i = 0; i < m->count; i++) {
		char cmd[64], *text = NULL;

		snprintf(cmd, sizeof(cmd), "gpa2hva 0x%llx",
			 (unsigned long long)m->ranges[i].start);
		struct err *e = qmp_hmp(m->q, cmd, &text);
		if (e)
			return e;
		bool good = parse_hva(text, &m->ranges[i].hva);
		if (!good)
			e = err_new(ERR_FORMAT, "QEMU does not say where it keeps guest memory "
				    "0x%llx: %s", (unsigned long long)m->ranges[i].start, text);
		free(text);
		if (e)
			return e;
	}
	return NULL;
}

/*
 * Not with process_vm_readv(2), which looks up the PID at each call: if QEMU has ended,
 * another process may have it. pread takes the same time.
 */
static struct err *open_process(struct guestmem *m)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)m->pid);
	m->fd = open(path, O_RDONLY | O_CLOEXEC);
	return m->fd < 0 ? err_sys(errno, "the memory of QEMU's process, %s", path) : NULL;
}

static struct err *read_process(struct guestmem *m, uint64_t hva, void *data, size_t len)
{
	ssize_t n = pread(m->fd, data, len, (off_t)hva);

	if (n == (ssize_t)len)
		return NULL;
	if (n < 0)
		return err_sys(errno, "reading QEMU's memory (/proc/%d/mem)", (int)m->pid);
	return err_new(ERR_FAIL, "QEMU's memory (/proc/%d/mem) gave %zd of %zu bytes%s", (int)m->pid, n,
		       len, n ? "" : ": it has ended");
}

static void say_route(struct guestmem *m, struct err *why_not)
{
	int n;

	if (!m->by_monitor)
		n = asprintf(&m->route, "pread of /proc/%d/mem", (int)m->pid);
	else if (why_not)
		n = asprintf(&m->route, "the monitor's xp (slow), because %s", err_text(why_not));
	else
		n = asprintf(&m->route, "the monitor's xp (slow), as requested");
	if (n < 0)
		m->route = NULL;
}

struct err *guestmem_create(struct qmp *q, pid_t pid, enum memory_route route,
			    struct guestmem **out)
{
	struct guestmem *m = calloc(1, sizeof(*m));
	char *text = NULL;
	struct err *e = NULL, *why_not = NULL;

	if (!m)
		return err_nomem();
	m->q = q;
	m->pid = pid;
	m->fd = -1;
	m->by_monitor = route == MEMORY_MONITOR;
	e = qmp_hmp(q, "info mtree -f", &text);
	if (!e)
		e = mtree_parse(text, strlen(text), &m->ranges, &m->count);
	if (e)
		goto out;
	if (!m->by_monitor) {
		uint32_t probe;

		why_not = pid ? open_process(m) : err_new(ERR_FAIL, "QEMU's process is not known");
		if (!why_not)
			why_not = resolve(m);
		if (!why_not)
			why_not = read_process(m, m->ranges[0].hva, &probe, sizeof(probe));
		if (why_not && route == MEMORY_PROCESS) {
			e = why_not;
			why_not = NULL;
			goto out;
		}
		m->by_monitor = why_not != NULL;
	}
	say_route(m, why_not);
out:
	err_free(why_not);
	free(text);
	if (e) {
		guestmem_destroy(m);
		return err_wrap(e, "guest memory");
	}
	*out = m;
	return NULL;
}

const struct ram_range *guestmem_ranges(const struct guestmem *m, size_t *count)
{
	*count = m->count;
	return m->ranges;
}

bool guestmem_by_monitor(const struct guestmem *m)
{
	return m->by_monitor;
}

const char *guestmem_route(const struct guestmem *m)
{
	return m->route ? m->route : "unknown";
}

struct err *xp_parse(const char *text, size_t text_len, uint64_t addr, uint8_t *data, size_t len)
{
	struct reader r = reader_make(text, text_len), line;
	size_t done = 0;

	while (done < len && reader_line(&r, &line)) {
		uint64_t at, word;

		reader_skip_space(&line);
		if (!reader_left(&line))
			continue;
		if (!reader_hex(&line, &at) || !reader_lit(&line, ":") || at != addr + done)
			break;
		for (;;) {
			reader_skip_space(&line);
			if (!reader_lit(&line, "0x"))
				break;
			if (done + 4 > len || !reader_hex(&line, &word) || word > UINT32_MAX)
				goto bad;
			store_le32(data + done, (uint32_t)word);
			done += 4;
		}
		if (reader_left(&line))
			break;
	}
	if (done == len)
		return NULL;
bad:
	return err_new(ERR_FORMAT, "the monitor's xp at 0x%llx answered: %.*s",
		       (unsigned long long)addr, text_len < 80 ? (int)text_len : 80, text);
}

static struct err *read_monitor(struct guestmem *m, uint64_t addr, void *data, size_t len)
{
	char cmd[64], *text = NULL;

	if (!m->q)
		return err_new(ERR_FAIL, "QEMU has closed its monitor");
	/* rings are 128-byte aligned and their entries are words, so lengths are whole words */
	if (len % 4)
		return err_new(ERR_FAIL, "the monitor reads whole words, not %zu bytes", len);
	snprintf(cmd, sizeof(cmd), "xp /%zuwx 0x%llx", len / 4, (unsigned long long)addr);
	struct err *e = qmp_hmp(m->q, cmd, &text);
	if (!e)
		e = xp_parse(text, strlen(text), addr, data, len);
	free(text);
	return e;
}

static const struct ram_range *range_of(const struct guestmem *m, uint64_t addr)
{
	for (size_t i = 0; i < m->count; i++)
		if (addr >= m->ranges[i].start && addr <= m->ranges[i].end)
			return &m->ranges[i];
	return NULL;
}

struct err *guestmem_read(struct guestmem *m, uint64_t addr, void *data, size_t len,
			  enum event_origin *origin)
{
	uint8_t *p = data;

	*origin = m->by_monitor ? ORIGIN_MONITOR : ORIGIN_PROCESS;
	while (len) {
		const struct ram_range *r = range_of(m, addr);

		if (!r)
			return err_new(ERR_FAIL, "0x%llx is not in the guest's RAM",
				       (unsigned long long)addr);
		uint64_t room = r->end - addr;		/* one less than the number of bytes */
		size_t n = room < len - 1 ? (size_t)room + 1 : len;
		struct err *e = m->by_monitor ? read_monitor(m, addr, p, n) :
				read_process(m, r->hva + (addr - r->start), p, n);
		if (e)
			return e;
		addr += n;
		p += n;
		len -= n;
	}
	return NULL;
}
