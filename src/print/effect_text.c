// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints effects as text: one line each, except that accesses to one widget in a row share a
 * line.
 */
#include "base/bits.h"
#include "base/err.h"
#include "codec/effect/eld.h"
#include "codec/effect/infoframe.h"
#include "event/event.h"
#include "print/render.h"
#include "print/xact_text_int.h"

/* Adds " (name: meaning, fields)", those parts that exist. */
static char *put_paren(char *p, const struct effect *e)
{
	struct fields fs;
	const char *sep = " (";

	if (e->name) {
		p = put_str(p, sep);
		p = put_str(p, e->name);
		sep = ": ";
	}
	if (e->meaning) {
		p = put_str(p, sep);
		p = put_str(p, e->meaning);
		sep = ", ";
	}
	if (e->fields) {
		effect_fields(e, &fs);
		p = put_field_list(p, &fs, sep);
	}
	if (e->name || e->meaning)
		*p++ = ')';
	return p;
}

static char *put_effect_value(char *p, const struct effect *e)
{
	if (e->is_float)
		return put_float(p, e->value);
	return put_hex_pad(p, e->value, effect_spaces[e->space].value_digits);
}

/* "amp 38: reg 23ff", "i2c 48: [1b05]", "coef[45]", "coef 57[03]" */
static char *put_register(char *p, const struct effect *e)
{
	const struct effect_space_row *r = &effect_spaces[e->space];

	if (e->space == SPACE_BAR) {
		p = put_str(p, r->name);
		p = text_dec(p, e->unit);
	} else if (e->has_unit && r->unit) {
		p = put_str(p, r->unit);
		*p++ = ' ';
		p = put_hex_pad(p, e->unit, 2);
		p = put_lit(p, ": ");
		if (strcmp(r->name, r->unit)) {
			p = put_str(p, r->name);
			*p++ = ' ';
			return put_hex_pad(p, e->addr, r->addr_digits);
		}
	} else if (e->space == SPACE_AMP) {
		p = put_lit(p, "amp ?: reg ");
		return put_hex_pad(p, e->addr, r->addr_digits);
	} else {
		p = put_str(p, r->name);
		if (!e->main_nid && (e->space == SPACE_COEF || e->space == SPACE_COEF_INDEX)) {
			*p++ = ' ';
			p = text_hex(p, e->nid, 2);
		}
	}
	if (e->space == SPACE_COEF_INDEX)
		return p;
	*p++ = '[';
	p = put_hex_pad(p, e->addr, r->addr_digits);
	*p++ = ']';
	return p;
}

static char *put_times(char *p, const struct effect *e, const char *what)
{
	if (e->repeats < 2)
		return p;
	p = put_str(p, what);
	p = text_dec(p, e->repeats);
	return put_lit(p, " times");
}

/* Registers of all spaces but a widget's own controls. */
static char *put_access(char *p, const struct effect *e)
{
	unsigned int digits = effect_spaces[e->space].value_digits;

	p = put_register(p, e);
	switch (e->kind) {
	case EFFECT_READ:
	case EFFECT_POLL:
		if (e->has_value) {
			p = put_lit(p, " is ");
			p = put_effect_value(p, e);
		} else {
			p = put_lit(p, " was read");
		}
		p = put_paren(p, e);
		return put_times(p, e, ", read ");
	case EFFECT_UPDATE:
		p = put_lit(p, " = ");
		p = put_effect_value(p, e);
		if (e->mask) {
			p = put_lit(p, ", mask ");
			p = put_hex_pad(p, e->mask, digits);
			p = put_lit(p, " bits ");
			p = put_hex_pad(p, e->value & e->mask, digits);
		} else {
			p = put_lit(p, ", unchanged");
		}
		return put_paren(p, e);
	default:
		p = put_lit(p, " = ");
		/* the data of this command were written before */
		p = e->space == SPACE_AMP && !e->has_value ? put_lit(p, "?") : put_effect_value(p, e);
		p = put_paren(p, e);
		return put_times(p, e, ", ");
	}
}

/* "OUT", "EAPD on", "select 1", "config 90170110: ..." */
static char *put_control(char *p, const struct effect *e)
{
	struct fields fs;

	effect_fields(e, &fs);
	if (effect_spaces[e->space].value_digits == 8) {	/* pin default, subsystem id */
		p = put_str(p, effect_spaces[e->space].name);
		*p++ = ' ';
		p = put_hex_pad(p, e->value, 8);
		if (e->kind == EFFECT_UPDATE) {
			p = put_lit(p, " mask ");
			p = put_hex_pad(p, e->mask, 8);
		}
		return put_field_list(p, &fs, ": ");
	}
	if (e->name && *e->name) {
		p = put_str(p, e->name);
		if (fs.n == 1 && !fs.rest && fs.f[0].desc->kind != FIELD_FLAG) {
			*p++ = ' ';
			p = put_value(p, &fs.f[0]);
		} else {
			char *q = p;

			p = put_field_list(p, &fs, " ");
			if (p == q && fs.n) {	/* flags, none of them set */
				*p++ = ' ';
				p = put_hex_min(p, e->value);
			}
		}
	} else if (fs.n || fs.rest) {
		p = put_field_list(p, &fs, "");
	} else if (!e->name) {	/* an unknown verb */
		p = put_lit(p, "verb ");
		p = text_hex(p, e->addr, 3);
		p = put_lit(p, " = ");
		p = put_hex_pad(p, e->value, 2);
	}
	if (e->meaning) {
		p = put_lit(p, " (");
		p = put_str(p, e->meaning);
		*p++ = ')';
	}
	if (e->has_old && e->old == (e->addr == 0x300 ? e->value & 0xff : e->value)) {
		p = put_lit(p, " (as before)");
	} else if (e->has_old) {
		p = put_lit(p, " (was ");
		p = put_hex_min(p, e->old);
		*p++ = ')';
	}
	if (e->verified)
		p = put_lit(p, " (verified)");
	return put_times(p, e, ", ");
}

static char *put_read(char *p, const struct effect *e)
{
	struct fields fs;

	if (e->name)
		p = put_str(p, e->name);
	effect_ask_fields(e, &fs);
	if (fs.n || fs.rest) {
		*p++ = '(';
		p = put_fields(p, &fs);
		*p++ = ')';
	}
	if (e->has_value) {
		effect_fields(e, &fs);
		p = put_lit(p, " = ");
		p = put_fields(p, &fs);
	}
	return put_times(p, e, ", read ");
}

static char *put_rates(char *p, const struct eld_sad *s)
{
	for (unsigned int i = 0; i < 7; i++) {
		if (!bit(s->rates, i))
			continue;
		*p++ = ' ';
		p = text_dec(p, eld_rate(i) / 1000);
		if (eld_rate(i) % 1000) {
			*p++ = '.';
			p = text_dec(p, eld_rate(i) / 100 % 10);
		}
	}
	p = put_lit(p, " kHz");
	for (unsigned int i = 0; i < 3; i++) {
		if (!bit(s->sizes, i))
			continue;
		*p++ = ' ';
		p = text_dec(p, 16 + 4 * i);
	}
	if (s->sizes)
		p = put_lit(p, " bit");
	if (s->kbps) {
		*p++ = ' ';
		p = text_dec(p, s->kbps);
		p = put_lit(p, " kbit/s");
	}
	return p;
}

static char *put_eld(char *p, const struct eld *eld, struct buf *scratch)
{
	const char *sep = ", speakers ";

	p = put_lit(p, "ELD of ");
	p = text_dec(p, eld->len);
	p = put_lit(p, " bytes");
	if (eld->monitor[0]) {
		buf_clear(scratch);
		text_add_safe(scratch, eld->monitor, strnlen(eld->monitor, sizeof(eld->monitor)));
		p = put_lit(p, ": \"");
		p = put_str(p, buf_str(scratch));
		*p++ = '"';
	}
	if (eld->len >= 20) {
		p = eld->connection == 1 ? put_lit(p, ", DisplayPort") : put_lit(p, ", HDMI");
		if (eld->delay_ms2) {
			p = put_lit(p, ", delay ");
			p = text_dec(p, 2u * eld->delay_ms2);
			p = put_lit(p, " ms");
		}
		for (unsigned int i = 0; i < 7; i++) {
			if (!bit(eld->speakers, i))
				continue;
			p = put_str(p, sep);
			sep = " ";
			p = put_str(p, eld_speaker_name(i));
		}
	}
	for (unsigned int i = 0; i < eld->nsads; i++) {
		p = put_lit(p, ", ");
		p = put_str(p, eld_format_name(eld->sad[i].format));
		*p++ = ' ';
		p = text_dec(p, eld->sad[i].channels);
		p = put_lit(p, " ch");
		p = put_rates(p, &eld->sad[i]);
	}
	if (eld->problem) {
		p = put_lit(p, "; ");
		p = put_str(p, eld->problem);
	}
	return p;
}

static char *put_infoframe(char *p, const struct effect *e)
{
	const struct infoframe *f = e->infoframe;
	const char *speakers = infoframe_speakers(f->allocation);

	p = put_lit(p, "packet ");
	p = text_dec(p, e->unit);
	if (!f->audio) {
		for (unsigned int i = 0; i < INFOFRAME_BYTES; i++) {
			if (!bit(f->have, i))
				continue;
			*p++ = ' ';
			p = text_hex(p, f->data[i], 2);
		}
		return f->have ? p : put_lit(p, " selected");
	}
	p = put_lit(p, ": audio infoframe, ");
	p = f->dp ? put_lit(p, "DisplayPort, ") : put_lit(p, "HDMI, ");
	if (f->channels) {
		p = text_dec(p, f->channels);
		p = put_lit(p, " channels, ");
	}
	if (f->coding) {
		p = put_str(p, eld_format_name(f->coding));
		p = put_lit(p, ", ");
	}
	p = put_lit(p, "CA ");
	p = text_hex(p, f->allocation, 2);
	if (speakers) {
		*p++ = ' ';
		p = put_str(p, speakers);
	}
	return f->dp || f->checksum_ok ? p : put_lit(p, ", wrong checksum");
}

static char *put_walk(char *p, const struct effect *e)
{
	p = put_lit(p, "walk: capabilities and state of ");
	p = text_hex(p, e->nid, 2);
	if (e->last_nid != e->nid) {
		p = put_lit(p, " to ");
		p = text_hex(p, e->last_nid, 2);
	}
	return p;
}

char *put_effect(char *p, const struct effect *e, struct buf *scratch)
{
	if (e->kind == EFFECT_WALK)
		return put_walk(p, e);
	if (e->kind == EFFECT_COMMAND) {
		p = put_str(p, effect_spaces[e->space].name);
		*p++ = ' ';
		p = put_str(p, e->name ? e->name : "command");
		*p++ = ' ';
		p = put_hex_pad(p, e->value, 2);
		if (!e->meaning)
			return p;
		p = put_lit(p, " (");
		p = put_str(p, e->meaning);
		*p++ = ')';
		return p;
	}
	if (e->object) {
		p = put_str(p, e->object);
		*p++ = ' ';
		p = text_hex(p, e->nid, 2);
		p = put_lit(p, ": ");
	}
	switch (e->space) {
	case SPACE_ELD:
		return e->eld ? put_eld(p, e->eld, scratch) : p;
	case SPACE_INFOFRAME:
		return e->infoframe ? put_infoframe(p, e) : p;
	case SPACE_VERB:
		return effect_is_reading(e) ? put_read(p, e) : put_control(p, e);
	case SPACE_CONFIG:
	case SPACE_SUBSYSTEM:
		return put_control(p, e);
	default:
		return put_access(p, e);
	}
}

struct err *text_end_line(struct text_sink *s)
{
	struct err *e;
	char *p;

	if (!s->open)
		return NULL;
	s->open = false;
	e = out_room(&s->out, &p);
	if (e)
		return e;
	if (s->open_verbs > 1) {
		p = put_lit(p, "  ");
		p = text_put_colour(s, p, COLOUR_DIM);
		*p++ = '[';
		p = text_dec(p, s->open_verbs);
		p = put_lit(p, " verbs]");
		p = text_put_colour(s, p, COLOUR_OFF);
	}
	p = text_put_certainty(s, p, s->open_certainty);
	*p++ = '\n';
	out_took(&s->out, p);
	return text_fit_line(s);
}

/* True if a control can be appended to the line of the effects before it. */
static bool joins(const struct text_sink *s, const struct effect *e)
{
	return s->open && s->open_nid == e->nid && s->open_cad == e->cad &&
	       s->open_ctrl == e->ctrl && e->kind == EFFECT_WRITE &&
	       (e->space == SPACE_VERB || e->space == SPACE_CONFIG);
}

struct err *text_effect(struct sink *base, const struct effect *e)
{
	struct text_sink *s = (struct text_sink *)base;
	struct err *err = NULL;
	char *p;

	if (e->kind == EFFECT_XACT)
		return base->ops->put(base, e->x, e->d);
	bool join = joins(s, e);
	if (!join)
		err = text_end_line(s);
	if (!err)
		err = out_room(&s->out, &p);
	if (err)
		return err;
	if (join) {
		p = put_lit(p, ", ");
		p = put_control(p, e);
		s->open_verbs += e->verbs;
		if (s->open_certainty == CERT_EXACT)
			s->open_certainty = e->certainty;
		out_took(&s->out, p);
		/* bounds the length of a line, whatever a driver does */
		return s->open_verbs < 64 ? NULL : text_end_line(s);
	}
	text_begin_line(s, p);
	p = text_put_time(s, p, e->time, e->first);
	p = text_put_ctrl(s, p, e->ctrl);
	p = text_dec(p, e->cad);
	p = put_lit(p, "  ");
	bool reads = effect_is_reading(e) || e->kind == EFFECT_WALK;
	p = text_put_colour(s, p, reads ? COLOUR_GET : COLOUR_SET);
	p = put_effect(p, e, &s->scratch);
	p = text_put_colour(s, p, COLOUR_OFF);
	out_took(&s->out, p);
	s->open = true;
	/* only a line with a widget's controls stays open for more */
	s->open_nid = e->nid;
	s->open_cad = e->cad;
	s->open_ctrl = e->ctrl;
	s->open_certainty = e->certainty;
	s->open_verbs = e->verbs;
	if (e->kind != EFFECT_WRITE || (e->space != SPACE_VERB && e->space != SPACE_CONFIG))
		return text_end_line(s);
	return NULL;
}
