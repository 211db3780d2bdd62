// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Written without json-c: a tree of allocated nodes for each object is too slow for a million
 * objects a second. The tests read every line back with json-c.
 */
#include "print/json/xact_json.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "base/text.h"
#include "codec/decode.h"
#include "event/event.h"
#include "hda/regfields.h"
#include "print/render.h"
#include "print/json/xact_json_int.h"

/* Names and words of the program: plain ASCII, but a word may contain a quote. */
char *json_put_quoted(char *p, const char *s)
{
	*p++ = '"';
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			*p++ = '\\';
		*p++ = *s;
	}
	*p++ = '"';
	return p;
}

static char *put_hex_string(char *p, uint32_t v)
{
	p = put_lit(p, "\"0x");
	p = text_hex(p, v, 8);
	*p++ = '"';
	return p;
}

static const char *const unit_suffix[UNIT_KINDS] = {
	[UNIT_NONE] = "", [UNIT_DB] = "_db", [UNIT_HZ] = "_hz",
	[UNIT_NID] = "", [UNIT_HEX] = "",
};

char *json_put_field_object(char *p, const struct fields *fs)
{
	const char *sep = "{\"";

	if (!fs->n && !fs->rest)
		return put_lit(p, "{}");
	for (const struct field *f = fs->f, *end = f + fs->n; f < end; f++) {
		p = put_str(p, sep);
		sep = ",\"";
		p = put_str(p, f->desc->name);
		p = put_str(p, unit_suffix[f->desc->unit]);
		p = put_lit(p, "\":");
		if (f->desc->kind == FIELD_FLAG)
			p = put_str(p, f->value ? "true" : "false");
		else if (f->text)
			p = json_put_quoted(p, f->text);
		else if (f->desc->kind != FIELD_NUMBER)
			p = text_dec(p, f->value);
		else if (f->desc->unit == UNIT_DB)
			p = put_fixed(p, f->number, 100, 2);
		else
			p = put_signed(p, f->number);
	}
	if (fs->rest) {
		p = put_str(p, sep);
		p = put_lit(p, "unknown_bits\":");
		p = text_dec(p, fs->rest);
	}
	*p++ = '}';
	return p;
}

/* Adds text from outside as a JSON string: first as safe UTF-8, then with escapes. */
struct err *json_add_text(struct json_sink *s, const char *text, size_t len)
{
	struct err *e;

	buf_clear(&s->scratch);
	text_add_safe(&s->scratch, text, len);
	e = buf_err(&s->scratch);
	if (!e)
		e = out_add(&s->out, "\"", 1);
	for (size_t i = 0, from = 0; !e && i <= s->scratch.len; i++) {
		const char *b = (const char *)s->scratch.data;
		bool end = i == s->scratch.len;

		if (!end && b[i] != '"' && b[i] != '\\')
			continue;
		if (i > from)
			e = out_add(&s->out, b + from, i - from);
		if (!e)
			e = end ? out_add(&s->out, "\"", 1) : out_add(&s->out, "\\", 1);
		from = i;
	}
	return e;
}

struct err *json_put_ctrl(struct json_sink *s, uint16_t ctrl)
{
	const char *name = s->opt.ctrl_name ? s->opt.ctrl_name(s->opt.ctrl_arg, ctrl) : NULL;
	char fallback[32];

	if (!name) {
		char *p = put_lit(fallback, "ctrl");
		*text_dec(p, ctrl) = '\0';
		name = fallback;
	}
	return json_add_text(s, name, strnlen(name, 256));
}

static char *put_verb(char *p, const struct xact *x, const struct decoded *d)
{
	p = put_key(p, "nid");
	p = text_dec(p, d->verb.nid);
	p = put_key(p, "verb");
	p = put_hex_string(p, x->verb);
	if (d->name) {
		p = put_key(p, "name");
		p = json_put_quoted(p, d->name);
		p = put_key(p, "dir");
		p = put_str(p, d->dir == DIR_GET ? "\"get\"" : "\"set\"");
	}
	p = put_key(p, "id");
	p = text_dec(p, d->verb.id);
	p = put_key(p, "payload");
	p = text_dec(p, d->verb.payload);
	if (d->name) {
		p = put_key(p, "fields");
		p = json_put_field_object(p, &d->req);
	}
	return p;
}

static char *put_register(char *p, const struct reg_part *r)
{
	p = put_lit(p, "{\"name\":");
	p = r->name ? json_put_quoted(p, r->name) : put_lit(p, "null");
	if (r->stream >= 0) {
		p = put_key(p, "stream");
		p = text_dec(p, (uint32_t)r->stream);
	}
	p = put_key(p, "first_byte");
	p = text_dec(p, r->first);
	p = put_key(p, "bytes");
	p = text_dec(p, r->bytes);
	p = put_key(p, "value");
	p = text_dec(p, r->value >> 8 * r->first);
	p = put_key(p, "fields");
	*p++ = '{';
	for (unsigned int i = 0; i < r->n; i++) {
		const struct reg_value *v = &r->f[i];

		if (i)
			*p++ = ',';
		p = json_put_quoted(p, v->field->name);
		*p++ = ':';
		if (v->field->kind == REG_FLAG)
			p = put_str(p, v->value ? "true" : "false");
		else if (v->text)
			p = json_put_quoted(p, v->text);
		else if (v->field->kind == REG_PLUS1 || v->field->kind == REG_FUNC)
			p = put_signed(p, v->number);
		else
			p = text_dec(p, v->value);
	}
	if (r->rest && r->n) {
		p = put_key(p, "unknown_bits");
		p = text_dec(p, r->rest);
	}
	return put_lit(p, "}}");
}

/* An access to the controller's own BAR: each register that it covers. */
static char *put_registers(char *p, const struct xact *x)
{
	struct reg_part part[REG_PARTS_MAX];
	unsigned int n = reg_split(x->offset, x->width, x->count, part);

	p = put_key(p, "registers");
	for (unsigned int i = 0; i < n; i++) {
		*p++ = i ? ',' : '[';
		p = put_register(p, &part[i]);
	}
	*p++ = ']';
	return p;
}

char *json_put_time(const struct json_sink *s, char *p, int64_t t)
{
	int64_t origin = s->opt.absolute ? 0 : s->base.origin == EVENT_TIME_NONE ? t : s->base.origin;

	/* hostile times may be far apart: subtract without overflow */
	return put_fixed(p, (int64_t)((uint64_t)t - (uint64_t)origin), 1000000000, 9);
}

static char *put_numbers(const struct json_sink *s, char *p, const struct xact *x,
			 const struct decoded *d)
{
	int64_t t = x->t_verb != EVENT_TIME_NONE ? x->t_verb : x->t_resp;

	p = put_key(p, "kind");
	p = json_put_quoted(p, xact_kind_name(x->kind));
	if (t != EVENT_TIME_NONE) {
		p = put_key(p, "time");
		p = json_put_time(s, p, t);
	}
	if (x->t_verb != EVENT_TIME_NONE && x->t_resp != EVENT_TIME_NONE) {
		p = put_key(p, "response_time");
		p = json_put_time(s, p, x->t_resp);
	}
	if (x->kind == XACT_MMIO) {
		p = put_key(p, "bar");
		p = text_dec(p, x->bar);
		p = put_key(p, "offset");
		p = text_dec(p, x->offset);
		p = put_key(p, "width");
		p = text_dec(p, x->width);
		p = put_key(p, "access");
		p = put_str(p, x->write ? "\"write\"" : "\"read\"");
		if (x->inferred) {
			p = put_key(p, "inferred");
			p = put_str(p, "true");
		}
		p = put_key(p, "value");
		p = text_dec(p, x->count);
		if (x->bar == 0)
			p = put_registers(p, x);
	}
	if (x->kind >= XACT_RESET)
		return p;
	p = put_key(p, "cad");
	p = text_dec(p, x->cad);
	if (xact_is_verb(x) && x->has_verb)
		p = put_verb(p, x, d);
	if (x->has_resp) {
		p = put_key(p, "response");
		p = put_hex_string(p, x->resp);
		if (!xact_is_verb(x)) {
			p = put_key(p, "response_ex");
			p = put_hex_string(p, x->resp_ex);
		}
		if (d->name) {
			p = put_key(p, "response_fields");
			p = json_put_field_object(p, &d->resp);
		}
	}
	p = put_key(p, "certainty");
	return json_put_quoted(p, certainty_name(x->certainty));
}

static struct err *json_put(struct sink *base, const struct xact *x, const struct decoded *d)
{
	struct json_sink *s = (struct json_sink *)base;
	char *p;
	struct err *e = out_room(&s->out, &p);

	if (e)
		return e;
	p = put_lit(p, "{\"n\":");
	p = text_dec(p, x->index);
	p = put_key(p, "ctrl");
	out_took(&s->out, p);
	e = json_put_ctrl(s, x->ctrl);
	if (!e)
		e = out_room(&s->out, &p);
	if (e)
		return e;
	p = put_numbers(s, p, x, d);
	if (x->line) {
		p = put_key(p, "line");
		p = text_dec(p, x->line);
	}
	if (x->kind == XACT_GAP) {
		p = put_key(p, "count");
		p = text_dec(p, x->count);
	}
	if (x->text_len && x->kind >= XACT_RESET) {
		p = put_key(p, "text");
		out_took(&s->out, p);
		e = json_add_text(s, x->text, x->text_len);
		if (!e)
			e = out_room(&s->out, &p);
		if (e)
			return e;
	}
	p = put_lit(p, "}\n");
	out_took(&s->out, p);
	return NULL;
}

static struct err *json_again(struct sink *base, const struct xact *last, uint64_t more)
{
	struct json_sink *s = (struct json_sink *)base;
	char *p;
	struct err *e = out_room(&s->out, &p);

	if (e)
		return e;
	p = put_lit(p, "{\"n\":");
	p = text_dec(p, last->index);
	p = put_lit(p, ",\"kind\":\"again\",\"more\":");
	p = text_dec(p, more);
	p = put_lit(p, "}\n");
	out_took(&s->out, p);
	return NULL;
}

static struct err *json_flush(struct sink *base)
{
	return out_flush(&((struct json_sink *)base)->out);
}

static void json_destroy(struct sink *base)
{
	struct json_sink *s = (struct json_sink *)base;

	out_deinit(&s->out);
	buf_deinit(&s->scratch);
	free(s);
}

struct err *json_sink_create(const struct json_options *opt, struct sink **out)
{
	static const struct sink_ops ops = {
		.put = json_put, .effect = json_effect, .again = json_again, .flush = json_flush,
		.destroy = json_destroy,
	};
	struct json_sink *s = calloc(1, sizeof(*s));
	struct err *e;

	*out = NULL;
	if (!s)
		return err_nomem();
	s->base.ops = &ops;
	s->base.origin = EVENT_TIME_NONE;
	s->opt = *opt;
	e = out_init(&s->out, opt->fd);
	if (e) {
		json_destroy(&s->base);
		return e;
	}
	*out = &s->base;
	return NULL;
}
