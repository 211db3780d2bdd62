/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verdict on a capture: whether it can be trusted, what is wrong with it and where, what
 * the driver did, and which driver it was.
 *
 * It is a sink: give it to a pipeline whose fold folds nothing and shows registers, then call
 * verdict_finish(). The result is data; print/info_text.c and print/json/info_json.c print
 * it.
 */
#ifndef HDADUMP_ANALYSE_VERDICT_H
#define HDADUMP_ANALYSE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/doubled.h"
#include "analyse/marks.h"
#include "event/event.h"
#include "flow/sink.h"
#include "input/open.h"

struct err;

enum severity { SEVERITY_FINE, SEVERITY_CARE, SEVERITY_HARM };

enum finding_id {
#define FINDING(id, name, severity, what, advice) FINDING_##id,
#include "analyse/findings.def"
#undef FINDING
	FINDINGS
};

/* One place that a finding is about. */
struct finding_place {
	/* index of the xact at this place or before it; 0 = before the first */
	uint64_t index;
	uint32_t line;		/* line of a text input; 0 = not a text */
	uint16_t ctrl;
	uint64_t count;		/* number of cases at this place */
};

/* Places that are stored; `places` counts the others too. */
#define PLACES_MAX 4096

struct finding {
	uint64_t count;		/* 0 = not found */
	uint64_t places;
	struct finding_place *where;	/* the first of these places */
	size_t kept, cap;
};

struct finding_text {
	const char *id;
	enum severity severity;
	const char *what;	/* with # and {one|many} in it */
	const char *advice;
};

enum driver { DRIVER_UNKNOWN, DRIVER_LINUX, DRIVER_WINDOWS, DRIVER_FIRMWARE, DRIVERS };
enum confidence { CONFIDENCE_NONE, CONFIDENCE_GUESS, CONFIDENCE_LIKELY, CONFIDENCE_CERTAIN };

#define REASONS_MAX 8

struct driver_guess {
	enum driver driver;
	enum confidence confidence;
	const char *reasons[REASONS_MAX];	/* constant texts; NULL after the last */
};

#define VERDICT_CODECS 64

struct codec_seen {
	uint16_t ctrl;
	uint8_t cad;
	uint32_t vendor_id;	/* 0 = unknown */
	uint64_t verbs, gets, sets;
	uint8_t announced[32];	/* bit n: a node count makes NID n a widget */
	uint8_t asked[32];	/* bit n: the caps of NID n were read */
	bool counted;		/* the node count of a function group was read */
};

/* What was done to the codecs: numbers of verbs. */
struct activity {
	uint64_t amps, eapd, coefs, gpio, pins, power, resets;
	uint64_t streams;	/* number of starts of stream descriptors, or of such tracepoints */
	uint64_t tags;		/* number of converters that got a stream */
	uint8_t tag_nid;	/* NID of the first of them */
};

enum trust {
	TRUST_WHOLE,		/* nothing is missing or in doubt */
	TRUST_CARE,		/* read the findings first */
	TRUST_INCOMPLETE,	/* something is missing */
	TRUST_REPAIR,		/* wrong, but it can be repaired */
	TRUST_NOTHING,		/* it contains nothing */
};

struct verdict {
	struct sink sink;
	struct finding findings[FINDINGS];
	struct codec_seen codecs[VERDICT_CODECS];
	size_t n_codecs;
	struct activity activity;
	struct source_facts facts;
	struct driver_guess driver;
	enum trust trust;
	bool is_list;		/* written by hand or by a filter, not recorded */
	struct doubled doubled;
	uint64_t verbs;		/* verbs whose words are known */
	uint64_t responses, unsolicited, immediate, unrecorded;
	uint64_t batched;	/* verbs that were announced together with others */
	int64_t first, last;	/* times, or EVENT_TIME_NONE */
	struct marks_seen marks;

	/* used while xacts come */
	uint32_t *words;	/* verbs of a list, to check for doubling */
	size_t cap_words;
	uint64_t index[EVENT_MAX_CTRL];
	struct driver_signs {
		/* F00 01 on the root: the Linux core reads the subsystem id there */
		uint64_t subsystem_at_root;
		uint64_t rintcnt_1, one_page, immediate_pins;
		uint64_t corb_base[EVENT_MAX_CTRL], rirb_base[EVENT_MAX_CTRL];
		uint64_t coef_batches;
	} signs;
	uint64_t running[EVENT_MAX_CTRL];	/* bit n: stream descriptor n runs */
};

void verdict_init(struct verdict *v);
void verdict_deinit(struct verdict *v);
/* Call it after the last xact. */
struct err *verdict_finish(struct verdict *v, const struct source_facts *facts);

const struct finding_text *finding_text(enum finding_id id);
/* What to do about it, for an input from this tool. */
const char *finding_advice(enum finding_id id, enum source_format format);
const char *driver_name(enum driver d);
const char *confidence_name(enum confidence c);
const char *trust_name(enum trust t);
const char *severity_name(enum severity s);
/*
 * The number of widgets whose capabilities the driver read, and the number that the codec
 * has; false if that is unknown.
 */
bool codec_asked(const struct codec_seen *c, unsigned int *asked, unsigned int *announced);

#endif
