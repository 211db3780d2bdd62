/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The played QEMU from inside: its state, its monitor, and the clock. */
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
	int fd;			/* -1: none */
	struct buf in;
	bool hung;		/* what it says is not read any more */
	bool talks;
};

/* Shared with the guardian. */
struct fake_shared {
	int64_t passed_ns;	/* of the played clock, beyond the real one */
	uint32_t asked_ms;	/* the guardian wants so much to pass: its parent lets it */
	pid_t test;		/* QEMU's process as well */
	bool dead;
	bool hung;		/* nobody is served */
	bool silent;		/* whoever waits for QEMU may let time pass */
};

extern struct fake_shared *fake_shared;

extern struct fake {
	const struct play *p;
	const char *sign;		/* the next */
	bool on;			/* the guest was joined: signs are played */
	bool quit;			/* 'Q' was played */
	int listener;
	struct fake_client clients[FAKE_CLIENTS];	/* the first is hdadump's own */
	bool running, event_on[2];
	int log;			/* open for writing; -1: none */
	bool log_is_fifo, fifo_ends;	/* the FIFO was closed, but its end comes later */
	unsigned int commands;		/* but for qmp_capabilities */
	unsigned int answers;		/* after the last sign */
	unsigned int ready, quiet, talks;	/* in a row */
	int interrupts;			/* Ctrl-C that are still to come, one after the other */
} fake;

/* The play itself does not work: no result of the test. */
_Noreturn void fake_broken(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* fake_clock.c: the played clock, which the guardian shares */
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
/* The process ends. */
void fake_die(void);
/* Takes in what clients want, without waiting. */
void fake_take_in(void);
/* Serves qmp_capabilities, which is no event of the play. */
void fake_let_in(void);
bool fake_anything_waits(void);
/* Carries out the oldest command, and with @answer answers it; false when none waits. */
bool fake_serve_one(bool answer);

/* what the linker has wrapped */
int __real_poll(struct pollfd *fds, nfds_t n, int timeout);

#endif
