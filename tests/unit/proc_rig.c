// SPDX-License-Identifier: GPL-2.0-or-later
#include "proc_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "dump/proc_print.h"

struct model_list proc_list;

int proc_start(void **state)
{
	(void)state;
	proc_list = (struct model_list){ 0 };
	return 0;
}

int proc_stop(void **state)
{
	(void)state;
	model_list_deinit(&proc_list);
	return 0;
}

void read_text(const void *text, size_t len)
{
	model_list_deinit(&proc_list);
	assert_null(proc_read(text, len, &proc_list));
}

const char *print_all(struct buf *b)
{
	buf_clear(b);
	for (uint32_t i = 0; i < proc_list.n; i++)
		proc_print(proc_list.v[i], &proc_list.v[i]->style, b);
	return buf_str(b);
}

void reads_as(const char *text, size_t len, const char *want)
{
	struct buf b = { 0 };

	read_text(text, len);
	for (uint32_t i = 0; i < proc_list.nnotes; i++)
		if (proc_list.notes[i].kind == NOTE_LEFT)
			fail_msg("line %u left (%s): %s", proc_list.notes[i].line, proc_list.notes[i].why,
				 proc_list.notes[i].text);
	assert_string_equal(print_all(&b), want);
	buf_deinit(&b);
}
