// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "dump/proc_print.h"
#include "dump/proc_read.h"
#include "proc_rig.h"
#include "sample_proc.h"

static void every_line_comes_back(void **state)
{
	(void)state;
	reads_as(sample_proc, sizeof(sample_proc) - 1, sample_proc);
	assert_int_equal(proc_list.n, 1);
	assert_int_equal(proc_list.nnotes, 0);
}

static void values_are_where_they_belong(void **state)
{
	(void)state;
	const struct codec_model *m;
	const struct model_node *n;

	read_text(sample_proc, sizeof(sample_proc) - 1);
	m = proc_list.v[0];
	assert_int_equal(m->cad, 3);
	assert_int_equal(m->afg, 1);
	assert_int_equal(m->mfg, 2);
	assert_int_equal(model_vendor_id(m), 0x111d76fe);
	n = m->node[0x0a];
	assert_int_equal(n->in.v[0].right.val, 2);
	assert_int_equal(n->reg[MREG_PIN_CTL].val, 0x24);
	assert_int_equal(n->reg[MREG_POWER].known, 0x7f0);
	assert_int_equal(n->reg[MREG_POWER].val, 0x530);
	assert_int_equal(n->reg[MREG_CONNECT_SEL].val, 0);
	assert_string_equal(n->controls[0].name, "Say \"x\", index=3, device=1");
	n = m->node[0x0c];
	assert_int_equal(n->reg[MREG_DIGI].val, 0x857fff & 0x857fff);
	assert_int_equal(n->reg[MREG_CONNECT_SEL].val, 1);
	n = m->node[0x0f];
	assert_int_equal(n->ndevs, 3);
	assert_int_equal(n->devs[1].bits.val, 4);
	assert_int_equal(n->devs[1].select.val, 1);
	assert_int_equal(model_coef(m->node[0x0b], 2)->val, 0x12345678);
}

static struct buf replaced(const char *text, const char *what, const char *by)
{
	struct buf b = { 0 };

	for (const char *p; (p = strstr(text, what)); text = p + strlen(what)) {
		buf_add(&b, text, (size_t)(p - text));
		buf_adds(&b, by);
	}
	buf_adds(&b, text);
	return b;
}

static void any_line_end(void **state)
{
	(void)state;
	static const char *const ends[] = { "\r\n", "\r", "\n\n", "\r\n\r\n" };

	for (unsigned int i = 0; i < 4; i++) {
		struct buf b = replaced(sample_proc, "\n", ends[i]);

		reads_as((char *)b.data, b.len, sample_proc);
		buf_deinit(&b);
	}
	/* mixed: a CR before every third LF */
	struct buf b = { 0 };
	unsigned int n = 0;

	for (const char *p = sample_proc; *p; p++) {
		if (*p == '\n' && n++ % 3 == 0)
			buf_addc(&b, '\r');
		buf_addc(&b, (uint8_t)*p);
	}
	reads_as((char *)b.data, b.len, sample_proc);
	buf_deinit(&b);
}

static void quoted_and_indented(void **state)
{
	(void)state;
	struct buf b = { 0 }, q = replaced(sample_proc, "\n", "\n> ");

	buf_adds(&b, "> ");
	buf_add(&b, q.data, q.len - 2);
	reads_as((char *)b.data, b.len, sample_proc);
	buf_deinit(&b);
	buf_deinit(&q);
	q = replaced(sample_proc, "\n ", "\n");
	reads_as((char *)q.data, q.len, sample_proc);
	buf_deinit(&q);
}

/* Breaks lines longer than @width, at a blank or, with @hard, anywhere; QP adds "=". */
static struct buf wrapped(const char *text, size_t width, bool hard, bool printable)
{
	struct buf b = { 0 };

	while (*text) {
		size_t n = strcspn(text, "\n"), cut = n;

		if (n > width) {
			cut = width;
			while (!hard && cut > 8 && text[cut] != ' ')
				cut--;
			if (!hard && cut <= 8)
				cut = n;
		}
		buf_add(&b, text, cut);
		text += cut;
		if (printable && cut < n)
			buf_addc(&b, '=');
		else if (!hard && cut < n)
			text++;
		buf_addc(&b, '\n');
		text += *text == '\n';
	}
	return b;
}

static void mail_wrapped(void **state)
{
	(void)state;
	/* from 64 columns on a line breaks in two, as mail programs break lines */
	for (size_t width = 40; width < 80; width++) {
		struct buf b = wrapped(sample_proc, width, false, false);

		reads_as((char *)b.data, b.len, sample_proc);
		buf_deinit(&b);
	}
	for (size_t width = 20; width < 80; width++) {
		struct buf b = wrapped(sample_proc, width, true, true);

		reads_as((char *)b.data, b.len, sample_proc);
		buf_deinit(&b);
	}
	struct buf e = replaced(sample_proc, "=", "=3D");
	struct buf b = wrapped((char *)buf_str(&e), 72, true, true);

	reads_as((char *)b.data, b.len, sample_proc);
	buf_deinit(&b);
	buf_deinit(&e);
}

/* All whole lines before the cut are read, wherever it is. */
static void cut_anywhere(void **state)
{
	(void)state;
	struct buf b = { 0 };

	for (size_t n = 0; n < sizeof(sample_proc) - 1; n++) {
		size_t whole = n;

		read_text(sample_proc, n);
		while (whole > 0 && sample_proc[whole - 1] != '\n')
			whole--;
		/* a heading without its first line has no value */
		if (whole >= 5 && memcmp(sample_proc + whole - 5, "PCM:\n", 5) == 0)
			for (whole--; sample_proc[whole - 1] != '\n'; whole--)
				;
		print_all(&b);
		if (b.len < whole || memcmp(b.data, sample_proc, whole) != 0)
			fail_msg("cut at %zu: %s", n, buf_str(&b));
		assert_true(proc_list.left <= 1);
	}
	/* and without the head: the whole widgets that are there */
	for (size_t n = 1; n < sizeof(sample_proc) - 1; n++) {
		const char *node = strstr(sample_proc + n - 1, "\nNode 0x");
		const char *nl = strchr(sample_proc + n, '\n');

		if (!node)
			break;
		(void)nl;
		read_text(sample_proc + n, sizeof(sample_proc) - 1 - n);
		print_all(&b);
		assert_non_null(strstr(buf_str(&b), strchr(node + 1, '\n')));
	}
	buf_deinit(&b);
}

static void glued_together(void **state)
{
	(void)state;
	struct buf b = { 0 }, out = { 0 };
	const size_t len = sizeof(sample_proc) - 1;

	/* two whole ones */
	buf_adds(&b, sample_proc);
	buf_adds(&b, sample_proc);
	reads_as(buf_str(&b), b.len, buf_str(&b));
	assert_int_equal(proc_list.n, 2);
	/* the first one cut anywhere, the second one after it in the same line */
	for (size_t n = 1; n < len; n++) {
		buf_clear(&b);
		buf_add(&b, sample_proc, n);
		buf_adds(&b, sample_proc);
		read_text(b.data, b.len);
		if (n > 7)
			assert_int_equal(proc_list.n, 2);
		proc_print(proc_list.v[proc_list.n - 1], &proc_list.v[proc_list.n - 1]->style, &out);
		assert_string_equal(buf_str(&out), sample_proc);
		buf_clear(&out);
	}
	buf_deinit(&b);
	buf_deinit(&out);
}

static void alsa_info_is_known(void **state)
{
	(void)state;
	struct buf b = { 0 }, want = { 0 };

	buf_adds(&b, "upload=true&script=true&cardinfo=\n!!################\n!!ALSA Information\n"
		     "Script v 0.5\nKernel Version: 6.1\n\n!!HDA-Intel Codec information\n"
		     "!!---------------------------\n--startcollapse--\n\n");
	buf_adds(&b, sample_proc);
	buf_adds(&b, "--endcollapse--\n--startcollapse--\n");
	buf_adds(&b, sample_proc);
	buf_adds(&b, "--endcollapse--\n\n\n!!ALSA configuration files\n!!----\n\n"
		     "Node 0x02 is no node here\npcm.!default { type hw }\n");
	buf_adds(&want, sample_proc);
	buf_adds(&want, sample_proc);
	reads_as((char *)b.data, b.len, buf_str(&want));
	assert_true(proc_list.alsa_info);
	assert_int_equal(proc_list.n, 2);
	assert_int_equal(proc_list.left, 0);
	buf_deinit(&b);
	buf_deinit(&want);
}

/* Each line that cannot be read gets a note with its number and the reason. */
static void what_is_left_is_named(void **state)
{
	(void)state;
	static const char text[] =
		"Hello,\n"
		"here is my codec:\n"
		"\n"
		"Codec: Realtek ALC1\n"
		"Address: 99\n"
		"Vendor Id: 0x1ffffffff\n"
		"State of AFG node 0x03:\n"
		"Node 0x02 [Audio Output] wcaps 0x1d: Stereo Amp-Out\n"
		"  Amp-Out vals:  [0x00 zero]\n"
		"  A line from the future: 1\n"
		"\n"
		"  Connection: 1\n"
		"     0x03 0x04\n"
		"Node 0x03 [Audio Output] wcaps 0x1d: Stereo Amp-Out\n"
		"     0x09\n"
		"Node 0x04 [Audio Input] wcaps 0x1d: Stereo Amp-Out\n"
		"Node 0x05 [Pin Complex] wcaps 0x400001: Stereo\n"
		"  Pin Default 0x00004010: [Jack] Speaker at Ext N/A\n";
	static const struct {
		enum model_note_kind kind;
		uint32_t line, last;
	} want[] = {
		{ NOTE_OUTSIDE, 1, 2 }, { NOTE_LEFT, 5, 5 }, { NOTE_LEFT, 6, 6 },
		{ NOTE_LEFT, 9, 9 }, { NOTE_LEFT, 10, 10 }, { NOTE_LEFT, 13, 13 },
		{ NOTE_LEFT, 14, 14 }, { NOTE_LEFT, 15, 15 }, { NOTE_DIFFERS, 16, 16 },
		{ NOTE_DIFFERS, 18, 18 },
	};

	read_text(text, sizeof(text) - 1);
	for (uint32_t i = 0; i < proc_list.nnotes; i++)
		print_message("%s %u-%u: %s\n", model_note_kind_name(proc_list.notes[i].kind),
			      proc_list.notes[i].line, proc_list.notes[i].last, proc_list.notes[i].why);
	assert_int_equal(proc_list.nnotes, sizeof(want) / sizeof(want[0]));
	for (uint32_t i = 0; i < proc_list.nnotes; i++) {
		assert_int_equal(proc_list.notes[i].kind, want[i].kind);
		assert_int_equal(proc_list.notes[i].line, want[i].line);
		assert_int_equal(proc_list.notes[i].last, want[i].last);
	}
	assert_int_equal(proc_list.n, 1);
}

/* The spellings of older kernels are read as the same values and printed as they were. */
static void older_kernels(void **state)
{
	(void)state;
	static const char old[] =
		"Codec: SigmaTel ID 7690\n"
		"Address: 0\n"
		"Function Id: 0x1\n"
		"Vendor Id: 0x83847690\n"
		"Subsystem Id: 0x1854\n"
		"Revision Id: 0x102201\n"
		"Default PCM: rates 0x7e0, bits 0x0e, types 0x1\n"
		"Default Amp-In caps: N/A\n"
		"Default Amp-Out caps: N/A\n"
		"Node 0x02 [Audio Output] wcaps 0xd0401: Stereo\n"
		"  PCM: rates 0x7e0, bits 0x0e, types 0x5\n"
		"  Power: 0x30\n"
		"Node 0x03 [Audio Mixer] wcaps 0x20010b: Stereo Amp-In\n"
		"  Amp-In caps: ofs=0x17, nsteps=0x1f, stepsize=0x05, mute=1\n"
		"  Amp-In vals: 0x97 0x17\n"
		"  Connection: -22\n"
		"Node 0x04 [Pin Complex] wcaps 0x400181: Stereo\n"
		"  Pincap 0x081003c: IN OUT HP\n"
		"  Pin Default 0x01014010: Line Out at Ext Rear\n"
		"    Conn = 1/8, Color = Green\n"
		"  EAPD: 0x2\n"
		"  Pin-ctls: 0x40: OUT\n"
		"Node 0x05 [Pin Complex] wcaps 0x400081: Stereo\n"
		"  Pincap 0x083f: IN OUT HP\n"
		"  Pin Default 0x01014010: Line Out at Ext Rear\n"
		"    Conn = 1/8, Color = Green\n"
		"  Pin-ctls: 0x40: OUT\n"
		"Node 0x20 [Vendor Defined Widget] wcaps 0xf00040: Mono\n"
		"  Processing caps: benign=0, ncoeff=17\n"
		"  Processing Coefficient: 0x6020\n"
		"  Coefficient Index: 0x09\n";
	struct buf b = { 0 };
	const struct codec_model *m;

	reads_as(old, sizeof(old) - 1, old);
	m = proc_list.v[0];
	assert_int_equal(m->node[4]->param[PARAM_PIN_CAP].val, 0x1003c);
	assert_int_equal(m->node[5]->param[PARAM_PIN_CAP].val, 0x3f);
	assert_int_equal(m->node[2]->param[PARAM_PCM].val, 0xe07e0);
	assert_int_equal(m->node[2]->param[PARAM_STREAM].val, 5);
	assert_int_equal(m->node[2]->reg[MREG_POWER].val, 0x30);
	assert_int_equal(m->node[3]->conns.len, -22);
	assert_int_equal(m->node[4]->reg[MREG_EAPD].val, 2);
	/* the same values in today's words */
	proc_print(m, NULL, &b);
	assert_non_null(strstr(buf_str(&b), "  Pincap 0x0001003c: IN OUT HP EAPD Detect\n"));
	assert_non_null(strstr(buf_str(&b), "  EAPD 0x2: EAPD\n"));
	assert_non_null(strstr(buf_str(&b), "  Power: setting=D0, actual=D3\n"));
	assert_non_null(strstr(buf_str(&b), "    formats [0x5]: PCM AC3\n"));
	buf_deinit(&b);
}

/* AudioDxe's HdaCodecDump: other words, capitals, decimal numbers. */
static void an_efi_dump(void **state)
{
	(void)state;
	static const char text[] =
		"\xef\xbb\xbfHdaCodecDump start\n"
		"Codec: Realtek ALC225\n"
		"AFG Function Id: 0x1 (unsol 1)\n"
		"Vendor ID: 0x10EC0225\n"
		"Revision ID: 0x100002\n"
		"Default PCM: N/A\n"
		"Default Amp-In caps: N/A\n"
		"Node 0x02 (2) [Audio Output] wcaps 0x41D: Stereo Amp-Out\n"
		"  Amp-Out vals: [0x57 0x57]\n"
		"Node 35 [Vendor Defined Widget] wcaps 0xF00100: Mono\n"
		"  Connection: 4\n"
		"     17 18* 36 37\n";
	static const char want[] =
		"Codec: Realtek ALC225\n"
		"AFG Function Id: 0x1 (unsol 1)\n"
		"Vendor Id: 0x10ec0225\n"
		"Revision Id: 0x100002\n"
		"Default PCM:\nN/A\n"
		"Default Amp-In caps: N/A\n"
		"Node 0x02 [Audio Output] wcaps 0x41d: Stereo Amp-Out\n"
		"  Amp-Out vals: [0x57 0x57]\n"
		"Node 0x23 [Vendor Defined Widget] wcaps 0xf00100: Mono\n"
		"  Connection: 4\n"
		"     0x11 0x12* 0x24 0x25\n";

	reads_as(text, sizeof(text) - 1, want);
	assert_int_equal(proc_list.n, 1);
}

/* Values on the line after their heading, with and without brackets; old device entries. */
static void values_on_the_next_line(void **state)
{
	(void)state;
	static const char text[] =
		"Codec: X\n"
		"Node 0x02 [Audio Mixer] wcaps 0x20010b: Stereo Amp-In\n"
		"  Amp-In vals:\n"
		"  0x00 0x01 0x80\n"
		"0x81\n"
		"  Connection: 2\n"
		"     0x03 0x04\n"
		"Node 0x05 [Pin Complex] wcaps 0x400781: Stereo Digital\n"
		"  Devices: 1\n"
		"    *Dev 00: PD = 0, ELDV = 0, IA = 0\n"
		"  Connection: 1\n     0x02\n";
	static const char want[] =
		"Codec: X\n"
		"Node 0x02 [Audio Mixer] wcaps 0x20010b: Stereo Amp-In\n"
		"  Amp-In vals: 0x00 0x01 0x80 0x81\n"
		"  Connection: 2\n"
		"     0x03 0x04\n"
		"Node 0x05 [Pin Complex] wcaps 0x400781: Stereo Digital\n"
		"  Devices: 1\n"
		"    *Dev 00: PD = 0, ELDV = 0, IA = 0\n"
		"  Connection: 1\n     0x02\n";

	reads_as(text, sizeof(text) - 1, want);
	assert_int_equal(proc_list.v[0]->node[2]->in.v[1].right.val, 0x81);
}

/* A codec with power states that the kernel has no name for. */
static void states_without_a_name(void **state)
{
	(void)state;
	static const char text[] =
		"Codec: X\n"
		"Vendor Id: 0x80860001\n"
		"Node 0x02 [Audio Output] wcaps 0x411: Stereo\n"
		"  Power states:  D0 D3cold (null) (null) EPSS\n"
		"  Power: setting=D0, actual=D0\n";

	reads_as(text, sizeof(text) - 1, text);
}

/* Six digits after 0x08 may be an old value or a new one: the words on the line decide. */
static void pincap_of_six_digits(void **state)
{
	(void)state;
	static const char head[] = "Codec: X\nVendor Id: 0x80860001\n"
				   "Node 0x04 [Pin Complex] wcaps 0x400381: Stereo Digital\n";
	struct buf b = { 0 };

	buf_adds(&b, head);
	buf_adds(&b, "  Pincap 0x08000094: OUT Detect HBR HDMI\n");
	reads_as((char *)b.data, b.len, buf_str(&b));
	assert_int_equal(proc_list.v[0]->node[4]->param[PARAM_PIN_CAP].val, 0x08000094);
	buf_clear(&b);
	buf_adds(&b, head);
	buf_adds(&b, "  Pincap 0x08100034: IN OUT Detect\n");
	reads_as((char *)b.data, b.len, buf_str(&b));
	assert_int_equal(proc_list.v[0]->node[4]->param[PARAM_PIN_CAP].val, 0x08100034);
	buf_clear(&b);
	buf_adds(&b, head);
	buf_adds(&b, "  Pincap 0x0834: IN OUT Detect\n  Pincap 0x08100034: IN OUT Detect\n");
	read_text(b.data, b.len);
	assert_int_equal(proc_list.v[0]->node[4]->param[PARAM_PIN_CAP].val, 0x100034);
	buf_deinit(&b);
}

/* A tree with loops, every NID, lists that lead nowhere: all of it is accepted. */
static void strange_trees(void **state)
{
	(void)state;
	struct buf b = { 0 };

	buf_adds(&b, "Codec: X\n");
	for (unsigned int nid = 2; nid < 256; nid++)
		buf_addf(&b, "Node 0x%02x [Audio Mixer] wcaps 0x200100: Mono\n"
			 "  Connection: 3\n     0x%02x 0x%02x 0xff00\n", nid, nid, 257 - nid);
	reads_as((char *)b.data, b.len, buf_str(&b));
	buf_clear(&b);
	buf_adds(&b, "Codec: X\nNode 0x100 [Audio Mixer] wcaps 0x200100: Mono\n"
		     "Node 0x00 [Audio Mixer] wcaps 0x200100: Mono\n");
	read_text(b.data, b.len);
	assert_int_equal(proc_list.left, 2);
	buf_clear(&b);
	buf_adds(&b, "Codec: X\nNode 0x02 [Audio Mixer] wcaps 0x20010b: Stereo Amp-In\n"
		     "  Amp-In vals: ");
	for (unsigned int i = 0; i < 300; i++)
		buf_adds(&b, " [0x00 0x00]");
	buf_adds(&b, "\n  Connection: 2000000000\n  Connection: 30000\n");
	for (unsigned int i = 0; i < 300; i++)
		buf_adds(&b, "     0x02 0x03\n");
	buf_adds(&b, "  Devices: 4000000000\n");
	read_text(b.data, b.len);
	assert_true(proc_list.left > 3);
	assert_int_equal(proc_list.v[0]->node[2]->conns.n, MODEL_MAX_CONNS);
	buf_deinit(&b);
}

static void nothing_acts_on_a_terminal(void **state)
{
	(void)state;
	static const char text[] = "Codec: \033[2Jevil\nNode 0x02 [Audio Mixer] wcaps 0x200000: Mono\n"
				   "  Control: name=\"\033]0;x\007\", index=0, device=0\n";
	struct buf b = { 0 };

	read_text(text, sizeof(text) - 1);
	print_all(&b);
	assert_null(strchr(buf_str(&b), '\033'));
	assert_non_null(strstr(buf_str(&b), "Codec: \\x1b[2Jevil\n"));
	buf_deinit(&b);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, proc_start, proc_stop)
	const struct CMUnitTest tests[] = {
		T(every_line_comes_back),
		T(values_are_where_they_belong),
		T(any_line_end),
		T(quoted_and_indented),
		T(mail_wrapped),
		T(cut_anywhere),
		T(glued_together),
		T(alsa_info_is_known),
		T(what_is_left_is_named),
		T(older_kernels),
		T(an_efi_dump),
		T(values_on_the_next_line),
		T(states_without_a_name),
		T(pincap_of_six_digits),
		T(strange_trees),
		T(nothing_acts_on_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
