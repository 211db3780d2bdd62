// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/verb_lines.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "base/text.h"
#include "codec/decode.h"

struct verbs_sink {
	struct sink base;
	struct verbs_options opt;
	struct out out;
	struct buf scratch;
	uint8_t cad;		/* address of the last verb, because a line has no place for it */
};

/* As printf's 0x%x. */
static char *put_hex(char *p, uint32_t v)
{
	p = put_lit(p, "0x");
	return text_hex(p, v, v ? (unsigned int)(35 - __builtin_clz(v)) / 4 : 1);
}

static char *put_triple(char *p, const struct verb_parts *v)
{
	p = put_hex(p, v->nid);
	*p++ = ' ';
	p = put_hex(p, v->id);
	*p++ = ' ';
	return put_hex(p, v->payload);
}

static struct err *put_comment(struct verbs_sink *s, const char *kind, const char *text, size_t len)
{
	struct err *e;

	buf_clear(&s->scratch);
	buf_adds(&s->scratch, "# ");
	buf_adds(&s->scratch, kind);
	text_add_safe(&s->scratch, text, len);
	buf_addc(&s->scratch, '\n');
	e = buf_err(&s->scratch);
	return e ? e : out_add(&s->out, s->scratch.data, s->scratch.len);
}

static struct err *put_verb(struct verbs_sink *s, const struct xact *x, const struct decoded *d)
{
	static const char lost[] = "a verb that could not be read";
	char *p;
	struct err *e = NULL;

	if (!x->has_verb)
		return put_comment(s, "", lost, sizeof(lost) - 1);
	if (s->opt.sets && d->dir == DIR_GET)
		return NULL;
	if (!s->opt.words && d->verb.cad != s->cad) {
		char text[40];
		int n = snprintf(text, sizeof(text), "from here on for codec %u", d->verb.cad);

		s->cad = d->verb.cad;
		e = put_comment(s, "", text, (size_t)n);
	}
	if (!e)
		e = out_room(&s->out, &p);
	if (e)
		return e;
	p = s->opt.words ? text_hex(p, x->verb, 8) : put_triple(p, &d->verb);
	*p++ = '\n';
	out_took(&s->out, p);
	return NULL;
}

static struct err *verbs_put(struct sink *base, const struct xact *x, const struct decoded *d)
{
	struct verbs_sink *s = (struct verbs_sink *)base;

	switch (x->kind) {
	case XACT_CORB:
	case XACT_IMMEDIATE:
	case XACT_BROADCAST:
		return put_verb(s, x, d);
	case XACT_MARK:
		return put_comment(s, "", x->text, x->text_len);
	case XACT_GAP:
		return put_comment(s, "gap: ", x->text, x->text_len);
	default:
		return NULL;
	}
}

static struct err *verbs_flush(struct sink *base)
{
	return out_flush(&((struct verbs_sink *)base)->out);
}

static void verbs_destroy(struct sink *base)
{
	struct verbs_sink *s = (struct verbs_sink *)base;

	out_deinit(&s->out);
	buf_deinit(&s->scratch);
	free(s);
}

struct err *verbs_sink_create(const struct verbs_options *opt, struct sink **out)
{
	static const struct sink_ops ops = {
		.put = verbs_put, .flush = verbs_flush, .destroy = verbs_destroy,
	};
	struct verbs_sink *s = calloc(1, sizeof(*s));
	struct err *e;

	if (!s)
		return err_nomem();
	s->base.ops = &ops;
	s->opt = *opt;
	e = out_init(&s->out, opt->fd);
	if (e) {
		verbs_destroy(&s->base);
		return e;
	}
	*out = &s->base;
	return NULL;
}
