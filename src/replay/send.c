// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/send.h"

#include <time.h>

#include "base/bits.h"
#include "base/err.h"
#include "codec/decode.h"
#include "replay/risk.h"

/* A verb in the form of hda-verb, for messages. */
#define TRIPLE "0x%02x 0x%03x 0x%x"

struct err *replay_check_list(const uint32_t *verbs, size_t n)
{
	uint8_t indexed[32] = { 0 };	/* bit n: the index of NID n is known */

	if (!n)
		return err_new(ERR_FORMAT, "the list has no verb that writes: there is nothing to do");
	for (size_t i = 0; i < n; i++) {
		struct verb_parts v = verb_split(verbs[i]);
		uint8_t bit = (uint8_t)(1u << v.nid % 8);

		if (v.nid > DEV_NID_MAX)
			return err_new(ERR_FORMAT, "verb %zu (" TRIPLE ") is for NID 0x%02x: the "
				       "kernel sends none above 0x%02x", i + 1, v.nid, v.id, v.payload,
				       v.nid, DEV_NID_MAX);
		if (v.id == 0x500)
			indexed[v.nid / 8] |= bit;
		if (v.id == 0x400 && !(indexed[v.nid / 8] & bit))
			return err_new(ERR_FORMAT, "verb %zu (" TRIPLE ") writes a coefficient, and no "
				       "verb before it selects which one: it is half of a pair and "
				       "could write any. Put its index (0x%02x 0x500 INDEX) in "
				       "front of it", i + 1, v.nid, v.id, v.payload, v.nid);
	}
	return NULL;
}

bool replay_ends_in_half(const uint32_t *verbs, size_t n)
{
	return n && verb_split(verbs[n - 1]).id == 0x500;
}

struct err *replay_check_codec(const struct codec_identity *from, const struct codec_identity *to,
			       bool any_machine)
{
	if (from->vendor && from->vendor != to->vendor)
		return err_new(ERR_FAIL, "the list was made on codec 0x%08x, this one is 0x%08x: verbs "
			       "of one codec mean other things on another", from->vendor, to->vendor);
	if (any_machine)
		return NULL;
	if (!from->vendor || !from->subsystem)
		return err_new(ERR_FAIL, "the list does not say which %s it was made on. This one is "
			       "codec 0x%08x, subsystem 0x%08x: if that is where it belongs, say "
			       "--any-machine", from->vendor ? "machine" : "codec", to->vendor,
			       to->subsystem);
	if (from->subsystem != to->subsystem)
		return err_new(ERR_FAIL, "the list was made on the machine with subsystem 0x%08x, this "
			       "one has 0x%08x: its amplifiers may be wired differently. "
			       "--any-machine sends it anyway", from->subsystem, to->subsystem);
	return NULL;
}

struct err *replay_check_risks(const uint32_t *verbs, const uint8_t *risks, size_t n,
			       uint8_t allowed)
{
	for (size_t i = 0; i < n; i++) {
		unsigned int left = risks[i] & ~(unsigned int)allowed;
		struct verb_parts v = verb_split(verbs[i]);

		for (unsigned int r = 0; r < RISKS; r++)
			if (bit(left, r))
				return err_new(ERR_FAIL, "verb %zu (" TRIPLE ") is %s: %s. If that is "
					       "what you want, use --allow %s", i + 1, v.nid, v.id,
					       v.payload, risk_rows[r].what, risk_rows[r].why,
					       risk_rows[r].word);
	}
	return NULL;
}

static void pause_us(uint32_t us)
{
	struct timespec t = { .tv_sec = us / 1000000, .tv_nsec = (long)(us % 1000000) * 1000 };

	/* a signal that ends the pause is either the stop signal, or does not matter */
	if (us)
		nanosleep(&t, NULL);
}

static struct err *send_one(struct codec_dev *p, const struct codec_identity *id, uint32_t verb, uint32_t *resp,
			    bool *silent)
{
	struct err *e = dev_ask(p, verb, resp);
	bool alive = true;

	*silent = false;
	/* a get may have this answer; then the codec still answers with its ids */
	if (!e && *resp == DEV_SILENCE) {
		uint16_t v = verb_split(verb).id;

		if (v >= 0xa00)
			e = dev_is_alive(p, id, &alive);
		else
			alive = false;
	}
	*silent = !alive;
	return e;
}

struct err *replay_send(struct codec_dev *p, const struct codec_identity *id, const uint32_t *verbs, size_t n,
			const struct replay_options *opt, struct replay_result *out)
{
	*out = (struct replay_result){ 0, REPLAY_WHOLE };
	for (size_t i = 0; i < n; i++) {
		uint32_t resp;
		struct err *e;
		bool silent;

		if (opt->stop && *opt->stop) {
			out->end = REPLAY_STOPPED;
			return NULL;
		}
		e = send_one(p, id, verbs[i], &resp, &silent);
		if (e)
			return err_wrap(e, "verb %zu", i + 1);
		out->sent++;
		if (opt->sent)
			opt->sent(opt->arg, i, resp);
		if (silent) {
			out->end = REPLAY_SILENT;
			return NULL;
		}
		pause_us(opt->pace_us);
	}
	return NULL;
}
