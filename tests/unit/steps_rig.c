// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "analyse/steps/steps.h"
#include "analyse/steps/steps_load.h"
#include "base/buf.h"
#include "base/err.h"
#include "steps_rig.h"

void rig_must(struct err *e)
{
	if (!e)
		return;
	fprintf(stderr, "%s\n", err_text(e));
	abort();
}

void rig_log(const char *text, struct steps *a)
{
	char path[64];
	int fd = memfd_create("steps", 0);
	struct steps_input in = { .from.path = path };

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	rig_must(steps_load(&in, a));
	close(fd);
}

void rig_words(const struct steps *a, const bool *chosen, struct buf *b)
{
	struct buf words = { 0 };
	struct step_verbs em;

	step_verbs_init(&em, a);
	for (size_t i = 0; i < a->n; i++)
		if (!chosen || chosen[i])
			rig_must(step_verbs_put(&em, &a->v[i], &words));
	for (size_t i = 0; i + 4 <= words.len; i += 4) {
		uint32_t word;

		memcpy(&word, words.data + i, 4);
		buf_addf(b, "%08x ", word);
	}
	step_verbs_deinit(&em);
	buf_deinit(&words);
}

void rig_write_chosen(const struct steps *a, const bool *chosen, const char *made, struct buf *b)
{
	int fd = memfd_create("list", 0);
	struct list_options o = { .fd = fd, .made = made };
	ssize_t n;

	if (fd < 0)
		abort();
	rig_must(list_write(a, chosen, &o));
	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, buf_reserve(b, 65536), 65536)) > 0)
		b->len += (size_t)n;
	close(fd);
}

void rig_write(const struct steps *a, const char *made, struct buf *b)
{
	rig_write_chosen(a, NULL, made, b);
}
