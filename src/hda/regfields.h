/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Splits an access to BAR 0 into the registers that it covers, with their fields. Drivers
 * access registers in any width: a dword at 48 is CORBWP and CORBRP, byte 2 of a stream's
 * control is its tag and direction, a dword at 80 is control and status. Bits that the access
 * does not cover have no value.
 *
 * Everything pointed to is static. Numbers: regs.def, regfields.def.
 */
#ifndef HDADUMP_HDA_REGFIELDS_H
#define HDADUMP_HDA_REGFIELDS_H

#include <stdbool.h>
#include <stdint.h>

enum reg_field_kind { REG_FLAG, REG_DEC, REG_HEX, REG_BASE, REG_PLUS1, REG_WORD, REG_FUNC };

struct reg_field {
	const char *name;
	const char *const *words;	/* REG_WORD */
	/* REG_FUNC: computed from the field's bits */
	bool (*number)(uint32_t value, int32_t *number);
	uint16_t reg;			/* offset in the BAR, or in the stream descriptor */
	bool sd;			/* belongs to a stream descriptor */
	uint8_t nwords;
	uint8_t hi, lo;
	uint8_t kind;			/* enum reg_field_kind */
};

struct reg_value {
	const struct reg_field *field;
	const char *text;	/* REG_WORD; NULL if the value has no word */
	uint32_t value;		/* the bits, shifted down (REG_BASE: at their place) */
	int32_t number;		/* REG_PLUS1, REG_FUNC */
};

#define REG_FIELDS_MAX 10

/* One register of an access, or a range of it that is not a known register. */
struct reg_part {
	const char *name;	/* NULL = unknown */
	const char *what;	/* description, or NULL */
	int stream;		/* stream descriptor; -1 = none */
	/* offset of the register in the BAR; for an unknown one, of the range */
	uint32_t offset;
	uint8_t width;		/* bytes of the register */
	uint8_t first, bytes;	/* the bytes of it that the access covers */
	uint32_t value;		/* their value, at their place in the register */
	uint32_t mask;		/* bits covered */
	uint32_t rest;		/* bits that are set and that no field explains */
	uint8_t n;
	struct reg_value f[REG_FIELDS_MAX];
};

/* The most parts of one access: eight bytes. */
#define REG_PARTS_MAX 8

/* Splits an access of @width bytes (1 to 8); returns the number of parts. */
unsigned int reg_split(uint64_t offset, unsigned int width, uint64_t value,
		       struct reg_part out[REG_PARTS_MAX]);

extern const struct reg_field reg_fields[];
extern const unsigned int reg_field_count;

#endif
