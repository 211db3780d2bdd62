/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An access to BAR 0, taken apart: which registers it covers, and the fields
 * of each.  Drivers access registers in any width: a dword at 48 is CORBWP and
 * CORBRP, byte 2 of a stream's control is its tag and direction, a dword at 80
 * is control and status.  Bits that the access does not cover have no value.
 *
 * Everything pointed to is static.  Numbers: regs.def, regfields.def.
 */
#ifndef HDADUMP_HDA_REGFIELDS_H
#define HDADUMP_HDA_REGFIELDS_H

#include <stdbool.h>
#include <stdint.h>

enum reg_field_kind { REG_FLAG, REG_DEC, REG_HEX, REG_BASE, REG_PLUS1, REG_WORD, REG_FUNC };

struct reg_field {
	const char *name;
	const char *const *words;	/* REG_WORD */
	bool (*number)(uint32_t value, int32_t *number);	/* REG_FUNC: of the field's bits */
	uint16_t reg;			/* offset, in the BAR or in the stream descriptor */
	bool sd;			/* of a stream descriptor */
	uint8_t nwords;
	uint8_t hi, lo;
	uint8_t kind;			/* enum reg_field_kind */
};

struct reg_value {
	const struct reg_field *field;
	const char *text;	/* REG_WORD, NULL where the value has no word */
	uint32_t value;		/* the bits, shifted down (REG_BASE: at their place) */
	int32_t number;		/* REG_PLUS1, REG_FUNC */
};

#define REG_FIELDS_MAX 10

/* One register of an access, or a stretch of it that is no register we know. */
struct reg_part {
	const char *name;	/* NULL: unknown */
	const char *what;	/* in words, or NULL */
	int stream;		/* stream descriptor, or -1 */
	uint32_t offset;	/* of the register in the BAR; of the stretch where unknown */
	uint8_t width;		/* of the register, bytes */
	uint8_t first, bytes;	/* which bytes of it the access covers */
	uint32_t value;		/* those, at their place in the register */
	uint32_t mask;		/* bits covered */
	uint32_t rest;		/* bits that are set and that no field explains */
	uint8_t n;
	struct reg_value f[REG_FIELDS_MAX];
};

/* The most parts that one access has: eight bytes. */
#define REG_PARTS_MAX 8

/* Takes an access of @width bytes (1 to 8) apart; the number of parts. */
unsigned int reg_split(uint64_t offset, unsigned int width, uint64_t value,
		       struct reg_part out[REG_PARTS_MAX]);

extern const struct reg_field reg_fields[];
extern const unsigned int reg_field_count;

#endif
