// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/frames/frameset.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/reader.h"
#include "base/vec.h"

/* 65536 laps are 16 million verbs. */
#define FILES_MAX (1u << 18)
#define INDEX_MAX (64u << 20)

/* --- names --------------------------------------------------------------- */

static bool numbered(const char *name, const char *word, uint32_t *number)
{
	struct reader r = reader_make(name, strlen(name));
	uint64_t v;

	/* two digits or more: not `frame1`, and not `frame00.bak` */
	if (!reader_lit(&r, word) || reader_left(&r) < 2 || reader_left(&r) > 9)
		return false;
	if (!reader_dec(&r, &v) || reader_left(&r))
		return false;
	*number = (uint32_t)v;
	return true;
}

enum frame_kind frame_name_parse(const char *name, uint32_t *number, bool *rirb)
{
	static const struct {
		const char *word;
		enum frame_kind kind;
	} kinds[] = { { "frame", FRAME_LAP }, { "half", FRAME_HALF }, { "more", FRAME_MORE } };
	bool is_rirb = strncmp(name, "rirb-", 5) == 0;
	uint32_t n = 0;

	if (rirb)
		*rirb = is_rirb;
	if (is_rirb)
		name += 5;
	if (strcmp(name, "exit_dump") == 0 || strcmp(name, "exit_frame") == 0) {
		if (number)
			*number = 0;
		return FRAME_LAST;
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (!numbered(name, kinds[i].word, &n))
			continue;
		if (number)
			*number = n;
		return kinds[i].kind;
	}
	return FRAME_NONE;
}

/* --- the files ----------------------------------------------------------- */

void frameset_deinit(struct frameset *set)
{
	for (size_t i = 0; i < set->n; i++)
		free(set->file[i].data);
	free(set->file);
	free(set->index);
	*set = (struct frameset){ 0 };
}

static struct err *add_index(struct frameset *set, const void *data, size_t len)
{
	char *text = malloc(len + 1);

	if (!text)
		return err_nomem();
	memcpy(text, data, len);
	free(set->index);
	set->index = text;
	set->index_len = len;
	return NULL;
}

struct err *frameset_add(struct frameset *set, const char *name, const void *data, size_t len,
			 struct buf *notes)
{
	struct frame_file f = { 0 };

	if (strcmp(name, FRAME_INDEX) == 0)
		return add_index(set, data, len);
	f.kind = (uint8_t)frame_name_parse(name, &f.number, &f.rirb);
	if (f.kind == FRAME_NONE || !frame_name_ok(name))
		return NULL;
	if (set->n == FILES_MAX)
		return err_new(ERR_FORMAT, "more than %u frames in one folder", FILES_MAX);
	if (len > FRAME_BYTES) {
		buf_addf(notes, "%s is longer than a frame of %u bytes: the rest is left "
			 "out\n", name, FRAME_BYTES);
		len = FRAME_BYTES;
	}
	if (!vec_room(set->file, set->n, set->cap))
		return err_nomem();
	f.data = malloc(len ? len : 1);
	if (!f.data)
		return err_nomem();
	memcpy(f.data, data, len);
	f.len = (uint32_t)len;
	snprintf(f.name, sizeof(f.name), "%s", name);
	set->file[set->n++] = f;
	return NULL;
}

/* Reads a file of at most @max bytes, and one byte more to detect a longer one. */
static struct err *read_file(int dir, const char *name, size_t max, struct buf *out, bool *is_file)
{
	struct stat st;
	/* a FIFO must not block us */
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct err *e = NULL;

	buf_clear(out);
	*is_file = false;
	if (fd < 0)
		return err_sys(errno, "%s", name);
	if (fstat(fd, &st) < 0)
		e = err_sys(errno, "%s", name);
	else
		*is_file = S_ISREG(st.st_mode);
	while (!e && *is_file && out->len <= max) {
		size_t want = max + 1 - out->len;
		uint8_t *room = buf_reserve(out, want < 65536 ? want : 65536);

		if (!room) {
			e = err_nomem();
			break;
		}
		ssize_t n = read(fd, room, want < 65536 ? want : 65536);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			e = err_sys(errno, "%s", name);
		if (n <= 0)
			break;
		out->len += (size_t)n;
	}
	close(fd);
	return e;
}

struct err *frameset_load(struct frameset *set, int dir, struct buf *notes)
{
	struct buf text = { 0 };
	struct err *e = NULL;
	struct dirent *entry;
	/* open it again, because a folder is read from the descriptor's position */
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;

	if (!d) {
		e = err_sys(errno, "reading the folder");
		if (fd >= 0)
			close(fd);
		return e;
	}
	while (!e && (errno = 0, entry = readdir(d))) {
		bool index = strcmp(entry->d_name, FRAME_INDEX) == 0, is_file;

		if (!index && frame_name_parse(entry->d_name, NULL, NULL) == FRAME_NONE)
			continue;
		e = read_file(dir, entry->d_name, index ? INDEX_MAX : FRAME_BYTES, &text, &is_file);
		if (e) {
			/* a file that cannot be read is reported and treated as missing */
			buf_addf(notes, "%s\n", err_text(e));
			err_free(e);
			e = NULL;
			continue;
		}
		if (is_file)
			e = frameset_add(set, entry->d_name, text.data ? text.data : (uint8_t *)"",
					 text.len, notes);
		else
			buf_addf(notes, "%s is not a file\n", entry->d_name);
	}
	closedir(d);
	buf_deinit(&text);
	return e;
}
