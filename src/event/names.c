// SPDX-License-Identifier: GPL-2.0-or-later
#include "event/names.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"

void ctrl_names_deinit(struct ctrl_names *n)
{
	for (unsigned int i = 0; i < n->count; i++)
		free(n->name[i]);
	*n = (struct ctrl_names){ 0 };
}

void ctrl_names_learn(struct ctrl_names *n, const struct event *ev)
{
	struct buf name = { 0 };

	if (ev->kind != EV_CONTROLLER || ev->ctrl >= EVENT_MAX_CTRL)
		return;
	/*
	 * names come from QEMU's command line or from a file, so they are made safe for a
	 * terminal
	 */
	text_add_safe(&name, ev->data, ev->data ? ev->len : 0);
	free(n->name[ev->ctrl]);
	n->name[ev->ctrl] = strdup(buf_str(&name));
	n->kind[ev->ctrl] = (uint8_t)ev->value;
	if (ev->ctrl >= n->count)
		n->count = ev->ctrl + 1u;
	buf_deinit(&name);
}

const char *ctrl_name(void *names, uint16_t ctrl)
{
	struct ctrl_names *n = names;

	return ctrl < n->count ? n->name[ctrl] : NULL;
}

bool ctrl_is_named(const char *name, size_t len, const char *wanted)
{
	size_t n = strlen(wanted);

	if (!n || n > len || strncasecmp(name + len - n, wanted, n) != 0)
		return false;
	if (n == len)
		return true;
	/* accept the end of an address: bus, device and function, or device and function */
	return name[len - n - 1] == ':' && n >= 4 && wanted[n - 2] == '.';
}
