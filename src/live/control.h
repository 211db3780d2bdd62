/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests to a running capture: over a socket that `hdadump mark` uses, and as lines typed
 * into its terminal if QEMU does not read that.
 *
 * The socket is FOLDER/PID.sock; FOLDER is /run/hdadump for root, otherwise
 * $XDG_RUNTIME_DIR/hdadump ($HDADUMP_RUNTIME_DIR replaces both): a folder that only we can
 * use. A client must be the same user or root. One message is one request with one answer:
 *
 *   "mark TEXT"    "ok WHERE" or "error WHY"
 *   "what"         "ok WHAT": what is being captured
 *
 * Nothing here blocks: control_fd() is readable if there is something to take.
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
 * @what is shown if several captures run. @terminal: lines on standard input are marks.
 * @where returns the present place in the capture, for the answer.
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

/* Takes the requests that have arrived; calls @mark for each mark, in order. */
typedef void (*control_mark)(void *arg, const char *text, size_t len);
void control_take(struct control *c, control_mark mark, void *arg);

/* --- the client's side --------------------------------------------------------- */

struct running {
	pid_t pid;
	char what[256];
};

struct running_list {
	struct running *v;
	size_t n;
	bool roots;	/* there may be captures of root, which only root can see */
};

/* The running captures; removes sockets of captures that were killed. */
struct err *control_running(struct running_list *out);
void running_list_deinit(struct running_list *l);
/* Sends a mark to the capture of process @pid; @where is its answer. */
struct err *control_mark_at(pid_t pid, const char *text, struct buf *where);

#endif
