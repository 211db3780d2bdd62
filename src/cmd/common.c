// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/common.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/reader.h"
#include "flow/pipeline.h"
#include "print/xact_json.h"

struct err *parse_json(const char *text, bool *json)
{
	*json = strcmp(text, "json") == 0;
	if (!*json && strcmp(text, "text") != 0)
		return err_new(ERR_USAGE, "--format %s: text or json", text);
	return NULL;
}

struct err *show_parse_format(const char *text, struct show_options *o)
{
	bool json;
	struct err *e = parse_json(text, &json);

	if (!e)
		o->format = json ? FORMAT_JSON : FORMAT_TEXT;
	return e;
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
			.fd = o->fd, .absolute = o->time == TEXT_TIME_ABSOLUTE,
			.ctrl_name = ctrl_name, .ctrl_arg = names,
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

struct err *parse_cad(const char *text, int *cad)
{
	struct reader r = reader_make(text, strlen(text));
	uint64_t v;

	if (!reader_num(&r, &v) || reader_left(&r) || v > 14)
		return err_new(ERR_USAGE, "--address %s: a codec's address is 0 to 14", text);
	*cad = (int)v;
	return NULL;
}

struct err *parse_address(const char *text, uint64_t *address)
{
	char *end;

	errno = 0;
	*address = strtoull(text, &end, 0);
	if (errno || *end || end == text)
		return err_new(ERR_USAGE, "'%s' is not an address", text);
	return NULL;
}

struct err *parse_memory_route(const char *text, enum memory_route *route)
{
	static const char *const names[] = {
		[MEMORY_AUTO] = "auto", [MEMORY_PROCESS] = "process", [MEMORY_MONITOR] = "monitor",
	};

	for (int i = 0; i < 3; i++) {
		if (strcmp(text, names[i]) == 0) {
			*route = (enum memory_route)i;
			return NULL;
		}
	}
	return err_new(ERR_USAGE, "--memory %s: auto, process or monitor", text);
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
	add_count(&b, s->missing, "missing");
	add_count(&b, s->moved, "responses moved to their verbs");
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
