// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/common.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "pipeline.h"
#include "sink/json.h"
#include "source/capture.h"
#include "source/tracelog.h"
#include "store/store.h"

struct err *show_parse_format(const char *text, struct show_options *o)
{
	if (strcmp(text, "text") == 0)
		o->format = FORMAT_TEXT;
	else if (strcmp(text, "json") == 0)
		o->format = FORMAT_JSON;
	else
		return err_new(ERR_USAGE, "--format %s: text or json", text);
	return NULL;
}

struct err *show_parse_time(const char *text, struct show_options *o)
{
	static const char *const names[] = {
		[TEXT_TIME_START] = "start", [TEXT_TIME_DELTA] = "delta",
		[TEXT_TIME_ABSOLUTE] = "absolute", [TEXT_TIME_INDEX] = "index",
		[TEXT_TIME_NONE] = "none",
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(text, names[i]) == 0) {
			o->time = (enum text_time)i;
			return NULL;
		}
	}
	return err_new(ERR_USAGE, "--time %s: start, delta, absolute, index or none", text);
}

struct err *show_parse_color(const char *text, struct show_options *o)
{
	if (strcmp(text, "auto") == 0)
		o->color = COLOR_AUTO;
	else if (strcmp(text, "always") == 0)
		o->color = COLOR_ALWAYS;
	else if (strcmp(text, "never") == 0)
		o->color = COLOR_NEVER;
	else
		return err_new(ERR_USAGE, "--color %s: auto, always or never", text);
	return NULL;
}

struct err *show_create_sink(const struct show_options *o, struct ctrl_names *names,
			     struct sink **out)
{
	struct winsize ws = { 0 };
	bool tty = isatty(o->fd);

	if (o->format == FORMAT_JSON) {
		const struct json_options json = {
			.fd = o->fd, .ctrl_name = ctrl_name, .ctrl_arg = names,
		};

		return json_sink_create(&json, out);
	}
	if (tty)
		ioctl(o->fd, TIOCGWINSZ, &ws);
	const struct text_options text = {
		.fd = o->fd, .time = o->time, .raw = o->raw,
		.colour = o->color == COLOR_ALWAYS ||
			  (o->color == COLOR_AUTO && tty && !getenv("NO_COLOR")),
		.width = ws.ws_col, .ctrl_name = ctrl_name, .ctrl_arg = names,
	};
	return text_sink_create(&text, out);
}

/* The first bytes of an input, without losing them: a pipe cannot be rewound. */
static ssize_t peek(int fd, void *head, size_t len)
{
	ssize_t n = pread(fd, head, len, 0);

	return n < 0 && errno == ESPIPE ? 0 : n;
}

struct err *input_open(const char *path, const char *device, struct source **out, int *fd)
{
	const struct tracelog_options log_options = {
		.devices = &device, .n_devices = device ? 1 : 0,
	};
	bool standard = strcmp(path, "-") == 0;
	const char *name = standard ? "standard input" : path;
	uint8_t head[16];
	struct stat st;

	*fd = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		return err_sys(errno, "%s", name);
	if (fstat(*fd, &st) == 0 && S_ISDIR(st.st_mode))
		return err_sys(EISDIR, "%s", name);
	ssize_t n = peek(*fd, head, sizeof(head));
	if (n < 0)
		return err_sys(errno, "%s", name);
	if (store_is_capture(head, (size_t)n))
		return capture_open(*fd, name, out);
	return tracelog_open(*fd, name, &log_options, out);
}

static void add_count(struct buf *b, uint64_t n, const char *what)
{
	if (n)
		buf_addf(b, ", %llu %s", (unsigned long long)n, what);
}

void summary_print(const struct pipeline *p, const char *route, const char *file)
{
	const struct stats *s = &p->stats;
	struct buf b = { 0 };

	buf_addf(&b, "%llu verb%s, %llu response%s, %llu unanswered, %llu unsolicited, "
		 "%llu suspect, %llu gap%s", (unsigned long long)s->verbs, s->verbs == 1 ? "" : "s",
		 (unsigned long long)s->responses, s->responses == 1 ? "" : "s",
		 (unsigned long long)s->unanswered, (unsigned long long)s->unsolicited,
		 (unsigned long long)s->suspect, (unsigned long long)s->gaps,
		 s->gaps == 1 ? "" : "s");
	add_count(&b, s->lost, "lost");
	add_count(&b, s->conflicting, "conflicting");
	add_count(&b, s->spurious, "spurious");
	add_count(&b, s->immediate, "of the verbs immediate");
	add_count(&b, s->broadcast, "of the verbs broadcast");
	add_count(&b, s->resets, s->resets == 1 ? "controller reset" : "controller resets");
	log_note("%s", buf_str(&b));
	buf_clear(&b);
	for (unsigned int i = 0; i < p->names.count; i++)
		buf_addf(&b, "%s%s (%s)", i ? ", " : "",
			 p->names.name[i] ? p->names.name[i] : "?",
			 ctrl_kind_name(p->names.kind[i]));
	if (p->names.count)
		log_note("controller%s: %s", p->names.count == 1 ? "" : "s", buf_str(&b));
	else
		log_note("no audio controller was seen");
	if (route)
		log_note("guest memory was read by %s", route);
	if (file && !p->store_failed)
		log_note("the capture is in %s; see it with: hdadump show %s", file, file);
	buf_deinit(&b);
}

int exit_status(struct err *e, const struct pipeline *p)
{
	bool usage = e && err_kind(e) == ERR_USAGE;

	/* a reader that has seen enough (| head) is no failure of ours */
	if (e && err_kind(e) == ERR_PIPE)
		err_free(e);
	else if (e)
		log_err(e);
	if (usage)
		return 2;
	if (e || p->store_failed)
		return 1;
	return stats_losses(&p->stats) ? 3 : 0;
}
