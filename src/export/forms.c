// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/forms.h"

#include <string.h>

const struct form forms[FORM_NONE] = {
	[FORM_CAPTURE] = { ".pcapng", FORM_EVENTS, NULL, 0666 },
	[FORM_TRACE] = { ".log", FORM_EVENTS, NULL, 0666 },
	[FORM_JSON] = { ".json", FORM_VERBS, NULL, 0666 },
	[FORM_LIST] = { ".txt", FORM_VERBS, NULL, 0666 },
	[FORM_WORDS] = { ".words", FORM_VERBS, NULL, 0666 },
	[FORM_SCRIPT] = { ".sh", FORM_FIX, fix_script, 0777 },
	[FORM_KERNEL] = { ".patch", FORM_FIX, fix_kernel, 0666 },
	[FORM_FIRMWARE] = { ".fw", FORM_FIX, fix_firmware, 0666 },
	[FORM_INIT_VERBS] = { NULL, FORM_FIX, fix_init_verbs, 0777 },
	[FORM_APPLEALC] = { ".plist", FORM_FIX, fix_applealc, 0666 },
	[FORM_OPENBSD] = { ".c", FORM_FIX, fix_openbsd, 0666 },
	[FORM_CSV] = { ".csv", FORM_FIX, fix_csv, 0666 },
	[FORM_STEPS] = { NULL, FORM_FIX, fix_json, 0666 },
	[FORM_SQLITE] = { ".sqlite", FORM_FIX, NULL, 0666 },
};

const char *const form_names[] = {
	[FORM_CAPTURE] = "capture", [FORM_TRACE] = "trace", [FORM_JSON] = "json", [FORM_LIST] = "list",
	[FORM_WORDS] = "words", [FORM_SCRIPT] = "hda-verb", [FORM_KERNEL] = "kernel",
	[FORM_FIRMWARE] = "firmware", [FORM_INIT_VERBS] = "init_verbs", [FORM_APPLEALC] = "applealc",
	[FORM_OPENBSD] = "openbsd", [FORM_CSV] = "csv", [FORM_STEPS] = "steps", [FORM_SQLITE] = "sqlite",
	[FORM_NONE] = NULL,
};

enum form_id form_of_name(const char *path)
{
	size_t len = strlen(path);

	for (int i = 0; i < FORM_NONE; i++) {
		size_t n = forms[i].suffix ? strlen(forms[i].suffix) : 0;

		if (n && len > n && strcmp(path + len - n, forms[i].suffix) == 0)
			return (enum form_id)i;
	}
	return strcmp(path, "-") == 0 ? FORM_NONE : FORM_CAPTURE;
}
