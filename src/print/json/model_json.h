/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model as JSON; docs/json-codec.md is its schema.  Everything the model
 * knows is in it, and nothing that it does not know.
 */
#ifndef HDADUMP_PRINT_JSON_MODEL_JSON_H
#define HDADUMP_PRINT_JSON_MODEL_JSON_H

struct buf;
struct codec_model;
struct err;
struct json_object;
struct model_list;

/* A new object, owned by the caller; NULL without memory. */
struct json_object *model_to_json(const struct codec_model *m);

/* The codecs of @l at @addresses (flow/filter.h), and how they were read. */
struct err *model_list_json(const struct model_list *l, uint16_t addresses, struct buf *out);

#endif
