// SPDX-License-Identifier: GPL-2.0-or-later
/* Effects as JSON lines. */
#include "base/err.h"
#include "codec/effect/eld.h"
#include "codec/effect/infoframe.h"
#include "event/event.h"
#include "print/render.h"
#include "print/json/xact_json_int.h"

static char *put_effect_value(char *p, const struct effect *e)
{
	struct fields fs;

	if (e->has_unit || e->unit) {
		p = put_key(p, "unit");
		p = text_dec(p, e->unit);
	}
	if (e->kind != EFFECT_WALK) {
		p = put_key(p, "addr");
		p = text_dec(p, e->addr);
	}
	if (e->has_value && !e->eld && !e->infoframe) {
		p = put_key(p, "value");
		p = text_dec(p, e->value);
	}
	if (e->is_float && (e->value & 0x7f800000) != 0x7f800000) {
		p = put_key(p, "float");
		p = put_float(p, e->value);
	}
	if (e->has_old) {
		p = put_key(p, "old");
		p = text_dec(p, e->old);
	}
	if (e->kind == EFFECT_UPDATE) {
		p = put_key(p, "mask");
		p = text_dec(p, e->mask);
	}
	if (e->verified)
		p = put_lit(p, ",\"verified\":true");
	effect_ask_fields(e, &fs);
	if (fs.n || fs.rest) {
		p = put_key(p, "ask");
		p = json_put_field_object(p, &fs);
	}
	effect_fields(e, &fs);
	if (e->has_value && (fs.n || fs.rest)) {
		p = put_key(p, "fields");
		p = json_put_field_object(p, &fs);
	}
	return p;
}

static char *put_bytes(char *p, const uint8_t *b, unsigned int n)
{
	*p++ = '"';
	for (unsigned int i = 0; i < n; i++)
		p = text_hex(p, b[i], 2);
	*p++ = '"';
	return p;
}

static struct err *put_eld(struct json_sink *s, const struct eld *eld)
{
	struct err *e;
	char *p;

	e = out_room(&s->out, &p);
	if (e)
		return e;
	p = put_key(p, "eld");
	p = put_lit(p, "{\"data\":");
	p = put_bytes(p, eld->data, eld->len);
	p = put_key(p, "monitor");
	out_took(&s->out, p);
	e = json_add_text(s, eld->monitor, strnlen(eld->monitor, sizeof(eld->monitor)));
	if (!e)
		e = out_room(&s->out, &p);
	if (e)
		return e;
	p = put_key(p, "connection");
	p = json_put_quoted(p, eld->connection == 1 ? "DisplayPort" : "HDMI");
	p = put_key(p, "delay_ms");
	p = text_dec(p, 2u * eld->delay_ms2);
	p = put_key(p, "speakers");
	p = text_dec(p, eld->speakers);
	p = put_key(p, "formats");
	*p++ = '[';
	for (unsigned int i = 0; i < eld->nsads; i++) {
		const struct eld_sad *a = &eld->sad[i];

		p = i ? put_lit(p, ",{\"format\":") : put_lit(p, "{\"format\":");
		p = json_put_quoted(p, eld_format_name(a->format));
		p = put_key(p, "channels");
		p = text_dec(p, a->channels);
		p = put_key(p, "rates");
		p = text_dec(p, a->rates);
		p = put_key(p, "sizes");
		p = text_dec(p, a->sizes);
		p = put_key(p, "kbps");
		p = text_dec(p, a->kbps);
		*p++ = '}';
	}
	*p++ = ']';
	if (eld->problem) {
		p = put_key(p, "problem");
		p = json_put_quoted(p, eld->problem);
	}
	*p++ = '}';
	out_took(&s->out, p);
	return NULL;
}

static char *put_infoframe(char *p, const struct infoframe *f)
{
	const char *speakers = infoframe_speakers(f->allocation);

	p = put_key(p, "infoframe");
	p = put_lit(p, "{\"data\":");
	p = put_bytes(p, f->data, INFOFRAME_BYTES);
	p = put_key(p, "written");
	p = text_dec(p, f->have);
	p = put_key(p, "audio");
	p = put_str(p, f->audio ? "true" : "false");
	if (f->audio) {
		p = put_key(p, "layout");
		p = json_put_quoted(p, f->dp ? "DisplayPort" : "HDMI");
		p = put_key(p, "channels");
		p = text_dec(p, f->channels);
		p = put_key(p, "coding");
		p = text_dec(p, f->coding);
		p = put_key(p, "allocation");
		p = text_dec(p, f->allocation);
		if (speakers) {
			p = put_key(p, "speakers");
			p = json_put_quoted(p, speakers);
		}
		if (!f->dp) {
			p = put_key(p, "checksum_ok");
			p = put_str(p, f->checksum_ok ? "true" : "false");
		}
	}
	*p++ = '}';
	return p;
}

static char *put_effect_head(const struct json_sink *s, char *p, const struct effect *e)
{
	if (e->time != EVENT_TIME_NONE) {
		p = put_key(p, "time");
		p = json_put_time(s, p, e->time);
	}
	p = put_key(p, "first");
	p = text_dec(p, e->first);
	p = put_key(p, "last");
	p = text_dec(p, e->last);
	p = put_key(p, "verbs");
	p = text_dec(p, e->verbs);
	p = put_key(p, "repeats");
	p = text_dec(p, e->repeats);
	p = put_key(p, "cad");
	p = text_dec(p, e->cad);
	p = put_key(p, "nid");
	p = text_dec(p, e->nid);
	if (e->kind == EFFECT_WALK) {
		p = put_key(p, "last_nid");
		p = text_dec(p, e->last_nid);
	}
	p = put_key(p, "space");
	p = json_put_quoted(p, effect_spaces[e->space].name);
	if (e->object) {
		p = put_key(p, "object");
		p = json_put_quoted(p, e->object);
	}
	if (e->name && *e->name) {
		p = put_key(p, "name");
		p = json_put_quoted(p, e->name);
	}
	if (e->meaning) {
		p = put_key(p, "meaning");
		p = json_put_quoted(p, e->meaning);
	}
	return p;
}

struct err *json_effect(struct sink *base, const struct effect *e)
{
	struct json_sink *s = (struct json_sink *)base;
	struct err *err;
	char *p;

	if (e->kind == EFFECT_XACT)
		return base->ops->put(base, e->x, e->d);
	err = out_room(&s->out, &p);
	if (err)
		return err;
	p = put_lit(p, "{\"effect\":");
	p = json_put_quoted(p, effect_kind_name(e->kind));
	p = put_key(p, "ctrl");
	out_took(&s->out, p);
	err = json_put_ctrl(s, e->ctrl);
	if (!err)
		err = out_room(&s->out, &p);
	if (err)
		return err;
	p = put_effect_head(s, p, e);
	p = put_effect_value(p, e);
	if (e->infoframe)
		p = put_infoframe(p, e->infoframe);
	out_took(&s->out, p);
	if (e->eld)
		err = put_eld(s, e->eld);
	if (!err)
		err = out_room(&s->out, &p);
	if (err)
		return err;
	p = put_key(p, "certainty");
	p = json_put_quoted(p, certainty_name(e->certainty));
	p = put_lit(p, "}\n");
	out_took(&s->out, p);
	return NULL;
}
