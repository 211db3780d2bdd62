// SPDX-License-Identifier: GPL-2.0-or-later
/* A snapshot as text, docs/snapshot.md. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "base/reader.h"
#include "base/slurp.h"
#include "base/text.h"
#include "replay/snapshot.h"

#define HEAD "hdadump snapshot 1"

void snapshot_print(const struct snapshot *s, const char *device, struct buf *b)
{
	char name[64];

	buf_adds(b, HEAD "\n# of ");
	text_add_safe(b, device, strlen(device));
	buf_addf(b, "; NID, verb that reads it, payload, answer\n"
		    "codec 0x%08x subsystem 0x%08x revision 0x%08x\n",
		 s->id.vendor, s->id.subsystem, s->id.revision);
	for (size_t i = 0; i < s->n; i++) {
		const struct snapshot_entry *e = &s->v[i];

		snapshot_entry_name(e, name);
		buf_addf(b, "0x%02x 0x%03x 0x%04x 0x%08x # %s\n", e->nid, e->get, e->payload,
			 e->value, name);
	}
	buf_addf(b, "end %zu\n", s->n);
}

static bool number(struct reader *r, uint64_t max, uint64_t *v)
{
	reader_skip_space(r);
	return reader_num(r, v) && *v <= max;
}

static bool at_end(struct reader *r)
{
	reader_skip_space(r);
	return !reader_left(r) || *r->p == '#';
}

static bool parse_codec(struct reader *r, struct codec_identity *id)
{
	uint64_t vendor, subsystem, revision;

	if (!reader_lit(r, "codec") || !number(r, UINT32_MAX, &vendor))
		return false;
	reader_skip_space(r);
	if (!reader_lit(r, "subsystem") || !number(r, UINT32_MAX, &subsystem))
		return false;
	reader_skip_space(r);
	if (!reader_lit(r, "revision") || !number(r, UINT32_MAX, &revision) || !at_end(r))
		return false;
	*id = (struct codec_identity){ (uint32_t)vendor, (uint32_t)subsystem, (uint32_t)revision };
	return true;
}

static bool parse_entry(struct reader *r, struct snapshot_entry *e)
{
	uint64_t nid, get, payload, value;

	if (!number(r, DEV_NID_MAX, &nid) || !number(r, 0xfff, &get) ||
	    !number(r, 0xffff, &payload) || !number(r, UINT32_MAX, &value) || !at_end(r))
		return false;
	*e = (struct snapshot_entry){ (uint8_t)nid, (uint16_t)get, (uint16_t)payload,
				      (uint32_t)value };
	return snapshot_can_hold(e);
}

struct err *snapshot_parse(const void *data, size_t len, const char *name, struct snapshot *out)
{
	struct reader r = reader_make(data, len), line;
	struct snapshot_entry entry;
	bool codec = false, ended = false;
	uint64_t count;
	unsigned int n = 0;

	while (reader_line(&r, &line)) {
		struct err *e = NULL;

		n++;
		if (n == 1) {
			if (!reader_lit(&line, HEAD) || reader_left(&line))
				return err_new(ERR_FORMAT, "%s is not an hdadump snapshot: it does "
					       "not begin with \"" HEAD "\"", name);
			continue;
		}
		if (at_end(&line))
			continue;
		if (ended)
			return err_new(ERR_FORMAT, "%s:%u: text after the line \"end\"", name, n);
		if (!codec) {
			codec = parse_codec(&line, &out->id);
			if (!codec)
				return err_new(ERR_FORMAT,
					       "%s:%u: the line with the codec is missing",
					       name, n);
		} else if (reader_lit(&line, "end")) {
			ended = number(&line, SNAPSHOT_MAX, &count) && at_end(&line);
			if (!ended || count != out->n)
				return err_new(ERR_FORMAT, "%s:%u: the snapshot says that it has "
					       "another number of registers than the %zu above",
					       name, n, out->n);
		} else if (!parse_entry(&line, &entry)) {
			return err_new(ERR_FORMAT, "%s:%u: not a register: NID, verb, payload and "
				       "answer", name, n);
		} else {
			e = snapshot_add(out, &entry);
		}
		if (e)
			return err_wrap(e, "%s:%u", name, n);
	}
	if (!ended)
		return err_new(ERR_FORMAT, "%s is cut short: the line \"end\" is missing, so nothing "
			       "is restored from it", name);
	return NULL;
}

/* --- files ----------------------------------------------------------------- */

/* 16,384 registers of less than a hundred bytes each. */
#define FILE_MAX_BYTES (2u << 20)

/* Writes the folder to the disk, so that the new name of the file is there too. */
static void sync_folder(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int fd;

	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) + 1 : 1,
		 slash ? path : ".");
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

struct err *snapshot_save(const struct snapshot *s, const char *device, const char *path)
{
	char beside[PATH_MAX];
	struct buf b = { 0 };
	struct err *e;
	int fd, errnum = 0;

	if (snprintf(beside, sizeof(beside), "%s.new", path) >= PATH_MAX)
		return err_sys(ENAMETOOLONG, "%s", path);
	snapshot_print(s, device, &b);
	e = buf_err(&b);
	fd = e ? -1 : open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (!e && fd < 0)
		e = err_sys(errno, "%s", beside);
	if (!e)
		errnum = out_write_through(fd, &b);
	if (errnum)
		e = err_sys(errnum, "%s", beside);
	if (fd >= 0 && close(fd) < 0 && !e)
		e = err_sys(errno, "%s", beside);
	if (!e && rename(beside, path) < 0)
		e = err_sys(errno, "%s", path);
	if (!e)
		sync_folder(path);
	buf_deinit(&b);
	return e;
}

struct err *snapshot_load(const char *path, struct snapshot *out)
{
	struct buf b = { 0 };
	struct err *e = slurp(path, FILE_MAX_BYTES, "snapshot", &b);

	if (!e)
		e = snapshot_parse(b.data, b.len, path, out);
	buf_deinit(&b);
	return e;
}
