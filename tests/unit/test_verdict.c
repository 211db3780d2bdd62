// SPDX-License-Identifier: GPL-2.0-or-later
/* The verdict on captures made here, whose faults are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyse/verdict.h"
#include "base/bits.h"
#include "base/err.h"
#include "event/source.h"
#include "flow/pipeline.h"
#include "hda/regs.h"

/* A source that gives the events of a list. */
struct script {
	struct source source;
	struct event ev[1024];
	size_t n, at;
	uint8_t label[1024][4];
};

static struct err *script_next(struct source *s, struct event_run *run)
{
	struct script *c = (struct script *)s;

	*run = (struct event_run){ c->ev + c->at, c->n - c->at };
	c->at = c->n;
	return NULL;
}

static const struct source_ops script_ops = { .next = script_next };

static struct event *add(struct script *c, uint8_t kind, uint64_t addr, uint64_t value)
{
	struct event *ev = &c->ev[c->n++];

	assert_true(c->n < ARRAY_SIZE(c->ev));
	*ev = (struct event){
		.kind = kind, .time = (int64_t)c->n * 1000000, .addr = addr, .value = value,
		.origin = ORIGIN_TOOL, .line = (uint32_t)c->n,
	};
	return ev;
}

static void word(struct script *c, uint32_t verb)
{
	add(c, EV_CORB_WORD, EVENT_NO_SLOT, verb);
}

static void verb(struct script *c, uint32_t v, uint32_t resp)
{
	word(c, v);
	add(c, EV_RIRB_PAIR, EVENT_NO_SLOT, resp | (uint64_t)(v >> 28) << 32);
}

static void wr(struct script *c, uint64_t offset, uint8_t width, uint64_t value)
{
	add(c, EV_MMIO_WRITE, offset, value)->width = width;
}

static void judge(struct script *c, const struct source_facts *facts, struct verdict *v)
{
	struct pipeline p = { .fold = { .noise = true, .registers = true } };

	c->source.ops = &script_ops;
	c->at = 0;
	verdict_init(v);
	p.source = &c->source;
	p.sink = &v->sink;
	assert_null(pipeline_run(&p));
	assert_null(verdict_finish(v, facts));
	pipeline_deinit(&p);
}

static const struct source_facts logged = { .format = SOURCE_PATCH, .responses = true };

/* A Linux driver from its first word to a tone: nothing is wrong. */
static void linux_whole(void **state)
{
	static struct script c;
	struct verdict v;

	memset(&c, 0, sizeof(c));
	wr(&c, R_CORBLBASE, 4, 0x1000);
	wr(&c, R_RIRBLBASE, 4, 0x1800);
	wr(&c, R_RINTCNT, 2, 1);
	verb(&c, 0x000f0000, 0x10ec0298);
	verb(&c, 0x000f0001, 0);
	verb(&c, 0x001f0004, 0x00020003);
	verb(&c, 0x002f0009, 0x411);
	verb(&c, 0x003f0009, 0x411);
	verb(&c, 0x004f0009, 0x40018d);
	verb(&c, 0x0023b07f, 0);
	verb(&c, 0x00270610, 0);
	wr(&c, R_SD_BASE + 4 * R_SD_SIZE, 1, 2);
	wr(&c, R_SD_BASE + 4 * R_SD_SIZE, 4, 0x00100002);	/* it runs already */
	wr(&c, R_SD_BASE + 4 * R_SD_SIZE, 1, 0);
	wr(&c, R_SD_BASE + 4 * R_SD_SIZE, 1, 2);
	judge(&c, &logged, &v);
	for (int i = 0; i < FINDINGS; i++)
		assert_int_equal(v.findings[i].count, 0);
	assert_int_equal(v.trust, TRUST_WHOLE);
	assert_int_equal(v.driver.driver, DRIVER_LINUX);
	assert_int_equal(v.driver.confidence, CONFIDENCE_CERTAIN);
	assert_int_equal(v.activity.streams, 2);
	assert_int_equal(v.activity.tags, 1);
	assert_int_equal(v.activity.tag_nid, 2);
	assert_int_equal(v.activity.amps, 1);
	assert_int_equal(v.n_codecs, 1);
	assert_int_equal(v.codecs[0].vendor_id, 0x10ec0298);

	unsigned int asked, announced;

	assert_true(codec_asked(&v.codecs[0], &asked, &announced));
	assert_int_equal(asked, 3);
	assert_int_equal(announced, 3);
	verdict_deinit(&v);
}

/* One of every possible fault, each at its place. */
static void all_wrong(void **state)
{
	static struct script c;
	struct source_facts facts = logged;
	struct verdict v;
	uint8_t beside[4];

	memset(&c, 0, sizeof(c));
	facts.masked = 3;
	facts.parts = 1;
	verb(&c, 0x014f0700, 0xffffffff);		/* 1 */
	add(&c, EV_GAP, GAP_VERBS, 5);			/* after 1; line 3 */
	/* the lost verbs' own: no additional loss */
	add(&c, EV_GAP, GAP_RESPONSES, 5);
	add(&c, EV_GAP, GAP_EVENTS, 2);
	word(&c, 0x014f0700);				/* 2 */
	add(&c, EV_GAP, GAP_RESPONSES, 1);
	verb(&c, 0x01470740, 0);			/* 3 */
	store_le32(beside, 0x01570740);
	word(&c, 0x01470740);				/* 4 */
	struct event *ev = add(&c, EV_RIRB_PAIR, EVENT_NO_SLOT, 0);

	ev->data = beside;
	ev->len = 4;
	add(&c, EV_RIRB_PAIR, EVENT_NO_SLOT, 7);	/* 5: without a verb */
	word(&c, 0x01470740);				/* 6: never answered */
	judge(&c, &facts, &v);
	static const struct {
		enum finding_id id;
		unsigned int count, index;
	} want[] = {
		{ FINDING_ALL_ONES, 1, 1 }, { FINDING_VERBS_MISSING, 5, 1 },
		{ FINDING_EVENTS_MISSING, 2, 1 }, { FINDING_RESPONSES_MISSING, 1, 2 },
		{ FINDING_MOVED, 1, 4 }, { FINDING_SPURIOUS, 1, 5 }, { FINDING_UNANSWERED, 1, 6 },
		{ FINDING_MASKED, 3, 0 }, { FINDING_PARTS, 1, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		const struct finding *f = &v.findings[want[i].id];

		assert_int_equal(f->count, want[i].count);
		if (!want[i].index)
			continue;
		assert_int_equal(f->places, 1);
		assert_int_equal(f->where[0].index, want[i].index);
	}
	assert_int_equal(v.findings[FINDING_VERBS_LOST].count, 0);
	assert_int_equal(v.trust, TRUST_INCOMPLETE);
	assert_int_equal(v.verbs, 5);
	verdict_deinit(&v);
}

static void other_drivers(void **state)
{
	static struct script c;
	struct verdict v;

	/* Windows: index and value of a coefficient in one batch */
	memset(&c, 0, sizeof(c));
	for (unsigned int i = 0; i < 16; i++) {
		word(&c, 0x02050000 | i);
		c.ev[c.n - 1].bar = 2;
		word(&c, 0x02040000 | i);
		c.ev[c.n - 1].bar = 2;
		add(&c, EV_RIRB_PAIR, EVENT_NO_SLOT, 0);
		add(&c, EV_RIRB_PAIR, EVENT_NO_SLOT, 0);
	}
	judge(&c, &logged, &v);
	assert_int_equal(v.driver.driver, DRIVER_WINDOWS);
	assert_int_equal(v.driver.confidence, CONFIDENCE_LIKELY);
	verdict_deinit(&v);

	/* firmware: immediate commands that write pin defaults */
	memset(&c, 0, sizeof(c));
	for (unsigned int i = 0; i < 16; i++) {
		wr(&c, R_ICOI, 4, 0x01471c00 | i % 4 << 8);
		wr(&c, R_ICIS, 2, 1);
		add(&c, EV_MMIO_READ, R_ICIS, 2)->width = 2;
		add(&c, EV_MMIO_READ, R_ICII, 0)->width = 4;
	}
	judge(&c, &(struct source_facts){ .format = SOURCE_TRACE, .responses = true }, &v);
	assert_int_equal(v.immediate, 16);
	assert_int_equal(v.driver.driver, DRIVER_FIRMWARE);
	assert_int_equal(v.driver.confidence, CONFIDENCE_LIKELY);
	verdict_deinit(&v);

	/* one verb proves nothing about its sender */
	memset(&c, 0, sizeof(c));
	verb(&c, 0x01470740, 0);
	judge(&c, &logged, &v);
	assert_int_equal(v.driver.driver, DRIVER_UNKNOWN);
	verdict_deinit(&v);
}

static void nothing(void **state)
{
	static struct script c;
	struct verdict v;

	memset(&c, 0, sizeof(c));
	judge(&c, &logged, &v);
	assert_int_equal(v.trust, TRUST_NOTHING);
	assert_int_equal(v.findings[FINDING_NO_VERBS].count, 1);
	verdict_deinit(&v);
	/* announced only, as in a trace log */
	wr(&c, R_GCTL, 4, 0);
	wr(&c, R_GCTL, 4, 1);
	wr(&c, R_CORBCTL, 1, 2);
	wr(&c, R_CORBWP, 2, 3);
	judge(&c, &(struct source_facts){ .format = SOURCE_TRACE, .responses = true }, &v);
	assert_int_equal(v.trust, TRUST_NOTHING);
	assert_int_equal(v.findings[FINDING_NO_VERBS].count, 0);
	assert_int_equal(v.findings[FINDING_VERBS_LOST].count, 3);
	verdict_deinit(&v);
}

/* Places are stored up to a number, and only counted beyond. */
static void many_places(void **state)
{
	static struct script c;
	struct verdict v;

	memset(&c, 0, sizeof(c));
	for (unsigned int i = 0; i < 500; i++)
		verb(&c, 0x014f0900, 0xffffffff);
	judge(&c, &logged, &v);
	assert_int_equal(v.findings[FINDING_ALL_ONES].count, 500);
	assert_int_equal(v.findings[FINDING_ALL_ONES].kept, 500);
	assert_int_equal(v.findings[FINDING_ALL_ONES].where[499].index, 500);
	verdict_deinit(&v);
	/* each row has its texts, and its words for one and for many */
	for (int i = 0; i < FINDINGS; i++) {
		const struct finding_text *t = finding_text(i);

		assert_true(t->id && *t->what && *t->advice);
		for (const char *p = t->what; (p = strchr(p, '{')); p++)
			assert_true(strchr(p, '|') && strchr(p, '|') < strchr(p, '}'));
	}
}

static void mark(struct script *c, const char *text, int64_t time)
{
	struct event *ev = add(c, EV_MARK, 0, 0);

	ev->data = text;
	ev->len = (uint32_t)strlen(text);
	ev->time = time;
}

/* In their order, between their verbs; a list's comments, which have no time, are not marks. */
static void test_marks(void **state)
{
	static struct script c;
	struct verdict v;

	mark(&c, "before", 500000);
	verb(&c, 0x000f0000, 0x10ec0298);
	mark(&c, "a comment", EVENT_TIME_NONE);
	verb(&c, 0x000f0002, 1);
	mark(&c, "in", 9000000);
	verb(&c, 0x000f0004, 1);
	judge(&c, &logged, &v);
	assert_int_equal(v.marks.all, 2);
	assert_string_equal(v.marks.v[0].text, "before");
	assert_int_equal(v.marks.v[0].after, 0);
	assert_string_equal(v.marks.v[1].text, "in");
	assert_int_equal(v.marks.v[1].after, 2);
	assert_int_equal(v.sink.origin, 500000);
	verdict_deinit(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_marks),
		cmocka_unit_test(linux_whole),
		cmocka_unit_test(all_wrong),
		cmocka_unit_test(other_drivers),
		cmocka_unit_test(nothing),
		cmocka_unit_test(many_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
