/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A QEMU simulated by the test itself, so that every order of events and every wrong answer
 * can be tested. It runs in the same thread as the tested code: when that would wait, in
 * poll(2), the simulation plays one event, and if there is no event, time passes at once. For
 * that the linker wraps poll, clock_gettime, nanosleep and the checks of QEMU's process.
 *
 * The guardian is a real process. It shares the clock, and connects to the same QEMU by the
 * same socket.
 */
#ifndef TESTS_UNIT_FAKE_QEMU_H
#define TESTS_UNIT_FAKE_QEMU_H

#include <stdbool.h>
#include <stdint.h>

struct source;

/* What it does to one command, or to one and all after it. */
enum lie {
	DIES,		/* the process ends */
	CLOSES,		/* the connection ends, the command is not executed */
	CLOSES_LATE,	/* the same, but the command is executed */
	HANGS,		/* nothing is executed or sent any more, to any client */
	HANGS_HERE,	/* the same, on this connection */
	REFUSES,
	TWICE,		/* executes once, answers twice */
	OTHER_ID,	/* the answer has the id of another command */
	NO_ID,
	OTHER_TYPE,	/* an impossible return value */
	NOTHING,	/* neither return nor error */
	GARBAGE,	/* not JSON */
	TALKS,		/* sends other messages without end, and no answer */
	PRETENDS,	/* answers well, and executes nothing */
	LIES,
};

extern const char *const lie_names[LIES];

/*
 * The play: the events after the guest was attached, one sign each. At its end QEMU answers
 * correctly, and Ctrl-C comes if nothing else ends it.
 *
 *   A  QEMU executes the oldest command that waits, and answers it
 *   1 2 3  Ctrl-C          F  QEMU closes the trace        S R  an event STOP, RESUME
 *   E e  the monitor closes, before or after the waiting command was executed
 *   D  QEMU's process ends      Q  the capture ends with an error elsewhere
 */
struct play {
	const char *signs;
	bool at_once;		/* each sign but A together with the next one */
	bool pid_unknown;	/* QEMU's process cannot be found */
	bool lies, lies_on;	/* @lie is applied to command @at; and to all after it */
	/* counted from the first after qmp_capabilities, on all connections */
	unsigned int at;
	enum lie lie;
	int interrupts;		/* number of Ctrl-C that come after the lie */
};

struct outcome {
	int status;		/* hdadump's exit status: 0, or 1 with @text */
	char text[4096];
	bool joined;
	bool was_left;		/* the play reached its last sign before hdadump had ended */
	unsigned int answers;	/* since the last sign */
	unsigned int commands;	/* in total */
	double seconds;		/* simulated time since the beginning of the attach */
	double left_in;		/* the same since the first sign */
	/* QEMU when the capture ended, when hdadump ended, and when its guardian had ended too */
	struct {
		bool dead, running, traced;
	} captured, then, later;
};

/* Call it once in the program. */
void fake_qemu_start(void);
void fake_qemu_end(void);
/* Attaches to the QEMU, plays, and leaves. */
void fake_qemu_play(const struct play *p, struct outcome *out);

#endif
