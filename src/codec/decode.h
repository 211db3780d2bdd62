/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The meaning of a xact: its verb's name and the named fields of its payload and its
 * response. Decoders return data; sinks print it.
 *
 * Everything a `struct decoded` points to is static, so the caller may keep it; nothing is
 * allocated for a xact. A decoder remembers what it learns from the traffic (amplifier caps,
 * the form of connection lists, ...), because one word alone often cannot be decoded.
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

/* A verb word split into CAd, NID, id and payload. */
struct verb_parts {
	uint8_t cad;
	uint8_t nid;
	uint16_t id;		/* 12-bit ids as they are; 4-bit ids as 0xN00 (3 -> 0x300) */
	uint16_t payload;	/* 8 bits with a 12-bit id, 16 bits with a 4-bit id */
	bool wide;		/* true for a 4-bit id */
};

struct verb_parts verb_split(uint32_t verb);
/*
 * The reverse of verb_split(), as hda-verb and the kernel do it: @id and @payload are ORed,
 * so that 0x40e 0x20 and 0x400 0xe20 are the same word.
 */
uint32_t verb_join(unsigned int cad, unsigned int nid, unsigned int id, unsigned int payload);

/* --- fields --------------------------------------------------------------- */

enum field_kind {
	FIELD_FLAG,	/* one bit; its name is shown when it is set */
	FIELD_WORD,	/* a value from a list of words, shown without the field's name */
	FIELD_ENUM,	/* the same, shown with the field's name */
	FIELD_DEC,
	FIELD_HEX,
	FIELD_NID,
	/* `number` is computed from the whole word and the state of the codec; see unit */
	FIELD_NUMBER,
};

enum unit {
	UNIT_NONE,
	UNIT_DB,	/* number in 1/100 dB */
	UNIT_HZ,
	UNIT_NID,
	UNIT_HEX,	/* shown in hex */
	UNIT_KINDS
};

/* The words of an enumeration, indexed by value; NULL where a value has no word. */
struct field_words {
	const char *name;	/* name of the table */
	const char *source;
	const char *const *word;
	unsigned int n;
};

struct decode_ctx;

/* One row of fields.def. */
struct field_desc {
	const char *name;
	const struct field_words *words;	/* FIELD_WORD, FIELD_ENUM */
	/* FIELD_NUMBER: returns false if the field has no meaning here and is left out. */
	bool (*number)(const struct decode_ctx *c, uint32_t word, int32_t *number);
	uint8_t hi, lo;		/* highest and lowest bit in the word */
	uint8_t kind;		/* enum field_kind */
	uint8_t unit;		/* enum unit */
	bool quiet;		/* not shown if it is zero */
};

struct field_list {
	const char *name;
	const char *source;	/* section of the specification, or file of the kernel */
	const struct field_desc *desc;
	unsigned int n;
	uint32_t covered;	/* bits that a field of the list explains */
};

struct field {
	const struct field_desc *desc;
	const char *text;	/* the word for the value, or NULL */
	uint32_t value;		/* the field's bits, shifted down */
	int32_t number;		/* FIELD_NUMBER: the computed number */
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
	DIR_NONE,	/* not a verb, or an unknown one */
	DIR_GET,
	DIR_SET,
};

/* The class of a verb; codec/classes.def has the words. */
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
	uint16_t get;		/* id of the get; VERB_NONE if there is none */
	/* id of the set; with nset > 1 ids that follow each other, one byte of the value each */
	uint16_t set;
	uint8_t nset;
	uint8_t width;		/* bits of the payload: 8 or 16 */
	uint8_t class;		/* enum verb_class */
	const char *get_name;	/* the kernel's name, without AC_VERB_ */
	const char *set_name[4];
	const struct field_list *ask;		/* fields of the get's payload */
	const struct field_list *answer;	/* fields of the response to the get */
	const struct field_list *value[4];	/* fields of each set's payload */
	/* fields of the response to the set, if it is not always 0 */
	const struct field_list *set_answer;
	const char *source;
};

#define VERB_NONE 0x1000

/* One row of params.def. */
struct param_row {
	uint8_t id;
	const char *name;	/* the kernel's name, without AC_PAR_ */
	const struct field_list *answer;
	const char *source;
};

struct decoded {
	struct verb_parts verb;		/* valid if xact.has_verb */
	const struct verb_row *row;	/* NULL: not a verb of the tables */
	const char *name;		/* NULL: not a verb of the tables */
	uint8_t dir;			/* enum verb_dir */
	uint8_t class;			/* enum verb_class */
	bool has_resp;			/* resp is valid */
	/*
	 * The place that an access with a moving index reads or writes: the index of the
	 * coefficient (4xx, Cxx), or packet and byte (731, F31); -1 = unknown.
	 */
	int32_t at;
	const struct field_list *answer;	/* the list used to fill resp */
	struct fields req;		/* fields of the payload */
	struct fields resp;		/* fields of the response, solicited or not */
};

struct err *decoder_create(struct decoder **out);
void decoder_destroy(struct decoder *dec);
/* Sets which codec is at an address, if the traffic does not show it. */
struct err *decoder_set_codec(struct decoder *dec, uint16_t ctrl, unsigned int cad,
			      uint32_t vendor_id);
/* Decodes @x and learns from it. Xacts must be given in their order. */
void codec_decode(struct decoder *dec, const struct xact *x, struct decoded *d);

/* --- the tables, for tests and for help ----------------------------------- */

extern const struct verb_row verb_rows[];
extern const unsigned int verb_row_count;
extern const struct param_row param_rows[];
extern const unsigned int param_row_count;
extern const struct field_list *const field_lists[];
extern const unsigned int field_list_count;

/*
 * The id of the verb or parameter whose kernel name begins with @name, in any case, with or
 * without AC_VERB_ or AC_PAR_. An error unless exactly one begins with it, or one is equal to
 * it.
 */
struct err *verb_by_name(const char *name, unsigned int *id);
struct err *param_by_name(const char *name, unsigned int *id);

#endif
