// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/frames/frames.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "base/vec.h"
#include "event/event_queue.h"
#include "event/source.h"
#include "input/frames/frame_events.h"
#include "input/frames/frame_page.h"

/* The original tool counts frames with two digits. */
#define COUNTER_END 100

/* One frame of a folder. */
struct open_frame {
	char *name;
	uint64_t number;	/* UINT64_MAX: the last one, exit_dump or exit_frame */
};

/* One unit of lookahead, because the last frame is parsed differently. */
struct frame_lookahead {
	uint8_t bytes[FRAME_BYTES];
	size_t len;
};

struct frames {
	struct source source;
	enum source_format format;
	char *name;
	int fd;			/* descriptor of the file or of the folder */
	int pair;		/* descriptor of the other half; -1 = none */

	struct open_frame *files;	/* the folder's files */
	size_t n_files, next_file;

	struct frame_lookahead ahead, read_ahead_pair;
	bool looking;		/* `ahead` is filled */
	struct frame_page page, before;
	uint64_t n;		/* number of pages taken */
	struct frame_state state;
	bool told_controller;
	bool done;
	uint64_t zeros;		/* number of slots that were never written */
	struct event_queue queue;
	struct buf text;
};

/* --- giving -------------------------------------------------------------- */

static void say(struct frames *f, enum event_kind kind, uint64_t value, enum gap_kind what,
		const char *fmt, ...) __attribute__((format(printf, 5, 6)));

static void say(struct frames *f, enum event_kind kind, uint64_t value, enum gap_kind what,
		const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	buf_clear(&f->text);
	text_add_safe(&f->text, f->name, strlen(f->name));
	buf_adds(&f->text, ": ");
	if (n >= 0)
		text_add_safe(&f->text, text, (size_t)n);
	free(text);
	f->queue.failed |= n < 0 || f->text.failed;
	event_queue_put(&f->queue, &(struct event){
		.kind = (uint8_t)kind, .origin = ORIGIN_SELF, .time = EVENT_TIME_NONE,
		.value = value, .addr = what, .data = f->text.data, .len = (uint32_t)f->text.len,
	});
}

static void give_controller(struct frames *f)
{
	static const char name[] = "frames";

	if (f->told_controller)
		return;
	f->told_controller = true;
	event_queue_put(&f->queue, &(struct event){
		.kind = EV_CONTROLLER, .origin = ORIGIN_TOOL, .time = EVENT_TIME_NONE,
		.value = CTRL_VFIO, .data = name, .len = sizeof(name) - 1,
	});
}

static void give_word(struct frames *f, unsigned int slot, enum word_answer answer)
{
	uint32_t word = f->page.corb[slot];

	/* no driver sends a zero: this memory was never written */
	if (!word) {
		f->zeros++;
		return;
	}
	event_queue_put(&f->queue, &(struct event){
		.kind = EV_CORB_WORD, .origin = ORIGIN_TOOL, .time = EVENT_TIME_NONE,
		.addr = slot, .value = word, .width = answer,
	});
}

static void give_pair(struct frames *f, unsigned int slot)
{
	/* after its verb a zero is an answer; without the verbs it may be unwritten memory */
	if (!f->page.has_corb && !f->page.rirb[slot]) {
		f->zeros++;
		return;
	}
	event_queue_put(&f->queue, &(struct event){
		.kind = EV_RIRB_PAIR, .origin = ORIGIN_TOOL, .time = EVENT_TIME_NONE,
		.addr = slot, .value = f->page.rirb[slot],
	});
}

/*
 * Gives verbs and responses alternately, so that an unsolicited response comes near the verbs
 * between which it arrived.
 */
static void give_lap(struct frames *f, bool last)
{
	bool was_late = f->state.late;
	struct lap lap;

	f->state.first = f->n == 0;
	page_plan(&f->page, &f->before, last, &f->state, &lap);
	if (f->state.late && !was_late)
		say(f, EV_NOTE, 0, 0, "slot 0 was used when the first frame was saved: it is "
		    "taken to be the first of the lap that follows, in every frame");

	unsigned int answers = lap.pairs + lap.lost;

	for (unsigned int i = 0; i < lap.words || i < answers; i++) {
		/* in the last page, an unchanged entry may be an answer, or there was none yet */
		if (i < lap.words)
			give_word(f, (lap.first + i) % ENTRIES,
				  i < answers ? ANSWER_DUE : ANSWER_UNRECORDED);
		if (lap.lost && i + 1 == lap.lost)
			say(f, EV_GAP, lap.lost, GAP_RESPONSES, "frame %" PRIu64 ": %u response%s "
			    "overwritten before it was saved, by unsolicited ones", f->n, lap.lost,
			    lap.lost == 1 ? " was" : "s were");
		if (i >= lap.lost && i < answers)
			give_pair(f, (lap.from + i - lap.lost) % ENTRIES);
	}
}

static void take_page(struct frames *f, bool last)
{
	give_controller(f);
	give_lap(f, last);
	f->before = f->page;
	f->n++;
}

/* Reads until @len or the end. */
static struct err *read_all(const char *name, int fd, uint8_t *p, size_t len, size_t *got)
{
	*got = 0;
	while (*got < len) {
		ssize_t n = read(fd, p + *got, len - *got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(errno, "%s: read", name);
		if (n == 0)
			break;
		*got += (size_t)n;
	}
	return NULL;
}

/* --- a file -------------------------------------------------------------- */

static size_t unit_of(enum source_format format)
{
	return format == SOURCE_FRAMES ? FRAME_BYTES :
	       format == SOURCE_CORB_FRAMES ? CORB_BYTES : RIRB_BYTES;
}

static struct err *look_ahead(struct frames *f)
{
	enum source_format other = f->format == SOURCE_CORB_FRAMES ? SOURCE_RIRB_FRAMES :
				   SOURCE_CORB_FRAMES;
	struct err *e;

	memset(&f->ahead, 0, sizeof(f->ahead));
	memset(&f->read_ahead_pair, 0, sizeof(f->read_ahead_pair));
	f->looking = true;
	e = read_all(f->name, f->fd, f->ahead.bytes, unit_of(f->format), &f->ahead.len);
	if (!e && f->pair >= 0)
		e = read_all(f->name, f->pair, f->read_ahead_pair.bytes, unit_of(other),
			     &f->read_ahead_pair.len);
	return e;
}

static void load_unit(struct frames *f, enum source_format format, const struct frame_lookahead *a)
{
	if (format != SOURCE_RIRB_FRAMES && a->len)
		page_load_corb(&f->page, a->bytes);
	if (format == SOURCE_FRAMES && a->len > FRAME_RIRB)
		page_load_rirb(&f->page, a->bytes + FRAME_RIRB);
	if (format == SOURCE_RIRB_FRAMES && a->len)
		page_load_rirb(&f->page, a->bytes);
	/* joined halves may end where the last frame ended */
	if (format == SOURCE_CORB_FRAMES)
		f->page.words = (unsigned int)(a->len / 4);
	if (format == SOURCE_RIRB_FRAMES)
		f->page.pairs = (unsigned int)(a->len / 8);
	if (format == SOURCE_FRAMES && a->len < FRAME_BYTES)
		say(f, EV_GAP, 0, GAP_EVENTS, "frame %" PRIu64 " has %zu bytes instead of %u: what "
		    "is there was read", f->n, a->len, FRAME_BYTES);
}

static struct err *next_of_file(struct frames *f)
{
	static const uint8_t zero[RIRB_BYTES];
	struct err *e = f->looking ? NULL : look_ahead(f);

	if (e)
		return e;
	if (!f->ahead.len && !f->read_ahead_pair.len) {
		f->done = true;
		return NULL;
	}
	f->page = (struct frame_page){ 0 };
	load_unit(f, f->format, &f->ahead);
	if (f->pair >= 0)
		load_unit(f, f->format == SOURCE_CORB_FRAMES ? SOURCE_RIRB_FRAMES :
			  SOURCE_CORB_FRAMES, &f->read_ahead_pair);
	/* an empty RIRB is at another address; it does not mean that the codecs are silent */
	if (f->page.has_rirb && f->page.has_corb && !memcmp(f->page.rirb, zero, RIRB_BYTES))
		f->page.has_rirb = false;
	e = look_ahead(f);
	if (!e)
		take_page(f, !f->ahead.len && !f->read_ahead_pair.len);
	return e;
}

/* --- a folder ------------------------------------------------------------ */

static bool frame_name(const char *name, uint64_t *number)
{
	char *end;

	*number = UINT64_MAX;
	if (!strcmp(name, "exit_dump") || !strcmp(name, "exit_frame"))
		return true;
	if (strncmp(name, "frame", 5) != 0 || name[5] < '0' || name[5] > '9')
		return false;
	errno = 0;
	*number = strtoull(name + 5, &end, 10);
	return !*end && !errno && *number < UINT32_MAX;
}

static int by_number(const void *a, const void *b)
{
	const struct open_frame *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return strcmp(x->name, y->name);
}

static struct err *add_file(struct frames *f, const char *name, uint64_t number)
{
	if (!vec_more(f->files, f->n_files))
		return err_nomem();
	f->files[f->n_files].name = strdup(name);
	f->files[f->n_files].number = number;
	return f->files[f->n_files++].name ? NULL : err_nomem();
}

static struct err *list_folder(struct frames *f)
{
	int fd = dup(f->fd);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct err *e = NULL;
	struct dirent *d;
	uint64_t number;

	if (!dir) {
		e = err_sys(errno, "%s", f->name);
		if (fd >= 0)
			close(fd);
		return e;
	}
	rewinddir(dir);
	while (!e && (d = readdir(dir)))
		if (frame_name(d->d_name, &number))
			e = add_file(f, d->d_name, number);
	closedir(dir);
	if (!e && !f->n_files)
		e = err_new(ERR_FORMAT, "%s: a folder without frames (frame00, frame01, ...)",
			    f->name);
	if (!e)
		qsort(f->files, f->n_files, sizeof(*f->files), by_number);
	return e;
}

/* Reports the frames that are missing before this one. */
static void tell_missing(struct frames *f, const struct open_frame *file)
{
	uint64_t due = f->next_file ? f->files[f->next_file - 1].number + 1 : 0;
	uint64_t missing = file->number > due ? file->number - due : 0;

	if (file->number == UINT64_MAX || !missing)
		return;
	say(f, EV_GAP, missing * ENTRIES, GAP_VERBS, "%" PRIu64 " frame%s missing before %s: %"
	    PRIu64 " verbs", missing, missing == 1 ? " is" : "s are", file->name,
	    missing * ENTRIES);
}

static struct err *next_of_folder(struct frames *f)
{
	const struct open_frame *file = &f->files[f->next_file];
	uint8_t bytes[FRAME_BYTES + 1] = { 0 };
	struct err *e = NULL;
	size_t got;
	int fd;

	if (f->next_file == f->n_files) {
		f->done = true;
		if (f->n_files >= COUNTER_END && f->n_files <= COUNTER_END + 1 &&
		    f->files[COUNTER_END - 1].number == COUNTER_END - 1)
			say(f, EV_NOTE, 0, 0, "there are just 100 frames: the original "
			    "QemuHDADump counts with two digits, and may have written over "
			    "frame00");
		return NULL;
	}
	if (f->next_file && file->number != UINT64_MAX && file[-1].number == file->number) {
		f->next_file++;
		say(f, EV_NOTE, 0, 0, "%s has the number of %s and was left out", file->name,
		    file[-1].name);
		return NULL;
	}
	tell_missing(f, file);
	f->next_file++;
	fd = openat(f->fd, file->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return err_sys(errno, "%s/%s", f->name, file->name);
	e = read_all(file->name, fd, bytes, sizeof(bytes), &got);
	close(fd);
	if (e)
		return e;
	if (file->number != UINT64_MAX)
		f->n = file->number;
	f->page = (struct frame_page){ 0 };
	page_load_corb(&f->page, bytes);
	page_load_rirb(&f->page, bytes + FRAME_RIRB);
	if (got != FRAME_BYTES)
		say(f, EV_GAP, 0, GAP_EVENTS, "%s has %s4096 bytes: %s", file->name,
		    got > FRAME_BYTES ? "more than " : "less than ",
		    got > FRAME_BYTES ? "only the first page was read" : "what is there was read");
	take_page(f, file->number == UINT64_MAX || got < FRAME_BYTES);
	return NULL;
}

/* --- source -------------------------------------------------------------- */

static struct err *frames_next(struct source *s, struct event_run *run)
{
	struct frames *f = (struct frames *)s;
	struct err *e;

	for (;;) {
		e = event_queue_err(&f->queue);
		if (e || event_queue_run(&f->queue, run))
			return e;
		if (f->done && !f->zeros)
			return NULL;
		if (f->done) {
			say(f, EV_NOTE, 0, 0, "%" PRIu64 " slot%s zero, which no driver sends: "
			    "never written", f->zeros, f->zeros == 1 ? " is" : "s are");
			f->zeros = 0;
			continue;
		}
		e = f->files ? next_of_folder(f) : next_of_file(f);
		if (e)
			return e;
	}
}

static struct err *frames_read_memory(struct source *s, uint16_t ctrl, uint64_t addr, uint32_t len,
				      struct event *ev)
{
	(void)s;
	*ev = event_no_memory(ctrl, addr, len, NULL);
	return NULL;
}

static void frames_destroy(struct source *s)
{
	struct frames *f = (struct frames *)s;

	if (!f)
		return;
	if (f->pair >= 0)
		close(f->pair);
	for (size_t i = 0; i < f->n_files; i++)
		free(f->files[i].name);
	free(f->files);
	event_queue_deinit(&f->queue);
	buf_deinit(&f->text);
	free(f->name);
	free(f);
}

static const struct source_ops frames_ops = {
	.next = frames_next,
	.read_memory = frames_read_memory,
	.destroy = frames_destroy,
};

static struct err *create(enum source_format format, int fd, const char *name, struct frames **out)
{
	struct frames *f = calloc(1, sizeof(*f));

	if (!f)
		return err_nomem();
	f->source.ops = &frames_ops;
	f->format = format;
	f->fd = fd;
	f->pair = -1;
	f->name = strdup(name);
	if (!f->name) {
		frames_destroy(&f->source);
		return err_nomem();
	}
	*out = f;
	return NULL;
}

/* allCORBframes and allRIRBframes, later all-corb-frames and all-rirb-frames. */
static int open_pair(struct frames *f)
{
	static const char *const names[][2] = {
		{ "allCORBframes", "allRIRBframes" }, { "all-corb-frames", "all-rirb-frames" },
	};
	const char *slash = strrchr(f->name, '/'), *base = slash ? slash + 1 : f->name;
	int fd = -1;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		for (unsigned int k = 0; k < 2; k++) {
			char *path = NULL;

			if (strcmp(base, names[i][k]) != 0)
				continue;
			if (asprintf(&path, "%.*s%s", (int)(base - f->name), f->name,
				     names[i][!k]) < 0)
				return -1;
			fd = open(path, O_RDONLY | O_CLOEXEC);
			free(path);
			return fd;
		}
	}
	return fd;
}

struct err *frames_open_file(enum source_format format, int fd, const char *name,
			     struct source **out)
{
	struct frames *f;
	struct err *e = create(format, fd, name, &f);

	if (e)
		return e;
	if (format != SOURCE_FRAMES)
		f->pair = open_pair(f);
	*out = NULL;
	if (f->pair >= 0)
		e = format == SOURCE_CORB_FRAMES ? frame_events_open_pair(fd, f->pair, name, out) :
		    frame_events_open_pair(f->pair, fd, name, out);
	if (e || *out)
		frames_destroy(&f->source);
	else
		*out = &f->source;
	return e;
}

struct err *frames_open_folder(int fd, const char *name, struct source **out)
{
	struct frames *f;
	struct err *e;

	if (frame_events_has_index(fd))
		return frame_events_open(fd, name, out);
	e = create(SOURCE_FRAMES, fd, name, &f);
	if (e)
		return e;
	e = list_folder(f);
	if (e) {
		frames_destroy(&f->source);
		return e;
	}
	*out = &f->source;
	return NULL;
}

void frames_facts(const struct source *s, struct source_facts *facts)
{
	const struct frames *f = (const struct frames *)s;

	if (s->ops != &frames_ops) {
		frame_events_facts(s, facts);
		return;
	}
	facts->responses = f->format == SOURCE_FRAMES || f->pair >= 0 ||
			   f->format == SOURCE_RIRB_FRAMES;
}
