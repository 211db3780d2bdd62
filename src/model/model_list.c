// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/model_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/vec.h"

#define NOTE_TEXT 200

void model_list_deinit(struct model_list *l)
{
	for (uint32_t i = 0; i < l->n; i++)
		model_destroy(l->v[i]);
	for (uint32_t i = 0; i < l->nnotes; i++)
		free(l->notes[i].text);
	free(l->v);
	free(l->notes);
	*l = (struct model_list){ 0 };
}

struct codec_model *model_list_add(struct model_list *l, enum model_origin origin)
{
	struct codec_model *m;
	struct err *e;

	if (l->n >= MODEL_MAX_CODECS)
		return NULL;
	if (!vec_more(l->v, l->n))
		return NULL;
	e = model_create(origin, &m);
	if (e) {
		err_free(e);
		return NULL;
	}
	l->v[l->n++] = m;
	return m;
}

bool model_list_note(struct model_list *l, enum model_note_kind kind, uint32_t line,
		     uint32_t last, const void *text, size_t len, const char *why)
{
	char *copy;

	l->left += kind == NOTE_LEFT;
	if (l->nnotes >= MODEL_MAX_NOTES)
		return true;
	if (!vec_more(l->notes, l->nnotes))
		return false;
	len = len < NOTE_TEXT ? len : NOTE_TEXT;
	copy = malloc(len + 1);
	if (!copy)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = ((const char *)text)[i];

		copy[i] = c ? c : '?';
	}
	copy[len] = '\0';
	l->notes[l->nnotes++] = (struct model_note){ kind, line, last, copy, why };
	return true;
}

const char *model_note_kind_name(enum model_note_kind kind)
{
	static const char *const names[] = { "left", "outside", "differs", "mended" };

	return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : "unknown";
}

const struct codec_model *model_list_of(const struct model_list *l, uint32_t vendor_id)
{
	if (!vendor_id)
		return l->n == 1 ? l->v[0] : NULL;
	for (uint32_t i = 0; i < l->n; i++)
		if (model_vendor_id(l->v[i]) == vendor_id)
			return l->v[i];
	return NULL;
}
