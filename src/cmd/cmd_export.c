// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump export: the verbs of a list in the words of whoever is to send them. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/log.h"
#include "base/output_file.h"
#include "base/reader.h"
#include "cmd/cmd.h"
#include "cmd/common.h"
#include "export/fixlist.h"
#include "flow/pipeline.h"
#include "print/plan_text.h"

static const char usage[] =
	"usage: hdadump export --to FORM [OPTION...] LIST -o OUT\n"
	"\n"
	"Writes what LIST (of hdadump reduce or bisect, or any input with verbs) sends to a\n"
	"codec in a form that something else reads:\n"
	"\n"
	"  hda-verb    a shell script for alsa-tools that looks for the codec by its ids, with\n"
	"              OUT.service and OUT.sleep for systemd\n"
	"  kernel      a patch for the kernel's Realtek driver, with --kernel-source\n"
	"  firmware    the file that snd-hda-intel loads with patch=OUT\n"
	"  init_verbs  a shell script that gives them to the running driver through sysfs\n"
	"  applealc    an entry for AppleALC's PinConfigs\n"
	"  openbsd     a C function for azalia(4)\n"
	"  csv, json   a verb a line, an object\n"
	"  sqlite      a database\n"
	"\n"
	"  -o, --output OUT       the file to write; - is standard output (not sqlite)\n"
	"  -f, --force            replace what exists (never LIST)\n"
	"      --name NAME        what the fix is called: of OUT's name by default\n"
	"      --machine TEXT     the machine's name, for the quirk and the message\n"
	"      --author TEXT      \"Name <address>\", for the patch\n"
	"      --kernel-source D  the top of the kernel's source\n"
	"      --codec 0xID       the codec's vendor id, where LIST does not say it\n"
	"      --subsystem 0xID   the same of the machine's subsystem id\n"
	"      --layout N         AppleALC's layout id; default 99\n"
	"      --address N        the codec at this address\n"
	"      --device NAME      the controller of this name\n"
	"\n"
	"What a form cannot carry is said. Exit status: 0, 1 error, 2 usage, 3 something of\n"
	"LIST is not in OUT, or LIST itself has losses.\n";

enum { FORM_SCRIPT, FORM_SQLITE = 9 };

static const struct form {
	const char *name;
	fix_exporter *write;
	mode_t mode;
} forms[] = {
	[FORM_SCRIPT] = { "hda-verb", fix_script, 0777 },
	{ "kernel", fix_kernel, 0666 },
	{ "firmware", fix_firmware, 0666 },
	{ "init_verbs", fix_init_verbs, 0777 },
	{ "init-verbs", fix_init_verbs, 0777 },
	{ "applealc", fix_applealc, 0666 },
	{ "openbsd", fix_openbsd, 0666 },
	{ "csv", fix_csv, 0666 },
	{ "json", fix_json, 0666 },
	[FORM_SQLITE] = { "sqlite", NULL, 0666 },
};

struct export {
	const struct form *form;
	const char *list, *out, *device;
	struct verb_fix_options fix;
	char name[64];
	uint32_t vendor_id, subsystem_id;
	int address;
	bool force;
	bool losses;
};

/* "/tmp/My Fix.sh" is called my-fix. */
static void name_of(const char *path, char name[64])
{
	const char *base = strrchr(path, '/');
	size_t n = 0;

	base = base ? base + 1 : path;
	for (; *base && n < 48; base++) {
		bool fits = isalnum((unsigned char)*base);

		if (*base == '.' && n)
			break;
		if (fits || (n && name[n - 1] != '-'))
			name[n++] = fits ? (char)tolower((unsigned char)*base) : '-';
	}
	while (n && name[n - 1] == '-')
		n--;
	name[n] = '\0';
	if (!n)
		strcpy(name, "hda-fix");
}

/* A note a line; those that begin with ! tell of a loss. */
static void tell(const struct export *x, struct buf *notes, bool *losses)
{
	struct reader r = reader_make(notes->data, notes->len), line;

	while (reader_line(&r, &line)) {
		bool loss = reader_lit(&line, "!");

		*losses |= loss;
		log_note("%s: %.*s", x->form->name, (int)reader_left(&line), (const char *)line.p);
	}
}

static struct err *write_buf(int fd, const struct buf *b)
{
	for (size_t at = 0; at < b->len;) {
		ssize_t n = write(fd, b->data + at, b->len - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(errno, "write");
		at += (size_t)n;
	}
	return NULL;
}

static struct err *write_one(struct export *x, const struct verb_fix *f, const char *path, mode_t mode,
			     fix_exporter *writer)
{
	char *const inputs[] = { (char *)x->list };
	struct output out = { .fd = -1 };
	struct buf text = { 0 }, notes = { 0 };
	struct err *e = writer(f, &x->fix, &text, &notes);

	if (!e)
		e = buf_err(&text);
	if (!e)
		e = output_create(path, x->force, inputs, 1, mode, &out);
	if (!e)
		e = err_wrap(write_buf(out.fd, &text), "%s", path);
	if (!e)
		e = output_finish(&out);
	if (!e)
		tell(x, &notes, &x->losses);
	output_deinit(&out);
	buf_deinit(&text);
	buf_deinit(&notes);
	return e;
}

static struct err *write_beside(struct export *x, const struct verb_fix *f, const char *suffix,
				mode_t mode, fix_exporter *writer)
{
	struct buf path = { 0 };
	struct err *e;

	buf_adds(&path, x->out);
	buf_adds(&path, suffix);
	e = buf_err(&path);
	if (!e)
		e = write_one(x, f, buf_str(&path), mode, writer);
	buf_deinit(&path);
	return e;
}

static struct err *write_sqlite(struct export *x, const struct verb_fix *f)
{
	char *const inputs[] = { (char *)x->list };
	struct output out = { .fd = -1 };
	struct err *e;

	if (strcmp(x->out, "-") == 0)
		return err_new(ERR_USAGE, "a database is not written to standard output");
	e = output_create(x->out, x->force, inputs, 1, 0666, &out);
	if (!e && !out.beside)
		e = err_new(ERR_FAIL, "%s is no regular file", x->out);
	if (!e)
		e = fix_sqlite(f, out.beside);
	if (!e)
		e = output_finish(&out);
	output_deinit(&out);
	return e;
}

static struct err *write_all(struct export *x, const struct verb_fix *f)
{
	struct err *e;

	if (!x->form->write)
		return write_sqlite(x, f);
	e = write_one(x, f, x->out, x->form->mode, x->form->write);
	if (e || x->form->write != fix_script || strcmp(x->out, "-") == 0)
		return e;
	e = write_beside(x, f, ".service", 0666, fix_unit);
	return e ? e : write_beside(x, f, ".sleep", 0777, fix_sleep_hook);
}

static struct err *parse_form(const char *name, const struct form **form)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (strcmp(name, forms[i].name) == 0) {
			*form = &forms[i];
			return NULL;
		}
	}
	return err_new(ERR_USAGE, "--to %s: hda-verb, kernel, firmware, init_verbs, applealc, openbsd, "
		       "csv, json or sqlite", name);
}

static struct err *parse_number(const char *option, const char *text, uint64_t max, uint64_t *v)
{
	struct reader r = reader_make(text, strlen(text));

	if (!reader_num(&r, v) || reader_left(&r) || *v > max)
		return err_new(ERR_USAGE, "--%s %s: not a number that it can be", option, text);
	return NULL;
}

static struct err *take(int opt, struct export *x)
{
	uint64_t v = 0;
	struct err *e = NULL;

	switch (opt) {
	case 'o':
		x->out = optarg;
		break;
	case 'f':
		x->force = true;
		break;
	case 'T':
		return parse_form(optarg, &x->form);
	case 'N':
		name_of(optarg, x->name);
		break;
	case 'M':
		x->fix.machine = optarg;
		break;
	case 'A':
		x->fix.author = optarg;
		break;
	case 'K':
		x->fix.kernel = optarg;
		break;
	case 'C':
		e = parse_number("codec", optarg, UINT32_MAX, &v);
		x->vendor_id = (uint32_t)v;
		break;
	case 'S':
		e = parse_number("subsystem", optarg, UINT32_MAX, &v);
		x->subsystem_id = (uint32_t)v;
		break;
	case 'L':
		e = parse_number("layout", optarg, UINT32_MAX, &v);
		x->fix.layout = (uint32_t)v;
		break;
	case 'a':
		return parse_cad(optarg, &x->address);
	case 'D':
		x->device = optarg;
		break;
	default:
		return err_new(ERR_USAGE, "see 'hdadump export --help'");
	}
	return e;
}

static struct err *check(struct export *x)
{
	if (!x->form || !x->out)
		return err_new(ERR_USAGE, "export takes --to FORM, one list, and -o; see 'hdadump export "
			       "--help'");
	if (!x->name[0])
		name_of(x->fix.machine ? x->fix.machine :
			strcmp(x->out, "-") ? x->out : x->list, x->name);
	x->fix.name = x->name;
	return NULL;
}

static void report(const struct export *x, const struct fixlist *l)
{
	struct buf ids = { 0 };

	if (l->elsewhere)
		log_note("%zu step%s for other codecs left out: choose theirs with --address",
			 l->elsewhere, l->elsewhere == 1 ? " is" : "s are");
	if (l->relative)
		log_note("%zu step%s to a coefficient whose index the list does not say: half of a pair, which "
			 "lands anywhere", l->relative, l->relative == 1 ? " writes" : "s write");
	if (stats_losses(&l->in.stats))
		log_note("%s has losses: something may be missing; see hdadump info", x->list);
	if (l->wordless)
		log_note("%zu reset%s of the link left out: no verb does it", l->wordless,
			 l->wordless == 1 ? " is" : "s are");
	if (strcmp(x->out, "-") != 0) {
		fix_add_ids(&l->fix, &ids);
		log_note("%s: %zu verb%s in %zu step%s, for codec %s", x->out, fix_verbs(&l->fix),
			 fix_verbs(&l->fix) == 1 ? "" : "s", l->fix.n, l->fix.n == 1 ? "" : "s",
			 buf_str(&ids));
		buf_deinit(&ids);
	}
}

int cmd_export(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "force", no_argument, NULL, 'f' },
		{ "to", required_argument, NULL, 'T' },
		{ "name", required_argument, NULL, 'N' },
		{ "machine", required_argument, NULL, 'M' },
		{ "author", required_argument, NULL, 'A' },
		{ "kernel-source", required_argument, NULL, 'K' },
		{ "codec", required_argument, NULL, 'C' },
		{ "subsystem", required_argument, NULL, 'S' },
		{ "layout", required_argument, NULL, 'L' },
		{ "address", required_argument, NULL, 'a' },
		{ "device", required_argument, NULL, 'D' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct export x = { .address = -1, .fix = { .layout = 99 } };
	struct pipeline p = { 0 };
	struct fixlist l = { 0 };
	struct err *e = NULL;
	int opt;

	optind = 1;
	while (!e && (opt = getopt_long(argc, argv, "o:fh", longs, NULL)) != -1) {
		if (opt == 'h') {
			fputs(usage, stdout);
			return 0;
		}
		e = take(opt, &x);
	}
	if (!e && argc - optind != 1)
		e = err_new(ERR_USAGE, "export takes one list; see 'hdadump export --help'");
	if (!e) {
		x.list = argv[optind];
		e = check(&x);
	}
	if (!e)
		e = fixlist_load(x.list, x.device, x.address, x.vendor_id, x.subsystem_id, &l);
	if (!e)
		e = write_all(&x, &l.fix);
	if (!e)
		report(&x, &l);
	p.stats = l.in.stats;
	bool losses = x.losses || l.elsewhere || l.wordless;

	fixlist_deinit(&l);
	int status = exit_status(e, &p);

	return status == 0 && losses ? 3 : status;
}
