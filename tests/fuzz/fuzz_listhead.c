// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random bytes as a verb list: its head, its steps, and the list written from them, which
 * gives the same verbs when it is read again.
 */
#include "steps_rig.h"
#include "base/reader.h"
#include "input/list_head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool load(const void *data, size_t size, struct steps *a)
{
	char path[64];
	int fd = memfd_create("list", 0);
	struct steps_input in = { .from.path = path };
	struct err *e;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	e = steps_load(&in, a);
	close(fd);
	err_free(e);
	return !e;
}

/*
 * Without the comments: a text is made safe each time, and a long one is cut. And a value
 * written twice, with a read in between that lists do not contain, is a retry when it is read
 * again.
 */
static void verbs_only(struct buf *b)
{
	struct reader line, rest = reader_make(b->data, b->len);
	struct buf out = { 0 };
	size_t at[3] = { 0 };	/* where the last verbs begin */

	while (reader_line(&rest, &line)) {
		if (!reader_left(&line) || (*line.p == '#' && !reader_lit(&line, "# address:")))
			continue;
		memmove(at, at + 1, 2 * sizeof(*at));
		at[2] = out.len;
		buf_add(&out, line.p, reader_left(&line));
		buf_addc(&out, '\n');
		size_t pair = out.len - at[1];

		if (at[1] + 2 * (out.len - at[2]) == out.len &&
		    !memcmp(out.data + at[1], out.data + at[2], out.len - at[2]))
			out.len = at[2];
		else if (at[1] >= pair && memmem(out.data + at[1], pair, " 0x500 ", 7) &&
			 !memcmp(out.data + at[1] - pair, out.data + at[1], pair))
			out.len = at[1];
		else
			continue;
		at[2] = at[1];
		at[1] = at[0];
	}
	buf_deinit(b);
	*b = out;
}

/* Transfers that begin in the middle may be recognised differently when they are whole. */
static bool is_plain(const struct steps *a)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].kind == STEP_I2C || a->v[i].kind == STEP_CHIP)
			return false;
	return true;
}

static bool one_controller(const struct steps *a)
{
	for (size_t i = 1; i < a->n; i++)
		if (step_codec(a, &a->v[i])->ctrl != step_codec(a, &a->v[0])->ctrl)
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf once = { 0 }, twice = { 0 };
	struct list_head head;
	struct steps a, b;

	list_head_read(reader_make(data, size), &head);
	if (load(data, size, &a) && a.n && one_controller(&a)) {
		rig_write(&a, "fuzz", &once);
		if (!load(once.data, once.len, &b))
			abort();
		rig_write(&b, "fuzz", &twice);
		verbs_only(&once);
		verbs_only(&twice);
		if (is_plain(&a) &&
		    (once.len != twice.len || memcmp(once.data, twice.data, once.len))) {
			fprintf(stderr, "--- once\n%s--- twice\n%s", buf_str(&once), buf_str(&twice));
			abort();
		}
		steps_deinit(&b);
	}
	buf_deinit(&once);
	buf_deinit(&twice);
	steps_deinit(&a);
	return 0;
}
