// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For other systems.
 *
 * AppleALC: ConfigData of an Info.plist consists of verb words, big-endian, in base64, with
 * the codec's own address. OpenBSD: sys/dev/pci/azalia_codec.c has such sequences as arrays
 * of NID, verb and parameter for azalia_comresp().
 */
#include <nettle/base64.h>

#include "base/bits.h"
#include "base/err.h"
#include "codec/decode.h"
#include "export/exporter.h"

static void add_base64(struct buf *b, const uint8_t *p, size_t n, const char *lead)
{
	for (size_t i = 0, part; i < n; i += part) {
		char line[BASE64_ENCODE_RAW_LENGTH(48)];

		part = n - i < 48 ? n - i : 48;
		base64_encode_raw(line, part, p + i);
		buf_addf(b, "%s%.*s\n", lead, (int)BASE64_ENCODE_RAW_LENGTH(part), line);
	}
}

static void add_xml(struct buf *b, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<':
			buf_adds(b, "&lt;");
			break;
		case '>':
			buf_adds(b, "&gt;");
			break;
		case '&':
			buf_adds(b, "&amp;");
			break;
		default:
			buf_addc(b, (uint8_t)*text);
			break;
		}
	}
}

struct err *fix_applealc(const struct verb_fix *f, const struct verb_fix_options *o, struct buf *out,
			 struct fix_notes *notes)
{
	struct buf words = { 0 };
	struct err *e;

	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; k < f->step[i].n; k++)
			for (int byte = 3; byte >= 0; byte--)
				buf_addc(&words, (uint8_t)(f->step[i].words[k] >> byte * 8));
	e = buf_err(&words);
	if (!e) {
		buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			 "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
			 "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
			 "<plist version=\"1.0\">\n"
			 "<!-- An entry of HDAConfigDefault in AppleALC's PinConfigs Info.plist -->\n"
			 "<dict>\n"
			 "\t<key>AFGLowPowerState</key>\n"
			 "\t<data>AwAAAA==</data>\n"
			 "\t<key>Codec</key>\n"
			 "\t<string>");
		add_xml(out, o->machine ? o->machine : o->name);
		if (f->from) {
			buf_adds(out, ", from ");
			add_xml(out, f->from);
		}
		buf_addf(out, "</string>\n"
			 "\t<key>CodecID</key>\n"
			 "\t<integer>%u</integer>\n"
			 "\t<key>ConfigData</key>\n"
			 "\t<data>\n", f->vendor_id);
		add_base64(out, words.data, words.len, "\t");
		buf_addf(out, "\t</data>\n"
			 "\t<key>FuncGroup</key>\n"
			 "\t<integer>1</integer>\n"
			 "\t<key>LayoutID</key>\n"
			 "\t<integer>%u</integer>\n"
			 "\t<key>WakeConfigData</key>\n"
			 "\t<data>\n", o->layout);
		add_base64(out, words.data, words.len, "\t");
		buf_adds(out, "\t</data>\n"
			 "\t<key>WakeVerbReinit</key>\n"
			 "\t<true/>\n"
			 "</dict>\n"
			 "</plist>\n");
		buf_adds(&notes->text, "macOS takes the routes of sound (layout and platform files) from "
			 "elsewhere: this is only ConfigData and WakeConfigData\n");
		if (!f->vendor_id)
			buf_adds(&notes->text, "the list does not say which codec it is for: CodecID is 0\n");
		buf_adds(&notes->text, "the subsystem id has no place in it: the layout id chooses the "
			 "machine\n");
	}
	buf_deinit(&words);
	return e;
}

struct err *fix_openbsd(const struct verb_fix *f, const struct verb_fix_options *o, struct buf *out,
			struct fix_notes *notes)
{
	struct buf id = { 0 };
	struct err *e;

	for (const char *p = o->name; *p; p++)
		buf_addc(&id, *p == '-' ? '_' : (uint8_t)*p);
	e = buf_err(&id);
	if (e)
		goto out;
	buf_adds(out, "/*\n");
	fix_add_head(f, " * ", out);
	buf_addf(out, " *\n"
		 " * For sys/dev/pci/azalia_codec.c: call it where a quirk of this codec and machine\n"
		 " * is set, from azalia_codec_init_vtbl()'s callers and azalia_resume_codec().\n"
		 " */\n"
		 "void\n"
		 "azalia_codec_init_%s(codec_t *this)\n"
		 "{\n"
		 "\tstatic const uint16_t verbs[][3] = {\n", buf_str(&id));
	for (size_t i = 0; i < f->n; i++) {
		const struct verb_fix_step *s = &f->step[i];

		buf_adds(out, "\t\t/* ");
		fix_add_text(out, s->text, "\n*");
		buf_adds(out, " */\n");
		for (size_t k = 0; k < s->n; k++) {
			struct verb_parts v = verb_split(s->words[k]);

			buf_addf(out, "\t\t{ 0x%02x, 0x%03x, 0x%04x },\n", v.nid, v.id, v.payload);
		}
	}
	buf_adds(out, "\t};\n"
		 "\tuint32_t result;\n"
		 "\tint i, err;\n"
		 "\n");
	if (f->vendor_id)
		buf_addf(out, "\tif (this->vid != 0x%08x)\n\t\treturn;\n", f->vendor_id);
	if (f->pci_subsystem)
		/* in the form of pci_conf_read(PCI_SUBSYS_ID_REG): device 31:16, vendor 15:0 */
		buf_addf(out, "\tif (this->subid != 0x%08x)\n\t\treturn;\n",
			 f->pci_subsystem << 16 | f->pci_subsystem >> 16);
	buf_adds(out, "\tfor (i = 0; i < nitems(verbs); i++) {\n"
		 "\t\terr = azalia_comresp(this, verbs[i][0], verbs[i][1],\n"
		 "\t\t    verbs[i][2], &result);\n"
		 "\t\tif (err)\n"
		 "\t\t\treturn;\n"
		 "\t}\n"
		 "}\n");
	if (!f->pci_subsystem)
		buf_adds(&notes->text, "azalia knows machines by the controller's PCI subsystem id, which the "
			 "list does not have: add it to the condition\n");
out:
	buf_deinit(&id);
	return e;
}
