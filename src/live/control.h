/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a running capture is told things: over a socket of its own, to which
 * `hdadump mark` speaks, and by lines typed into its terminal where QEMU does
 * not want them.
 *
 * The socket is FOLDER/PID.sock, FOLDER being /run/hdadump for root,
 * otherwise $XDG_RUNTIME_DIR/hdadump ($HDADUMP_RUNTIME_DIR instead of either):
 * a folder that is ours and nobody else's.  Whoever connects must be us or
 * root.  One message is one request, answered by one message:
 *
 *   "mark TEXT"    "ok WHERE" or "error WHY"
 *   "what"         "ok WHAT": what is being captured
 *
 * Nothing here waits for anybody: control_fd() is readable when there is
 * something to take.
 */
#ifndef HDADUMP_LIVE_CONTROL_H
#define HDADUMP_LIVE_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"

struct err;
struct control;

#define CONTROL_TEXT 1024	/* the longest mark, in bytes */

/* --- the capture's side ------------------------------------------------------ */

/*
 * @what is shown where several captures run.  @terminal: lines on standard
 * input are marks.  @where says where the capture stands, for the answer.
 */
struct control_options {
	const char *what;
	bool terminal;
	void (*where)(void *arg, struct buf *out);
	void *arg;
};

struct err *control_create(const struct control_options *opt, struct control **out);
void control_destroy(struct control *c);
int control_fd(const struct control *c);

/* Takes what has arrived; @mark is told of each mark, in order. */
typedef void (*control_mark)(void *arg, const char *text, size_t len);
void control_take(struct control *c, control_mark mark, void *arg);

/* --- the other side ------------------------------------------------------------ */

struct running {
	pid_t pid;
	char what[256];
};

struct running_list {
	struct running *v;
	size_t n;
	bool roots;	/* there may be captures of root's, which only root may see */
};

/* The captures that run; sockets that one left behind when it was killed are removed. */
struct err *control_running(struct running_list *out);
void running_list_deinit(struct running_list *l);
/* Marks the capture of process @pid; @where is what it answers. */
struct err *control_mark_at(pid_t pid, const char *text, struct buf *where);

#endif
