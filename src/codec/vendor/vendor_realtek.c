// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Realtek (10ec): coefficients by name, amplifiers behind coefficients, and the ALC5505 DSP
 * behind NID 51.
 */
#include "base/bits.h"
#include "codec/effect/coef_port.h"
#include "codec/effect/effect_queue.h"
#include "codec/fields.h"
#include "codec/vendor/coefs.h"
#include "codec/vendor/vendor.h"

const struct port_roles realtek_ports[PORT_GENERATIONS] = {
	{ .coef = { [ROLE_TARGET] = 0x22, [ROLE_REG] = 0x23, [ROLE_DATA_HIGH] = 0x24,
		    [ROLE_DATA_LOW] = 0x25, [ROLE_COMMAND] = 0x26 } },
	{ .coef = { [ROLE_TARGET] = 0x24, [ROLE_HIGH] = 0x25, [ROLE_REG] = 0x26,
		    [ROLE_DATA_HIGH] = 0x27, [ROLE_DATA_LOW] = 0x28, [ROLE_COMMAND] = 0x29 } },
};

struct port_state {
	uint16_t coef[ROLE_NONE];	/* last value of the coefficient, by its role */
	bool has_target, has_data;
	/* the driver wrote data since the last command; these were not 0 */
	bool new_data, new_value;
	/* the same for the last command itself */
	bool with_data, with_value;
};

struct realtek_state {
	uint8_t generation;	/* 1 or 2 after the first command; 0 = unknown */
	struct port_state port[ARRAY_SIZE(realtek_ports)];
};

/* The extent of the transfer that the last effect starts. */
struct transfer {
	unsigned int n;		/* number of effects, with the last one */
	bool has_reg;
};

static struct transfer find_transfer(struct effect_queue *fx, const struct port_roles *p)
{
	struct transfer t = { .n = 1 };
	unsigned int written = 0;	/* one bit for each role */
	bool looked = false;
	struct effect *e;

	for (unsigned int n = 1; (e = effect_queue_tail(fx, n)); n++) {
		unsigned int role = e->space == SPACE_COEF ? port_role_of(p, e->addr) : ROLE_NONE;

		if (role == ROLE_NONE || (role == ROLE_COMMAND && (looked || !effect_is_reading(e))))
			break;
		/*
		 * a read of the coefficients; before the first write it does not belong to
		 * this transfer
		 */
		if (role != ROLE_COMMAND && effect_is_reading(e)) {
			looked = true;
			continue;
		}
		/*
		 * a coefficient that is written again before the command belongs to an
		 * earlier transfer
		 */
		if (role != ROLE_COMMAND && written & 1u << role)
			break;
		written |= 1u << role;
		looked = false;
		/* polls for the end of the last transfer belong to this one too */
		t.n = n + 1;
		t.has_reg |= role == ROLE_REG;
	}
	return t;
}

/* Names for commands other than the two plain writes. */
static const char *command_name(uint32_t value)
{
	static const struct {
		uint16_t value;
		const char *name;
	} names[] = {
		{ 0xb010, "command b010" }, { 0xb014, "command b014" },
		{ 0xb017, "command b017" },
		{ 0xb018, "command b018" }, { 0xb021, "command b021" },
		{ 0xb022, "command b022" }, { 0xb023, "command b023" },
		{ 0xb024, "command b024" },
	};

	if (value == 0xb011 || value == 0xb020)
		return NULL;
	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].value == value)
			return names[i].name;
	return "another command";
}

static bool fold_transfer(struct effect_queue *fx, struct realtek_state *s, unsigned int generation)
{
	const struct port_roles *p = &realtek_ports[generation];
	struct port_state *port = &s->port[generation];
	struct effect *e = effect_queue_tail(fx, 0);
	struct transfer t;

	if (!effect_is_write(e) || e->addr != p->coef[ROLE_COMMAND] || !port_starts(e->value))
		return false;
	t = find_transfer(fx, p);
	if (!t.has_reg && s->generation != generation + 1)
		return false;
	s->generation = (uint8_t)(generation + 1);
	port->with_data = port->new_data;
	port->with_value = port->new_value;
	port->new_data = port->new_value = false;
	uint32_t command = e->value;

	e = effect_queue_fold(fx, t.n);
	e->kind = EFFECT_WRITE;
	e->space = SPACE_AMP;
	e->has_unit = port->has_target;
	e->unit = port->coef[ROLE_TARGET];
	e->addr = (uint32_t)port->coef[ROLE_HIGH] << 16 | port->coef[ROLE_REG];
	e->value = (uint32_t)port->coef[ROLE_DATA_HIGH] << 16 | port->coef[ROLE_DATA_LOW];
	/* without data it may be a read, or a write of the old data */
	e->has_value = port->has_data;
	e->has_old = false;
	e->mask = 0;
	e->repeats = 1;
	e->name = command_name(command);
	return true;
}

/*
 * After the command of a read the driver reads the answer: from the data coefficients, or
 * from the two coefficients after the command (a capture of an ALC245). A command with data
 * that are not 0, and one that is known to write, is never a read.
 */
static bool may_answer(const struct port_roles *p, const struct port_state *port,
		       const struct effect *amp, uint32_t coef, bool *high)
{
	unsigned int role = port_role_of(p, coef), behind = coef - p->coef[ROLE_COMMAND];

	*high = role == ROLE_DATA_HIGH || behind == 1;
	if (role == ROLE_DATA_HIGH || role == ROLE_DATA_LOW)
		return amp->kind == EFFECT_READ || !port->with_data ||
		       (!port->with_value && amp->name);
	return (behind == 1 || behind == 2) && !port->with_data;
}

static bool fold_answer(struct effect_queue *fx, struct realtek_state *s, unsigned int generation)
{
	const struct port_roles *p = &realtek_ports[generation];
	struct effect *e = effect_queue_tail(fx, 0), *amp;
	unsigned int n = 1;
	bool high;

	if (s->generation != generation + 1 || !effect_is_reading(e))
		return false;
	amp = effect_queue_tail(fx, n);
	if (amp && amp->space == SPACE_COEF && amp->addr == p->coef[ROLE_COMMAND] && effect_is_reading(amp))
		/* the driver waited for the end of the transfer */
		amp = effect_queue_tail(fx, ++n);
	if (!amp || amp->space != SPACE_AMP || !may_answer(p, &s->port[generation], amp, e->addr, &high))
		return false;
	struct effect was = *amp;
	uint32_t value = was.kind == EFFECT_READ && was.has_value ? was.value : 0;
	uint32_t part = e->value;
	bool known = e->has_value;

	e = effect_queue_fold(fx, n + 1);
	e->kind = EFFECT_READ;
	e->space = SPACE_AMP;
	e->has_unit = was.has_unit;
	e->unit = was.unit;
	e->addr = was.addr;
	e->name = was.name;
	e->repeats = 1;
	e->left_out = false;
	e->noise = false;
	e->has_value = known || (was.kind == EFFECT_READ && was.has_value);
	if (known)
		value = high ? part << 16 | (value & 0xffff) : (value & 0xffff0000) | (part & 0xffff);
	e->value = value;
	return true;
}

/*
 * The ALC5505: a 32-bit register at byte address r consists of the coefficients r / 2 and r /
 * 2 + 1, low half first (kernel alc5505_coef_set()).
 */
static void fold_5505(struct effect_queue *fx)
{
	struct effect *b = effect_queue_tail(fx, 0), *a = effect_queue_tail(fx, 1);

	if (!a || a->space != SPACE_COEF || b->addr != a->addr + 1 || a->addr & 1 ||
	    a->kind != b->kind || (a->kind != EFFECT_WRITE && a->kind != EFFECT_READ) ||
	    !a->has_value || !b->has_value)
		return;
	uint32_t value = b->value << 16 | (a->value & 0xffff), addr = a->addr * 2;

	b = effect_queue_fold(fx, 2);
	b->space = SPACE_ALC5505;
	b->addr = addr;
	b->value = value;
}

static void realtek_after_coef(struct effect_queue *fx)
{
	struct realtek_state *s = fx->state;
	struct effect *e = effect_queue_tail(fx, 0);

	if (e->nid == 0x51) {
		fold_5505(fx);
		return;
	}
	if (e->nid != PORT_NID || e->space != SPACE_COEF)
		return;
	for (unsigned int g = 0; g < ARRAY_SIZE(realtek_ports); g++) {
		unsigned int role = port_role_of(&realtek_ports[g], e->addr);

		if (role == ROLE_NONE && !(effect_is_reading(e) && s->generation == g + 1))
			continue;
		if (effect_is_write(e)) {
			s->port[g].coef[role] = (uint16_t)e->value;
			s->port[g].has_target |= role == ROLE_TARGET;
			if (role == ROLE_DATA_HIGH || role == ROLE_DATA_LOW) {
				s->port[g].has_data = s->port[g].new_data = true;
				s->port[g].new_value |= e->value & 0xffff;
			}
		}
		if (s->generation && s->generation != g + 1)
			continue;
		if (fold_transfer(fx, s, g) || fold_answer(fx, s, g))
			return;
	}
}

/* --- names ------------------------------------------------------------------- */

#define CODECS(name, ...) static const uint16_t codecs_##name[] = { __VA_ARGS__ };
#define COEF(codecs, nid, index, name)
#define VALUE(codecs, nid, index, mask, value, meaning)
#include "codec/vendor/realtek_coefs.def"
#undef CODECS
#undef COEF
#undef VALUE

#define CODECS(name, ...)
#define COEF COEF_ROW
#define VALUE VALUE_ROW
static const struct coef_row coefs[] = {
#include "codec/vendor/realtek_coefs.def"
};

static unsigned int window(uint32_t vendor_id)
{
	return vendor_id == 0x10ec0260 ? 0x1a : 0x20;
}

/* Names the coefficients of an amplifier port after its first transfer. */
static void realtek_name(struct effect_queue *fx, struct effect *e)
{
	static const char *const roles[] = {
		"amp port: target", "amp port: register, high", "amp port: register",
		"amp port: data high", "amp port: data low", "amp port: command",
	};
	const struct realtek_state *s = fx->state;

	if (e->space != SPACE_COEF || e->nid != 0x20 || !s->generation)
		return;
	unsigned int role = port_role_of(&realtek_ports[s->generation - 1], e->addr);

	if (role != ROLE_NONE)
		e->name = roles[role];
}

/* --- words --------------------------------------------------------------------- */

static bool realtek_match(uint32_t vendor_id)
{
	return vendor_id >> 16 == 0x10ec;
}

/*
 * The pin configuration of NID 1d (17 on the ALC260) does not describe a pin: if bits 19:16
 * hold the number of ones in bits 15:1, it describes the board's wiring (kernel
 * alc_auto_parse_customize_define() and alc_subsystem_id()).
 */
static bool is_sku(const struct shadow *s, unsigned int nid, uint32_t v)
{
	return nid == (s->vendor_id == 0x10ec0260 ? 0x17 : 0x1d) && bit(v, 0) &&
	       bits(v, 31, 30) == 1 &&
	       bits(v, 19, 16) == (unsigned int)__builtin_popcount(v & 0xfffe);
}

/* Bit 7 of the pin caps is not HDMI here (kernel hda_proc.c, print_pin_caps). */
static const struct field_list *realtek_answer(const struct shadow *s, const struct verb_parts *v,
					       uint32_t resp)
{
	if (v->id == 0xf00 && v->payload == 0x0c)
		return &fl_par_pin_realtek;
	if (v->id == 0xf1c && is_sku(s, v->nid, resp))
		return &fl_realtek_sku;
	return NULL;
}

/* The ALC880's tag has four bits, at the top (kernel alc880_unsol_event). */
static const struct field_list *realtek_unsol(const struct shadow *s, uint32_t resp)
{
	(void)resp;
	return s->vendor_id == 0x10ec0880 ? &fl_unsol_alc880 : NULL;
}

/* True if coefficients of a port were written and the command has not come yet. */
static bool realtek_is_open(struct effect_queue *fx, const struct effect *last)
{
	const struct realtek_state *s = fx->state;

	/* the driver may read the answer next */
	if (last->space == SPACE_AMP)
		return s->generation && !s->port[s->generation - 1].with_data;
	if (last->space != SPACE_COEF || last->nid != 0x20 || !effect_is_write(last))
		return false;
	for (unsigned int g = 0; g < ARRAY_SIZE(realtek_ports); g++) {
		unsigned int role = port_role_of(&realtek_ports[g], last->addr);

		if ((!s->generation || s->generation == g + 1) && role != ROLE_NONE &&
		    role != ROLE_COMMAND)
			return true;
	}
	return false;
}

const struct vendor vendor_realtek = {
	.name = "realtek",
	.match = realtek_match,
	.answer = realtek_answer,
	.unsol = realtek_unsol,
	.state_size = sizeof(struct realtek_state),
	.after_coef = realtek_after_coef,
	.is_open = realtek_is_open,
	.name_effect = realtek_name,
	.coef = coefs,
	.ncoefs = ARRAY_SIZE(coefs),
	.coef_window = window,
};

/*
 * The order of an amplifier port's accesses is specific enough to be recognised without the
 * codec's id.
 */
const struct vendor vendor_unknown = {
	.name = "unknown",
	.state_size = sizeof(struct realtek_state),
	.after_coef = realtek_after_coef,
	.is_open = realtek_is_open,
};
