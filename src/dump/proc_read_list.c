// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of lists: amplifier values, connections, device entries of multi-stream pins. */
#include <string.h>

#include "base/scan.h"
#include "dump/proc_read_int.h"

/* "[0x00 0x00] [0x80]" */
static bool bracketed_vals(struct reader r, struct model_amp *got, unsigned int *n)
{
	uint64_t v;

	for (*n = 0; !scan_end(r); ++*n) {
		if (*n == MODEL_MAX_AMPS || !scan(r, " [ 0x%x%*", &v, &r) || v > UINT32_MAX)
			return false;
		reg_set(&got[*n].left, (uint32_t)v);
		if (scan(r, " 0x%x%*", &v, &r)) {
			if (v > UINT32_MAX)
				return false;
			reg_set(&got[*n].right, (uint32_t)v);
		}
		if (!scan(r, " ]%*", &r))
			return false;
	}
	return true;
}

/* "0x00 0x80": the values in order, two for each index of a stereo widget. */
static bool bare_vals(struct reader r, bool stereo, struct model_amp *got, unsigned int *n)
{
	unsigned int i = 0;
	uint64_t v;

	for (; !scan_end(r); i++) {
		unsigned int k = stereo ? i / 2 : i;

		if (k == MODEL_MAX_AMPS || !scan(r, " 0x%x%*", &v, &r) || v > UINT32_MAX)
			return false;
		reg_set(stereo && i % 2 ? &got[k].right : &got[k].left, (uint32_t)v);
	}
	*n = stereo ? (i + 1) / 2 : i;
	return true;
}

static bool amp_vals(struct proc *p, struct reader r, struct model_amps *a)
{
	struct model_amp got[MODEL_MAX_AMPS] = { 0 };
	unsigned int n, blanks = 0;
	bool bare;

	while (r.p < r.end && *r.p == ' ') {
		r.p++;
		blanks++;
	}
	if (scan_end(r)) {
		a->shown = 0;
		a->n = 0;
		proc_vote(&p->votes.stripped, blanks > 0);
		return true;
	}
	bare = *r.p != '[';
	if (bare ? !bare_vals(r, model_wcaps(p->node) & WCAP_STEREO, got, &n) :
		   !bracketed_vals(r, got, &n))
		return false;
	if (!model_amp(a, n - 1))
		return false;
	memcpy(a->v, got, n * sizeof(got[0]));
	a->n = (uint16_t)n;
	a->shown = (int16_t)n;
	proc_vote(&p->votes.bare, !bare);
	if (!bare)
		proc_vote(&p->votes.blanks, blanks != 1);
	return true;
}

static bool r_amp_in_vals(struct proc *p, struct reader r)
{
	return proc_want_widget(p) && amp_vals(p, r, &p->node->in);
}

static bool r_amp_out_vals(struct proc *p, struct reader r)
{
	return proc_want_widget(p) && amp_vals(p, r, &p->node->out);
}

static bool conns_head(struct proc *p, struct reader r, struct model_conns *c, struct reg *select)
{
	int64_t len;

	if (!scan(r, " %i", &len) || len > INT16_MAX || len < INT16_MIN)
		return false;
	model_conns_clear(c);
	c->len = (int32_t)len;
	c->known = true;
	p->list = c;
	p->list_select = select;
	return true;
}

static bool r_connection(struct proc *p, struct reader r)
{
	return proc_want_widget(p) &&
	       conns_head(p, r, &p->node->conns, &p->node->reg[MREG_CONNECT_SEL]);
}

static bool r_driver_connection(struct proc *p, struct reader r)
{
	return proc_want_widget(p) && conns_head(p, r, &p->node->driver_conns, NULL);
}

static bool conns_read(struct reader r, struct model_conns *c, struct reg *select)
{
	uint64_t nid;

	while (!scan_end(r)) {
		if (!scan(r, " %n%*", &nid, &r) || nid > UINT16_MAX)
			return false;
		if (reader_lit(&r, "*") && select)
			reg_set(select, c->n);
		if (!model_conns_add(c, (uint16_t)nid))
			return false;
	}
	return true;
}

/* "     0x02 0x03*": the entries of the list whose header was read, or more of them. */
bool proc_list_line(struct proc *p, struct reader r)
{
	struct model_conns got = { 0 };
	struct reg select = { 0, 0 };
	bool ok;

	p->why = "does not belong to a list of connections";
	if (!p->list)
		return false;
	ok = conns_read(r, &got, p->list_select ? &select : NULL);
	p->why = "holds more connections than were announced";
	if (ok && p->list->n + got.n > p->list->len)
		ok = false;
	if (ok && select.known)
		reg_set(p->list_select, select.val + p->list->n);
	for (unsigned int i = 0; ok && i < got.n; i++)
		ok = model_conns_add(p->list, got.nid[i]);
	model_conns_clear(&got);
	return ok;
}

static bool r_devices(struct proc *p, struct reader r)
{
	uint64_t n;

	if (!scan(r, " %u", &n) || n > MODEL_MAX_DEVS || !proc_want_widget(p))
		return false;
	if (n && !model_dev(p->node, (unsigned int)n - 1))
		return false;
	p->node->devs_known = true;
	return true;
}

/* "Dev 00: PD = 0, ELDV = 0, IA = 0", and since 4.12 ", Connections [ 0x02* 0x03 ]". */
static bool dev_line(struct proc *p, struct reader r, bool star)
{
	uint64_t index, pd, eldv, ia, nid;
	struct model_conns conns = { 0 };
	struct reg select = { 0, 0 };
	struct model_dev *d;
	struct reader rest;
	bool now;

	if (!scan(r, " %u: PD = %u, ELDV = %u, IA = %u%*", &index, &pd, &eldv, &ia, &rest) ||
	    pd > 1 || eldv > 1 || ia > 1 || !proc_want_widget(p) || index >= MODEL_MAX_DEVS)
		return false;
	p->why = "is not among the devices that were announced";
	if (index >= p->node->ndevs)
		return false;
	d = &p->node->devs[index];
	now = scan(rest, ", Connections [%*", &rest);
	while (now && scan(rest, " 0x%x%*", &nid, &rest) && nid <= UINT16_MAX) {
		if (reader_lit(&rest, "*"))
			reg_set(&select, conns.n);
		if (!model_conns_add(&conns, (uint16_t)nid))
			break;
	}
	p->why = NULL;
	if (now ? !scan(rest, " ]") : !scan_end(rest)) {
		model_conns_clear(&conns);
		return false;
	}
	proc_vote(&p->votes.dev_conns, now);
	model_conns_clear(&d->conns);
	conns.known = now;
	conns.len = conns.n;
	d->conns = conns;
	d->select = select;
	reg_put(&d->bits, 7, (uint32_t)(pd | eldv << 1 | ia << 2));
	if (star)
		reg_set(&p->node->reg[MREG_DEV_SEL], (uint32_t)index);
	return true;
}

static bool r_dev(struct proc *p, struct reader r)
{
	return dev_line(p, r, false);
}

static bool r_dev_star(struct proc *p, struct reader r)
{
	return dev_line(p, r, true);
}

const struct proc_rule proc_list_rules[] = {
	{ "Amp-In vals:", r_amp_in_vals, false },
	{ "Amp-Out vals:", r_amp_out_vals, false },
	{ "Connection:", r_connection, true },
	{ "In-driver Connection:", r_driver_connection, true },
	{ "Devices:", r_devices, true },
	{ "Dev", r_dev, true },
	{ "*Dev", r_dev_star, true },
	{ NULL, NULL, false }
};
