// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A whole trace log. The result does not depend on the pieces in which it arrives;
 * controllers are announced before their accesses; every line is counted.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/err.h"
#include "event/source.h"
#include "events.h"
#include "input/trace/qemu_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_log(int fd, struct event_list *list)
{
	struct source *s = NULL;
	struct qemu_log_stats stats;
	bool named[EVENT_MAX_CTRL] = { false };
	struct event_steps steps = { 0 };
	struct event *ev;
	uint64_t accesses = 0;

	if (qemu_log_open(fd, "log", NULL, &s))
		abort();
	for (;;) {
		if (source_step(s, &steps, &ev))
			abort();
		if (!ev)
			break;
		if (ev->kind == EV_NONE)
			continue;
		if (ev->ctrl >= EVENT_MAX_CTRL)
			abort();
		if (ev->kind == EV_CONTROLLER)
			named[ev->ctrl] = true;
		if (ev->kind == EV_MMIO_READ || ev->kind == EV_MMIO_WRITE) {
			if (!named[ev->ctrl] || !ev->line)
				abort();
			accesses++;
		}
		list_add(list, ev);
	}
	qemu_log_stats(s, &stats);
	if (stats.accesses != accesses || stats.lines < accesses ||
	    stats.accesses + stats.foreign + stats.other + stats.damaged < stats.lines)
		abort();
	source_destroy(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event_list whole = { 0 }, pieces = { 0 };
	int fd = memory_file(data, size), fds[2];

	read_log(fd, &whole);
	close(fd);
	/* packets wait in the socket, so they must fit into its buffer */
	size_t piece = 1 + size / 64 + (size ? data[0] % 8 : 0);

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		abort();
	bool sent = true;
	for (size_t at = 0; at < size && sent; at += piece)
		sent = send(fds[1], data + at, size - at < piece ? size - at : piece,
			    MSG_DONTWAIT) > 0;
	close(fds[1]);
	if (sent) {
		read_log(fds[0], &pieces);
		if (pieces.n != whole.n)
			abort();
		for (size_t i = 0; i < whole.n; i++) {
			if (!same_events(&whole.ev[i], &pieces.ev[i]) ||
			    whole.ev[i].line != pieces.ev[i].line)
				abort();
		}
	}
	close(fds[0]);
	list_clear(&whole);
	list_clear(&pieces);
	return 0;
}
