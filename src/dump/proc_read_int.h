/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between the parts of the proc reader: its state, and the rules for lines. */
#ifndef HDADUMP_DUMP_PROC_READ_INT_H
#define HDADUMP_DUMP_PROC_READ_INT_H

#include "base/reader.h"
#include "dump/proc_read.h"
#include "model/model.h"

struct bit_word;

/* What the lines of one text say for and against a spelling of today's kernel. */
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

/* Lines of the current widget that only repeat what another line holds. */
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
	struct model_node *node;	/* the function group or widget that lines belong to */
	struct model_node *pcm_node;	/* where rates, bits and formats belong */
	struct model_conns *list;	/* an open connection list */
	struct reg *list_select;	/* where its star goes; NULL: it has none */
	struct proc_votes votes;
	uint32_t line;			/* where the current line starts */
	struct reader text;		/* the current line */
	const char *why;		/* why it could not be read */
	unsigned int saw;
	bool in_widget;
	bool joining;			/* the line was put together: be strict */
	bool nomem;
};

/* @r is what stands after the key. False: not read, p->why may say why. */
typedef bool (*proc_rule_fn)(struct proc *p, struct reader r);

struct proc_rule {
	const char *key;
	proc_rule_fn fn;
	bool whole;	/* never continued on the next line */
};

extern const struct proc_rule proc_head_rules[];	/* ended by a NULL key */
extern const struct proc_rule proc_widget_rules[];
extern const struct proc_rule proc_pin_rules[];
extern const struct proc_rule proc_list_rules[];

/* Begins a codec; the one before is finished. */
bool proc_begin(struct proc *p);
void proc_end(struct proc *p);
void proc_note(struct proc *p, enum model_note_kind kind, const char *why);
/* The current model, begun when there is none (a text without its head). */
bool proc_want_model(struct proc *p);
/* The current widget (or any node); false outside of one. */
bool proc_want_widget(struct proc *p);
bool proc_want_node(struct proc *p);
/* Leaves the current widget, counting its votes when it is @whole: another one follows. */
void proc_leave_widget(struct proc *p, bool whole);

/*
 * The words of @r as bits of @table; @all gets them.  A word that the table
 * does not hold is noted, or refused when lines are being joined.
 */
bool proc_words(struct proc *p, struct reader r, const struct bit_word *table, uint32_t *all);
/* Puts a number of at most @mask into @reg, known under @mask. */
bool proc_put(struct reg *reg, uint32_t mask, uint64_t val);
bool proc_set32(struct reg *reg, uint64_t val);
/* The one-line form of a PCM's caps, or its header. */
bool proc_pcm_head(struct proc *p, struct reader r, struct model_node *n);
/* "N/A": the codec answered neither. */
void proc_no_pcm(struct model_node *n);
bool proc_amp_caps(struct reader r, struct reg *caps);
bool proc_list_line(struct proc *p, struct reader r);

#endif
