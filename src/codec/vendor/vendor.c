// SPDX-License-Identifier: GPL-2.0-or-later
#include "codec/vendor/vendor.h"

#include "base/bits.h"
#include "codec/shadow.h"

const struct vendor *const vendors[] = {
	&vendor_ati, &vendor_cirrus, &vendor_cmedia, &vendor_conexant, &vendor_creative,
	&vendor_intel, &vendor_nvidia, &vendor_realtek, &vendor_si3054, &vendor_sigmatel,
	&vendor_via,
};
const unsigned int vendor_count = ARRAY_SIZE(vendors);

const struct vendor *vendor_find(uint32_t vendor_id)
{
	if (!vendor_id)
		return &vendor_unknown;
	for (unsigned int i = 0; i < vendor_count; i++)
		if (vendors[i]->match(vendor_id))
			return vendors[i];
	return NULL;
}

bool vendor_row(const struct shadow *s, const struct verb_parts *v, const struct verb_row **row)
{
	bool only = false;

	*row = NULL;
	for (unsigned int i = 0; i < s->vendor->nnodes; i++) {
		const struct vendor_node *n = &s->vendor->node[i];

		if (v->nid < n->nid_first || v->nid > n->nid_last ||
		    (n->has && !n->has(s->vendor_id)))
			continue;
		only |= n->only;
		for (const struct verb_row *r = n->row; r < n->row + n->n; r++) {
			if (v->id == r->get || (v->id >= r->set && v->id < r->set + r->nset)) {
				*row = r;
				return true;
			}
		}
	}
	return only && v->id != 0xf00;
}
