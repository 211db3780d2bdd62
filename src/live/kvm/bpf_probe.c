// SPDX-License-Identifier: GPL-2.0-or-later
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "live/kvm/bpf_module.h"
#include "live/kvm/verifier_log.h"

/* generated code, whose warnings we cannot fix */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include <kvm.skel.h>
#pragma GCC diagnostic pop

/* The inode of the first PID namespace (the kernel's include/linux/proc_ns.h). */
#define FIRST_PID_NAMESPACE 0xeffffffcu

struct kvm_skeleton {
	struct kvm *kvm;
	void *consumer, *producer;
	size_t page, produced;	/* bytes mapped for each */
};

/* --- whether BPF is possible ------------------------------------------------ */

static bool confidential(void)
{
	FILE *f = fopen("/sys/kernel/security/lockdown", "re");
	char text[128] = "";
	bool locked;

	if (!f)
		return false;
	locked = fgets(text, sizeof(text), f) && strstr(text, "[confidentiality]");
	fclose(f);
	return locked;
}

/* The error for an errno of loading or attaching, with its cause. */
static struct err *cause(int error, const char *doing)
{
	if (error == EPERM || error == EACCES)
		return confidential() ?
		       err_new(ERR_FAIL, "the kernel is locked down (confidentiality), which "
			       "forbids BPF programs to read memory; boot without "
			       "lockdown=confidentiality") :
		       err_new(ERR_FAIL, "%s is not permitted; run hdadump as root, or with the "
			       "capabilities CAP_BPF and CAP_PERFMON", doing);
	if (error == ENOENT)
		return err_new(ERR_FAIL, "this kernel has no tracepoint kvm:kvm_mmio; is the module "
			       "kvm loaded? (modprobe kvm_intel or kvm_amd)");
	return err_sys(error, "%s", doing);
}

/* The verifier's reason, found in libbpf's output. */
static char refusal[200];

static int hush(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	char *text = NULL;

	if (vasprintf(&text, fmt, ap) < 0)
		return 0;
	verifier_log_reason(text, refusal, sizeof(refusal));
	free(text);
	return 0;
}

/* The error with the versions of kernel and compiler: with both, the case can be built again. */
static struct err *refused(const char *compiler, int error)
{
	struct utsname u;

	if (!*refusal && (error == EPERM || error == EACCES || error == ENOMEM))
		return cause(error, "loading the BPF program");
	return err_new(ERR_FAIL, "kernel %s refuses the BPF program that %s compiled: %s; please report "
		       "this line", uname(&u) == 0 ? u.release : "(unknown)", compiler,
		       *refusal ? refusal : strerror(error));
}

static struct err *probe_possible(void)
{
	const struct bpf_insn nothing[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	if (confidential())
		return cause(EPERM, "");
	libbpf_set_print(hush);
	int fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "hdadump_try", "GPL", nothing, 2, NULL);

	if (fd < 0)
		return cause(-fd, "loading a BPF program");
	int link = bpf_raw_tracepoint_open("kvm_mmio", fd);
	int error = link < 0 ? -link : 0;

	close(fd);
	if (link >= 0)
		close(link);
	return error ? cause(error, "attaching to kvm:kvm_mmio") : NULL;
}

/* --- beginning and end --------------------------------------------------------- */

static void probe_destroy(struct kvm_probe *p)
{
	if (!p)
		return;
	if (p->skel) {
		if (p->skel->consumer)
			munmap(p->skel->consumer, p->skel->page);
		if (p->skel->producer)
			munmap(p->skel->producer, p->skel->produced);
		kvm__destroy(p->skel->kvm);
		free(p->skel);
	}
	free(p);
}

static struct err *map_ring(struct kvm_probe *p, uint32_t size)
{
	struct kvm_skeleton *s = p->skel;
	void *m;

	s->page = (size_t)sysconf(_SC_PAGESIZE);
	m = mmap(NULL, s->page, PROT_READ | PROT_WRITE, MAP_SHARED, p->fd, 0);
	if (m == MAP_FAILED)
		return err_sys(errno, "mapping the BPF ring buffer");
	s->consumer = m;
	s->produced = s->page + 2 * (size_t)size;
	m = mmap(NULL, s->produced, PROT_READ, MAP_SHARED, p->fd, (off_t)s->page);
	if (m == MAP_FAILED)
		return err_sys(errno, "mapping the BPF ring buffer");
	s->producer = m;
	p->ring = (struct kvm_ring){
		.consumer = s->consumer, .producer = s->producer,
		.data = (const uint8_t *)s->producer + s->page, .size = size,
	};
	return NULL;
}

/* Sets whose threads count: a PID is valid in our PID namespace. */
static void set_process(struct kvm_control *c, pid_t pid)
{
	struct stat st;

	c->tgid = (uint32_t)pid;
	if (stat("/proc/self/ns/pid", &st) == 0 && st.st_ino != FIRST_PID_NAMESPACE) {
		c->ns_dev = st.st_dev;
		c->ns_ino = st.st_ino;
	}
}

/* Stores guest RAM for the program; ranges that are next to each other in QEMU are joined. */
static void set_ram(struct kvm_control *c, const struct ram_range *ram, size_t ranges)
{
	for (size_t i = 0; i < ranges; i++) {
		struct kvm_ram *last = c->ram_count ? &c->ram[c->ram_count - 1] : NULL;

		if (!ram[i].hva)
			continue;
		if (last && ram[i].start == last->end + 1 &&
		    ram[i].hva == last->hva + (ram[i].start - last->start)) {
			last->end = ram[i].end;
			continue;
		}
		if (c->ram_count == KVM_RAM_RANGES) {
			log_note("the guest's RAM lies in more than %d pieces: what is in the others "
				 "is read after the access, not at it", KVM_RAM_RANGES);
			return;
		}
		c->ram[c->ram_count++] = (struct kvm_ram){
			.start = ram[i].start, .end = ram[i].end, .hva = ram[i].hva,
		};
	}
}

static struct err *probe_create(pid_t pid, const struct ram_range *ram, size_t ranges,
				uint32_t buffer, struct kvm_probe **out)
{
	struct kvm_probe *p = calloc(1, sizeof(*p));
	uint32_t size = (uint32_t)sysconf(_SC_PAGESIZE);
	struct err *e = NULL;
	struct kvm *k;

	while (size < buffer && size < 1u << 30)
		size *= 2;
	if (p)
		p->skel = calloc(1, sizeof(*p->skel));
	if (!p || !p->skel) {
		free(p);
		return err_nomem();
	}
	libbpf_set_print(hush);
	k = p->skel->kvm = kvm__open();
	if (!k) {
		e = cause(errno, "opening the BPF program");
		goto out;
	}
	bpf_map__set_max_entries(k->maps.records, size);
	*refusal = '\0';
	int error = kvm__load(k);
	if (error) {
		e = refused(k->rodata->compiler, -error);
		goto out;
	}
	p->control = &k->bss->control;
	p->fd = bpf_map__fd(k->maps.records);
	p->verdicts = bpf_map__fd(k->maps.verdicts);
	p->places = bpf_map__fd(k->maps.places);
	e = map_ring(p, size);
	if (e)
		goto out;
	set_process(p->control, pid);
	set_ram(p->control, ram, ranges);
	p->control->wake = size / 8;
	/* not settled: every access is sent */
	p->control->generation = p->control->applied = 1;
	k->links.on_mmio = bpf_program__attach(k->progs.on_mmio);
	if (!k->links.on_mmio) {
		e = cause(errno, "attaching to kvm:kvm_mmio");
		goto out;
	}
	/* only x86 processors have ports */
	k->links.on_pio = bpf_program__attach(k->progs.on_pio);
out:
	if (e)
		probe_destroy(p);
	else
		*out = p;
	return e;
}

/* --- while it runs --------------------------------------------------------------- */

static struct err *probe_verdict(struct kvm_probe *p, uint64_t window, uint32_t verdict)
{
	return bpf_map_update_elem(p->verdicts, &window, &verdict, BPF_ANY) < 0 ?
	       err_sys(errno, "passing a controller to the BPF program") : NULL;
}

static void probe_no_verdict(struct kvm_probe *p, uint64_t window)
{
	bpf_map_delete_elem(p->verdicts, &window);
}

static void probe_seed(struct kvm_probe *p, uint64_t window, const struct kvm_place *place)
{
	/*
	 * if this fails, the program copies nothing until the rings are set up again, and we
	 * read late
	 */
	bpf_map_update_elem(p->places, &window, place, BPF_ANY);
}

static uint64_t probe_lost(struct kvm_probe *p, uint64_t window)
{
	struct kvm_place place;

	return bpf_map_lookup_elem(p->places, &window, &place) == 0 ? place.lost : 0;
}

static uint64_t probe_missed(struct kvm_probe *p)
{
	uint64_t now = __atomic_load_n(&p->control->untold, __ATOMIC_RELAXED), before = p->missed;
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);

	/*
	 * where vCPU threads can preempt each other within a program, the kernel skips the
	 * second run
	 */
	if (bpf_obj_get_info_by_fd(bpf_program__fd(p->skel->kvm->progs.on_mmio), &info, &len) == 0)
		now += info.recursion_misses;
	p->missed = now;
	return now - before;
}

MODULE_EXPORT const struct bpf_module hdadump_module_bpf = {
	.head = MODULE_HEAD(struct bpf_module, BPF_FORM),
	.possible = probe_possible,
	.create = probe_create,
	.destroy = probe_destroy,
	.verdict = probe_verdict,
	.no_verdict = probe_no_verdict,
	.seed = probe_seed,
	.lost = probe_lost,
	.missed = probe_missed,
};
