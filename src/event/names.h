/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of a capture's controllers, learned from its EV_CONTROLLER events. */
#ifndef HDADUMP_EVENT_NAMES_H
#define HDADUMP_EVENT_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

struct ctrl_names {
	char *name[EVENT_MAX_CTRL];
	uint8_t kind[EVENT_MAX_CTRL];	/* enum ctrl_kind */
	unsigned int count;
};

void ctrl_names_deinit(struct ctrl_names *n);
/* Takes an EV_CONTROLLER event; others are ignored. */
void ctrl_names_learn(struct ctrl_names *n, const struct event *ev);
/* @names is a struct ctrl_names; NULL if the controller has no name. */
const char *ctrl_name(void *names, uint16_t ctrl);
/*
 * True if the user's @wanted means the controller @name: the same name, or the end of its PCI
 * address: 1f.3 and 00:1f.3 stand for 0000:00:1f.3.
 */
bool ctrl_is_named(const char *name, size_t len, const char *wanted);

#endif
