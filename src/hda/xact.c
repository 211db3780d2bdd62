// SPDX-License-Identifier: GPL-2.0-or-later
#include "hda/xact.h"

#include "base/bits.h"

const char *xact_kind_name(enum xact_kind kind)
{
	static const char *const names[XACT_KINDS] = {
		[XACT_CORB] = "corb", [XACT_IMMEDIATE] = "immediate",
		[XACT_BROADCAST] = "broadcast", [XACT_UNSOL] = "unsolicited",
		[XACT_SPURIOUS] = "spurious", [XACT_RESET] = "reset",
		[XACT_GAP] = "gap", [XACT_MARK] = "mark", [XACT_NOTE] = "note",
		[XACT_MMIO] = "mmio",
	};

	return kind < XACT_KINDS ? names[kind] : "unknown";
}

const char *certainty_name(enum certainty c)
{
	static const char *const names[CERT_KINDS] = {
		[CERT_EXACT] = "exact", [CERT_SUSPECT] = "suspect",
		[CERT_UNANSWERED] = "unanswered", [CERT_CONFLICTING] = "conflicting",
		[CERT_LOST] = "lost",
	};

	return c < CERT_KINDS ? names[c] : "unknown";
}
