// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * BAR 2 of Creative cards (Sound Blaster Z, ZxR, Recon3D, AE-5, AE-7): a bridge, the CA0113,
 * takes commands with a group, a target and a value in a sequence of sixteen accesses, and
 * has GPIOs.
 *
 * Source: kernel sound/hda/codecs/ca0132.c, ca0113_mmio_command_set(),
 * ca0113_mmio_command_set_type2() and ca0113_mmio_gpio_set().
 */
#include "base/bits.h"
#include "codec/effect/effect_queue.h"
#include "codec/fields.h"

#define CA_COMMAND 0x204
#define CA_CONTROL 0x20c
#define CA_STATE 0x210
#define CA_GPIO 0x320
#define CA_GROUP 0x804

/*
 * True for the accesses of the sequence that come before the command; is_after() for those
 * after it.
 */
static bool is_before(const struct effect *e)
{
	return e->space == SPACE_BAR &&
	       (e->addr == CA_CONTROL || e->addr == CA_STATE || e->addr == CA_GROUP);
}

static bool is_after(const struct effect *e)
{
	switch (e->addr) {
	case 0x860:
	case 0x854:
	case 0x840:
		return effect_is_reading(e);
	case CA_CONTROL:
		return true;
	case CA_STATE:
		/* 7e begins the next command */
		return effect_is_reading(e) || e->value != 0x7e;
	default:
		return false;
	}
}

static void fold_command(struct effect_queue *fx)
{
	struct effect *e = effect_queue_tail(fx, 0), *a;
	unsigned int n = 1;
	uint32_t group = 0;
	bool has_group = false;

	for (; (a = effect_queue_tail(fx, n)) && is_before(a); n++) {
		if (a->addr == CA_GROUP && effect_is_write(a) && !has_group) {
			group = a->value;
			has_group = true;
		}
		if (a->addr == CA_STATE && effect_is_write(a) && a->value == 0x7e) {
			n++;
			break;
		}
	}
	if (!has_group)
		return;		/* not a known command: show each access */
	e = effect_queue_fold(fx, n);
	e->space = SPACE_CA0113;
	e->has_unit = true;
	e->unit = group;
	e->addr = e->value & 0xff;
	e->value >>= 8;
}

void effect_queue_bar(struct effect_queue *fx, const struct xact *x, const struct decoded *d)
{
	struct effect *e, *a;

	if (fx->lane->group_nid != x->bar)
		effect_queue_flush(fx);
	fx->lane->group_nid = x->bar;
	e = effect_queue_push(fx, x, d, x->write ? EFFECT_WRITE : EFFECT_READ, SPACE_BAR);
	e->verbs = 0;		/* it is not a verb */
	e->has_unit = true;
	e->unit = x->bar;
	e->addr = x->offset;
	e->value = (uint32_t)x->count;
	e->has_value = true;
	if (x->bar != 2) {
		effect_queue_fold_poll(fx);
		return;
	}
	a = effect_queue_tail(fx, 1);
	if (x->write && x->offset == CA_COMMAND) {
		fold_command(fx);
	} else if (a && a->space == SPACE_CA0113 && is_after(e)) {
		effect_queue_fold_first(fx, 2);
	} else if (x->write && x->offset == CA_GPIO) {
		e->name = "GPIO";
		e->fields = &fl_e_ca0113_gpio;
	} else if (!x->write && x->offset != CA_STATE) {
		effect_queue_fold_poll(fx);
	}
}
