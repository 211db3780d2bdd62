// SPDX-License-Identifier: GPL-2.0-or-later
/* The audio controllers of a running machine, from QEMU's answers. */
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

/* Commands are numbered from 1, so that answers can be there before the commands. */
static struct qmp *answering(const char *const *answers)
{
	struct qmp *q;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	peer = fds[1];
	for (int i = 0; answers[i]; i++)
		dprintf(peer, "{\"id\": %d, %s}\n", i + 1, answers[i]);
	/* a command without a prepared answer is an error, and does not wait */
	shutdown(peer, SHUT_WR);
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
		/* whether there is a device behind a socket */
		"\"return\": [{\"name\":\"hostdev0\",\"type\":\"child<vfio-pci>\"}]",
		"\"return\": []",
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

	/*
	 * the first line of the emulated one is recognised by its address: it is not
	 * announced again
	 */
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

/* Behind sockets, as QEMU 11.1.3 answers. */
#define CHILD(name, type) "{\"name\":\"" name "\",\"type\":\"child<" type ">\"}"
#define LIST(...) "\"return\": [{\"name\":\"type\",\"type\":\"string\"}," __VA_ARGS__ "]"
#define REGIONS(escaped, more) \
	LIST("{\"name\":\"socket\",\"type\":\"SocketAddress\"}," \
	     CHILD(escaped " base BAR 0[0]", "memory-region") "," more \
	     CHILD(escaped " BAR 0[0]", "memory-region") "," \
	     CHILD("bus master[0]", "memory-region"))
#define MAPPED(escaped) CHILD(escaped " BAR 0 mmaps\\\\x5b0\\\\x5d[0]", "memory-region") ","
#define HDA "vfio-user:\\\\x2frun\\\\x2fa (1) \\\\x5bb\\\\x5d: base"
#define HDA_NAME "vfio-user:/run/a (1) [b]: base"
#define OTHER "vfio-user:relative.sock"
#define DISK "vfio-user:\\\\x2frun\\\\x2fnvme"
#define SOCKETS_PCI \
	"\"return\": [{\"devices\":[{\"class_info\":{\"class\":264},\"qdev_id\":\"disk\"}," \
	AUDIO(0, 2, "hda0", "-1") "," AUDIO(0, 3, "", "4273946624") "]}]"
#define PERIPHERAL LIST(CHILD("disk", "vfio-user-pci") "," CHILD("hda0", "vfio-user-pci"))
#define ANON LIST(CHILD("device[0]", "virtio-serial-pci") "," CHILD("device[1]", "vfio-user-pci"))

static int find_line(struct devices *d, const char *name, struct event *announce)
{
	const struct trace_line tl = {
		.access = TRACE_VFIO, .name = name, .name_len = (uint32_t)strlen(name), .addr = 0x48,
	};
	int ctrl;

	*announce = (struct event){ .kind = EV_NONE };
	assert_null(devices_find(d, &tl, &ctrl, announce));
	return ctrl;
}

static void test_sockets_before_the_guest_runs(void **state)
{
	static const char *const answers[] = {
		PERIPHERAL, ANON, SOCKETS_PCI,
		/*
		 * hda0, and the one without an id: it is at 03.0, and mapped from its first
		 * byte on
		 */
		PERIPHERAL, REGIONS(HDA, ""),
		ANON, "\"return\": 24", REGIONS(OTHER, MAPPED(OTHER)), "\"return\": 0",
		/* all of it again for those that are not audio devices */
		PERIPHERAL, REGIONS(DISK, ""), REGIONS(HDA, ""),
		ANON, REGIONS(OTHER, MAPPED(OTHER)), "\"return\": 0",
		/* a line of an unknown device: QEMU has no more devices than before */
		"\"return\": []", LIST(CHILD("disk", "virtio-blk-pci")), LIST(CHILD("x", "y")),
		NULL
	};

	(void)state;
	for (int wanted = 0; wanted < 2; wanted++) {
		struct devices d = { .q = answering(answers), .only = wanted ? "hda0" : NULL };
		struct event announce;
		bool vfio, emulated;

		assert_null(devices_start(&d, &vfio, &emulated));
		assert_true(vfio);
		assert_false(emulated);
		assert_int_equal(d.count, 3);
		/* numbers are given at the first line */
		assert_int_equal(d.controllers, 0);
		if (wanted)
			assert_null(devices_hidden(&d));
		else
			assert_string_equal(devices_hidden(&d)->name, OTHER);
		assert_int_equal(find_line(&d, "vfio-user:/run/nvme", &announce), -1);
		assert_int_equal(announce.kind, EV_NONE);
		assert_int_equal(find_line(&d, HDA_NAME, &announce), 0);
		assert_int_equal(announce.kind, EV_CONTROLLER);
		assert_int_equal(announce.value, CTRL_VFIO);
		assert_int_equal(announce.len, strlen(HDA_NAME));
		assert_memory_equal(announce.data, HDA_NAME, announce.len);
		assert_int_equal(find_line(&d, HDA_NAME, &announce), 0);
		assert_int_equal(announce.kind, EV_NONE);
		assert_int_equal(find_line(&d, OTHER, &announce), wanted ? -1 : 1);
		if (!wanted) {
			assert_int_equal(find_line(&d, "vfio-user:/late", &announce), 2);
			assert_int_equal(announce.kind, EV_CONTROLLER);
		}
		qmp_destroy(d.q);
		devices_deinit(&d);
		close(peer);
	}
}

static void test_sockets_of_a_running_machine(void **state)
{
	static const char *const answers[] = {
		SOCKETS_PCI,
		PERIPHERAL, REGIONS(HDA, MAPPED(HDA)), "\"return\": 0",
		/* only its second page is mapped: the rings' registers are in the first */
		ANON, "\"return\": 24", REGIONS(OTHER, MAPPED(OTHER)), "\"return\": 4096",
		PERIPHERAL, REGIONS(DISK, ""), REGIONS(HDA, ""), ANON, REGIONS(OTHER, ""),
		NULL
	};
	struct devices d = { .q = answering(answers) };
	struct event announce;

	(void)state;
	assert_null(devices_join(&d));
	assert_int_equal(d.count, 3);
	assert_int_equal(d.controllers, 2);
	assert_string_equal(d.list[0].key, HDA_NAME);
	assert_string_equal(d.list[0].name, HDA_NAME);
	assert_true(d.list[0].hidden);
	assert_string_equal(d.list[1].key, OTHER);
	assert_false(d.list[1].hidden);
	assert_true(d.list[1].bar == 0xfebf4000);
	assert_null(d.list[2].name);
	/* they were announced when hdadump attached */
	assert_int_equal(find_line(&d, OTHER, &announce), 1);
	assert_int_equal(announce.kind, EV_NONE);
	assert_int_equal(find_line(&d, "vfio-user:/run/nvme", &announce), -1);
	qmp_destroy(d.q);
	devices_deinit(&d);
	close(peer);
}

/* Answers that QEMU would not give must not crash. */
static void test_strange(void **state)
{
	static const char *const strange[] = {
		"\"return\": 1", "\"return\": [1, [], {\"devices\": {\"a\": 1}}]",
		"\"return\": [{\"devices\":[{\"class_info\":{\"class\":1027}}]}]",
		"\"return\": [{\"devices\":[{\"class_info\":{\"class\":1027},\"qdev_id\":7,"
		"\"regions\":[[]]}]}]",
		/* a device behind a socket, without names of regions, or with strange ones */
		SOCKETS_PCI "}\n{\"id\": 2, " PERIPHERAL "}\n{\"id\": 3, \"return\": []",
		SOCKETS_PCI "}\n{\"id\": 2, " PERIPHERAL "}\n{\"id\": 3, "
		LIST(CHILD("vfio-user: BAR 9[0]", "memory-region") ","
		     CHILD("vfio-user:\\\\x2", "memory-region") "," CHILD(" BAR 0[", "memory-region") ","
		     CHILD("vfio-user:\\\\xzz BAR 0]", "memory-region") "," CHILD("]", "memory-region") ","
		     "{\"name\":7},{\"type\":[]}"),
	};

	(void)state;
	for (unsigned int i = 0; i < 6; i++) {
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
	/* QEMU 11 prints the address with eight digits */
	assert_null(probe_parse("febf8048: 0x00a6\r\n", 0xfebf8048, &v));
	assert_int_equal(v, 0xa6);
	assert_null(probe_parse("4000000008: 0x00000101\r\n", 0x4000000008, &v));
	assert_int_equal(v, 0x101);
	assert_null(probe_parse("0000004000000008: 0x00000101\r\n", 0x4000000008, &v));
	assert_int_equal(v, 0x101);
	static const char *const bad[] = {
		"", "Cannot access memory\r\n", "00000000febf8049: 0x00a6\r\n", "00000000febf8048: \r\n",
		"febf8048: Cannot access memory\r\n", "ebf8048: 0x00a6\r\n",
	};
	for (unsigned int i = 0; i < 6; i++) {
		e = probe_parse(bad[i], 0xfebf8048, &v);
		assert_non_null(e);
		err_free(e);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_sockets_before_the_guest_runs),
		cmocka_unit_test(test_sockets_of_a_running_machine),
		cmocka_unit_test(test_strange),
		cmocka_unit_test(test_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
