// SPDX-License-Identifier: GPL-2.0-or-later
#include "codec/shadow.h"

#include <stdlib.h>
#include <string.h>

#include "codec/ids.h"
#include "codec/vendor/vendor.h"

struct shadow *shadow_create(void)
{
	struct shadow *s = calloc(1, sizeof(*s));

	if (s) {
		s->fg = 1;
		s->vendor = vendor_find(0);
	}
	return s;
}

void shadow_destroy(struct shadow *s)
{
	free(s);
}

void shadow_set_vendor(struct shadow *s, uint32_t vendor_id)
{
	if (!vendor_id || vendor_id == UINT32_MAX || vendor_id == s->vendor_id)
		return;
	s->vendor_id = vendor_id;
	s->vendor = vendor_find(vendor_id);
	s->chip = codec_id_name(vendor_id);
}

void shadow_reset(struct shadow *s)
{
	for (unsigned int i = 0; i < SHADOW_NIDS; i++)
		s->know[i] &= (uint8_t)~(KNOW_COEF_INDEX | KNOW_DIP_INDEX);
	memset(s->unsol, 0, sizeof(s->unsol));
}

static void learn_param(struct shadow *s, unsigned int nid, unsigned int param, uint32_t v)
{
	switch (param) {
	case 0x00:
		if (!nid)
			shadow_set_vendor(s, v);
		break;
	case 0x05:
		if ((v & 0xff) == 1)
			s->fg = (uint8_t)nid;
		break;
	case 0x09:
		s->wcap[nid] = v;
		s->know[nid] |= KNOW_WCAP;
		break;
	case 0x0d:
		s->in_cap[nid] = v;
		s->know[nid] |= KNOW_IN_CAP;
		break;
	case 0x0e:
		s->conn_len[nid] = (uint8_t)v;
		s->know[nid] |= KNOW_CONN_LEN;
		break;
	case 0x12:
		s->out_cap[nid] = v;
		s->know[nid] |= KNOW_OUT_CAP;
		break;
	}
}

static void learn_connections(struct shadow *s, unsigned int nid, unsigned int first, uint32_t v)
{
	bool lng = s->conn_len[nid] & 0x80;
	unsigned int per = lng ? 2 : 4;

	for (unsigned int i = 0; i < per && first + i < SHADOW_CONNS; i++) {
		uint32_t e = lng ? (uint32_t)bits(v, 16 * i + 15, 16 * i) :
			     (uint32_t)bits(v, 8 * i + 7, 8 * i);

		/* the long form has the range bit in another place */
		s->conn[nid][first + i] = (uint16_t)(lng ? e : (e & 0x80) << 8 | (e & 0x7f));
		if (first + i == s->conn_known[nid])
			s->conn_known[nid]++;
	}
}

void shadow_learn(struct shadow *s, const struct xact *x, const struct decoded *d)
{
	unsigned int nid = d->verb.nid, payload = d->verb.payload;

	switch (d->verb.id) {
	case 0xf00:
		if (x->has_resp)
			learn_param(s, nid, payload, x->resp);
		break;
	case 0xf02:
		if (x->has_resp && shadow_knows(s, nid, KNOW_CONN_LEN))
			learn_connections(s, nid, payload, x->resp);
		break;
	case 0x500:
		s->coef_index[nid] = (uint16_t)payload;
		s->know[nid] |= KNOW_COEF_INDEX;
		break;
	case 0xd00:
		if (x->has_resp) {
			s->coef_index[nid] = (uint16_t)x->resp;
			s->know[nid] |= KNOW_COEF_INDEX;
		}
		break;
	case 0x400:
	case 0xc00:
		s->coef_index[nid]++;
		break;
	case 0x708:
		s->unsol[nid] = (uint8_t)payload;
		break;
	case 0xf08:
		if (x->has_resp)
			s->unsol[nid] = (uint8_t)x->resp;
		break;
	case 0x730:
		s->dip_index[nid] = (uint8_t)payload;
		s->know[nid] |= KNOW_DIP_INDEX;
		break;
	case 0xf30:
		if (x->has_resp) {
			s->dip_index[nid] = (uint8_t)x->resp;
			s->know[nid] |= KNOW_DIP_INDEX;
		}
		break;
	case 0x731:
	case 0xf31:
		/* each write moves the index to the next byte of the packet */
		s->dip_index[nid] = (uint8_t)((s->dip_index[nid] & 0xe0) |
					      ((s->dip_index[nid] + 1) & 0x1f));
		break;
	case 0x7ff:
		shadow_reset(s);
		break;
	}
}

uint32_t shadow_amp_caps(const struct shadow *s, unsigned int nid, bool out)
{
	const uint32_t *caps = out ? s->out_cap : s->in_cap;
	unsigned int know = out ? KNOW_OUT_CAP : KNOW_IN_CAP;

	/* without the override bit the function group's caps hold (HDA 1.0a 7.3.4.6) */
	bool own = !shadow_knows(s, nid, KNOW_WCAP) || bit(s->wcap[nid], 3);

	if (own && shadow_knows(s, nid, know) && caps[nid])
		return caps[nid];
	if (!shadow_knows(s, nid, KNOW_WCAP))
		return 0;
	return shadow_knows(s, s->fg, know) ? caps[s->fg] : 0;
}

int shadow_connection(const struct shadow *s, unsigned int nid, unsigned int index)
{
	unsigned int at = 0, len = s->conn_len[nid] & 0x7f;

	if (!shadow_knows(s, nid, KNOW_CONN_LEN))
		return -1;
	for (unsigned int i = 0; i < s->conn_known[nid] && i < len; i++) {
		unsigned int e = s->conn[nid][i] & 0x7fff;
		unsigned int from = i && s->conn[nid][i] & 0x8000 ?
				    (s->conn[nid][i - 1] & 0x7fffu) + 1 : e;

		if (from > e)
			continue;	/* skip a range that ends before it starts */
		if (index - at <= e - from)
			return (int)(from + index - at);
		at += e - from + 1;
	}
	return -1;
}

int shadow_unsol_nid(const struct shadow *s, unsigned int tag, unsigned int nth)
{
	for (unsigned int nid = 0; nid < SHADOW_NIDS; nid++)
		if (s->unsol[nid] & 0x80 && (s->unsol[nid] & 0x3f) == tag && !nth--)
			return (int)nid;
	return -1;
}
