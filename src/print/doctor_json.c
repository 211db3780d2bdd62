// SPDX-License-Identifier: GPL-2.0-or-later
/* The doctor's findings as one JSON object; docs/json-doctor.md has every key. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "print/doctor.h"

typedef struct json_object json;

static void put(json *o, const char *key, json *value)
{
	json_object_object_add(o, key, value);
}

/* Every text passes here: without what is private, then without what acts on a terminal. */
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

static json *flag(bool value)
{
	return json_object_new_boolean(value);
}

static json *known(enum known k)
{
	return k == UNKNOWN ? NULL : flag(k == YES);
}

static json *number(uint64_t n)
{
	return json_object_new_int64((int64_t)n);
}

static json *hex(uint64_t n, int digits)
{
	char s[24];

	snprintf(s, sizeof(s), "0x%0*" PRIx64, digits, n);
	return json_object_new_string(s);
}

/* A line each. */
static json *lines(const char *s, const struct private_identity *id)
{
	json *list = json_object_new_array();
	char line[1024];

	while (*s) {
		size_t n = strcspn(s, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)(n < 1023 ? n : 1023), s);
		json_object_array_add(list, text(line, id));
		s += n + (s[n] == '\n');
	}
	return list;
}

static json *device(const struct pci *p, const struct private_identity *id)
{
	json *o = json_object_new_object();

	put(o, "address", text(p->address, id));
	put(o, "class", hex(p->class, 6));
	put(o, "vendor", hex(p->vendor, 4));
	put(o, "device", hex(p->device, 4));
	put(o, "subsystem_vendor", hex(p->sub_vendor, 4));
	put(o, "subsystem_device", hex(p->sub_device, 4));
	put(o, "name", text(p->name, id));
	put(o, "driver", text(p->driver, id));
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

		put(o, "kind", json_object_new_string(kinds[c->kind]));
		put(o, "graphics", flag(c->graphics));
		put(o, "chosen", flag((int)i == f->chosen));
		put(o, "card", c->card < 0 ? NULL : json_object_new_int(c->card));
		put(o, "card_driver", text(c->card_name, id));
		put(o, "codecs", number(c->codecs));
		put(o, "iommu_group", c->group < 0 ? NULL : json_object_new_int(c->group));
		for (unsigned int k = 0; k < c->n_mates; k++) {
			json *mate = device(&c->mates[k].pci, id);

			put(mate, "kind", json_object_new_string(mates[c->mates[k].kind]));
			json_object_array_add(group, mate);
		}
		put(o, "group_others", group);
		put(o, "reset", known(c->resets));
		put(o, "reset_methods", text(c->reset, id));
		json_object_array_add(list, o);
	}
	return list;
}

static json *codecs(const struct facts *f, const struct private_identity *id)
{
	json *list = json_object_new_array();

	for (unsigned int i = 0; i < f->n_codecs; i++) {
		const struct codec *c = &f->codecs[i];
		json *o = json_object_new_object();

		put(o, "card", json_object_new_int(c->card));
		put(o, "address", json_object_new_int(c->address));
		put(o, "controller", c->controller < f->n_controllers ?
			text(f->controllers[c->controller].pci.address, id) : NULL);
		put(o, "name", text(c->name, id));
		put(o, "vendor_id", hex(c->vendor_id, 8));
		put(o, "subsystem_id", hex(c->subsystem_id, 8));
		put(o, "revision", hex(c->revision, 6));
		put(o, "hdmi", flag(c->hdmi));
		put(o, "modem", flag(c->modem));
		put(o, "model", text(c->model, id));
		put(o, "driver_pins", number(c->driver_pins));
		put(o, "fixup",
		    c->fixup ? text(*c->fixup_name ? c->fixup_name : "unnamed", id) : NULL);
		put(o, "fixup_by", text(c->fixup_why, id));
		json_object_array_add(list, o);
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

		put(o, "id", text(a->id, id));
		put(o, "chip", text(a->chip, id));
		put(o, "bus", buses[a->bus] ? json_object_new_string(buses[a->bus]) : NULL);
		put(o, "count", number(a->count));
		put(o, "driver", text(a->driver, id));
		put(o, "whole_codec", flag(a->codec));
		json_object_array_add(list, o);
	}
	return list;
}

static json *qemus(const struct facts *f, const struct private_identity *id)
{
	json *list = json_object_new_array();

	for (unsigned int i = 0; i < f->n_qemus; i++) {
		const struct qemu_fact *q = &f->qemus[i];
		json *o = json_object_new_object();

		put(o, "path", text(q->path, id));
		put(o, "version", text(q->version, id));
		put(o, "vfio_pci", known(q->vfio));
		put(o, "x_no_mmap", known(q->no_mmap));
		put(o, "log_trace", known(q->log_trace));
		put(o, "trace_event", known(q->vfio_event));
		put(o, "kvm", known(q->kvm));
		put(o, "libvirt", flag(q->libvirt));
		json_object_array_add(list, o);
	}
	return list;
}

static json *host(const struct facts *f, const struct private_identity *id)
{
	json *o = json_object_new_object();

	put(o, "vendor", text(f->vendor, id));
	put(o, "product", text(f->product, id));
	put(o, "system", text(f->system, id));
	put(o, "kernel", text(f->kernel, id));
	put(o, "container", text(f->container, id));
	put(o, "virtual_machine", flag(f->hypervisor));
	put(o, "cpu", text(f->cpu, id));
	put(o, "vmx", flag(f->vmx));
	put(o, "svm", flag(f->svm));
	put(o, "kvm_module", text(f->kvm_module, id));
	put(o, "kvm_node", known(f->kvm_node));
	put(o, "kvm_open", flag(f->kvm_open));
	put(o, "memory", number(f->memory));
	put(o, "dmar", flag(f->dmar));
	put(o, "ivrs", flag(f->ivrs));
	put(o, "iommus", number(f->iommus));
	put(o, "iommu_groups", number(f->groups));
	put(o, "kernel_words", text(f->words, id));
	put(o, "root", flag(f->root));
	put(o, "in_kvm", flag(f->in_kvm));
	put(o, "in_libvirt", flag(f->in_libvirt));
	put(o, "in_audio", flag(f->in_audio));
	put(o, "memlock",
	    !f->memlock_known || f->memlock == UINT64_MAX ? NULL : number(f->memlock));
	put(o, "vfio_pci", flag(f->vfio_module));
	put(o, "lockdown", text(f->lockdown, id));
	put(o, "btf", known(f->btf));
	put(o, "ptrace_scope", f->yama < 0 ? NULL : json_object_new_int(f->yama));
	put(o, "libvirt", text(f->libvirt, id));
	put(o, "libvirt_running", flag(f->libvirt_running));
	return o;
}

static json *findings(const struct diagnosis *d, const struct private_identity *id)
{
	json *list = json_object_new_array();

	for (unsigned int i = 0; i < d->n; i++) {
		struct doctor_finding *f = &d->list[i];
		json *o = json_object_new_object();

		put(o, "severity", json_object_new_string(diagnosis_severity_name(f->severity)));
		put(o, "topic", json_object_new_string(f->topic));
		put(o, "text", text(buf_str(&f->text), id));
		put(o, "why", text(buf_str(&f->why), id));
		put(o, "commands", lines(buf_str(&f->commands), id));
		json_object_array_add(list, o);
	}
	return list;
}

struct err *doctor_print_json(const struct facts *f, const struct diagnosis *d,
			      const struct private_identity *id)
{
	json *o = json_object_new_object(), *verdict = json_object_new_object();

	put(o, "doctor", json_object_new_int(1));
	put(o, "hdadump", json_object_new_string(HDADUMP_VERSION));
	put(verdict, "state", json_object_new_string(verdict_state_name(d->state)));
	put(verdict, "text", text(buf_str((struct buf *)&d->verdict), id));
	put(verdict, "next", lines(buf_str((struct buf *)&d->next), id));
	put(o, "verdict", verdict);
	put(o, "findings", findings(d, id));
	put(o, "host", host(f, id));
	put(o, "controllers", controllers(f, id));
	put(o, "codecs", codecs(f, id));
	put(o, "amplifiers", amps(f, id));
	put(o, "qemus", qemus(f, id));
	const char *s = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY |
						       JSON_C_TO_STRING_SPACED |
						       JSON_C_TO_STRING_NOSLASHESCAPE);
	struct err *e = s ? NULL : err_nomem();
	if (!e && (fputs(s, stdout) < 0 || putchar('\n') < 0))
		e = err_new(ERR_PIPE, "standard output");
	json_object_put(o);
	return e;
}
