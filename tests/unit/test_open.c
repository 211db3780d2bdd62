// SPDX-License-Identifier: GPL-2.0-or-later
/* The reader for all formats: the same content must read the same. */
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>

#include "base/bits.h"
#include "collect.h"

static void same(const struct collected *a, const struct collected *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(a->x[i].kind, b->x[i].kind);
		assert_int_equal(a->x[i].verb, b->x[i].verb);
		assert_int_equal(a->x[i].resp, b->x[i].resp);
		assert_int_equal(a->x[i].has_resp, b->x[i].has_resp);
		assert_int_equal(a->x[i].certainty, b->x[i].certainty);
		assert_int_equal(a->x[i].count, b->x[i].count);
	}
}

/* Frames in a folder, in one file, and the joined halves are the same verbs. */
static void frames_of_every_kind(void **state)
{
	struct collected folder, file, corb, rirb;

	collect(sample("frames"), &folder);
	collect(sample("frames.bin"), &file);
	assert_int_equal(folder.n, file.n);
	assert_int_equal(folder.pipeline.stats.verbs, 600);
	assert_int_equal(folder.pipeline.stats.unsolicited, 1);
	same(&folder, &file, folder.n);
	/* without the exit dump: 511 verbs */
	collect(sample("joined/allCORBframes"), &corb);
	collect(sample("joined/allRIRBframes"), &rirb);
	assert_int_equal(corb.pipeline.stats.verbs, 511);
	assert_int_equal(corb.n, rirb.n);
	same(&folder, &corb, corb.n);
	same(&folder, &rirb, rirb.n);
	/* each answer but the overwritten one shows its coefficient */
	for (size_t i = 0, wrong = 0; i < folder.n; i++) {
		const struct xact *x = &folder.x[i];

		/* the unsolicited one is between the two verbs */
		if (x->kind == XACT_UNSOL)
			folder.x[i].verb = folder.x[i - 1].verb;
		if (x->kind != XACT_CORB || x->verb != 0x020c0000)
			continue;
		wrong += !x->has_resp;
		assert_true(wrong <= 1);
		if (x->has_resp)
			assert_int_equal(x->resp, 0xa000 | (folder.x[i - 1].verb & 0xff));
	}
	collect_free(&folder);
	collect_free(&file);
	collect_free(&corb);
	collect_free(&rirb);
}

static void put_file(const char *dir, const char *name, const void *data, size_t len)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	fclose(f);
}

/* A missing frame, one of the wrong size, and both namings in one folder. */
static void frames_with_faults(void **state)
{
	char dir[] = "/tmp/hdadump-test-XXXXXX", path[300];
	uint8_t page[4096] = { 0 };
	struct collected c;
	uint64_t missing = 0, notes = 0, gaps = 0;

	assert_non_null(mkdtemp(dir));
	for (unsigned int i = 0; i < 256; i++) {
		store_le32(page + i * 4, i ? 0x01470700 | i : 0);
		store_le32(page + 0x800 + i * 8, i);
	}
	put_file(dir, "frame0000", page, 4096);
	store_le32(page, 0x01470700);
	put_file(dir, "frame0003", page, 4096);
	put_file(dir, "frame03", page, 4096);
	put_file(dir, "frame0004", page, 4000);
	put_file(dir, "frames.txt", page, 10);
	collect(dir, &c);
	for (size_t i = 0; i < c.n; i++) {
		missing += c.x[i].kind == XACT_GAP && c.x[i].gap == GAP_VERBS ? c.x[i].count : 0;
		gaps += c.x[i].kind == XACT_GAP;
		notes += c.x[i].kind == XACT_NOTE;
	}
	assert_int_equal(missing, 512);
	assert_int_equal(gaps, 2);		/* the missing ones; the short one */
	assert_int_equal(notes, 1);		/* the duplicate name */
	assert_true(c.pipeline.stats.verbs >= 511);
	collect_free(&c);
	for (size_t i = 0; i < 5; i++) {
		static const char *const names[] = {
			"frame0000", "frame0003", "frame03", "frame0004", "frames.txt" };

		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
}

/* A slow writer: the pipe is read as the bytes come, and not before. */
static void *dribble(void *arg)
{
	FILE *in = fopen(sample("patch-jcs.log.gz"), "r");
	int fd = *(int *)arg, c;

	while ((c = getc(in)) != EOF) {
		char byte = (char)c;

		if (write(fd, &byte, 1) != 1)
			break;
		if (c % 7 == 0)
			usleep(1000);
	}
	fclose(in);
	close(fd);
	return NULL;
}

static void packed_in_a_slow_pipe(void **state)
{
	struct collected c = { .sink = { &collect_ops } };
	pthread_t thread;
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	pthread_create(&thread, NULL, dribble, &fds[1]);
	assert_null(source_open(fds[0], "pipe", NULL, &c.pipeline.source));
	c.pipeline.sink = &c.sink;
	c.pipeline.fold.noise = true;
	assert_null(pipeline_run(&c.pipeline));
	source_facts(c.pipeline.source, &c.facts);
	assert_string_equal(c.facts.packing, "gzip");
	assert_int_equal(c.facts.format, SOURCE_PATCH);
	assert_int_equal(c.pipeline.stats.verbs, 4);
	source_destroy(c.pipeline.source);
	pthread_join(thread, NULL);
	close(fds[0]);
	collect_free(&c);
}

/* A reader that stops early must not hang, and must not be killed by SIGPIPE. */
static void stopped_early(void **state)
{
	struct source *s;
	struct event_run run;
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "CORBWP advance to 1, last WP 0\n", 31), 31);
	assert_null(source_open(fds[0], "pipe", NULL, &s));
	assert_null(s->ops->next(s, &run));
	assert_true(run.n > 0);
	source_destroy(s);	/* the writer still has the pipe open */
	close(fds[0]);
	close(fds[1]);
}

/* Data that unpack to a huge size need no memory: they are read piece by piece. */
static void a_bomb(void **state)
{
	char path[] = "/tmp/hdadump-test-XXXXXX", command[200];
	struct collected c;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	snprintf(command, sizeof(command),
		 "{ echo '0x20 0x500 0x7'; head -c 300000000 /dev/zero | tr '\\0' ' '; } | "
		 "gzip -1 >%s", path);
	assert_int_equal(system(command), 0);
	/* far less than the unpacked size, and more than reading needs */
	collect(path, &c);
	assert_int_equal(c.pipeline.stats.verbs, 1);
	assert_int_equal(c.facts.damaged, 1);
	collect_free(&c);
	unlink(path);
}

static void cut_anywhere(void **state)
{
	static const char *const names[] = {
		"patch-jcs.log", "patch-jcs.log.gz", "patch-jcs.log.xz", "patch-jcs.log.zst",
		"debug.log", "ftrace.txt", "script.txt", "words-ret.txt", "kvm.txt",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char path[] = "/tmp/hdadump-test-XXXXXX", bytes[8192];
		FILE *in = fopen(sample(names[i]), "r");
		size_t len = fread(bytes, 1, sizeof(bytes), in);
		int fd = mkstemp(path);

		fclose(in);
		assert_true(fd >= 0);
		for (size_t cut = len; cut-- > 1;) {
			struct collected c;

			assert_int_equal(pwrite(fd, bytes, cut, 0), cut);
			assert_int_equal(ftruncate(fd, (off_t)cut), 0);
			err_free(collect_try(path, &c));
			assert_true(c.pipeline.stats.verbs <= 10);
			collect_free(&c);
		}
		close(fd);
		unlink(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_of_every_kind),
		cmocka_unit_test(frames_with_faults),
		cmocka_unit_test(packed_in_a_slow_pipe),
		cmocka_unit_test(stopped_early),
		cmocka_unit_test(a_bomb),
		cmocka_unit_test(cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
