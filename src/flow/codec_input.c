// SPDX-License-Identifier: GPL-2.0-or-later
#include "flow/codec_input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slurp.h"
#include "dump/proc_clean.h"
#include "dump/proc_read.h"
#include "dump/rthd.h"
#include "flow/pipeline.h"
#include "flow/sink.h"
#include "input/input.h"
#include "model/learn.h"
#include "store/store.h"

/* A codec's dump is not longer; a longer file can only be a log. */
#define TEXT_MAX (64u << 20)

enum text_kind { TEXT_NONE, TEXT_PROC, TEXT_RTHD };

/* Recognises the kind by a line that only such a text has. */
static enum text_kind text_kind(const uint8_t *head, size_t len)
{
	if (store_is_capture(head, len))
		return TEXT_NONE;
	if (rthd_is(head, len))
		return TEXT_RTHD;
	return proc_is_dump(head, len) ? TEXT_PROC : TEXT_NONE;
}

struct learn_sink {
	struct sink base;
	struct learner *learner;
};

static struct err *learn_put(struct sink *s, const struct xact *x, const struct decoded *d)
{
	struct learn_sink *l = (struct learn_sink *)s;

	(void)d;
	return learner_put(l->learner, x);
}

static struct err *learn_flush(struct sink *s)
{
	(void)s;
	return NULL;
}

static struct err *from_traffic(int fd, struct codec_input *in, struct model_list *out)
{
	static const struct sink_ops ops = { .put = learn_put, .flush = learn_flush };
	struct learn_sink sink = { .base = { .ops = &ops } };
	struct pipeline p = { .sink = &sink.base, .fold = { .noise = true } };
	struct loaded l = { 0 };
	struct err *e = learner_create(&sink.learner);

	in->traffic = true;
	if (!e)
		e = load_open_fd(fd, &in->from, &l);
	if (!e)
		e = load_run(&l, &in->from, &p);
	if (!e)
		e = learner_finish(sink.learner, out);
	in->losses = stats_losses(&p.stats);
	load_close(&l);
	learner_destroy(sink.learner);
	pipeline_deinit(&p);
	return e;
}

static struct err *from_text(int fd, const char *name, enum text_kind kind,
			     const struct load_options *from, struct model_list *out)
{
	struct buf b = { 0 };
	struct err *e;

	if (from->controller || range_is_set(&from->range))
		return err_new(ERR_USAGE, "%s: a codec's dump has no %s", name, from->controller ?
			       "controllers (--controller)" : "times and marks");
	e = slurp_fd(fd, name, TEXT_MAX, "codec's text", &b);

	if (!e)
		e = kind == TEXT_RTHD ? rthd_read(b.data, b.len, out) :
					proc_read(b.data, b.len, out);
	buf_deinit(&b);
	return e;
}

/* Reads as much of the beginning as is needed. */
static struct err *find_kind(struct input *input, enum text_kind *kind)
{
	bool more = true;
	struct err *e = NULL;

	*kind = TEXT_NONE;
	while (!e && more && !*kind) {
		size_t len;
		const uint8_t *head = input_head(input, &len);

		*kind = text_kind(head, len);
		if (!*kind)
			e = input_more(input, &more);
	}
	return e;
}

struct err *codec_input_is_dump(const char *path, bool *is_dump)
{
	enum text_kind kind = TEXT_NONE;
	struct input *input = NULL;
	struct err *e = NULL;
	struct stat st;
	int fd;

	*is_dump = false;
	if (strcmp(path, "-") == 0)
		return NULL;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(errno, "%s", path);
	/* do not read an input that cannot be read twice */
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		e = input_create(fd, path, &input);
		if (!e)
			e = find_kind(input, &kind);
		input_destroy(input);
	}
	close(fd);
	*is_dump = kind != TEXT_NONE;
	return e;
}

/* Reads @fd, packed or not; standard input or a file. */
static struct err *read_input(int fd, const char *name, struct codec_input *in,
			      struct model_list *out)
{
	enum text_kind kind = TEXT_NONE;
	struct input *input = NULL;
	struct err *e = input_create(fd, name, &input);
	int whole = -1;

	if (!e)
		e = find_kind(input, &kind);
	if (!e)
		e = input_fd(input, &whole);
	if (!e)
		e = kind ? from_text(whole, name, kind, &in->from, out) :
			   from_traffic(whole, in, out);
	if (!e)
		e = input_result(input);
	input_destroy(input);
	return e;
}

struct err *codec_input_read(struct codec_input *in, struct model_list *out)
{
	bool standard = strcmp(in->from.path, "-") == 0;
	const char *name = load_name(in->from.path);
	int fd = standard ? STDIN_FILENO : open(in->from.path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	struct err *e;

	if (fd < 0)
		return err_sys(errno, "%s", name);
	/* a folder may contain frames */
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		e = from_traffic(fd, in, out);
	else
		e = read_input(fd, name, in, out);
	if (!standard)
		close(fd);
	return e;
}
