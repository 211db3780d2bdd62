/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model as JSON; docs/json-codec.md is its schema.  Everything the model
 * knows is in it, and nothing that it does not know.
 */
#ifndef HDADUMP_PRINT_MODEL_JSON_H
#define HDADUMP_PRINT_MODEL_JSON_H

struct codec_model;
struct json_object;

/* A new object, owned by the caller; NULL without memory. */
struct json_object *model_to_json(const struct codec_model *m);

#endif
