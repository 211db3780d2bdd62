// SPDX-License-Identifier: GPL-2.0-or-later
/* Decides the kind of a step, its order among the others, and the registers that it writes. */
#include "analyse/steps/steps_int.h"
#include "base/bits.h"

const char *step_kind_name(enum step_kind kind)
{
	static const char *const names[STEP_KINDS] = {
		[STEP_VERB] = "verb", [STEP_BYTES] = "bytes", [STEP_COEF] = "coef",
		[STEP_PORT] = "amplifier", [STEP_I2C] = "i2c", [STEP_CHIP] = "chip",
		[STEP_GPIO] = "gpio", [STEP_INFOFRAME] = "infoframe", [STEP_POWER] = "power",
		[STEP_RESET] = "reset", [STEP_LINK_RESET] = "controller reset",
		[STEP_RELATIVE] = "relative",
	};

	return kind < STEP_KINDS ? names[kind] : "unknown";
}

static bool is_standard(const struct verb_row *r)
{
	return r >= verb_rows && r < verb_rows + verb_row_count;
}

/*
 * The widgets' own verbs write registers, except for these. GPIOs act outside the codec: a
 * pulse on one may reset an amplifier (kernel alc_update_gpio_data() and its callers), so
 * each change is kept. A vendor's verb that cannot be read back, or an unknown one, may do
 * anything.
 */
static void classify_verb(struct step *t)
{
	t->kind = STEP_VERB;
	t->order = ORDER_STATE;
	switch (t->addr) {
	case 0x705:
		t->kind = STEP_POWER;
		t->order = ORDER_CONTEXT;
		break;
	case 0x735:
		t->order = ORDER_CONTEXT;
		break;
	case 0x7ff:
		t->kind = STEP_RESET;
		t->order = ORDER_RESET;
		break;
	case 0x709:
		t->order = ORDER_NOTHING;
		break;
	case 0x715:
	case 0x716:
	case 0x717:
		t->kind = STEP_GPIO;
		t->order = ORDER_KEPT;
		break;
	case 0x400:
	case 0xc00:
		t->kind = STEP_RELATIVE;
		t->order = ORDER_KEPT;
		t->asks = t->addr == 0xc00;
		break;
	}
	if (!t->row || (!is_standard(t->row) && t->row->get == VERB_NONE)) {
		if (t->kind != STEP_RELATIVE)
			t->kind = STEP_VERB;
		t->order = ORDER_KEPT;
	}
}

void step_classify(struct step *t)
{
	switch (t->space) {
	case SPACE_VERB:
		classify_verb(t);
		break;
	case SPACE_CONFIG:
	case SPACE_SUBSYSTEM:
		t->kind = STEP_BYTES;
		t->order = ORDER_STATE;
		break;
	case SPACE_COEF:
		t->kind = STEP_COEF;
		t->order = ORDER_STATE;	/* except a command: see step_coef_is_ordered() */
		break;
	case SPACE_COEF_INDEX:
		t->kind = STEP_COEF;
		t->order = ORDER_NOTHING;
		break;
	case SPACE_AMP:
		t->kind = STEP_PORT;
		t->order = ORDER_KEPT;
		break;
	case SPACE_I2C:
		t->kind = STEP_I2C;
		t->order = ORDER_KEPT;
		break;
	case SPACE_INFOFRAME:
		t->kind = STEP_INFOFRAME;
		t->order = ORDER_STATE;
		break;
	case SPACE_FLAG:
	case SPACE_PARAM:
		t->kind = STEP_CHIP;
		t->order = t->effect_kind == EFFECT_WRITE ? ORDER_STATE : ORDER_KEPT;
		break;
	default:	/* a chip's memory and messages: their effect is unknown */
		t->kind = STEP_CHIP;
		t->order = ORDER_KEPT;
		break;
	}
}

bool step_coef_is_ordered(const struct step_codec *c, unsigned int nid, unsigned int coef)
{
	if (nid == PORT_NID && c->port &&
	    port_role_of(&realtek_ports[c->port - 1], coef) != ROLE_NONE)
		return true;
	if (nid == I2C_NID && c->vendor_id == 0x10138409 && coef >= I2C_ADDR && coef <= I2C_QREAD)
		return true;
	for (unsigned int i = 0; i < c->n_commands; i++)
		if (c->commands[i].nid == nid && c->commands[i].coef == coef)
			return true;
	return false;
}

/* --- registers ------------------------------------------------------------------- */

/* Payload of 3xx: selects amplifiers, channels and index. */
static unsigned int amp_regs(const struct step *t, struct step_reg *out)
{
	unsigned int n = 0, p = t->value, index = (unsigned int)bits(p, 11, 8);

	for (unsigned int side = 0; side < 4; side++) {
		bool output = side & 2, left = side & 1;

		if (!bit(p, output ? 15 : 14) || !bit(p, left ? 13 : 12))
			continue;
		out[n++] = (struct step_reg){
			.key = REG_KEY(SPACE_VERB, t->nid, (output ? 0x8000u : 0) |
				       index << 8 | left, 0x300),
			.value = p & 0xff, .mask = 0xff,
		};
	}
	return n;
}

static unsigned int verb_regs(const struct steps *a, const struct step *t, struct step_reg *out)
{
	unsigned int n = 0;

	if (t->kind == STEP_RELATIVE || t->kind == STEP_RESET || t->kind == STEP_LINK_RESET)
		return 0;
	if (t->addr == 0x300 && is_standard(t->row))
		return amp_regs(t, out);
	/* a GPIO step has several verbs, other steps have one */
	for (uint32_t i = 0; i < t->n_verbs && n < STEP_REGS_MAX; i++) {
		struct verb_parts v = verb_split(step_verbs(a, t)[i].word);

		out[n++] = (struct step_reg){
			.key = REG_KEY(SPACE_VERB, t->nid, t->dev, v.id),
			.value = v.payload, .mask = v.wide ? 0xffff : 0xff,
		};
	}
	return n;
}

/* Each byte of a packet is a register. */
static unsigned int infoframe_regs(const struct steps *a, const struct step *t,
				   struct step_reg *out)
{
	unsigned int n = 0, at = 0;

	if (t->order == ORDER_KEPT)
		return 0;	/* the bytes' index is unknown */
	for (uint32_t i = 0; i < t->n_verbs; i++) {
		struct verb_parts v = verb_split(step_verbs(a, t)[i].word);

		if (v.id == 0x730) {
			at = v.payload & 0x1f;
		} else if (v.id == 0x731 && n < STEP_REGS_MAX) {
			out[n++] = (struct step_reg){
				.key = REG_KEY(SPACE_INFOFRAME, t->nid, t->dev,
					       (t->unit & 7) << 5 | at),
				.value = v.payload, .mask = 0xff,
			};
			at = (at + 1) & 0x1f;
		}
	}
	return n;
}

unsigned int step_regs(const struct steps *a, const struct step *t, struct step_reg *out)
{
	switch (t->space) {
	case SPACE_VERB:
		return verb_regs(a, t, out);
	case SPACE_INFOFRAME:
		return infoframe_regs(a, t, out);
	case SPACE_CONFIG:
	case SPACE_SUBSYSTEM:
		out[0] = (struct step_reg){
			REG_KEY(t->space, t->nid, t->dev, 0), t->value,
			t->effect_kind == EFFECT_UPDATE ? t->mask : UINT32_MAX,
		};
		return 1;
	case SPACE_COEF_INDEX:
		return 0;
	case SPACE_COEF:
		out[0] = (struct step_reg){ REG_KEY(t->space, t->nid, 0, t->addr), t->value, 0xffff };
		return 1;
	default:
		if (t->effect_kind == EFFECT_COMMAND || t->asks || t->no_value)
			return 0;
		out[0] = (struct step_reg){
			REG_KEY(t->space, t->nid, t->unit, t->addr), t->value, UINT32_MAX,
		};
		return 1;
	}
}

uint32_t reg_canonical(reg_key key, uint32_t value)
{
	if (reg_key_space(key) != SPACE_VERB)
		return value;
	switch ((uint32_t)key) {
	case 0x706:
		return value & 0xf0 ? 0xf0 | (value & 0xf) : 0;
	case 0x708:
		return value & 0x80;
	default:
		return value;
	}
}

void step_effect(const struct steps *a, const struct step *t, struct effect *e)
{
	const struct step_codec *c = step_codec(a, t);

	*e = (struct effect){
		.first = t->first, .last = t->last, .time = t->time, .verbs = t->n_verbs,
		/* an immediate repetition is in the step only once */
		.repeats = t->order == ORDER_KEPT ? t->repeats : 1, .unit = t->unit, .addr = t->addr, .value = t->value,
		.old = t->old, .mask = t->mask, .object = t->object, .name = t->name,
		.meaning = t->meaning, .fields = t->fields, .shadow = c->shadow, .verb = t->verb,
		.ctrl = c->ctrl, .cad = c->cad, .nid = t->nid, .last_nid = t->nid,
		.kind = t->effect_kind, .space = t->space, .class = t->class,
		.certainty = t->certainty, .has_unit = t->has_unit, .has_value = !t->no_value,
		.has_old = t->has_old, .is_float = t->is_float, .main_nid = t->main_nid,
	};
}
