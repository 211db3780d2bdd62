// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the traffic of inputs in another form. */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/output_file.h"
#include "event/source.h"
#include "export/forms.h"
#include "export/trace_lines.h"
#include "export/verb_lines.h"
#include "flow/join.h"
#include "input/list_head.h"
#include "print/json/xact_json.h"
#include "store/store.h"

/* The opened inputs, as one source. */
struct joined_inputs {
	struct loaded *loaded;
	struct source **sources;
	struct source *joined;	/* joins several inputs; NULL = one input */
	int n;
};

static void inputs_close(struct joined_inputs *s)
{
	source_destroy(s->joined);
	for (int i = 0; i < s->n && s->loaded; i++)
		load_close(&s->loaded[i]);
	free(s->loaded);
	free(s->sources);
}

static struct err *inputs_open(const struct form_job *j, struct joined_inputs *s)
{
	size_t n = (size_t)j->n_inputs;

	*s = (struct joined_inputs){ .n = j->n_inputs };
	s->loaded = calloc(n, sizeof(*s->loaded));
	s->sources = calloc(n, sizeof(*s->sources));
	if (!s->loaded || !s->sources)
		return err_nomem();
	for (size_t i = 0; i < n; i++) {
		struct load_options from = *j->from;
		struct err *e;

		from.path = j->inputs[i];
		e = load_open(&from, &s->loaded[i]);
		if (e)
			return e;
		s->sources[i] = s->loaded[i].source;
	}
	return n == 1 ? NULL : join_create(s->sources, (const char *const *)j->inputs, n, &s->joined);
}

static struct err *to_capture(struct form_job *j, struct pipeline *p)
{
	struct err *e = output_check(j->out, j->replace, j->inputs, j->n_inputs), *end;

	if (!e)
		e = store_create(j->out, j->replace, "hdadump convert", &p->store);
	if (e)
		return e;
	e = pipeline_run(p);
	end = store_close(p->store);
	p->store = NULL;
	if (e)
		err_free(end);
	else
		e = end;
	if (e)
		unlink(j->out);
	return e;
}

/* Writes accesses directly from the source: the log contains nothing else. */
static struct err *to_trace(struct form_job *j, struct pipeline *p, int fd)
{
	struct event_steps steps = { 0 };
	struct trace_out t;
	struct event *ev;
	struct err *e = trace_out_init(&t, fd);

	while (!e) {
		e = source_step(p->source, &steps, &ev);
		if (e || !ev)
			break;
		if (ev->kind != EV_NONE)
			e = trace_out_put(&t, ev);
	}
	if (!e)
		e = out_flush(&t.out);
	if (!e && !t.lines)
		e = err_new(ERR_FAIL, "%s: no register accesses in it to make a trace log of",
			    j->inputs[0]);
	if (!e && t.left_out)
		log_note("%" PRIu64 " other observations (words, marks, gaps) have no place in a trace "
			 "log and were left out", t.left_out);
	trace_out_deinit(&t);
	return e;
}

static struct err *create_sink(const struct form_job *j, struct pipeline *p, int fd, struct sink **sink)
{
	const struct verbs_options verbs = {
		.fd = fd, .sets = j->sets, .words = j->form == FORM_WORDS,
	};
	const struct json_options json = {
		.fd = fd, .ctrl_name = ctrl_name, .ctrl_arg = &p->names,
	};

	return j->form == FORM_JSON ? json_sink_create(&json, sink) : verbs_sink_create(&verbs, sink);
}

static struct err *to_text(struct form_job *j, struct pipeline *p)
{
	struct sink *sink = NULL;
	struct output out;
	struct err *e = output_create(j->out, j->replace, j->inputs, j->n_inputs, forms[j->form].mode, &out);

	if (!e && j->form == FORM_TRACE) {
		e = to_trace(j, p, out.fd);
	} else if (!e) {
		e = create_sink(j, p, out.fd, &sink);
		p->sink = sink;
		p->fold.noise = true;
		if (!e)
			e = pipeline_run(p);
	}
	sink_destroy(sink);
	p->sink = NULL;
	if (!e)
		e = output_finish(&out);
	output_deinit(&out);
	return e;
}

/*
 * Notes that the form has no place for a list's head, which names the codec: without it
 * vendor verbs have no names.
 */
static void note_head(const struct form_job *j, const struct source *s)
{
	const struct list_head *head = s->ops->list_head ? s->ops->list_head((struct source *)s) : NULL;
	bool has_head = head && head->is_list;

	for (int i = 0; head && i < LIST_CODECS; i++)
		has_head |= head->codec[i].named;
	/* JSON was made with the head's codec, so it has the names */
	if (has_head && j->form != FORM_JSON)
		log_note("the head of the list (its codec and its origin) does not fit into "
			 "%s; keep the list too", j->form == FORM_CAPTURE ? "a capture" : "that form");
}

struct err *form_write_traffic(struct form_job *j, struct pipeline *p)
{
	struct joined_inputs s;
	struct err *e = inputs_open(j, &s);

	if (!e) {
		p->source = s.joined ? s.joined : s.sources[0];
		p->range = j->from->range;
		p->name = s.n == 1 ? s.loaded[0].name : "the inputs";
		e = j->form == FORM_CAPTURE ? to_capture(j, p) : to_text(j, p);
	}
	if (!e)
		note_head(j, p->source);
	p->source = NULL;
	inputs_close(&s);
	return e;
}
