// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/text_reader.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "event/event_queue.h"
#include "event/source.h"

#define BLOCK (256 * 1024)
/* Wait this long for a silent pipe before control goes back to the caller. */
#define QUIET_MS 100
/* The most bytes of a damaged line that are shown. */
#define EXCERPT 60
/* A run ends after so many events. */
#define RUN_EVENTS 256

static const char LONG_LINE[] = "a line of more than 64 KiB";

struct text_reader {
	struct source source;
	const struct text_format *format;
	void *state;
	int fd;
	bool waits;		/* not a regular file: read() may block */
	bool eof;
	bool ended;		/* the format's end() was called */
	bool noted;
	char *name;

	/* input: [pos, len) */
	char *buf;
	size_t pos, len;
	uint32_t line;		/* number of the current line, from 1 */
	bool skipping;		/* in a line that is too long */

	struct event_queue queue;

	char *ctrl[EVENT_MAX_CTRL];
	size_t ctrl_len[EVENT_MAX_CTRL];
	uint16_t n_ctrl;

	struct {
		uint64_t n;
		uint32_t first, last;
		struct buf what;	/* text of the first damaged line */
	} gap;
	const char *why;	/* reason from text_reader_damage() */
	uint64_t verbs, responses, accesses;
	struct source_facts facts;
	struct buf text;
	bool holds, has_held;
	struct event held;	/* a verb that waits for its response; it has no data */
	struct err *failed;
};

/* --- giving -------------------------------------------------------------- */

void text_reader_failed(struct text_reader *t, struct err *e)
{
	if (t->failed)
		err_free(e);
	else
		t->failed = e;
}

static void give_gap(struct text_reader *t);

static void give_held(struct text_reader *t, bool answered)
{
	if (!t->has_held)
		return;
	t->has_held = false;
	t->held.width = answered ? ANSWER_DUE : ANSWER_UNRECORDED;
	event_queue_put(&t->queue, &t->held);
}

void text_reader_give(struct text_reader *t, const struct event *ev)
{
	struct event with_line = *ev;

	give_held(t, ev->kind == EV_RIRB_PAIR);
	/* report damaged lines before this event */
	if (t->gap.n)
		give_gap(t);
	if (!with_line.line)
		with_line.line = t->line;
	if (t->holds && ev->kind == EV_CORB_WORD) {
		t->held = with_line;
		t->has_held = true;
	} else {
		event_queue_put(&t->queue, &with_line);
	}
	t->verbs += ev->kind == EV_CORB_WORD;
	t->responses += ev->kind == EV_RIRB_PAIR;
	t->accesses += ev->kind == EV_MMIO_READ || ev->kind == EV_MMIO_WRITE;
}

static void begin_text(struct text_reader *t, uint32_t line)
{
	if (t->gap.n)
		give_gap(t);	/* give_gap() uses the same buffer */
	buf_clear(&t->text);
	text_add_safe(&t->text, t->name, strlen(t->name));
	if (line)
		buf_addf(&t->text, ":%" PRIu32, line);
	buf_adds(&t->text, ": ");
}

static void give_text(struct text_reader *t, uint16_t ctrl, enum event_kind kind, uint64_t value,
		      uint64_t addr, uint32_t line)
{
	const struct event ev = {
		.kind = (uint8_t)kind, .origin = ORIGIN_SELF, .ctrl = ctrl,
		.time = EVENT_TIME_NONE, .value = value, .addr = addr, .line = line,
		.data = t->text.data, .len = (uint32_t)t->text.len,
	};

	if (t->text.failed)
		text_reader_failed(t, buf_err(&t->text));
	else
		text_reader_give(t, &ev);
}

static void give_gap(struct text_reader *t)
{
	uint64_t n = t->gap.n;

	t->gap.n = 0;
	begin_text(t, t->gap.first);
	if (n > 1)
		buf_addf(&t->text, "%" PRIu64 " damaged lines up to line %" PRIu32 ", the first ",
			 n, t->gap.last);
	buf_add(&t->text, t->gap.what.data, t->gap.what.len);
	if (t->format->counts_lost)
		give_text(t, 0, EV_NOTE, 0, 0, t->gap.first);
	else
		give_text(t, 0, EV_GAP, n, GAP_EVENTS, t->gap.first);
}

static void add_text(struct text_reader *t, const char *fmt, va_list ap)
{
	char *text = NULL;
	int n = vasprintf(&text, fmt, ap);

	if (n < 0) {
		t->text.failed = true;
		return;
	}
	text_add_safe(&t->text, text, (size_t)n);
	free(text);
}

void text_reader_gap(struct text_reader *t, uint16_t ctrl, enum gap_kind what, uint64_t lost,
		 const char *fmt, ...)
{
	va_list ap;

	begin_text(t, t->line);
	va_start(ap, fmt);
	add_text(t, fmt, ap);
	va_end(ap);
	give_text(t, ctrl, EV_GAP, lost, what, 0);
}

void text_reader_note(struct text_reader *t, uint16_t ctrl, const char *fmt, ...)
{
	va_list ap;

	begin_text(t, t->line);
	va_start(ap, fmt);
	add_text(t, fmt, ap);
	va_end(ap);
	give_text(t, ctrl, EV_NOTE, 0, 0, 0);
}

void text_reader_part(struct text_reader *t, const char *why)
{
	t->facts.parts++;
	begin_text(t, t->line);
	buf_adds(&t->text, why);
	give_text(t, 0, EV_PART, 0, 0, 0);
}

bool text_reader_ctrl(struct text_reader *t, const char *name, size_t len, enum ctrl_kind kind,
		  uint16_t *ctrl)
{
	for (uint16_t i = 0; i < t->n_ctrl; i++) {
		if (t->ctrl_len[i] == len && !memcmp(t->ctrl[i], name, len)) {
			*ctrl = i;
			return true;
		}
	}
	if (t->n_ctrl == EVENT_MAX_CTRL)
		return false;
	char *copy = malloc(len + 1);
	if (!copy) {
		text_reader_failed(t, err_nomem());
		return false;
	}
	memcpy(copy, name, len);	/* the copy may hold any bytes */
	copy[len] = '\0';
	*ctrl = t->n_ctrl++;
	t->ctrl[*ctrl] = copy;
	t->ctrl_len[*ctrl] = len;
	text_reader_give(t, &(struct event){
		.kind = EV_CONTROLLER, .origin = ORIGIN_TOOL, .ctrl = *ctrl,
		.time = EVENT_TIME_NONE, .value = kind, .data = copy, .len = (uint32_t)len,
	});
	return true;
}

enum line_kind text_reader_damage(struct text_reader *t, const char *why)
{
	t->why = why;
	return LINE_DAMAGED;
}

static void add_damage(struct text_reader *t, const char *p, size_t len, const char *why)
{
	t->facts.damaged++;
	t->gap.last = t->line;
	if (t->gap.n++)
		return;
	t->gap.first = t->line;
	buf_clear(&t->gap.what);
	buf_addf(&t->gap.what, "%s: \"", why);
	text_add_safe(&t->gap.what, p, len < EXCERPT ? len : EXCERPT);
	buf_adds(&t->gap.what, len > EXCERPT ? "...\"" : "\"");
}

/* --- lines --------------------------------------------------------------- */

static void take_line(struct text_reader *t, const char *p, size_t len)
{
	struct reader r;

	t->facts.lines++;
	if (len && p[len - 1] == '\r')
		len--;
	/* byte order mark of some editors */
	if (t->line == 1 && len >= 3 && !memcmp(p, "\xef\xbb\xbf", 3)) {
		p += 3;
		len -= 3;
	}
	if (len > TEXT_LINE_MAX) {
		add_damage(t, p, len, LONG_LINE);
		return;
	}
	r = reader_make(p, len);
	switch (t->format->line(t, r)) {
	case LINE_TAKEN:
		break;
	case LINE_DAMAGED:
		add_damage(t, p, len, t->why);
		break;
	default:
		t->facts.other++;
		break;
	}
}

/* Takes the lines in the buffer until there are enough events. */
static void take_lines(struct text_reader *t)
{
	while (event_queue_len(&t->queue) < RUN_EVENTS && !t->failed && t->pos < t->len) {
		const char *p = t->buf + t->pos;
		const char *nl = memchr(p, '\n', t->len - t->pos);

		if (!nl)
			return;
		t->pos = (size_t)(nl + 1 - t->buf);
		if (!t->skipping)
			take_line(t, p, (size_t)(nl - p));
		t->skipping = false;
		t->line += t->line < UINT32_MAX;
	}
}

static struct err *fill(struct text_reader *t, bool *quiet)
{
	ssize_t n;

	*quiet = false;
	if (t->waits) {
		struct pollfd pfd = { .fd = t->fd, .events = POLLIN };
		int ready = poll(&pfd, 1, QUIET_MS);

		if (ready == 0 || (ready < 0 && errno == EINTR)) {
			*quiet = true;
			return NULL;
		}
	}
	if (t->len - t->pos > TEXT_LINE_MAX) {
		if (!t->skipping) {
			t->facts.lines++;
			add_damage(t, t->buf + t->pos, t->len - t->pos, LONG_LINE);
		}
		t->skipping = true;
	}
	if (t->skipping)
		t->pos = t->len;
	memmove(t->buf, t->buf + t->pos, t->len - t->pos);
	t->len -= t->pos;
	t->pos = 0;
	n = read(t->fd, t->buf + t->len, BLOCK - t->len);
	if (n < 0) {
		*quiet = errno == EINTR || errno == EAGAIN;
		return *quiet ? NULL : err_sys(errno, "%s: read", t->name);
	}
	t->eof = n == 0;
	t->len += (size_t)n;
	return NULL;
}

/* Takes the last line if it has no line end, and calls the format's end(). */
static void take_end(struct text_reader *t)
{
	t->ended = true;
	if (t->pos < t->len && !t->skipping)
		take_line(t, t->buf + t->pos, t->len - t->pos);
	t->pos = t->len;
	if (t->format->end)
		t->format->end(t);
	if (t->gap.n)
		give_gap(t);
	give_held(t, false);
}

static void give_last_note(struct text_reader *t)
{
	t->noted = true;
	if (!t->facts.other && !t->facts.damaged && (t->verbs || t->accesses))
		return;
	begin_text(t, 0);
	buf_addf(&t->text, "%" PRIu64 " line%s: %" PRIu64 " verb%s, %" PRIu64 " response%s",
		 t->facts.lines, t->facts.lines == 1 ? "" : "s", t->verbs,
		 t->verbs == 1 ? "" : "s", t->responses, t->responses == 1 ? "" : "s");
	if (t->accesses)
		buf_addf(&t->text, ", %" PRIu64 " register accesses", t->accesses);
	if (t->facts.other)
		buf_addf(&t->text, "; %" PRIu64 " other line%s", t->facts.other,
			 t->facts.other == 1 ? "" : "s");
	if (t->facts.damaged)
		buf_addf(&t->text, "; %" PRIu64 " damaged line%s", t->facts.damaged,
			 t->facts.damaged == 1 ? "" : "s");
	give_text(t, 0, EV_NOTE, 0, 0, 0);
}

/* --- source -------------------------------------------------------------- */

static struct err *text_reader_next(struct source *s, struct event_run *run)
{
	static const struct event none = { .kind = EV_NONE, .time = EVENT_TIME_NONE };
	struct text_reader *t = (struct text_reader *)s;
	struct err *e;
	bool quiet;

	for (;;) {
		e = event_queue_err(&t->queue);
		if (e || event_queue_run(&t->queue, run))
			return e;
		e = t->failed;
		t->failed = NULL;
		if (e)
			return e;
		if (!t->eof) {
			take_lines(t);
			if (!event_queue_empty(&t->queue) || t->failed)
				continue;
			e = fill(t, &quiet);
			if (e)
				return e;
			if (quiet && t->gap.n)
				give_gap(t);
			else if (quiet)
				event_queue_put(&t->queue, &none);
		} else if (!t->ended) {
			take_end(t);
		} else if (!t->noted) {
			give_last_note(t);
		} else {
			return NULL;
		}
	}
}

static struct err *text_reader_read_memory(struct source *s, uint16_t ctrl, uint64_t addr,
				       uint32_t len, struct event *ev)
{
	(void)s;
	*ev = event_no_memory(ctrl, addr, len, "this log holds no guest memory");
	return NULL;
}

static void text_reader_destroy(struct source *s)
{
	struct text_reader *t = (struct text_reader *)s;

	if (!t)
		return;
	if (t->state && t->format->destroy)
		t->format->destroy(t);
	for (uint16_t i = 0; i < t->n_ctrl; i++)
		free(t->ctrl[i]);
	buf_deinit(&t->gap.what);
	buf_deinit(&t->text);
	err_free(t->failed);
	event_queue_deinit(&t->queue);
	free(t->state);
	free(t->buf);
	free(t->name);
	free(t);
}

struct err *text_reader_open(const struct text_format *f, int fd, const char *name,
			 const struct source_options *options, struct reader head,
			 struct source **out)
{
	static const struct source_ops ops = {
		.next = text_reader_next,
		.read_memory = text_reader_read_memory,
		.destroy = text_reader_destroy,
	};
	struct text_reader *t = calloc(1, sizeof(*t));
	struct err *e = NULL;
	struct stat st;

	if (!t)
		return err_nomem();
	t->source.ops = &ops;
	t->format = f;
	t->fd = fd;
	t->line = 1;
	t->facts.format = f->format;
	t->waits = fstat(fd, &st) < 0 || !S_ISREG(st.st_mode);
	t->name = strdup(name);
	t->buf = malloc(BLOCK);
	t->state = calloc(1, f->state_size ? f->state_size : 1);
	if (!t->name || !t->buf || !t->state)
		e = err_nomem();
	else if (f->begin)
		e = f->begin(t, options, head);
	if (e) {
		text_reader_destroy(&t->source);
		return e;
	}
	*out = &t->source;
	return NULL;
}

void text_reader_facts(const struct source *s, struct source_facts *facts)
{
	*facts = ((const struct text_reader *)s)->facts;
}

void *text_reader_state(struct text_reader *t)
{
	return t->state;
}

struct source_facts *text_reader_own_facts(struct text_reader *t)
{
	return &t->facts;
}

uint32_t text_reader_line(const struct text_reader *t)
{
	return t->line;
}

void text_reader_hold_verbs(struct text_reader *t)
{
	t->holds = true;
}

bool text_reader_held(const struct text_reader *t, uint32_t *word, uint16_t *ctrl)
{
	*word = (uint32_t)t->held.value;
	*ctrl = t->held.ctrl;
	return t->has_held;
}

uint64_t text_reader_verbs(const struct text_reader *t)
{
	return t->verbs;
}

const char *text_reader_name(const struct text_reader *t)
{
	return t->name;
}
