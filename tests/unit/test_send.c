// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sending, snapshot and undo with an emulated codec that can stop answering at any verb;
 * refused lists; and a session's file.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/bits.h"
#include "base/buf.h"
#include "base/err.h"
#include "codec/decode.h"
#include "dump/proc_read.h"
#include "replay/bisect.h"
#include "replay/codec_device.h"
#include "replay/send.h"
#include "replay/risk.h"
#include "replay/session.h"
#include "replay/snapshot.h"

static const char dump[] =
	"Codec: Realtek ALC298\nAddress: 0\nAFG Function Id: 0x1 (unsol 1)\n"
	"Vendor Id: 0x10ec0298\nSubsystem Id: 0x144dc8ff\nRevision Id: 0x100103\n"
	"No Modem Function Group found\n"
	"State of AFG node 0x01:\n"
	"  Power states:  D0 D1 D2 D3 CLKSTOP EPSS\n  Power: setting=D0, actual=D0\n"
	"GPIO: io=3, o=0, i=0, unsolicited=1, wake=0\n"
	"  IO[0]: enable=0, dir=0, wake=0, sticky=0, data=0, unsol=0\n"
	"  IO[1]: enable=1, dir=1, wake=0, sticky=0, data=1, unsol=0\n"
	"  IO[2]: enable=0, dir=0, wake=0, sticky=0, data=0, unsol=0\n"
	"Node 0x02 [Audio Output] wcaps 0x41d: Stereo Amp-Out\n"
	"  Amp-Out caps: ofs=0x57, nsteps=0x57, stepsize=0x02, mute=0\n"
	"  Amp-Out vals:  [0x57 0x57]\n  Converter: stream=0, channel=0\n"
	"  Power states:  D0 D1 D2 D3 EPSS\n  Power: setting=D0, actual=D0\n"
	"Node 0x14 [Pin Complex] wcaps 0x40058d: Stereo Amp-Out\n"
	"  Amp-Out caps: ofs=0x00, nsteps=0x00, stepsize=0x00, mute=1\n"
	"  Amp-Out vals:  [0x80 0x80]\n  Pincap 0x00010014: OUT EAPD Detect\n  EAPD 0x0:\n"
	"  Pin Default 0x411111f0: [N/A] Speaker at Ext Rear\n    Conn = 1/8, Color = Black\n"
	"    DefAssociation = 0xf, Sequence = 0x0\n    Misc = NO_PRESENCE\n"
	"  Pin-ctls: 0x00:\n  Unsolicited: tag=00, enabled=0\n  Connection: 1\n     0x02\n"
	"Node 0x20 [Vendor Defined Widget] wcaps 0xf00040: Mono\n"
	"  Processing caps: benign=0, ncoeff=128\n    Coeff 0x10: 0x0220\n    Coeff 0x45: 0xc489\n";

#define V(nid, id, payload) ((uint32_t)(nid) << 20 | (uint32_t)(id) << 8 | (uint32_t)(payload))

static const uint32_t list[] = {
	V(0x14, 0x707, 0x40), V(0x14, 0x71c, 0x10), V(0x14, 0x71d, 0x01), V(0x14, 0x70c, 0x02),
	V(0x02, 0x300, 0xb035), V(0x01, 0x716, 0x03), V(0x01, 0x717, 0x03), V(0x01, 0x715, 0x01),
	V(0x20, 0x500, 0x10), V(0x20, 0x400, 0x0e21), V(0x20, 0x500, 0x45), V(0x20, 0x400, 0xd489),
	V(0x20, 0x500, 0x22), V(0x20, 0x400, 0x38), V(0x20, 0x500, 0x23), V(0x20, 0x400, 0x23ff),
	V(0x20, 0x400, 0), V(0x20, 0x400, 1), V(0x20, 0x400, 0xb011), V(0x01, 0x705, 0x03),
};

struct rig {
	struct model_list models;
	struct codec_dev *dev;
	struct codec_identity id;
};

static void rig_init(struct rig *r)
{
	*r = (struct rig){ 0 };
	assert_null(proc_read(dump, sizeof(dump) - 1, &r->models));
	assert_int_equal(r->models.n, 1);
	assert_null(dev_of_model(r->models.v[0], &r->dev));
	assert_null(dev_identify(r->dev, &r->id));
	assert_int_equal(r->id.vendor, 0x10ec0298);
	assert_int_equal(r->id.subsystem, 0x144dc8ff);
}

static void rig_deinit(struct rig *r)
{
	dev_destroy(r->dev);
	model_list_deinit(&r->models);
}

static uint32_t get(struct rig *r, uint32_t verb)
{
	uint32_t resp;

	assert_null(dev_ask(r->dev, verb, &resp));
	return resp;
}

static uint32_t coef(struct rig *r, unsigned int index)
{
	get(r, V(0x20, 0x500, index));
	return get(r, V(0x20, 0xc00, 0));
}

static void send(struct rig *r, const uint32_t *verbs, size_t n, struct replay_result *res)
{
	const struct replay_options opt = { 0 };

	assert_null(replay_send(r->dev, &r->id, verbs, n, &opt, res));
}

/* All changes are undone, except the amplifier's own registers. */
static void test_undo(void **state)
{
	struct snapshot before = { 0 }, after = { 0 };
	struct snapshot_undo u;
	struct replay_result res;
	struct rig r;

	(void)state;
	rig_init(&r);
	assert_null(snapshot_take(r.dev, &r.id, list, ARRAY_SIZE(list), &before));
	/* taking the snapshot wrote nothing */
	assert_int_equal(get(&r, V(0x14, 0xf07, 0)), 0);
	send(&r, list, ARRAY_SIZE(list), &res);
	assert_int_equal(res.end, REPLAY_WHOLE);
	assert_int_equal(res.sent, ARRAY_SIZE(list));
	assert_int_equal(get(&r, V(0x14, 0xf07, 0)), 0x40);
	assert_int_equal(get(&r, V(0x14, 0xf1c, 0)), 0x41110110);
	assert_int_equal(coef(&r, 0x45), 0xd489);
	assert_int_equal(get(&r, V(0x01, 0xf05, 0)) & 0xf, 3);
	assert_null(snapshot_undo(r.dev, &before, &u));
	assert_false(u.gone);
	assert_int_equal(u.stuck, 0);
	assert_true(u.restored >= 8);
	assert_int_equal(get(&r, V(0x14, 0xf07, 0)), 0);
	assert_int_equal(get(&r, V(0x14, 0xf0c, 0)), 0);
	assert_int_equal(get(&r, V(0x14, 0xf1c, 0)), 0x411111f0);
	assert_int_equal(get(&r, V(0x02, 0xb00, 0xa000)), 0x57);
	assert_int_equal(get(&r, V(0x01, 0xf16, 0)), 2);
	assert_int_equal(get(&r, V(0x01, 0xf17, 0)), 2);
	/* for an input it shows the level outside */
	assert_int_equal(get(&r, V(0x01, 0xf15, 0)) & 2, 2);
	assert_int_equal(get(&r, V(0x01, 0xf05, 0)) & 0xf, 0);
	assert_int_equal(coef(&r, 0x10), 0x0220);
	assert_int_equal(coef(&r, 0x45), 0xc489);
	/* the command was not sent again */
	assert_int_equal(coef(&r, 0x26), 0xb011);
	assert_null(snapshot_again(r.dev, &before, &after));
	assert_int_equal(after.n, before.n);
	snapshot_deinit(&before);
	snapshot_deinit(&after);
	rig_deinit(&r);
}

/* The codec stops answering at each verb in turn: nothing more is sent, and undo reports it. */
static void test_silence(void **state)
{
	(void)state;
	for (size_t dies = 0; dies < ARRAY_SIZE(list); dies++) {
		struct snapshot s = { 0 };
		struct snapshot_undo u;
		struct replay_result res;
		struct rig r;

		rig_init(&r);
		assert_null(snapshot_take(r.dev, &r.id, list, ARRAY_SIZE(list), &s));
		dev_of_model_dies(r.dev, dies);
		send(&r, list, ARRAY_SIZE(list), &res);
		assert_int_equal(res.end, REPLAY_SILENT);
		assert_int_equal(res.sent, dies + 1);
		assert_null(snapshot_undo(r.dev, &s, &u));
		assert_true(u.gone);
		/* it answers again: the rest can be restored */
		dev_of_model_dies(r.dev, UINT64_MAX);
		assert_null(snapshot_undo(r.dev, &s, &u));
		assert_false(u.gone);
		assert_int_equal(u.stuck, 0);
		assert_int_equal(get(&r, V(0x14, 0xf07, 0)), 0);
		snapshot_deinit(&s);
		rig_deinit(&r);
	}
}

/* It stops answering during undo. */
static void test_silence_in_undo(void **state)
{
	(void)state;
	for (uint64_t dies = 0; dies < 60; dies++) {
		struct snapshot s = { 0 };
		struct snapshot_undo u;
		struct replay_result res;
		struct rig r;

		rig_init(&r);
		assert_null(snapshot_take(r.dev, &r.id, list, ARRAY_SIZE(list), &s));
		send(&r, list, ARRAY_SIZE(list), &res);
		dev_of_model_dies(r.dev, dies);
		assert_null(snapshot_undo(r.dev, &s, &u));
		assert_true(u.gone || u.stuck);
		snapshot_deinit(&s);
		rig_deinit(&r);
	}
}

static void refused(struct err *e, const char *words)
{
	assert_non_null(e);
	if (!strstr(err_text(e), words))
		fail_msg("'%s' does not say '%s'", err_text(e), words);
	err_free(e);
}

static void test_refusals(void **state)
{
	static const uint32_t half[] = { V(0x20, 0x500, 1), V(0x21, 0x400, 1) };
	static const uint32_t far[] = { V(0x85, 0x707, 1) };
	static const uint32_t cut[] = { V(0x20, 0x500, 1), V(0x20, 0x400, 1), V(0x20, 0x500, 2) };
	const struct codec_identity here = { 0x10ec0298, 0x144dc8ff, 1 };
	struct codec_identity from = here;

	(void)state;
	refused(replay_check_list(half, 2), "half of a pair");
	refused(replay_check_list(far, 1), "0x85");
	refused(replay_check_list(NULL, 0), "nothing to do");
	assert_null(replay_check_list(cut, 3));
	assert_true(replay_ends_in_half(cut, 3));
	assert_false(replay_ends_in_half(cut, 2));
	assert_null(replay_check_codec(&from, &here, false));
	from.subsystem = 0x144dc8fe;
	refused(replay_check_codec(&from, &here, false), "0x144dc8fe");
	assert_null(replay_check_codec(&from, &here, true));
	from.subsystem = 0;
	refused(replay_check_codec(&from, &here, false), "--any-machine");
	from.vendor = 0x10ec0256;
	refused(replay_check_codec(&from, &here, true), "another");
}

static void test_risks(void **state)
{
	static const uint32_t verbs[] = {
		V(1, 0x7ff, 0), V(1, 0x705, 0), V(1, 0x705, 3), V(1, 0x715, 1), V(0x14, 0x70c, 2),
		V(0x14, 0x70c, 0), V(0x14, 0x707, 0x40), V(0x20, 0x500, 0x45), V(0x20, 0x400, 1),
		V(1, 0x7ec, 0),
	};
	static const uint8_t expected[] = {
		1 << RISK_RESET, 0, 1 << RISK_POWER, 1 << RISK_GPIO, 1 << RISK_AMP, 0, 0, 0, 0, 0,
	};
	uint8_t risks[ARRAY_SIZE(list)], mask = 0;

	(void)state;
	assert_null(risk_judge(0x10ec0298, verbs, ARRAY_SIZE(verbs), risks));
	assert_memory_equal(risks, expected, sizeof(expected));
	/* the power map is SigmaTel's */
	assert_null(risk_judge(0x83847690, verbs, ARRAY_SIZE(verbs), risks));
	assert_int_equal(risks[9], 1 << RISK_POWER);
	/* the whole transaction with the amplifier, and nothing else */
	assert_null(risk_judge(0x10ec0298, list, ARRAY_SIZE(list), risks));
	for (size_t i = 8; i < 12; i++)
		assert_int_equal(risks[i], 0);
	for (size_t i = 12; i < 19; i++)
		assert_int_equal(risks[i], 1 << RISK_AMP);
	refused(replay_check_risks(list, risks, ARRAY_SIZE(list), 0), "--allow amp");
	refused(replay_check_risks(list, risks, ARRAY_SIZE(list), 1 << RISK_AMP), "--allow gpio");
	assert_null(risk_parse("amp,gpio,power", &mask));
	assert_null(replay_check_risks(list, risks, ARRAY_SIZE(list), mask));
	assert_null(risk_parse("all", &mask));
	assert_int_equal(mask, (1 << RISKS) - 1);
	refused(risk_parse("amp,", &mask), "reset, power, gpio, amp or all");
	refused(risk_parse("amps", &mask), "reset, power, gpio, amp or all");
}

/* A written snapshot reads back the same; a damaged one is refused as a whole. */
static void test_snapshot_file(void **state)
{
	struct snapshot s = { 0 }, t = { 0 };
	struct buf b = { 0 };
	struct rig r;

	(void)state;
	rig_init(&r);
	assert_null(snapshot_take(r.dev, &r.id, list, ARRAY_SIZE(list), &s));
	snapshot_print(&s, "/dev/snd/hwC0D0\n\x1b[2J", &b);
	assert_null(memchr(b.data, 0x1b, b.len));
	assert_null(snapshot_parse(b.data, b.len, "s", &t));
	assert_int_equal(t.n, s.n);
	for (size_t i = 0; i < s.n; i++) {
		assert_int_equal(t.v[i].nid, s.v[i].nid);
		assert_int_equal(t.v[i].get, s.v[i].get);
		assert_int_equal(t.v[i].payload, s.v[i].payload);
		assert_int_equal(t.v[i].value, s.v[i].value);
	}
	assert_int_equal(t.id.subsystem, s.id.subsystem);
	/* cut anywhere it is refused */
	for (size_t len = 0; len < b.len - 1; len++) {
		struct snapshot cut = { 0 };
		struct err *e = snapshot_parse(b.data, len, "s", &cut);

		assert_non_null(e);
		err_free(e);
		snapshot_deinit(&cut);
	}
	/* a line that would reset the codec is not a register */
	buf_clear(&b);
	buf_adds(&b, "hdadump snapshot 1\ncodec 1 subsystem 2 revision 3\n0x01 0x7ff 0 0\nend 1\n");
	snapshot_deinit(&t);
	refused(snapshot_parse(b.data, b.len, "s", &t), "s:3");
	snapshot_deinit(&s);
	snapshot_deinit(&t);
	buf_deinit(&b);
	rig_deinit(&r);
}

static const struct session_head head = { { 1, 2, 3 }, 4, 20 };

static void feed(const struct buf *b, size_t len, struct err **e, uint32_t *answers, size_t *whole)
{
	struct bisect *bisect = NULL;

	assert_null(bisect_create(20, &bisect));
	*e = session_feed(b->data, len, "s", &head, bisect, 20, answers, whole);
	bisect_destroy(bisect);
}

/* Cut at any byte, a session gives the answers that are whole. */
static void test_session(void **state)
{
	char path[] = "/tmp/hdadump-session-XXXXXX";
	struct bisect *b = NULL, *c = NULL;
	struct session s;
	struct bisect_step step, again;
	struct buf text = { 0 };
	size_t whole, ends[64] = { 0 };
	uint32_t answers;
	bool resumed;
	struct err *e;
	int fd = mkstemp(path);
	unsigned int n = 0;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_null(bisect_create(20, &b));
	assert_null(session_open(path, &head, b, 20, &resumed, &s));
	assert_false(resumed);
	while (assert_null(bisect_next(b, &step)), step.state == BISECT_ASKS && n < 10) {
		enum bisect_answer a = step.chosen[7] && step.chosen[13] ? BISECT_YES : BISECT_NO;

		assert_null(session_keep(&s, &step, 20, a));
		assert_null(bisect_answer(b, a));
		ends[n++] = (size_t)lseek(s.fd, 0, SEEK_END);
	}
	session_close(&s);
	assert_null(bisect_create(20, &c));
	assert_null(session_open(path, &head, c, 20, &resumed, &s));
	assert_true(resumed);
	assert_int_equal(s.answers, n);
	assert_null(bisect_next(c, &again));
	assert_memory_equal(again.chosen, step.chosen, 20);
	session_close(&s);

	text.len = ends[n - 1];
	text.data = calloc(1, text.len);
	text.cap = text.len;
	fd = open(path, O_RDONLY);
	assert_int_equal(read(fd, text.data, text.len), text.len);
	close(fd);
	for (size_t len = ends[0]; len <= text.len; len++) {
		unsigned int expected = 0;

		while (expected < n && ends[expected] <= len)
			expected++;
		feed(&text, len, &e, &answers, &whole);
		assert_null(e);
		assert_int_equal(answers, expected);
		assert_int_equal(whole, ends[expected - 1]);
	}
	text.data[ends[2] - 4] ^= 1;	/* another question */
	feed(&text, text.len, &e, &answers, &whole);
	refused(e, "another question");
	text.data[0] ^= 1;
	feed(&text, text.len, &e, &answers, &whole);
	refused(e, "not a hdadump bisect session");
	unlink(path);
	bisect_destroy(b);
	bisect_destroy(c);
	buf_deinit(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_undo), cmocka_unit_test(test_silence),
		cmocka_unit_test(test_silence_in_undo), cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_risks), cmocka_unit_test(test_snapshot_file),
		cmocka_unit_test(test_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
