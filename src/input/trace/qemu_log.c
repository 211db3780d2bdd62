// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/trace/qemu_log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "event/source.h"
#include "input/trace/log_device.h"
#include "input/trace/trace_line.h"

#define BLOCK (256 * 1024)
#define LINE_MAX_BYTES (64 * 1024)
/* Wait this long for a silent pipe before control goes back to the caller. */
#define QUIET_MS 100
/* The most bytes of a damaged line that are shown. */
#define EXCERPT 60
/* The most other devices that the notes at the end name. */
#define NAMED_FOREIGN 16
/* A run ends after so many events, few enough to stay in a cache. */
#define RUN_EVENTS 256

struct qemu_log {
	struct source source;
	int fd;
	bool waits;		/* not a regular file: read() may block */
	bool eof;
	char *name;

	/* input: [pos, whole) are whole lines, [whole, len) is the start of one */
	char *buf;
	size_t pos, whole, len;
	uint32_t line;		/* number of the line at pos, from 1 */
	bool skipping;		/* in a line that is too long */

	struct trace_memo memo;
	struct log_devices devices;
	/* the device of a line, by trace_line's `same` */
	struct recent {
		uint32_t same;
		struct log_device *device;
	} recent[8];
	struct log_device *releasing;	/* give its held accesses next */
	uint16_t last_ctrl;

	/* damaged lines since the last event */
	struct {
		uint64_t n;
		uint32_t first, last;
		struct buf what;	/* text of the first damaged line */
	} gap;
	enum { LINES, LAST_DEVICES, LAST_NOTES, DONE } phase;
	size_t phase_at;
	/* `foreign` counts only accesses of devices that are not in the table */
	struct qemu_log_stats stats;
	struct buf text;	/* data of an event made here, which is the last of its run */
	struct event_run run;	/* the run to give next */
	bool complete;		/* its last event has data: nothing more may be added */
	struct event ev[RUN_EVENTS];
	struct err *failed;	/* error to return after the run */
};

static struct event *add_event(struct qemu_log *t)
{
	return &t->ev[t->run.n++];
}

/* True if the run must be given before more is added. */
static bool is_complete(const struct qemu_log *t)
{
	return t->run.n == RUN_EVENTS || t->complete;
}

static struct err *give_text(struct qemu_log *t, enum event_kind kind, uint64_t value,
			     uint32_t line)
{
	*add_event(t) = (struct event){
		.kind = (uint8_t)kind, .origin = ORIGIN_SELF, .ctrl = t->last_ctrl,
		.time = EVENT_TIME_NONE, .value = value, .line = line,
		.data = t->text.data, .len = (uint32_t)t->text.len,
	};
	t->complete = t->text.len;
	return buf_err(&t->text);
}

/* --- damage ------------------------------------------------------------- */

static void add_damage(struct qemu_log *t, const char *p, size_t len, const char *why)
{
	t->stats.damaged++;
	t->gap.last = t->line;
	if (t->gap.n++)
		return;
	t->gap.first = t->line;
	buf_clear(&t->gap.what);
	buf_addf(&t->gap.what, "%s: \"", why);
	text_add_safe(&t->gap.what, p, len < EXCERPT ? len : EXCERPT);
	buf_adds(&t->gap.what, len > EXCERPT ? "...\"" : "\"");
}

static struct err *give_gap(struct qemu_log *t)
{
	uint64_t n = t->gap.n;

	t->gap.n = 0;
	buf_clear(&t->text);
	text_add_safe(&t->text, t->name, strlen(t->name));
	buf_addf(&t->text, ":%" PRIu32 ": ", t->gap.first);
	if (n > 1)
		buf_addf(&t->text, "%" PRIu64 " damaged lines up to line %" PRIu32 ", the first ",
			 n, t->gap.last);
	buf_add(&t->text, t->gap.what.data, t->gap.what.len);
	t->text.failed |= t->gap.what.failed;
	return give_text(t, EV_GAP, n, t->gap.first);
}

/* --- devices ------------------------------------------------------------ */

static void give_controller(struct qemu_log *t, struct log_device *d)
{
	struct event *ev = add_event(t);

	d->told = t->complete = true;
	t->last_ctrl = d->ctrl;
	*ev = (struct event){
		.kind = EV_CONTROLLER, .origin = ORIGIN_TRACE, .ctrl = d->ctrl,
		.time = EVENT_TIME_NONE, .value = d->memory ? CTRL_EMULATED : CTRL_VFIO,
		.data = d->name, .len = (uint32_t)strlen(d->name),
	};
	if (d->n_held) {
		ev->time = d->held[d->first].time;
		ev->line = d->held[d->first].line;
	}
}

/*
 * Gives a new controller's first events: its name, the number of dropped accesses, the held
 * ones.
 */
static struct err *give_released(struct qemu_log *t)
{
	struct log_device *d = t->releasing;
	uint64_t dropped = d->dropped;

	if (!d->told) {
		give_controller(t, d);
		return NULL;
	}
	if (d->dropped) {
		buf_clear(&t->text);
		text_add_safe(&t->text, t->name, strlen(t->name));
		buf_addf(&t->text, ": %" PRIu64 " accesses of %s were too many to hold before it was "
			 "known to be an HD Audio controller; name it with --controller",
			 dropped, d->name);
		d->dropped = 0;
		return give_text(t, EV_GAP, dropped, 0);
	}
	while (t->run.n < RUN_EVENTS && log_device_release(&t->devices, d, &t->ev[t->run.n])) {
		t->run.n++;
		t->stats.accesses++;
	}
	if (!d->n_held)
		t->releasing = NULL;
	return NULL;
}

_Static_assert(EV_MMIO_WRITE == EV_MMIO_READ + 1, "a write is what follows a read");

static inline void make_event(const struct qemu_log *t, const struct trace_line *l, uint64_t addr,
			      const struct log_device *d, struct event *ev)
{
	ev->time = l->time;
	ev->addr = addr;
	ev->value = l->value;
	ev->data = NULL;
	ev->len = 0;
	ev->line = t->line;
	ev->ctrl = d->ctrl;
	ev->kind = (uint8_t)(EV_MMIO_READ + l->write);
	ev->bar = l->region;
	ev->width = l->width;
	ev->origin = ORIGIN_TRACE;
}

/* Gives an access, holds it, or counts it as another device's. */
static struct err *take_access(struct qemu_log *t, const struct trace_line *l)
{
	unsigned int i = l->same % ARRAY_SIZE(t->recent);
	struct log_device *d = t->recent[i].device;
	struct event *ev = &t->ev[t->run.n];

	if (!l->same || t->recent[i].same != l->same) {
		struct err *e = log_devices_find(&t->devices, l, &d);

		if (e)
			return e;
		t->recent[i].same = l->same;
		t->recent[i].device = d;
	}
	if (!d) {
		t->stats.foreign++;
		return NULL;
	}
	d->accesses++;
	make_event(t, l, log_device_offset(d, l), d, ev);
	if (d->verdict == VERDICT_HDA && d->told && !d->n_held) {
		t->last_ctrl = d->ctrl;
		t->stats.accesses++;
		t->run.n++;
		return NULL;
	}
	if (d->verdict == VERDICT_OPEN)
		log_devices_judge(&t->devices, d, ev);
	if (d->verdict == VERDICT_OTHER)
		return NULL;
	if (d->verdict == VERDICT_HDA)
		t->releasing = d;
	return log_device_hold(&t->devices, d, ev);
}

/* --- input -------------------------------------------------------------- */

/* Reads more input. *quiet: nothing came in time. */
static struct err *fill(struct qemu_log *t, bool *quiet)
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
	memmove(t->buf, t->buf + t->pos, t->len - t->pos);
	t->len -= t->pos;
	t->pos = t->whole = 0;
	n = read(t->fd, t->buf + t->len, BLOCK - t->len);
	if (n < 0) {
		if (errno == EINTR || errno == EAGAIN) {
			*quiet = true;
			return NULL;
		}
		return err_sys(errno, "%s: read", t->name);
	}
	t->eof = n == 0;
	const char *nl = memrchr(t->buf + t->len, '\n', (size_t)n);

	t->len += (size_t)n;
	if (nl)
		t->whole = (size_t)(nl + 1 - t->buf);
	if (t->skipping) {
		nl = memchr(t->buf, '\n', t->len);
		t->pos = nl ? (size_t)(nl + 1 - t->buf) : t->len;
		t->skipping = !nl;
		t->line += nl != NULL;
	} else if (!nl && t->len > LINE_MAX_BYTES) {
		t->stats.lines++;
		add_damage(t, t->buf, t->len, "a line of more than 64 KiB");
		t->skipping = true;
		t->pos = t->len;
	}
	if (t->whole < t->pos)
		t->whole = t->pos;
	return NULL;
}

static void next_line(struct qemu_log *t, size_t pos)
{
	t->pos = pos;
	t->line += t->line < UINT32_MAX;
	t->stats.lines++;
}

/* Takes the next access if it is of a known controller, as most lines are. */
static inline bool take_usual(struct qemu_log *t, const struct trace_line *l)
{
	const struct recent *r = &t->recent[l->same % ARRAY_SIZE(t->recent)];

	if (!l->same || r->same != l->same || !r->device || !r->device->told || r->device->n_held)
		return false;
	make_event(t, l, l->addr, r->device, add_event(t));
	r->device->accesses++;
	t->last_ctrl = r->device->ctrl;
	t->stats.accesses++;
	return true;
}

/*
 * Takes the whole lines in the buffer, until the run is complete or held accesses must be
 * given first.
 */
static struct err *take_lines(struct qemu_log *t)
{
	const char *end = t->buf + t->whole;
	struct trace_line l;

	while (t->pos < t->whole && !is_complete(t) && !t->releasing) {
		const char *p = t->buf + t->pos, *next;
		enum trace_line_kind kind = trace_line_take(&t->memo, p, end, &l, &next);
		struct err *e = NULL;

		if (kind == TRACE_LINE_EVENT) {
			if (t->gap.n)
				return give_gap(t);
			if (!take_usual(t, &l))
				e = take_access(t, &l);
		} else if (next - p > LINE_MAX_BYTES + 1) {
			add_damage(t, p, (size_t)(next - 1 - p), "a line of more than 64 KiB");
		} else if (kind == TRACE_LINE_DAMAGED) {
			add_damage(t, p, (size_t)(next - 1 - p), l.why);
		} else {
			t->stats.other++;
		}
		next_line(t, (size_t)(next - t->buf));
		if (e)
			return e;
	}
	return NULL;
}

/* Takes the rest of the file after the last line end. */
static struct err *take_rest(struct qemu_log *t)
{
	const char *p = t->buf + t->pos;
	size_t len = t->len - t->pos;
	struct trace_line l;
	struct err *e = NULL;

	if (!len)
		return NULL;
	enum trace_line_kind kind = trace_line_parse(&t->memo, p, len, &l);

	if (kind == TRACE_LINE_EVENT && !l.open_end) {
		if (t->gap.n)
			return give_gap(t);
		e = take_access(t, &l);
	} else if (kind == TRACE_LINE_OTHER) {
		t->stats.other++;
	} else {
		add_damage(t, p, len, kind == TRACE_LINE_EVENT ? "the log ends inside this line" :
								 l.why);
	}
	next_line(t, t->len);
	return e;
}

/* --- the end ------------------------------------------------------------ */

static struct err *give_last_note(struct qemu_log *t)
{
	struct qemu_log_stats s;
	size_t named = 0;

	qemu_log_stats(&t->source, &s);
	buf_clear(&t->text);
	text_add_safe(&t->text, t->name, strlen(t->name));
	buf_addf(&t->text, ": %" PRIu64 " lines, %" PRIu64 " accesses of %u HD Audio controller%s",
		 s.lines, s.accesses, t->devices.n_ctrl, t->devices.n_ctrl == 1 ? "" : "s");
	if (s.other)
		buf_addf(&t->text, "; %" PRIu64 " other lines", s.other);
	if (s.damaged)
		buf_addf(&t->text, "; %" PRIu64 " damaged lines", s.damaged);
	if (s.foreign)
		buf_addf(&t->text, "; %" PRIu64 " accesses of other devices", s.foreign);
	for (size_t i = 0; i < t->devices.n && named < NAMED_FOREIGN; i++) {
		const struct log_device *d = t->devices.all[i];

		if (d->verdict == VERDICT_HDA)
			continue;
		buf_adds(&t->text, named++ ? ", " : ": ");
		text_add_safe(&t->text, d->name, strlen(d->name));
		buf_addf(&t->text, " %" PRIu64, d->accesses);
	}
	return give_text(t, EV_NOTE, 0, 0);
}

/* After the last line: reports the last gap, decides about open devices, gives a note. */
static struct err *finish(struct qemu_log *t)
{
	if (t->gap.n)
		return give_gap(t);
	if (t->phase == LINES) {
		log_devices_judge_last(&t->devices);
		t->phase = LAST_DEVICES;
	}
	while (t->phase == LAST_DEVICES) {
		if (t->phase_at == t->devices.n) {
			t->phase = LAST_NOTES;
			break;
		}
		struct log_device *d = t->devices.all[t->phase_at++];

		if (d->verdict == VERDICT_HDA && d->n_held) {
			t->releasing = d;
			return NULL;
		}
	}
	if (t->phase == LAST_NOTES) {
		t->phase = DONE;
		if (t->stats.accesses < t->stats.lines || !t->devices.n_ctrl)
			return give_last_note(t);
	}
	return NULL;
}

/* --- source ------------------------------------------------------------- */

/* Reads more if there is no whole line; a run that has events is given without waiting. */
static struct err *read_on(struct qemu_log *t)
{
	bool quiet;
	struct err *e = fill(t, &quiet);

	if (e || !quiet)
		return e;
	if (t->gap.n)
		return give_gap(t);
	*add_event(t) = (struct event){ .kind = EV_NONE, .time = EVENT_TIME_NONE };
	return NULL;
}

static struct err *make_run(struct qemu_log *t)
{
	struct err *e = NULL;

	while (!e && !is_complete(t)) {
		if (t->releasing) {
			e = give_released(t);
			continue;
		}
		if (t->phase == LINES) {
			e = take_lines(t);
			if (e || is_complete(t) || t->releasing)
				continue;
			if (!t->eof) {
				if (t->run.n)
					break;
				e = read_on(t);
				if (t->run.n)
					break;
				continue;
			}
			e = take_rest(t);
			if (e || is_complete(t) || t->releasing)
				continue;
		}
		e = finish(t);
		if (!t->releasing)
			break;
	}
	return e;
}

static struct err *qemu_log_next(struct source *s, struct event_run *run)
{
	struct qemu_log *t = (struct qemu_log *)s;

	t->run = (struct event_run){ .ev = t->ev };
	t->complete = false;
	if (!t->failed)
		t->failed = make_run(t);
	*run = t->run;
	if (run->n || !t->failed)
		return NULL;
	struct err *e = t->failed;

	t->failed = NULL;
	return e;
}

static struct err *qemu_log_read_memory(struct source *s, uint16_t ctrl, uint64_t addr,
					uint32_t len, struct event *ev)
{
	(void)s;
	*ev = event_no_memory(ctrl, addr, len, "a trace log holds no guest memory");
	return NULL;
}

static void qemu_log_destroy(struct source *s)
{
	struct qemu_log *t = (struct qemu_log *)s;

	if (!t)
		return;
	log_devices_deinit(&t->devices);
	err_free(t->failed);
	buf_deinit(&t->gap.what);
	buf_deinit(&t->text);
	free(t->buf);
	free(t->name);
	free(t);
}

static const struct source_ops qemu_log_ops = {
	.next = qemu_log_next,
	.read_memory = qemu_log_read_memory,
	.destroy = qemu_log_destroy,
};

struct err *qemu_log_open(int fd, const char *name, const struct qemu_log_options *options,
			  struct source **out)
{
	struct qemu_log *t = calloc(1, sizeof(*t));
	struct err *e = err_nomem();
	struct stat st;

	if (!t)
		goto out;
	t->source.ops = &qemu_log_ops;
	t->fd = fd;
	t->line = 1;
	t->name = strdup(name);
	t->buf = malloc(BLOCK);
	if (!t->name || !t->buf)
		goto out;
	e = options ? log_devices_choose(&t->devices, options->controller, false) : NULL;
	if (e)
		goto out;
	if (fstat(fd, &st) < 0) {
		e = err_sys(errno, "%s", name);
		goto out;
	}
	if (S_ISDIR(st.st_mode)) {
		e = err_sys(EISDIR, "%s", name);
		goto out;
	}
	t->waits = !S_ISREG(st.st_mode);
	if (!t->waits)
		posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	*out = &t->source;
	return NULL;
out:
	if (t)
		qemu_log_destroy(&t->source);
	return e;
}

void qemu_log_stats(const struct source *s, struct qemu_log_stats *stats)
{
	const struct qemu_log *t = (const struct qemu_log *)s;

	*stats = t->stats;
	for (size_t i = 0; i < t->devices.n; i++) {
		if (t->devices.all[i]->verdict == VERDICT_OTHER)
			stats->foreign += t->devices.all[i]->accesses;
	}
}
