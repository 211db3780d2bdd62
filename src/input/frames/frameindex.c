// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/frames/frameindex.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/reader.h"
#include "base/text.h"
#include "base/vec.h"

/* More lines than any index has: 16 million verbs. */
#define LINES_MAX 1000000
/* The most entries of a joined file: 65536 laps. */
#define ENTRIES_MAX (1u << 24)
/* So many unreadable lines are reported one by one. */
#define TOLD_MAX 8

const char *lane_name(enum lane lane)
{
	return lane == LANE_CORB ? "corb" : "rirb";
}

bool frame_name_ok(const char *name)
{
	size_t n = strlen(name);

	if (!n || n >= FRAME_NAME_MAX || name[0] == '.')
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)name[i] <= ' ' || (unsigned char)name[i] > '~' || name[i] == '/')
			return false;
	return true;
}

/* --- writing ------------------------------------------------------------- */

void frame_index_begin(struct buf *b, const char *device)
{
	buf_adds(b, "# What the frames beside this file hold; ExtractHDADump reads it.\n"
		    "# save NAME LANE ADDRESS COUNT SLOT RING OFFSET\n");
	if (device) {
		buf_adds(b, "device ");
		text_add_safe(b, device, strlen(device));
		buf_addc(b, '\n');
	}
}

void frame_index_save(struct buf *b, const struct frame_save *s)
{
	buf_addf(b, "save %s %s 0x%08" PRIx64 " %u %u %u 0x%x\n", s->name,
		 lane_name((enum lane)s->lane), s->at * lane_bytes((enum lane)s->lane), s->count,
		 s->slot, s->ring, s->offset);
}

void frame_index_doubt(struct buf *b, const struct frame_doubt *d)
{
	uint64_t address = d->at * lane_bytes((enum lane)d->lane);

	if (d->name[0])
		buf_addf(b, "%s %s %s 0x%08" PRIx64 " %" PRIu64 "\n",
			 d->stopped ? "stopped" : "newer", d->name,
			 lane_name((enum lane)d->lane), address, d->count);
	else
		buf_addf(b, "lost %s 0x%08" PRIx64 " %" PRIu64 "\n",
			 lane_name((enum lane)d->lane), address, d->count);
}

void frame_index_gone(struct buf *b, const char *name)
{
	buf_addf(b, "gone %s\n", name);
}

void frame_index_rename(struct buf *b, const char *from, const char *to)
{
	buf_addf(b, "rename %s %s\n", from, to);
}

void frame_index_assumed(struct buf *b, enum lane lane)
{
	buf_addf(b, "assumed %s\n", lane_name(lane));
}

/* --- reading ------------------------------------------------------------- */

void frame_index_deinit(struct frame_index *x)
{
	free(x->save);
	free(x->doubt);
	*x = (struct frame_index){ 0 };
}

/*
 * A file named by the lines. `gone` and `rename` apply to all lines about a file, so each
 * file has a number, and the lines refer to that.
 */
struct file {
	char name[FRAME_NAME_MAX];
	uint32_t next;		/* next file in the bucket, + 1; 0 = none */
	bool gone;
};

#define BUCKETS 4096

struct index_parser {
	struct reader line;
	struct frame_index *x;
	struct file *file;
	/* number of the file of each x->save and x->doubt */
	uint32_t *save_file, *doubt_file;
	size_t n_file, cap_file, cap_save, cap_save_file, cap_doubt, cap_doubt_file;
	/* first file by hash of its name, + 1; files that are `gone` are not in it */
	uint32_t bucket[BUCKETS];
	uint64_t end[LANES];	/* the entry after the last one that a line named */
	const char *why;	/* what is wrong with the line; NULL = nothing */
	struct err *e;
};

static uint32_t *bucket_of(struct index_parser *p, const char *name)
{
	uint32_t h = 0x811c9dc5;	/* FNV-1a */

	while (*name)
		h = (h ^ (uint8_t)*name++) * 0x01000193;
	return &p->bucket[(h ^ h >> 16) % BUCKETS];
}

static struct file *find_file(struct index_parser *p, const char *name)
{
	for (uint32_t i = *bucket_of(p, name); i; i = p->file[i - 1].next)
		if (strcmp(p->file[i - 1].name, name) == 0)
			return &p->file[i - 1];
	return NULL;
}

/* From here on the name means another file. */
static void forget_name(struct index_parser *p, const struct file *f)
{
	uint32_t n = (uint32_t)(f - p->file) + 1;

	for (uint32_t *link = bucket_of(p, f->name); *link; link = &p->file[*link - 1].next) {
		if (*link != n)
			continue;
		*link = f->next;
		return;
	}
}

static bool word(struct index_parser *p, char *out, size_t size)
{
	size_t n = 0;

	reader_skip_space(&p->line);
	while (reader_left(&p->line) && *p->line.p > ' ') {
		if (n + 1 >= size)
			return false;
		out[n++] = (char)*p->line.p++;
	}
	out[n] = '\0';
	return n > 0;
}

static bool number(struct index_parser *p, uint64_t max, uint64_t *v)
{
	reader_skip_space(&p->line);
	return reader_num(&p->line, v) && *v <= max &&
	       (!reader_left(&p->line) || *p->line.p <= ' ');
}

static bool name(struct index_parser *p, char out[FRAME_NAME_MAX])
{
	if (word(p, out, FRAME_NAME_MAX) && frame_name_ok(out))
		return true;
	p->why = "that is not the name of a frame";
	return false;
}

static bool lane(struct index_parser *p, uint8_t *out)
{
	char text[8];

	if (word(p, text, sizeof(text))) {
		for (int i = 0; i < LANES; i++) {
			if (strcmp(text, lane_name((enum lane)i)) != 0)
				continue;
			*out = (uint8_t)i;
			return true;
		}
	}
	p->why = "neither corb nor rirb";
	return false;
}

/* Reads ADDRESS and COUNT. An entry must be one that an earlier line named, or the next one. */
static bool range(struct index_parser *p, enum lane l, uint64_t max, uint64_t *at, uint64_t *count)
{
	uint64_t address;

	if (!number(p, UINT64_MAX / 2, &address) || address % lane_bytes(l)) {
		p->why = "that is not an address";
		return false;
	}
	*at = address / lane_bytes(l);
	if (!number(p, max, count) || !*count) {
		p->why = "that is not a count";
		return false;
	}
	/* slot 0 of the first lap is never used, so there is one more */
	if (*at > p->end[l] + (p->end[l] ? 0 : RING_START_MAX)) {
		p->why = "the address leaves a hole without a 'lost' line";
		return false;
	}
	if (*at + *count > ENTRIES_MAX) {
		p->why = "no capture has so many verbs";
		return false;
	}
	if (*at + *count > p->end[l])
		p->end[l] = *at + *count;
	return true;
}

/* The number of the file with that name, which may be new; UINT32_MAX if memory ran out. */
static uint32_t file_number(struct index_parser *p, const char *name)
{
	struct file *f = find_file(p, name);
	uint32_t *bucket = bucket_of(p, name);

	if (f)
		return (uint32_t)(f - p->file);
	if (!vec_room(p->file, p->n_file, p->cap_file)) {
		p->e = err_nomem();
		return UINT32_MAX;
	}
	f = &p->file[p->n_file++];
	*f = (struct file){ .next = *bucket };
	snprintf(f->name, sizeof(f->name), "%s", name);
	*bucket = (uint32_t)p->n_file;
	return *bucket - 1;
}

static void take_save(struct index_parser *p)
{
	struct frame_save s = { 0 };
	struct frame_index *x = p->x;
	uint64_t count, slot, ring, offset;

	if (!name(p, s.name) || !lane(p, &s.lane) ||
	    !range(p, (enum lane)s.lane, 256, &s.at, &count))
		return;
	if (!number(p, 255, &slot) || !number(p, 256, &ring) ||
	    (ring != 2 && ring != 16 && ring != 256) || slot >= ring || count > ring) {
		p->why = "a ring has 2, 16 or 256 entries, and what is in it must fit";
		return;
	}
	if (!number(p, 0x1000, &offset) || offset + ring * lane_bytes((enum lane)s.lane) > 0x1000) {
		p->why = "the ring does not fit into a frame";
		return;
	}
	s.count = (uint16_t)count;
	s.slot = (uint16_t)slot;
	s.ring = (uint16_t)ring;
	s.offset = (uint16_t)offset;
	uint32_t file = file_number(p, s.name);
	if (file == UINT32_MAX)
		return;
	if (!vec_room(x->save, x->n_save, p->cap_save) ||
	    !vec_room(p->save_file, x->n_save, p->cap_save_file)) {
		p->e = err_nomem();
		return;
	}
	p->save_file[x->n_save] = file;
	x->save[x->n_save++] = s;
}

static void take_doubt(struct index_parser *p, bool lost, bool stopped)
{
	struct frame_doubt d = { .stopped = stopped };
	struct frame_index *x = p->x;

	if ((!lost && !name(p, d.name)) || !lane(p, &d.lane) ||
	    !range(p, (enum lane)d.lane, ENTRIES_MAX, &d.at, &d.count))
		return;
	uint32_t file = lost ? 0 : file_number(p, d.name);
	if (file == UINT32_MAX)
		return;
	if (!vec_room(x->doubt, x->n_doubt, p->cap_doubt) ||
	    !vec_room(p->doubt_file, x->n_doubt, p->cap_doubt_file)) {
		p->e = err_nomem();
		return;
	}
	p->doubt_file[x->n_doubt] = file;
	x->doubt[x->n_doubt++] = d;
}

static void take_gone(struct index_parser *p)
{
	char text[FRAME_NAME_MAX];

	if (!name(p, text))
		return;
	struct file *f = find_file(p, text);
	if (!f)
		return;
	forget_name(p, f);
	f->gone = true;
}

static void take_rename(struct index_parser *p)
{
	char from[FRAME_NAME_MAX], to[FRAME_NAME_MAX];
	struct file *f, *over;

	if (!name(p, from) || !name(p, to) || strcmp(from, to) == 0)
		return;
	uint32_t n = file_number(p, from);
	if (n == UINT32_MAX)
		return;
	over = find_file(p, to);
	if (over) {
		forget_name(p, over);
		over->gone = true;
	}
	f = &p->file[n];
	forget_name(p, f);
	memcpy(f->name, to, sizeof(to));
	f->next = *bucket_of(p, to);
	*bucket_of(p, to) = n + 1;
}

static void take_line(struct index_parser *p)
{
	char what[16];
	uint8_t l;

	if (!word(p, what, sizeof(what)))
		p->why = "not a line of an index";
	else if (strcmp(what, "save") == 0)
		take_save(p);
	else if (strcmp(what, "newer") == 0 || strcmp(what, "stopped") == 0)
		take_doubt(p, false, what[0] == 's');
	else if (strcmp(what, "lost") == 0)
		take_doubt(p, true, false);
	else if (strcmp(what, "gone") == 0)
		take_gone(p);
	else if (strcmp(what, "rename") == 0)
		take_rename(p);
	else if (strcmp(what, "assumed") == 0 && lane(p, &l))
		p->x->assumed[l] = true;
	else if (strcmp(what, "device") == 0 && word(p, p->x->device, sizeof(p->x->device)))
		;
	else if (!p->why)
		p->why = "not a line of an index";
}

/* Sets the present names of the files in all lines, and removes lines about files that are gone. */
static void settle_names(struct index_parser *p)
{
	struct frame_index *x = p->x;
	size_t n = 0;

	for (size_t i = 0; i < x->n_save; i++) {
		const struct file *f = &p->file[p->save_file[i]];

		if (f->gone)
			continue;
		x->save[n] = x->save[i];
		memcpy(x->save[n++].name, f->name, sizeof(f->name));
	}
	x->n_save = n;
	n = 0;
	for (size_t i = 0; i < x->n_doubt; i++) {
		const struct file *f = x->doubt[i].name[0] ? &p->file[p->doubt_file[i]] : NULL;

		if (f && f->gone)
			continue;
		x->doubt[n] = x->doubt[i];
		if (f)
			memcpy(x->doubt[n].name, f->name, sizeof(f->name));
		n++;
	}
	x->n_doubt = n;
}

struct err *frame_index_read(const char *text, size_t len, struct buf *notes,
			     struct frame_index *out)
{
	struct index_parser p = { .x = out };
	struct reader r = reader_make(text, len);
	unsigned int n = 0, wrong = 0;

	*out = (struct frame_index){ 0 };
	while (!p.e && n < LINES_MAX && reader_line(&r, &p.line)) {
		struct reader whole = p.line;

		n++;
		reader_skip_space(&p.line);
		if (!reader_left(&p.line) || *p.line.p == '#')
			continue;
		p.why = NULL;
		take_line(&p);
		if (!p.why || ++wrong > TOLD_MAX)
			continue;
		buf_addf(notes, "%s:%u: %s: \"", FRAME_INDEX, n, p.why);
		text_add_safe(notes, whole.p, reader_left(&whole) < 80 ? reader_left(&whole) : 80);
		buf_adds(notes, "\"\n");
	}
	if (wrong > TOLD_MAX)
		buf_addf(notes, "%s: %u lines in all cannot be read\n", FRAME_INDEX, wrong);
	if (p.e)
		frame_index_deinit(out);
	else
		settle_names(&p);
	free(p.file);
	free(p.save_file);
	free(p.doubt_file);
	return p.e;
}
