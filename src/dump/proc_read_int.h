/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the parts of the proc reader: its state, and the rules for lines. */
#ifndef HDADUMP_DUMP_PROC_READ_INT_H
#define HDADUMP_DUMP_PROC_READ_INT_H

#include "base/reader.h"
#include "dump/proc_read.h"
#include "model/model.h"

struct bit_word;

/* Counts the lines of a text that have today's spelling of something, and those that do not. */
struct vote {
	unsigned int now, then;
};

static inline void proc_vote(struct vote *v, bool now)
{
	if (now)
		v->now++;
	else
		v->then++;
}

struct proc_votes {
	struct vote vref_caps, vref_ctls, assoc, misc, delay, channels, connectivity;
	struct vote pincap, copyright, power, eapd, pcm, dev_conns, stripped, blanks, bare;
	struct vote subsystem, hdmi, mono_mixers, pin_in_amps, stars;
	uint32_t pincap_seen, pincap_missed;
	uint32_t wcap_seen, wcap_missed;
};

/* Lines of the current widget that only repeat another line. */
enum {
	SAW_VREF_CAPS = 1,
	SAW_ASSOC = 2,
	SAW_MISC = 4,
	SAW_DELAY = 8,
	SAW_PIN_CTL = 16,
};

struct proc {
	struct model_list *out;
	struct codec_model *m;		/* NULL between codecs */
	struct model_node *node;	/* the current function group or widget */
	struct model_node *pcm_node;	/* the node whose rates, bits and formats are being read */
	struct model_conns *list;	/* the connection list being read */
	struct reg *list_select;	/* the register for the list's star; NULL = no star */
	struct proc_votes votes;
	uint32_t line;			/* number of the current line */
	struct reader text;		/* the current line */
	const char *why;		/* why the line could not be read; constant text */
	unsigned int saw;
	bool in_widget;
	/* the line was joined from pieces: accept only a perfect one */
	bool joining;
	bool nomem;
};

/*
 * Reads the rest of the line after the key from @r. Returns false if it cannot; p->why may
 * say why.
 */
typedef bool (*proc_rule_fn)(struct proc *p, struct reader r);

struct proc_rule {
	const char *key;
	proc_rule_fn fn;
	bool whole;	/* the line never continues on the next one */
};

extern const struct proc_rule proc_head_rules[];	/* a NULL key ends the table */
extern const struct proc_rule proc_widget_rules[];
extern const struct proc_rule proc_pin_rules[];
extern const struct proc_rule proc_list_rules[];

/* Begins a codec and finishes the one before it. */
bool proc_begin(struct proc *p);
void proc_end(struct proc *p);
void proc_note(struct proc *p, enum model_note_kind kind, const char *why);
/* Makes sure there is a current model; a text without its head begins one here. */
bool proc_want_model(struct proc *p);
/* The current widget (or any node); false if there is none. */
bool proc_want_widget(struct proc *p);
bool proc_want_node(struct proc *p);
/*
 * Leaves the current widget; if it is @whole, because another one follows, its votes are
 * counted.
 */
void proc_leave_widget(struct proc *p, bool whole);

/*
 * Translates the words of @r to bits of @table; @all gets all of them. An unknown word is
 * noted, or is an error while lines are joined.
 */
bool proc_words(struct proc *p, struct reader r, const struct bit_word *table, uint32_t *all);
/* Stores a number of at most @mask in @reg and marks the bits of @mask as known. */
bool proc_put(struct reg *reg, uint32_t mask, uint64_t val);
bool proc_set32(struct reg *reg, uint64_t val);
/* The one-line form of a PCM's caps, or its header. */
bool proc_pcm_head(struct proc *p, struct reader r, struct model_node *n);
/* "N/A": the codec had no answer to either parameter. */
void proc_no_pcm(struct model_node *n);
bool proc_amp_caps(struct reader r, struct reg *caps);
bool proc_list_line(struct proc *p, struct reader r);

#endif
