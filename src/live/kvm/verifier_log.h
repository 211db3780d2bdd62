/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the reason in the log of the kernel's BPF verifier if it refuses a program. */
#ifndef HDADUMP_LIVE_KVM_VERIFIER_LOG_H
#define HDADUMP_LIVE_KVM_VERIFIER_LOG_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Copies the line with the reason from the verifier's log @text into @out of @size bytes.
 * Returns false and does not change @out if @text is not such a log.
 */
bool verifier_log_reason(const char *text, char *out, size_t size);

#endif
