// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reduction of real captures and lists of the shared data: a simple model of a codec, which
 * reads the files itself, finds the final state, the writes to amplifiers, and the GPIO
 * changes. All must be the same after it.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/reduce.h"
#include "steps_rig.h"
#include "plain_codec.h"
#include "proof_rig.h"
#include "shared.h"

/* The word in a line of any tool. */
static bool get_word(const char *line, uint32_t *word)
{
	unsigned int slot, nid, id, payload;
	const char *p = strstr(line, "hda-verb");

	if (sscanf(line, "CORB[%u] = 0x%x", &slot, word) == 2)
		return true;
	if (*line == '#')
		return false;
	if (p)
		p = strstr(p, "0x");
	else if (!strncmp(line, "0x", 2))
		p = line;
	if (!p || sscanf(p, "0x%x 0x%x 0x%x", &nid, &id, &payload) != 3)
		return false;
	*word = nid << 20 | id << 8 | payload;
	return true;
}

static unsigned int play_file(const char *path, struct plain *p)
{
	FILE *f = fopen(path, "r");
	unsigned int verbs = 0;
	char *line = NULL;
	size_t cap = 0;
	uint32_t word;

	if (!f)
		abort();
	while (getline(&line, &cap, f) > 0) {
		if (!get_word(line, &word))
			continue;
		plain_put(p, word);
		verbs++;
	}
	free(line);
	fclose(f);
	return verbs;
}

static unsigned int play(const char *words, struct plain *p)
{
	unsigned int n = 0;
	char *end;

	for (; *words; words = end + 1, n++)
		plain_put(p, (uint32_t)strtoul(words, &end, 16));
	return n;
}

static unsigned int reduced(const char *path, struct plain *p, struct buf *list, struct proof *proof)
{
	struct proof_list before = { 0 }, after = { 0 };
	struct buf words = { 0 };
	struct reduction r;
	struct steps a;
	unsigned int n;

	proof_of_path(path, &before, &a);
	rig_must(reduce_steps(&a, NULL, &r));
	rig_words(&a, r.chosen, &words);
	rig_write_chosen(&a, r.chosen, NULL, list);
	proof_of_chosen(&a, r.chosen, &after);
	rig_must(proof_check(&before, &after, a.codecs, a.n_codecs, proof));
	n = play(buf_str(&words), p);
	buf_deinit(&words);
	buf_deinit(&before.verbs);
	buf_deinit(&after.verbs);
	reduction_deinit(&r);
	steps_deinit(&a);
	return n;
}

/* The result, reduced again, stays the same. */
static unsigned int again(struct buf *list)
{
	struct buf words = { 0 };
	struct reduction r;
	struct steps a;
	unsigned int n = 0;

	rig_list(buf_str(list), &a);
	rig_must(reduce_steps(&a, NULL, &r));
	rig_words(&a, r.chosen, &words);
	for (size_t i = 0; i < words.len; i++)
		n += words.data[i] == ' ';
	buf_deinit(&words);
	reduction_deinit(&r);
	steps_deinit(&a);
	return n;
}

static bool one_file(const char *name, unsigned int transfers)
{
	struct plain *before = plain_create(), *after = plain_create();
	const char *path = shared_data(name);
	struct buf list = { 0 };
	unsigned int in, out, twice;
	struct proof proof;
	bool good;

	if (!path)
		return false;
	in = play_file(path, before);
	out = reduced(path, after, &list, &proof);
	twice = again(&list);
	good = plain_same(before, after) && out <= in && twice == out &&
	       before->transfers >= transfers && in > 0 && proof.same &&
	       proof.transfers == after->transfers;
	printf("%-42s %5u verbs -> %4u, %3u amplifier transactions, %zu registers: %s%s\n", name, in, out,
	       after->transfers, proof.registers, good ? "ok" : "DIFFERENT ", proof.difference);
	free(before);
	free(after);
	buf_deinit(&list);
	return good;
}

int main(void)
{
	static const struct {
		const char *name;
		unsigned int transfers;
	} files[] = {
		{ "c930-audio-verbs/qemu-output.txt", 600 },
		{ "c930-audio-verbs/clean-verbs.txt", 1000 },
		{ "hamfirst-book3/hda-verbs.txt", 200 },
		{ "legion-alc287/verbs-legion.txt", 3 },
		/* these were shortened by hand as far as possible */
		{ "galaxy-book2/necessary-verbs.txt", 50 },
		{ "galaxy-book2/init-front-left.txt", 15 },
		{ "galaxy-book2/init-front-right.txt", 15 },
		{ "galaxy-book2/init-back-left.txt", 15 },
		{ "galaxy-book2/init-back-right.txt", 15 },
		{ "galaxy-book2/init-initial-coef-values.txt", 0 },
		{ "galaxy-book2/front-left-on.txt", 2 },
		{ "galaxy-book2/front-left-off.txt", 2 },
		{ "galaxy-book2/front-right-on.txt", 2 },
		{ "galaxy-book2/front-right-off.txt", 2 },
		{ "galaxy-book2/back-left-on.txt", 2 },
		{ "galaxy-book2/back-left-off.txt", 2 },
		{ "galaxy-book2/back-right-on.txt", 2 },
		{ "galaxy-book2/back-right-off.txt", 2 },
	};
	bool good = true;

	if (!shared_data(files[0].name))
		return SKIPPED;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		good &= one_file(files[i].name, files[i].transfers);
	return good ? 0 : 1;
}
