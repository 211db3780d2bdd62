/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Selects one controller of any input: leaves out the events of the others. Events without a
 * controller (marks, gaps, notes) stay.
 */
#ifndef HDADUMP_FLOW_CHOOSE_CONTROLLER_H
#define HDADUMP_FLOW_CHOOSE_CONTROLLER_H

struct err;
struct source;

/*
 * @name is the controller's, or the end of its PCI address: 0000:00:1f.3, 00:1f.3 or 1f.3. If
 * the input has no such controller, the source fails at the end of the input and lists those
 * that there are; @input is for that message. @inner belongs to the caller.
 */
struct err *choose_controller(struct source *inner, const char *name, const char *input,
			      struct source **out);

#endif
