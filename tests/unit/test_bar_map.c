// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses from QEMU's answers: which controller has an address, and since when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"
#include "base/err.h"
#include "live/kvm/bar_map.h"
#include "live/kvm/kvm_record.h"

static struct pci_audios parsed(const char *text)
{
	struct json_object *o = json_tokener_parse(text);
	struct pci_audios a = { 0 };

	assert_null(pci_audio_parse(o, &a));
	json_object_put(o);
	return a;
}

#define DEVICE(bus, slot, id, address) \
	"{\"bus\":" bus ",\"slot\":" slot ",\"function\":0,\"qdev_id\":\"" id "\"," \
	"\"class_info\":{\"class\":1027},\"regions\":[{\"bar\":0,\"type\":\"memory\"," \
	"\"size\":16384,\"address\":" address "},{\"bar\":9,\"type\":\"memory\",\"size\":1," \
	"\"address\":5},{\"bar\":1,\"type\":\"io\",\"size\":32,\"address\":49152}]}"
#define BUS(devices) "[{\"bus\":0,\"devices\":[" devices "]}]"

static void test_places(void **state)
{
	struct pci_audios a = parsed(BUS(DEVICE("0", "27", "hda0", "4273799168")));
	struct bar_map p = { 0 };
	struct kvm_region where;
	struct mapped_controller *o;

	assert_int_equal(a.count, 1);
	assert_string_equal(a.list[0].place, "0000:00:1b.0");
	assert_int_equal(a.list[0].bar[0].start, 4273799168);
	assert_int_equal(a.list[0].bar[1].size, 0);
	assert_null(bar_map_update(&p, &a, NULL, 100, NULL));
	pci_audio_deinit(&a);
	o = bar_map_find(&p, 4273799168 + 0x48, 50, &where);
	assert_non_null(o);
	assert_int_equal(where.offset, 0x48);
	assert_int_equal(where.bar, 0);
	assert_string_equal(o->name, "0000:00:1b.0");
	assert_null(bar_map_find(&p, 4273799168 + 16384, 50, &where));
	assert_null(bar_map_find(&p, 4273799168 - 1, 50, &where));
	/* it moves: accesses before the next answer of QEMU were still at the old address */
	o->ctrl = 0;
	a = parsed(BUS(DEVICE("0", "27", "hda0", "4274000000000")));
	assert_null(bar_map_update(&p, &a, NULL, 200, NULL));
	pci_audio_deinit(&a);
	assert_ptr_equal(bar_map_find(&p, 4274000000000, 300, &where), o);
	assert_true(o->moved);
	assert_ptr_equal(bar_map_find(&p, 4273799168 + 8, 150, &where), o);
	assert_null(bar_map_find(&p, 4273799168 + 8, 250, &where));
	/* it is switched off, and then on again */
	a = parsed(BUS(DEVICE("0", "27", "hda0", "-1")));
	assert_null(bar_map_update(&p, &a, NULL, 400, NULL));
	pci_audio_deinit(&a);
	assert_null(bar_map_find(&p, 4274000000000, 450, &where));
	a = parsed(BUS(DEVICE("0", "27", "hda0", "4273799168")));
	assert_null(bar_map_update(&p, &a, NULL, 500, NULL));
	pci_audio_deinit(&a);
	assert_ptr_equal(bar_map_find(&p, 4273799168, 550, &where), o);
	assert_int_equal(p.owners, 1);
	bar_map_deinit(&p);
}

static void test_places_wanted(void **state)
{
	const char *two = BUS(DEVICE("0", "16", "a", "1048576") ",{\"bus\":0,\"pci_bridge\":"
			      "{\"devices\":[" DEVICE("3", "2", "b", "2097152") "]}}");
	const char *names[] = { "b", "0000:03:02.0" };

	for (int i = 0; i < 2; i++) {
		struct pci_audios a = parsed(two);
		struct bar_map p = { 0 };
		struct kvm_region where;

		assert_int_equal(a.count, 2);
		assert_null(bar_map_update(&p, &a, names[i], 1, NULL));
		assert_null(bar_map_find(&p, 1048576, 1, &where));
		assert_string_equal(bar_map_find(&p, 2097152, 1, &where)->name, "0000:03:02.0");
		bar_map_deinit(&p);
		pci_audio_deinit(&a);
	}
}

/* A monitor with nonsense in its answers gives no controller, and no crash. */
static void test_places_hostile(void **state)
{
	static const char *const texts[] = {
		"null", "{}", "[]", "[1]", "[{\"devices\":3}]", "[{\"devices\":[null,[],{}]}]",
		BUS("{\"class_info\":{\"class\":1027},\"regions\":{\"a\":1}}"),
		BUS("{\"class_info\":{\"class\":1027},\"regions\":[null,{},{\"bar\":0,"
		    "\"type\":\"memory\",\"size\":16,\"address\":-5}]}"),
		BUS("{\"class_info\":{\"class\":1027},\"slot\":-1,\"bus\":99999999999,"
		    "\"regions\":[{\"bar\":-1,\"type\":\"memory\",\"size\":-1,\"address\":1}]}"),
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct pci_audios a = parsed(texts[i]);
		struct bar_map p = { 0 };
		struct kvm_region where;

		assert_null(bar_map_update(&p, &a, NULL, 1, NULL));
		assert_null(bar_map_find(&p, 4096, 1, &where));
		bar_map_deinit(&p);
		pci_audio_deinit(&a);
	}
}

/* An answer is used only for writes that are known to be done, however late the reader is. */
static void test_carried_out(void **state)
{
	const int64_t s = 1000000000, written = 500 * s;
	struct kvm_control c = { .generation = 7, .applied = 6, .config_time = (uint64_t)written };

	(void)state;
	assert_false(kvm_config_carried_out(&c, 7, written));
	/* on a busy machine QEMU may wait that long for its lock */
	assert_false(kvm_config_carried_out(&c, 7, written + 5 * s));
	assert_true(kvm_config_carried_out(&c, 7, written + 11 * s));
	c.applied = 7;
	assert_true(kvm_config_carried_out(&c, 7, written));
	/* a thread that came back from an earlier write proves nothing about this one */
	c.generation = 8;
	assert_false(kvm_config_carried_out(&c, 8, written));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_places_wanted),
		cmocka_unit_test(test_places_hostile),
		cmocka_unit_test(test_carried_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
