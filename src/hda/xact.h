/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The xact: one verb with its response, or a response nobody asked for.
 * Given by the controller model in the order in which the guest sent the
 * verbs; what stands between verbs (gaps, marks, resets) comes in the same
 * stream, at its place.
 */
#ifndef HDADUMP_HDA_XACT_H
#define HDADUMP_HDA_XACT_H

#include <stdbool.h>
#include <stdint.h>

enum xact_kind {
	XACT_CORB,	/* a verb sent through the CORB */
	XACT_IMMEDIATE,	/* a verb sent through ICOI/ICIS (0x60-0x68) */
	XACT_BROADCAST,	/* a verb to codec address 15; has no response */
	XACT_UNSOL,	/* an unsolicited response */
	XACT_SPURIOUS,	/* a response that no verb asked for */
	XACT_RESET,	/* the controller went into reset (GCTL.CRST 1 -> 0) */
	XACT_GAP,	/* text: what was lost; count: how much */
	XACT_MARK,	/* text: the user's mark */
	XACT_NOTE,	/* text */
	XACT_MMIO,	/* an access to a BAR: to others than the controller's, to that one if asked */
	XACT_KINDS
};

/*
 * How far a xact can be trusted.  Never invented: see docs/ARCHITECTURE.md,
 * "The arithmetic".
 */
enum certainty {
	CERT_EXACT,	/* proven: no slot can have been reused before it was read */
	CERT_SUSPECT,	/* the slot may have been reused before it was read */
	CERT_UNANSWERED,/* the verb is exact, its response never came */
	CERT_CONFLICTING,/* verb and response may not belong together */
	CERT_LOST,	/* a verb was announced, but its word could not be read */
	CERT_KINDS
};

struct xact {
	uint64_t index;		/* of its controller, from 1, verbs and responses only */
	int64_t t_verb;		/* ns, or EVENT_TIME_NONE: when the guest announced the verb */
	int64_t t_resp;		/* ns, or EVENT_TIME_NONE: when the guest saw the response */
	uint64_t count;		/* XACT_GAP: how many were lost, 0 when unknown; XACT_MMIO: the value */
	const char *text;	/* GAP, MARK, NOTE; valid until the next xact is asked for */
	uint32_t text_len;
	uint32_t verb;		/* as on the link: CAd 31:28, NID 27:20, verb and payload 19:0 */
	uint32_t resp;
	uint32_t resp_ex;	/* RIRB: CAd 3:0, unsolicited 4 */
	uint32_t line;		/* place in a text input, 0 where there is none */
	uint16_t ctrl;
	uint16_t slot;		/* CORB slot of the verb; RIRB slot of an unsolicited one */
	uint16_t batch;		/* verbs announced by the same CORBWP write */
	uint8_t kind;		/* enum xact_kind */
	uint8_t certainty;	/* enum certainty */
	uint8_t cad;		/* codec address */
	uint8_t gap;		/* XACT_GAP: enum gap_kind, what count counts */
	bool has_verb;		/* the word is known */
	bool has_resp;
	bool unrecorded;	/* no response is known because the source has none of this verb */
	bool moved;		/* another tool showed the response beside another verb */
	bool counted;		/* a lost verb that an XACT_GAP before it counts already */
	bool part;		/* XACT_MARK: another run or file begins here, what was before has ended */
	/* XACT_MMIO */
	bool write;
	bool inferred;		/* not the guest's: a look of hdadump's own at the device */
	uint8_t bar;
	uint8_t width;		/* bytes */
	uint32_t offset;
};

static inline bool xact_is_verb(const struct xact *x)
{
	return x->kind <= XACT_BROADCAST;
}

const char *xact_kind_name(enum xact_kind kind);
const char *certainty_name(enum certainty c);

#endif
