/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints a model as JSON; docs/json-codec.md is its schema. It contains everything that the
 * model knows, and nothing unknown.
 */
#ifndef HDADUMP_PRINT_JSON_MODEL_JSON_H
#define HDADUMP_PRINT_JSON_MODEL_JSON_H

struct buf;
struct codec_model;
struct err;
struct json_object;
struct model_list;

/* A new object, owned by the caller; NULL if memory ran out. */
struct json_object *model_to_json(const struct codec_model *m);

/* The codecs of @l at @addresses (flow/filter.h), and the notes about reading them. */
struct err *model_list_json(const struct model_list *l, uint16_t addresses, struct buf *out);

#endif
