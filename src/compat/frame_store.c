// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat/frame_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "compat/frame_monitor.h"
#include "compat/print_notes.h"
#include "compat/save_schedule.h"
#include "input/frames/frameset.h"
#include "input/trace/log_device.h"

void frame_store_deinit(struct frame_store *k)
{
	if (k->index >= 0)
		close(k->index);
	output_folder_deinit(&k->place);
	*k = (struct frame_store){ .place.dir = -1, .index = -1 };
}

const char *frame_store_device(const struct log_devices *ds, unsigned int ctrl)
{
	for (size_t i = 0; i < ds->n; i++)
		if (ds->all[i]->verdict == VERDICT_HDA && ds->all[i]->ctrl == ctrl)
			return ds->all[i]->name;
	return "?";
}

/* --- names ------------------------------------------------------------------ */

static void name_of(enum save_kind kind, uint32_t number, char name[FRAME_NAME_MAX])
{
	static const char *const words[] = {
		[SAVE_FRAME] = "frame", [SAVE_HALF] = "half", [SAVE_MORE] = "more",
		[SAVE_KEEP] = "frame",
	};

	if (kind == SAVE_LAST)
		snprintf(name, FRAME_NAME_MAX, "exit_dump");
	else
		snprintf(name, FRAME_NAME_MAX, "%s%02u", words[kind], number);
}

static void rirb_name(const char *name, char out[FRAME_NAME_MAX])
{
	snprintf(out, FRAME_NAME_MAX, "rirb-%.30s", name);
}

/* True if the RIRB is saved to a file of its own, because it does not follow the CORB. */
static bool is_split(const struct save_part part[LANES])
{
	const struct save_part *corb = &part[LANE_CORB], *rirb = &part[LANE_RIRB];

	if (!rirb->size)
		return false;
	return corb->size != 256 || rirb->size != 256 || rirb->base != corb->base + FRAME_RIRB;
}

/* --- the index ---------------------------------------------------------------- */

static struct err *write_at(struct frame_store *k, const struct buf *b)
{
	size_t done = 0;

	while (done < b->len) {
		ssize_t n = pwrite(k->index, b->data + done, b->len - done, k->end);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_sys(n ? errno : EIO, "writing %s", FRAME_INDEX);
		done += (size_t)n;
		k->end += n;
	}
	return NULL;
}

static struct err *index_make(struct frame_store *k)
{
	int dir = k->place.dir >= 0 ? k->place.dir : AT_FDCWD;
	struct buf head = { 0 };
	struct err *e;

	if (k->index >= 0)
		return NULL;
	k->index = openat(dir, FRAME_INDEX, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (k->index < 0)
		return err_sys(errno, "making %s", FRAME_INDEX);
	frame_index_begin(&head, k->device);
	e = write_at(k, &head);
	buf_deinit(&head);
	return e;
}

/*
 * Appends text to the index, and creates the index if it does not exist. @of_last: the text
 * is about the exit_dump.
 */
static void index_add(struct frame_store *k, struct buf *text, bool of_last)
{
	struct err *e = buf_err(text);

	k->last_tail &= of_last;
	if (k->no_index || !text->len) {
		err_free(e);
		return;
	}
	if (!e)
		e = index_make(k);
	if (!e)
		e = write_at(k, text);
	if (!e)
		return;
	/* the frames are useful without their index too */
	log_err(err_wrap(e, "the frames are saved without their index"));
	k->no_index = true;
}

/* Adds the place of the entries of @p. */
static void add_part(struct buf *b, const char *name, const struct save_part part[LANES],
		     enum lane lane)
{
	const struct save_part *p = &part[lane];
	bool split = is_split(part);
	struct frame_save s = {
		.at = (uint64_t)(p->at + (int64_t)p->first), .count = p->count, .lane = (uint8_t)lane,
		.ring = p->size, .offset = lane == LANE_RIRB && !split ? FRAME_RIRB : 0,
	};

	if (!p->count)
		return;
	s.slot = (uint16_t)(p->first & (p->size - 1u));
	if (lane == LANE_RIRB && split)
		rirb_name(name, s.name);
	else
		snprintf(s.name, sizeof(s.name), "%s", name);
	frame_index_save(b, &s);
}

static void add_gone(struct buf *b, const char *name, bool split)
{
	char rirb[FRAME_NAME_MAX];

	frame_index_gone(b, name);
	if (!split)
		return;
	rirb_name(name, rirb);
	frame_index_gone(b, rirb);
}

/*
 * Writes the lines about the exit_dump. It is replaced again and again, so its old lines are
 * overwritten if they are still the last ones of the index.
 */
static void index_last(struct frame_store *k, struct buf *text)
{
	off_t before = k->end;

	if (k->last_tail)
		k->end = k->last_at;
	index_add(k, text, true);
	k->last_at = k->end - (off_t)text->len;
	k->last_tail = !k->no_index;
	if (k->index >= 0 && k->end < before && ftruncate(k->index, k->end) < 0) {
		/*
		 * the rest of the old text is not about this file, and a reader would take it
		 * for a line
		 */
		log_warn("%s cannot be shortened: %s", FRAME_INDEX, strerror(errno));
	}
}

/* --- saving ------------------------------------------------------------------- */

static struct err *save_file(struct frame_store *k, struct frame_monitor *m, uint64_t addr, uint32_t len,
			     const char *name)
{
	struct stat st;
	char *path = NULL;
	bool seen = false;
	struct err *e;

	if (k->place.dir >= 0 && !(k->has_last && strstr(name, "exit_dump")) &&
	    fstatat(k->place.dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return err_new(ERR_FAIL, "another program made %s in %s: it is not overwritten",
			       name, k->place.text);
	e = output_folder_path(&k->place, name, &path);
	if (!e)
		e = m->ops->save(m, addr, len, path, k->place.dir, name, &seen);
	if (!e && !seen)
		k->unseen = true;
	free(path);
	return e;
}

/* The exit_dump contains the whole lap: renames it to the frame. */
static bool rename_last(struct frame_store *k, const char *name)
{
	char from[FRAME_NAME_MAX], to[FRAME_NAME_MAX];
	struct buf b = { 0 };

	if (k->place.dir < 0 || !k->has_last || k->unseen)
		return false;
	if (renameat2(k->place.dir, "exit_dump", k->place.dir, name, RENAME_NOREPLACE) < 0)
		return false;
	frame_index_rename(&b, "exit_dump", name);
	rirb_name("exit_dump", from);
	rirb_name(name, to);
	if (renameat2(k->place.dir, from, k->place.dir, to, RENAME_NOREPLACE) == 0)
		frame_index_rename(&b, from, to);
	index_add(k, &b, false);
	buf_deinit(&b);
	k->has_last = false;
	k->frames++;
	return true;
}

/* The contents of an exit_dump; empty if it cannot be read. */
struct content {
	uint8_t data[LANES][FRAME_BYTES];
	size_t len[LANES];
};

static void read_last(const struct frame_store *k, bool split, struct content *c)
{
	*c = (struct content){ 0 };
	for (int i = 0; i < LANES; i++) {
		int fd = openat(k->place.dir, split && i == LANE_RIRB ? "rirb-exit_dump" : "exit_dump",
				O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		ssize_t n = fd < 0 ? 0 : read(fd, c->data[i], FRAME_BYTES);

		c->len[i] = n > 0 ? (size_t)n : 0;
		if (fd >= 0)
			close(fd);
	}
}

/* Compares the proven entries of the old exit_dump with the new one. */
static void compare_last(const struct content *old, const struct content *now, bool split,
			 struct save *s)
{
	for (int i = 0; i < LANES; i++) {
		struct save_part *p = &s->part[i];
		size_t width = lane_bytes((enum lane)i);

		p->same = true;
		for (uint64_t k = p->first; p->size && k <= p->good; k++) {
			size_t at = (i == LANE_RIRB && !split ? FRAME_RIRB : 0) +
				    (k & (p->size - 1u)) * width;

			p->same &= at + width <= old->len[i] && at + width <= now->len[i] &&
				   memcmp(old->data[i] + at, now->data[i] + at, width) == 0;
		}
	}
}

/* True if the file of this ring is needed: for new entries, or as the frame that holds its lap. */
static bool is_needed(const struct save *s, enum lane lane)
{
	const struct save_part *p = &s->part[lane];

	return p->size && (p->count || (s->kind == SAVE_FRAME && p->lap < p->first));
}

struct err *frame_store_save(struct frame_store *k, struct frame_monitor *m, struct save *s, bool reads)
{
	const struct save_part *corb = &s->part[LANE_CORB], *rirb = &s->part[LANE_RIRB];
	char name[FRAME_NAME_MAX], second[FRAME_NAME_MAX];
	bool split = is_split(s->part), replaces = s->kind == SAVE_LAST && k->has_last;
	struct content old, now;
	struct buf b = { 0 };
	struct err *e = NULL;

	name_of(s->kind, s->number, name);
	if (s->kind == SAVE_KEEP && rename_last(k, name))
		return NULL;
	if (replaces)
		read_last(k, split, &old);
	if (!split || is_needed(s, LANE_CORB))
		e = save_file(k, m, corb->base, split ? corb->size * 4u : FRAME_BYTES, name);
	if (!e && split && is_needed(s, LANE_RIRB)) {
		rirb_name(name, second);
		e = save_file(k, m, rirb->base, rirb->size * 8u, second);
	}
	if (e)
		return e;
	if (replaces) {
		read_last(k, split, &now);
		compare_last(&old, &now, split, s);
	}
	if (!reads && rirb->count && !k->assumed) {
		frame_index_assumed(&b, LANE_RIRB);
		k->assumed = true;
		log_note("the trace shows no reads: the places of the responses are assumed (add "
			 "-trace vfio_region_read)");
	}
	if (replaces && !k->last_tail)
		add_gone(&b, name, true);
	index_add(k, &b, b.len == 0);
	buf_clear(&b);
	add_part(&b, name, s->part, LANE_CORB);
	add_part(&b, name, s->part, LANE_RIRB);
	if (s->kind == SAVE_LAST)
		index_last(k, &b);
	else
		index_add(k, &b, false);
	buf_deinit(&b);
	k->has_last |= s->kind == SAVE_LAST;
	k->frames += s->kind == SAVE_FRAME || s->kind == SAVE_KEEP;
	return NULL;
}

/* The frame holds its whole lap, so the half frame, saved as a precaution, is removed. */
static void drop_half(struct frame_store *k, const struct lap_verdict *v)
{
	char name[FRAME_NAME_MAX], half[FRAME_NAME_MAX], second[FRAME_NAME_MAX];
	struct buf b = { 0 };

	name_of(SAVE_FRAME, v->number, name);
	name_of(SAVE_HALF, v->number, half);
	add_part(&b, name, v->part, LANE_CORB);
	add_part(&b, name, v->part, LANE_RIRB);
	if (k->place.dir >= 0 && !k->no_index && unlinkat(k->place.dir, half, 0) == 0) {
		rirb_name(half, second);
		unlinkat(k->place.dir, second, 0);
		add_gone(&b, half, is_split(v->part));
	}
	index_add(k, &b, false);
	buf_deinit(&b);
}

void frame_store_verdict(struct frame_store *k, const struct lap_verdict *v)
{
	struct frame_doubt d = {
		.at = v->at, .count = v->count, .lane = (uint8_t)v->lane,
		.stopped = v->kind == LAP_STOPPED,
	};
	char name[FRAME_NAME_MAX];
	struct buf b = { 0 };

	if (!k->ready)
		return;
	if (v->kind == LAP_WHOLE) {
		drop_half(k, v);
		return;
	}
	if (v->kind != LAP_LOST) {
		name_of(v->save, v->number, name);
		if (v->lane == LANE_RIRB && is_split(v->part))
			rirb_name(name, d.name);
		else
			memcpy(d.name, name, sizeof(name));
	}
	frame_index_doubt(&b, &d);
	index_add(k, &b, v->kind != LAP_LOST && v->save == SAVE_LAST);
	buf_deinit(&b);
}

void frame_store_finish(struct frame_store *k, bool drop_last)
{
	char second[FRAME_NAME_MAX];
	struct buf b = { 0 };

	if (!drop_last || !k->has_last || k->place.dir < 0)
		return;
	/* it is older than the last frame, but its name would make it the newest */
	if (unlinkat(k->place.dir, "exit_dump", 0) == 0) {
		rirb_name("exit_dump", second);
		unlinkat(k->place.dir, second, 0);
		add_gone(&b, "exit_dump", true);
		index_add(k, &b, false);
		k->has_last = false;
	}
	buf_deinit(&b);
}

bool frame_store_check(struct frame_store *k, const char *route, uint64_t verbs, uint64_t *good)
{
	struct frameset set = { 0 };
	struct buf notes = { 0 };
	struct joined j = { 0 };
	struct err *e;

	*good = 0;
	if (k->place.dir < 0)
		return false;
	e = frameset_load(&set, k->place.dir, &notes);
	if (!e)
		e = frameset_join(&set, &notes, &j);
	if (!e)
		joined_tell(&j, &notes);
	print_notes_tell(&notes);
	if (e) {
		log_err(e);
	} else {
		const size_t *n = j.lane[LANE_CORB].count;
		uint64_t spoken = n[ENTRY_GOOD] + n[ENTRY_STOPPED] + n[ENTRY_DOUBT] + n[ENTRY_NONE];

		*good = n[ENTRY_GOOD] + n[ENTRY_STOPPED];
		if (verbs > spoken)
			log_warn("the last %llu verb%s not saved: QEMU ended first, or its monitor "
				 "could not be used", (unsigned long long)(verbs - spoken),
				 verbs - spoken == 1 ? " is" : "s are");
		log_note("%llu verbs, %zu of them in %u frame%s%s in %s, by %s; join them with: "
			 "ExtractHDADump %s", (unsigned long long)verbs,
			 n[ENTRY_GOOD] + n[ENTRY_STOPPED] + n[ENTRY_DOUBT], k->frames,
			 k->frames == 1 ? "" : "s", k->has_last ? " and exit_dump" : "",
			 k->place.text, route, k->place.text);
	}
	joined_deinit(&j);
	frameset_deinit(&set);
	buf_deinit(&notes);
	return !e;
}
