// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Attaching to and leaving a QEMU, with every order of events in between. Whatever ends
 * first: the guest runs and nothing is traced, or hdadump's exit status is 1 and its message
 * has the commands to restore it.
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
#include "base/err.h"
#include "fake_qemu.h"
#include "live/attach/undo.h"
#include "qemu/monitor.h"

#define SIGNS_MAX 64
/* Longest time that QEMU and Ctrl-C may delay hdadump. */
#define SECONDS_MAX 100.0
/* The same with repeated Ctrl-C. */
#define HURRIED_MAX 5.0

static unsigned int plays, repaired, refused;
static int own_stderr;

/* --- conditions ------------------------------------------------------------------- */

static const char *describe(const struct play *p)
{
	static char text[200];

	if (p->lies)
		snprintf(text, sizeof(text), "QEMU %s at command %u%s%s, Ctrl-C %d times",
			 lie_names[p->lie], p->at, p->lies_on ? " and after it" : "",
			 p->pid_unknown ? ", its process unknown" : "", p->interrupts);
	else
		snprintf(text, sizeof(text), "play '%s'%s%s", p->signs, p->at_once ? " at once" : "",
			 p->pid_unknown ? ", QEMU's process unknown" : "");
	return text;
}

/* hdadump's messages are hidden, but a failure is shown. */
#define FAIL(...) do { dup2(own_stderr, STDERR_FILENO); fail_msg(__VA_ARGS__); } while (0)

static void assert_says(const struct play *p, const struct outcome *o, const char *words)
{
	if (!strstr(o->text, words))
		FAIL("%s: '%s' is not in: %s", describe(p), words, o->text);
}

static void assert_put_right_or_told(const struct play *p, const struct outcome *o)
{
	if (o->seconds > SECONDS_MAX || (p->interrupts > 1 && o->seconds > HURRIED_MAX))
		FAIL("%s: it took %.0f s", describe(p), o->seconds);
	if (o->then.dead)
		return;
	if (o->status == 0 && !o->then.running)
		FAIL("%s: the guest was left paused, and nothing said", describe(p));
	if (o->status == 0 && o->then.traced)
		FAIL("%s: the trace was left on, and nothing said", describe(p));
	if (!o->then.running) {
		assert_says(p, o, "'cont'");
		assert_says(p, o, "{\"execute\":\"cont\"}");
	}
	if (o->then.traced) {
		assert_says(p, o, "'trace-event memory_region_ops_");
		assert_says(p, o, "off'");
		assert_says(p, o, "{\"execute\":\"trace-event-set-state\"");
	}
}

/* A QEMU that follows its commands is restored in the end, by hdadump or by its guardian. */
static void assert_healthy(const struct play *p, const struct outcome *o)
{
	if (!o->joined)
		FAIL("%s: it was not joined: %s", describe(p), o->text);
	if (!o->later.dead && (!o->later.running || o->later.traced))
		FAIL("%s: in the end the guest %s and is %straced", describe(p),
			 o->later.running ? "runs" : "is paused", o->later.traced ? "" : "not ");
	/* no terminal or disk may block the guest */
	if (!o->captured.dead && !o->status && (!o->captured.running || o->captured.traced))
		FAIL("%s: the capture was given to its end before QEMU was left", describe(p));
	/*
	 * a user who does not wait gets a message with what is left; otherwise everything is
	 * restored
	 */
	if (o->status && !strchr(p->signs, '2'))
		FAIL("%s: exit status 1: %s", describe(p), o->text);
	repaired += o->status == 0 && !o->then.dead;
}

static void play(const struct play *p, struct outcome *o)
{
	fake_qemu_play(p, o);
	plays++;
	refused += o->status;
	assert_put_right_or_told(p, o);
}

/* --- every order --------------------------------------------------------------------- */

static bool may_come(const char *before, char sign)
{
	if (strchr(before, sign) || strchr(before, 'D'))
		return false;
	switch (sign) {
	case '2':
		return strchr(before, '1');
	case 'E':
	case 'e':
	case 'S':
	case 'R':
		return !strpbrk(before, "Ee");
	default:
		return true;
	}
}

/* Plays @signs with up to @more further signs between the answers after them, in every way. */
static void each_order(const struct play *like, char *signs, int more)
{
	static const char each[] = "12FSREeDQ";
	struct play p = *like;
	struct outcome o;
	size_t len = strlen(signs);

	p.signs = signs;
	play(&p, &o);
	assert_healthy(&p, &o);
	/* nothing after hdadump's end matters */
	if (!more || !o.was_left)
		return;
	for (unsigned int answers = 0; answers <= o.answers; answers++) {
		memset(signs + len, 'A', answers);
		for (const char *s = each; *s; s++) {
			signs[len + answers] = '\0';
			if (!may_come(signs, *s))
				continue;
			signs[len + answers] = *s;
			signs[len + answers + 1] = '\0';
			each_order(like, signs, more - 1);
		}
	}
	signs[len] = '\0';
}

/* The first sign begins the end, so no answer comes before it. */
static void every_order(const struct play *like, int signs_in_all)
{
	char signs[SIGNS_MAX] = "";

	for (const char *s = "1FEeDQ"; *s; s++) {
		signs[0] = *s;
		signs[1] = '\0';
		each_order(like, signs, signs_in_all - 1);
	}
}

/* Two signs with every order of answers; three take minutes: HDADUMP_ORDERS=3. */
static void one_after_the_other(void **state)
{
	const char *orders = getenv("HDADUMP_ORDERS");
	const struct play like = { 0 };

	(void)state;
	every_order(&like, orders ? atoi(orders) : 2);
}

/* Two signs at once: hdadump sees both at its next poll. */
static void two_at_once(void **state)
{
	const struct play like = { .at_once = true };

	(void)state;
	every_order(&like, 2);
}

static void process_unknown(void **state)
{
	const struct play like = { .pid_unknown = true };

	(void)state;
	every_order(&like, 2);
}

/* All signs in random orders, the same each time. */
static void long_orders(void **state)
{
	uint64_t die = 1;

	(void)state;
	for (int n = 0; n < 300; n++) {
		char signs[SIGNS_MAX] = "", each[] = "12FSREeDQ";
		struct play p = { .signs = signs, .at_once = n % 4 == 3, .pid_unknown = n % 5 == 4 };
		struct outcome o;

		for (size_t left = sizeof(each) - 1, len = 0; left; left--) {
			die = die * 6364136223846793005u + 1442695040888963407u;
			char *s = each + (die >> 33) % left, sign = *s;

			*s = each[left - 1];
			if (len && !may_come(signs, sign))
				continue;
			for (unsigned int a = len ? (unsigned int)(die >> 60) % 5 : 0; a; a--)
				signs[len++] = 'A';
			signs[len++] = sign;
			signs[len] = '\0';
		}
		play(&p, &o);
		assert_healthy(&p, &o);
	}
}

/* --- wrong answers --------------------------------------------------------------------- */

static unsigned int commands_in_all(void)
{
	const struct play p = { .signs = "1" };
	struct outcome o;

	play(&p, &o);
	assert_healthy(&p, &o);
	return o.commands;
}

/* One wrong answer to one command: a second connection gets only correct ones. */
static void assert_repaired(const struct play *p, const struct outcome *o)
{
	if (p->lies_on || o->later.dead)
		return;
	if (!o->later.running || o->later.traced)
		FAIL("%s: in the end the guest %s and is %straced: %s", describe(p),
		     o->later.running ? "runs" : "is paused", o->later.traced ? "" : "not ", o->text);
	/* an answer that comes twice is correct */
	if (p->lie == TWICE && (o->status || !o->joined))
		FAIL("%s: exit status %d: %s", describe(p), o->status, o->text);
}

static const enum lie every_lie[] = {
	DIES, CLOSES, CLOSES_LATE, HANGS, HANGS_HERE, REFUSES, TWICE, OTHER_ID, NO_ID, OTHER_TYPE, NOTHING,
	GARBAGE, TALKS, PRETENDS,
};

/* A wrong answer to each command of attaching and leaving. */
static void each_lie(const struct play *like, const enum lie *lies, size_t n)
{
	unsigned int commands = commands_in_all();

	for (size_t i = 0; i < n; i++)
		for (unsigned int at = 0; at < commands; at++) {
			struct play p = *like;
			struct outcome o;

			p.signs = "1";
			p.lies = true;
			p.lie = lies[i];
			p.at = at;
			play(&p, &o);
			assert_repaired(&p, &o);
		}
}

static void one_lie_at_each_step(void **state)
{
	const struct play like = { 0 };

	(void)state;
	each_lie(&like, every_lie, ARRAY_SIZE(every_lie));
}

/* A QEMU that pretends until the end is believed: there is no other source. */
static void lies_from_each_step_on(void **state)
{
	static const enum lie lies[] = { CLOSES, CLOSES_LATE, REFUSES, NO_ID, OTHER_TYPE, GARBAGE };
	const struct play like = { .lies_on = true };

	(void)state;
	each_lie(&like, lies, ARRAY_SIZE(lies));
}

static void lies_and_process_unknown(void **state)
{
	static const enum lie lies[] = { DIES, CLOSES_LATE, HANGS, GARBAGE };
	const struct play like = { .pid_unknown = true };

	(void)state;
	each_lie(&like, lies, ARRAY_SIZE(lies));
}

/* A user who presses Ctrl-C repeatedly does not wait. */
static void silence_and_no_patience(void **state)
{
	static const enum lie lies[] = { HANGS, HANGS_HERE, NO_ID, TALKS };
	const struct play like = { .interrupts = 3 };

	(void)state;
	each_lie(&like, lies, ARRAY_SIZE(lies));
}

/* --- what is left -------------------------------------------------------------------- */

static void assert_left(const struct monitor_where *where, const char *words)
{
	struct undo *u;
	struct err *e;

	assert_null(undo_create(where, &u));
	undo_set_pid(u, 4711);
	assert_null(undo_left(u, NULL));
	assert_null(undo_push_hmp(u, "logfile /dev/null"));
	undo_push_stop(u);
	e = undo_left(u, NULL);
	assert_non_null(e);
	if (!strstr(err_text(e), words))
		FAIL("'%s' is not in: %s", words, err_text(e));
	err_free(e);
	undo_destroy(u);
}

static void what_to_type(void **state)
{
	const struct monitor_where libvirt = { .libvirt = "win10", .uri = "qemu:///system" };
	const struct monitor_where qmp = { .qmp = "/tmp/q" }, pid = { .pid = 4711 };

	(void)state;
	assert_left(&libvirt, "; virsh -c qemu:///system qemu-monitor-command win10 --hmp 'logfile /dev/null'; "
		    "virsh -c qemu:///system qemu-monitor-command win10 --hmp 'cont'");
	assert_left(&qmp, "the guest is paused, and QEMU's log goes to /dev/null; in QEMU's monitor (/tmp/q) "
		    "type 'logfile /dev/null', 'cont', or by QMP {\"execute\":\"qmp_capabilities\"} ");
	assert_left(&pid, "in QEMU's monitor (process 4711) type ");
}

static int start(void **state)
{
	(void)state;
	own_stderr = dup(STDERR_FILENO);
	fake_qemu_start();
	return 0;
}

static int be_quiet(void **state)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	(void)state;
	dup2(null, STDERR_FILENO);
	close(null);
	return 0;
}

static int end(void **state)
{
	(void)state;
	fake_qemu_end();
	dup2(own_stderr, STDERR_FILENO);
	printf("%u plays: QEMU was put right in %u, exit status 1 in %u\n", plays, repaired, refused);
	return 0;
}

/* Plays one play and shows it. */
static int show_one(int argc, char **argv)
{
	struct play p = { .signs = argv[1], .lies = argc > 3 };
	struct outcome o;

	while (argc > 3 && p.lie < LIES && strcmp(lie_names[p.lie], argv[2]) != 0)
		p.lie++;
	if (argc > 5 || argc == 3 || p.lie == LIES) {
		printf("usage: test_undo [SIGNS [LIE COMMAND [INTERRUPTS]]]\n");
		return 1;
	}
	p.at = argc > 3 ? (unsigned int)atoi(argv[3]) : 0;
	p.interrupts = argc > 4 ? atoi(argv[4]) : 0;
	fake_qemu_start();
	fake_qemu_play(&p, &o);
	fake_qemu_end();
	printf("%s: exit status %d, %s, %s, after %.1f s and %u commands: %s\n", describe(&p), o.status,
	       o.then.dead ? "QEMU dead" : o.then.running ? "running" : "paused",
	       o.then.traced ? "traced" : "not traced", o.seconds, o.commands, o.text);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(one_after_the_other, be_quiet),
		cmocka_unit_test_setup(two_at_once, be_quiet),
		cmocka_unit_test_setup(process_unknown, be_quiet),
		cmocka_unit_test_setup(long_orders, be_quiet),
		cmocka_unit_test_setup(one_lie_at_each_step, be_quiet),
		cmocka_unit_test_setup(lies_from_each_step_on, be_quiet),
		cmocka_unit_test_setup(lies_and_process_unknown, be_quiet),
		cmocka_unit_test_setup(silence_and_no_patience, be_quiet),
		cmocka_unit_test(what_to_type),
	};

	if (argc > 1)
		return show_one(argc, argv);
	return cmocka_run_group_tests(tests, start, end);
}
