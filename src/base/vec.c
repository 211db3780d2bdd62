// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/vec.h"

#include <stdlib.h>

void *vec_double(void *v, size_t *cap, size_t max, size_t size)
{
	size_t room = *cap < VEC_FIRST ? VEC_FIRST : *cap * 2;
	void *p;

	if (*cap > max / 2)
		return NULL;
	p = reallocarray(v, room, size);
	if (p)
		*cap = room;
	return p;
}
