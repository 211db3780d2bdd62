/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A QEMU that is played by the test itself, so that every order of events and
 * every misbehaviour can be had.  It lives in the very thread of what is
 * tested: whenever that would wait, in poll(2), the play goes on by one event,
 * and when nothing more happens, time passes at once.  poll, clock_gettime,
 * nanosleep and the looks at QEMU's process are wrapped by the linker for that.
 *
 * The guardian is a real process.  It shares the clock, and finds the same
 * QEMU behind the same socket.
 */
#ifndef TESTS_UNIT_FAKE_QEMU_H
#define TESTS_UNIT_FAKE_QEMU_H

#include <stdbool.h>
#include <stdint.h>

struct source;

/* What it does to one command, or to one and all that come after. */
enum lie {
	DIES,		/* the process ends */
	CLOSES,		/* the connection ends, the command is not carried out */
	CLOSES_LATE,	/* the same, but it is carried out */
	HANGS,		/* nothing is carried out or said any more, to nobody */
	HANGS_HERE,	/* the same, on this connection */
	REFUSES,
	TWICE,		/* carries out once, answers twice */
	OTHER_ID,	/* the answer has the id of another command */
	NO_ID,
	OTHER_TYPE,	/* a return value that cannot be */
	NOTHING,	/* neither return nor error */
	GARBAGE,	/* no JSON */
	TALKS,		/* says other things without end, and no answer */
	PRETENDS,	/* answers well, and carries nothing out */
	LIES,
};

extern const char *const lie_names[LIES];

/*
 * The play: what happens after the guest was joined, a sign each.  When it is
 * at its end QEMU answers as it should, and Ctrl-C comes if nothing else ends it.
 *
 *   A  QEMU carries out the oldest command that waits, and answers it
 *   1 2 3  Ctrl-C          F  QEMU closes the trace        S R  an event STOP, RESUME
 *   E e  the monitor ends, before or after the waiting command was carried out
 *   D  QEMU's process ends      Q  the capture ends by an error elsewhere
 */
struct play {
	const char *signs;
	bool at_once;		/* each sign but A together with the next */
	bool pid_unknown;	/* QEMU's process is not to be seen */
	bool lies, lies_on;	/* @lie is done to command @at; and to all from there on */
	unsigned int at;	/* counted from the first after qmp_capabilities, on all connections */
	enum lie lie;
	int interrupts;		/* Ctrl-C that come when the lie has been told */
};

struct outcome {
	int status;		/* hdadump's: 0, or 1 with @text */
	char text[4096];
	bool joined;
	bool was_left;		/* the play came to its last sign before hdadump had ended */
	unsigned int answers;	/* after the last sign */
	unsigned int commands;	/* in all */
	double seconds;		/* of the played clock, from the joining's begin */
	double left_in;		/* the same from the first sign */
	/* QEMU when the capture was at its end, when hdadump was, and when its guardian was as well */
	struct {
		bool dead, running, traced;
	} captured, then, later;
};

/* Once for the program. */
void fake_qemu_start(void);
void fake_qemu_end(void);
/* Joins the QEMU, plays, and leaves. */
void fake_qemu_play(const struct play *p, struct outcome *out);

#endif
