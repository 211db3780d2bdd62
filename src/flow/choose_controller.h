/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One controller of several: what others did is left out, whatever the input is.
 * What is of no controller (marks, gaps, notes) stays.
 */
#ifndef HDADUMP_FLOW_CHOOSE_CONTROLLER_H
#define HDADUMP_FLOW_CHOOSE_CONTROLLER_H

struct err;
struct source;

/*
 * @name is the controller's, or the end of its PCI address: 0000:00:1f.3, 00:1f.3 or
 * 1f.3.  At the end of an input in which it does not occur its source fails, and
 * says which there are; @input is for that message.  @inner stays the caller's.
 */
struct err *choose_controller(struct source *inner, const char *name, const char *input,
			      struct source **out);

#endif
