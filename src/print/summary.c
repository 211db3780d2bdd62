// SPDX-License-Identifier: GPL-2.0-or-later
#include "print/summary.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/reader.h"
#include "flow/pipeline.h"

static void add_count(struct buf *b, uint64_t n, const char *what)
{
	if (n)
		buf_addf(b, ", %llu %s", (unsigned long long)n, what);
}

void summary_text(const struct pipeline *p, struct buf *b)
{
	const struct stats *s = &p->stats;

	buf_addf(b, "%llu verb%s, %llu response%s, %llu unanswered, %llu unsolicited, "
		 "%llu suspect, %llu gap%s", (unsigned long long)s->verbs, s->verbs == 1 ? "" : "s",
		 (unsigned long long)s->responses, s->responses == 1 ? "" : "s",
		 (unsigned long long)s->unanswered, (unsigned long long)s->unsolicited,
		 (unsigned long long)s->suspect, (unsigned long long)s->gaps,
		 s->gaps == 1 ? "" : "s");
	add_count(b, s->missing, "missing");
	add_count(b, s->moved, "responses moved to their verbs");
	add_count(b, s->lost, "lost");
	add_count(b, s->conflicting, "conflicting");
	add_count(b, s->spurious, "spurious");
	add_count(b, s->immediate, "of the verbs immediate");
	add_count(b, s->broadcast, "of the verbs broadcast");
	add_count(b, s->resets, s->resets == 1 ? "controller reset" : "controller resets");
	buf_adds(b, p->names.count ? "\ncontroller" : "\nno audio controller was seen\n");
	for (unsigned int i = 0; i < p->names.count; i++)
		buf_addf(b, "%s%s (%s)", i ? ", " : p->names.count == 1 ? ": " : "s: ",
			 p->names.name[i] ? p->names.name[i] : "?",
			 ctrl_kind_name(p->names.kind[i]));
	buf_adds(b, p->names.count ? "\n" : "");
}

void summary_note(const struct pipeline *p, const char *route, const char *file)
{
	struct buf b = { 0 };
	struct reader r, line;

	summary_text(p, &b);
	r = reader_make(b.data, b.len);
	while (reader_line(&r, &line))
		log_note("%.*s", (int)reader_left(&line), (const char *)line.p);
	buf_deinit(&b);
	if (route)
		log_note("guest memory was read by %s", route);
	if (file && !p->store_failed)
		log_note("the capture is in %s; see it with: hdadump show %s", file, file);
}
