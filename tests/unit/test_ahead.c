// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "event/source.h"
#include "events.h"
#include "input/read_ahead_thread.h"

#define RUN_MAX 5000

/*
 * A source that counts, in runs of many lengths: so many events, some with
 * data, some quiet, perhaps an error at the end.
 */
struct counter {
	struct source source;
	uint64_t n, given;
	bool fails;
	struct event ev[RUN_MAX];
	uint8_t data[RUN_MAX][64];	/* overwritten with each run, as a source may */
};

static int destroyed;

static bool is_quiet(uint64_t i)
{
	return i % 1000 == 999;
}

static struct err *counter_next(struct source *s, struct event_run *run)
{
	static const size_t lengths[] = { 1, 256, 3, RUN_MAX, 2048 };
	struct counter *c = (struct counter *)s;
	size_t n = lengths[c->given % 5];

	*run = (struct event_run){ .ev = c->ev };
	if (c->given == c->n)
		return c->fails ? err_new(ERR_FAIL, "after %u events", (unsigned int)c->n) : NULL;
	while (run->n < n && c->given < c->n && !(is_quiet(c->given) && run->n)) {
		uint64_t i = c->given++;
		struct event *ev = &c->ev[run->n];

		*ev = (struct event){
			.kind = is_quiet(i) ? EV_NONE : EV_MMIO_READ, .value = i * 3, .addr = i,
			.time = (int64_t)i, .width = 2,
		};
		if (i % 3 == 0 && ev->kind != EV_NONE) {
			memset(c->data[run->n], (int)i, sizeof(c->data[0]));
			ev->data = c->data[run->n];
			ev->len = 1 + (uint32_t)(i % sizeof(c->data[0]));
		}
		run->n++;
		if (ev->kind == EV_NONE)
			break;
	}
	return NULL;
}

static struct err *counter_read_memory(struct source *s, uint16_t ctrl, uint64_t addr, uint32_t len,
				       struct event *ev)
{
	(void)s;
	*ev = (struct event){ .kind = EV_NOMEM, .ctrl = ctrl, .addr = addr, .value = len };
	return NULL;
}

static void counter_destroy(struct source *s)
{
	destroyed++;
	free(s);
}

static const struct source_ops counter_ops = {
	.next = counter_next, .read_memory = counter_read_memory, .destroy = counter_destroy,
};
static const struct source_ops silent_ops = {
	.next = counter_next, .destroy = counter_destroy,
};

static struct source *counter(uint64_t n, bool fails, bool memory)
{
	struct counter *c = calloc(1, sizeof(*c));
	struct source *s = NULL;

	assert_non_null(c);
	c->source.ops = memory ? &counter_ops : &silent_ops;
	c->n = n;
	c->fails = fails;
	destroyed = 0;
	assert_null(read_ahead_create(&c->source, &s));
	return s;
}

static void gives_the_same_events(void **state)
{
	(void)state;
	static const uint64_t lengths[] = { 0, 1, 999, 2047, 2048, 2049, 6144, 100000 };

	for (size_t k = 0; k < sizeof(lengths) / sizeof(*lengths); k++) {
		for (int fails = 0; fails < 2; fails++) {
			struct source *s = counter(lengths[k], fails, true);
			struct event_steps steps = { 0 };
			struct event *ev;
			struct err *e;

			for (uint64_t i = 0; i < lengths[k]; i++) {
				assert_null(source_step(s, &steps, &ev));
				assert_non_null(ev);
				assert_int_equal(ev->value, i * 3);
				assert_int_equal(ev->kind, is_quiet(i) ? EV_NONE : EV_MMIO_READ);
				if (is_quiet(i))
					assert_int_equal(steps.run.n, 1);
				if (ev->kind == EV_NONE || i % 3) {
					assert_int_equal(ev->len, 0);
					continue;
				}
				assert_int_equal(ev->len, 1 + i % 64);
				for (uint32_t b = 0; b < ev->len; b++)
					assert_int_equal(((const uint8_t *)ev->data)[b], (uint8_t)i);
			}
			assert_null(read_ahead_inner(s));
			e = source_step(s, &steps, &ev);
			assert_int_equal(e != NULL, fails);
			assert_null(ev);
			err_free(e);
			/* and the end stays the end */
			assert_null(source_step(s, &steps, &ev));
			assert_null(ev);
			assert_int_equal(((struct counter *)read_ahead_inner(s))->given, lengths[k]);
			source_destroy(s);
			assert_int_equal(destroyed, 1);
		}
	}
}

static void can_be_left_at_any_time(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < 9000; n += 700) {
		struct source *s = counter(50000, true, false);
		struct event_steps steps = { 0 };
		struct event *ev;

		for (unsigned int i = 0; i < n; i++)
			assert_null(source_step(s, &steps, &ev));
		source_destroy(s);
		assert_int_equal(destroyed, 1);
	}
	/* with the error read ahead, and never asked for */
	struct source *s = counter(10, true, false);
	struct event_run run;

	assert_null(s->ops->next(s, &run));
	source_destroy(s);
}

static void memory_is_the_inner_ones(void **state)
{
	(void)state;
	struct source *s = counter(10, false, true);
	struct event ev;

	assert_null(s->ops->read_memory(s, 2, 0x1000, 8, &ev));
	assert_int_equal(ev.kind, EV_NOMEM);
	assert_int_equal(ev.addr, 0x1000);
	source_destroy(s);
	s = counter(10, false, false);
	assert_null(s->ops->read_memory);
	source_destroy(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_same_events),
		cmocka_unit_test(can_be_left_at_any_time),
		cmocka_unit_test(memory_is_the_inner_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
