/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's BPF verifier has to say of a program that it refuses.
 */
#ifndef HDADUMP_LIVE_KVM_VERIFIER_LOG_H
#define HDADUMP_LIVE_KVM_VERIFIER_LOG_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Copies the line of the verifier's log in @text that says why it refuses, into
 * @out of @size bytes.  False, and @out as it was, when there is no such log.
 */
bool verifier_log_reason(const char *text, char *out, size_t size);

#endif
