/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The codec model: everything that is known about one codec, and nothing else.
 *
 * It is a tree of nodes (the root, its function groups, their widgets), each
 * with the answers to its parameters and the contents of its registers.  A
 * model is filled by a reader of a text (proc_read.h, rthd.h), by traffic
 * (learn.h), or by both, one after the other; it can print itself as the text
 * of /proc/asound/cardX/codec#Y (proc_print.h) and answer verbs (answer.h).
 *
 * Knowledge is kept bit by bit: a register is a value with a mask of the known bits. So a
 * text that shows only flags, a write of one byte of four and a full answer are all stored in
 * the same way, and an unknown bit is never mistaken for zero.
 *
 * Ownership: a model owns all its memory; pointers into it stay valid until it is destroyed,
 * those into arrays (amps, connections, coefs) until the next change of that array. Sizes are
 * bounded by MODEL_MAX_* whatever the input claims: functions that would exceed a bound
 * return false or NULL.
 *
 * Numbers: Intel HD Audio specification 1.0a, section 7.3; parameters and
 * verbs as in the kernel's include/sound/hda_verbs.h.
 */
#ifndef HDADUMP_MODEL_MODEL_H
#define HDADUMP_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* A register; `known` is the mask of its known bits, and val is zero in all others. */
struct reg {
	uint32_t val;
	uint32_t known;
};

static inline void reg_put(struct reg *r, uint32_t mask, uint32_t val)
{
	r->val = (r->val & ~mask) | (val & mask);
	r->known |= mask;
}

static inline void reg_set(struct reg *r, uint32_t val)
{
	*r = (struct reg){ val, UINT32_MAX };
}

static inline void reg_forget(struct reg *r, uint32_t mask)
{
	r->val &= ~mask;
	r->known &= ~mask;
}

/* All bits of @mask are known. */
static inline bool reg_has(const struct reg *r, uint32_t mask)
{
	return (r->known & mask) == mask;
}

/* Parameters (verb F00) by their number, section 7.3.4 of the specification. */
enum model_param {
	PARAM_VENDOR_ID = 0x00,
	PARAM_SUBSYSTEM_ID = 0x01,
	PARAM_REVISION_ID = 0x02,
	PARAM_NODE_COUNT = 0x04,
	PARAM_FUNCTION_TYPE = 0x05,
	PARAM_AFG_CAP = 0x08,
	PARAM_WIDGET_CAP = 0x09,
	PARAM_PCM = 0x0a,
	PARAM_STREAM = 0x0b,
	PARAM_PIN_CAP = 0x0c,
	PARAM_AMP_IN_CAP = 0x0d,
	PARAM_CONNLIST_LEN = 0x0e,
	PARAM_POWER_STATE = 0x0f,
	PARAM_PROC_CAP = 0x10,
	PARAM_GPIO_CAP = 0x11,
	PARAM_AMP_OUT_CAP = 0x12,
	PARAM_KNOB_CAP = 0x13,
	PARAM_DEVLIST_LEN = 0x15,
	PARAM_HDMI_LPCM_CAP = 0x20,
	PARAM_COUNT = 0x21
};

/* The bits of an amplifier's caps that a text shows: offset, steps, step size, mute. */
#define AMP_CAP_MASK 0x807f7f7fu

/* The registers of a node that one verb reads: model_regs.def. */
enum model_reg {
#define MODEL_REG(id, name, get, reset) MREG_##id,
#define MODEL_SET(set, id, mask, shift)
#include "model/model_regs.def"
#undef MODEL_REG
#undef MODEL_SET
	MREG_COUNT
};

/* Widget types: wcaps bits 23:20. */
enum widget_type {
	WIDGET_OUTPUT = 0x0,
	WIDGET_INPUT = 0x1,
	WIDGET_MIXER = 0x2,
	WIDGET_SELECTOR = 0x3,
	WIDGET_PIN = 0x4,
	WIDGET_POWER = 0x5,
	WIDGET_KNOB = 0x6,
	WIDGET_BEEP = 0x7,
	WIDGET_VENDOR = 0xf
};

/* Bits of the widget caps, parameter 09. */
#define WCAP_STEREO 0x00000001u
#define WCAP_IN_AMP 0x00000002u
#define WCAP_OUT_AMP 0x00000004u
#define WCAP_AMP_OVERRIDE 0x00000008u
#define WCAP_FORMAT_OVERRIDE 0x00000010u
#define WCAP_STRIPE 0x00000020u
#define WCAP_PROC 0x00000040u
#define WCAP_UNSOL 0x00000080u
#define WCAP_CONN_LIST 0x00000100u
#define WCAP_DIGITAL 0x00000200u
#define WCAP_POWER 0x00000400u
#define WCAP_LR_SWAP 0x00000800u
#define WCAP_CP 0x00001000u
#define WCAP_DELAY 0x000f0000u

/* Bounds, at or above the hardware's own; they limit a hostile text. */
#define MODEL_NODES 256		/* NIDs are 8 bits on the link */
#define MODEL_MAX_AMPS 256	/* values in one direction of one node */
#define MODEL_MAX_CONNS 256	/* entries of a connection list, ranges expanded */
#define MODEL_MAX_DEVS 64	/* device entries of a pin (DP MST): 6 bits */
#define MODEL_MAX_COEFS 65536	/* the coefficient index has 16 bits */
#define MODEL_MAX_EXTRAS 4096	/* answers of one node that have no register */
#define MODEL_MAX_ITEMS 4096	/* driver's controls of one node */

/* An amplifier's answer: gain 6:0, mute 7. */
struct model_amp {
	struct reg left;
	struct reg right;
};

struct model_amps {
	struct model_amp *v;
	uint16_t n;
	int16_t shown;	/* how many values the text printed; -1 = no text */
};

/* A connection list with expanded ranges. A negative length is a driver's error code. */
struct model_conns {
	uint16_t *nid;
	uint16_t n;	/* number of known entries */
	int32_t len;	/* number of entries in the codec */
	bool known;	/* len is valid */
};

/* One device entry of a multi-stream pin: bits as F36 answers (0 PD, 1 ELDV, 2 IA). */
struct model_dev {
	struct reg bits;
	struct reg select;	/* the entry's own CONNECT_SEL */
	struct model_conns conns;
};

/*
 * A coefficient by its index; or an answer that has no register of its own (vendor verbs, ELD
 * bytes, slots) by its MODEL_EXTRA_KEY.
 */
struct model_value {
	uint32_t key;
	uint32_t val;
};

#define MODEL_EXTRA_KEY(dev, id, payload) \
	((uint32_t)(dev) << 24 | (uint32_t)(id) << 8 | ((uint32_t)(payload) & 0xff))

/* Data that only the driver has: a dump shows it, traffic does not. */
struct model_control {
	char *name;
	int64_t index;
	int64_t device;
	bool has_amp;
	bool out;		/* ControlAmp: dir=Out */
	uint64_t chs, idx, ofs;	/* ControlAmp */
};

struct model_pcm {
	char *name;
	char *type;	/* "Audio", "SPDIF", "HDMI", "Modem" */
	int64_t device;
	int64_t substream;
	bool has_substream;
};

enum node_kind { NODE_UNKNOWN, NODE_ROOT, NODE_GROUP, NODE_WIDGET };

/* State of learning from traffic: the raw answers to F02, and the coefficient index. */
struct model_learn {
	uint32_t conn[64];	/* by payload / 2 */
	uint64_t conn_seen;	/* a bit for each known entry of conn */
	uint16_t coef_index;
	bool coef_index_known;
	bool coef_no_read_inc;	/* proven: a read of a coefficient does not increase the index */
	bool coef_no_write_inc;	/* the same for writing */
	uint16_t coef_base;	/* last index that was set or read */
	uint16_t coef_reads, coef_writes; /* accesses since then */
	uint32_t coef_sweep;	/* coefficients read in order from 0 */
};

struct model_node {
	uint8_t nid;
	enum node_kind kind;
	struct reg param[PARAM_COUNT];
	struct reg reg[MREG_COUNT];
	struct model_amps in, out;
	struct model_conns conns;
	struct model_conns driver_conns;	/* "In-driver Connection" */
	struct model_dev *devs;
	uint16_t ndevs;
	bool devs_known;
	struct model_value *coefs;	/* ordered by index */
	uint32_t ncoefs;
	bool coefs_shown;		/* all of them were read in order */
	uint8_t unnamed_states;		/* how many power states without a name the text printed */
	struct reg driver_default;	/* the pin default that a Windows driver uses */
	struct reg hook_coef, hook_index; /* the two values of the old kernel's Realtek hook */
	struct model_value *extras;	/* ordered by key */
	uint32_t nextras;
	struct model_control *controls;
	uint32_t ncontrols;
	struct model_pcm *pcms;
	uint32_t npcms;
	struct model_learn learn;
};

/* The origin of a model; a printer uses it to choose between two equal readings. */
enum model_origin { MODEL_FROM_TRAFFIC, MODEL_FROM_PROC, MODEL_FROM_RTHD };

/*
 * The differences between a proc text and one of today's kernel, which an older kernel did
 * not print or printed differently. All zero is today's kernel.
 */
struct proc_style {
	uint32_t no_pincap_words;	/* pin caps whose word was not printed */
	uint32_t no_wcap_words;		/* widget caps whose word was not printed */
	bool stripped;			/* blanks at line ends were removed */
	bool no_vref_caps;		/* no "Vref caps:" line */
	bool no_vref_ctls;		/* no VREF_ words in "Pin-ctls:" */
	bool no_assoc;			/* no "DefAssociation" line */
	bool no_misc;			/* no "Misc =" line */
	bool no_delay;			/* no "Delay:" line */
	bool no_channels;		/* more than two channels were "Stereo" */
	bool no_connectivity;		/* no "[Jack]" in "Pin Default" */
	bool pincap_08;			/* "0x08%x": the printed 08 is not a part of the value */
	bool copyright;			/* "Copyright" for what is now "Non-Copyright" */
	bool raw_power;			/* "Power: 0x0" */
	bool raw_eapd;			/* "EAPD: 0x2", no words */
	bool pcm_one_line;		/* "PCM: rates 0x140, bits 0x02, types 0x1" */
	bool no_dev_conns;		/* no "Connections [ ]" in "Dev 00:" lines */
	bool one_blank_vals;		/* "vals: [0x00]", where today's kernel puts two blanks */
	bool bare_vals;			/* "vals: 0x00 0x00", the first index only */
	bool short_subsystem;		/* "Subsystem Id: 0x1854", without leading zeros */
	bool hdmi_and_swap;		/* "HDMI R/L" for one bit of the pin caps */
	/* a mono mixer of one stereo source has one channel's values */
	bool mono_mixers;
	bool pin_in_amps;		/* pins show an input value for each connection */
	bool stars;			/* mixers, power widgets and knobs have a selected connection */
};

struct codec_model {
	struct model_node *node[MODEL_NODES];
	char *name;		/* the driver's name for it: "Realtek ALC298"; NULL = unknown */
	/* the subsystem id that the driver uses, from parameter 01 or verb F20 */
	struct reg subsystem;
	uint8_t cad;
	bool has_cad;
	uint8_t afg, mfg;	/* NIDs of the function groups; 0 = unknown */
	bool afg_told, mfg_told;/* the NID is from the input, not assumed */
	bool no_mfg;		/* proven: the codec has no modem function group */
	bool bad_afg;		/* the driver found no widgets: "Invalid AFG subtree" */
	enum model_origin origin;
	struct proc_style style;
};

struct err *model_create(enum model_origin origin, struct codec_model **out);
void model_destroy(struct codec_model *m);	/* accepts NULL */

/* The node, created if it is new; NULL if memory ran out. */
struct model_node *model_node(struct codec_model *m, uint8_t nid);
static inline struct model_node *model_find(const struct codec_model *m, unsigned int nid)
{
	return nid < MODEL_NODES ? m->node[nid] : NULL;
}

/* The function group of that kind, created if it is new, at an assumed NID (01 if it is free). */
struct model_node *model_afg(struct codec_model *m);
struct model_node *model_mfg(struct codec_model *m);
/*
 * Sets which NID is the audio (or modem) function group and moves there what an assumed group
 * held. NULL if this contradicts the input so far, or if another node has the NID.
 */
struct model_node *model_name_group(struct codec_model *m, bool modem, uint8_t nid);
/*
 * Moves an assumed function group to another NID; false if the input has named this NID as a
 * group.
 */
bool model_make_room(struct codec_model *m, uint8_t nid);

uint32_t model_vendor_id(const struct codec_model *m);	/* 0 = unknown */
/* The subsystem id as the kernel chooses it: parameter 01 unless 0 or all ones, else F20. */
struct reg model_subsystem(const struct codec_model *m);
/* True if the caps of any widget are known. */
bool model_has_tree(const struct codec_model *m);
/* The widget's type; -1 = unknown caps. */
int model_type(const struct model_node *n);
static inline uint32_t model_wcaps(const struct model_node *n)
{
	return n->param[PARAM_WIDGET_CAP].val;
}
/* Channels of the widget, 1 to 16. */
unsigned int model_channels(const struct model_node *n);
/* True for a mono mixer of one stereo source, which has both channels' amplifiers. */
bool model_mixes_down(const struct codec_model *m, const struct model_node *n);
/* The caps of this amplifier: its own, or the function group's if it has none. */
struct reg model_amp_caps(const struct codec_model *m, const struct model_node *n, bool out);

/* The value at @index, created if it is new; NULL past the bound or if memory ran out. */
struct model_amp *model_amp(struct model_amps *a, unsigned int index);
bool model_conns_add(struct model_conns *c, uint16_t nid);
void model_conns_clear(struct model_conns *c);
struct model_dev *model_dev(struct model_node *n, unsigned int index);
bool model_coef_set(struct model_node *n, uint16_t index, uint32_t val);
const struct model_value *model_coef(const struct model_node *n, uint16_t index);
bool model_extra_set(struct model_node *n, uint32_t key, uint32_t val);
const struct model_value *model_extra(const struct model_node *n, uint32_t key);
/* Adds an item and copies its strings of @len bytes; NULL if memory ran out. */
struct model_control *model_control_add(struct model_node *n, const char *name, size_t len);
struct model_pcm *model_pcm_add(struct model_node *n, const char *name, size_t len,
				const char *type, size_t type_len);
/* Sets the codec's name. */
bool model_set_name(struct codec_model *m, const char *name, size_t len);

/* Function-group reset (verb 7FF): the registers that it clears become unknown. */
void model_reset(struct codec_model *m, uint8_t group);

#endif
