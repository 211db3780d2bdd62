/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a xact means: its verb's name and the named fields of its payload and
 * its response.  Decoders return data; only sinks know how an answer looks.
 *
 * Everything a `struct decoded` points to is static, so it may be kept as long
 * as one likes; nothing is allocated for a xact.  A decoder remembers what
 * the traffic itself has taught (amplifier caps, the form of connection lists,
 * ...), because one word alone often cannot be read.
 *
 * Numbers: Intel HD Audio specification 1.0a, section 7.3; each table row
 * names its own source.
 */
#ifndef HDADUMP_CODEC_DECODE_H
#define HDADUMP_CODEC_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "hda/xact.h"

struct err;
struct decoder;

/* --- a verb word ---------------------------------------------------------- */

/* A verb word taken apart: CAd, NID, id, payload. */
struct verb_parts {
	uint8_t cad;
	uint8_t nid;
	uint16_t id;		/* 12-bit ids as they are; 4-bit ids as 0xN00 (3 -> 0x300) */
	uint16_t payload;	/* 8 bits with a 12-bit id, 16 bits with a 4-bit id */
	bool wide;		/* a 4-bit id */
};

struct verb_parts verb_split(uint32_t verb);
/*
 * The other way round, as hda-verb and the kernel do it: @id and @payload are
 * ORed, so that 0x40e 0x20 and 0x400 0xe20 are the same word.
 */
uint32_t verb_join(unsigned int cad, unsigned int nid, unsigned int id, unsigned int payload);

/* --- fields --------------------------------------------------------------- */

enum field_kind {
	FIELD_FLAG,	/* one bit, a word when it is set */
	FIELD_WORD,	/* a value of a list of words, which needs no name beside it */
	FIELD_ENUM,	/* the same, with its name */
	FIELD_DEC,
	FIELD_HEX,
	FIELD_NID,
	FIELD_NUMBER,	/* `number` is computed from the whole word and what is known: see unit */
};

enum unit {
	UNIT_NONE,
	UNIT_DB,	/* number in 1/100 dB */
	UNIT_HZ,
	UNIT_NID,
	UNIT_HEX,	/* shown in hex */
	UNIT_KINDS
};

/* The words of an enumeration, indexed by value; NULL where a value has none. */
struct field_words {
	const char *name;	/* of the table */
	const char *source;
	const char *const *word;
	unsigned int n;
};

struct decode_ctx;

/* One row of fields.def. */
struct field_desc {
	const char *name;
	const struct field_words *words;	/* FIELD_WORD, FIELD_ENUM */
	/* FIELD_NUMBER: false when the field has no meaning here and is left out. */
	bool (*number)(const struct decode_ctx *c, uint32_t word, int32_t *number);
	uint8_t hi, lo;		/* its bits in the word */
	uint8_t kind;		/* enum field_kind */
	uint8_t unit;		/* enum unit */
	bool quiet;		/* says nothing when it is zero */
};

struct field_list {
	const char *name;
	const char *source;	/* section of the specification, or file of the kernel */
	const struct field_desc *desc;
	unsigned int n;
	uint32_t covered;	/* bits that some field of the list explains */
};

struct field {
	const struct field_desc *desc;
	const char *text;	/* the value in words, or NULL */
	uint32_t value;		/* the bits themselves, shifted down */
	int32_t number;		/* FIELD_NUMBER */
};

#define FIELDS_MAX 32

/* The fields of one word: a payload or a response. */
struct fields {
	uint32_t word;
	uint32_t rest;		/* bits that are set and that no field explains */
	uint8_t digits;		/* hex digits of the word */
	uint8_t n;
	struct field f[FIELDS_MAX];
};

/* --- a decoded xact ------------------------------------------------------- */

enum verb_dir {
	DIR_NONE,	/* no verb, or one that nobody knows */
	DIR_GET,
	DIR_SET,
};

/* What a verb is about; codec/classes.def has the words. */
enum verb_class {
#define CLASS(id, word) CLASS_##id,
#include "codec/classes.def"
#undef CLASS
	CLASS_KINDS
};

const char *verb_class_name(enum verb_class c);
bool verb_class_by_name(const char *name, enum verb_class *c);

/* One row of verbs.def. */
struct verb_row {
	uint16_t get;		/* VERB_NONE where there is none */
	uint16_t set;		/* the first of nset ids, one byte of the value each */
	uint8_t nset;
	uint8_t width;		/* bits of the payload: 8 or 16 */
	uint8_t class;		/* enum verb_class */
	const char *get_name;	/* as the kernel calls it, without AC_VERB_ */
	const char *set_name[4];
	const struct field_list *ask;		/* payload of the get */
	const struct field_list *answer;	/* response to the get */
	const struct field_list *value[4];	/* payload of each set */
	const struct field_list *set_answer;	/* response to the set, where it is not just 0 */
	const char *source;
};

#define VERB_NONE 0x1000

/* One row of params.def. */
struct param_row {
	uint8_t id;
	const char *name;	/* as the kernel calls it, without AC_PAR_ */
	const struct field_list *answer;
	const char *source;
};

struct decoded {
	struct verb_parts verb;		/* only with xact.has_verb */
	const struct verb_row *row;	/* NULL: not a verb of the tables */
	const char *name;		/* NULL: not a verb of the tables */
	uint8_t dir;			/* enum verb_dir */
	uint8_t class;			/* enum verb_class */
	bool has_resp;			/* resp is filled */
	/*
	 * What an access that moves on by itself is about: the index of the
	 * coefficient (4xx, Cxx) or packet and byte (731, F31); -1 unknown.
	 */
	int32_t at;
	const struct field_list *answer;	/* the list that resp was filled by */
	struct fields req;		/* the payload */
	struct fields resp;		/* the response, solicited or not */
};

struct err *decoder_create(struct decoder **out);
void decoder_destroy(struct decoder *dec);
/* Says which codec stands at an address, where the traffic does not. */
struct err *decoder_set_codec(struct decoder *dec, uint16_t ctrl, unsigned int cad,
			      uint32_t vendor_id);
/* Explains @x, and learns from it.  Xacts are given in their order. */
void codec_decode(struct decoder *dec, const struct xact *x, struct decoded *d);

/* --- the tables, for tests and for help ----------------------------------- */

extern const struct verb_row verb_rows[];
extern const unsigned int verb_row_count;
extern const struct param_row param_rows[];
extern const unsigned int param_row_count;
extern const struct field_list *const field_lists[];
extern const unsigned int field_list_count;

/*
 * The id of the verb or parameter whose kernel name begins with @name, in any
 * case, with or without AC_VERB_ or AC_PAR_, if there is exactly one, or if one
 * has just that name.
 */
struct err *verb_by_name(const char *name, unsigned int *id);
struct err *param_by_name(const char *name, unsigned int *id);

#endif
