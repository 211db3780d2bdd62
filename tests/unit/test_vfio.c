// SPDX-License-Identifier: GPL-2.0-or-later
/* The change of a -device argument, with a sysfs made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "qemu/vfio.h"

static char sysfs[] = "/tmp/test-vfio-XXXXXX";

static const struct {
	const char *address, *class;
} devices[] = {
	{ "0000:00:1f.3", "0x040300" },	/* HD Audio */
	{ "0000:01:00.0", "0x030000" },	/* a graphics card */
	{ "0001:41:1d.7", "0x020000" },	/* a network card */
};

static void place(char *path, size_t size, size_t i, const char *file)
{
	snprintf(path, size, "%s/%s%s", sysfs, devices[i].address, file);
}

static int set_up(void **state)
{
	char path[256];

	(void)state;
	if (!mkdtemp(sysfs))
		return -1;
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		place(path, sizeof(path), i, "");
		if (mkdir(path, 0700))
			return -1;
		place(path, sizeof(path), i, "/class");
		FILE *f = fopen(path, "w");
		if (!f)
			return -1;
		fprintf(f, "%s\n", devices[i].class);
		fclose(f);
	}
	return 0;
}

static int tear_down(void **state)
{
	char path[256];

	(void)state;
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		place(path, sizeof(path), i, "/class");
		unlink(path);
		place(path, sizeof(path), i, "");
		rmdir(path);
	}
	return rmdir(sysfs);
}

static void becomes(const char *arg, const char *expected)
{
	char *out = NULL;

	assert_null(vfio_argument(sysfs, arg, &out));
	assert_string_equal(out, expected);
	free(out);
}

static void stays(const char *arg)
{
	becomes(arg, arg);
}

static void audio_stays(void **state)
{
	(void)state;
	stays("vfio-pci,host=00:1f.3");
	stays("vfio-pci,host=0000:00:1f.3,id=hda0");
	stays("{\"driver\":\"vfio-pci\",\"host\":\"0000:00:1f.3\"}");
}

static void others_are_left_out(void **state)
{
	char arg[100], expected[150];

	(void)state;
	becomes("vfio-pci,host=01:00.0", "vfio-pci,host=01:00.0,x-no-mmap=off");
	becomes("vfio-pci,host=1:0.0", "vfio-pci,host=1:0.0,x-no-mmap=off");
	becomes("vfio-pci,id=gpu,host=0000:01:00.0,multifunction=on",
		"vfio-pci,id=gpu,host=0000:01:00.0,multifunction=on,x-no-mmap=off");
	becomes("vfio-pci,host=0001:41:1d.7", "vfio-pci,host=0001:41:1d.7,x-no-mmap=off");
	becomes("driver=vfio-pci,host=01:00.0", "driver=vfio-pci,host=01:00.0,x-no-mmap=off");
	becomes("host=01:00.0,driver=vfio-pci", "host=01:00.0,driver=vfio-pci,x-no-mmap=off");
	becomes("vfio-pci-nohotplug,host=01:00.0", "vfio-pci-nohotplug,host=01:00.0,x-no-mmap=off");
	snprintf(arg, sizeof(arg), "vfio-pci,sysfsdev=%s/0000:01:00.0", sysfs);
	snprintf(expected, sizeof(expected), "%s,x-no-mmap=off", arg);
	becomes(arg, expected);
	/* as libvirt writes it */
	becomes("{\"driver\":\"vfio-pci\",\"host\":\"0000:01:00.0\",\"id\":\"hostdev0\","
		"\"bus\":\"pci.5\",\"addr\":\"0x0\"}",
		"{\"driver\":\"vfio-pci\",\"host\":\"0000:01:00.0\",\"id\":\"hostdev0\","
		"\"bus\":\"pci.5\",\"addr\":\"0x0\",\"x-no-mmap\":false}");
}

static void what_the_user_says_stays(void **state)
{
	(void)state;
	stays("vfio-pci,host=01:00.0,x-no-mmap=on");
	stays("vfio-pci,x-no-mmap,host=01:00.0");
	stays("vfio-pci,host=00:1f.3,x-no-mmap=off");
	stays("{\"driver\":\"vfio-pci\",\"host\":\"0000:01:00.0\",\"x-no-mmap\":true}");
}

static void what_is_not_known_stays(void **state)
{
	(void)state;
	stays("");
	stays(",");
	stays("{");
	stays("{}");
	stays("{\"driver\":7,\"host\":[]}");
	stays("[1]");
	stays("vfio-pci");
	stays("vfio-pci,host=");
	stays("vfio-pci,host=02:00.0");		/* no such device */
	stays("vfio-pci,host=01:00.0junk");
	stays("vfio-pci,host=../../../../../../0000:01:00.0");
	stays("virtio-net-pci,host=01:00.0");
	stays("vfio-pci,romfile=a,,host=01:00.0");	/* a comma in a value */
	stays("vfio-pci,sysfsdev=/nowhere");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(audio_stays),
		cmocka_unit_test(others_are_left_out),
		cmocka_unit_test(what_the_user_says_stays),
		cmocka_unit_test(what_is_not_known_stays),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
