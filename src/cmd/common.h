/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What several commands share: choosing a sink, the summary. */
#ifndef HDADUMP_CMD_COMMON_H
#define HDADUMP_CMD_COMMON_H

#include <stdbool.h>

#include "event/names.h"
#include "print/xact_text.h"
#include "qemu/guest_memory.h"

struct err;
struct pipeline;
struct sink;

enum show_format { FORMAT_TEXT, FORMAT_JSON };

enum show_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct show_options {
	int fd;
	enum show_format format;
	enum show_color color;
	enum text_time time;
	bool raw;
};

struct err *show_parse_time(const char *text, struct show_options *o);
struct err *show_parse_color(const char *text, struct show_options *o);

struct err *show_parse_format(const char *text, struct show_options *o);
/* Colour and width follow the terminal, if @o->fd is one. @names must outlive the sink. */
struct err *show_create_sink(const struct show_options *o, struct ctrl_names *names,
			     struct sink **out);

/* auto, process or monitor */
struct err *parse_memory_route(const char *text, enum memory_route *route);

/* text or json, of --format */
struct err *parse_json(const char *text, bool *json);
/* As strtoull() with base 0. */
struct err *parse_address(const char *text, uint64_t *address);
/* A codec's address, 0 to 14, of --address. */
struct err *parse_cad(const char *text, int *cad);

/* The summary, on standard error.  @route and @file may be NULL. */
void summary_print(const struct pipeline *p, const char *route, const char *file);

/* Prints and frees @e, and gives the exit status: 0, 1, 2 or 3. */
int exit_status(struct err *e, const struct pipeline *p);

#endif
