// SPDX-License-Identifier: GPL-2.0-or-later
#include "flow/codec_input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slurp.h"
#include "dump/rthd.h"
#include "event/source.h"
#include "flow/load.h"
#include "flow/pipeline.h"
#include "flow/sink.h"
#include "input/input.h"
#include "model/learn.h"
#include "store/store.h"

/* No codec dump is longer; a longer file can only be a log. */
#define TEXT_MAX (64u << 20)

enum text_kind { TEXT_NONE, TEXT_PROC, TEXT_RTHD };

/* Told by a line that only such a text has. */
static enum text_kind text_kind(const uint8_t *head, size_t len)
{
	static const char *const marks[] = { "Codec: ", "Node 0x", "!!HDA-Intel Codec", "Vendor Id: 0x",
					     "Vendor ID: 0x" };

	if (store_is_capture(head, len))
		return TEXT_NONE;
	if (rthd_is(head, len))
		return TEXT_RTHD;
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (len && memmem(head, len, marks[i], strlen(marks[i])))
			return TEXT_PROC;
	return TEXT_NONE;
}

struct learn_sink {
	struct sink base;
	struct learner *learner;
	uint64_t until;
};

static struct err *learn_put(struct sink *s, const struct xact *x, const struct decoded *d)
{
	struct learn_sink *l = (struct learn_sink *)s;

	(void)d;
	return x->index > l->until ? NULL : learner_put(l->learner, x);
}

static struct err *learn_flush(struct sink *s)
{
	(void)s;
	return NULL;
}

static struct err *from_traffic(int fd, const char *name, struct codec_input *in,
				struct model_list *out)
{
	static const struct sink_ops ops = { .put = learn_put, .flush = learn_flush };
	struct learn_sink sink = { .base = { &ops }, .until = in->until };
	struct pipeline p = { .sink = &sink.base, .fold = { .noise = true } };
	struct err *e = learner_create(&sink.learner);

	in->traffic = true;
	if (!e)
		e = input_open_fd(fd, name, in->device, &p.source);
	if (!e)
		e = pipeline_run(&p);
	if (!e)
		e = learner_finish(sink.learner, out);
	in->losses = stats_losses(&p.stats);
	source_destroy(p.source);
	learner_destroy(sink.learner);
	pipeline_deinit(&p);
	return e;
}

static struct err *from_text(int fd, const char *name, enum text_kind kind, struct model_list *out)
{
	struct buf b = { 0 };
	struct err *e = slurp_fd(fd, name, TEXT_MAX, "codec's text", &b);

	if (!e)
		e = kind == TEXT_RTHD ? rthd_read(b.data, b.len, out) :
					proc_read(b.data, b.len, out);
	buf_deinit(&b);
	return e;
}

/* As much of the beginning is looked at as it takes. */
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
	/* what cannot be read twice is not read here */
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

/* What @fd holds, packed or not; standard input as well as a file. */
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
		e = kind ? from_text(whole, name, kind, out) :
			   from_traffic(whole, name, in, out);
	if (!e)
		e = input_result(input);
	input_destroy(input);
	return e;
}

const char *codec_input_name(const struct codec_input *in)
{
	return strcmp(in->path, "-") == 0 ? "standard input" : in->path;
}

struct err *codec_input_read(struct codec_input *in, struct model_list *out)
{
	bool standard = strcmp(in->path, "-") == 0;
	const char *name = codec_input_name(in);
	int fd = standard ? STDIN_FILENO : open(in->path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	struct err *e;

	if (fd < 0)
		return err_sys(errno, "%s", name);
	/* A folder may be one of frames. */
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		e = from_traffic(fd, name, in, out);
	else
		e = read_input(fd, name, in, out);
	if (!standard)
		close(fd);
	return e;
}
