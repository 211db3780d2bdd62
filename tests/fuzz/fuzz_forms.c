// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as an input of export.  Whatever they are: every form ends, what it writes is
 * bounded by what there is to write, and where hdadump reads a form, the same verbs are
 * read from it.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "codec/decode.h"
#include "event/source.h"
#include "export/exporter.h"
#include "export/fixlist.h"
#include "export/trace_lines.h"
#include "export/verb_lines.h"
#include "flow/pipeline.h"
#include "flow/sink.h"
#include "input/open.h"
#include "print/json/xact_json.h"
#include "reader.h"

/* What a form may need of its own, and for each verb, step or event. */
#define FORM_ROOM 65536
#define VERB_ROOM 2048
#define VERBS_MAX 20000

/* The words that went by. */
struct seen {
	struct sink sink;
	struct buf words;
	uint64_t xacts;
};

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static struct err *seen_put(struct sink *base, const struct xact *x, const struct decoded *d)
{
	struct seen *s = (struct seen *)base;

	(void)d;
	s->xacts++;
	if (xact_is_verb(x) && x->has_verb)
		buf_add(&s->words, &x->verb, sizeof(x->verb));
	return s->xacts > VERBS_MAX ? err_new(ERR_FAIL, "enough") : NULL;
}

static struct err *seen_flush(struct sink *s)
{
	(void)s;
	return NULL;
}

static const struct sink_ops seen_ops = { .put = seen_put, .flush = seen_flush };

/* False when the input cannot be read, or has more verbs than is tried. */
static bool read_into(int fd, struct sink *sink)
{
	struct pipeline p = { .sink = sink, .fold = { .noise = true }, .name = "fuzz" };
	struct err *e;

	lseek(fd, 0, SEEK_SET);
	e = source_open(fd, "fuzz", NULL, &p.source);
	if (!e) {
		e = pipeline_run(&p);
		source_destroy(p.source);
		pipeline_deinit(&p);
	}
	bool good = !e;

	err_free(e);
	return good;
}

static size_t size_of(int fd)
{
	off_t len = lseek(fd, 0, SEEK_END);

	return len < 0 ? 0 : (size_t)len;
}

/* A verb list has no place for the codec's address. */
static void same_words(const struct seen *a, const struct seen *b, uint32_t mask, const char *form)
{
	must(a->words.len == b->words.len, form);
	for (size_t i = 0; i < a->words.len; i += 4)
		must((load_le32(a->words.data + i) & mask) == (load_le32(b->words.data + i) & mask), form);
}

static void read_back(int fd, const struct seen *seen, uint32_t mask, const char *form)
{
	struct seen again = { .sink = { &seen_ops } };

	if (seen->words.len) {
		must(read_into(fd, &again.sink), form);
		same_words(seen, &again, mask, form);
	}
	buf_deinit(&again.words);
}

static void try_verb_lines(int in, const struct seen *seen, bool words)
{
	int fd = fuzz_file((const uint8_t *)"", 0);
	struct verbs_options o = { .fd = fd, .words = words };
	struct sink *sink = NULL;

	err_free(verbs_sink_create(&o, &sink));
	must(sink && read_into(in, sink), "a list that was read once is read again");
	must(size_of(fd) <= FORM_ROOM + VERB_ROOM * (seen->xacts + 1), "verb lines are bounded");
	read_back(fd, seen, words ? UINT32_MAX : 0x0fffffff, words ? "words" : "list");
	sink_destroy(sink);
	close(fd);
}

static void try_json(int in, const struct seen *seen)
{
	int fd = fuzz_file((const uint8_t *)"", 0);
	struct json_options o = { .fd = fd };
	struct sink *sink = NULL;

	err_free(json_sink_create(&o, &sink));
	must(sink && read_into(in, sink), "an input that was read once is read again");
	must(size_of(fd) <= FORM_ROOM + 8 * VERB_ROOM * (seen->xacts + 1), "JSON is bounded");
	sink_destroy(sink);
	close(fd);
}

/* Whether @fd holds so many lines, each of a trace. */
static bool is_trace(int fd, uint64_t lines)
{
	size_t size = size_of(fd);
	char *text = calloc(1, size + 1);
	uint64_t n = 0;

	if (!text || pread(fd, text, size, 0) != (ssize_t)size)
		abort();
	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		n += strstr(line, "_write") || strstr(line, "_read");
	}
	free(text);
	return n == lines;
}

/*
 * What is read from a trace log depends on what tells that a device is an HD Audio controller, which
 * a short one does not: here each line of it only has to be one.
 */
static void try_trace(int in)
{
	int fd = fuzz_file((const uint8_t *)"", 0);
	struct event_steps steps = { 0 };
	struct source *s = NULL;
	struct event *ev = NULL;
	struct trace_out t;
	struct err *e;

	if (trace_out_init(&t, fd))
		abort();
	lseek(in, 0, SEEK_SET);
	e = source_open(in, "fuzz", NULL, &s);
	while (!e && !(e = source_step(s, &steps, &ev)) && ev)
		if (ev->kind != EV_NONE)
			e = trace_out_put(&t, ev);
	must(!e, "what was read once is read again");
	must(!out_flush(&t.out), "memory takes what is written");
	must(size_of(fd) <= FORM_ROOM + VERB_ROOM * (t.lines + t.left_out), "a trace log is bounded");
	must(!t.lines || is_trace(fd, t.lines), "a trace log is one");
	trace_out_deinit(&t);
	source_destroy(s);
	close(fd);
}

static const struct { fix_exporter *write; bool is_read; const char *name; } fixes[] = {
	{ fix_script, false, "script" }, { fix_unit, false, "unit" }, { fix_sleep_hook, false, "sleep hook" },
	{ fix_firmware, true, "firmware" }, { fix_init_verbs, false, "init_verbs" },
	{ fix_applealc, false, "applealc" }, { fix_openbsd, false, "openbsd" }, { fix_csv, false, "csv" },
	{ fix_json, false, "steps" },
};

/* Pin defaults have words of their own there. */
static bool has_config(const struct verb_fix *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->step[i].kind == FIX_CONFIG)
			return true;
	return false;
}

/* The words that a fix sends, and what hdadump reads in it. */
static void fix_read_back(const struct fixlist *l, const struct buf *out, const char *form)
{
	struct seen sent = { .sink = { &seen_ops } };
	int fd = fuzz_file(out->data, out->len);

	err_free(fixlist_words(l, NULL, &sent.words, NULL));
	/* the device, not its address, is what they name */
	read_back(fd, &sent, 0x0fffffff, form);
	buf_deinit(&sent.words);
	close(fd);
}

static void try_fix(int in)
{
	const struct verb_fix_options o = { .name = "fuzz" };
	const struct codec_identity ids = { .vendor = 0x10ec0298, .subsystem = 0x144dc870 };
	struct load_options from = { 0 };
	struct fixlist l = { 0 };
	char path[64];
	struct err *e;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", in);
	from.path = path;
	e = fixlist_load(&from, 0, &ids, &l);
	for (size_t i = 0; i < ARRAY_SIZE(fixes) && !e && l.fix.n; i++) {
		struct fix_notes notes = { 0 };
		struct buf out = { 0 };
		struct err *refused = fixes[i].write(&l.fix, &o, &out, &notes);
		size_t bound = FORM_ROOM + 4 * size_of(in) + VERB_ROOM * (l.fix.n + fix_verbs(&l.fix));

		must(out.len <= bound, fixes[i].name);
		must(notes.text.len <= bound, "notes");
		if (fixes[i].is_read && !refused && !notes.text.len && !has_config(&l.fix))
			fix_read_back(&l, &out, fixes[i].name);
		err_free(refused);
		buf_deinit(&out);
		buf_deinit(&notes.text);
	}
	err_free(e);
	fixlist_deinit(&l);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen seen = { .sink = { &seen_ops } };
	int fd = fuzz_file(data, size);

	if (read_into(fd, &seen.sink)) {
		try_verb_lines(fd, &seen, true);
		try_verb_lines(fd, &seen, false);
		try_json(fd, &seen);
		try_trace(fd);
		try_fix(fd);
	}
	buf_deinit(&seen.words);
	close(fd);
	return 0;
}
