// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A shell script that uses alsa-tools' hda-verb, and files that make systemd run it.
 *
 * The script finds the codec by its ids in sysfs, where the kernel has them since 2.6.30, and
 * otherwise in /proc/asound; it never writes to another codec. If the list lacks an id, that
 * is `unknown` in the script: then the user must confirm that this is the codec, at the
 * terminal or with --any-machine, and nothing is sent before.
 */
#include "base/err.h"
#include "codec/decode.h"
#include "export/exporter.h"
#include "print/plan_text.h"

/* Sets no variable under a name that the user's shell may have. */
static const char ids[] =
	"# The ids of a codec, as the kernel has them.\n"
	"ids() {\n"
	"\ts=/sys/class/sound/$1\n"
	"\tif [ -r \"$s/vendor_id\" ]; then\n"
	"\t\techo \"$(cat \"$s/vendor_id\") $(cat \"$s/subsystem_id\")\"\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tc=${1#hwC}\n"
	"\tsed -n -e 's/^Vendor Id: //p' -e 's/^Subsystem Id: //p' \\\n"
	"\t\t\"/proc/asound/card${c%D*}/codec#${c#*D}\" 2>/dev/null | tr '\\n' ' '\n"
	"}\n"
	"\n"
	"# True when this is the codec that the verbs were made for, as far as that is known.\n"
	"is_it() {\n"
	"\tset -- $(ids \"$1\")\n"
	"\t[ $# = 2 ] || return 1\n"
	"\t[ \"$vendor\" = unknown ] || [ $(($1)) = $((vendor)) ] || return 1\n"
	"\t[ \"$subsystem\" = unknown ] || [ \"$any\" ] || [ $(($2)) = $((subsystem)) ]\n"
	"}\n"
	"\n";

static const char choice[] =
	"\n"
	"fit=''\n"
	"if [ \"$device\" ]; then\n"
	"\tis_it \"${device##*/}\" || {\n"
	"\t\tset -- $(ids \"${device##*/}\")\n"
	"\t\techo \"$device is codec ${1:-unknown}, subsystem ${2:-unknown}, not\" \\\n"
	"\t\t\t\"$vendor with $subsystem\" >&2\n"
	"\t\texit 1\n"
	"\t}\n"
	"else\n"
	"\tfor d in /dev/snd/hwC*D*; do\n"
	"\t\tis_it \"${d##*/}\" || continue\n"
	"\t\tfit=\"$fit $d\"\n"
	"\t\tdevice=${device:-$d}\n"
	"\tdone\n"
	"\t[ \"$device\" ] || {\n"
	"\t\techo \"no codec $vendor with subsystem $subsystem in this machine\" >&2\n"
	"\t\texit 1\n"
	"\t}\n"
	"fi\n"
	"\n"
	"# If the list does not name the codec, the user must confirm it.\n"
	"case \"$any $vendor $subsystem\" in\n"
	"1* | *unknown*)\n"
	"\t[ \"$fit\" = '' ] || [ \"$fit\" = \" $device\" ] || {\n"
	"\t\techo \"several codecs may be the one: name its device\" >&2\n"
	"\t\tfor d in $fit; do\n"
	"\t\t\techo \"  $d is codec $(ids \"${d##*/}\")\" >&2\n"
	"\t\tdone\n"
	"\t\texit 1\n"
	"\t} ;;\n"
	"esac\n"
	"case \"$any$dry $vendor $subsystem\" in\n"
	"' '*unknown*)\n"
	"\tset -- $(ids \"${device##*/}\")\n"
	"\techo \"The verbs are for codec $vendor, subsystem $subsystem.\" >&2\n"
	"\techo \"$device is codec $1, subsystem $2.\" >&2\n"
	"\tif [ -t 0 ]; then\n"
	"\t\tprintf 'Send them to it? [y/N] ' >&2\n"
	"\t\tread -r reply || reply=''\n"
	"\telse\n"
	"\t\treply=''\n"
	"\tfi\n"
	"\tcase $reply in\n"
	"\t[yY] | [yY][eE][sS]) ;;\n"
	"\t*)\n"
	"\t\techo \"Nothing was sent. If they are for this codec: use --any-machine, or write\" >&2\n"
	"\t\techo \"its ids into $0: vendor=$1 subsystem=$2\" >&2\n"
	"\t\texit 1 ;;\n"
	"\tesac ;;\n"
	"esac\n";

static void add_id(struct buf *out, const char *name, uint32_t id)
{
	if (id)
		buf_addf(out, "%s=0x%08x\n", name, id);
	else
		buf_addf(out, "%s=unknown\n", name);
}

void fix_add_search(const struct verb_fix *f, struct buf *out)
{
	add_id(out, "vendor", f->vendor_id);
	add_id(out, "subsystem", f->subsystem_id);
	buf_addc(out, '\n');
	buf_adds(out, ids);
}

void fix_add_choice(struct buf *out)
{
	buf_adds(out, choice);
}

void fix_note_ids(const struct verb_fix *f, struct fix_notes *notes)
{
	if (!f->vendor_id || !f->subsystem_id)
		buf_addf(&notes->text, "the list does not say which %s it is for: the script asks before it "
			 "sends, unless --any-machine is given. With --vendor-id ID "
			 "--subsystem-id ID it knows\n", f->vendor_id ? "machine (subsystem id)" : "codec");
}

static const char arguments[] =
	"usage() {\n"
	"\techo \"usage: ${0##*/} [--dry-run] [--stay-awake] [--any-machine] [/dev/snd/hwC0D0]\" >&2\n"
	"\techo \"Without a device it looks for the codec by its ids.\" >&2\n"
	"\texit 2\n"
	"}\n"
	"\n"
	"dry='' awake='' any='' device=''\n"
	"for a in \"$@\"; do\n"
	"\tcase $a in\n"
	"\t--dry-run) dry=1 ;;\n"
	"\t--stay-awake) awake=1 ;;\n"
	"\t--any-machine) any=1 ;;\n"
	"\t/dev/*) device=$a ;;\n"
	"\t*) usage ;;\n"
	"\tesac\n"
	"done\n";

static const char sender[] =
	"\n"
	"[ \"$dry\" ] || command -v hda-verb >/dev/null || {\n"
	"\techo \"hda-verb is missing: it is in the package alsa-tools\" >&2\n"
	"\texit 1\n"
	"}\n"
	"\n"
	"# A sleeping codec loses its registers; this keeps it awake until the next boot.\n"
	"if [ \"$awake\" ] && [ ! \"$dry\" ]; then\n"
	"\techo on >\"/sys/class/sound/${device##*/}/device/power/control\" ||\n"
	"\t\techo \"cannot keep the codec awake\" >&2\n"
	"fi\n"
	"\n"
	"verb() {\n"
	"\tif [ \"$dry\" ]; then\n"
	"\t\techo \"hda-verb $device $*\"\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tanswer=$(hda-verb \"$device\" \"$@\" 2>&1) || {\n"
	"\t\techo \"hda-verb $device $*: $answer\" >&2\n"
	"\t\texit 1\n"
	"\t}\n"
	"\tcase $answer in\n"
	"\t*\"value = 0xffffffff\"*)\n"
	"\t\techo \"the codec does not answer hda-verb $*: stopped\" >&2\n"
	"\t\texit 1 ;;\n"
	"\tesac\n"
	"}\n";

struct err *fix_script(const struct verb_fix *f, const struct verb_fix_options *o, struct buf *out,
		       struct fix_notes *notes)
{
	buf_adds(out, "#!/bin/sh\n");
	fix_add_head(f, "# ", out);
	buf_addf(out, "#\n# %s.service runs it at each start, %s.sleep after each sleep.\n\n", o->name,
		 o->name);
	fix_add_search(f, out);
	buf_adds(out, arguments);
	fix_add_choice(out);
	buf_adds(out, sender);
	for (size_t i = 0; i < f->n; i++) {
		const struct verb_fix_step *s = &f->step[i];

		buf_adds(out, "\n# ");
		for (const char *c = s->mark; c && *c; c++) {
			buf_addc(out, (uint8_t)*c);
			if (*c == '\n' && c[1])
				buf_adds(out, "# ");
		}
		if (s->mark)
			buf_adds(out, "\n# ");
		fix_add_text(out, s->text, "\n");
		buf_addc(out, '\n');
		for (size_t k = 0; k < s->n; k++) {
			struct verb_parts v = verb_split(s->words[k]);

			if (v.nid > 0x7f)
				fix_loss(notes, "the kernel sends no verb to NID 0x%02x: one is left "
					 "out\n", v.nid);
			else
				buf_addf(out, "verb 0x%02x 0x%03x 0x%x\n", v.nid, v.id, v.payload);
		}
	}
	fix_note_ids(f, notes);
	if (fix_configs(f))
		buf_adds(&notes->text, "pin defaults are written to the codec, but the driver has read them "
			 "before: --as firmware gives them to the driver in time\n");
	return NULL;
}

struct err *fix_unit(const struct verb_fix *f, const struct verb_fix_options *o, struct buf *out,
		     struct fix_notes *notes)
{
	(void)notes;
	fix_add_head(f, "# ", out);
	buf_addf(out, "# To install:\n"
		 "#   install -m 755 %s /usr/local/sbin/%s\n"
		 "#   install -m 644 %s.service /etc/systemd/system/\n"
		 "#   install -m 755 %s.sleep /usr/lib/systemd/system-sleep/%s\n"
		 "#   systemctl enable --now %s.service\n",
		 o->name, o->name, o->name, o->name, o->name, o->name);
	if (!f->vendor_id || !f->subsystem_id)
		buf_addf(out, "# Its ids are unknown: write them into /usr/local/sbin/%s first, or it sends "
			 "nothing.\n", o->name);
	buf_adds(out, "[Unit]\n"
		 "Description=HD Audio verbs for codec ");
	fix_add_ids(f, out);
	buf_addf(out, "\n"
		 "After=sound.target alsa-restore.service\n"
		 "ConditionPathExistsGlob=/dev/snd/hwC*D*\n"
		 "\n"
		 "[Service]\n"
		 "Type=oneshot\n"
		 "RemainAfterExit=yes\n"
		 "ExecStart=/usr/local/sbin/%s --stay-awake\n"
		 "\n"
		 "[Install]\n"
		 "WantedBy=sound.target\n", o->name);
	return NULL;
}

struct err *fix_sleep_hook(const struct verb_fix *f, const struct verb_fix_options *o, struct buf *out,
			   struct fix_notes *notes)
{
	(void)notes;
	buf_adds(out, "#!/bin/sh\n");
	fix_add_head(f, "# ", out);
	buf_addf(out, "# systemd runs it as \"NAME pre|post suspend|hibernate|hybrid-sleep\".\n"
		 "[ \"$1\" = post ] || exit 0\n"
		 "# the driver needs some time to wake the codec\n"
		 "sleep 1\n"
		 "exec /usr/local/sbin/%s --stay-awake\n", o->name);
	return NULL;
}
