// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/kernel_source.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/slurp.h"

/* The driver had half a megabyte at its largest. */
#define SOURCE_MAX (8u << 20)

void kernel_source_deinit(struct kernel_source *k)
{
	buf_deinit(&k->text);
}

/* --- parsing C ------------------------------------------------------------ */

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static const char *text_of(const struct kernel_source *k)
{
	return (const char *)k->text.data;
}

static const char *line_start(const struct kernel_source *k, const char *p)
{
	while (p > text_of(k) && p[-1] != '\n')
		p--;
	return p;
}

static const char *next_line(const char *p)
{
	p += strcspn(p, "\n");
	return *p ? p + 1 : p;
}

static const char *blank(const char *p)
{
	return p + strspn(p, " \t\n");
}

/* Copies the word at @p. */
static bool get_word(const char *p, char *out)
{
	size_t n = 0;

	while (is_word(p[n]))
		n++;
	if (!n || n >= KERNEL_NAME)
		return false;
	memcpy(out, p, n);
	out[n] = '\0';
	return true;
}

/* Finds @word as a whole word from @p on. */
static const char *find_word(const char *text, const char *p, const char *word)
{
	size_t n = strlen(word);

	for (; (p = strstr(p, word)); p += n)
		if ((p == text || !is_word(p[-1])) && !is_word(p[n]))
			return p;
	return NULL;
}

bool kernel_source_has(const struct kernel_source *k, const char *name)
{
	return find_word(text_of(k), text_of(k), name) != NULL;
}

/* The first line of the body of "NAME[] = {", or NULL. */
static const char *find_table(const struct kernel_source *k, const char *name)
{
	const char *p = text_of(k);

	while ((p = find_word(text_of(k), p, name))) {
		p += strlen(name);
		if (!strncmp(p, "[] = {", 6))
			return next_line(p);
	}
	return NULL;
}

/* The line that ends the body that begins at @p. */
static const char *table_end(const char *p)
{
	for (; *p; p = next_line(p))
		if (*p == '}')
			return p;
	return NULL;
}

static bool is_terminator(const char *line)
{
	line = line + strspn(line, " \t");
	return *line == '{' && *blank(line + 1) == '}';
}

/* The offset of the line before @at if it has code without a comma at its end; otherwise 0. */
static size_t without_comma(const struct kernel_source *k, size_t at)
{
	const char *p = text_of(k) + at, *code;
	size_t n;

	while (p > text_of(k)) {
		p = line_start(k, p - 1);
		code = p + strspn(p, " \t");
		n = strcspn(code, "\n");
		while (n && (code[n - 1] == ' ' || code[n - 1] == '\t'))
			n--;
		if (!n || !strncmp(code, "/*", 2) || *code == '*' || !strncmp(code, "//", 2))
			continue;
		/* a comment after the comma */
		return memchr(code, ',', n) || code[n - 1] == '{' ? 0 : (size_t)(p - text_of(k));
	}
	return 0;
}

/* --- finding the tables --------------------------------------------------- */

/* "0x10ec0298, "ALC298"[, patch_alc269])": the chip's name and its probe function. */
static const char *find_entry(const struct kernel_source *k, uint32_t vendor_id, char *chip,
			      char *probe)
{
	const char *p;
	char id[16];

	snprintf(id, sizeof(id), "0x%08x", vendor_id);
	*probe = '\0';
	for (p = text_of(k); (p = strstr(p, id)); p += strlen(id)) {
		const char *line = line_start(k, p), *q;

		line += strspn(line, " \t");
		if (strncmp(line, "HDA_CODEC_", 10))
			continue;
		q = strchr(p, '"');
		if (!q || q > p + strcspn(p, "\n") || !get_word(q + 1, chip))
			continue;
		q = strchr(q + 1, '"');
		if (q && q[1] == ',')
			get_word(blank(q + 2), probe);
		return p;
	}
	return NULL;
}

/*
 * The three names in a call of snd_hda_pick_fixup(): models, quirks, fixups. With @models
 * only a call that has models: other calls choose by the vendor alone, or belong to old
 * families.
 */
static bool find_call(const char *text, const char *from, const char *to, bool models,
		      char names[3][KERNEL_NAME])
{
	const char *p = from;

	while ((p = find_word(text, p, "snd_hda_pick_fixup")) && p < to) {
		const char *q = strchr(p, '(');
		int i;

		p += 1;
		if (!q)
			return false;
		q = strchr(q, ',');	/* after the codec */
		for (i = 0; q && *q == ',' && i < 3; i++) {
			q = blank(q + 1);
			if (!get_word(q, names[i]))
				break;
			q = blank(q + strlen(names[i]));
		}
		if (i == 3 && (!models || strcmp(names[0], "NULL") != 0))
			return true;
	}
	return false;
}

/* The body of a function: from its name at the beginning of a definition to "\n}". */
static bool find_function(const struct kernel_source *k, const char *name, const char **from,
			  const char **to)
{
	const char *p = text_of(k);

	while ((p = find_word(text_of(k), p, name))) {
		const char *line = line_start(k, p), *open;

		p += strlen(name);
		if (*p != '(' || strncmp(line, "static int ", 11))
			continue;
		open = p + strcspn(p, "{;");
		*to = strstr(p, "\n}");
		if (*open != '{' || !*to)
			continue;
		*from = open;
		return true;
	}
	return false;
}

static struct err *missing(const struct kernel_source *k, const char *what)
{
	return err_new(ERR_FORMAT, "%s: %s was not found: this is not the driver as hdadump knows it "
		       "(Linux 4.4 to 7.1)", k->path, what);
}

/* --- the places ----------------------------------------------------------- */

/* Moves before a comment directly above @p. */
static const char *above_comment(const struct kernel_source *k, const char *p)
{
	while (p > text_of(k)) {
		const char *line = line_start(k, p - 1), *code = line + strspn(line, " \t");

		if (strncmp(code, "/*", 2) && *code != '*' && strncmp(code, "//", 2))
			break;
		p = line;
	}
	return p;
}

static struct err *find_enum(struct kernel_source *k, const char *fixups)
{
	const char *p = find_table(k, fixups), *q, *end;
	char first[KERNEL_NAME];

	if (!p)
		return missing(k, fixups);
	end = table_end(p);
	if (!end)
		return missing(k, "the end of the fixups");
	k->fixups_end = (size_t)(end - text_of(k));
	k->fixups_comma = without_comma(k, k->fixups_end);
	p = strchr(p, '[');
	if (!p || p > end || !get_word(p + 1, first))
		return missing(k, "the first fixup");
	for (p = text_of(k); (p = strstr(p, "\nenum")); p = q) {
		p++;
		q = strchr(p, '{');
		end = q ? table_end(next_line(q)) : NULL;
		if (!end)
			break;
		q = find_word(text_of(k), p, first);
		if (q && q < end) {
			k->functions = (size_t)(above_comment(k, p) - text_of(k));
			k->enum_end = (size_t)(end - text_of(k));
			k->enum_comma = without_comma(k, k->enum_end);
			return NULL;
		}
		q = end;
	}
	return missing(k, "the enum of the fixups");
}

/* "\tSND_PCI_QUIRK(0x144d, 0xc870, "name", FIXUP)," */
static bool get_quirk(const char *line, uint32_t *vendor, uint32_t *device, char *fixup)
{
	char *end;
	const char *p = line + strspn(line, " \t"), *eol = line + strcspn(line, "\n");

	if (strncmp(p, "SND_PCI_QUIRK(", 14) && strncmp(p, "HDA_CODEC_QUIRK(", 16))
		return false;
	p = strchr(p, '(') + 1;
	*vendor = (uint32_t)strtoul(p, &end, 0);
	if (end == p || *end != ',')
		return false;
	p = blank(end + 1);
	*device = (uint32_t)strtoul(p, &end, 0);
	if (end == p || *end != ',' || end > eol)
		return false;
	/* the last word of the call */
	p = eol;
	while (p > end && *p != ')')
		p--;
	while (p > end && is_word(p[-1]))
		p--;
	return get_word(p, fixup);
}

/* True for a row that matches many of a vendor's machines: a row after it would not be reached. */
static bool is_for_many(const char *line, uint32_t wanted)
{
	const char *p = line + strspn(line, " \t");

	if (strncmp(p, "SND_PCI_QUIRK_VENDOR(", 21) && strncmp(p, "SND_PCI_QUIRK_MASK(", 19))
		return false;
	return strtoul(strchr(p, '(') + 1, NULL, 0) == wanted;
}

static struct err *find_quirk(struct kernel_source *k, const char *quirks, uint32_t subsystem)
{
	const char *p = find_table(k, quirks), *end = p ? table_end(p) : NULL;
	const char *same = NULL, *place = NULL;
	uint32_t vendor, device;
	char fixup[KERNEL_NAME];

	if (!end)
		return missing(k, quirks);
	for (; p < end && *p != '#' && !is_terminator(p); p = next_line(p)) {
		if (!place && is_for_many(p, subsystem >> 16))
			place = p;
		if (!get_quirk(p, &vendor, &device, fixup))
			continue;
		if (vendor == subsystem >> 16 && device == (subsystem & 0xffff))
			memcpy(k->known, fixup, sizeof(fixup));
		/*
		 * before the first larger id of its vendor, or a row for many machines;
		 * otherwise after its last one
		 */
		if (vendor == subsystem >> 16) {
			same = next_line(p);
			if (!place && device > (subsystem & 0xffff))
				place = p;
		}
	}
	if (!place)
		place = same;
	if (!place) {
		/* a new vendor: before the first larger one, or at the end */
		const char *stop = p;

		place = stop;
		for (p = find_table(k, quirks); p < stop; p = next_line(p)) {
			if (get_quirk(p, &vendor, &device, fixup) && vendor > subsystem >> 16) {
				place = p;
				break;
			}
		}
	}
	k->quirk = (size_t)(place - text_of(k));
	return NULL;
}

static struct err *find_models(struct kernel_source *k, const char *models)
{
	const char *p = find_table(k, models), *end = p ? table_end(p) : NULL;

	if (!end)
		return missing(k, models);
	while (p < end && !is_terminator(p))
		p = next_line(p);
	k->models_end = (size_t)(p - text_of(k));
	return NULL;
}

struct err *kernel_source_find(struct kernel_source *k, uint32_t vendor_id, uint32_t subsystem)
{
	char probe[KERNEL_NAME], names[3][KERNEL_NAME];
	const char *from, *to;
	struct err *e;

	if (k->text.len && strlen(text_of(k)) != k->text.len)
		return err_new(ERR_FORMAT, "%s is not a source file: it contains a NUL", k->path);
	from = find_entry(k, vendor_id, k->chip, probe);
	if (!from)
		return err_new(ERR_FORMAT, "%s: the driver does not know codec 0x%08x", k->path,
			       vendor_id);
	from = text_of(k);
	to = from + k->text.len;
	if (*probe && !find_function(k, probe, &from, &to))
		return missing(k, probe);
	if (!find_call(text_of(k), from, to, true, names) &&
	    !find_call(text_of(k), from, to, false, names))
		return err_new(ERR_FORMAT, "%s: the driver has no fixups for codec 0x%08x", k->path,
			       vendor_id);
	e = find_enum(k, names[2]);
	if (!e)
		e = find_quirk(k, names[1], subsystem);
	k->models_end = 0;
	if (!e && strcmp(names[0], "NULL") != 0)
		e = find_models(k, names[0]);
	k->codec_quirks = kernel_source_has(k, "HDA_CODEC_QUIRK");
	return e;
}

/* --- reading -------------------------------------------------------------- */

static struct err *read_file(const char *path, struct buf *b)
{
	struct err *e;

	buf_clear(b);
	e = slurp(path, SOURCE_MAX, "driver", b);
	if (!e)
		buf_str(b);
	return e ? e : buf_err(b);
}

static const char *const trees[] = { "sound/hda/codecs/realtek", "sound/pci/hda", NULL };

/* Checks whether the file is the driver of that codec. */
static struct err *try_file(const char *path, const char *in_tree, uint32_t vendor_id,
			    struct kernel_source *k, bool *found)
{
	char probe[KERNEL_NAME];
	struct err *e = read_file(path, &k->text);

	if (e)
		return e;
	*found = find_entry(k, vendor_id, k->chip, probe) != NULL;
	snprintf(k->path, sizeof(k->path), "%s", in_tree);
	return NULL;
}

static struct err *try_folder(const char *folder, const char *in_tree, uint32_t vendor_id,
			      struct kernel_source *k, bool *found)
{
	struct err *e = NULL;
	struct dirent *d;
	DIR *dir = opendir(folder);

	if (!dir)
		return NULL;
	while (!e && !*found && (d = readdir(dir))) {
		size_t n = strlen(d->d_name);
		char path[PATH_MAX], tree[128];

		if (n < 3 || strcmp(d->d_name + n - 2, ".c") ||
		    (strncmp(d->d_name, "patch_realtek", 13) && strncmp(d->d_name, "alc", 3)) ||
		    snprintf(path, sizeof(path), "%s/%s", folder, d->d_name) >= PATH_MAX ||
		    snprintf(tree, sizeof(tree), "%s/%s", in_tree, d->d_name) >= (int)sizeof(tree))
			continue;
		e = try_file(path, tree, vendor_id, k, found);
	}
	closedir(dir);
	return e;
}

struct err *kernel_source_open(const char *folder, uint32_t vendor_id, uint32_t subsystem,
			       struct kernel_source *k)
{
	bool found = false;
	struct err *e = NULL;
	struct stat st;

	if (stat(folder, &st) < 0)
		return err_sys(errno, "%s", folder);
	for (unsigned int i = 0; !e && !found && trees[i]; i++) {
		char path[PATH_MAX];

		if (snprintf(path, sizeof(path), "%s/%s", folder, trees[i]) < PATH_MAX)
			e = try_folder(path, trees[i], vendor_id, k, &found);
	}
	if (!e && !found)
		return err_new(ERR_FAIL, "%s has no Realtek driver for codec 0x%08x: it should "
			       "be the top of a kernel's source, with sound/pci/hda/patch_realtek.c "
			       "or sound/hda/codecs/realtek/", folder, vendor_id);
	return e ? e : kernel_source_find(k, vendor_id, subsystem);
}
