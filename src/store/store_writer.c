// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "store/pack.h"
#include "store/pcapng.h"
#include "store/store.h"

/* A block is closed when its events have so many bytes: about 150 verbs. */
#define BLOCK_TARGET 6144
/* The most bytes of a mark, gap or note that are also a comment of its block, for Wireshark. */
#define COMMENT_MAX 1024

struct write_interface {
	int id;			/* number in the file; -1 = not described yet */
	char *name;		/* NULL = not named yet */
	uint64_t events;
	int64_t first, last;	/* times of its first and last event */
};

struct store {
	int fd;
	char *path;
	uint64_t bytes;		/* bytes of whole blocks in the file */
	uint64_t sequence;	/* number of events in the file */
	int n_ids;
	bool failed;		/* an error was reported; nothing more is written */
	struct write_interface ifs[EVENT_MAX_CTRL];

	/* the block that is being filled */
	struct pack pack;
	struct buf events;
	struct buf comments;	/* options, ready to be appended */
	uint32_t n_events;
	uint16_t ctrl;
	int64_t time;		/* time of its first event with a time */
	struct buf out;		/* a block to be written */
};

/* --- blocks -------------------------------------------------------------- */

static void put16(struct buf *b, uint16_t v)
{
	buf_add(b, &v, sizeof(v));	/* pcapng has the byte order of its writer */
}

static void put32(struct buf *b, uint32_t v)
{
	buf_add(b, &v, sizeof(v));
}

static void pad(struct buf *b)
{
	while (b->len & 3)
		buf_addc(b, 0);
}

static void put_option(struct buf *b, uint16_t code, const void *data, size_t len)
{
	put16(b, code);
	put16(b, (uint16_t)len);
	buf_add(b, data, len);
	pad(b);
}

/* An option's value must be UTF-8, and programs show it on terminals. */
static void put_text_option(struct buf *b, uint16_t code, const void *text, size_t len)
{
	struct buf safe = { 0 };

	text_add_safe(&safe, text, len);
	if (safe.len > COMMENT_MAX) {
		safe.len = COMMENT_MAX;
		while (safe.len && (safe.data[safe.len] & 0xc0) == 0x80)
			safe.len--;	/* do not cut inside a character */
	}
	put_option(b, code, safe.data, safe.len);
	b->failed |= safe.failed;
	buf_deinit(&safe);
}

static void put_stamp(struct buf *b, int64_t time)
{
	uint64_t t = time == EVENT_TIME_NONE || time < 0 ? 0 : (uint64_t)time;

	put32(b, (uint32_t)(t >> 32));
	put32(b, (uint32_t)t);
}

static void begin_block(struct buf *b, uint32_t type)
{
	buf_clear(b);
	put32(b, type);
	put32(b, 0);
}

/* Writes a block, whole or not at all. */
static struct err *end_block(struct store *st, struct buf *b)
{
	uint32_t len = (uint32_t)b->len + 4;
	size_t done = 0;
	struct err *e;

	put32(b, len);
	e = buf_err(b);
	if (!e)
		memcpy(b->data + 4, &len, sizeof(len));
	while (!e && done < b->len) {
		ssize_t n = write(st->fd, b->data + done, b->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n > 0)
			done += (size_t)n;
		else
			e = err_sys(n ? errno : ENOSPC, "%s: write", st->path);
	}
	if (!e) {
		st->bytes += len;
		return NULL;
	}
	st->failed = true;
	/* the file stays readable: remove the incomplete block */
	if (done && ftruncate(st->fd, (off_t)st->bytes) < 0)
		return err_wrap(e, "the file ends inside a block");
	return e;
}

static struct err *write_header(struct store *st, const char *comment)
{
	static const char app[] = "hdadump " HDADUMP_VERSION;
	struct utsname uts;
	struct buf *b = &st->out;

	begin_block(b, PCAPNG_SHB);
	put32(b, PCAPNG_ORDER);
	put16(b, 1);		/* version 1.0 */
	put16(b, 0);
	put32(b, UINT32_MAX);	/* the length of the section is unknown yet */
	put32(b, UINT32_MAX);
	if (comment && *comment) {
		size_t len = strlen(comment);

		put_option(b, PCAPNG_OPT_COMMENT, comment, len < UINT16_MAX ? len : UINT16_MAX);
	}
	if (uname(&uts) == 0) {
		struct buf os = { 0 };

		buf_addf(&os, "%s %s %s", uts.sysname, uts.release, uts.machine);
		put_text_option(b, PCAPNG_SHB_OS, os.data, os.len);
		buf_deinit(&os);
	}
	put_option(b, PCAPNG_SHB_USERAPPL, app, sizeof(app) - 1);
	put_option(b, PCAPNG_OPT_END, NULL, 0);
	return end_block(st, b);
}

static struct err *write_interface(struct store *st, struct write_interface *f, enum ctrl_kind kind)
{
	static const uint8_t nanoseconds = 9;
	struct buf *b = &st->out, text = { 0 };
	struct err *e;

	begin_block(b, PCAPNG_IDB);
	put16(b, PCAPNG_LINKTYPE);
	put16(b, 0);
	put32(b, 0);		/* packets are never cut */
	if (f->name) {
		put_text_option(b, PCAPNG_IF_NAME, f->name, strlen(f->name));
		buf_addf(&text, "HD Audio controller, %s", ctrl_kind_name(kind));
		put_option(b, PCAPNG_IF_DESCRIPTION, text.data, text.len);
		b->failed |= text.failed;
		buf_deinit(&text);
	}
	put_option(b, PCAPNG_IF_TSRESOL, &nanoseconds, 1);
	put_option(b, PCAPNG_OPT_END, NULL, 0);
	e = end_block(st, b);
	if (!e)
		f->id = st->n_ids++;
	return e;
}

static struct err *write_statistics(struct store *st, const struct write_interface *f)
{
	struct buf *b = &st->out, stamp = { 0 };

	begin_block(b, PCAPNG_ISB);
	put32(b, (uint32_t)f->id);
	put_stamp(b, f->last);
	if (f->first != EVENT_TIME_NONE) {
		put_stamp(&stamp, f->first);
		put_option(b, PCAPNG_ISB_STARTTIME, stamp.data, stamp.len);
		buf_clear(&stamp);
		put_stamp(&stamp, f->last);
		put_option(b, PCAPNG_ISB_ENDTIME, stamp.data, stamp.len);
	}
	put_option(b, PCAPNG_ISB_IFRECV, &f->events, sizeof(f->events));
	put_option(b, PCAPNG_OPT_END, NULL, 0);
	b->failed |= stamp.failed;
	buf_deinit(&stamp);
	return end_block(st, b);
}

/* --- events -------------------------------------------------------------- */

/* Writes the block that is being filled, if it has events. */
static struct err *close_block(struct store *st)
{
	struct buf *b = &st->out;
	struct write_interface *f = &st->ifs[st->ctrl];
	struct err *e;

	if (!st->n_events)
		return NULL;
	pack_end(&st->events, (uint16_t)st->n_events, st->sequence);
	e = buf_err(&st->events);
	if (e)
		return e;
	begin_block(b, PCAPNG_EPB);
	put32(b, (uint32_t)f->id);
	put_stamp(b, st->time);
	put32(b, (uint32_t)st->events.len);
	put32(b, (uint32_t)st->events.len);
	buf_add(b, st->events.data, st->events.len);
	pad(b);
	if (st->comments.len) {
		buf_add(b, st->comments.data, st->comments.len);
		put_option(b, PCAPNG_OPT_END, NULL, 0);
		b->failed |= st->comments.failed;
	}
	e = end_block(st, b);
	if (e)
		return e;
	f->events += st->n_events;
	st->sequence += st->n_events;
	st->n_events = 0;
	buf_clear(&st->events);
	buf_clear(&st->comments);
	return NULL;
}

/* Describes the event's controller if that was not done, or not with this name. */
static struct err *describe(struct store *st, struct write_interface *f, const struct event *ev)
{
	bool names = ev->kind == EV_CONTROLLER && ev->len;
	struct err *e;

	if (f->id >= 0 && (!names || (f->name && strlen(f->name) == ev->len &&
				      memcmp(f->name, ev->data, ev->len) == 0)))
		return NULL;
	e = close_block(st);
	if (e)
		return e;
	if (names) {
		free(f->name);
		f->name = strndup(ev->data, ev->len);
		if (!f->name)
			return err_nomem();
	}
	return write_interface(st, f, (enum ctrl_kind)ev->value);
}

static void note_time(struct store *st, struct write_interface *f, int64_t time)
{
	if (time == EVENT_TIME_NONE)
		return;
	if (st->time == EVENT_TIME_NONE)
		st->time = time;
	if (f->first == EVENT_TIME_NONE)
		f->first = time;
	f->last = time;
}

static struct err *add_event(struct store *st, const struct event *ev)
{
	struct err *e;

	for (;;) {
		if (!st->n_events) {
			st->ctrl = ev->ctrl;
			st->time = EVENT_TIME_NONE;
			buf_clear(&st->events);
			pack_begin(&st->pack, &st->events, ev->ctrl, ev->time);
		}
		if (pack_event(&st->pack, &st->events, ev))
			break;
		e = close_block(st);
		if (e)
			return e;
	}
	st->n_events++;
	return buf_err(&st->events);
}

struct err *store_put(struct store *st, const struct event *ev)
{
	struct write_interface *f = &st->ifs[ev->ctrl % EVENT_MAX_CTRL];
	bool is_text = ev->kind == EV_MARK || ev->kind == EV_GAP || ev->kind == EV_NOTE ||
		       ev->kind == EV_PART;
	struct err *e = NULL;

	if (ev->kind == EV_NONE)
		return NULL;
	if (st->failed)
		return err_new(ERR_FAIL, "%s: nothing more can be written", st->path);
	if (ev->ctrl >= EVENT_MAX_CTRL)
		return err_new(ERR_FAIL, "%s: more than %d controllers", st->path, EVENT_MAX_CTRL);
	if (ev->len > EVENT_MAX_DATA)
		return err_new(ERR_FAIL, "%s: an event with %u bytes of data", st->path, ev->len);
	if (st->n_events && st->ctrl != ev->ctrl)
		e = close_block(st);
	if (!e)
		e = describe(st, f, ev);
	if (!e)
		e = add_event(st, ev);
	if (e)
		return e;
	note_time(st, f, ev->time);
	if (is_text && ev->len)
		put_text_option(&st->comments, PCAPNG_OPT_COMMENT, ev->data, ev->len);
	/* a mark ends its block, so that its comment has the right place */
	if (st->events.len >= BLOCK_TARGET || st->n_events == PACK_MAX_EVENTS ||
	    ev->kind == EV_MARK)
		e = close_block(st);
	return e;
}

struct err *store_flush(struct store *st)
{
	return st->failed ? NULL : close_block(st);
}

struct err *store_sync(struct store *st)
{
	struct err *e = store_flush(st);

	/* a file system that cannot do it is no error */
	if (e || st->failed || fdatasync(st->fd) == 0 || errno == EINVAL || errno == ENOSYS)
		return e;
	st->failed = true;
	return err_sys(errno, "%s: fdatasync", st->path);
}

uint64_t store_bytes(const struct store *st)
{
	return st->bytes;
}

/* --- the file ------------------------------------------------------------ */

/* True if the file may be replaced: it is empty, or a capture that no process writes. */
static struct err *may_replace(int fd, const char *path)
{
	uint8_t head[12];
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0)
		return err_sys(errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_new(ERR_FAIL, "%s: not a regular file", path);
	n = pread(fd, head, sizeof(head), 0);
	if (n < 0)
		return err_sys(errno, "%s: read", path);
	if (n && !store_is_capture(head, (size_t)n))
		return err_new(ERR_FAIL, "%s: exists and is not a capture file, so it is not replaced", path);
	return NULL;
}

static struct err *open_file(const char *path, bool overwrite, int *out)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	struct err *e = NULL;

	if (fd < 0 && errno == EEXIST && !overwrite)
		return err_new(ERR_FAIL, "%s: the file exists; use --force to replace it",
			       path);
	if (fd < 0 && errno == EEXIST) {
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd >= 0)
			e = may_replace(fd, path);
	}
	if (fd < 0)
		return err_sys(errno, "%s", path);
	/* locked while the file is written; a file system without locks is accepted */
	if (!e && flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		e = err_new(ERR_FAIL, "%s: another capture is being written to it", path);
	if (!e && ftruncate(fd, 0) < 0)
		e = err_sys(errno, "%s: emptying it", path);
	if (e) {
		close(fd);
		return e;
	}
	*out = fd;
	return NULL;
}

static void store_destroy(struct store *st)
{
	if (!st)
		return;
	if (st->fd >= 0)
		close(st->fd);
	for (size_t i = 0; i < EVENT_MAX_CTRL; i++)
		free(st->ifs[i].name);
	buf_deinit(&st->events);
	buf_deinit(&st->comments);
	buf_deinit(&st->out);
	free(st->path);
	free(st);
}

struct err *store_create(const char *path, bool overwrite, const char *comment, struct store **out)
{
	struct store *st = calloc(1, sizeof(*st));
	struct err *e = NULL;

	if (!st)
		return err_nomem();
	st->fd = -1;
	st->path = strdup(path);
	for (size_t i = 0; i < EVENT_MAX_CTRL; i++) {
		st->ifs[i].id = -1;
		st->ifs[i].first = st->ifs[i].last = EVENT_TIME_NONE;
	}
	if (!st->path)
		e = err_nomem();
	if (!e)
		e = open_file(path, overwrite, &st->fd);
	if (!e)
		e = write_header(st, comment);
	if (e) {
		store_destroy(st);
		return e;
	}
	*out = st;
	return NULL;
}

void store_discard(struct store *st)
{
	if (st)
		unlink(st->path);
	store_destroy(st);
}

struct err *store_close(struct store *st)
{
	struct err *e = NULL;

	if (!st)
		return NULL;
	if (!st->failed)
		e = close_block(st);
	/* mark the end of a capture without controllers too */
	if (!e && !st->failed && !st->n_ids)
		e = write_interface(st, &st->ifs[0], CTRL_UNKNOWN);
	for (size_t i = 0; !e && !st->failed && i < EVENT_MAX_CTRL; i++) {
		if (st->ifs[i].id >= 0)
			e = write_statistics(st, &st->ifs[i]);
	}
	if (!e && !st->failed)
		e = store_sync(st);
	/* some file systems report only now that there was no room */
	if (close(st->fd) < 0 && !e && !st->failed)
		e = err_sys(errno, "%s: close", st->path);
	st->fd = -1;
	store_destroy(st);
	return e;
}
