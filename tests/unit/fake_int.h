/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside the simulated QEMU: its state, its monitor, and the clock. */
#ifndef TESTS_UNIT_FAKE_INT_H
#define TESTS_UNIT_FAKE_INT_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "fake_qemu.h"

#define FAKE_CLIENTS 8

struct fake_client {
	int fd;			/* -1 = none */
	struct buf in;
	bool hung;		/* its commands are not read any more */
	bool talks;
};

/* Shared with the guardian. */
struct fake_shared {
	int64_t passed_ns;	/* simulated time beyond the real clock */
	uint32_t asked_ms;	/* the time that the guardian waits for: its parent lets it pass */
	pid_t test;		/* the test, which is also QEMU's process */
	bool dead;
	bool hung;		/* no client is served */
	bool silent;		/* a process that waits for QEMU may let time pass */
};

extern struct fake_shared *fake_shared;

extern struct fake {
	const struct play *p;
	const char *sign;		/* the next sign to play */
	bool on;			/* the guest was attached: signs are played */
	bool quit;			/* 'Q' was played */
	int listener;
	struct fake_client clients[FAKE_CLIENTS];	/* the first one is hdadump's */
	bool running, event_on[2];
	int log;			/* open for writing; -1 = none */
	bool log_is_fifo, fifo_ends;	/* the FIFO was closed, but its end is seen later */
	unsigned int commands;		/* without qmp_capabilities */
	unsigned int answers;		/* since the last sign */
	unsigned int ready, quiet, talks;	/* how often in a row */
	int interrupts;			/* number of Ctrl-C still to come, one after the other */
} fake;

/* The simulation itself failed: not a result of the test. */
_Noreturn void fake_broken(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* fake_clock.c: the simulated clock, which the guardian shares */
void fake_clock_start(void);
void fake_pass(int64_t ns);
int64_t fake_passed(void);
/* The guardian's time passes when its parent lets it: neither runs ahead. */
void fake_pass_in_guardian(uint32_t ms);
bool fake_let_guardian_pass(void);

/* fake_monitor.c */
void fake_say_event(struct fake_client *c, const char *name);
void fake_hang_up(struct fake_client *c);
void fake_close_log(void);
/* Ends QEMU's process. */
void fake_die(void);
/* Reads the clients' commands, without waiting. */
void fake_take_in(void);
/* Answers qmp_capabilities, which is not an event of the play. */
void fake_let_in(void);
bool fake_anything_waits(void);
/* Executes the oldest command, and answers it if @answer; false if there is none. */
bool fake_serve_one(bool answer);

/* functions that the linker has wrapped */
int __real_poll(struct pollfd *fds, nfds_t n, int timeout);

#endif
