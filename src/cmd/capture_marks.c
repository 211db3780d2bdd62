// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/capture_marks.h"

#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "event/event.h"
#include "flow/pipeline.h"
#include "hda/hda.h"
#include "live/control.h"
#include "live/live.h"

/* "at 12.345 s, after 128 verbs", as show counts them. */
static void where(void *arg, struct buf *out)
{
	const struct pipeline *p = arg;
	const struct stats *s = &p->stats;
	uint64_t verbs = s->verbs + (p->hda ? hda_waiting(p->hda) : 0);
	struct timespec now;

	if (!verbs || s->origin == EVENT_TIME_NONE) {
		buf_adds(out, "at the beginning, before the first verb");
		return;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	int64_t ms = (now.tv_sec * 1000000000ll + now.tv_nsec - s->origin) / 1000000;
	if (ms < 0)
		ms = 0;
	buf_addf(out, "at %" PRId64 ".%03d s, after %" PRIu64 " verb%s", ms / 1000,
		 (int)(ms % 1000), verbs, verbs == 1 ? "" : "s");
}

struct control *marks_start(struct pipeline *p, struct source *src, const char *what, bool qemus)
{
	bool terminal = isatty(STDIN_FILENO);
	const struct control_options opt = {
		.what = what, .terminal = terminal && !qemus, .where = where, .arg = p,
	};
	struct control *c = NULL;
	struct err *e = control_create(&opt, &c);

	if (e) {
		log_err(err_wrap(e, "'hdadump mark' will not reach this capture"));
		return NULL;
	}
	if (terminal && qemus)
		log_note("QEMU reads this terminal; from another one, 'hdadump mark TEXT' sets a "
			 "mark");
	else if (terminal)
		log_note("a line typed here becomes a mark; so does 'hdadump mark TEXT' elsewhere");
	live_set_control(src, c);
	return c;
}
