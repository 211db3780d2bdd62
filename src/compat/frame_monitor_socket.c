// SPDX-License-Identifier: GPL-2.0-or-later
/* A monitor with a socket: QMP, or the human monitor. */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/json_access.h"
#include "base/procfs.h"
#include "base/text.h"
#include "compat/frame_monitor.h"
#include "live/tracepipe.h"
#include "qemu/guest_memory.h"
#include "qemu/peer.h"
#include "qemu/process.h"
#include "qemu/qemu_cmdline.h"
#include "qemu/qmp.h"

#define GREETING_MS 10000
#define ANSWER_MS 30000
/* Longer than every answer of the human monitor to pmemsave. */
#define ANSWER_MAX 65536

/* Replaces the various errors of a socket that QEMU has closed by one. */
static struct err *or_gone(int fd, struct err *e)
{
	char c;

	if (!e || (err_kind(e) != ERR_PIPE && recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) != 0))
		return e;
	err_free(e);
	return err_new(ERR_PIPE, "QEMU has closed its monitor");
}

/* --- QMP ------------------------------------------------------------------ */

struct qmp_monitor {
	struct frame_monitor base;
	struct tracepipe *in;
	struct qmp *q;
	struct qmp_pump pump;
	struct guestmem *mem;	/* NULL = only the monitor can read guest memory */
	/* pid 0 if another program made the socket for QEMU, as libvirt does */
	struct peer peer;
	bool held, ended;
};

static struct err *pump(void *arg)
{
	return tracepipe_drain(arg);
}

/* Writes the file that pmemsave would write, from QEMU's memory, immediately. */
static struct err *save_directly(struct qmp_monitor *q, uint64_t addr, uint32_t len, int dir,
				 const char *name)
{
	enum event_origin origin;
	uint8_t data[4096];
	struct err *e = len > sizeof(data) ? err_new(ERR_FAIL, "%u bytes at once", len) :
			guestmem_read(q->mem, addr, data, len, &origin);

	if (e)
		return e;
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return err_sys(errno, "%s", name);
	ssize_t n = write(fd, data, len);
	if (n != (ssize_t)len)
		e = err_sys(n < 0 ? errno : ENOSPC, "%s", name);
	if (close(fd) < 0 && !e)
		e = err_sys(errno, "%s", name);
	return e;
}

static struct err *qmp_save(struct frame_monitor *m, uint64_t addr, uint32_t len, const char *path,
			    int dir, const char *name, bool *seen)
{
	struct qmp_monitor *q = (struct qmp_monitor *)m;
	struct json_object *args;

	if (q->mem && dir >= 0) {
		*seen = true;
		return or_gone(q->base.fd, save_directly(q, addr, len, dir, name));
	}
	args = json_object_new_object();
	json_object_object_add(args, "val", json_object_new_int64((int64_t)addr));
	json_object_object_add(args, "size", json_object_new_int64(len));
	json_object_object_add(args, "filename", json_object_new_string(path));
	struct err *e = qmp_execute(q->q, "pmemsave", args, NULL);
	*seen = !e;
	return or_gone(q->base.fd, e);
}

static pid_t qmp_pid(struct frame_monitor *m)
{
	return ((struct qmp_monitor *)m)->peer.pid;
}

/* True if the user's command line says what QEMU does at a shutdown. */
static bool user_chose(pid_t pid)
{
	struct buf words = { 0 };
	/* unknown process: perhaps libvirt's, which decides itself what QEMU does at its end */
	bool chose = !pid;
	struct err *e = pid ? procfs_read(pid, "cmdline", &words) : NULL;
	const char *w = buf_str(&words);

	for (size_t at = 0; at < words.len && !words.failed; at += strlen(w + at) + 1)
		chose |= qemu_option_is(w + at, "no-shutdown") || qemu_option_is(w + at, "action");
	chose |= e != NULL;
	err_free(e);
	buf_deinit(&words);
	return chose;
}

static struct err *shutdown_action(struct qmp_monitor *q, const char *action)
{
	struct json_object *args = json_object_new_object();

	json_object_object_add(args, "shutdown", json_object_new_string(action));
	return qmp_execute(q->q, "set-action", args, NULL);
}

static struct err *qmp_hold(struct frame_monitor *m, bool *held)
{
	struct qmp_monitor *q = (struct qmp_monitor *)m;

	*held = false;
	if (user_chose(q->peer.pid))
		return NULL;
	/* set-action exists since QEMU 6.0; an older QEMU ends immediately */
	struct err *e = shutdown_action(q, "pause");
	q->held = *held = !e;
	err_free(e);
	return NULL;
}

static struct err *qmp_release(struct frame_monitor *m)
{
	struct qmp_monitor *q = (struct qmp_monitor *)m;

	if (!q->held)
		return NULL;
	q->held = false;
	return q->ended ? qmp_execute(q->q, "quit", NULL, NULL) : shutdown_action(q, "poweroff");
}

static struct err *qmp_news(struct frame_monitor *m, bool *ending)
{
	struct qmp_monitor *q = (struct qmp_monitor *)m;
	struct json_object *event;
	const char *name;

	for (;;) {
		struct err *e = qmp_event(q->q, &event);

		if (e || !event)
			return e;
		name = member_text(event, "event");
		if (name && strcmp(name, "SHUTDOWN") == 0)
			q->ended = *ending = true;
		json_object_put(event);
	}
}

static void qmp_monitor_destroy(struct frame_monitor *m)
{
	struct qmp_monitor *q = (struct qmp_monitor *)m;

	guestmem_destroy(q->mem);
	qmp_destroy(q->q);
	peer_deinit(&q->peer);
	free(q);
}

/*
 * Tries to read QEMU's memory directly: this needs the permission, and the address of guest
 * memory from QEMU.
 */
static void try_directly(struct qmp_monitor *q)
{
	struct err *e;

	if (!q->peer.pid)
		return;
	e = guestmem_create(q->q, q->peer.pid, MEMORY_PROCESS, &q->mem);
	/* memory that was opened by a PID belongs to this QEMU only if the process still lives */
	if (!e && !process_held(q->peer.pin)) {
		guestmem_destroy(q->mem);
		e = err_new(ERR_FAIL, "QEMU has ended");
	}
	if (e) {
		/* use the monitor's pmemsave instead; the summary says so */
		err_free(e);
		q->mem = NULL;
		return;
	}
	q->base.route = guestmem_route(q->mem);
	q->base.quick = true;
}

static const struct frame_monitor_ops qmp_ops = {
	.save = qmp_save,
	.pid = qmp_pid,
	.hold = qmp_hold,
	.release = qmp_release,
	.news = qmp_news,
	.destroy = qmp_monitor_destroy,
};

struct err *frame_monitor_open_qmp(int fd, const char *path, bool pmemsave, struct tracepipe *in,
			     struct frame_monitor **out)
{
	struct qmp_monitor *q = calloc(1, sizeof(*q));
	struct err *e;

	if (!q) {
		close(fd);
		return err_nomem();
	}
	q->base = (struct frame_monitor){ .ops = &qmp_ops, .route = "pmemsave over QMP", .fd = fd };
	q->in = in;
	peer_find(fd, &q->peer);
	q->pump = (struct qmp_pump){ .fd = in->fd, .run = pump, .arg = in };
	e = qmp_create(fd, &q->pump, &q->q);
	if (!e)
		e = qmp_greet(q->q, GREETING_MS);
	if (!e && !pmemsave)
		try_directly(q);
	if (e) {
		qmp_monitor_destroy(&q->base);
		return err_wrap(e, "unix:%s", path);
	}
	*out = &q->base;
	return NULL;
}

/* --- the human monitor ------------------------------------------------------ */

struct hmp_monitor {
	struct frame_monitor base;
	struct tracepipe *in;
	struct buf answer;
	struct peer peer;
	int fd;
};

#define PROMPT "(qemu) "

static bool prompted(const struct buf *b)
{
	size_t n = strlen(PROMPT);

	return b->len >= n && memcmp(b->data + b->len - n, PROMPT, n) == 0;
}

/* Reads the monitor's output until its prompt. */
static struct err *hmp_listen(struct hmp_monitor *h, int timeout_ms)
{
	int64_t end = clock_ms() + timeout_ms;
	bool ready;

	buf_clear(&h->answer);
	while (!prompted(&h->answer)) {
		struct err *e = frame_monitor_wait(h->in, h->fd, 100, &ready);

		if (e)
			return e;
		if (!ready && clock_ms() > end)
			return err_new(ERR_FAIL, "the monitor sent no prompt in %d s; it is not "
				       "QEMU's monitor, or QEMU hangs", timeout_ms / 1000);
		if (!ready)
			continue;
		uint8_t *room = buf_reserve(&h->answer, 4096);
		if (!room)
			return err_nomem();
		ssize_t n = recv(h->fd, room, 4096, MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n <= 0)
			return err_new(ERR_FAIL, "QEMU has closed its monitor; it has ended or is "
				       "ending");
		h->answer.len += (size_t)n;
		if (h->answer.len > ANSWER_MAX)
			return err_new(ERR_FORMAT, "the monitor's output does not end; it is not "
				       "QEMU's");
	}
	return NULL;
}

/* Any text between the echo of the command and the prompt is an error message. */
static struct err *complaint(const struct buf *answer)
{
	const uint8_t *p = answer->data, *end = p + answer->len - strlen(PROMPT);
	const uint8_t *text = memchr(p, '\n', (size_t)(end - p));
	struct buf b = { 0 };

	if (!text)
		return NULL;
	while (text < end && *text <= ' ')
		text++;
	while (end > text && end[-1] <= ' ')
		end--;
	if (text == end)
		return NULL;
	text_add_safe(&b, text, (size_t)(end - text));
	struct err *e = err_new(ERR_FAIL, "QEMU refused to save memory: %s", buf_str(&b));
	buf_deinit(&b);
	return e;
}

static struct err *hmp_save(struct frame_monitor *m, uint64_t addr, uint32_t len, const char *path,
			    int dir, const char *name, bool *seen)
{
	struct hmp_monitor *h = (struct hmp_monitor *)m;
	char *command = NULL;
	struct err *e = frame_monitor_command(addr, len, path, &command);
	struct buf line = { 0 };

	*seen = false;
	if (e)
		return e;
	buf_addf(&line, "%s\n", command);
	e = buf_err(&line);
	/* a short command always fits into the socket's buffer */
	if (!e && send(h->fd, line.data, line.len, MSG_NOSIGNAL) != (ssize_t)line.len)
		e = err_sys(errno, "writing to QEMU's monitor");
	if (!e)
		e = hmp_listen(h, ANSWER_MS);
	if (!e)
		e = complaint(&h->answer);
	*seen = !e;
	buf_deinit(&line);
	free(command);
	return or_gone(h->fd, e);
}

static pid_t hmp_pid(struct frame_monitor *m)
{
	return ((struct hmp_monitor *)m)->peer.pid;
}

/* The human monitor has no events, but the socket shows when it is closed. */
static struct err *hmp_news(struct frame_monitor *m, bool *ending)
{
	struct hmp_monitor *h = (struct hmp_monitor *)m;
	char text[512];
	ssize_t n = recv(h->fd, text, sizeof(text), MSG_DONTWAIT);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		return err_new(ERR_FAIL, "QEMU has closed its monitor");
	return NULL;
}

static void hmp_destroy(struct frame_monitor *m)
{
	struct hmp_monitor *h = (struct hmp_monitor *)m;

	buf_deinit(&h->answer);
	peer_deinit(&h->peer);
	close(h->fd);
	free(h);
}

static const struct frame_monitor_ops hmp_ops = {
	.save = hmp_save,
	.pid = hmp_pid,
	.news = hmp_news,
	.destroy = hmp_destroy,
};

struct err *frame_monitor_open_hmp(int fd, const char *path, struct tracepipe *in, struct frame_monitor **out)
{
	struct hmp_monitor *h = calloc(1, sizeof(*h));
	struct err *e;

	if (!h) {
		close(fd);
		return err_nomem();
	}
	h->base = (struct frame_monitor){ .ops = &hmp_ops, .route = "the monitor's pmemsave", .fd = fd };
	h->in = in;
	h->fd = fd;
	peer_find(fd, &h->peer);
	e = hmp_listen(h, GREETING_MS);
	if (e) {
		hmp_destroy(&h->base);
		return err_wrap(e, "unix:%s", path);
	}
	*out = &h->base;
	return NULL;
}
