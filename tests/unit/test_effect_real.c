// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Effects of real captures and verb lists of the shared data: a simple model of the amplifier
 * port, an index and an array of coefficients, finds the transfers; the effects must be the
 * same ones in the same order, and no verb may be missing or counted twice.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "codec/decode.h"
#include "codec/effect/effect.h"
#include "event/event.h"
#include "shared.h"

#define MAX_TRANSFERS 4096

struct transfer {
	uint32_t unit, addr, value;
};

static struct transfer want[MAX_TRANSFERS], got[MAX_TRANSFERS];
static unsigned int nwant, ngot;
static uint64_t verbs_in, verbs_out;

/* --- the simple model -------------------------------------------------------- */

static uint32_t coef[0x10000];
static uint16_t coef_index;

static void model(uint32_t verb)
{
	unsigned int id = verb >> 16 & 0xf, payload = verb & 0xffff;
	static const unsigned int port[2][5] = {
		{ 0x22, 0x23, 0x24, 0x25, 0x26 }, { 0x24, 0x26, 0x27, 0x28, 0x29 },
	};

	if (verb >> 20 != 0x20)
		return;
	if (id == 5)
		coef_index = (uint16_t)payload;
	if (id == 4) {
		coef[coef_index] = payload;
		for (unsigned int g = 0; g < 2; g++) {
			const unsigned int *p = port[g];

			bool go = payload == 0xb011 || payload == 0xb017 || payload == 0xb020;

			if (coef_index == p[4] && go && nwant < MAX_TRANSFERS)
				want[nwant++] = (struct transfer){
					coef[p[0]], coef[p[1]], coef[p[2]] << 16 | coef[p[3]] };
		}
	}
	if (id == 4 || id == 0xc)
		coef_index++;
}

/* --- the effects --------------------------------------------------------------- */

static void take(struct effects *fx)
{
	struct effect e;

	while (effects_next(fx, &e)) {
		if (e.kind != EFFECT_XACT || xact_is_verb(e.x))
			verbs_out += e.verbs;
		if (e.space == SPACE_AMP && e.kind == EFFECT_WRITE && ngot < MAX_TRANSFERS)
			got[ngot++] = (struct transfer){ e.unit, e.addr, e.value };
	}
}

static void put(struct decoder *dec, struct effects *fx, const struct xact *x)
{
	static struct decoded d;
	struct err *e;

	codec_decode(dec, x, &d);
	e = effects_put(fx, x, &d);
	if (e)
		abort();
	take(fx);
	verbs_in++;
}

/*
 * The patch family's "CORB caddr:0x0 nid:0x20 control:0x500 param:0x7
 * response:0x0 (ex 0x0)", or hda-verb's "... 0x20 0x500 0x24".
 */
static bool parse(const char *line, struct xact *x)
{
	unsigned int cad, nid, id, param, resp, ex;
	const char *p = strstr(line, "0x20 ");

	*x = (struct xact){ .index = verbs_in + 1, .t_verb = EVENT_TIME_NONE,
			    .t_resp = EVENT_TIME_NONE, .has_verb = true };
	if (sscanf(line, "CORB caddr:0x%x nid:0x%x control:0x%x param:0x%x response:0x%x (ex 0x%x)",
		   &cad, &nid, &id, &param, &resp, &ex) == 6) {
		x->verb = verb_join(cad, nid, id, param);
		x->resp = resp;
		x->has_resp = true;
		return !(ex & 0x10);
	}
	if (!p || line[0] == '#' || sscanf(p, "0x%x 0x%x 0x%x", &nid, &id, &param) != 3)
		return false;
	x->verb = verb_join(0, nid, id, param);
	return true;
}

static bool one_file(const char *name, unsigned int at_least)
{
	struct decoder *dec = NULL;
	struct effects *fx = NULL;
	char *line = NULL;
	size_t cap = 0;
	struct xact x;
	bool same;
	FILE *f;

	f = fopen(shared_data(name), "r");
	if (!f) {
		printf("%s is not there\n", name);
		return false;
	}
	memset(coef, 0, sizeof(coef));
	nwant = ngot = 0;
	verbs_in = verbs_out = 0;
	if (decoder_create(&dec) || effects_create(dec, &fx))
		abort();
	while (getline(&line, &cap, f) > 0) {
		if (!parse(line, &x))
			continue;
		model(x.verb);
		put(dec, fx, &x);
	}
	if (effects_flush(fx))
		abort();
	take(fx);
	same = nwant == ngot && nwant >= at_least && verbs_in == verbs_out;
	for (unsigned int i = 0; same && i < nwant; i++) {
		same = !memcmp(&want[i], &got[i], sizeof(want[i]));
		if (!same)
			printf("transfer %u: amp %x reg %x = %x, not amp %x reg %x = %x\n", i,
			       got[i].unit, got[i].addr, got[i].value, want[i].unit, want[i].addr,
			       want[i].value);
	}
	printf("%s: %llu verbs (%llu in effects), %u transfers, %u seen: %s\n", name,
	       (unsigned long long)verbs_in, (unsigned long long)verbs_out, nwant, ngot,
	       same ? "ok" : "DIFFERENT");
	free(line);
	fclose(f);
	effects_destroy(fx);
	decoder_destroy(dec);
	return same;
}

int main(void)
{
	bool good;

	if (!shared_data("c930-audio-verbs/qemu-output.txt"))
		return SKIPPED;
	good = one_file("c930-audio-verbs/qemu-output.txt", 600);
	good &= one_file("hamfirst-book3/hda-verbs.txt", 200);
	good &= one_file("galaxy-book2/necessary-verbs.txt", 50);
	good &= one_file("legion-alc287/verbs-legion.txt", 3);
	return good ? 0 : 1;
}
