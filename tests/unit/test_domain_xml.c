// SPDX-License-Identifier: GPL-2.0-or-later
/* The change of a libvirt guest's definition, and undoing it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "qemu/libvirt/domain_xml.h"

#define HOSTDEV(slot, alias) \
	"    <hostdev mode='subsystem' type='pci' managed='yes'>\n" \
	"      <source>\n" \
	"        <address domain='0x0000' bus='0x01' slot='" slot "' function='0x3'/>\n" \
	"      </source>\n" alias \
	"    </hostdev>\n"
#define DOMAIN(attribute, devices, more) \
	"<domain type='kvm'" attribute ">\n  <name>win10</name>\n  <devices>\n" devices "  </devices>\n" \
	more "</domain>\n"
#define NAMESPACE " xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"
#define DEVICE(alias, properties) \
	"    <qemu:device alias='" alias "'>\n      <qemu:frontend>\n" properties \
	"      </qemu:frontend>\n    </qemu:device>\n"
#define NO_MMAP "        <qemu:property name='x-no-mmap' type='bool' value='true'/>\n"
#define OTHER "        <qemu:property name='x-other' type='bool' value='true'/>\n"

static void test_hostdevs(void **state)
{
	struct domain_hostdev list[DOMAIN_HOSTDEVS_MAX];
	size_t n;

	(void)state;
	assert_null(domain_xml_hostdevs(DOMAIN("", HOSTDEV("0x1b", "") "    <hostdev type='usb'/>\n"
					       HOSTDEV("0x02", "") HOSTDEV("0x03", "      <alias "
					       "name='ua-sound'/>\n"), ""), list, &n));
	assert_int_equal(n, 3);
	assert_string_equal(list[0].address, "0000:01:1b.3");
	assert_string_equal(list[0].alias, "hostdev0");
	assert_string_equal(list[1].alias, "hostdev2");
	assert_string_equal(list[2].alias, "ua-sound");
	/* a passed-through network card is counted first, wherever it is */
	assert_null(domain_xml_hostdevs(DOMAIN("", HOSTDEV("0x1b", "") "    <interface type='hostdev'/>\n",
					       ""), list, &n));
	assert_string_equal(list[0].alias, "hostdev1");
	assert_null(domain_xml_hostdevs(DOMAIN("", "", ""), list, &n));
	assert_int_equal(n, 0);
	struct err *e = domain_xml_hostdevs("<network/>", list, &n);
	assert_non_null(e);
	err_free(e);
	e = domain_xml_hostdevs("<domain", list, &n);
	assert_non_null(e);
	err_free(e);
}

static void assert_change(const char *old, bool override, const char *expected)
{
	struct buf new = { 0 }, back = { 0 };

	assert_null(domain_xml_add(old, "hostdev0", override, &new));
	assert_string_equal(buf_str(&new), expected);
	/* it is not added twice */
	assert_null(domain_xml_add(expected, "hostdev0", override, &back));
	assert_string_equal(buf_str(&back), expected);
	if (strcmp(old, expected) != 0) {
		assert_null(domain_xml_remove(expected, "hostdev0", &back));
		assert_string_equal(buf_str(&back), old);
	}
	buf_deinit(&new);
	buf_deinit(&back);
}

static void test_add_and_remove(void **state)
{
	(void)state;
	assert_change(DOMAIN("", HOSTDEV("0x1b", ""), ""), true,
		      DOMAIN(NAMESPACE, HOSTDEV("0x1b", ""), "  <qemu:override>\n"
			     DEVICE("hostdev0", NO_MMAP) "  </qemu:override>\n"));
	assert_change(DOMAIN("", HOSTDEV("0x1b", ""), ""), false,
		      DOMAIN(NAMESPACE, HOSTDEV("0x1b", ""), "  <qemu:commandline>\n"
			     "    <qemu:arg value='-set'/>\n"
			     "    <qemu:arg value='device.hostdev0.x-no-mmap=on'/>\n"
			     "  </qemu:commandline>\n"));
	/* what others have added stays */
	assert_change(DOMAIN(NAMESPACE, HOSTDEV("0x1b", ""), "  <qemu:override>\n"
			     DEVICE("hostdev1", NO_MMAP) "  </qemu:override>\n"), true,
		      DOMAIN(NAMESPACE, HOSTDEV("0x1b", ""), "  <qemu:override>\n"
			     DEVICE("hostdev1", NO_MMAP) DEVICE("hostdev0", NO_MMAP)
			     "  </qemu:override>\n"));
	assert_change(DOMAIN(NAMESPACE, HOSTDEV("0x1b", ""), "  <qemu:override>\n"
			     DEVICE("hostdev0", OTHER) "  </qemu:override>\n"), true,
		      DOMAIN(NAMESPACE, HOSTDEV("0x1b", ""), "  <qemu:override>\n"
			     DEVICE("hostdev0", OTHER NO_MMAP) "  </qemu:override>\n"));
	assert_change(DOMAIN(NAMESPACE, HOSTDEV("0x1b", ""), "  <qemu:commandline>\n"
			     "    <qemu:arg value='-foo'/>\n  </qemu:commandline>\n"), false,
		      DOMAIN(NAMESPACE, HOSTDEV("0x1b", ""), "  <qemu:commandline>\n"
			     "    <qemu:arg value='-foo'/>\n    <qemu:arg value='-set'/>\n"
			     "    <qemu:arg value='device.hostdev0.x-no-mmap=on'/>\n"
			     "  </qemu:commandline>\n"));
}

static void test_strange(void **state)
{
	struct buf out = { 0 };
	struct err *e;

	(void)state;
	e = domain_xml_add(DOMAIN("", "", ""), "evil'/><x", true, &out);
	assert_non_null(e);
	err_free(e);
	e = domain_xml_add("no definition", "hostdev0", true, &out);
	assert_non_null(e);
	err_free(e);
	assert_null(domain_xml_remove("<qemu:device alias='hostdev0'>", "hostdev0", &out));
	buf_deinit(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hostdevs),
		cmocka_unit_test(test_add_and_remove),
		cmocka_unit_test(test_strange),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
