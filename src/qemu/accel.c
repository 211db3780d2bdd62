// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/accel.h"

#include <string.h>

#include "base/err.h"
#include "base/json_access.h"
#include "qemu/qmp.h"

struct err *accel_is_kvm(struct qmp *q, bool *kvm)
{
	struct json_object *ret = NULL;
	struct err *e = qmp_execute(q, "query-accelerators", NULL, &ret);
	const char *enabled = e ? NULL : member_text(ret, "enabled");

	*kvm = enabled && strcmp(enabled, "kvm") == 0;
	if (e && err_kind(e) == ERR_REFUSED) {
		err_free(e);
		e = qmp_execute(q, "query-kvm", NULL, &ret);
		*kvm = !e && json_is_true(json_member(ret, "enabled"));
	}
	json_object_put(ret);
	return err_wrap(e, "QEMU does not say whether its guest runs under KVM");
}
