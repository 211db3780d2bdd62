// SPDX-License-Identifier: GPL-2.0-or-later
/* The text and JSON sinks: every kind of xact, hostile text, times, widths, failing outputs. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "base/err.h"
#include "codec/decode.h"
#include "codec/effect/effect.h"
#include "event/event.h"
#include "flow/sink.h"
#include "print/json/xact_json.h"
#include "print/xact_text.h"

static const char *name_of(void *arg, uint16_t ctrl)
{
	(void)arg;
	return ctrl ? "0000:00:1f.3\033[2J" : NULL;
}

static char *shown(int fd, struct sink *s)
{
	static char buf[1 << 20];
	ssize_t n;

	assert_null(s->ops->flush(s));
	n = pread(fd, buf, sizeof(buf) - 1, 0);
	assert_true(n >= 0);
	buf[n] = '\0';
	sink_destroy(s);
	close(fd);
	return buf;
}

static struct sink *text_sink(struct text_options *o)
{
	struct sink *s;

	o->fd = memfd_create("text", 0);
	assert_null(text_sink_create(o, &s));
	return s;
}

static void put(struct sink *s, struct xact *x)
{
	static struct decoder *dec;
	static struct decoded d;

	if (!dec)
		assert_null(decoder_create(&dec));
	codec_decode(dec, x, &d);
	assert_null(s->ops->put(s, x, &d));
}

#define NO_TIME .t_verb = EVENT_TIME_NONE, .t_resp = EVENT_TIME_NONE

static struct xact verb(uint32_t word)
{
	return (struct xact){ NO_TIME, .index = 1, .verb = word, .has_verb = true,
			      .cad = (uint8_t)(word >> 28) };
}

static void every_kind(void **state)
{
	struct text_options o = { .time = TEXT_TIME_NONE };
	struct sink *s = text_sink(&o);
	struct xact x = verb(0x01470740);

	(void)state;
	put(s, &x);
	x.certainty = CERT_UNANSWERED;
	put(s, &x);
	x.has_resp = true;
	x.certainty = CERT_SUSPECT;
	put(s, &x);
	x.certainty = CERT_EXACT;
	x.kind = XACT_IMMEDIATE;
	put(s, &x);
	x = verb(0xf01705ff);
	x.kind = XACT_BROADCAST;
	put(s, &x);
	x = (struct xact){ NO_TIME, .cad = 2, .certainty = CERT_LOST };
	put(s, &x);
	x = (struct xact){ NO_TIME, .kind = XACT_UNSOL, .has_resp = true, .resp = 0x04000001 };
	put(s, &x);
	x = (struct xact){ NO_TIME, .kind = XACT_RESET };
	put(s, &x);
	x = (struct xact){ NO_TIME, .kind = XACT_GAP, .count = 12, .text = "a hole", .text_len = 6 };
	put(s, &x);
	x = (struct xact){ NO_TIME, .kind = XACT_NOTE };
	put(s, &x);
	assert_string_equal(shown(o.fd, s),
		"0:14  SET_PIN_WIDGET_CONTROL(0x40: OUT)\n"
		"0:14  SET_PIN_WIDGET_CONTROL(0x40: OUT)                        = ?  [unanswered]\n"
		"0:14  SET_PIN_WIDGET_CONTROL(0x40: OUT)                        = 0  [suspect]\n"
		"0:14  SET_PIN_WIDGET_CONTROL(0x40: OUT)                        = 0  [immediate]\n"
		"15:01  SET_POWER_STATE(0xff: state 15, unknown 0xf0)\n"
		"2:??  a verb that could not be read  [lost]\n"
		"0:    unsolicited 0x4000001: tag 1, PRESENT\n"
		"--- controller reset\n"
		"--- gap of 12: a hole\n"
		"--- note\n");
}

static void nobody_acts_on_the_terminal(void **state)
{
	struct text_options o = { .time = TEXT_TIME_NONE, .ctrl_name = name_of };
	static const char mark[] = "in\033]0;x\007\n\x9b" "31m \"q\\";
	struct xact x = { NO_TIME, .kind = XACT_MARK, .ctrl = 1, .text = mark,
			  .text_len = sizeof(mark) - 1 };
	struct sink *s = text_sink(&o);
	struct json_options jo = { .fd = memfd_create("json", 0), .ctrl_name = name_of };
	struct json_object *obj, *v;

	(void)state;
	put(s, &x);
	assert_string_equal(shown(o.fd, s), "0000:00:1f.3\\x1b[2J --- mark: "
			    "in\\x1b]0;x\\x07\\x0a\\x9b31m \"q\\\n");
	assert_null(json_sink_create(&jo, &s));
	put(s, &x);
	obj = json_tokener_parse(shown(jo.fd, s));
	assert_non_null(obj);
	assert_true(json_object_object_get_ex(obj, "text", &v));
	assert_string_equal(json_object_get_string(v), "in\\x1b]0;x\\x07\\x0a\\x9b31m \"q\\");
	assert_true(json_object_object_get_ex(obj, "ctrl", &v));
	assert_string_equal(json_object_get_string(v), "0000:00:1f.3\\x1b[2J");
	json_object_put(obj);
}

/* A text longer than the whole buffer is written completely. */
static void long_text(void **state)
{
	struct text_options o = { .time = TEXT_TIME_NONE };
	struct sink *s = text_sink(&o);
	size_t len = 600 * 1024;
	char *text = malloc(len), *out;
	struct xact x = { NO_TIME, .kind = XACT_NOTE, .text = text, .text_len = (uint32_t)len };

	(void)state;
	assert_non_null(text);
	memset(text, 'x', len);
	put(s, &x);
	put(s, &x);
	out = shown(o.fd, s);
	assert_int_equal(strcspn(out, "\n"), len + strlen("--- note: "));
	free(text);
}

static void times(void **state)
{
	static const struct {
		enum text_time time;
		const char *want;
	} cases[] = {
		{ TEXT_TIME_START, "    0.250000 \n    1.750000 \n" },
		{ TEXT_TIME_DELTA, "    0.000000 \n    1.500000 \n" },
		{ TEXT_TIME_ABSOLUTE, "  100.000000 \n  101.500000 \n" },
		{ TEXT_TIME_INDEX, "       7 \n       8 \n" },
		{ TEXT_TIME_NONE, "\n\n" },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text_options o = { .time = cases[i].time };
		struct sink *s = text_sink(&o);
		struct xact x = verb(0x01470740);
		char got[64] = "", *line, *save;

		s->origin = 99750000000;	/* of an event before the first verb */
		x.index = 7;
		x.t_verb = 100000000000;
		put(s, &x);
		x.index = 8;
		x.t_verb = 101500000000;
		put(s, &x);
		for (line = strtok_r(shown(o.fd, s), "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save)) {
			strncat(got, line, (size_t)(strstr(line, "0:14") - line));
			strcat(got, "\n");
		}
		assert_string_equal(got, cases[i].want);
	}
	/* times as far apart as possible, backwards */
	struct text_options o = { .time = TEXT_TIME_START };
	struct sink *s = text_sink(&o);
	struct xact x = verb(0x01470740);

	x.t_verb = INT64_MAX;
	put(s, &x);
	x.t_verb = INT64_MIN + 1;
	put(s, &x);
	assert_non_null(strstr(shown(o.fd, s), "0:14"));
}

static void lines_fit_the_terminal(void **state)
{
	(void)state;
	for (unsigned int width = 60; width < 200; width += 7) {
		struct text_options o = { .time = TEXT_TIME_START, .width = width };
		struct sink *s = text_sink(&o);
		struct xact x = verb(0x001f000a);
		char *out, *save, all[1024] = "";

		x.has_resp = true;
		x.resp = 0x1e0fff;
		put(s, &x);
		out = shown(o.fd, s);
		for (char *line = strtok_r(out, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save)) {
			assert_true(strlen(line) <= width);
			strcat(all, line + strspn(line, " "));
			strcat(all, " ");
		}
		/* and nothing is lost */
		assert_non_null(strstr(all, "8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, "
				       "96000, 176400, 192000, 384000, 16bit, 20bit, 24bit, 32bit"));
	}
}

static void colour_only_when_asked(void **state)
{
	struct text_options o = { .time = TEXT_TIME_NONE };
	struct xact x = verb(0x01470740);
	struct sink *s = text_sink(&o);

	(void)state;
	put(s, &x);
	assert_null(strchr(shown(o.fd, s), '\033'));
	o.colour = true;
	s = text_sink(&o);
	put(s, &x);
	assert_string_equal(shown(o.fd, s),
			    "0:14  \033[32mSET_PIN_WIDGET_CONTROL\033[0m(0x40: OUT)\n");
}

/* A full disk and a closed output are errors of the sink, returned each time. */
static void failing_outputs(void **state)
{
	struct json_options jo = { 0 };
	struct text_options o = { 0 };
	int fds[2];
	struct sink *s;
	struct err *e;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	for (unsigned int i = 0; i < 4; i++) {
		int fd = i & 1 ? fds[1] : open("/dev/full", O_WRONLY);
		struct xact x = verb(0x01470740);

		assert_true(fd >= 0);
		o.fd = jo.fd = fd;
		if (i & 2)
			assert_null(text_sink_create(&o, &s));
		else
			assert_null(json_sink_create(&jo, &s));
		put(s, &x);
		for (unsigned int again = 0; again < 2; again++) {
			e = s->ops->flush(s);
			assert_non_null(e);
			assert_non_null(strstr(err_text(e), strerror(i & 1 ? EPIPE : ENOSPC)));
			err_free(e);
		}
		/* filling the buffer after that fails too, and it does not grow */
		static struct decoded d;
		for (e = NULL; !e;)
			e = s->ops->put(s, &x, &d);
		err_free(e);
		sink_destroy(s);
		if (!(i & 1))
			close(fd);
	}
	close(fds[1]);
}

/* Controls of one widget share a line; anything else ends it. */
static void effects_share_a_line(void **state)
{
	static const uint32_t words[] = { 0x01470740, 0x01470c02, 0x01570740, 0x02050010,
					  0x02040000, 0x01570c00 };
	struct text_options o = { .time = TEXT_TIME_NONE };
	struct sink *s = text_sink(&o);
	struct decoder *dec;
	struct effects *fx;
	struct effect e;
	static struct decoded d;

	(void)state;
	assert_null(decoder_create(&dec));
	assert_null(effects_create(dec, &fx));
	for (unsigned int i = 0; i <= sizeof(words) / sizeof(words[0]); i++) {
		if (i < sizeof(words) / sizeof(words[0])) {
			struct xact x = verb(words[i]);

			codec_decode(dec, &x, &d);
			assert_null(effects_put(fx, &x, &d));
		} else {
			assert_null(effects_flush(fx));
		}
		while (effects_next(fx, &e))
			assert_null(s->ops->effect(s, &e));
	}
	assert_string_equal(shown(o.fd, s),
		"0  pin 14: OUT, EAPD on  [2 verbs]\n"
		"0  pin 15: OUT\n"
		"0  coef 20[10] = 0000  [2 verbs]\n"
		"0  pin 15: EAPD off\n");
	effects_destroy(fx);
	decoder_destroy(dec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind),
		cmocka_unit_test(nobody_acts_on_the_terminal),
		cmocka_unit_test(long_text),
		cmocka_unit_test(times),
		cmocka_unit_test(lines_fit_the_terminal),
		cmocka_unit_test(colour_only_when_asked),
		cmocka_unit_test(failing_outputs),
		cmocka_unit_test(effects_share_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
