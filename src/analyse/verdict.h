/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verdict on a capture: can it be trusted, what is wrong with it and
 * where, what did the driver do in it, and whose driver was it.
 *
 * It is a sink: give it to a pipeline whose view folds nothing and shows
 * registers, then ask for verdict_finish().  All it says is data; cmd/info*.c
 * put it into words and into JSON.
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
	uint64_t index;		/* of the xact at or before it; 0: before the first */
	uint32_t line;		/* of a text input, 0 where there is none */
	uint16_t ctrl;
	uint64_t count;		/* cases at this place */
};

/* Places that are kept; `places` counts the others too. */
#define PLACES_MAX 4096

struct finding {
	uint64_t count;		/* 0: not found */
	uint64_t places;
	struct finding_place *where;	/* the first of them */
	size_t kept, cap;
};

struct finding_text {
	const char *id;
	enum severity severity;
	const char *what;	/* with # and {one|many} */
	const char *advice;
};

enum driver { DRIVER_UNKNOWN, DRIVER_LINUX, DRIVER_WINDOWS, DRIVER_FIRMWARE, DRIVERS };
enum confidence { CONFIDENCE_NONE, CONFIDENCE_GUESS, CONFIDENCE_LIKELY, CONFIDENCE_CERTAIN };

#define REASONS_MAX 8

struct driver_guess {
	enum driver driver;
	enum confidence confidence;
	const char *reasons[REASONS_MAX];	/* static texts, NULL where there are no more */
};

#define VERDICT_CODECS 64

struct codec_seen {
	uint16_t ctrl;
	uint8_t cad;
	uint32_t vendor_id;	/* 0: never asked */
	uint64_t verbs, gets, sets;
	uint8_t announced[32];	/* bit n: a node count says that NID n is a widget */
	uint8_t asked[32];	/* bit n: the caps of NID n were asked for */
	bool counted;		/* a node count of a function group was seen */
};

/* What was done to the codecs, in verbs. */
struct activity {
	uint64_t amps, eapd, coefs, gpio, pins, power, resets;
	uint64_t streams;	/* stream descriptors or tracepoints that started */
	uint64_t tags;		/* converters that were given a stream */
	uint8_t tag_nid;	/* the first of them */
};

enum trust {
	TRUST_WHOLE,		/* nothing is missing, nothing in doubt */
	TRUST_CARE,		/* look at the findings first */
	TRUST_INCOMPLETE,	/* something is missing */
	TRUST_REPAIR,		/* wrong as it is, and can be repaired */
	TRUST_NOTHING,		/* there is nothing in it to trust */
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
	bool is_list;		/* made by hand or by a filter, and not by listening */
	struct doubled doubled;
	uint64_t verbs;		/* whose words are known */
	uint64_t responses, unsolicited, immediate, unrecorded;
	uint64_t batched;	/* verbs that were announced with others */
	int64_t first, last;	/* times, or EVENT_TIME_NONE */
	struct marks_seen marks;

	/* on the way */
	uint32_t *words;	/* of a list, for `doubled` */
	size_t cap_words;
	uint64_t index[EVENT_MAX_CTRL];
	struct driver_signs {
		uint64_t subsystem_at_root;	/* 000f0001: the Linux core asks so */
		uint64_t rintcnt_1, one_page, immediate_pins;
		uint64_t corb_base[EVENT_MAX_CTRL], rirb_base[EVENT_MAX_CTRL];
		uint64_t coef_batches;
	} signs;
	uint64_t running[EVENT_MAX_CTRL];	/* bit n: stream descriptor n runs */
};

void verdict_init(struct verdict *v);
void verdict_deinit(struct verdict *v);
/* After the last xact. */
struct err *verdict_finish(struct verdict *v, const struct source_facts *facts);

const struct finding_text *finding_text(enum finding_id id);
/* What to do about it, where the input's tool makes a difference. */
const char *finding_advice(enum finding_id id, enum source_format format);
const char *driver_name(enum driver d);
const char *confidence_name(enum confidence c);
const char *trust_name(enum trust t);
const char *severity_name(enum severity s);
/* Widgets that a codec was asked about, and how many it has; false when that is not known. */
bool codec_asked(const struct codec_seen *c, unsigned int *asked, unsigned int *announced);

#endif
