// SPDX-License-Identifier: GPL-2.0-or-later
/* Snapshots and sessions as files: whatever they contain, only registers are ever written. */
#include <stdlib.h>

#include "base/err.h"
#include "replay/session.h"
#include "replay/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct session_head head = { { 0x10ec0298, 0x144dc8ff, 0 }, 4, 20 };
	struct snapshot s = { 0 };
	struct bisect *b = NULL;
	uint32_t answers;
	size_t whole;

	err_free(snapshot_parse(data, size, "fuzz", &s));
	for (size_t i = 0; i < s.n; i++)
		if (!snapshot_can_hold(&s.v[i]) || s.v[i].nid > DEV_NID_MAX)
			abort();
	snapshot_deinit(&s);
	if (bisect_create(20, &b))
		abort();
	err_free(session_feed(data, size, "fuzz", &head, b, 20, &answers, &whole));
	if (whole > size)
		abort();
	bisect_destroy(b);
	return 0;
}
