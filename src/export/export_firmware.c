// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files for an unchanged kernel driver: a patch file that snd-hda-intel loads as firmware
 * (CONFIG_SND_HDA_PATCH_LOADER), and the verbs of sysfs (CONFIG_SND_HDA_RECONFIG).
 *
 * Source: sound/pci/hda/hda_sysfs.c (since 6.17 sound/hda/common/sysfs.c): a line has at most
 * 127 bytes, "%i %i %i" a verb, NID and verb not 0.
 */
#include <string.h>

#include "base/err.h"
#include "codec/decode.h"
#include "export/exporter.h"

/* Counts verbs that the kernel's parser refuses; each kind is reported once. */
struct refused {
	size_t nid0, verb0, far;
};

static bool takes(const struct verb_parts *v, struct refused *r)
{
	r->far += v->nid > 0x7f;
	r->nid0 += !v->nid;
	r->verb0 += v->nid && v->nid <= 0x7f && !v->id;
	return v->nid && v->nid <= 0x7f && v->id;
}

static void note_refused(const struct refused *r, struct fix_notes *notes)
{
	if (r->nid0)
		fix_loss(notes, "the kernel takes no verb to NID 0: %zu left out\n", r->nid0);
	if (r->verb0)
		fix_loss(notes, "the kernel takes no verb whose id is 0 (the CA0132 has such): %zu "
			 "left out\n", r->verb0);
	if (r->far)
		fix_loss(notes, "the kernel sends no verb to NIDs above 0x7f: %zu left out\n",
			 r->far);
}

static bool is_read(const struct verb_parts *v)
{
	return v->id >= 0xa00;
}

/*
 * A longer line makes the kernel ignore the rest of the file: get_line_from_fw() does not go
 * past it.
 */
#define LINE_MAX_BYTES 120

static void add_comment(struct buf *out, const char *text)
{
	size_t at = out->len;

	buf_adds(out, "# ");
	fix_add_text(out, text, "\n");
	if (out->len - at > LINE_MAX_BYTES)
		out->len = at + LINE_MAX_BYTES;
	buf_addc(out, '\n');
}

/* The head, with its lines cut to LINE_MAX_BYTES. */
static void add_head(const struct verb_fix *f, struct buf *out)
{
	struct buf head = { 0 };
	const char *p, *end;

	fix_add_head(f, "", &head);
	for (p = buf_str(&head); (end = strchr(p, '\n')); p = end + 1) {
		head.data[end - (const char *)head.data] = '\0';
		add_comment(out, p);
	}
	buf_deinit(&head);
}

/* The sections of hints and of the model, from lines "hint: KEY = VALUE" and "model: NAME". */
static void add_hints(const char *lines, const char *key, struct buf *out)
{
	size_t n = strlen(key);
	bool any = false;

	for (const char *p = lines; p && *p; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL) {
		size_t len = strcspn(p, "\n");

		if (len <= n + 2 || len > LINE_MAX_BYTES || strncmp(p, key, n) != 0 ||
		    strncmp(p + n, ": ", 2) != 0)
			continue;
		if (!any)
			buf_addf(out, "\n[%s]\n", key);
		any = true;
		buf_add(out, p + n + 2, len - n - 2);
		buf_addc(out, '\n');
	}
}

struct err *fix_firmware(const struct verb_fix *f, const struct verb_fix_options *o, struct buf *out,
			 struct fix_notes *notes)
{
	struct refused r = { 0 };
	bool reads = false, verbs = false;

	add_head(f, out);
	buf_addf(out, "# To use it: put it into /lib/firmware/%s.fw and name it to the driver:\n"
		 "#   echo options snd-hda-intel patch=%s.fw >/etc/modprobe.d/%s.conf\n"
		 "[codec]\n0x%08x 0x%08x %u\n", o->name, o->name, o->name, f->vendor_id,
		 f->subsystem_id, f->cad);
	add_hints(f->hints, "model", out);
	add_hints(f->hints, "hint", out);
	if (fix_configs(f))
		buf_adds(out, "\n[pincfg]\n");
	for (size_t i = 0; i < f->n; i++)
		if (f->step[i].kind == FIX_CONFIG)
			buf_addf(out, "0x%02x 0x%08x\n", f->step[i].nid, f->step[i].config);
	for (size_t i = 0; i < f->n; i++) {
		const struct verb_fix_step *s = &f->step[i];

		if (s->kind == FIX_CONFIG)
			continue;
		if (!verbs)
			buf_adds(out, "\n[verb]\n");
		verbs = true;
		add_comment(out, s->text);
		for (size_t k = 0; k < s->n; k++) {
			struct verb_parts v = verb_split(s->words[k]);

			reads |= is_read(&v);
			if (takes(&v, &r))
				buf_addf(out, "0x%02x 0x%03x 0x%04x\n", v.nid, v.id, v.payload);
		}
	}
	note_refused(&r, notes);
	if (!f->vendor_id || !f->subsystem_id)
		buf_adds(&notes->text, "the list does not say which codec and machine it is for: the kernel "
			 "takes the 0 in [codec] for any\n");
	if (f->vendor_id >= 0x80000000u || f->subsystem_id >= 0x80000000u)
		buf_adds(&notes->text, "the kernel reads an id of 0x80000000 and above as a negative number, "
			 "which it takes for any\n");
	if (fix_configs(f))
		buf_adds(&notes->text, "pin defaults are in [pincfg]: the driver uses them, but does not "
			 "write them to the codec\n");
	if (reads)
		buf_adds(&notes->text, "verbs that read are sent too, and their answers are ignored\n");
	buf_adds(&notes->text, "the verbs are sent when the driver starts the codec and after each sleep, "
		 "after the driver's own\n");
	return NULL;
}

static const char init_arguments[] =
	"dry='' any='' device=''\n"
	"for a in \"$@\"; do\n"
	"\tcase $a in\n"
	"\t--any-machine) any=1 ;;\n"
	"\t/dev/*) device=$a ;;\n"
	"\t*)\n"
	"\t\techo \"usage: ${0##*/} [--any-machine] [/dev/snd/hwC0D0]\" >&2\n"
	"\t\texit 2 ;;\n"
	"\tesac\n"
	"done\n";

static const char init_functions[] =
	"\n"
	"[ -w \"/sys/class/sound/${device##*/}/init_verbs\" ] || {\n"
	"\techo \"no right to write, or a kernel without CONFIG_SND_HDA_RECONFIG\" >&2\n"
	"\texit 1\n"
	"}\n"
	"cd \"/sys/class/sound/${device##*/}\"\n"
	"# each verb is a write of its own\n"
	"v() { echo \"$1 $2 $3\" >init_verbs; }\n"
	"p() { echo \"$1 $2\" >user_pin_configs; }\n";

struct err *fix_init_verbs(const struct verb_fix *f, const struct verb_fix_options *o, struct buf *out,
			   struct fix_notes *notes)
{
	struct refused r = { 0 };

	(void)o;
	buf_adds(out, "#!/bin/sh\n");
	fix_add_head(f, "# ", out);
	buf_adds(out, "# Gives them to the running driver, which sends them when it starts the codec.\n"
		 "set -e\n\n");
	fix_add_search(f, out);
	buf_adds(out, init_arguments);
	fix_add_choice(out);
	buf_adds(out, init_functions);
	for (size_t i = 0; i < f->n; i++) {
		const struct verb_fix_step *s = &f->step[i];

		add_comment(out, s->text);
		if (s->kind == FIX_CONFIG) {
			buf_addf(out, "p 0x%02x 0x%08x\n", s->nid, s->config);
			continue;
		}
		for (size_t k = 0; k < s->n; k++) {
			struct verb_parts v = verb_split(s->words[k]);

			if (takes(&v, &r))
				buf_addf(out, "v 0x%02x 0x%03x 0x%04x\n", v.nid, v.id, v.payload);
		}
	}
	buf_adds(out, "# starts the codec again; fails while something plays or records\n"
		 "echo 1 >reconfig\n");
	note_refused(&r, notes);
	fix_note_ids(f, notes);
	buf_adds(&notes->text, "sysfs adds these to earlier ones, and loses them at the next boot\n");
	return NULL;
}
