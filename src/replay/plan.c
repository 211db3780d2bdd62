// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/plan.h"

#include <stdlib.h>

#include "base/err.h"
#include "replay/risk.h"

struct err *plan_make(struct buf *words, struct buf *step_of, uint32_t vendor_id, struct plan *p)
{
	*p = (struct plan){ .words = *words, .step_of = *step_of };
	*words = *step_of = (struct buf){ 0 };
	p->n = p->words.len / sizeof(uint32_t);
	p->risks = calloc(p->n ? p->n : 1, 1);
	return p->risks ? risk_judge(vendor_id, plan_words(p), p->n, p->risks) : err_nomem();
}

void plan_deinit(struct plan *p)
{
	buf_deinit(&p->words);
	buf_deinit(&p->step_of);
	free(p->risks);
	*p = (struct plan){ 0 };
}
