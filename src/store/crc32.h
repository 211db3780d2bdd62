/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The CRC-32 of Ethernet, zip and PNG (polynomial 0xedb88320, reflected). */
#ifndef HDADUMP_STORE_CRC32_H
#define HDADUMP_STORE_CRC32_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32_of(const void *data, size_t len);

#endif
