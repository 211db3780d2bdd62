// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyse/steps/verb_fix.h"

size_t fix_verbs(const struct verb_fix *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->step[i].n;
	return n;
}

size_t fix_configs(const struct verb_fix *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->step[i].kind == FIX_CONFIG;
	return n;
}
