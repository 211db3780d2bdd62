// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A patch for the kernel's Realtek driver: the fixup, its line among the quirks, its model
 * name, and a commit message with the evidence.
 *
 * Coefficients become coef_fw tables, other verbs lists of verbs, in the order in which they
 * were sent, called by one function at HDA_FIXUP_ACT_INIT; so they are sent at each start and
 * each resume. Pin defaults become a fixup of their own, which the driver uses before it
 * reads the pins.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/unified_diff.h"
#include "codec/decode.h"
#include "export/kernel_source.h"
#include "export/exporter.h"

/* The set verbs of include/sound/hda_verbs.h. */
static const struct {
	uint16_t id;
	const char *name;
} verb_names[] = {
	{ 0x200, "STREAM_FORMAT" }, { 0x300, "AMP_GAIN_MUTE" }, { 0x400, "PROC_COEF" },
	{ 0x500, "COEF_INDEX" }, { 0x701, "CONNECT_SEL" }, { 0x703, "PROC_STATE" },
	{ 0x704, "SDI_SELECT" }, { 0x705, "POWER_STATE" }, { 0x706, "CHANNEL_STREAMID" },
	{ 0x707, "PIN_WIDGET_CONTROL" }, { 0x708, "UNSOLICITED_ENABLE" }, { 0x709, "PIN_SENSE" },
	{ 0x70a, "BEEP_CONTROL" }, { 0x70c, "EAPD_BTLENABLE" }, { 0x70d, "DIGI_CONVERT_1" },
	{ 0x70e, "DIGI_CONVERT_2" }, { 0x70f, "VOLUME_KNOB_CONTROL" }, { 0x715, "GPIO_DATA" },
	{ 0x716, "GPIO_MASK" }, { 0x717, "GPIO_DIRECTION" }, { 0x718, "GPIO_WAKE_MASK" },
	{ 0x719, "GPIO_UNSOLICITED_RSP_MASK" }, { 0x71a, "GPIO_STICKY_MASK" },
	{ 0x71c, "CONFIG_DEFAULT_BYTES_0" }, { 0x71d, "CONFIG_DEFAULT_BYTES_1" },
	{ 0x71e, "CONFIG_DEFAULT_BYTES_2" }, { 0x71f, "CONFIG_DEFAULT_BYTES_3" },
	{ 0x7ff, "CODEC_RESET" },
};

struct kernel_fix {
	const struct verb_fix *f;
	const struct verb_fix_options *o;
	struct kernel_source src;
	struct fix_notes *notes;
	char id[KERNEL_NAME];	/* "ALC298_FIXUP_SAMSUNG_GALAXY_BOOK2" */
	char model[KERNEL_NAME];/* "alc298-samsung-galaxy-book2" */
	char func[KERNEL_NAME];	/* "alc298_fixup_samsung_galaxy_book2" */
	char machine[KERNEL_NAME];
	uint32_t subsystem;
	size_t n_actions;	/* steps that are not pin defaults */
	size_t refused;		/* verbs that a list in the kernel cannot contain */
};

/* --- names ---------------------------------------------------------------- */

static void make_name(char *out, const char *chip, const char *middle, const char *name,
		      char between, bool upper)
{
	size_t n = 0;

	for (unsigned int part = 0; part < 3; part++)
		for (const char *p = part == 0 ? chip : part == 1 ? middle : name;
		     *p && n + 1 < KERNEL_NAME; p++) {
			char c = isalnum((unsigned char)*p) ? *p : between;

			if (c == between && n && out[n - 1] == between)
				continue;
			out[n++] = (char)(upper ? toupper((unsigned char)c) :
						  tolower((unsigned char)c));
		}
	out[n] = '\0';
}

static struct err *make_names(struct kernel_fix *k)
{
	struct buf b = { 0 };
	struct err *e;

	if (k->o->machine)
		fix_add_text(&b, k->o->machine, "\n\"\\");
	else
		buf_addf(&b, "Unknown %04x:%04x", k->subsystem >> 16, k->subsystem & 0xffff);
	e = buf_err(&b);
	if (!e) {
		strncpy(k->machine, buf_str(&b), sizeof(k->machine) - 1);
		make_name(k->id, k->src.chip, "_FIXUP_", k->o->name, '_', true);
		make_name(k->func, k->src.chip, "_fixup_", k->o->name, '_', false);
		make_name(k->model, k->src.chip, "-", k->o->name, '-', false);
		if (kernel_source_has(&k->src, k->id) || kernel_source_has(&k->src, k->func))
			e = err_new(ERR_FAIL, "%s has a fixup %s already: choose another name with "
				    "--name", k->src.path, k->id);
	}
	buf_deinit(&b);
	return e;
}

/* --- the tables ----------------------------------------------------------- */

/* struct coef_fw has a byte for the index, and 16 bits for mask and value. */
static bool as_coefs(const struct verb_fix_step *s)
{
	int32_t index = -1;

	if (s->kind == FIX_COEF)
		return s->index <= 0xff;
	for (size_t i = 0; i < s->n; i++) {
		struct verb_parts v = verb_split(s->words[i]);

		if (v.nid != verb_split(s->words[0]).nid || (v.id != 0x400 && v.id != 0x500))
			return false;
		if (v.id == 0x500) {
			index = v.payload;
			if (i + 1 == s->n)
				return false;
		} else if (index < 0 || index > 0xff) {
			return false;
		} else {
			index++;
		}
	}
	return s->n > 0;
}

static void add_comment(const char *indent, const struct verb_fix_step *s, struct buf *b)
{
	size_t at;

	/* the code shows the numbers; only a meaning or a transaction needs a comment */
	if (s->n < 3 && !strchr(s->text, '('))
		return;
	buf_addf(b, "%s/* ", indent);
	at = b->len;
	fix_add_text(b, s->text, "\n*");
	if (b->len - at > 64)
		b->len = at + 64;
	buf_adds(b, " */\n");
}

static void add_coef(struct buf *b, unsigned int nid, unsigned int index, unsigned int value)
{
	if (nid == 0x20)
		buf_addf(b, "\t\tWRITE_COEF(0x%02x, 0x%04x),\n", index, value);
	else
		buf_addf(b, "\t\tWRITE_COEFEX(0x%02x, 0x%02x, 0x%04x),\n", nid, index, value);
}

static void add_coefs(const struct verb_fix_step *s, struct buf *b)
{
	unsigned int index = 0;

	if (s->kind == FIX_COEF && s->mask != 0xffff) {
		if (s->nid == 0x20)
			buf_addf(b, "\t\tUPDATE_COEF(0x%02x, 0x%04x, 0x%04x),\n", s->index, s->mask,
				 s->value & s->mask);
		else
			buf_addf(b, "\t\tUPDATE_COEFEX(0x%02x, 0x%02x, 0x%04x, 0x%04x),\n", s->nid,
				 s->index, s->mask, s->value & s->mask);
		return;
	}
	if (s->kind == FIX_COEF) {
		add_coef(b, s->nid, s->index, s->value);
		return;
	}
	/* the index increases by itself, but kernel code sets it each time */
	for (size_t i = 0; i < s->n; i++) {
		struct verb_parts v = verb_split(s->words[i]);

		if (v.id == 0x500)
			index = v.payload;
		else
			add_coef(b, v.nid, index++, v.payload);
	}
}

static void add_verbs(struct kernel_fix *k, const char *indent, const struct verb_fix_step *s,
		      struct buf *b)
{
	for (size_t i = 0; i < s->n; i++) {
		struct verb_parts v = verb_split(s->words[i]);
		const char *name = NULL;

		if (v.nid > 0x7f) {
			k->refused++;
			continue;
		}
		for (size_t n = 0; n < ARRAY_SIZE(verb_names); n++)
			if (verb_names[n].id == v.id)
				name = verb_names[n].name;
		if (name)
			buf_addf(b, "%s{ 0x%02x, AC_VERB_SET_%s, 0x%0*x },\n", indent, v.nid, name,
				 v.wide ? 4 : 2, v.payload);
		else
			buf_addf(b, "%s{ 0x%02x, 0x%03x, 0x%0*x },\n", indent, v.nid, v.id,
				 v.wide ? 4 : 2, v.payload);
	}
}

static bool is_action(const struct verb_fix_step *s)
{
	return s->kind != FIX_CONFIG;
}

/* The end of the steps from @i on that go into one table. */
static size_t run_end(const struct verb_fix *f, size_t i)
{
	bool coefs = as_coefs(&f->step[i]);

	while (i < f->n && (!is_action(&f->step[i]) || as_coefs(&f->step[i]) == coefs))
		i++;
	return i;
}

/* The function that sends the verbs: one table and one call for each run of steps. */
static void add_function(struct kernel_fix *k, struct buf *b)
{
	const struct verb_fix *f = k->f;
	struct buf calls = { 0 };
	unsigned int n = 0;

	/* continue arguments below the first, with tabs and blanks as kernel code does */
	buf_addf(b, "static void %s(struct hda_codec *codec,\n", k->func);
	for (size_t col = strlen("static void (") + strlen(k->func), at = 0; at < col;) {
		bool tab = at + 8 <= col;

		buf_addc(b, tab ? '\t' : ' ');
		at += tab ? 8 : 1;
	}
	buf_adds(b, "const struct hda_fixup *fix, int action)\n{\n");
	for (size_t i = 0; i < f->n;) {
		size_t end;
		bool coefs;

		if (!is_action(&f->step[i])) {
			i++;
			continue;
		}
		end = run_end(f, i);
		coefs = as_coefs(&f->step[i]);
		n++;
		buf_addf(b, "\tstatic const struct %s %s%u[] = {\n", coefs ? "coef_fw" : "hda_verb",
			 coefs ? "coefs" : "verbs", n);
		buf_addf(&calls, coefs ? "\talc_process_coef_fw(codec, coefs%u);\n" :
					 "\tsnd_hda_sequence_write(codec, verbs%u);\n", n);
		for (; i < end; i++) {
			if (!is_action(&f->step[i]))
				continue;
			add_comment("\t\t", &f->step[i], b);
			if (coefs)
				add_coefs(&f->step[i], b);
			else
				add_verbs(k, "\t\t", &f->step[i], b);
		}
		buf_adds(b, "\t\t{}\n\t};\n");
	}
	buf_adds(b, "\n\tif (action != HDA_FIXUP_ACT_INIT)\n\t\treturn;\n");
	buf_adds(b, buf_str(&calls));
	buf_adds(b, "}\n\n");
	buf_deinit(&calls);
}

static void add_fixups(const struct kernel_fix *k, struct buf *b)
{
	bool pins = fix_configs(k->f), acts = k->n_actions;

	if (pins) {
		buf_addf(b, "\t[%s] = {\n"
			 "\t\t.type = HDA_FIXUP_PINS,\n"
			 "\t\t.v.pins = (const struct hda_pintbl[]) {\n", k->id);
		for (size_t i = 0; i < k->f->n; i++)
			if (!is_action(&k->f->step[i]))
				buf_addf(b, "\t\t\t{ 0x%02x, 0x%08x },\n", k->f->step[i].nid,
					 k->f->step[i].config);
		buf_adds(b, "\t\t\t{ }\n\t\t},\n");
		if (acts)
			buf_addf(b, "\t\t.chained = true,\n\t\t.chain_id = %s_INIT,\n", k->id);
		buf_adds(b, "\t},\n");
	}
	if (acts)
		buf_addf(b, "\t[%s%s] = {\n"
			 "\t\t.type = HDA_FIXUP_FUNC,\n"
			 "\t\t.v.func = %s,\n"
			 "\t},\n", k->id, pins ? "_INIT" : "", k->func);
}

static void add_enum(const struct kernel_fix *k, struct buf *b)
{
	buf_addf(b, "\t%s,\n", k->id);
	if (fix_configs(k->f) && k->n_actions)
		buf_addf(b, "\t%s_INIT,\n", k->id);
}

/* --- the message ---------------------------------------------------------- */

#define MESSAGE_LINES 24

static void add_message(const struct kernel_fix *k, struct buf *b)
{
	const struct verb_fix *f = k->f;
	size_t at;

	buf_addf(b, "From: %s\nSubject: [PATCH] ALSA: hda/realtek: Add fixup for ",
		 k->o->author ? k->o->author : "NAME <ADDRESS>");
	/* 75 columns for the subject's line */
	at = b->len;
	fix_add_text(b, k->machine, "\n");
	if (b->len - at > 44)
		b->len = at + 44;
	buf_addf(b, "\n\nThe machine with subsystem ID %04x:%04x (%.40s) needs\n"
		 "%zu verbs to its %.20s that the driver does not send.\n"
		 "They were found in what another driver sent to this codec, and reduced\n"
		 "to those that matter:\n\n", k->subsystem >> 16, k->subsystem & 0xffff, k->machine,
		 fix_verbs(f), k->src.chip);
	for (size_t i = 0; i < f->n && i < MESSAGE_LINES; i++) {
		at = b->len;
		buf_adds(b, "  ");
		fix_add_text(b, f->step[i].text, "\n");
		if (b->len - at > 72)
			b->len = at + 72;
		buf_addc(b, '\n');
	}
	if (f->n > MESSAGE_LINES)
		buf_addf(b, "  and %zu more\n", f->n - MESSAGE_LINES);
	if (f->from) {
		buf_adds(b, "\nThe capture, which can be had on request, is\n  ");
		at = b->len;
		fix_add_text(b, f->from, "\n");
		if (b->len - at > 70)
			b->len = at + 70;
		buf_addc(b, '\n');
	}
	if (f->sha256 && *f->sha256)
		buf_addf(b, "%ssha256\n  %s\n", f->from ? "" : "\n", f->sha256);
	buf_addf(b, "\nSigned-off-by: %s\n---\n", k->o->author ? k->o->author : "NAME <ADDRESS>");
}

/* --- the patch ------------------------------------------------------------ */

/* Adds the line at @at with the comma that it lacks. */
static void add_with_comma(const struct kernel_source *s, size_t at, struct buf *b, size_t *len)
{
	const char *p = (const char *)s->text.data + at;
	size_t n = strcspn(p, "\n"), code = n;

	while (code && (p[code - 1] == ' ' || p[code - 1] == '\t'))
		code--;
	buf_add(b, p, code);
	buf_adds(b, ",\n");
	*len = n + 1;
}

enum { AT_FUNCTION, AT_ENUM, AT_ENUM_COMMA, AT_FIXUPS, AT_FIXUPS_COMMA, AT_QUIRK, AT_MODELS, PLACES };

static struct err *make_patch(struct kernel_fix *k, struct buf *out)
{
	const struct kernel_source *s = &k->src;
	const char *text = (const char *)s->text.data;
	struct text_edit edits[PLACES];
	struct buf add[PLACES] = { 0 }, old = { 0 }, new = { 0 };
	size_t drop[PLACES] = { 0 }, n = 0;
	size_t at[PLACES] = {
		[AT_FUNCTION] = s->functions, [AT_ENUM] = s->enum_end, [AT_ENUM_COMMA] = s->enum_comma,
		[AT_FIXUPS] = s->fixups_end, [AT_FIXUPS_COMMA] = s->fixups_comma,
		[AT_QUIRK] = s->quirk, [AT_MODELS] = s->models_end,
	};
	struct err *e = NULL;

	if (k->n_actions)
		add_function(k, &add[AT_FUNCTION]);
	add_enum(k, &add[AT_ENUM]);
	if (s->enum_comma)
		add_with_comma(s, s->enum_comma, &add[AT_ENUM_COMMA], &drop[AT_ENUM_COMMA]);
	add_fixups(k, &add[AT_FIXUPS]);
	if (s->fixups_comma)
		add_with_comma(s, s->fixups_comma, &add[AT_FIXUPS_COMMA], &drop[AT_FIXUPS_COMMA]);
	buf_addf(&add[AT_QUIRK], "\tSND_PCI_QUIRK(0x%04x, 0x%04x, \"%s\", %s),\n",
		 k->subsystem >> 16, k->subsystem & 0xffff, k->machine, k->id);
	if (s->models_end)
		buf_addf(&add[AT_MODELS], "\t{.id = %s, .name = \"%s\"},\n", k->id,
			 k->model);
	for (int i = 0; i < PLACES; i++) {
		if (!e)
			e = buf_err(&add[i]);
		if (add[i].len)
			edits[n++] = (struct text_edit){ at[i], drop[i], buf_str(&add[i]), add[i].len };
	}
	buf_addf(&old, "a/%s", s->path);
	buf_addf(&new, "b/%s", s->path);
	if (!e)
		e = buf_err(&old);
	if (!e)
		e = buf_err(&new);
	if (!e)
		e = unified_edits(buf_str(&old), buf_str(&new), text, s->text.len, edits, n, out);
	for (int i = 0; i < PLACES; i++)
		buf_deinit(&add[i]);
	buf_deinit(&old);
	buf_deinit(&new);
	return e;
}

static struct err *check(struct kernel_fix *k)
{
	const struct verb_fix *f = k->f;

	if (!k->o->kernel)
		return err_new(ERR_USAGE, "--as kernel needs --kernel-source FOLDER: the source that "
			       "the patch is for");
	if (f->vendor_id >> 16 != 0x10ec)
		return err_new(ERR_FAIL, "--as kernel writes for the Realtek driver, and the list is for "
			       "codec 0x%08x: --as firmware works with every driver", f->vendor_id);
	k->subsystem = f->pci_subsystem ? f->pci_subsystem : f->subsystem_id;
	if (!k->subsystem)
		return err_new(ERR_FAIL, "the list does not say which machine it is for: use "
			       "--subsystem-id VVVVDDDD");
	for (size_t i = 0; i < f->n; i++)
		k->n_actions += is_action(&f->step[i]);
	return NULL;
}

static struct err *check_known(const struct kernel_fix *k)
{
	if (!k->src.known[0])
		return NULL;
	return err_new(ERR_FAIL, "%s has a quirk for %04x:%04x already: %s. Does it not run (see "
		       "dmesg), or not suffice? Chain it by hand, or give another --subsystem-id",
		       k->src.path, k->subsystem >> 16, k->subsystem & 0xffff, k->src.known);
}

static void add_notes(const struct kernel_fix *k)
{
	const struct verb_fix *f = k->f;

	if (k->refused)
		fix_loss(k->notes, "the kernel sends no verb to NIDs above 0x7f: %zu left out\n",
			 k->refused);
	if (f->pci_subsystem && f->subsystem_id && f->pci_subsystem != f->subsystem_id)
		buf_addf(&k->notes->text, "the controller's subsystem id (0x%08x) is not the codec's "
			 "(0x%08x): the quirk uses the controller's\n", f->pci_subsystem,
			 f->subsystem_id);
	if (!k->o->machine)
		buf_adds(&k->notes->text, "the machine has no name: set it with --machine \"Maker "
			 "Model\"\n");
	if (!k->o->author)
		buf_adds(&k->notes->text, "the patch is not signed off: --author \"Name <address>\" does it, "
			 "or 'git am' and 'git commit --amend --reset-author -s'\n");
	if (fix_verbs(f) > 500)
		buf_addf(&k->notes->text, "%zu verbs are too many for a review: 'hdadump bisect' "
			 "finds those that matter\n", fix_verbs(f));
}

struct err *fix_kernel(const struct verb_fix *f, const struct verb_fix_options *o, struct buf *out,
		       struct fix_notes *notes)
{
	struct kernel_fix *k = calloc(1, sizeof(*k));
	struct err *e;

	if (!k)
		return err_nomem();
	k->f = f;
	k->o = o;
	k->notes = notes;
	e = check(k);
	if (!e)
		e = kernel_source_open(o->kernel, f->vendor_id, k->subsystem, &k->src);
	if (!e)
		e = check_known(k);
	if (!e)
		e = make_names(k);
	if (!e) {
		add_message(k, out);
		e = make_patch(k, out);
	}
	if (!e)
		add_notes(k);
	kernel_source_deinit(&k->src);
	free(k);
	return e;
}
