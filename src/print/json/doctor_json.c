// SPDX-License-Identifier: GPL-2.0-or-later
/* The doctor's findings as one JSON object; docs/json-doctor.md has every key. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/out.h"
#include "base/text.h"
#include "print/doctor.h"
#include "print/json/json_build.h"

/* Every text passes here: removes private data, and bytes that control a terminal. */
static json *text(const char *s, const struct private_identity *id)
{
	struct buf hidden = { 0 }, b = { 0 };
	json *o;

	if (!*s)
		return NULL;
	private_add(&hidden, s, strlen(s), id);
	text_add_safe(&b, hidden.data, hidden.len);
	o = json_object_new_string(buf_str(&b));
	buf_deinit(&hidden);
	buf_deinit(&b);
	return o;
}

static json *known(enum known k)
{
	return k == UNKNOWN ? NULL : json_flag(k == YES);
}

/* An array with one element for each line. */
static json *lines(const char *s, const struct private_identity *id)
{
	json *list = json_object_new_array();
	char line[1024];

	while (*s) {
		size_t n = strcspn(s, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)(n < 1023 ? n : 1023), s);
		json_add(list, text(line, id));
		s += n + (s[n] == '\n');
	}
	return list;
}

static json *device(const struct pci *p, const struct private_identity *id)
{
	json *o = json_object_new_object();

	json_put(o, "address", text(p->address, id));
	json_put(o, "class", json_hex(p->class, 6));
	json_put(o, "vendor", json_hex(p->vendor, 4));
	json_put(o, "device", json_hex(p->device, 4));
	json_put(o, "subsystem_vendor", json_hex(p->sub_vendor, 4));
	json_put(o, "subsystem_device", json_hex(p->sub_device, 4));
	json_put(o, "name", text(p->name, id));
	json_put(o, "driver", text(p->driver, id));
	return o;
}

static json *controllers(const struct facts *f, const struct private_identity *id)
{
	static const char *const kinds[] = {
		[CONTROLLER_HDA] = "hda", [CONTROLLER_DSP] = "dsp", [CONTROLLER_ACP] = "acp",
	};
	static const char *const mates[] = {
		[MATE_BRIDGE] = "bridge", [MATE_FREE] = "free", [MATE_SMALL] = "small",
		[MATE_VITAL] = "vital",
	};
	json *list = json_object_new_array();

	for (unsigned int i = 0; i < f->n_controllers; i++) {
		const struct controller *c = &f->controllers[i];
		json *o = device(&c->pci, id), *group = json_object_new_array();

		json_put(o, "kind", json_object_new_string(kinds[c->kind]));
		json_put(o, "graphics", json_flag(c->graphics));
		json_put(o, "chosen", json_flag((int)i == f->chosen));
		json_put(o, "card", c->card < 0 ? NULL : json_object_new_int(c->card));
		json_put(o, "card_driver", text(c->card_name, id));
		json_put(o, "codecs", json_number(c->codecs));
		json_put(o, "iommu_group", c->group < 0 ? NULL : json_object_new_int(c->group));
		for (unsigned int k = 0; k < c->n_mates; k++) {
			json *mate = device(&c->mates[k].pci, id);

			json_put(mate, "kind", json_object_new_string(mates[c->mates[k].kind]));
			json_add(group, mate);
		}
		json_put(o, "group_others", group);
		json_put(o, "reset", known(c->resets));
		json_put(o, "reset_methods", text(c->reset, id));
		json_add(list, o);
	}
	return list;
}

static json *codecs(const struct facts *f, const struct private_identity *id)
{
	json *list = json_object_new_array();

	for (unsigned int i = 0; i < f->n_codecs; i++) {
		const struct codec *c = &f->codecs[i];
		json *o = json_object_new_object();

		json_put(o, "card", json_object_new_int(c->card));
		json_put(o, "address", json_object_new_int(c->address));
		json_put(o, "controller", c->controller < f->n_controllers ?
			text(f->controllers[c->controller].pci.address, id) : NULL);
		json_put(o, "name", text(c->name, id));
		json_put(o, "vendor_id", json_hex(c->vendor_id, 8));
		json_put(o, "subsystem_id", json_hex(c->subsystem_id, 8));
		json_put(o, "revision", json_hex(c->revision, 6));
		json_put(o, "hdmi", json_flag(c->hdmi));
		json_put(o, "modem", json_flag(c->modem));
		json_put(o, "model", text(c->model, id));
		json_put(o, "driver_pins", json_number(c->driver_pins));
		json_put(o, "fixup",
		    c->fixup ? text(*c->fixup_name ? c->fixup_name : "unnamed", id) : NULL);
		json_put(o, "fixup_by", text(c->fixup_why, id));
		json_add(list, o);
	}
	return list;
}

static json *amps(const struct facts *f, const struct private_identity *id)
{
	static const char *const buses[] = {
		[BUS_I2C] = "i2c", [BUS_SPI] = "spi", [BUS_SOUNDWIRE] = "soundwire",
		[BUS_UNKNOWN] = NULL,
	};
	json *list = json_object_new_array();

	for (unsigned int i = 0; i < f->n_amps; i++) {
		const struct amp *a = &f->amps[i];
		json *o = json_object_new_object();

		json_put(o, "id", text(a->id, id));
		json_put(o, "chip", text(a->chip, id));
		json_put(o, "bus", buses[a->bus] ? json_object_new_string(buses[a->bus]) : NULL);
		json_put(o, "count", json_number(a->count));
		json_put(o, "driver", text(a->driver, id));
		json_put(o, "whole_codec", json_flag(a->codec));
		json_add(list, o);
	}
	return list;
}

static json *qemus(const struct facts *f, const struct private_identity *id)
{
	json *list = json_object_new_array();

	for (unsigned int i = 0; i < f->n_qemus; i++) {
		const struct qemu_fact *q = &f->qemus[i];
		json *o = json_object_new_object();

		json_put(o, "path", text(q->path, id));
		json_put(o, "version", text(q->version, id));
		json_put(o, "vfio_pci", known(q->vfio));
		json_put(o, "x_no_mmap", known(q->no_mmap));
		json_put(o, "log_trace", known(q->log_trace));
		json_put(o, "trace_event", known(q->vfio_event));
		json_put(o, "kvm", known(q->kvm));
		json_put(o, "libvirt", json_flag(q->libvirt));
		json_add(list, o);
	}
	return list;
}

static json *host(const struct facts *f, const struct private_identity *id)
{
	json *o = json_object_new_object();

	json_put(o, "vendor", text(f->vendor, id));
	json_put(o, "product", text(f->product, id));
	json_put(o, "system", text(f->system, id));
	json_put(o, "kernel", text(f->kernel, id));
	json_put(o, "container", text(f->container, id));
	json_put(o, "virtual_machine", json_flag(f->hypervisor));
	json_put(o, "cpu", text(f->cpu, id));
	json_put(o, "vmx", json_flag(f->vmx));
	json_put(o, "svm", json_flag(f->svm));
	json_put(o, "kvm_module", text(f->kvm_module, id));
	json_put(o, "kvm_node", known(f->kvm_node));
	json_put(o, "kvm_open", json_flag(f->kvm_open));
	json_put(o, "memory", json_number(f->memory));
	json_put(o, "dmar", json_flag(f->dmar));
	json_put(o, "ivrs", json_flag(f->ivrs));
	json_put(o, "iommus", json_number(f->iommus));
	json_put(o, "iommu_groups", json_number(f->groups));
	json_put(o, "kernel_words", text(f->words, id));
	json_put(o, "root", json_flag(f->root));
	json_put(o, "in_kvm", json_flag(f->in_kvm));
	json_put(o, "in_libvirt", json_flag(f->in_libvirt));
	json_put(o, "in_audio", json_flag(f->in_audio));
	json_put(o, "memlock",
	    !f->memlock_known || f->memlock == UINT64_MAX ? NULL : json_number(f->memlock));
	json_put(o, "vfio_pci", json_flag(f->vfio_module));
	json_put(o, "lockdown", text(f->lockdown, id));
	json_put(o, "btf", known(f->btf));
	json_put(o, "ptrace_scope", f->yama < 0 ? NULL : json_object_new_int(f->yama));
	json_put(o, "libvirt", text(f->libvirt, id));
	json_put(o, "libvirt_running", json_flag(f->libvirt_running));
	return o;
}

static json *findings(const struct diagnosis *d, const struct private_identity *id)
{
	json *list = json_object_new_array();

	for (unsigned int i = 0; i < d->n; i++) {
		struct doctor_finding *f = &d->list[i];
		json *o = json_object_new_object();

		json_put(o, "severity", json_object_new_string(diagnosis_severity_name(f->severity)));
		json_put(o, "topic", json_object_new_string(f->topic));
		json_put(o, "text", text(buf_str(&f->text), id));
		json_put(o, "why", text(buf_str(&f->why), id));
		json_put(o, "commands", lines(buf_str(&f->commands), id));
		json_add(list, o);
	}
	return list;
}

struct err *doctor_print_json(const struct facts *f, const struct diagnosis *d,
			      const struct private_identity *id)
{
	json *o = json_object_new_object(), *verdict = json_object_new_object();
	struct buf out = { 0 };
	struct err *e;

	json_put(o, "doctor", json_object_new_int(1));
	json_put(o, "hdadump", json_object_new_string(HDADUMP_VERSION));
	json_put(verdict, "state", json_object_new_string(verdict_state_name(d->state)));
	json_put(verdict, "text", text(buf_str((struct buf *)&d->verdict), id));
	json_put(verdict, "next", lines(buf_str((struct buf *)&d->next), id));
	json_put(o, "verdict", verdict);
	json_put(o, "findings", findings(d, id));
	json_put(o, "host", host(f, id));
	json_put(o, "controllers", controllers(f, id));
	json_put(o, "codecs", codecs(f, id));
	json_put(o, "amplifiers", amps(f, id));
	json_put(o, "qemus", qemus(f, id));
	e = json_answer(o, &out);
	if (!e)
		e = out_answer(&out);
	buf_deinit(&out);
	return e;
}
