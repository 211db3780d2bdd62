// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump doctor: can this machine's codec be captured, and what is to be done next? */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "host/bind.h"
#include "host/machine.h"
#include "print/doctor.h"

static const char usage[] =
	"usage: hdadump doctor [OPTION...] [ADDRESS]\n"
	"\n"
	"Looks at this machine and says whether its HD Audio codec can be captured through\n"
	"a passed-through controller: first what would make it useless, then what is missing,\n"
	"and at the end what to type next. Without --bind or --unbind it only looks, and most\n"
	"of it needs no root.\n"
	"\n"
	"      --json           one JSON object, for bug reports: no names, no serial numbers\n"
	"      --record FILE    write what was looked at into FILE, the same way\n"
	"      --bind           give the controller to vfio-pci, for a guest; as root\n"
	"      --unbind         give it back to the driver that had it\n"
	"      --dry-run        with these two: only show what would be done\n"
	"      --group          take along what shares its IOMMU group\n"
	"      --busy           take the card from programs that use it\n"
	"      --root FILE      look at a recorded machine, or at a folder with its files\n"
	"\n"
	"ADDRESS is the controller's, such as 0000:00:1f.3, where there are several.\n"
	"\n"
	"Exit status: 0 nothing is in the way, 1 error, 2 usage, 3 something is in the way.\n";

struct options {
	const char *address, *root, *record;
	bool json, help, bind, unbind, dry_run;
	struct bind_options how;
};

static struct err *parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "record", required_argument, NULL, 'r' },
		{ "root", required_argument, NULL, 'R' },
		{ "bind", no_argument, NULL, 'b' },
		{ "unbind", no_argument, NULL, 'u' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "group", no_argument, NULL, 'g' },
		{ "busy", no_argument, NULL, 'B' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		switch (c) {
		case 'j':
			o->json = true;
			break;
		case 'r':
			o->record = optarg;
			break;
		case 'R':
			o->root = optarg;
			break;
		case 'b':
			o->bind = true;
			break;
		case 'u':
			o->unbind = true;
			break;
		case 'n':
			o->dry_run = true;
			break;
		case 'g':
			o->how.group = true;
			break;
		case 'B':
			o->how.busy = true;
			break;
		case 'h':
			o->help = true;
			return NULL;
		default:
			return err_new(ERR_USAGE, "see 'hdadump doctor --help'");
		}
	}
	if (argc - optind > 1)
		return err_new(ERR_USAGE, "one address at most; see 'hdadump doctor --help'");
	if (o->bind && o->unbind)
		return err_new(ERR_USAGE, "--bind or --unbind, not both");
	if ((o->dry_run || o->how.group || o->how.busy) && !o->bind && !o->unbind)
		return err_new(ERR_USAGE,
			       "--dry-run, --group and --busy go with --bind or --unbind");
	o->address = argv[optind];
	return NULL;
}

/* The record is looked through for private words as a whole, keys and all. */
static struct err *write_record(struct machine *m, const char *path, const struct private_identity *id)
{
	struct buf text = { 0 }, hidden = { 0 };
	struct err *e = machine_record_text(m, &text);

	if (e)
		goto out;
	private_add(&hidden, buf_str(&text), text.len, id);
	e = buf_err(&hidden);
	if (e)
		goto out;
	FILE *f = fopen(path, "wxe");
	if (!f) {
		e = err_sys(errno, "%s", path);
		goto out;
	}
	bool failed = fwrite(hidden.data, 1, hidden.len, f) != hidden.len;
	if (fclose(f) || failed)
		e = err_sys(errno, "%s", path);
	else
		log_note("%s holds what was looked at; read it before you send it to anybody",
			 path);
out:
	buf_deinit(&text);
	buf_deinit(&hidden);
	return e;
}

/* What is done is shown as a shell would do it, before it is done. */
static void say_step(void *arg, const struct bind_step *s, bool undo)
{
	struct buf text = { 0 };

	bind_step_text(s, undo, &text);
	if (text.len)
		printf("%s%s\n", undo ? "# undone: " : "", buf_str(&text));
	fflush(stdout);
	buf_deinit(&text);
}

static struct err *rebind(struct machine *m, const struct facts *f, const struct options *o)
{
	struct bind_plan *p = malloc(sizeof(*p));
	struct err *e = !p ? err_nomem() : o->bind ? bind_plan(f, &o->how, p) : unbind_plan(f, p);

	if (e)
		goto out;
	const char *address = f->controllers[f->chosen].pci.address;
	if (!p->n)
		log_note("%s: nothing to do, %s", address, o->bind ? "vfio-pci has it" :
			 "vfio-pci does not have it");
	for (unsigned int i = 0; o->dry_run && i < p->n; i++)
		say_step(NULL, &p->step[i], false);
	if (o->dry_run || !p->n)
		goto out;
	e = bind_run(m, p, say_step, NULL);
	if (!e && o->bind)
		log_note("%s is with vfio-pci; give it back with: hdadump doctor --unbind %s",
			 address, address);
	else if (!e)
		log_note("%s is given back", address);
out:
	free(p);
	return e;
}

int cmd_doctor(int argc, char **argv)
{
	struct options o = { 0 };
	struct diagnosis d = { 0 };
	struct machine *m = NULL;
	struct private_identity id = { 0 };
	struct facts *f = NULL;
	struct err *e = parse(argc, argv, &o);
	int status = 0;

	if (o.help) {
		fputs(usage, stdout);
		return 0;
	}
	if (!e)
		e = machine_open(o.root, &m);
	if (e)
		goto out;
	if (machine_is_live(m))
		identity_here(&id);
	if (o.record)
		machine_record(m);
	f = malloc(sizeof(*f));
	enum facts_what what = o.bind || o.unbind ? FACTS_DEVICES : FACTS_ALL;
	e = f ? facts_gather(m, o.address, what, f) : err_nomem();
	if (!e && (o.bind || o.unbind)) {
		e = rebind(m, f, &o);
		goto out;
	}
	if (!e)
		e = judge(f, &d);
	if (!e)
		e = o.json ? doctor_print_json(f, &d, &id) : doctor_print_text(f, &d);
	if (!e && o.record)
		e = write_record(m, o.record, &id);
	if (!e)
		status = d.state == VERDICT_USELESS || d.state == VERDICT_BLOCKED ? 3 : 0;
out:
	if (e && err_kind(e) == ERR_PIPE) {
		err_free(e);
	} else if (e) {
		status = err_kind(e) == ERR_USAGE ? 2 : 1;
		log_err(e);
	}
	diagnosis_deinit(&d);
	machine_destroy(m);
	free(f);
	return status;
}
