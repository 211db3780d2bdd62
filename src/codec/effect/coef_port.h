/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices that a codec reaches through coefficients.
 *
 * Serial masters behind coefficients of Realtek's NID 20: a driver reaches smart amplifiers
 * by writing a target, a register and its value to coefficients, and then a command that
 * starts the transfer. There are two generations with the same structure; the code recognises
 * which one a codec has from the order of its coefficients' use, not from a list.
 *
 * Source: kernel alc298_samsung_amp_*(), alc298_huawei_*, the Legion and IdeaPad tables of
 * alc287_*; captures of the ALC298.
 */
#ifndef HDADUMP_CODEC_EFFECT_COEF_PORT_H
#define HDADUMP_CODEC_EFFECT_COEF_PORT_H

#include <stdbool.h>
#include <stdint.h>

#define PORT_NID 0x20
#define PORT_GENERATIONS 2

enum port_role {
	ROLE_TARGET, ROLE_HIGH, ROLE_REG, ROLE_DATA_HIGH, ROLE_DATA_LOW, ROLE_COMMAND, ROLE_NONE
};

/* Index of the coefficient for each role; 0 = this generation has none. */
struct port_roles {
	uint8_t coef[ROLE_NONE];
};

extern const struct port_roles realtek_ports[PORT_GENERATIONS];

static inline enum port_role port_role_of(const struct port_roles *p, unsigned int coef)
{
	unsigned int role = ROLE_TARGET;

	while (role < ROLE_NONE && (!p->coef[role] || p->coef[role] != coef))
		role++;
	return (enum port_role)role;
}

/*
 * True for a command that starts a transfer: bits 15 and 13:12 select the port, one of the
 * bits 7:4 starts it and clears itself (b011 reads back as b001).
 */
static inline bool port_starts(uint32_t value)
{
	return (value & 0xf000) == 0xb000 && value & 0x00f0;
}

/* True if writing the same value again starts another transfer. */
static inline bool port_is_command(unsigned int nid, unsigned int coef, uint32_t value)
{
	for (unsigned int g = 0; nid == PORT_NID && g < PORT_GENERATIONS; g++)
		if (realtek_ports[g].coef[ROLE_COMMAND] == coef && port_starts(value))
			return true;
	return false;
}

/*
 * The CS8409's I2C master, behind coefficients of NID 47 (kernel cs8409.c, cs8409_i2c_read()
 * and _write()): the address in its 8-bit form, a write as register and value in one word, a
 * read as a request and a word with the answer, and a status that is polled until bits 4:3
 * are set.
 */
#define I2C_NID 0x47
#define I2C_ADDR 0x59
#define I2C_STS 0x5c
#define I2C_QWRITE 0x5d
#define I2C_QREAD 0x5e

/* The CS42L42 has 16-bit registers: byte 0 of each page selects the page. */
static inline bool i2c_has_pages(unsigned int addr)
{
	return addr == 0x48 || addr == 0x49;
}

#endif
