// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/frames/frame_events.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/reader.h"
#include "base/text.h"
#include "event/event_queue.h"
#include "event/source.h"
#include "input/frames/frameset.h"
#include "input/open.h"

#define CODECS 16
#define EX_UNSOL (1u << 4)
/* The largest joined file of a folder: 16 million responses. */
#define JOINED_MAX (128 << 20)
/* A run ends after so many events. */
#define RUN_EVENTS 256

struct frame_events {
	struct source source;
	char *name;
	struct joined j;
	struct buf notes;
	enum { BEGIN, WORDS, REST, DONE } phase;
	size_t next[LANES];		/* next entry */
	uint64_t asked[CODECS];		/* verbs without a response so far */
	uint8_t state[LANES];		/* enum entry_state of the last entry given */
	struct event_queue queue;
	struct buf text;
};

bool frame_events_has_index(int dir)
{
	return faccessat(dir, FRAME_INDEX, R_OK, 0) == 0;
}

static void say(struct frame_events *f, enum event_kind kind, uint64_t value, enum gap_kind what,
		const void *text, size_t len)
{
	buf_clear(&f->text);
	text_add_safe(&f->text, f->name, strlen(f->name));
	buf_adds(&f->text, ": ");
	buf_add(&f->text, text, len);
	f->queue.failed |= f->text.failed;
	event_queue_put(&f->queue, &(struct event){
		.kind = (uint8_t)kind, .origin = ORIGIN_SELF, .time = EVENT_TIME_NONE,
		.value = value, .addr = what, .data = f->text.data, .len = (uint32_t)f->text.len,
	});
}

/* Gives a note where the quality of the entries changes. */
static void say_state(struct frame_events *f, enum lane lane, size_t at)
{
	const struct joined_lane *l = &f->j.lane[lane];
	const char *what = lane == LANE_CORB ? "verb" : "response";
	enum entry_state state = (enum entry_state)l->state[at];
	char text[160];
	size_t n = 1;
	int len;

	if (state == f->state[lane])
		return;
	f->state[lane] = (uint8_t)state;
	if (state == ENTRY_GOOD)
		return;
	while (at + n < l->n && l->state[at + n] == state)
		n++;
	len = snprintf(text, sizeof(text), "%zu %s%s at 0x%08zx: %s", n, what, n == 1 ? "" : "s",
		       at * lane_bytes(lane), state == ENTRY_NONE ? "not saved" :
		       state == ENTRY_DOUBT ? "saved late, may be newer ones" :
		       "saved after the guest had stopped the ring");
	say(f, state == ENTRY_STOPPED ? EV_NOTE : EV_GAP, n,
	    lane == LANE_CORB ? GAP_VERBS : GAP_RESPONSES, text, (size_t)len);
}

/* Gives an entry as an event; false if there is none at this place. */
static bool give(struct frame_events *f, enum lane lane, size_t at)
{
	const struct joined_lane *l = &f->j.lane[lane];
	bool corb = lane == LANE_CORB;
	const uint8_t *entry = l->data + at * lane_bytes(lane);

	/* the very first place is never used */
	if (l->state[at] == ENTRY_NONE && !at)
		return false;
	say_state(f, lane, at);
	if (l->state[at] == ENTRY_NONE)
		return false;
	event_queue_put(&f->queue, &(struct event){
		.kind = corb ? EV_CORB_WORD : EV_RIRB_PAIR, .origin = ORIGIN_TOOL,
		.time = EVENT_TIME_NONE, .addr = at % 256,
		.value = corb ? load_le32(entry) : load_le64(entry),
		.width = corb ? (f->j.lane[LANE_RIRB].n ? ANSWER_DUE : ANSWER_UNRECORDED) : 0,
	});
	return true;
}

/* Gives the responses that can have come by now: a codec answers only its own verbs. */
static void give_responses(struct frame_events *f, bool all)
{
	const struct joined_lane *l = &f->j.lane[LANE_RIRB];

	for (size_t *at = &f->next[LANE_RIRB]; *at < l->n; ++*at) {
		uint32_t ex = load_le32(l->data + *at * 8 + 4);
		uint64_t *asked = &f->asked[ex & 0xf];

		if (l->state[*at] != ENTRY_NONE && !(ex & EX_UNSOL)) {
			if (!*asked && !all)
				return;
			*asked -= *asked != 0;
		}
		give(f, LANE_RIRB, *at);
	}
}

static void give_word(struct frame_events *f)
{
	size_t at = f->next[LANE_CORB]++;
	uint32_t word = load_le32(f->j.lane[LANE_CORB].data + at * 4);

	if (!give(f, LANE_CORB, at))
		return;
	/* address 15 is broadcast, which no codec answers */
	if (word >> 28 != 15)
		f->asked[word >> 28]++;
	give_responses(f, false);
}

/* True if each codec has as many responses as verbs; otherwise order alone cannot pair them. */
static bool is_balanced(const struct joined *j)
{
	const struct joined_lane *corb = &j->lane[LANE_CORB], *rirb = &j->lane[LANE_RIRB];
	uint64_t n[CODECS] = { 0 };
	bool same = true;

	for (size_t i = 0; i < corb->n; i++)
		if (corb->state[i] != ENTRY_NONE)
			n[load_le32(corb->data + i * 4) >> 28]++;
	for (size_t i = 0; i < rirb->n; i++) {
		uint32_t ex = load_le32(rirb->data + i * 8 + 4);

		if (rirb->state[i] != ENTRY_NONE && !(ex & EX_UNSOL))
			n[ex & 0xf]--;
	}
	for (int i = 0; i < CODECS - 1; i++)
		same &= n[i] == 0;
	return same;
}

static void begin(struct frame_events *f)
{
	static const char unbalanced[] = "the numbers of saved verbs and responses differ: after the "
		"first missing one, responses may be shown at the wrong verb";
	const char *device = f->j.device[0] ? f->j.device : "frames";
	struct reader r = reader_make(f->notes.data, f->notes.len), line;

	event_queue_put(&f->queue, &(struct event){
		.kind = EV_CONTROLLER, .origin = ORIGIN_TOOL, .time = EVENT_TIME_NONE,
		.value = CTRL_UNKNOWN, .data = device, .len = (uint32_t)strlen(device),
	});
	while (reader_line(&r, &line))
		say(f, EV_NOTE, 0, GAP_EVENTS, line.p, reader_left(&line));
	if (f->j.lane[LANE_RIRB].n && !is_balanced(&f->j))
		say(f, EV_GAP, 0, GAP_RESPONSES, unbalanced, sizeof(unbalanced) - 1);
}

static struct err *frame_events_next(struct source *s, struct event_run *run)
{
	struct frame_events *f = (struct frame_events *)s;

	for (;;) {
		struct err *e = event_queue_err(&f->queue);

		if (e || event_queue_run(&f->queue, run))
			return e;
		switch (f->phase) {
		case BEGIN:
			begin(f);
			f->phase = WORDS;
			break;
		case WORDS:
			while (f->next[LANE_CORB] < f->j.lane[LANE_CORB].n &&
			       event_queue_len(&f->queue) < RUN_EVENTS)
				give_word(f);
			if (event_queue_empty(&f->queue))
				f->phase = REST;
			break;
		case REST:
			give_responses(f, true);
			f->phase = DONE;
			break;
		case DONE:
			return NULL;
		}
	}
}

static struct err *frame_events_read_memory(struct source *s, uint16_t ctrl, uint64_t addr,
					    uint32_t len, struct event *ev)
{
	*ev = event_no_memory(ctrl, addr, len, NULL);
	return NULL;
}

static void frame_events_destroy(struct source *s)
{
	struct frame_events *f = (struct frame_events *)s;

	if (!f)
		return;
	joined_deinit(&f->j);
	event_queue_deinit(&f->queue);
	buf_deinit(&f->notes);
	buf_deinit(&f->text);
	free(f->name);
	free(f);
}

void frame_events_facts(const struct source *s, struct source_facts *facts)
{
	facts->responses = ((const struct frame_events *)s)->j.lane[LANE_RIRB].n > 0;
}

static struct err *create(const char *name, struct frame_events **out)
{
	static const struct source_ops ops = {
		.next = frame_events_next,
		.read_memory = frame_events_read_memory,
		.destroy = frame_events_destroy,
	};
	struct frame_events *f = calloc(1, sizeof(*f));

	*out = f;
	if (!f)
		return err_nomem();
	f->source.ops = &ops;
	f->state[LANE_CORB] = f->state[LANE_RIRB] = ENTRY_GOOD;
	f->name = strdup(name);
	return f->name ? NULL : err_nomem();
}

struct err *frame_events_open(int dir, const char *name, struct source **out)
{
	struct frameset set = { 0 };
	struct frame_events *f;
	struct err *e = create(name, &f);

	if (!e)
		e = frameset_load(&set, dir, &f->notes);
	if (!e && !set.n)
		e = err_new(ERR_FORMAT, "%s: a folder without frames (frame00, frame01, ...)", name);
	if (!e)
		e = frameset_join(&set, &f->notes, &f->j);
	frameset_deinit(&set);
	if (!e)
		*out = &f->source;
	else if (f)
		frame_events_destroy(&f->source);
	return e;
}

/* --- joined files ----------------------------------------------------------- */

/* Reads a whole regular file without moving its position; false if it is not one, or too long. */
static bool load(int fd, enum lane lane, struct joined_lane *l)
{
	struct stat st;
	size_t done = 0, width = lane_bytes(lane);

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > JOINED_MAX)
		return false;
	l->n = (size_t)st.st_size / width;
	l->data = malloc(l->n * width + 1);
	l->state = malloc(l->n + 1);
	if (!l->data || !l->state)
		return false;
	while (done < l->n * width) {
		ssize_t n = pread(fd, l->data + done, l->n * width - done, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	/* entries that were not saved are zero, which is not a verb; the first place is not used */
	for (size_t i = 0; i < l->n; i++)
		l->state[i] = lane == LANE_CORB ? (load_le32(l->data + i * 4) ? ENTRY_GOOD : ENTRY_NONE) :
			      i || load_le64(l->data) ? ENTRY_GOOD : ENTRY_NONE;
	return true;
}

struct err *frame_events_open_pair(int corb, int rirb, const char *name, struct source **out)
{
	struct frame_events *f;
	struct err *e = create(name, &f);
	uint64_t unsolicited = 0;
	bool linear = false;

	*out = NULL;
	if (!e && load(corb, LANE_CORB, &f->j.lane[LANE_CORB]) &&
	    load(rirb, LANE_RIRB, &f->j.lane[LANE_RIRB])) {
		const struct joined_lane *l = &f->j.lane[LANE_RIRB];

		for (size_t i = 0; i < l->n; i++)
			unsolicited += (load_le32(l->data + i * 8 + 4) & EX_UNSOL) != 0;
		/* every verb was answered once, and nothing is missing in between */
		linear = unsolicited && l->n == f->j.lane[LANE_CORB].n + unsolicited;
	}
	if (linear)
		*out = &f->source;
	else if (f)
		frame_events_destroy(&f->source);
	return e;
}
