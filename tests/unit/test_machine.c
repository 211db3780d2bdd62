// SPDX-License-Identifier: GPL-2.0-or-later
/* A machine from a folder and from a text: links, bounds, and the contents of a record. */
#include <fcntl.h>
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
#include "host/machine_int.h"
#include "host/private.h"

static char folder[64];

static int make_folder(void **state)
{
	strcpy(folder, "/tmp/hdadump-machine-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[96];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

static const char *in_folder(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void put(const char *name, const char *text)
{
	FILE *f = fopen(in_folder(name), "we");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static struct machine *from_text(const char *text)
{
	struct machine *m = NULL;

	put("m", text);
	assert_null(machine_open(in_folder("m"), &m));
	return m;
}

static void assert_line(struct machine *m, const char *path, const char *expected)
{
	char line[256];

	assert_int_equal(machine_line(m, path, line, sizeof(line)), LOOK_OK);
	assert_string_equal(line, expected);
}

static enum read_status look_line(struct machine *m, const char *path)
{
	char line[256];

	return machine_line(m, path, line, sizeof(line));
}

static void test_text(void **state)
{
	struct machine *m = from_text("hdadump machine 1\n"
				      "# a comment\n"
				      "/a/one = 1\n"
				      "/a/two :\n"
				      "| x \\x1b\n"
				      "|\n"
				      "| y\n"
				      "/a/link -> ../b/c\n"
				      "/b/c = through\n"
				      "/abs -> /b\n"
				      "/a/denied !\n"
				      "/a-b/x = 2\n"
				      "/empty\n"
				      "? run x -> y :\n"
				      "? run q = a = b :\n");
	struct buf b = { 0 };
	struct names l;
	char name[64];

	assert_line(m, "/a/one", "1");
	assert_line(m, "/a/link", "through");
	assert_line(m, "/abs/c", "through");
	assert_line(m, "/a/./../abs//c", "through");
	assert_int_equal(machine_read(m, "/a/two", NULL, &b), LOOK_OK);
	assert_string_equal(buf_str(&b), "x \x1b\n\ny\n");
	assert_int_equal(look_line(m, "/a/denied"), LOOK_DENIED);
	assert_int_equal(look_line(m, "/a/three"), LOOK_ABSENT);
	assert_int_equal(look_line(m, "/a"), LOOK_BROKEN);
	assert_int_equal(machine_has(m, "/empty"), LOOK_OK);
	assert_int_equal(machine_has(m, "/emp"), LOOK_ABSENT);
	assert_int_equal(machine_link(m, "/a/link", name, sizeof(name)), LOOK_OK);
	assert_string_equal(name, "c");
	assert_int_equal(machine_link(m, "/a/one", name, sizeof(name)), LOOK_BROKEN);
	assert_int_equal(machine_list(m, "/a", NULL, &l), LOOK_OK);
	assert_int_equal(l.n, 4);
	assert_string_equal(l.name[0], "denied");
	names_deinit(&l);
	assert_int_equal(machine_list(m, "/", NULL, &l), LOOK_OK);
	assert_int_equal(l.n, 5);
	names_deinit(&l);
	assert_int_equal(machine_ask(m, "run q", NULL, &b), LOOK_OK);
	assert_string_equal(buf_str(&b), "a = b :\n");
	assert_int_equal(machine_ask(m, "/a/one", NULL, &b), LOOK_ABSENT);
	buf_deinit(&b);
	machine_destroy(m);
}

static void assert_refused(const char *text, const char *why)
{
	struct machine *m = NULL;

	put("m", text);
	struct err *e = machine_open(in_folder("m"), &m);
	assert_non_null(e);
	if (!strstr(err_text(e), why))
		fail_msg("\"%s\" does not say \"%s\"", err_text(e), why);
	err_free(e);
}

static void test_refused(void **state)
{
	assert_refused("", "not a recorded machine");
	assert_refused("hdadump machine 2\n", "not a recorded machine");
	assert_refused("hdadump machine 1\nx = 1\n", ":2: neither a path nor a question");
	assert_refused("hdadump machine 1\n/a = 1\n/b\n/a = 2\n", ":4: said twice");
	assert_refused("hdadump machine 1\n? groups\n", ":2: a question without an answer");
	assert_refused("hdadump machine 1\n/a\\x00b = 1\n", ":2: a name that is not a path");
}

static void test_links(void **state)
{
	struct machine *m = from_text("hdadump machine 1\n"
				      "/a -> b\n"
				      "/b -> a\n"
				      "/self/x -> x\n"
				      "/up -> ../../../../../../etc/secret\n"
				      "/etc/secret = ours\n"
				      "/grow -> grow/grow\n");

	assert_int_equal(look_line(m, "/a"), LOOK_BROKEN);
	assert_int_equal(look_line(m, "/self/x"), LOOK_BROKEN);
	assert_int_equal(look_line(m, "/grow"), LOOK_BROKEN);
	assert_line(m, "/up", "ours");
	machine_destroy(m);
}

/* An untrusted folder: nothing in it leads out of it, and nothing in it blocks. */
static void test_folder(void **state)
{
	struct machine *m = NULL;
	struct buf b = { 0 };

	assert_int_equal(mkdir(in_folder("root"), 0700), 0);
	assert_int_equal(mkdir(in_folder("root/etc"), 0700), 0);
	put("root/etc/passwd", "inside\n");
	put("outside", "outside\n");
	assert_int_equal(symlink("/etc/passwd", in_folder("root/absolute")), 0);
	assert_int_equal(symlink("../outside", in_folder("root/relative")), 0);
	assert_int_equal(symlink("loop", in_folder("root/loop")), 0);
	assert_int_equal(mkfifo(in_folder("root/pipe"), 0600), 0);
	FILE *f = fopen(in_folder("root/huge"), "we");
	assert_non_null(f);
	assert_int_equal(ftruncate(fileno(f), 1ll << 40), 0);
	fclose(f);
	put("root/answers", "hdadump machine 1\n? groups = kvm\n");
	assert_null(machine_open(in_folder("root"), &m));
	assert_false(machine_is_live(m));
	assert_line(m, "/absolute", "inside");
	assert_int_equal(look_line(m, "/relative"), LOOK_ABSENT);
	assert_int_equal(look_line(m, "/loop"), LOOK_BROKEN);
	assert_int_equal(look_line(m, "/pipe"), LOOK_BROKEN);
	assert_int_equal(machine_read(m, "/huge", NULL, &b), LOOK_OK);
	assert_int_equal(b.len, MACHINE_READ);
	assert_int_equal(machine_ask(m, "groups", NULL, &b), LOOK_OK);
	assert_string_equal(buf_str(&b), "kvm\n");
	assert_int_equal(machine_ask(m, "run /bin/true", NULL, &b), LOOK_ABSENT);
	buf_deinit(&b);
	machine_destroy(m);
}

static void keep_nothing(const char *text, size_t len, struct buf *kept)
{
	buf_adds(kept, "kept\n");
}

/* A record contains what was read and kept, and answers as the machine did. */
static void test_record(void **state)
{
	struct machine *m = from_text("hdadump machine 1\n"
				      "/a/b = 1\n"
				      "/a/secret = 2\n"
				      "/l -> a\n"
				      "/odd\\x20= name = 3\n"
				      "/two :\n| x\n| y\\x5c\\x01\n"
				      "/none =\n"
				      "? groups = kvm\n");
	struct machine *again;
	struct buf text = { 0 }, b = { 0 };

	machine_record(m);
	assert_line(m, "/l/b", "1");
	assert_line(m, "/odd = name", "3");
	assert_line(m, "/none", "");
	assert_int_equal(machine_read(m, "/two", NULL, &b), LOOK_OK);
	assert_int_equal(machine_read(m, "/a/secret", keep_nothing, &b), LOOK_OK);
	assert_int_equal(machine_ask(m, "groups", NULL, &b), LOOK_OK);
	assert_null(machine_record_text(m, &text));
	assert_null(strstr(buf_str(&text), "= 2"));
	again = from_text(buf_str(&text));
	assert_line(again, "/l/b", "1");
	assert_line(again, "/odd = name", "3");
	assert_line(again, "/none", "");
	assert_line(again, "/a/secret", "kept");
	assert_int_equal(machine_read(again, "/two", NULL, &b), LOOK_OK);
	assert_string_equal(buf_str(&b), "x\ny\\\x01\n");
	assert_int_equal(machine_ask(again, "groups", NULL, &b), LOOK_OK);
	assert_string_equal(buf_str(&b), "kvm\n");
	buf_deinit(&b);
	buf_deinit(&text);
	machine_destroy(m);
	machine_destroy(again);
}

static void assert_private(const char *text, const char *expected)
{
	const struct private_identity id = { .host = "thinkpad-jo", .user = "joanna" };
	struct buf b = { 0 };

	private_add(&b, text, strlen(text), &id);
	assert_string_equal(buf_str(&b), expected);
	buf_deinit(&b);
}

#define HOME "/ho" "me/"

static void test_private(void **state)
{
	assert_private("0000:00:1f.3 sdw:0:2:01fa:3556:01:1",
		       "0000:00:1f.3 sdw:0:2:01fa:3556:01:1");
	assert_private("at 52:54:00:Ab:cd:ef.", "at MAC.");
	assert_private("52:54:00:ab:cd:ef:01", "MAC:01");
	assert_private("root=UUID=01234567-89ab-cdef-0123-456789abcdef x", "root=UUID=UUID x");
	assert_private(HOME "joanna/qemu/bin", HOME "USER/qemu/bin");
	assert_private(HOME "someone", HOME "USER");
	assert_private("6.9-Joanna on thinkpad-jo", "6.9-USER on HOST");
	assert_private("joannas joanna_x", "joannas joanna_x");
	assert_private("", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_text, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_refused, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_links, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_folder, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_record, make_folder, remove_folder),
		cmocka_unit_test(test_private),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
