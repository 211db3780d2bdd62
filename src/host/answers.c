// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/answers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/procfs.h"
#include "base/text.h"
#include "host/pci_module.h"

#define PATIENCE_MS 10000
#define ARGUMENTS 16

/* --- run ------------------------------------------------------------------- */

/* Reads until the end of @fd, up to a bound of bytes and of time. */
static void collect(int fd, struct buf *answer)
{
	int64_t end = clock_ms() + PATIENCE_MS;

	while (answer->len < MACHINE_READ) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = end - clock_ms();
		uint8_t *room = buf_reserve(answer, 4096);

		if (left <= 0 || !room)
			return;
		int n = poll(&p, 1, (int)left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		ssize_t got = read(fd, room, 4096);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return;
		answer->len += (size_t)got;
	}
}

/* Runs one command line, split at blanks: none of our commands has a blank inside a word. */
static enum read_status run(const char *command, struct buf *answer)
{
	char *words = strdup(command), *argv[ARGUMENTS + 1] = { 0 }, *save = NULL;
	int out[2], n = 0, status;
	enum read_status look = LOOK_OK;

	if (!words)
		return LOOK_BROKEN;
	for (char *w = strtok_r(words, " ", &save); w && n < ARGUMENTS;
	     w = strtok_r(NULL, " ", &save))
		argv[n++] = w;
	if (!n || pipe2(out, O_CLOEXEC) < 0) {
		free(words);
		return LOOK_BROKEN;
	}
	pid_t child = fork();
	if (child == 0) {
		sigset_t none;
		int null = open("/dev/null", O_RDWR);

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		setpgid(0, 0);
		if (null < 0 || dup2(null, 0) < 0 || dup2(out[1], 1) < 0 || dup2(out[1], 2) < 0)
			_exit(127);
		setenv("LC_ALL", "C", 1);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(out[1]);
	if (child > 0) {
		collect(out[0], answer);
		/*
		 * kill the whole group: the program's children too; a program that has ended
		 * is not affected
		 */
		kill(-child, SIGKILL);
		kill(child, SIGKILL);
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 127 && !answer->len)
			look = LOOK_ABSENT;
	}
	close(out[0]);
	free(words);
	return child > 0 ? look : LOOK_BROKEN;
}

/* --- the others ------------------------------------------------------------- */

static enum read_status may(const char *path, struct buf *answer)
{
	bool r = access(path, R_OK) == 0;

	if (!r && (errno == ENOENT || errno == ENOTDIR))
		return LOOK_ABSENT;
	buf_addf(answer, "%s%s\n", r ? "r" : "", access(path, W_OK) == 0 ? "w" : "");
	return LOOK_OK;
}

static enum read_status pci_name(const char *id, struct buf *answer)
{
	static struct module pci = {
		.name = "pci", .without = "this hdadump was built without libpci",
		.head = MODULE_HEAD(struct pci_module, PCI_FORM),
	};
	char name[160];
	unsigned int vendor, device;
	struct err *e;

	if (sscanf(id, "%4x:%4x", &vendor, &device) != 2)
		return LOOK_BROKEN;
	/* a device has a number too */
	e = module_load(&pci);
	err_free(e);
	if (e || !((const struct pci_module *)pci.table)->name(vendor, device, name, sizeof(name)))
		return LOOK_ABSENT;
	buf_addf(answer, "%s\n", name);
	return LOOK_OK;
}

static void add_program(const char *path, struct names *seen, struct buf *answer)
{
	struct stat st;
	char *real = realpath(path, NULL);
	bool again = false;

	if (!real || stat(real, &st) < 0 || !S_ISREG(st.st_mode) || access(real, X_OK) < 0 ||
	    strpbrk(path, " \n")) {
		free(real);
		return;
	}
	for (size_t i = 0; i < seen->n; i++)
		again |= strcmp(seen->name[i], real) == 0;
	if (!again && !names_add(seen, real))
		buf_addf(answer, "%s\n", path);
	free(real);
}

static enum read_status programs(struct buf *answer)
{
	static const char *const names[] = { "qemu-system-x86_64", "qemu-kvm", "kvm" };
	static const char *const places[] = {
		"/usr/libexec/qemu-kvm",		/* RHEL and its derivatives */
		"/usr/bin/qemu-system-x86_64", "/usr/local/bin/qemu-system-x86_64",
		"/run/libvirt/nix-emulators/qemu-system-x86_64",
	};
	struct names seen = { 0 };
	char *path = strdup(getenv("PATH") ? getenv("PATH") : ""), *save = NULL, full[MACHINE_PATH];

	for (char *d = path ? strtok_r(path, ":", &save) : NULL; d;
	     d = strtok_r(NULL, ":", &save)) {
		for (size_t i = 0; d[0] == '/' && i < ARRAY_SIZE(names); i++) {
			text_cut(full, sizeof(full), "%s/%s", d, names[i]);
			add_program(full, &seen, answer);
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		add_program(places[i], &seen, answer);
	names_deinit(&seen);
	free(path);
	return LOOK_OK;
}

/* Lists the emulators in a domain's file, which libvirt writes with one element a line. */
static void emulators_of(const char *file, struct buf *answer)
{
	char line[1024];
	FILE *f = fopen(file, "re");

	while (f && fgets(line, sizeof(line), f)) {
		char *begin = strstr(line, "<emulator>"), *end = strstr(line, "</emulator>");

		if (!begin || !end || end < begin)
			continue;
		begin += strlen("<emulator>");
		*end = '\0';
		buf_addf(answer, "%s\n", begin);
	}
	if (f)
		fclose(f);
}

static enum read_status emulators(struct buf *answer)
{
	static const char folder[] = "/etc/libvirt/qemu";
	DIR *d = opendir(folder);

	if (!d)
		return errno == ENOENT ? LOOK_ABSENT : LOOK_DENIED;
	for (struct dirent *de; (de = readdir(d));) {
		char file[MACHINE_PATH];
		size_t n = strlen(de->d_name);

		if (n < 5 || strcmp(de->d_name + n - 4, ".xml") != 0)
			continue;
		text_cut(file, sizeof(file), "%s/%s", folder, de->d_name);
		emulators_of(file, answer);
	}
	closedir(d);
	return LOOK_OK;
}

static enum read_status groups(struct buf *answer)
{
	static const char *const names[] = { "kvm", "libvirt", "audio" };
	gid_t list[256];
	int n = getgroups((int)ARRAY_SIZE(list), list);

	if (geteuid() == 0)
		buf_adds(answer, "root\n");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct group *g = getgrnam(names[i]);
		bool in = g && g->gr_gid == getegid();

		for (int k = 0; g && k < n; k++)
			in |= list[k] == g->gr_gid;
		if (in)
			buf_addf(answer, "%s\n", names[i]);
	}
	return LOOK_OK;
}

static enum read_status memlock(struct buf *answer)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_MEMLOCK, &r) < 0)
		return LOOK_BROKEN;
	if (r.rlim_cur == RLIM_INFINITY)
		buf_adds(answer, "unlimited\n");
	else
		buf_addf(answer, "%llu\n", (unsigned long long)r.rlim_cur);
	return LOOK_OK;
}

/* The devices under /dev/snd and /dev/vfio that processes have open, each once for a process. */
struct device_users {
	struct buf *answer;
	struct names seen;	/* devices of the present process */
	pid_t pid;
};

static bool see_device(void *arg, int dir, const char *fd)
{
	struct device_users *u = arg;
	struct procfs_stat st;
	char link[256];
	bool again = false;

	if (!procfs_link_at(dir, fd, link, sizeof(link)) ||
	    (strncmp(link, "/dev/snd/", 9) != 0 && strncmp(link, "/dev/vfio/", 10) != 0))
		return false;
	for (size_t i = 0; i < u->seen.n; i++)
		again |= strcmp(u->seen.name[i], link) == 0;
	if (again || names_add(&u->seen, link))
		return false;
	if (procfs_stat(u->pid, &st))
		st.comm[strcspn(st.comm, "\n")] = '\0';
	else
		strcpy(st.comm, "?");
	buf_addf(u->answer, "%d %s %s\n", (int)u->pid, st.comm, link);
	return false;
}

static bool see_process(void *arg, pid_t pid)
{
	struct device_users *u = arg;

	u->pid = pid;
	procfs_each_fd(pid, see_device, u);
	names_deinit(&u->seen);
	return false;
}

static enum read_status users(struct buf *answer)
{
	struct device_users u = { .answer = answer };

	return procfs_each(see_process, &u) ? LOOK_OK : LOOK_BROKEN;
}

static enum read_status kernel_log(struct buf *answer)
{
	enum { READ_ALL = 3, SIZE = 10 };	/* commands of syslog(2) */
	int size = klogctl(SIZE, NULL, 0);

	if (size <= 0)
		return LOOK_DENIED;
	uint8_t *p = buf_reserve(answer, (size_t)size);
	int n = p ? klogctl(READ_ALL, (char *)p, size) : -1;
	if (n < 0)
		return LOOK_DENIED;
	answer->len += (size_t)n;
	return LOOK_OK;
}

enum read_status answers_live(const char *question, struct buf *answer)
{
	static const struct {
		const char *words;
		enum read_status (*with)(const char *rest, struct buf *answer);
		enum read_status (*alone)(struct buf *answer);
	} all[] = {
		{ "run ", .with = run },
		{ "access ", .with = may },
		{ "pci ", .with = pci_name },
		{ "programs", .alone = programs },
		{ "emulators", .alone = emulators },
		{ "groups", .alone = groups },
		{ "memlock", .alone = memlock },
		{ "users", .alone = users },
		{ "log", .alone = kernel_log },
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		size_t n = strlen(all[i].words);

		if (all[i].with && strncmp(question, all[i].words, n) == 0)
			return all[i].with(question + n, answer);
		if (all[i].alone && strcmp(question, all[i].words) == 0)
			return all[i].alone(answer);
	}
	return LOOK_ABSENT;
}
