// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/trace_lines.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/text.h"

#define NAME_MAX_BYTES 256

struct err *trace_out_init(struct trace_out *t, int fd)
{
	*t = (struct trace_out){ 0 };
	return out_init(&t->out, fd);
}

void trace_out_deinit(struct trace_out *t)
{
	for (unsigned int i = 0; i < EVENT_MAX_CTRL; i++)
		free(t->name[i]);
	out_deinit(&t->out);
}

static char *put_hex(char *p, uint64_t v)
{
	p = put_lit(p, "0x");
	return text_hex(p, v, v ? (unsigned int)(67 - __builtin_clzll(v)) / 4 : 1);
}

/* `PID@SEC.USEC:`, the form of QEMU 2.3 to 5.2; the process is unknown, so PID is constant. */
static char *put_time(char *p, int64_t time)
{
	uint64_t us;

	if (time == EVENT_TIME_NONE || time < 0)
		return p;
	us = (uint64_t)time / 1000;
	p = put_lit(p, "0@");
	p = text_dec(p, us / 1000000);
	*p++ = '.';
	us %= 1000000;
	for (unsigned int i = 6; i-- > 0; us /= 10)
		p[i] = (char)('0' + us % 10);
	p += 6;
	*p++ = ':';
	return p;
}

/* Makes a name that the reader takes as one word. */
static struct err *learn_name(struct trace_out *t, const struct event *ev)
{
	size_t len = ev->len < NAME_MAX_BYTES ? ev->len : NAME_MAX_BYTES;
	char *name = malloc(len + 1);

	if (!name)
		return err_nomem();
	for (size_t i = 0; i < len; i++) {
		char c = ((const char *)ev->data)[i];

		name[i] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			  (c >= 'A' && c <= 'Z') || c == ':' || c == '.' || c == '-' || c == '_' ?
			  c : '_';
	}
	name[len] = '\0';
	free(t->name[ev->ctrl]);
	t->name[ev->ctrl] = name;
	return NULL;
}

static struct err *put_access(struct trace_out *t, const struct event *ev)
{
	bool write = ev->kind == EV_MMIO_WRITE;
	char *p;
	struct err *e = out_room(&t->out, &p);

	if (e)
		return e;
	p = put_time(p, ev->time);
	p = put_str(p, write ? "vfio_region_write  (" : "vfio_region_read  (");
	p = put_str(p, t->name[ev->ctrl] ? t->name[ev->ctrl] : "0000:00:00.0");
	p = put_lit(p, ":region");
	p = text_dec(p, ev->bar);
	*p++ = '+';
	p = put_hex(p, ev->addr);
	p = put_lit(p, ", ");
	if (write) {
		p = put_hex(p, ev->value);
		p = put_lit(p, ", ");
	}
	p = text_dec(p, ev->width);
	*p++ = ')';
	if (!write) {
		p = put_lit(p, " = ");
		p = put_hex(p, ev->value);
	}
	*p++ = '\n';
	out_took(&t->out, p);
	t->lines++;
	return NULL;
}

struct err *trace_out_put(struct trace_out *t, const struct event *ev)
{
	if (ev->ctrl >= EVENT_MAX_CTRL)
		return NULL;
	switch (ev->kind) {
	case EV_MMIO_READ:
	case EV_MMIO_WRITE:
		return put_access(t, ev);
	case EV_CONTROLLER:
		return learn_name(t, ev);
	case EV_HORIZON:
	case EV_NOMEM:
		return NULL;	/* the reader of a log knows this itself */
	default:
		t->left_out++;
		return NULL;
	}
}
