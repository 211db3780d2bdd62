// SPDX-License-Identifier: GPL-2.0-or-later
/* The QMP sockets of a running QEMU, in all spellings of its command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "qemu/qemu_cmdline.h"

/* @words: separated by one space each; '~' stands for a space within a word. */
static struct qemu_cmdline parse(const char *words)
{
	struct qemu_cmdline c;
	char data[2048];
	size_t n = strlen(words) + 1;

	assert_true(n <= sizeof(data));
	memcpy(data, words, n);
	for (size_t i = 0; i < n; i++)
		data[i] = data[i] == ' ' ? '\0' : data[i] == '~' ? ' ' : data[i];
	assert_null(qemu_cmdline_parse(data, n, &c));
	return c;
}

static void assert_place(const char *words, enum qmp_place_kind kind, const char *address)
{
	struct qemu_cmdline c = parse(words);

	assert_int_equal(c.n_qmp, 1);
	assert_int_equal(c.qmp[0].kind, kind);
	assert_string_equal(c.qmp[0].address, address);
	qemu_cmdline_deinit(&c);
}

static void assert_none(const char *words)
{
	struct qemu_cmdline c = parse(words);

	assert_int_equal(c.n_qmp, 0);
	qemu_cmdline_deinit(&c);
}

static void test_qmp(void **state)
{
	(void)state;
	assert_place("qemu -qmp unix:/run/a,server=on,wait=off -S", QMP_UNIX, "/run/a");
	assert_place("qemu --qmp unix:a.sock,server,nowait", QMP_UNIX, "a.sock");
	assert_place("qemu -qmp-pretty unix:/run/a,server=on", QMP_UNIX, "/run/a");
	assert_place("qemu -qmp unix:/a~b,server=on", QMP_UNIX, "/a b");
	assert_place("qemu -qmp unix:/a,,b,server=on", QMP_UNIX, "/a,b");
	assert_place("qemu -qmp unix:name,abstract=on,server=on", QMP_ABSTRACT, "name");
	assert_place("qemu -qmp tcp:localhost:4444,server=on,wait=off", QMP_TCP, "localhost:4444");
	assert_place("qemu -qmp tcp::4444,server", QMP_TCP, ":4444");
	assert_place("qemu -qmp stdio", QMP_ELSEWHERE, "stdio");
	assert_place("qemu -qmp chardev:c -chardev socket,id=c,path=/run/a,server=on", QMP_UNIX, "/run/a");
	assert_none("qemu -qmp none -S");
	assert_none("qemu -monitor unix:/run/a,server=on -S");
	assert_none("qemu -qmp");
}

static void test_mon(void **state)
{
	(void)state;
	assert_place("qemu -chardev socket,id=c,path=/run/a,server=on -mon chardev=c,mode=control",
		     QMP_UNIX, "/run/a");
	/* the other order, the chardev without its key */
	assert_place("qemu -mon c,mode=control,pretty=on -chardev socket,path=/run/a,id=c", QMP_UNIX,
		     "/run/a");
	assert_place("qemu -mon chardev=c,mode=control -chardev socket,host=::1,port=4,id=c,server=on",
		     QMP_TCP, "::1:4");
	assert_place("qemu -mon chardev=c,mode=control -chardev pty,id=c", QMP_ELSEWHERE, "pty");
	assert_place("qemu -mon {\"chardev\":\"c\",\"mode\":\"control\"} -chardev "
		     "{\"id\":\"c\",\"backend\":{\"type\":\"socket\",\"data\":{\"addr\":{\"type\":\"unix\","
		     "\"data\":{\"path\":\"/run/a\"}},\"server\":true}}}", QMP_UNIX, "/run/a");
	assert_place("qemu -mon chardev=c,mode=control -chardev {\"id\":\"c\",\"backend\":{\"type\":"
		     "\"socket\",\"data\":{\"addr\":{\"type\":\"inet\",\"data\":{\"host\":\"h\",\"port\":"
		     "\"5\"}}}}}", QMP_TCP, "h:5");
	assert_place("qemu -mon chardev=c,mode=control -chardev {\"id\":\"c\",\"backend\":{\"type\":"
		     "\"socket\",\"data\":{\"addr\":{\"type\":\"fd\",\"data\":{\"str\":\"7\"}}}}}",
		     QMP_INHERITED, "7");
	assert_none("qemu -chardev socket,id=c,path=/run/a,server=on -mon chardev=c");
	assert_none("qemu -chardev socket,id=c,path=/run/a,server=on -mon chardev=other,mode=control");
	assert_none("qemu -mon {broken -chardev {broken");
}

/* QEMU 11 calls -mon deprecated. */
static void test_object(void **state)
{
	struct qemu_cmdline c;

	(void)state;
	assert_place("qemu -chardev socket,id=c,path=/run/a,server=on -object monitor-qmp,id=m,chardev=c",
		     QMP_UNIX, "/run/a");
	assert_place("qemu -object chardev=c,qom-type=monitor-qmp,id=m -chardev pty,id=c",
		     QMP_ELSEWHERE, "pty");
	assert_place("qemu --object {\"qom-type\":\"monitor-qmp\",\"id\":\"m\",\"chardev\":\"c\"} "
		     "-chardev socket,id=c,fd=28", QMP_INHERITED, "28");
	assert_none("qemu -object monitor-qmp,id=m -chardev socket,id=c,path=/run/a");
	assert_none("qemu -object memory-backend-memfd,id=m,chardev=c -chardev socket,id=c,path=/run/a");
	c = parse("qemu -object monitor-hmp,id=m,chardev=c -chardev stdio,id=c");
	assert_int_equal(c.n_qmp, 0);
	assert_true(c.has_hmp);
	qemu_cmdline_deinit(&c);
}

static void test_libvirt(void **state)
{
	struct qemu_cmdline c = parse(
		"/usr/bin/qemu-system-x86_64 -name guest=win10,debug-threads=on -S -object {\"qom-type\":"
		"\"secret\",\"id\":\"masterKey0\",\"format\":\"raw\",\"file\":\"/var/lib/libvirt/qemu/"
		"domain-3-win10/master-key.aes\"} -uuid 7f2dcabf-bf1c-42e6-8d93-e41e3a875caf -chardev "
		"socket,id=charmonitor,fd=28,server=on,wait=off -mon chardev=charmonitor,id=monitor,"
		"mode=control -msg timestamp=on");

	(void)state;
	assert_int_equal(c.n_qmp, 1);
	assert_int_equal(c.qmp[0].kind, QMP_INHERITED);
	assert_string_equal(c.qmp[0].address, "28");
	assert_string_equal(c.name, "win10");
	assert_string_equal(c.uuid, "7f2dcabf-bf1c-42e6-8d93-e41e3a875caf");
	assert_string_equal(c.libvirt_folder, "/var/lib/libvirt/qemu/domain-3-win10");
	assert_false(c.has_hmp);
	qemu_cmdline_deinit(&c);
}

static void test_rest(void **state)
{
	struct qemu_cmdline c = parse("qemu -name my~guest -D /tmp/log -d guest_errors -monitor stdio "
				      "-readconfig f -qmp unix:/1 -qmp unix:/2");

	(void)state;
	assert_string_equal(c.name, "my guest");
	assert_string_equal(c.log, "/tmp/log");
	assert_string_equal(c.log_items, "guest_errors");
	assert_true(c.has_hmp);
	assert_true(c.readconfig);
	assert_int_equal(c.n_qmp, 2);
	assert_string_equal(c.qmp[1].address, "/2");
	qemu_cmdline_deinit(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_qmp),
		cmocka_unit_test(test_mon),
		cmocka_unit_test(test_object),
		cmocka_unit_test(test_libvirt),
		cmocka_unit_test(test_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
