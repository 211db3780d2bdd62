// SPDX-License-Identifier: GPL-2.0-or-later
/* Random text as an RtHDDump: it is read, and what was read can be printed. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/buf.h"
#include "base/err.h"
#include "dump/proc_print.h"
#include "dump/proc_read.h"
#include "dump/rthd.h"
#include "print/json/model_json.h"
#include "print/model_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct model_list l = { 0 };
	struct buf text = { 0 };

	err_free(rthd_read(data, size, &l));
	for (uint32_t i = 0; i < l.n; i++) {
		struct json_object *o = model_to_json(l.v[i]);

		if (!o || !json_object_to_json_string(o))
			abort();
		json_object_put(o);
		model_to_text(l.v[i], &text);
		proc_print(l.v[i], NULL, &text);
	}
	buf_deinit(&text);
	model_list_deinit(&l);
	return 0;
}
