// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random text as a codec's: whatever is read can be printed in every form, and a printed proc
 * text is read again without a note and printed as the same.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/buf.h"
#include "base/err.h"
#include "dump/proc_print.h"
#include "dump/proc_read.h"
#include "print/json/model_json.h"
#include "print/model_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print_all(const struct model_list *l, struct buf *b)
{
	for (uint32_t i = 0; i < l->n; i++)
		proc_print(l->v[i], NULL, b);
}

static bool odd(const char *name)
{
	return name && (strchr(name, '=') || strstr(name, "odec:"));
}

static bool odd_names(const struct model_list *l)
{
	for (uint32_t i = 0; i < l->n; i++) {
		if (odd(l->v[i]->name))
			return true;
		for (unsigned int k = 0; k < MODEL_NODES; k++) {
			const struct model_node *n = l->v[i]->node[k];

			for (uint32_t c = 0; n && c < n->ncontrols; c++)
				if (odd(n->controls[c].name))
					return true;
			for (uint32_t c = 0; n && c < n->npcms; c++)
				if (odd(n->pcms[c].name) || odd(n->pcms[c].type))
					return true;
		}
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct model_list l = { 0 }, again = { 0 };
	struct buf first = { 0 }, second = { 0 }, text = { 0 };

	err_free(proc_read(data, size, &l));
	print_all(&l, &first);
	for (uint32_t i = 0; i < l.n; i++) {
		struct json_object *o = model_to_json(l.v[i]);

		if (!o || !json_object_to_json_string(o))
			abort();
		json_object_put(o);
		model_to_text(l.v[i], &text);
		proc_print(l.v[i], &l.v[i]->style, &text);
	}
	/* A name may look like a mail program's quote mark or another codec's beginning. */
	if (odd_names(&l))
		goto out;
	err_free(proc_read(first.data, first.len, &again));
	print_all(&again, &second);
	if (first.len != second.len || (first.len && memcmp(first.data, second.data, first.len)))
		abort();
out:
	buf_deinit(&first);
	buf_deinit(&second);
	buf_deinit(&text);
	model_list_deinit(&l);
	model_list_deinit(&again);
	return 0;
}
