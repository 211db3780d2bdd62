// SPDX-License-Identifier: GPL-2.0-or-later
/* The readers with real files of other tools, counted and compared by separate code. */
#include <ctype.h>

#include "analyse/doubled.h"
#include "base/bits.h"
#include "collect.h"
#include "shared.h"

static const char *path_of(const char *file)
{
	const char *path = shared_data(file);

	if (!path)
		fail_msg("no %s beside the others", file);
	return path;
}

/* Calls @take for each line of a text file. */
static void each_line(const char *path, void (*take)(const char *line, void *arg), void *arg)
{
	char line[1024];
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		take(line, arg);
	fclose(f);
}

/* --- the log of a patched QEMU -------------------------------------------- */

struct wraps {
	unsigned int line, n;
	unsigned int at[64], lost[64];
	uint32_t words[8192];
	unsigned int n_words;
};

static void find_wrap(const char *line, void *arg)
{
	struct wraps *w = arg;
	unsigned int wp, last, word;

	w->line++;
	if (sscanf(line, "CORBWP advance to %u, last WP %u", &wp, &last) == 2 && wp < last) {
		w->at[w->n] = w->line;
		w->lost[w->n++] = (wp - last) & 255;
	}
	if (sscanf(line, "CORB[%*u] = 0x%x", &word) == 1)
		w->words[w->n_words++] = word;
}

static void patched_qemu(void **state)
{
	static struct wraps w;
	struct collected c;
	unsigned int wrap = 0, word = 0;
	uint64_t lost = 0;

	each_line(path_of("c930-audio-verbs/qemu-output.txt"), find_wrap, &w);
	collect(path_of("c930-audio-verbs/qemu-output.txt"), &c);
	for (size_t i = 0; i < c.n; i++) {
		const struct xact *x = &c.x[i];

		if (x->kind == XACT_GAP) {
			assert_int_equal(x->gap, GAP_VERBS);
			assert_int_equal(x->line, w.at[wrap]);
			assert_int_equal(x->count, w.lost[wrap++]);
			lost += x->count;
		}
		if (x->kind != XACT_CORB)
			continue;
		assert_true(x->has_verb && x->has_resp);
		assert_int_equal(x->certainty, CERT_EXACT);
		assert_int_equal(x->verb, w.words[word++]);
		assert_false(x->moved);
		/* the answers to a set of a coefficient, and to a get */
		if ((x->verb >> 16 & 0xf) == 5 || (x->verb >> 16 & 0xf) == 4)
			assert_int_equal(x->resp, 0);
	}
	assert_int_equal(c.pipeline.stats.verbs, 6742);
	assert_int_equal(word, 6742);
	assert_int_equal(wrap, 26);
	assert_int_equal(c.facts.wraps, 26);
	assert_int_equal(lost, 92);
	collect_free(&c);
}

static void doubled_list(void **state)
{
	static uint32_t words[16384], raw[8192];
	struct collected list, log;
	size_t n = 0, n_raw = 0, block = 0, to = 0;
	struct doubled d;

	collect(path_of("c930-audio-verbs/clean-verbs.txt"), &list);
	collect(path_of("c930-audio-verbs/qemu-output.txt"), &log);
	for (size_t i = 0; i < list.n; i++)
		if (list.x[i].kind == XACT_CORB)
			words[n++] = list.x[i].verb;
	/* the verbs that cleanverbs takes: node 20, ids 400 to 5ff */
	for (size_t i = 0; i < log.n; i++) {
		uint32_t id = log.x[i].verb >> 8 & 0xfff;

		if (log.x[i].kind == XACT_CORB && (log.x[i].verb >> 20 & 0x7f) == 0x20 &&
		    id >= 0x400 && id <= 0x5ff)
			raw[n_raw++] = log.x[i].verb;
	}
	assert_int_equal(n, 9246);
	assert_int_equal(n_raw, 4623);
	assert_null(doubled_find(words, n, &d));
	assert_true(d.is_doubled);
	assert_int_equal(d.alone, 0);
	assert_int_equal(d.ambiguous, 10);
	for (size_t i = 0; i < n; i += 2 * d.blocks[block++].words) {
		size_t k = d.blocks[block].words;

		assert_int_equal(d.blocks[block].first, i);
		assert_memory_equal(words + i, raw + to, k * 4);
		to += k;
	}
	assert_int_equal(to, 4623);
	doubled_deinit(&d);
	collect_free(&list);
	collect_free(&log);
}

/* --- lists and scripts ----------------------------------------------------- */

static void count_triple(const char *line, void *arg)
{
	unsigned int nid, verb, param, *n = arg;
	const char *p = strstr(line, "hda-verb /dev/snd/hwC0D0 ");

	while (isspace((unsigned char)*line))
		line++;
	if (*line == '#')
		return;
	*n += sscanf(p ? p + 25 : line, "%x %x %x", &nid, &verb, &param) == 3;
}

static void lists(void **state)
{
	static const char *const files[] = {
		"galaxy-book2/back-left-off.txt", "galaxy-book2/back-left-on.txt",
		"galaxy-book2/back-right-off.txt", "galaxy-book2/back-right-on.txt",
		"galaxy-book2/front-left-off.txt", "galaxy-book2/front-left-on.txt",
		"galaxy-book2/front-right-off.txt", "galaxy-book2/front-right-on.txt",
		"galaxy-book2/init-back-left.txt", "galaxy-book2/init-back-right.txt",
		"galaxy-book2/init-front-left.txt", "galaxy-book2/init-front-right.txt",
		"galaxy-book2/init-initial-coef-values.txt", "galaxy-book2/necessary-verbs.txt",
		"hamfirst-book3/hda-verbs.txt", "legion-alc287/verbs-legion.txt",
		"c930-audio-verbs/clean-verbs.txt",
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		unsigned int n = 0;
		struct collected c;

		each_line(path_of(files[i]), count_triple, &n);
		collect(path_of(files[i]), &c);
		assert_int_equal(c.pipeline.stats.verbs, n);
		assert_int_equal(c.facts.damaged, 0);
		assert_int_equal(c.pipeline.stats.gaps, 0);
		assert_int_equal(c.pipeline.stats.unanswered, 0);
		collect_free(&c);
	}
}

/* --- a guest's own record, compared with QEMU's and KVM's traces ------------ */

struct sends {
	uint32_t words[4096];
	unsigned int n;
};

static void find_send(const char *line, void *arg)
{
	const char *p = strstr(line, "hda_send_cmd: ");
	struct sends *s = arg;
	unsigned int word;

	if (p && (p = strstr(p, "val=")) && sscanf(p, "val=%x", &word) == 1)
		s->words[s->n++] = word;
}

static void ftrace(void **state)
{
	static const char *const dirs[] = {
		"full_burst", "kvm_plain", "kvm_rebind", "nest2", "nest3", "v_bridge", "v_single",
		"v_wrap",
	};

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		static struct sends s;
		struct collected c;
		unsigned int word = 0;
		char file[64];

		s.n = 0;
		snprintf(file, sizeof(file), "vfio-nested/%s/ftrace.txt", dirs[i]);
		each_line(path_of(file), find_send, &s);
		collect(path_of(file), &c);
		for (size_t k = 0; k < c.n; k++)
			if (c.x[k].kind == XACT_CORB)
				assert_int_equal(c.x[k].verb, s.words[word++]);
		assert_int_equal(word, s.n);
		assert_int_equal(c.pipeline.stats.spurious, 0);
		assert_int_equal(c.pipeline.stats.unanswered, 0);
		collect_free(&c);
	}
}

/* The rings' page, saved at the end, contains the last verbs that the guest's kernel sent. */
static void pages(void **state)
{
	static const char *const dirs[] = { "kvm_plain", "nest2", "nest3", "v_bridge" };

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		struct collected page, trace;
		char file[64];
		size_t at = 0;

		snprintf(file, sizeof(file), "vfio-nested/%s/corb.bin", dirs[i]);
		collect(path_of(file), &page);
		assert_int_equal(page.facts.format, SOURCE_FRAMES);
		snprintf(file, sizeof(file), "vfio-nested/%s/ftrace.txt", dirs[i]);
		collect(path_of(file), &trace);
		/* the kernel's tracepoint does not record the first verbs of the probe */
		for (size_t k = 0; k < page.n; k++) {
			const struct xact *x = &page.x[k];

			while (x->kind == XACT_CORB && at < trace.n &&
			       (trace.x[at].kind != XACT_CORB))
				at++;
			if (x->kind != XACT_CORB || at == trace.n ||
			    x->verb != trace.x[at].verb)
				continue;
			if (x->has_resp && trace.x[at].has_resp)
				assert_int_equal(x->resp, trace.x[at].resp);
			at++;
		}
		assert_int_equal(at, trace.n - (trace.x[trace.n - 1].kind == XACT_NOTE));
		collect_free(&page);
		collect_free(&trace);
	}
}

/* KVM's record of the accesses, and QEMU's trace log of the same run. */
static void kvm(void **state)
{
	struct collected k, q;
	size_t at = 0, same = 0;

	collect(path_of("vfio-nested/kvm_rebind/kvm_mmio.txt"), &k);
	collect(path_of("vfio-nested/kvm_rebind/trace.log"), &q);
	assert_int_equal(k.facts.format, SOURCE_KVM);
	assert_int_equal(k.pipeline.stats.verbs, 631);
	assert_int_equal(q.pipeline.stats.verbs, 631);
	assert_int_equal(k.pipeline.stats.resets, q.pipeline.stats.resets);
	for (size_t i = 0; i < k.n; i++) {
		if (k.x[i].kind != XACT_CORB)
			continue;
		while (at < q.n && q.x[at].kind != XACT_CORB)
			at++;
		same += at < q.n && q.x[at++].slot == k.x[i].slot;
	}
	assert_int_equal(same, 631);
	collect_free(&k);
	collect_free(&q);
}

static void tracepoints_of_others(void **state)
{
	struct collected c;

	collect(path_of("kernel-hda-trace/glk-hdmi-2020.txt"), &c);
	assert_int_equal(c.pipeline.stats.verbs, 6);
	assert_int_equal(c.pipeline.stats.responses, 5);
	assert_int_equal(c.x[0].cad, 2);
	collect_free(&c);
	collect(path_of("kernel-hda-trace/kernel-docs-old-format.txt"), &c);
	assert_int_equal(c.pipeline.stats.verbs, 6);
	assert_int_equal(c.pipeline.stats.responses, 0);
	assert_int_equal(c.x[0].verb, 0x00e3a019);
	collect_free(&c);
}

/* An input that is not a capture is refused with a sentence. */
static void others(void **state)
{
	static const char *const files[] = {
		"galaxy-book2/RtHDDump.txt", "samsung-galaxybook12/amp-tables.txt",
		"vfio-nested/nest2/inner-qmp.txt", "vfio-nested/v_single/corb.bin", "codecs/INDEX.tsv",
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct collected c;
		struct err *e = collect_try(path_of(files[i]), &c);

		assert_non_null(e);
		assert_int_equal(err_kind(e), ERR_FORMAT);
		err_free(e);
		collect_free(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patched_qemu),
		cmocka_unit_test(doubled_list),
		cmocka_unit_test(lists),
		cmocka_unit_test(ftrace),
		cmocka_unit_test(pages),
		cmocka_unit_test(kvm),
		cmocka_unit_test(tracepoints_of_others),
		cmocka_unit_test(others),
	};

	if (!shared_data("c930-audio-verbs/qemu-output.txt"))
		return SKIPPED;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
