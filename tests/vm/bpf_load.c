// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bpf_load OBJECT...: has this kernel verify the programs of each compiled BPF
 * object and attaches them.  A line for each:
 *
 *     OBJECT PROGRAM loaded INSTRUCTIONS PROCESSED     what the verifier walked through
 *     OBJECT PROGRAM refused REASON                    its last words
 *     OBJECT PROGRAM unattached REASON
 *
 * Exit status 0 when all are loaded and attached, otherwise 1.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* BPF_LOG_STATS of the kernel's include/linux/bpf_verifier.h: the count, and a refusal's reason. */
#define LOG_STATS 4

#define LOGS 8
static char logs[LOGS][1 << 20];

/* What libbpf says of a failure before there is a program to load. */
static char said[256];

static int hush(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	if (level == LIBBPF_WARN && !*said)
		vsnprintf(said, sizeof(said), fmt, ap);
	return 0;
}

/* The verifier's last words before it begins to count; nothing where it took the program. */
static char *reason(char *log)
{
	char *end = strstr(log, "verification time "), *line;

	if (end)
		*end = '\0';
	while (*log && log[strlen(log) - 1] == '\n')
		log[strlen(log) - 1] = '\0';
	line = strrchr(log, '\n');
	return line ? line + 1 : log;
}

/* False when one is refused or cannot be attached. */
static int load(const char *path)
{
	struct bpf_object *o = bpf_object__open_file(path, NULL);
	struct bpf_program *p;
	unsigned int n = 0;
	int error, ok = 1;

	if (!o) {
		printf("%s - refused %s: %s\n", path, strerror(errno), said);
		return 0;
	}
	bpf_object__for_each_program(p, o) {
		if (n == LOGS)
			break;
		bpf_program__set_log_level(p, LOG_STATS);
		bpf_program__set_log_buf(p, logs[n], sizeof(*logs));
		*logs[n++] = '\0';
	}
	error = bpf_object__load(o);
	n = 0;
	bpf_object__for_each_program(p, o) {
		const char *name = bpf_program__name(p), *stats = strstr(logs[n], "processed ");
		char *why = reason(logs[n++]);
		struct bpf_link *link;

		/* the kernel has no program of an object of which it refuses one */
		if (stats && !*why)
			printf("%s %s loaded %zu %ld\n", path, name, bpf_program__insn_cnt(p),
			       strtol(stats + strlen("processed "), NULL, 10));
		else
			printf("%s %s refused %s\n", path, name,
			       *why ? why : *said ? said : strerror(-error));
		link = error ? NULL : bpf_program__attach(p);
		if (!error && !link)
			printf("%s %s unattached %s\n", path, name, strerror(errno));
		ok &= link != NULL;
		bpf_link__destroy(link);
	}
	bpf_object__close(o);
	return ok;
}

int main(int argc, char **argv)
{
	int ok = argc > 1;

	libbpf_set_print(hush);
	for (int i = 1; i < argc; i++) {
		*said = '\0';
		ok &= load(argv[i]);
	}
	return !ok;
}
