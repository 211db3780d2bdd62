// SPDX-License-Identifier: GPL-2.0-or-later
/* hdadump doctor: can this machine's codec be captured, and what is the next step? */
#include <stddef.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/shared_options.h"
#include "host/bind.h"
#include "host/machine.h"
#include "host/private.h"
#include "print/doctor.h"

struct doctor_args {
	const char *controller, *root, *record;
	enum answer_form form;
	bool bind, unbind, dry_run;
	struct bind_options how;
};

static const struct option_row rows[] = {
	{ .name = "controller", .arg = "NAME", .take = option_text,
	  .at = offsetof(struct doctor_args, controller),
	  .help = "the controller at this PCI address, such as 0000:00:1f.3, or 1f.3, where there are "
		  "several" },
	{ .name = "record", .arg = "FILE", .take = option_text, .at = offsetof(struct doctor_args, record),
	  .help = "write what was read into FILE, without names and serial numbers" },
	{ .name = "root", .arg = "FILE", .take = option_text, .at = offsetof(struct doctor_args, root),
	  .help = "look at a recorded machine, or at a folder with its files" },
	{ 0 }
};

static const struct option_row bind_rows[] = {
	{ .name = "bind", .take = option_flag, .at = offsetof(struct doctor_args, bind),
	  .help = "give the controller to vfio-pci, for a guest; as root" },
	{ .name = "unbind", .take = option_flag, .at = offsetof(struct doctor_args, unbind),
	  .help = "give it back to the driver that had it" },
	{ .name = "dry-run", .take = option_flag, .at = offsetof(struct doctor_args, dry_run),
	  .help = "only show what would be done" },
	{ .name = "group", .take = option_flag, .at = offsetof(struct doctor_args, how.group),
	  .help = "bind also the devices that share its IOMMU group" },
	{ .name = "busy", .take = option_flag, .at = offsetof(struct doctor_args, how.busy),
	  .help = "bind it although programs use the card" },
	{ 0 }
};

static struct err *check(const struct doctor_args *o)
{
	if (o->bind && o->unbind)
		return err_new(ERR_USAGE, "--bind or --unbind, not both");
	if ((o->dry_run || o->how.group || o->how.busy) && !o->bind && !o->unbind)
		return err_new(ERR_USAGE, "--dry-run, --group and --busy go with --bind or --unbind");
	return NULL;
}

static struct err *rebind(struct machine *m, const struct facts *f, const struct doctor_args *o)
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
		doctor_print_step(NULL, &p->step[i], false);
	if (o->dry_run || !p->n)
		goto out;
	e = bind_run(m, p, doctor_print_step, NULL);
	if (!e && o->bind)
		log_note("%s is bound to vfio-pci; undo it with: hdadump doctor --unbind --controller %s",
			 address, address);
	else if (!e)
		log_note("%s is given back", address);
out:
	free(p);
	return e;
}

static int run(void *options, int argc, char **argv)
{
	struct doctor_args *o = options;
	enum facts_what what = o->bind || o->unbind ? FACTS_DEVICES : FACTS_ALL;
	struct diagnosis d = { 0 };
	struct machine *m = NULL;
	struct private_identity id = { 0 };
	struct facts *f = NULL;
	bool blocked = false;
	struct err *e = check(o);

	(void)argc;
	(void)argv;
	if (!e)
		e = machine_open(o->root, &m);
	if (e)
		goto out;
	if (machine_is_live(m))
		identity_here(&id);
	if (o->record)
		machine_record(m);
	f = malloc(sizeof(*f));
	e = f ? facts_gather(m, o->controller, what, f) : err_nomem();
	if (!e && (o->bind || o->unbind)) {
		e = rebind(m, f, o);
		goto out;
	}
	if (!e)
		e = judge(f, &d);
	if (!e)
		e = o->form == ANSWER_JSON ? doctor_print_json(f, &d, &id) : doctor_print_text(f, &d);
	if (!e && o->record)
		e = record_write(m, o->record, &id);
	if (!e && o->record)
		log_note("%s contains what was read; check it before you send it to other people",
			 o->record);
	blocked = d.state == VERDICT_USELESS || d.state == VERDICT_BLOCKED;
out:
	machine_destroy(m);
	free(f);
	diagnosis_deinit(&d);
	return exit_status(e, blocked);
}

const struct command cmd_doctor = {
	.name = "doctor", .brief = "see whether this machine's codec can be captured, and what to do",
	.usage = (const char *const[]){ "[OPTION...]", NULL },
	.about = "Looks at this machine and says whether its HD Audio codec can be captured through a "
		 "passed-through controller: first what would make it useless, then what is missing, and at "
		 "the end what to type next. Without --bind or --unbind it only looks, and most of it needs no "
		 "root.",
	.groups = (const struct option_group[]){
		{ NULL, rows, 0 },
		{ NULL, format_rows, offsetof(struct doctor_args, form) },
		{ "Giving the controller to a guest", bind_rows, 0 },
		{ 0 } },
	.end = "Exit status: 0 a capture is possible, 1 error, 2 usage, 3 something must be fixed first.",
	.size = sizeof(struct doctor_args), .run = run,
};
