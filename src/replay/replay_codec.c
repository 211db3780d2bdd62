// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/replay_codec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/log.h"
#include "base/slurp.h"
#include "dump/proc_read.h"
#include "dump/rthd.h"
#include "replay/risk.h"
#include "replay/send.h"

volatile sig_atomic_t replay_codec_stopped;

static void on_signal(int number)
{
	(void)number;
	replay_codec_stopped = 1;
}

void replay_codec_catch_signals(void)
{
	const struct sigaction sa = { .sa_handler = on_signal };

	/* no SA_RESTART, so that a signal ends the wait for the user's answer */
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
}

/* --- the codec ------------------------------------------------------------ */

/* A codec's dump is not longer. */
#define DUMP_MAX (64u << 20)

static struct err *read_dump(const char *path, struct model_list *models)
{
	struct buf b = { 0 };
	struct err *e = slurp(path, DUMP_MAX, "codec's dump", &b);

	if (!e)
		e = rthd_is(b.data, b.len) ? rthd_read(b.data, b.len, models) :
					     proc_read(b.data, b.len, models);
	if (!e && models->n != 1)
		e = err_new(ERR_FORMAT, "%s has %u codecs: use a dump with one codec",
			    path, models->n);
	buf_deinit(&b);
	return e;
}

struct err *replay_codec_open(const char *path, struct replay_codec *t)
{
	struct stat st;
	struct err *e = NULL;

	*t = (struct replay_codec){ .path = path };
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		t->emulated = true;
		e = read_dump(path, &t->models);
		if (!e)
			e = dev_of_model(t->models.v[0], &t->dev);
	} else {
		e = hwdep_open(path, &t->dev);
	}
	if (!e)
		e = err_wrap(dev_identify(t->dev, &t->id), "%s", path);
	return e;
}

void replay_codec_deinit(struct replay_codec *t)
{
	dev_destroy(t->dev);
	model_list_deinit(&t->models);
	*t = (struct replay_codec){ 0 };
}

void replay_codec_release(struct replay_codec *t)
{
	if (t->emulated)
		return;
	dev_destroy(t->dev);
	t->dev = NULL;
}

struct err *replay_codec_take(struct replay_codec *t)
{
	struct codec_identity id;
	struct err *e;

	if (t->dev)
		return NULL;
	e = hwdep_open(t->path, &t->dev);
	if (!e)
		e = dev_identify(t->dev, &id);
	if (!e && (id.vendor != t->id.vendor || id.subsystem != t->id.subsystem))
		e = err_new(ERR_FAIL, "%s is another codec now", t->path);
	return e;
}

/* --- before it is sent ----------------------------------------------------- */

/* Warns if the codec may go to sleep, and then forget the values written. */
static void warn_of_sleep(const struct replay_codec *t)
{
	const char *name = strrchr(t->path, '/');
	char path[128], word[8] = "";
	int fd;

	if (t->emulated || !name || strlen(name) > 32)
		return;
	snprintf(path, sizeof(path), "/sys/class/sound/%s/device/power/control", name + 1);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (read(fd, word, sizeof(word) - 1) > 0 && !strncmp(word, "auto", 4))
		log_note("the codec may go to sleep by itself and lose this: "
			 "'echo on >%s' keeps it awake",
			 path);
	close(fd);
}

struct err *replay_codec_check(const struct replay_codec *t, const struct codec_identity *from,
			 const struct plan *p, const struct replay_codec_options *o)
{
	struct err *e = replay_check_list(plan_words(p), p->n);

	if (!e)
		e = replay_check_codec(from, &t->id, o->any_machine);
	if (!e)
		e = replay_check_risks(plan_words(p), p->risks, p->n, o->allow);
	if (!e && replay_ends_in_half(plan_words(p), p->n))
		log_note("the list ends with the index of a coefficient and no value for it: it may be "
			 "cut short");
	if (!e)
		warn_of_sleep(t);
	return e;
}

/* --- back ----------------------------------------------------------------- */

struct err *replay_codec_snapshot(struct replay_codec *t, const struct plan *p, const char *path,
			    struct snapshot *s)
{
	struct snapshot now = { 0 };
	struct err *e = NULL;
	bool old = access(path, F_OK) == 0;

	if (old) {
		e = snapshot_load(path, s);
		if (!e && (s->id.vendor != t->id.vendor || s->id.subsystem != t->id.subsystem))
			e = err_new(ERR_FAIL, "%s is of another codec (0x%08x, subsystem 0x%08x): give "
				    "another --snapshot", path, s->id.vendor, s->id.subsystem);
		if (!e)
			log_note("%s exists already: --undo restores the values in it", path);
	}
	if (!e)
		e = snapshot_take(t->dev, &t->id, plan_words(p), p->n, &now);
	if (!old)
		s->id = t->id;
	for (size_t i = 0; !e && i < now.n; i++)
		e = snapshot_add(s, &now.v[i]);
	if (!e)
		e = snapshot_save(s, t->path, path);
	snapshot_deinit(&now);
	return e;
}

static void tell_stuck(const struct snapshot_undo *u)
{
	char name[64];

	for (size_t i = 0; i < u->stuck && i < ARRAY_SIZE(u->first); i++) {
		snapshot_entry_name(&u->first[i].was, name);
		log_note("%s was 0x%x and stays 0x%x", name, u->first[i].was.value, u->first[i].now);
	}
	if (u->stuck > ARRAY_SIZE(u->first))
		log_note("and %zu more", u->stuck - ARRAY_SIZE(u->first));
}

static struct err *undo(struct replay_codec *t, const struct snapshot *s, struct snapshot_undo *u,
			bool *stuck)
{
	struct err *e = snapshot_undo(t->dev, s, u);

	*stuck = u->stuck != 0;
	if (!e && u->gone)
		e = err_new(ERR_FAIL, "the codec does not answer any more, so nothing could be restored: "
			    "switch the machine off (a restart may not be enough)");
	return e;
}

struct err *replay_codec_undo_quietly(struct replay_codec *t, const struct snapshot *s, bool *stuck)
{
	struct snapshot_undo u;

	return undo(t, s, &u, stuck);
}

struct err *replay_codec_undo(struct replay_codec *t, const struct snapshot *s, bool *stuck)
{
	struct snapshot_undo u;
	struct err *e = undo(t, s, &u, stuck);

	if (e)
		return e;
	log_note("the codec is as it was: %zu register%s put back and read back, %zu had not changed%s",
		 u.restored, u.restored == 1 ? "" : "s", u.same, u.stuck ? "; but:" : "");
	tell_stuck(&u);
	return NULL;
}
