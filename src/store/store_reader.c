// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "base/vec.h"
#include "store/blocks.h"
#include "store/pack.h"
#include "store/pcapng.h"
#include "store/store.h"

/* Events in a run: few enough to stay in a cache. */
#define RUN_EVENTS 256

/* Interfaces of one section that are stored; a merged file may have many. */
#define MAX_INTERFACES 1024

struct read_interface {
	uint16_t linktype;
	char *name;		/* NULL = none */
};

struct store_reader {
	struct blocks blocks;
	char *name;
	char *comment;

	/* the present section */
	unsigned int sections;
	struct read_interface *ifs;
	uint32_t n_ifs;
	uint64_t sequence;	/* number of events read, and known to be lost */
	uint64_t recorded;	/* number of events according to the section's statistics */
	bool ended;		/* its statistics were read, which are written when it is closed */
	/* number of each controller of the section in the output; -1 = not seen */
	int16_t map[EVENT_MAX_CTRL];
	char *names[EVENT_MAX_CTRL];	/* of the output's controllers, over all sections */

	/* the present block of events */
	struct pack pack;
	struct pack_head head;
	struct reader events;
	uint32_t left;		/* number of its events still to come */
	uint32_t interface;
	uint64_t block_at;
	bool fresh;		/* missing events before it were not reported yet */
	bool senseless;		/* the rest of it is not valid */

	uint16_t last_ctrl;
	uint64_t foreign;	/* packets of other programs */
	enum { BLOCKS, LOST_AT_END, MISSING_END, NOTES, DONE } phase;
	struct buf text;	/* data of an event made here; a run has at most one */
	struct event run[RUN_EVENTS];
	struct err *failed;	/* error to return after the last run */
};

/* --- events made here ---------------------------------------------------- */

static void begin_text(struct store_reader *r)
{
	buf_clear(&r->text);
	text_add_safe(&r->text, r->name, strlen(r->name));
	buf_adds(&r->text, ": ");
}

/* Appends it to the run. */
static struct err *give_text(struct store_reader *r, enum event_kind kind, uint64_t value,
			     struct event_run *run)
{
	run->ev[run->n++] = (struct event){
		.kind = (uint8_t)kind, .origin = ORIGIN_SELF, .ctrl = r->last_ctrl,
		.time = EVENT_TIME_NONE, .value = value,
		.data = r->text.data, .len = (uint32_t)r->text.len,
	};
	return buf_err(&r->text);
}

/* Reports the events that are missing before event @next of the section. */
static struct err *give_lost(struct store_reader *r, uint64_t next, bool known,
			     struct event_run *run)
{
	uint64_t lost = next > r->sequence ? next - r->sequence : 0;
	struct blocks *bs = &r->blocks;

	if (!bs->bad && next == r->sequence)
		return NULL;
	begin_text(r);
	if (bs->bad)
		buf_addf(&r->text, "damaged from byte %" PRIu64 " to %" PRIu64 ": ", bs->bad_from,
			 bs->bad_to);
	else
		buf_addf(&r->text, "%s before byte %" PRIu64 ": ",
			 lost ? "blocks are missing" : "blocks are out of order", r->block_at);
	if (!known)
		buf_adds(&r->text, "the number of lost events is unknown");
	else if (lost)
		buf_addf(&r->text, "%" PRIu64 " event%s lost", lost, lost == 1 ? " was" : "s were");
	else
		buf_adds(&r->text, "no event was lost");
	bs->bad = false;
	r->sequence = next;
	return give_text(r, lost || !known ? EV_GAP : EV_NOTE, lost, run);
}

/* Reports the events that are missing according to a section's end. */
static struct err *give_lost_at_end(struct store_reader *r, struct event_run *run)
{
	uint64_t next = r->recorded > r->sequence ? r->recorded : r->sequence;

	r->block_at = blocks_at(&r->blocks);
	r->ended |= r->blocks.bad;	/* the damage was reported, and the end is in it */
	return give_lost(r, next, r->recorded > 0, run);
}

/* True if a process is still writing the capture: then it has no end yet. */
static bool is_being_written(int fd)
{
	if (flock(fd, LOCK_SH | LOCK_NB) == 0) {
		flock(fd, LOCK_UN);
		return false;
	}
	return errno == EWOULDBLOCK;
}

/* Reports a missing end: the statistics are written when a capture is closed. */
static struct err *give_missing_end(struct store_reader *r, bool last, struct event_run *run)
{
	bool written = last && is_being_written(r->blocks.fd);
	struct err *e;

	if (r->ended)
		return NULL;
	r->ended = true;
	begin_text(r);
	if (written)
		buf_adds(&r->text, "the capture is still being written");
	else if (last && r->blocks.cut)
		buf_addf(&r->text, "ends inside the block at byte %" PRIu64 ": everything before it was "
			 "read, what came after it is lost", r->blocks.cut_at);
	else
		buf_adds(&r->text, "the capture was not ended in order (hdadump was killed, the file was "
			 "cut, or another program rewrote it): what came last may be missing");
	if (last)
		r->blocks.cut = false;
	e = give_text(r, written ? EV_NOTE : EV_GAP, 0, run);
	if (!e && !written)
		run->ev[run->n - 1].addr = GAP_END;
	return e;
}

static struct err *give_last_notes(struct store_reader *r, struct event_run *run)
{
	begin_text(r);
	if (r->blocks.cut) {
		r->blocks.cut = false;
		buf_addf(&r->text, "ends inside the block at byte %" PRIu64
			 "; everything before it was read", r->blocks.cut_at);
	} else if (r->foreign) {
		buf_addf(&r->text, "%" PRIu64 " packets are not hdadump's and were left out",
			 r->foreign);
		r->foreign = 0;
	} else {
		return NULL;
	}
	return give_text(r, EV_NOTE, 0, run);
}

/* --- controllers --------------------------------------------------------- */

static bool is_free(const struct store_reader *r, int ctrl)
{
	if (r->names[ctrl])
		return false;
	for (unsigned int i = 0; i < EVENT_MAX_CTRL; i++) {
		if (r->map[i] == ctrl)
			return false;
	}
	return true;
}

/*
 * Finds the output's number for a controller of this section: in the first section the same,
 * later the number that its name has already.
 */
static struct err *map_ctrl(struct store_reader *r, uint16_t ctrl, const char *name, size_t len)
{
	int to = r->sections <= 1 ? ctrl : -1;

	for (int i = 0; i < EVENT_MAX_CTRL && to < 0; i++) {
		if (r->names[i] && strlen(r->names[i]) == len && !memcmp(r->names[i], name, len))
			to = i;
	}
	if (to < 0 && is_free(r, ctrl))
		to = ctrl;
	for (int i = 0; i < EVENT_MAX_CTRL && to < 0; i++) {
		if (is_free(r, i))
			to = i;
	}
	if (to < 0)
		return err_new(ERR_FORMAT, "%s: more than %d controllers", r->name, EVENT_MAX_CTRL);
	free(r->names[to]);
	r->names[to] = strndup(name, len);
	if (!r->names[to])
		return err_nomem();
	r->map[ctrl] = (int16_t)to;
	return NULL;
}

/* Learns from an event, or from the block's interface, which controller this is. */
static struct err *learn_ctrl(struct store_reader *r, const struct event *ev)
{
	const char *name;

	if (ev->kind == EV_CONTROLLER)
		return map_ctrl(r, r->head.ctrl, ev->data ? ev->data : "", ev->len);
	if (r->interface >= r->n_ifs || !r->ifs[r->interface].name)
		return NULL;
	name = r->ifs[r->interface].name;
	return map_ctrl(r, r->head.ctrl, name, strlen(name));
}

/*
 * Sets the controller of the run's last event. An error is held until the events before it
 * were given.
 */
static struct err *set_ctrl(struct store_reader *r, struct event_run *run)
{
	const int16_t *to = &r->map[r->head.ctrl];

	/* unpacked with that number already */
	if (*to >= 0 && run->ev[run->n - 1].kind != EV_CONTROLLER) {
		r->last_ctrl = (uint16_t)*to;
		return NULL;
	}
	for (size_t i = 0; i < run->n; i++) {
		struct event *ev = &run->ev[i];

		if (ev->kind == EV_CONTROLLER || *to < 0) {
			struct err *e = learn_ctrl(r, ev);

			if (e && !i)
				return e;
			if (e) {
				r->failed = e;
				run->n = i;
				return NULL;
			}
		}
		/* a controller without a name: it has only notes */
		ev->ctrl = *to < 0 ? r->head.ctrl : (uint16_t)*to;
		r->last_ctrl = ev->ctrl;
	}
	if (*to >= 0)
		unpack_ctrl(&r->pack, (uint16_t)*to);
	return NULL;
}

/* --- blocks -------------------------------------------------------------- */

static void end_section(struct store_reader *r)
{
	for (uint32_t i = 0; i < r->n_ifs; i++)
		free(r->ifs[i].name);
	r->n_ifs = 0;
	r->sequence = r->recorded = 0;
	r->ended = false;
	memset(r->map, 0xff, sizeof(r->map));
}

static struct err *take_section(struct store_reader *r, const struct block *b)
{
	const uint8_t *text;
	uint16_t len;

	end_section(r);
	r->sections++;
	if (b->len < PCAPNG_SHB_SIZE || r->comment)
		return NULL;
	text = block_option(&r->blocks, b, PCAPNG_SHB_SIZE - 4, PCAPNG_OPT_COMMENT, &len);
	r->comment = text ? strndup((const char *)text, len) : strdup("");
	return r->comment ? NULL : err_nomem();
}

static struct err *take_interface(struct store_reader *r, const struct block *b)
{
	const uint8_t *name;
	uint16_t len;

	if (b->len < PCAPNG_IDB_SIZE || r->n_ifs == MAX_INTERFACES)
		return NULL;
	if (!vec_more(r->ifs, r->n_ifs))
		return err_nomem();
	struct read_interface *f = &r->ifs[r->n_ifs++];

	name = block_option(&r->blocks, b, PCAPNG_IDB_SIZE - 4, PCAPNG_IF_NAME, &len);
	f->linktype = block_16(&r->blocks, b->p + 8);
	f->name = name ? strndup((const char *)name, len) : NULL;
	return name && !f->name ? err_nomem() : NULL;
}

static void take_statistics(struct store_reader *r, const struct block *b)
{
	const uint8_t *n;
	uint16_t len;

	if (b->len < PCAPNG_ISB_SIZE)
		return;
	r->ended = true;
	n = block_option(&r->blocks, b, PCAPNG_ISB_SIZE - 4, PCAPNG_ISB_IFRECV, &len);
	if (n && len == 8 &&
	    __builtin_add_overflow(r->recorded, block_64(&r->blocks, n), &r->recorded))
		r->recorded = 0;
}

/*
 * Handles a packet with events, or of another program; false if it should be ours and is not
 * valid.
 */
static bool take_packet(struct store_reader *r, const struct block *b)
{
	uint32_t len;
	const uint8_t *data = block_packet(&r->blocks, b, &r->interface, &len);

	if (!data)
		return false;
	if (r->interface < r->n_ifs && r->ifs[r->interface].linktype != PCAPNG_LINKTYPE) {
		r->foreign++;
		return true;
	}
	if (!unpack_begin(&r->pack, data, len, &r->head, &r->events) ||
	    r->head.ctrl >= EVENT_MAX_CTRL)
		return false;
	if (r->map[r->head.ctrl] >= 0)
		unpack_ctrl(&r->pack, (uint16_t)r->map[r->head.ctrl]);
	r->left = r->head.count;
	r->ended = false;
	r->block_at = blocks_at(&r->blocks);
	r->fresh = true;
	return true;
}

static struct err *take_block(struct store_reader *r, const struct block *b)
{
	struct err *e = NULL;
	bool sense = true;

	switch (b->type) {
	case PCAPNG_SHB:
		e = take_section(r, b);
		break;
	case PCAPNG_IDB:
		e = take_interface(r, b);
		break;
	case PCAPNG_ISB:
		take_statistics(r, b);
		break;
	case PCAPNG_EPB:
		sense = take_packet(r, b);
		break;
	default:
		break;	/* another program's block, which is allowed */
	}
	if (sense)
		blocks_take(&r->blocks, b);
	else
		blocks_take_bad(&r->blocks, b);
	return e;
}

/* --- reading ------------------------------------------------------------- */

/* The next events of the present block, if it has more. */
static struct err *give_events(struct store_reader *r, struct event_run *run)
{
	struct err *e;
	size_t n;

	if (r->fresh) {
		/*
		 * the sequence went back after damage: a new section's header was in the
		 * damaged part
		 */
		bool restarts = r->blocks.bad && r->head.sequence < r->sequence;

		r->fresh = false;
		e = give_lost(r, r->head.sequence, !restarts, run);
		if (e || run->n)
			return e;
	}
	if (r->senseless) {
		uint64_t lost = r->left;

		r->senseless = false;
		r->left = 0;
		r->sequence += lost;
		begin_text(r);
		buf_addf(&r->text, "the block at byte %" PRIu64 " is not valid: %" PRIu64
			 " events were lost", r->block_at, lost);
		return give_text(r, EV_GAP, lost, run);
	}
	if (!r->left)
		return NULL;
	n = r->left < RUN_EVENTS ? r->left : RUN_EVENTS;
	run->n = unpack_run(&r->pack, &r->events, run->ev, n, &r->senseless);
	r->left -= (uint32_t)run->n;
	r->sequence += run->n;
	if (!run->n)
		return give_events(r, run);
	e = set_ctrl(r, run);
	uint8_t kind = run->ev[run->n - 1].kind;

	if (e || (kind != EV_NONE && kind < EV_KINDS))
		return e;
	run->n--;
	begin_text(r);
	buf_addf(&r->text, "an event of kind %u, which this version does not know", kind);
	return give_text(r, EV_NOTE, 0, run);
}

/* Moves to the next block, which may itself give an event. */
static struct err *next_block(struct store_reader *r, struct event_run *run)
{
	struct block b;
	struct err *e = blocks_next(&r->blocks, &b);

	if (e)
		return e;
	if (!b.p) {
		r->phase = LOST_AT_END;
		return NULL;
	}
	bool another = b.type == PCAPNG_SHB && r->sections;

	if (another) {
		/* the block stays the current one, and is handled in the next call */
		e = give_lost_at_end(r, run);
		if (!e && !run->n)
			e = give_missing_end(r, false, run);
		if (e || run->n)
			return e;
	}
	e = take_block(r, &b);
	if (e || !another)
		return e;
	begin_text(r);
	buf_adds(&r->text, "another capture begins here");
	return give_text(r, EV_PART, 0, run);
}

struct err *store_read(struct store_reader *r, struct event_run *run)
{
	struct err *e = r->failed;

	*run = (struct event_run){ .ev = r->run };
	r->failed = NULL;
	while (r->phase == BLOCKS && !e) {
		e = give_events(r, run);
		if (!e && !run->n)
			e = next_block(r, run);
		if (e || run->n)
			return e;
	}
	if (r->phase == LOST_AT_END && !e) {
		r->phase = MISSING_END;
		e = give_lost_at_end(r, run);
	}
	if (r->phase == MISSING_END && !e && !run->n) {
		r->phase = NOTES;
		e = give_missing_end(r, true, run);
	}
	if (r->phase == NOTES && !e && !run->n) {
		e = give_last_notes(r, run);
		if (!run->n)
			r->phase = DONE;
	}
	return e;
}

bool store_is_capture(const void *head, size_t len)
{
	uint32_t type, order;

	if (len < 12)
		return false;
	memcpy(&type, head, sizeof(type));
	memcpy(&order, (const uint8_t *)head + 8, sizeof(order));
	return type == PCAPNG_SHB && (order == PCAPNG_ORDER || order == PCAPNG_ORDER_SWAPPED);
}

struct err *store_reader_create(int fd, const char *name, struct store_reader **out)
{
	struct store_reader *r = calloc(1, sizeof(*r));
	const uint8_t *head = NULL;
	struct err *e = NULL;
	struct block b;
	size_t n = 0;

	if (!r)
		return err_nomem();
	r->name = strdup(name);
	if (!r->name)
		e = err_nomem();
	r->blocks.fd = fd;
	r->blocks.name = r->name;
	end_section(r);
	if (!e)
		e = blocks_peek(&r->blocks, PCAPNG_SHB_SIZE, &head, &n);
	if (!e && !store_is_capture(head, n))
		e = err_new(ERR_FORMAT, "%s: not a capture file", name);
	if (!e)
		e = blocks_next(&r->blocks, &b);
	/* skip a damaged header: the rest can be read without it */
	r->sections = 1;
	if (!e && b.p && b.type == PCAPNG_SHB && blocks_at(&r->blocks) == 0) {
		r->sections = 0;
		e = take_block(r, &b);
	}
	if (e) {
		store_reader_destroy(r);
		return e;
	}
	*out = r;
	return NULL;
}

const char *store_reader_comment(const struct store_reader *r)
{
	return r->comment ? r->comment : "";
}

void store_reader_destroy(struct store_reader *r)
{
	if (!r)
		return;
	end_section(r);
	free(r->ifs);
	for (size_t i = 0; i < EVENT_MAX_CTRL; i++)
		free(r->names[i]);
	err_free(r->failed);
	blocks_deinit(&r->blocks);
	buf_deinit(&r->text);
	free(r->comment);
	free(r->name);
	free(r);
}
