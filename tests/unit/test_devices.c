// SPDX-License-Identifier: GPL-2.0-or-later
/* The audio controllers of a machine that runs already, from what QEMU answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "live/controller_probe.h"
#include "live/devices.h"
#include "qemu/qmp.h"

static int peer;

/* Questions are numbered from 1, so that answers can be there before they are asked. */
static struct qmp *answering(const char *const *answers)
{
	struct qmp *q;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	peer = fds[1];
	for (int i = 0; answers[i]; i++)
		dprintf(peer, "{\"id\": %d, %s}\n", i + 1, answers[i]);
	assert_null(qmp_create(fds[0], NULL, &q));
	return q;
}

#define AUDIO(bus, slot, id, address) \
	"{\"bus\":" #bus ",\"slot\":" #slot ",\"function\":0,\"qdev_id\":\"" id "\"," \
	"\"class_info\":{\"class\":1027},\"regions\":[{\"bar\":0,\"size\":16384,\"address\":" address "}]}"
#define PCI(at0, at1) \
	"\"return\": [{\"bus\":0,\"devices\":[{\"class_info\":{\"class\":1536},\"regions\":[]}," \
	AUDIO(0, 27, "hostdev0", at0) ",{\"class_info\":{\"class\":1540},\"pci_bridge\":{\"devices\":[" \
	AUDIO(2, 3, "", at1) "]}}]}]"

static void test_join(void **state)
{
	static const char *const answers[] = {
		PCI("4273963008", "-1"),
		"\"return\": [{\"name\":\"type\",\"type\":\"string\"},"
		"{\"name\":\"hostdev0\",\"type\":\"child<vfio-pci>\"}]",
		"\"return\": \"0000:00:1f.3\"",
		"\"error\": {\"class\":\"GenericError\",\"desc\":\"no such property\"}",
		"\"return\": false",
		"\"return\": [{\"name\":\"device[0]\",\"type\":\"child<intel-hda>\"},"
		"{\"name\":\"device[1]\",\"type\":\"child<hda-duplex>\"},"
		"{\"name\":\"device[2]\",\"type\":\"child<intel-hda>\"}]",
		"\"return\": 8",
		"\"return\": 24",
		/* the guest has booted again */
		PCI("-1", "4273979392"),
		NULL
	};
	struct devices d = { .q = answering(answers) };

	(void)state;
	assert_null(devices_join(&d));
	assert_int_equal(d.count, 2);
	assert_int_equal(d.controllers, 2);
	assert_string_equal(d.list[0].name, "0000:00:1f.3");
	assert_string_equal(d.list[0].key, "0000:00:1f.3");
	assert_true(d.list[0].bar == 0xfebf8000);
	assert_true(d.list[0].hidden);
	assert_string_equal(d.list[1].name, "0000:02:03.0");
	assert_null(d.list[1].key);
	assert_true(d.list[1].bar == BAR_UNKNOWN);
	assert_false(d.list[1].hidden);
	assert_null(devices_locate(&d));
	assert_true(d.list[0].bar == BAR_UNKNOWN);
	assert_true(d.list[1].bar == 0xfebfc000);

	/* the first line of the emulated one is known by where it is: it is not announced again */
	struct trace_line tl = {
		.access = TRACE_MEMORY, .name = "intel-hda", .name_len = 9, .mr = 0x55,
		.addr = 0xfebfc048, .same = 1,
	};
	struct event announce = { .kind = EV_NONE };
	int ctrl;
	assert_null(devices_find(&d, &tl, &ctrl, &announce));
	assert_int_equal(ctrl, 1);
	assert_int_equal(announce.kind, EV_NONE);
	qmp_destroy(d.q);
	devices_deinit(&d);
	close(peer);
}

/* What is not as QEMU answers is no crash. */
static void test_strange(void **state)
{
	static const char *const strange[] = {
		"\"return\": 1", "\"return\": [1, [], {\"devices\": {\"a\": 1}}]",
		"\"return\": [{\"devices\":[{\"class_info\":{\"class\":1027}}]}]",
		"\"return\": [{\"devices\":[{\"class_info\":{\"class\":1027},\"qdev_id\":7,"
		"\"regions\":[[]]}]}]",
	};

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		const char *const answers[] = { strange[i], "\"return\": [[], {\"name\": []}]", NULL };
		struct devices d = { .q = answering(answers) };

		err_free(devices_join(&d));
		qmp_destroy(d.q);
		devices_deinit(&d);
		close(peer);
	}
}

static void test_look(void **state)
{
	uint64_t v;
	struct err *e;

	(void)state;
	assert_null(probe_parse("00000000febf8048: 0x00a6\r\n", 0xfebf8048, &v));
	assert_int_equal(v, 0xa6);
	assert_null(probe_parse("0000004000000008: 0x00000101\r\n", 0x4000000008, &v));
	assert_int_equal(v, 0x101);
	static const char *const bad[] = {
		"", "Cannot access memory\r\n", "00000000febf8049: 0x00a6\r\n", "00000000febf8048: \r\n",
	};
	for (unsigned int i = 0; i < 4; i++) {
		e = probe_parse(bad[i], 0xfebf8048, &v);
		assert_non_null(e);
		err_free(e);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_strange),
		cmocka_unit_test(test_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
