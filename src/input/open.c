// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/open.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/reader.h"
#include "base/text.h"
#include "dump/proc_clean.h"
#include "dump/rthd.h"
#include "event/source.h"
#include "input/frames/frames.h"
#include "input/input.h"
#include "input/text_reader.h"
#include "input/trace/qemu_log.h"
#include "input/trace/trace_line.h"
#include "store/capture_source.h"
#include "store/store.h"

/*
 * A clock that goes back by this much was restarted; the difference between CPUs' clocks is
 * much smaller.
 */
#define BACK_NS 1000000000ull
/* sniff() returns this for a line that no other format has. */
#define SURE 10
/* So many sure lines are enough if the reader would otherwise wait for a pipe. */
#define ENOUGH 1
#define SEEN_ENOUGH (64 * 1024)

struct opened {
	struct source source;
	struct input *input;
	struct source *inner;
	char *name;
	enum source_format format;
	bool logs;		/* a log: when its clock goes back, another recording begins */
	bool ended;
	int64_t last;
	uint64_t parts;		/* number of recordings, without those of the inner source */
	struct event_run rest;	/* events to give after the EV_PART that was given before them */
	struct event own;	/* an event that is made here */
	struct buf text;	/* its data */
};

static const struct {
	const char *name, *what;
} formats[SOURCE_FORMATS] = {
	[SOURCE_CAPTURE] = { "capture", "a capture file of hdadump's" },
	[SOURCE_TRACE] = { "trace", "a trace log of QEMU's" },
	[SOURCE_PATCH] = { "patch", "the output of a QEMU with the CORB/RIRB patch" },
	[SOURCE_DEBUG] = { "debug", "debug lines of QEMU's own controller" },
	[SOURCE_FTRACE] = { "ftrace", "the kernel's HD Audio tracepoints" },
	[SOURCE_KVM] = { "kvm", "the kernel's kvm_mmio tracepoint" },
	[SOURCE_FRAMES] = { "frames", "frames: pages with the two rings" },
	[SOURCE_CORB_FRAMES] = { "corb-frames", "joined frames: the CORB halves" },
	[SOURCE_RIRB_FRAMES] = { "rirb-frames", "joined frames: the RIRB halves" },
	[SOURCE_SCRIPT] = { "hda-verb", "a script of hda-verb commands" },
	[SOURCE_LIST] = { "list", "a verb list" },
	[SOURCE_TABLE] = { "table", "a table of C" },
	[SOURCE_WORDS] = { "words", "verb words" },
};

const char *source_format_name(enum source_format f)
{
	return formats[f].name;
}

const char *source_format_what(enum source_format f)
{
	return formats[f].what;
}

/* --- recognising a text -------------------------------------------------- */

/* In order of preference, for a log with lines of several formats. */
enum { TRACE = 3 };	/* QEMU's trace log, which is no text_format */
static const struct text_format *const texts[] = {
	&text_format_patch, &text_format_debug, &text_format_ftrace, [TRACE] = NULL,
	&text_format_kvm, &text_format_table, &text_format_firmware, &text_format_verbs,
	&text_format_words, &text_format_coefs,
};

/* Of a line that is no event's from its first byte to its last. */
static unsigned int trace_sniff(struct reader line)
{
	static const char *const marks[] = {
		"vfio_region_write", "vfio_region_read", "vfio_bar_write", "vfio_bar_read",
		"memory_region_ops_write", "memory_region_ops_read",
	};

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (memmem(line.p, reader_left(&line), marks[i], strlen(marks[i])))
			return 1;
	return 0;
}

/* Counts the lines of a beginning for each format. */
struct tally {
	unsigned int sum[ARRAY_SIZE(texts)];
	unsigned int sure[ARRAY_SIZE(texts)];
	bool any;		/* there was a line that was not empty */
	struct trace_memo memo;
};

/* Such a line is nothing else: most lines of the longest inputs need no other question. */
static bool is_trace_event(struct tally *n, struct reader line)
{
	struct trace_line l;

	return trace_line_parse(&n->memo, line.p, reader_left(&line), &l) == TRACE_LINE_EVENT;
}

static void count_line(struct tally *n, struct reader line)
{
	reader_skip_space(&line);
	n->any |= reader_left(&line) > 0;
	/* a line of a log that a list or script quotes in a comment does not count */
	bool comment = reader_left(&line) && *line.p == '#';

	if (!comment && is_trace_event(n, line)) {
		n->sum[TRACE] += SURE;
		n->sure[TRACE]++;
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		unsigned int score = 0;

		if (!comment || texts[i] == &text_format_verbs)
			score = texts[i] ? texts[i]->sniff(line) : trace_sniff(line);
		n->sum[i] += score;
		if (score >= SURE) {
			n->sure[i]++;
			break;
		}
	}
}

/*
 * True if no more lines are needed. A log that begins as a trace log may still contain a
 * patched QEMU's lines, which are preferred.
 */
static bool is_known(const struct tally *n, size_t seen, bool waits)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (n->sure[i] >= ENOUGH && (waits || (texts[i] && seen >= SEEN_ENOUGH)))
			return true;
	return false;
}

/* The format with the most points, as an index into `texts`; -1 = none. */
static int best(const struct tally *n)
{
	int found = -1;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (n->sure[i] >= ENOUGH)
			return (int)i;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (n->sum[i] && (found < 0 || n->sum[i] > n->sum[found]))
			found = (int)i;
	return found;
}

/* Reads more of the input until the format is known. */
static struct err *recognise(struct input *in, struct tally *n, size_t *seen)
{
	bool waits = input_size(in) < 0 && !input_packing(in);
	size_t len, pos = 0;
	bool more = true;
	struct err *e;

	while (more) {
		const uint8_t *head = input_head(in, &len);
		struct reader rest = reader_make(head + pos, len - pos), line;

		while (memchr(rest.p, '\n', reader_left(&rest)) && reader_line(&rest, &line))
			count_line(n, line);
		pos = len - reader_left(&rest);
		if (is_known(n, pos, waits))
			break;
		e = input_more(in, &more);
		if (e)
			return e;
	}
	/* a last line without a line end */
	const uint8_t *head = input_head(in, &len);
	struct reader rest = reader_make(head + pos, len - pos);

	if (!more && len < INPUT_HEAD_MAX && reader_left(&rest))
		count_line(n, rest);
	*seen = len;
	return NULL;
}

/* True for a codec's proc text, alsa-info or RtHDDump, which another command reads. */
static bool is_codec_dump(const uint8_t *head, size_t len)
{
	if (!head || !len)
		return false;
	return proc_is_dump(head, len) || rthd_is(head, len);
}

/* --- the source ---------------------------------------------------------- */

static struct err *give_own(struct opened *o, struct event_run *run)
{
	o->own.data = o->text.data;
	o->own.len = (uint32_t)o->text.len;
	*run = (struct event_run){ &o->own, 1 };
	return buf_err(&o->text);
}

static struct err *give_part(struct opened *o, const struct event *first, struct event_run *run)
{
	o->parts++;
	buf_clear(&o->text);
	text_add_safe(&o->text, o->name, strlen(o->name));
	if (first->line)
		buf_addf(&o->text, ":%" PRIu32, first->line);
	buf_adds(&o->text, ": the clock starts again: another run begins here");
	o->own = (struct event){
		.kind = EV_PART, .origin = ORIGIN_SELF, .ctrl = first->ctrl,
		.time = EVENT_TIME_NONE, .line = first->line,
	};
	return give_own(o, run);
}

/* Gives the error that ended the input (damaged packed data), after all events. */
static struct err *give_result(struct opened *o, struct event_run *run)
{
	struct err *e = o->ended ? NULL : input_result(o->input);

	o->ended = true;
	if (!e)
		return NULL;
	buf_clear(&o->text);
	buf_addf(&o->text, "%s: what follows could not be read", err_text(e));
	err_free(e);
	o->own = (struct event){
		.kind = EV_GAP, .origin = ORIGIN_SELF, .time = EVENT_TIME_NONE,
	};
	return give_own(o, run);
}

/* The number of events of a run before the clock goes back. */
static size_t before_part(struct opened *o, const struct event_run *run)
{
	size_t i;

	for (i = 0; i < run->n; i++) {
		int64_t time = run->ev[i].time;

		if (time == EVENT_TIME_NONE)
			continue;
		/* EVENT_TIME_NONE is less than every time */
		if (time < o->last && (uint64_t)o->last - (uint64_t)time > BACK_NS)
			break;
		o->last = time;
	}
	return i;
}

static struct err *opened_next(struct source *s, struct event_run *run)
{
	struct opened *o = (struct opened *)s;
	struct err *e = NULL;

	*run = o->rest;
	o->rest.n = 0;
	if (!run->n)
		e = o->inner->ops->next(o->inner, run);
	if (e)
		return e;
	if (!run->n)
		return o->input ? give_result(o, run) : NULL;
	size_t n = o->logs ? before_part(o, run) : run->n;
	if (n == run->n)
		return NULL;
	o->rest = (struct event_run){ run->ev + n, run->n - n };
	run->n = n;
	if (n)
		return NULL;
	o->last = o->rest.ev->time;
	return give_part(o, o->rest.ev, run);
}

static struct err *opened_read_memory(struct source *s, uint16_t ctrl, uint64_t addr, uint32_t len,
				      struct event *ev)
{
	struct source *inner = ((struct opened *)s)->inner;

	return inner->ops->read_memory(inner, ctrl, addr, len, ev);
}

static void opened_destroy(struct source *s)
{
	struct opened *o = (struct opened *)s;

	source_destroy(o->inner);
	input_destroy(o->input);
	buf_deinit(&o->text);
	free(o->name);
	free(o);
}

static const struct list_head *opened_list_head(struct source *s)
{
	struct source_facts facts;

	source_facts(s, &facts);
	return facts.list;
}

static const struct source_ops opened_ops = {
	.next = opened_next,
	.list_head = opened_list_head,
	.read_memory = opened_read_memory,
	.destroy = opened_destroy,
};

/* A capture file contains the guest's memory already. */
static const struct source_ops opened_capture_ops = {
	.next = opened_next,
	.destroy = opened_destroy,
};

static struct err *open_text(struct opened *o, const struct source_options *options)
{
	struct tally n = { 0 };
	size_t len = 0;
	int fd, i;
	struct err *e = recognise(o->input, &n, &len);

	if (e)
		return e;
	if (!len && !input_packing(o->input))
		return err_new(ERR_FORMAT, "%s: empty", o->name);
	const uint8_t *head = input_head(o->input, &len);

	i = best(&n);
	if (i < 0 && len >= 2 && (!memcmp(head, "\xff\xfe", 2) || !memcmp(head, "\xfe\xff", 2)))
		return err_new(ERR_FORMAT, "%s: a text in UTF-16; convert it with: iconv -f UTF-16 "
			       "-t UTF-8", o->name);
	/* a dump's lists of connections look like verbs */
	if (i >= 0 && !n.sure[i] && texts[i] == &text_format_verbs && proc_has_node(head, len))
		i = -1;
	/* and an RtHDDump has coefficients among much else */
	if (i >= 0 && texts[i] == &text_format_coefs && rthd_is(head, len))
		i = -1;
	if (i < 0 && is_codec_dump(head, len))
		return err_new(ERR_FORMAT, "%s: a codec's dump, not a capture; use: hdadump codec",
			       o->name);
	if (i < 0) {
		/* packed data that are damaged from the beginning: report that error */
		e = len ? NULL : input_result(o->input);
		return e ? e : err_new(ERR_FORMAT, "%s: hdadump cannot read this: it is not a "
				       "capture, trace log, frames, verb list or other tool's log",
				       o->name);
	}
	e = input_fd(o->input, &fd);
	if (e)
		return e;
	o->logs = true;
	if (!texts[i]) {
		const struct qemu_log_options log = {
			.controller = options->controller,
		};

		o->format = SOURCE_TRACE;
		return qemu_log_open(fd, o->name, &log, &o->inner);
	}
	o->format = texts[i]->format;
	return text_reader_open(texts[i], fd, o->name, options, reader_make(head, len), &o->inner);
}

static struct err *open_input(struct opened *o, int fd, const struct source_options *options)
{
	struct err *e = input_create(fd, o->name, &o->input);
	const uint8_t *head;
	size_t len = 0;
	bool more = true;

	while (!e && more && len < FRAMES_HEAD) {
		e = input_more(o->input, &more);
		head = input_head(o->input, &len);
		if (!e && store_is_capture(head, len)) {
			o->format = SOURCE_CAPTURE;
			e = input_fd(o->input, &fd);
			return e ? e : capture_open(fd, o->name, &o->inner);
		}
		/* do not wait for more lines of a text that comes slowly */
		if (len && memchr(head, '\n', len) && !memchr(head, '\0', len))
			break;
	}
	if (e)
		return e;
	head = input_head(o->input, &len);
	o->format = frames_recognise(head, len, input_size(o->input));
	if (o->format != SOURCE_FORMATS) {
		e = input_fd(o->input, &fd);
		return e ? e : frames_open_file(o->format, fd, o->name, &o->inner);
	}
	return open_text(o, options);
}

struct err *source_open(int fd, const char *name, const struct source_options *options,
			struct source **out)
{
	static const struct source_options none;
	struct opened *o = calloc(1, sizeof(*o));
	struct err *e = NULL;
	struct stat st;

	if (!o)
		return err_nomem();
	o->source.ops = &opened_ops;
	o->last = EVENT_TIME_NONE;
	o->name = strdup(name);
	if (!options)
		options = &none;
	if (!o->name)
		e = err_nomem();
	else if (fstat(fd, &st) < 0)
		e = err_sys(errno, "%s", name);
	else if (S_ISDIR(st.st_mode)) {
		o->format = SOURCE_FRAMES;
		e = frames_open_folder(fd, name, &o->inner);
	} else {
		e = open_input(o, fd, options);
	}
	if (e) {
		opened_destroy(&o->source);
		return e;
	}
	if (!o->inner->ops->read_memory)
		o->source.ops = &opened_capture_ops;
	*out = &o->source;
	return NULL;
}

static void trace_facts(const struct source *s, struct source_facts *facts)
{
	struct qemu_log_stats stats;

	qemu_log_stats(s, &stats);
	facts->lines = stats.lines;
	facts->other = stats.other;
	facts->damaged = stats.damaged;
}

void source_facts(struct source *s, struct source_facts *facts)
{
	struct opened *o = (struct opened *)s;

	*facts = (struct source_facts){ .responses = true };
	switch (o->format) {
	case SOURCE_CAPTURE:
		break;
	case SOURCE_TRACE:
		trace_facts(o->inner, facts);
		break;
	case SOURCE_FRAMES:
	case SOURCE_CORB_FRAMES:
	case SOURCE_RIRB_FRAMES:
		frames_facts(o->inner, facts);
		break;
	default:
		text_reader_facts(o->inner, facts);
		break;
	}
	if (facts->format != SOURCE_SCRIPT)
		facts->format = o->format;
	facts->parts += o->parts;
	if (o->input)
		facts->packing = input_packing(o->input);
}
