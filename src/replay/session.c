// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/session.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "base/reader.h"
#include "base/slurp.h"

#define HEAD "hdadump bisect 1"

static const char answer_words[] = { [BISECT_NO] = 'n', [BISECT_YES] = 'y', [BISECT_SKIP] = 's' };

/* FNV-1a. */
uint64_t session_digest(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 0x100000001b3;
	return h;
}

static void put_head(const struct session_head *h, struct buf *b)
{
	buf_addf(b, HEAD "\ncodec 0x%08x subsystem 0x%08x list %016" PRIx64 " items %" PRIu64 "\n",
		 h->id.vendor, h->id.subsystem, h->list, h->items);
}

static void put_answer(const struct bisect_step *step, size_t n, enum bisect_answer answer,
		       struct buf *b)
{
	buf_addf(b, "%c %016" PRIx64 " %zu\n", answer_words[answer],
		 session_digest(step->chosen, n * sizeof(*step->chosen)), step->n_chosen);
}

/* --- reading -------------------------------------------------------------- */

static struct err *feed_line(struct reader *line, const char *name, unsigned int number,
			     struct bisect *b, size_t n)
{
	struct bisect_step step;
	struct buf expected = { 0 };
	enum bisect_answer answer = BISECT_NO;
	struct err *e;
	bool ok;

	while (answer < BISECT_SKIP && reader_left(line) && *line->p != (uint8_t)answer_words[answer])
		answer++;
	e = bisect_next(b, &step);
	if (e)
		return e;
	if (step.state != BISECT_ASKS)
		return err_new(ERR_FORMAT, "%s:%u: an answer more than there were questions", name,
			       number);
	put_answer(&step, n, answer, &expected);
	ok = expected.len == reader_left(line) + 1 &&
	     !memcmp(expected.data, line->p, reader_left(line));
	e = buf_err(&expected);
	buf_deinit(&expected);
	if (e)
		return e;
	if (!ok)
		return err_new(ERR_FORMAT, "%s:%u: the answer to another question: the session is of "
			       "another list or another version of hdadump", name, number);
	return bisect_answer(b, answer);
}

struct err *session_feed(const void *data, size_t len, const char *name,
			 const struct session_head *head, struct bisect *b, size_t n,
			 uint32_t *answers, size_t *whole)
{
	const uint8_t *p = data;
	struct reader r, line;
	struct buf expected = { 0 };
	unsigned int number = 2;
	struct err *e = NULL;

	*answers = 0;
	/* a line without its line feed was cut short */
	while (len && p[len - 1] != '\n')
		len--;
	*whole = len;
	put_head(head, &expected);
	e = buf_err(&expected);
	if (!e && (len < expected.len || memcmp(p, expected.data, expected.len) != 0))
		e = err_new(ERR_FORMAT, len >= sizeof(HEAD) && !memcmp(p, HEAD "\n", sizeof(HEAD)) ?
			    "%s is the session of another list or another codec: use another "
			    "--session, or remove it" : "%s is not a hdadump bisect session", name);
	if (!e) {
		r = reader_make(p + expected.len, len - expected.len);
		while (!e && reader_line(&r, &line)) {
			e = feed_line(&line, name, ++number, b, n);
			*answers += !e;
		}
	}
	buf_deinit(&expected);
	return e;
}

/* --- files ---------------------------------------------------------------- */

static struct err *append(int fd, const struct buf *b)
{
	int errnum = out_write_through(fd, b);

	return errnum ? err_sys(errnum, "the session cannot be stored") : NULL;
}

struct err *session_open(const char *path, const struct session_head *head, struct bisect *b,
			 size_t n, bool *resumed, struct session *s)
{
	struct buf text = { 0 };
	size_t whole = 0;
	struct err *e = NULL;

	*resumed = false;
	s->answers = 0;
	s->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (s->fd < 0)
		return err_sys(errno, "%s", path);
	if (flock(s->fd, LOCK_EX | LOCK_NB) < 0)
		e = err_new(ERR_FAIL, "%s: another bisection is using it", path);
	if (!e)
		e = slurp_fd(s->fd, path, SESSION_MAX, "session", &text);
	if (!e && text.len) {
		e = session_feed(text.data, text.len, path, head, b, n, &s->answers, &whole);
		*resumed = s->answers > 0;
		if (!e && whole < text.len && ftruncate(s->fd, (off_t)whole) < 0)
			e = err_sys(errno, "%s", path);
	} else if (!e) {
		put_head(head, &text);
		e = buf_err(&text);
		if (!e)
			e = append(s->fd, &text);
	}
	buf_deinit(&text);
	if (e)
		session_close(s);
	return e;
}

void session_close(struct session *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

struct err *session_keep(struct session *s, const struct bisect_step *step, size_t n,
			 enum bisect_answer answer)
{
	struct buf b = { 0 };
	struct err *e;

	put_answer(step, n, answer, &b);
	e = buf_err(&b);
	if (!e)
		e = append(s->fd, &b);
	buf_deinit(&b);
	s->answers++;
	return e;
}
