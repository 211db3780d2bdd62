/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The xact: one verb with its response, or a response without a verb. The controller model
 * gives xacts in the order in which the guest sent the verbs; other things (gaps, marks,
 * resets) come in the same stream, at their place.
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
	XACT_SPURIOUS,	/* a response without a verb */
	XACT_RESET,	/* the controller went into reset (GCTL.CRST 1 -> 0) */
	XACT_GAP,	/* text: what was lost; count: how much */
	XACT_MARK,	/* text: the user's mark */
	XACT_NOTE,	/* text */
	/* an access to a BAR: to other BARs than the controller's, to its own only on request */
	XACT_MMIO,
	XACT_KINDS
};

/* How certain a xact is. Never guessed: see docs/ARCHITECTURE.md, "The arithmetic". */
enum certainty {
	CERT_EXACT,	/* proven: no slot can have been reused before it was read */
	CERT_SUSPECT,	/* the slot may have been reused before it was read */
	CERT_UNANSWERED,/* the verb is exact, its response never came */
	CERT_CONFLICTING,/* verb and response may not belong together */
	CERT_LOST,	/* a verb was announced, but its word could not be read */
	CERT_KINDS
};

struct xact {
	uint64_t index;		/* number in its controller, from 1, verbs and responses only */
	int64_t t_verb;		/* ns, or EVENT_TIME_NONE: when the guest announced the verb */
	int64_t t_resp;		/* ns, or EVENT_TIME_NONE: when the guest read the response */
	/* XACT_GAP: how many were lost, 0 = unknown; XACT_MMIO: the value */
	uint64_t count;
	const char *text;	/* GAP, MARK, NOTE; valid until the next xact */
	uint32_t text_len;
	uint32_t verb;		/* as on the link: CAd 31:28, NID 27:20, verb and payload 19:0 */
	uint32_t resp;
	uint32_t resp_ex;	/* RIRB: CAd 3:0, unsolicited 4 */
	uint32_t line;		/* line of a text input; 0 = not a text */
	uint16_t ctrl;
	uint16_t slot;		/* CORB slot of the verb; RIRB slot of an unsolicited one */
	uint16_t batch;		/* number of verbs announced by the same CORBWP write */
	uint8_t kind;		/* enum xact_kind */
	uint8_t certainty;	/* enum certainty */
	uint8_t cad;		/* codec address */
	uint8_t gap;		/* XACT_GAP: enum gap_kind, the things that count counts */
	bool has_verb;		/* the word is known */
	bool has_resp;
	bool unrecorded;	/* the response is unknown because the source does not record it */
	bool moved;		/* another tool showed the response beside another verb */
	bool counted;		/* a lost verb that an XACT_GAP before it counts already */
	/* XACT_MARK: another run or file begins here; everything before has ended */
	bool part;
	/* XACT_MMIO */
	bool write;
	bool inferred;		/* not the guest's: hdadump itself read the device */
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
