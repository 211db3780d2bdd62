// SPDX-License-Identifier: GPL-2.0-or-later
#include "flow/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/options/options.h"
#include "codec/effect/effect.h"
#include "event/event.h"

/* --- lists ----------------------------------------------------------------- */

typedef struct err *(*take_fn)(void *to, const char *item);

static struct err *each(void *to, const char *list, take_fn take)
{
	struct err *e = NULL;

	while (!e && *list) {
		size_t n = strcspn(list, ",");
		char item[64];

		if (!n || n >= sizeof(item))
			return err_new(ERR_USAGE, "'%s' is not a list of values separated by commas",
				       list);
		memcpy(item, list, n);
		item[n] = '\0';
		e = take(to, item);
		list += n;
		list += *list == ',';
	}
	return e;
}

static struct err *take_address(void *to, const char *item)
{
	uint64_t v;

	if (!options_decimal(item, 15, &v))
		return err_new(ERR_USAGE, "'%s' is no codec's address (0 to 15)", item);
	*(uint16_t *)to |= (uint16_t)(1u << v);
	return NULL;
}

/* NIDs are always hexadecimal; a range is 10-1f. */
static struct err *take_nid(void *to, const char *item)
{
	struct filter *f = to;
	const char *dash = strchr(item, '-');
	char first[64];
	uint64_t a, b;

	snprintf(first, sizeof(first), "%.*s", dash ? (int)(dash - item) : (int)strlen(item), item);
	if (!options_hex(first, 255, &a) || !options_hex(dash ? dash + 1 : first, 255, &b) || a > b)
		return err_new(ERR_USAGE, "'%s' is not a NID (hexadecimal, 0 to ff) or a range", item);
	for (; a <= b; a++)
		f->nids[a / 64] |= 1ull << a % 64;
	return NULL;
}

static struct err *take_class(void *to, const char *item)
{
	struct filter *f = to;
	enum verb_class c;

	if (strcmp(item, "get") == 0 || strcmp(item, "set") == 0) {
		f->directions |= (uint8_t)(1u << (*item == 'g' ? DIR_GET : DIR_SET));
		return NULL;
	}
	if (!verb_class_by_name(item, &c)) {
		char names[256] = "get, set";

		for (int i = 0; i < CLASS_KINDS; i++) {
			strncat(names, ", ", sizeof(names) - strlen(names) - 1);
			strncat(names, verb_class_name((enum verb_class)i),
				sizeof(names) - strlen(names) - 1);
		}
		return err_new(ERR_USAGE, "'%s' is not a class of verbs: %s", item, names);
	}
	f->classes |= 1u << c;
	return NULL;
}

static struct err *take_certainty(void *to, const char *item)
{
	struct filter *f = to;
	for (int c = 0; c < CERT_KINDS; c++) {
		if (strcmp(item, certainty_name((enum certainty)c)) == 0) {
			f->certainties |= (uint8_t)(1u << c);
			return NULL;
		}
	}
	return err_new(ERR_USAGE, "'%s' is not a certainty: exact, suspect, unanswered, conflicting, "
		       "lost", item);
}

static struct err *take_coef(void *to, const char *item)
{
	struct filter *f = to;
	uint64_t v;

	if (!options_hex(item, 0xffff, &v))
		return err_new(ERR_USAGE, "'%s' is not the index of a coef (hexadecimal)", item);
	if (f->n_coefs == FILTER_COEFS)
		return err_new(ERR_USAGE, "more than %d coefs", FILTER_COEFS);
	f->coefs[f->n_coefs++] = (uint16_t)v;
	return NULL;
}

static struct err *take_verb(void *to, const char *item)
{
	struct filter *f = to;
	unsigned int id;
	uint64_t v;

	if (f->n_verbs == FILTER_VERBS)
		return err_new(ERR_USAGE, "more than %d verbs", FILTER_VERBS);
	if (options_hex(item, 0xfff, &v)) {
		id = (unsigned int)v;
	} else {
		struct err *e = verb_by_name(item, &id);

		if (e)
			return e;
	}
	f->verbs[f->n_verbs++] = (uint16_t)id;
	return NULL;
}

struct err *filter_addresses(uint16_t *cads, const char *list)
{
	return each(cads, list, take_address);
}

struct err *filter_nids(struct filter *f, const char *list)
{
	return each(f, list, take_nid);
}

struct err *filter_classes(struct filter *f, const char *list)
{
	return each(f, list, take_class);
}

struct err *filter_certainties(struct filter *f, const char *list)
{
	return each(f, list, take_certainty);
}

struct err *filter_coefs(struct filter *f, const char *list)
{
	return each(f, list, take_coef);
}

struct err *filter_verbs(struct filter *f, const char *list)
{
	return each(f, list, take_verb);
}

/* --- conditions ------------------------------------------------------------ */

static bool has_nids(const struct filter *f)
{
	return f->nids[0] | f->nids[1] | f->nids[2] | f->nids[3];
}

static bool nid_passes(const struct filter *f, unsigned int nid)
{
	return !has_nids(f) || f->nids[nid / 64 % 4] >> nid % 64 & 1;
}

static bool coef_passes(const struct filter *f, int64_t index)
{
	for (unsigned int i = 0; i < f->n_coefs; i++)
		if (f->coefs[i] == index)
			return true;
	return !f->n_coefs;
}

static bool verb_passes(const struct filter *f, unsigned int id)
{
	for (unsigned int i = 0; i < f->n_verbs; i++)
		if (f->verbs[i] == id || (id < 0x700 && f->verbs[i] >> 8 == id >> 8))
			return true;
	return !f->n_verbs;
}

bool filter_passes(const struct filter *f, const struct xact *x, const struct decoded *d)
{
	if (x->kind > XACT_SPURIOUS)
		return true;
	if (f->cads && !(f->cads >> x->cad & 1))
		return false;
	if (f->certainties && !(f->certainties >> x->certainty & 1))
		return false;
	if (!has_nids(f) && !f->classes && !f->directions && !f->n_coefs && !f->n_verbs)
		return true;
	/*
	 * a response alone, or a verb whose word is lost, fulfils none of the following
	 * conditions
	 */
	if (!x->has_verb)
		return false;
	if (!nid_passes(f, d->verb.nid) || !verb_passes(f, d->verb.id))
		return false;
	if (f->classes && (!d->row || !(f->classes >> d->class & 1)))
		return false;
	if (f->directions && !(f->directions >> d->dir & 1))
		return false;
	return !f->n_coefs || (d->row && d->class == CLASS_COEF && coef_passes(f, d->at));
}

bool filter_passes_effect(const struct filter *f, const struct effect *e)
{
	if (e->kind == EFFECT_XACT)
		return filter_passes(f, e->x, e->d);
	if (f->cads && !(f->cads >> e->cad & 1))
		return false;
	if (f->certainties && !(f->certainties >> e->certainty & 1))
		return false;
	if (!nid_passes(f, e->nid))
		return false;
	if (f->classes && !(f->classes >> e->class & 1))
		return false;
	if (f->directions &&
	    !(f->directions >> (effect_is_reading(e) || e->kind == EFFECT_WALK ? DIR_GET : DIR_SET) & 1))
		return false;
	if (f->n_coefs && (e->class != CLASS_COEF || !coef_passes(f, e->addr)))
		return false;
	return !f->n_verbs || (e->verb && verb_passes(f, verb_split(e->verb).id));
}
