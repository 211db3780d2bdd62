// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/bind.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"

#define DEVICES "/sys/bus/pci/devices"
#define DRIVERS "/sys/bus/pci/drivers"
#define VFIO "vfio-pci"

/* --- the plan --------------------------------------------------------------- */

static struct bind_step *add(struct bind_plan *p, enum bind_step_kind kind, const char *value)
{
	struct bind_step *s = &p->step[p->n++];

	*s = (struct bind_step){ .kind = kind };
	text_cut(s->value, sizeof(s->value), "%s", value);
	return s;
}

static struct bind_step *add_write(struct bind_plan *p, const char *value, const char *fmt,
				   const char *name)
{
	struct bind_step *s = add(p, STEP_WRITE, value);

	text_cut(s->path, sizeof(s->path), fmt, name);
	return s;
}

static void add_undo(struct bind_step *s, const char *value, const char *path)
{
	text_cut(s->undo_path, sizeof(s->undo_path), "%s", path);
	text_cut(s->undo_value, sizeof(s->undo_value), "%s", value);
}

static void add_check(struct bind_plan *p, const char *address, const char *driver)
{
	struct bind_step *s = add(p, STEP_CHECK, driver);

	text_cut(s->path, sizeof(s->path), "%s", address);
}

static void to_vfio(struct bind_plan *p, const struct pci *dev)
{
	char path[128];
	struct bind_step *s = add_write(p, VFIO, DEVICES "/%s/driver_override", dev->address);

	add_undo(s, "", s->path);
	if (*dev->driver) {
		s = add_write(p, dev->address, DRIVERS "/%s/unbind", dev->driver);
		text_cut(path, sizeof(path), DRIVERS "/%s/bind", dev->driver);
		add_undo(s, dev->address, path);
	}
	s = add_write(p, dev->address, "/sys/bus/pci/drivers_probe%s", "");
	add_undo(s, dev->address, DRIVERS "/" VFIO "/unbind");
	add_check(p, dev->address, VFIO);
}

static void from_vfio(struct bind_plan *p, const struct pci *dev)
{
	char path[128];
	struct bind_step *s = add_write(p, "", DEVICES "/%s/driver_override", dev->address);

	add_undo(s, VFIO, s->path);
	s = add_write(p, dev->address, DRIVERS "/%s/unbind", VFIO);
	text_cut(path, sizeof(path), DRIVERS "/%s/bind", VFIO);
	add_undo(s, dev->address, path);
	add_write(p, dev->address, "/sys/bus/pci/drivers_probe%s", "");
	add_check(p, dev->address, "");
}

static struct err *chosen(const struct facts *f, const struct controller **c)
{
	if (f->chosen < 0)
		return err_new(ERR_FAIL, "this machine has no audio controller on PCI");
	*c = &f->controllers[f->chosen];
	if (!f->root)
		return err_new(ERR_FAIL, "only root can give devices to other drivers: use sudo");
	if ((*c)->group < 0)
		return err_new(ERR_FAIL,
			       "%s is in no IOMMU group: %s; see 'hdadump doctor'",
			       (*c)->pci.address,
			       f->groups ? "it cannot be given to a guest" : "the IOMMU is off");
	return NULL;
}

/* True if the device in use belongs to card @card: controlC1, pcmC1D0p, hwC1D0. */
static bool of_card(const struct user *u, int card)
{
	char part[24];
	const char *name = strrchr(u->device, '/'), *at;

	text_cut(part, sizeof(part), "C%d", card);
	at = name && card >= 0 && strncmp(u->device, "/dev/snd/", 9) == 0 ? strstr(name, part)
									  : NULL;
	return at && !(at[strlen(part)] >= '0' && at[strlen(part)] <= '9');
}

static bool of_group(const struct user *u, int group)
{
	char node[32];

	text_cut(node, sizeof(node), "/dev/vfio/%d", group);
	return strcmp(u->device, node) == 0;
}

/* "pipewire (1523), wireplumber (1524)". */
static void add_user(struct buf *b, const struct user *u)
{
	char one[100];

	text_cut(one, sizeof(one), "%s (%u)", u->name, u->pid);
	if (!strstr(buf_str(b), one))
		buf_addf(b, "%s%s", b->len ? ", " : "", one);
}

static struct err *check_users(const struct facts *f, const struct controller *c)
{
	struct buf who = { 0 };
	struct err *e = NULL;

	for (unsigned int i = 0; i < f->n_users; i++) {
		bool uses = of_card(&f->users[i], c->card);

		/* another audio device of the group leaves its driver too */
		for (unsigned int k = 0; k < f->n_controllers && !uses; k++)
			uses = f->controllers[k].group == c->group &&
			       of_card(&f->users[i], f->controllers[k].card);
		if (uses)
			add_user(&who, &f->users[i]);
	}
	if (who.len)
		e = err_new(ERR_FAIL,
			    "in use by %s: end them first (for PipeWire: systemctl --user stop "
			    "pipewire.socket pipewire wireplumber), or use --busy to take it from "
			    "them",
			    buf_str(&who));
	buf_deinit(&who);
	return e;
}

static struct err *check_group(const struct controller *c, const struct bind_options *o)
{
	struct buf vital = { 0 }, small = { 0 };
	struct err *e = NULL;

	for (unsigned int i = 0; i < c->n_mates; i++) {
		const struct mate *mate = &c->mates[i];
		struct buf *b = mate->kind == MATE_VITAL ? &vital :
				mate->kind == MATE_SMALL ? &small : NULL;

		if (b)
			buf_addf(b, "%s%s (%s)", b->len ? ", " : "", mate->pci.address,
				 mate->pci.driver);
	}
	if (c->hidden_mates)
		e = err_new(ERR_FAIL, "IOMMU group %d has members that cannot be read",
			    c->group);
	else if (vital.len)
		e = err_new(ERR_FAIL,
			    "IOMMU group %d also holds %s: screen, disk, network or USB, which "
			    "this machine needs; hdadump doctor says what can be done",
			    c->group, buf_str(&vital));
	else if (small.len && !o->group)
		e = err_new(ERR_FAIL,
			    "IOMMU group %d also holds %s; use --group to give these to the "
				    "guest too",
			    c->group, buf_str(&small));
	buf_deinit(&vital);
	buf_deinit(&small);
	return e;
}

struct err *bind_plan(const struct facts *f, const struct bind_options *o, struct bind_plan *p)
{
	const struct controller *c;
	struct err *e = chosen(f, &c);

	*p = (struct bind_plan){ 0 };
	if (!e)
		e = check_group(c, o);
	if (!e && !o->busy)
		e = check_users(f, c);
	if (e)
		return e;
	if (!f->vfio_module)
		add(p, STEP_LOAD, VFIO);
	for (unsigned int i = 0; i < c->n_mates; i++)
		if (c->mates[i].kind == MATE_SMALL)
			to_vfio(p, &c->mates[i].pci);
	if (strcmp(c->pci.driver, VFIO) != 0)
		to_vfio(p, &c->pci);
	else
		/* bound to vfio-pci already, so the rest of its group was checked before */
		p->n = 0;
	return NULL;
}

struct err *unbind_plan(const struct facts *f, struct bind_plan *p)
{
	const struct controller *c;
	struct buf who = { 0 };
	struct err *e = chosen(f, &c);

	*p = (struct bind_plan){ 0 };
	if (e)
		return e;
	for (unsigned int i = 0; i < f->n_users; i++)
		if (of_group(&f->users[i], c->group))
			add_user(&who, &f->users[i]);
	if (who.len)
		e = err_new(ERR_FAIL, "%s still uses the device: end the guest first",
			    buf_str(&who));
	buf_deinit(&who);
	if (e)
		return e;
	if (strcmp(c->pci.driver, VFIO) == 0)
		from_vfio(p, &c->pci);
	/*
	 * only devices bound by driver_override: others may belong to another guest, by
	 * vfio-pci.ids
	 */
	for (unsigned int i = 0; i < c->n_mates; i++)
		if (strcmp(c->mates[i].pci.driver, VFIO) == 0 && c->mates[i].overridden)
			from_vfio(p, &c->mates[i].pci);
	return NULL;
}

/* --- doing it --------------------------------------------------------------- */

void bind_step_text(const struct bind_step *s, bool undo, struct buf *out)
{
	const char *path = undo ? s->undo_path : s->path;
	const char *value = undo ? s->undo_value : s->value;

	if (s->kind == STEP_LOAD && !undo)
		buf_addf(out, "modprobe %s", value);
	else if (s->kind == STEP_WRITE && *path)
		buf_addf(out, "echo%s%s > %s", *value ? " " : "", value, path);
}

static struct err *write_step(struct machine *m, const char *path, const char *value)
{
	/* an empty line clears driver_override */
	return machine_write(m, path, *value ? value : "\n");
}

static struct err *load(struct machine *m, const char *module)
{
	struct buf said = { 0 };
	char text[96];
	struct err *e = NULL;

	text_cut(text, sizeof(text), "run modprobe %s", module);
	enum read_status look = machine_ask(m, text, NULL, &said);
	text_cut(text, sizeof(text), DRIVERS "/%s", module);
	if (look != LOOK_OK)
		e = err_new(ERR_FAIL, "modprobe cannot be run: load the module %s yourself",
				    module);
	else if (machine_is_live(m) && machine_has(m, text) != LOOK_OK)
		e = err_new(ERR_FAIL, "%s could not be loaded%s%.*s", module, said.len ? ": " : "",
			    (int)strcspn(buf_str(&said), "\n"), buf_str(&said));
	buf_deinit(&said);
	return e;
}

/* Only the kernel changes the driver of a device; in a copy of its files nothing changes. */
static struct err *check(struct machine *m, const struct bind_step *s)
{
	char path[128], driver[48];

	if (!machine_is_live(m))
		return NULL;
	text_cut(path, sizeof(path), DEVICES "/%s/driver", s->path);
	machine_link(m, path, driver, sizeof(driver));
	if (*s->value && strcmp(driver, s->value) != 0)
		return err_new(ERR_FAIL, "%s did not take %s; the kernel's log says why", s->value,
			       s->path);
	if (!*s->value && strcmp(driver, VFIO) == 0)
		return err_new(ERR_FAIL, "vfio-pci has taken %s again: an option says so at boot "
			       "(vfio-pci.ids=)", s->path);
	if (!*s->value && !*driver)
		return err_new(ERR_FAIL,
			       "no driver has taken %s back; the kernel's log says why, and after "
			       "a reboot all is as before",
			       s->path);
	return NULL;
}

struct err *bind_run(struct machine *m, const struct bind_plan *p, bind_say say, void *arg)
{
	struct err *e = NULL;
	unsigned int i;

	for (i = 0; i < p->n && !e; i++) {
		const struct bind_step *s = &p->step[i];

		say(arg, s, false);
		if (s->kind == STEP_LOAD)
			e = load(m, s->value);
		else if (s->kind == STEP_WRITE)
			e = write_step(m, s->path, s->value);
		else
			e = check(m, s);
	}
	/*
	 * the step that failed changed nothing, unless it was a check of what the step before
	 * it did
	 */
	for (i = e ? i - 1 : 0; i-- > 0;) {
		const struct bind_step *s = &p->step[i];

		if (!*s->undo_path)
			continue;
		say(arg, s, true);
		struct err *again = write_step(m, s->undo_path, s->undo_value);
		if (again)
			e = err_wrap(e, "%s (and it could not be undone)", err_text(again));
		err_free(again);
	}
	return e;
}
