// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whole conversations with a monitor that may be anybody's: the greeting, what
 * run and attach ask, and events between.  The input is what the monitor says;
 * each '$' in it is replaced by the id of the next command, so that a mutated
 * answer is still taken for one.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json_access.h"
#include "event/event_queue.h"
#include "live/attach/undo.h"
#include "live/controller_probe.h"
#include "live/devices.h"
#include "live/kvm/bar_map.h"
#include "qemu/accel.h"
#include "qemu/mtree.h"
#include "qemu/pci_audio.h"
#include "qemu/qmp.h"
#include "qemu/vfio.h"

/* All of it must find room in the socket before it is read. */
#define SAID_MAX 32768

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct qmp *listen_to(const uint8_t *data, size_t size, int *peer)
{
	struct buf said = { 0 };
	struct qmp *q = NULL;
	unsigned int id = 0;
	int fds[2];

	for (size_t i = 0; i < size; i++) {
		if (data[i] == '$')
			buf_addf(&said, "%u", ++id);
		else
			buf_addc(&said, data[i]);
	}
	if (buf_err(&said) || socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0)
		abort();
	if (said.len && write(fds[1], said.data, said.len) != (ssize_t)said.len)
		abort();
	/* then it is silent for ever: the client reads an end and does not wait */
	shutdown(fds[1], SHUT_WR);
	buf_deinit(&said);
	*peer = fds[1];
	err_free(qmp_create(fds[0], NULL, &q));
	return q;
}

static void take_events(struct qmp *q)
{
	struct json_object *msg = NULL;

	struct err *e;

	while (!(e = qmp_event(q, &msg)) && msg) {
		const char *name = member_text(msg, "event");

		if (name && strlen(name) > SAID_MAX)
			abort();
		json_object_put(msg);
	}
	err_free(e);
}

/* What run asks before the guest runs. */
static void ask_as_run(struct qmp *q)
{
	struct devices d = { .q = q };
	bool vfio, emulated;

	err_free(devices_start(&d, &vfio, &emulated));
	err_free(vfio_check(q, NULL));
	devices_deinit(&d);
}

/* What attach asks, looks at, and asks again when it leaves. */
static void ask_as_attach(struct qmp *q)
{
	struct devices d = { .q = q };
	struct event_queue events = { 0 };
	struct pci_audios audios = { 0 };
	uint64_t start, length;
	bool running;

	err_free(devices_join(&d));
	for (size_t i = 0; i < d.count; i++) {
		err_free(probe_rings(q, &d.list[i], &events));
		err_free(probe_responses(q, &d.list[i], &events));
	}
	err_free(devices_locate(&d));
	err_free(bar_map_ecam(q, &start, &length));
	err_free(pci_audio_ask(q, &audios));
	err_free(undo_ask_running(q, &running));
	pci_audio_deinit(&audios);
	event_queue_deinit(&events);
	devices_deinit(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = NULL;
	bool kvm;
	int peer;

	if (size > SAID_MAX)
		return 0;
	struct qmp *q = listen_to(data, size, &peer);
	struct err *e = qmp_greet(q, 1000);

	if (!e) {
		err_free(accel_is_kvm(q, &kvm));
		ask_as_run(q);
		err_free(qmp_hmp(q, "info mtree -f", &text));
		free(text);
		ask_as_attach(q);
		take_events(q);
	}
	err_free(e);
	qmp_destroy(q);
	close(peer);
	return 0;
}
