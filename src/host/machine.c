// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/machine_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/text.h"
#include "base/vec.h"

/* The most links in one path that Linux follows (path_resolution(7)). */
#define LINKS 40

/* --- lists ----------------------------------------------------------------- */

void names_deinit(struct names *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->name[i]);
	free(l->name);
	*l = (struct names){ 0 };
}

struct err *names_add(struct names *l, const char *name)
{
	if (!vec_room(l->name, l->n, l->cap))
		return err_nomem();
	l->name[l->n] = strdup(name);
	return l->name[l->n] ? (l->n++, NULL) : err_nomem();
}

void entries_deinit(struct entries *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->e[i].key);
		free(l->e[i].text);
	}
	free(l->e);
	*l = (struct entries){ 0 };
}

struct err *entries_add(struct entries *l, enum entry_kind kind, const char *key,
			const char *text, size_t len)
{
	if (!vec_room(l->e, l->n, l->cap))
		return err_nomem();
	struct entry e = { .key = strdup(key), .text = malloc(len + 1), .len = len, .kind = kind };
	if (!e.key || !e.text) {
		free(e.key);
		free(e.text);
		return err_nomem();
	}
	if (len)
		memcpy(e.text, text, len);
	e.text[len] = '\0';
	l->e[l->n++] = e;
	l->sorted = false;
	return NULL;
}

static int compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int answers = (y->kind == ENTRY_ANSWER) - (x->kind == ENTRY_ANSWER);

	return answers ? answers : strcmp(x->key, y->key);
}

void entries_sort(struct entries *l)
{
	if (!l->sorted && l->n)
		qsort(l->e, l->n, sizeof(*l->e), compare);
	l->sorted = true;
}

static size_t from(const struct entries *l, const struct entry *key)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare(&l->e[mid], key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

size_t entries_from(const struct entries *l, const char *key)
{
	return from(l, &(struct entry){ .key = (char *)key, .kind = ENTRY_FILE });
}

const struct entry *entries_find(const struct entries *l, const char *key, bool answer)
{
	struct entry wanted = {
		.key = (char *)key, .kind = answer ? ENTRY_ANSWER : ENTRY_FILE,
	};
	size_t i = from(l, &wanted);

	return i < l->n && compare(&l->e[i], &wanted) == 0 ? &l->e[i] : NULL;
}

/* --- the record ------------------------------------------------------------ */

/* Records one access. The same thing may be recorded more than once: accesses are not cached. */
static void note(struct machine *m, enum entry_kind kind, const char *key, const char *text,
		 size_t len)
{
	if (!m->recording || !*key)
		return;
	for (size_t i = 0; i < m->record.n; i++) {
		struct entry *e = &m->record.e[i];

		if (strcmp(e->key, key) != 0 || (e->kind == ENTRY_ANSWER) != (kind == ENTRY_ANSWER))
			continue;
		if (e->kind != ENTRY_THERE || kind == ENTRY_THERE)
			return;
		free(e->key);
		free(e->text);
		*e = m->record.e[--m->record.n];
		break;
	}
	err_free(entries_add(&m->record, kind, key, text, len));
}

void machine_record(struct machine *m)
{
	m->recording = true;
}

struct err *machine_record_text(struct machine *m, struct buf *out)
{
	return machine_text_print(&m->record, out);
}

/* --- following links -------------------------------------------------------- */

/* Adds @part to @path; handles "..", "." and "". */
static bool step(char *path, size_t size, const char *part, size_t len)
{
	size_t n = strlen(path);

	if (!len || (len == 1 && part[0] == '.'))
		return true;
	if (len == 2 && part[0] == '.' && part[1] == '.') {
		char *slash = strrchr(path, '/');

		if (slash)
			*slash = '\0';
		return true;
	}
	if (n + len + 2 > size)
		return false;
	path[n] = '/';
	memcpy(path + n + 1, part, len);
	path[n + 1 + len] = '\0';
	return true;
}

/* Follows @path, link by link. If @last is set and the last part is a link, it is not followed. */
static enum read_status walk(struct machine *m, const char *path, bool last, char *real, size_t size)
{
	char rest[2 * MACHINE_PATH], target[MACHINE_PATH];
	unsigned int links = 0;
	size_t n = strlen(path);

	real[0] = '\0';
	if (n >= MACHINE_PATH)
		return LOOK_BROKEN;
	memcpy(rest, path, n + 1);
	for (char *p = rest; *p;) {
		size_t len = strcspn(p, "/"), before = strlen(real);

		if (!step(real, size, p, len))
			return LOOK_BROKEN;
		p += len;
		p += strspn(p, "/");
		if (strlen(real) <= before || (!*p && last))
			continue;
		enum read_status look = m->ops->link(m, real, target, sizeof(target));
		if (look == LOOK_BROKEN)
			continue;	/* not a link */
		if (look != LOOK_OK)
			return look;
		note(m, ENTRY_LINK, real, target, strlen(target));
		if (++links > LINKS)
			return LOOK_BROKEN;
		size_t left = strlen(p), t = strlen(target);
		if (left + t + 2 > sizeof(rest))
			return LOOK_BROKEN;
		memmove(rest + t + 1, p, left + 1);
		memcpy(rest, target, t);
		rest[t] = '/';
		real[target[0] == '/' ? 0 : before] = '\0';
		p = rest + strspn(rest, "/");
	}
	return LOOK_OK;
}

enum read_status machine_real(struct machine *m, const char *path, char *real, size_t size)
{
	char found[MACHINE_PATH], none[MACHINE_PATH];
	enum read_status look = walk(m, path, false, found, sizeof(found));

	real[0] = '\0';
	if (look != LOOK_OK)
		return look;
	if (m->ops->link(m, found, none, sizeof(none)) == LOOK_ABSENT)
		return LOOK_ABSENT;
	note(m, ENTRY_THERE, found, "", 0);
	if (strlen(found) >= size)
		return LOOK_BROKEN;
	memcpy(real, found, strlen(found) + 1);
	return LOOK_OK;
}

enum read_status machine_has(struct machine *m, const char *path)
{
	char real[MACHINE_PATH];

	return machine_real(m, path, real, sizeof(real));
}

enum read_status machine_read(struct machine *m, const char *path, machine_keep keep, struct buf *text)
{
	struct buf all = { 0 };
	char real[MACHINE_PATH];
	enum read_status look = walk(m, path, false, real, sizeof(real));

	buf_clear(text);
	if (look == LOOK_OK)
		look = m->ops->read(m, real, &all);
	if (look == LOOK_OK && keep)
		keep(buf_str(&all), all.len, text);
	else if (look == LOOK_OK)
		buf_add(text, buf_str(&all), all.len);
	if (look == LOOK_OK)
		note(m, ENTRY_FILE, real, buf_str(text), text->len);
	else if (look == LOOK_DENIED)
		note(m, ENTRY_DENIED, real, "", 0);
	buf_deinit(&all);
	return look;
}

enum read_status machine_line(struct machine *m, const char *path, char *line, size_t size)
{
	struct buf text = { 0 };
	enum read_status look = machine_read(m, path, NULL, &text);

	text_cut(line, size, "%.*s", (int)strcspn(buf_str(&text), "\r\n"), buf_str(&text));
	for (size_t n = strlen(line); n && line[n - 1] == ' '; n--)
		line[n - 1] = '\0';
	buf_deinit(&text);
	return look;
}

enum read_status machine_link(struct machine *m, const char *path, char *name, size_t size)
{
	char real[MACHINE_PATH], target[MACHINE_PATH];
	enum read_status look = walk(m, path, true, real, sizeof(real));

	name[0] = '\0';
	if (look == LOOK_OK)
		look = m->ops->link(m, real, target, sizeof(target));
	if (look != LOOK_OK)
		return look;
	note(m, ENTRY_LINK, real, target, strlen(target));
	const char *slash = strrchr(target, '/');
	text_cut(name, size, "%s", slash ? slash + 1 : target);
	return LOOK_OK;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

enum read_status machine_list(struct machine *m, const char *path, bool (*wanted)(const char *name),
		       struct names *out)
{
	char real[MACHINE_PATH], full[MACHINE_PATH], target[MACHINE_PATH];
	struct names all = { 0 };
	enum read_status look = walk(m, path, false, real, sizeof(real));

	*out = (struct names){ 0 };
	if (look == LOOK_OK)
		look = m->ops->list(m, real, &all);
	if (look == LOOK_OK)
		note(m, ENTRY_THERE, real, "", 0);
	else if (look == LOOK_DENIED)
		note(m, ENTRY_DENIED, real, "", 0);
	for (size_t i = 0; look == LOOK_OK && i < all.n; i++) {
		if (wanted && !wanted(all.name[i]))
			continue;
		err_free(names_add(out, all.name[i]));
		if (!m->recording || strlen(real) + strlen(all.name[i]) + 2 > sizeof(full))
			continue;
		text_cut(full, sizeof(full), "%s/%s", real, all.name[i]);
		if (m->ops->link(m, full, target, sizeof(target)) == LOOK_OK)
			note(m, ENTRY_LINK, full, target, strlen(target));
		else
			note(m, ENTRY_THERE, full, "", 0);
	}
	out->more = all.more;
	if (out->n)
		qsort(out->name, out->n, sizeof(*out->name), by_name);
	names_deinit(&all);
	return look;
}

enum read_status machine_ask(struct machine *m, const char *question, machine_keep keep,
		      struct buf *answer)
{
	struct buf all = { 0 };
	enum read_status look = m->ops->ask(m, question, &all);

	buf_clear(answer);
	if (look == LOOK_OK && keep)
		keep(buf_str(&all), all.len, answer);
	else if (look == LOOK_OK)
		buf_add(answer, buf_str(&all), all.len);
	if (look == LOOK_OK)
		note(m, ENTRY_ANSWER, question, buf_str(answer), answer->len);
	buf_deinit(&all);
	return look;
}

enum read_status machine_known_answer(struct machine *m, const char *question, struct buf *answer)
{
	const struct entry *e = entries_find(&m->known, question, true);

	if (!e)
		return LOOK_ABSENT;
	buf_add(answer, e->text, e->len);
	return LOOK_OK;
}

struct err *machine_write(struct machine *m, const char *path, const char *text)
{
	char real[MACHINE_PATH];

	if (!m->ops->write)
		return err_new(ERR_FAIL, "a recorded machine cannot be changed");
	if (walk(m, path, false, real, sizeof(real)) != LOOK_OK)
		return err_new(ERR_FAIL, "%s: there is no such file", path);
	return m->ops->write(m, real, text);
}

/* --- opening --------------------------------------------------------------- */

static struct err *read_text(const char *path, struct entries *out)
{
	struct buf b = { 0 };
	struct err *e = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return err_sys(errno, "%s", path);
	for (;;) {
		uint8_t *p = buf_reserve(&b, 65536);
		ssize_t n = p ? read(fd, p, 65536) : 0;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			e = err_sys(errno, "%s", path);
		if (n <= 0)
			break;
		b.len += (size_t)n;
		if (b.len > 16u << 20) {
			e = err_new(ERR_FORMAT, "%s: larger than 16 MiB, so not a recorded machine",
				    path);
			break;
		}
	}
	close(fd);
	if (!e)
		e = buf_err(&b);
	if (!e)
		e = machine_text_parse(path, b.data, b.len, out);
	buf_deinit(&b);
	return e;
}

struct err *machine_open_text(const char *name, const void *data, size_t len,
			      struct machine **out)
{
	struct machine *m = calloc(1, sizeof(*m));

	if (!m)
		return err_nomem();
	m->root = -1;
	m->ops = &machine_text_ops;
	struct err *e = machine_text_parse(name, data, len, &m->known);
	if (e) {
		machine_destroy(m);
		return e;
	}
	*out = m;
	return NULL;
}

struct err *machine_open(const char *root, struct machine **out)
{
	struct machine *m = calloc(1, sizeof(*m));
	struct stat st;
	struct err *e = NULL;

	if (!m)
		return err_nomem();
	m->root = -1;
	m->ops = &machine_dir_ops;
	m->live = !root;
	if (root && stat(root, &st) < 0) {
		e = err_sys(errno, "%s", root);
	} else if (root && S_ISREG(st.st_mode)) {
		m->ops = &machine_text_ops;
		e = read_text(root, &m->known);
	} else {
		e = machine_dir_open(root ? root : "/", m);
		char *answers = NULL;
		if (!e && root && asprintf(&answers, "%s/answers", root) >= 0) {
			if (access(answers, F_OK) == 0)
				e = read_text(answers, &m->known);
			free(answers);
		}
	}
	if (e) {
		machine_destroy(m);
		return e;
	}
	*out = m;
	return NULL;
}

void machine_destroy(struct machine *m)
{
	if (!m)
		return;
	if (m->root >= 0)
		close(m->root);
	entries_deinit(&m->known);
	entries_deinit(&m->record);
	free(m);
}

bool machine_is_live(const struct machine *m)
{
	return m->live;
}
