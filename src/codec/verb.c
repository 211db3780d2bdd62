// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables of verbs and parameters, and the verb word itself. */
#include <string.h>
#include <strings.h>

#include "base/bits.h"
#include "base/err.h"
#include "codec/decode.h"
#include "codec/fields.h"
#include "codec/rows.h"

struct verb_parts verb_split(uint32_t verb)
{
	unsigned int top = (unsigned int)bits(verb, 19, 16);
	bool wide = top != 0x7 && top != 0xf;

	return (struct verb_parts){
		.cad = (uint8_t)bits(verb, 31, 28),
		.nid = (uint8_t)bits(verb, 27, 20),
		.id = (uint16_t)(wide ? top << 8 : bits(verb, 19, 8)),
		.payload = (uint16_t)(wide ? bits(verb, 15, 0) : bits(verb, 7, 0)),
		.wide = wide,
	};
}

uint32_t verb_join(unsigned int cad, unsigned int nid, unsigned int id, unsigned int payload)
{
	return (cad & 0xf) << 28 | (nid & 0xff) << 20 | (id & 0xfff) << 8 | (payload & 0xffff);
}

const struct verb_row verb_rows[] = {
#include "codec/verbs.def"
};
const unsigned int verb_row_count = ARRAY_SIZE(verb_rows);

const struct param_row param_rows[] = {
#define PARAM(num, nm, list, src) { .id = num, .name = #nm, .answer = &fl_##list, .source = src },
#include "codec/params.def"
};
const unsigned int param_row_count = ARRAY_SIZE(param_rows);

static const char *const class_names[CLASS_KINDS] = {
#define CLASS(id, word) word,
#include "codec/classes.def"
#undef CLASS
};

const char *verb_class_name(enum verb_class c)
{
	return c < CLASS_KINDS ? class_names[c] : "unknown";
}

bool verb_class_by_name(const char *name, enum verb_class *c)
{
	for (unsigned int i = 0; i < CLASS_KINDS; i++) {
		if (!strcasecmp(name, class_names[i])) {
			*c = (enum verb_class)i;
			return true;
		}
	}
	return false;
}

struct by_name {
	const char *want;
	size_t len;
	unsigned int found, id;
	bool exact;
};

static struct by_name by_name(const char *name, const char *prefix)
{
	size_t n = strlen(prefix);

	if (!strncasecmp(name, prefix, n))
		name += n;
	return (struct by_name){ .want = name, .len = strlen(name) };
}

static void offer(struct by_name *b, const char *name, unsigned int id)
{
	if (b->exact || !name || strncasecmp(name, b->want, b->len))
		return;
	b->exact = !name[b->len];
	b->found = b->exact ? 1 : b->found + 1;
	b->id = id;
}

static struct err *chosen(const struct by_name *b, const char *what, unsigned int *id)
{
	*id = b->id;
	if (b->found == 1)
		return NULL;
	return err_new(ERR_USAGE, b->found ? "'%s' is the beginning of more than one %s" :
		       "'%s' is not the name of a %s", b->want, what);
}

struct err *verb_by_name(const char *name, unsigned int *id)
{
	struct by_name b = by_name(name, "AC_VERB_");

	for (const struct verb_row *r = verb_rows; r < verb_rows + verb_row_count; r++) {
		offer(&b, r->get_name, r->get);
		for (unsigned int k = 0; k < r->nset; k++)
			offer(&b, r->set_name[k], r->set + k);
	}
	return chosen(&b, "verb", id);
}

struct err *param_by_name(const char *name, unsigned int *id)
{
	struct by_name b = by_name(name, "AC_PAR_");

	for (const struct param_row *r = param_rows; r < param_rows + param_row_count; r++)
		offer(&b, r->name, r->id);
	return chosen(&b, "parameter", id);
}
