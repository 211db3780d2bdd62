// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random text as a recorded machine: it is read and judged, and the record of that gives the
 * same findings.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "host/judge.h"
#include "host/machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All findings about @m, as one text. */
static void look(struct machine *m, struct facts *f, struct buf *out)
{
	struct diagnosis d;
	struct err *e = facts_gather(m, NULL, FACTS_ALL, f);

	if (e || judge(f, &d))
		abort();
	for (unsigned int i = 0; i < d.n; i++)
		buf_addf(out, "%s %s: %s\n%s\n%s\n", diagnosis_severity_name(d.list[i].severity),
			 d.list[i].topic, buf_str(&d.list[i].text), buf_str(&d.list[i].why),
			 buf_str(&d.list[i].commands));
	buf_addf(out, "%s\n%s\n%s", verdict_state_name(d.state), buf_str(&d.verdict),
		 buf_str(&d.next));
	diagnosis_deinit(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf first = { 0 }, second = { 0 }, record = { 0 };
	struct machine *m = NULL, *again = NULL;
	struct facts *f = malloc(sizeof(*f));
	struct err *e = machine_open_text("input", data, size, &m);

	if (e || !f)
		goto out;
	machine_record(m);
	look(m, f, &first);
	if (machine_record_text(m, &record) ||
	    machine_open_text("record", record.data, record.len, &again))
		abort();
	look(again, f, &second);
	if (first.len != second.len || memcmp(first.data, second.data, first.len))
		abort();
out:
	err_free(e);
	free(f);
	machine_destroy(m);
	machine_destroy(again);
	buf_deinit(&first);
	buf_deinit(&second);
	buf_deinit(&record);
	return 0;
}
