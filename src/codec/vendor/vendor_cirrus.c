// SPDX-License-Identifier: GPL-2.0-or-later
/* Cirrus Logic (1013): coefficients by name, and the I2C master of the CS8409. */
#include "base/bits.h"
#include "codec/effect/coef_port.h"
#include "codec/effect/effect_queue.h"
#include "codec/vendor/coefs.h"
#include "codec/vendor/vendor.h"

struct cirrus_state {
	bool has_addr;
	uint8_t addr;		/* 7 bits */
	uint8_t page[128];	/* the selected page, for devices that have pages */
};

static void make_i2c(const struct cirrus_state *s, struct effect *e, unsigned int reg)
{
	e->space = SPACE_I2C;
	e->has_unit = s->has_addr;
	e->unit = s->addr;
	e->addr = reg;
	if (i2c_has_pages(s->addr))
		e->addr |= (uint32_t)s->page[s->addr] << 8;
}

/* Folds the select of an address or a page into the transfer that follows. */
static void fold_before(struct effect_queue *fx)
{
	struct effect *a;

	while ((a = effect_queue_tail(fx, 1)) && effect_is_write(a) &&
	       ((a->space == SPACE_COEF && a->addr == I2C_ADDR) ||
		(a->space == SPACE_I2C && a->name && a->unit == effect_queue_tail(fx, 0)->unit)))
		effect_queue_fold(fx, 2);
}

static void put_write(struct effect_queue *fx, struct cirrus_state *s)
{
	struct effect *e = effect_queue_tail(fx, 0);
	unsigned int reg = (unsigned int)bits(e->value, 15, 8), value = e->value & 0xff;
	bool page = i2c_has_pages(s->addr) && !reg;

	make_i2c(s, e, reg);
	e->kind = EFFECT_WRITE;
	e->value = value;
	e->mask = 0;
	e->has_old = false;
	if (page) {
		s->page[s->addr] = (uint8_t)value;
		e->addr = 0;
		e->name = "page";
	}
	fold_before(fx);
}

static void put_read(struct effect_queue *fx, struct cirrus_state *s)
{
	struct effect *e = effect_queue_tail(fx, 0);

	make_i2c(s, e, (unsigned int)bits(e->value, 15, 8));
	e->kind = EFFECT_READ;
	e->has_value = e->has_old = false;
	e->mask = 0;
	fold_before(fx);
}

static void cirrus_after_coef(struct effect_queue *fx)
{
	struct cirrus_state *s = fx->state;
	struct effect *e = effect_queue_tail(fx, 0), *a = effect_queue_tail(fx, 1);

	if (fx->shadow->vendor_id != 0x10138409 || e->nid != I2C_NID || e->space != SPACE_COEF)
		return;
	if (effect_is_write(e)) {
		if (e->addr == I2C_ADDR) {
			s->addr = (uint8_t)bits(e->value, 7, 1);
			s->has_addr = true;
		} else if (e->addr == I2C_QWRITE) {
			put_write(fx, s);
		} else if (e->addr == I2C_QREAD) {
			put_read(fx, s);
		}
		return;
	}
	if (!a || a->space != SPACE_I2C)
		return;
	if (e->addr == I2C_STS) {
		effect_queue_fold_first(fx, 2);	/* the driver waited for the end of the transfer */
	} else if (e->addr == I2C_QREAD && a->kind == EFFECT_READ) {
		uint32_t value = e->value & 0xff;
		bool known = e->has_value;

		e = effect_queue_fold_first(fx, 2);
		if (known)
			e->value = value;
		e->has_value |= known;
	}
}

static bool cirrus_is_open(struct effect_queue *fx, const struct effect *last)
{
	(void)fx;
	if (last->space == SPACE_I2C)
		return last->kind == EFFECT_READ && !last->has_value;
	return last->space == SPACE_COEF && last->nid == I2C_NID && last->addr == I2C_ADDR;
}

/* --- names ------------------------------------------------------------------- */

#define CODECS(name, ...) static const uint16_t codecs_##name[] = { __VA_ARGS__ };
#define COEF(codecs, nid, index, name)
#define VALUE(codecs, nid, index, mask, value, meaning)
#include "codec/vendor/cirrus_coefs.def"
#undef CODECS
#undef COEF
#undef VALUE

#define CODECS(name, ...)
#define COEF COEF_ROW
#define VALUE VALUE_ROW
static const struct coef_row coefs[] = {
#include "codec/vendor/cirrus_coefs.def"
};

static const struct {
	uint16_t addr;
	const char *name;
} cs42l42[] = {
#define CS42L42(a, nm) { .addr = a, .name = nm },
#include "codec/vendor/cs42l42.def"
#undef CS42L42
};

static void cirrus_name(struct effect_queue *fx, struct effect *e)
{
	(void)fx;
	if (e->space != SPACE_I2C || e->name || !e->has_unit || !i2c_has_pages(e->unit))
		return;
	for (unsigned int i = 0; i < ARRAY_SIZE(cs42l42); i++)
		if (cs42l42[i].addr == e->addr)
			e->name = cs42l42[i].name;
}

static unsigned int window(uint32_t vendor_id)
{
	switch (vendor_id & 0xffff) {
	case 0x4208:
		return 0x24;
	case 0x4210:
		return 0x0b;
	case 0x4213:
		return 0x09;
	case 0x8409:
		return I2C_NID;
	default:
		return 0x11;
	}
}

static bool cirrus_match(uint32_t vendor_id)
{
	return vendor_id >> 16 == 0x1013;
}

const struct vendor vendor_cirrus = {
	.name = "cirrus",
	.match = cirrus_match,
	.state_size = sizeof(struct cirrus_state),
	.after_coef = cirrus_after_coef,
	.is_open = cirrus_is_open,
	.name_effect = cirrus_name,
	.coef = coefs,
	.ncoefs = ARRAY_SIZE(coefs),
	.coef_window = window,
};
