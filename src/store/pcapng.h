/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers of the pcapng file format for writer and reader, from draft-ietf-opsawg-pcapng, and
 * our own limits. docs/capture-format.md describes the format.
 */
#ifndef HDADUMP_STORE_PCAPNG_H
#define HDADUMP_STORE_PCAPNG_H

#define PCAPNG_SHB 0x0a0d0d0au	/* section header; the same in both byte orders */
#define PCAPNG_IDB 1u		/* interface description */
#define PCAPNG_ISB 5u		/* interface statistics */
#define PCAPNG_EPB 6u		/* enhanced packet */

#define PCAPNG_ORDER 0x1a2b3c4du
#define PCAPNG_ORDER_SWAPPED 0x4d3c2b1au

#define PCAPNG_OPT_END 0
#define PCAPNG_OPT_COMMENT 1
#define PCAPNG_SHB_OS 3
#define PCAPNG_SHB_USERAPPL 4
#define PCAPNG_IF_NAME 2
#define PCAPNG_IF_DESCRIPTION 3
#define PCAPNG_IF_TSRESOL 9
#define PCAPNG_ISB_STARTTIME 2
#define PCAPNG_ISB_ENDTIME 3
#define PCAPNG_ISB_IFRECV 4

/* LINKTYPE_USER0: for private use; the packets are ours. */
#define PCAPNG_LINKTYPE 147

/* Sizes of the fixed parts, with both length fields. */
#define PCAPNG_SHB_SIZE 28
#define PCAPNG_IDB_SIZE 20
#define PCAPNG_ISB_SIZE 24
#define PCAPNG_EPB_SIZE 32
#define PCAPNG_EPB_DATA 28	/* offset of a packet's data */

/* We write blocks of some KiB; a bigger one is another program's, and is skipped. */
#define STORE_MAX_BLOCK (1024 * 1024)

#endif
