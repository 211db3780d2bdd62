// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/list_head.h"

#include <string.h>

static void trim(struct reader *r)
{
	reader_skip_space(r);
	while (r->p < r->end && (r->end[-1] == ' ' || r->end[-1] == '\t' || r->end[-1] == '\r'))
		r->end--;
}

/* Copies as much as fits, without NULs. */
static void copy(char *to, size_t room, struct reader text)
{
	size_t n = 0;

	trim(&text);
	for (; text.p < text.end && n + 1 < room; text.p++)
		to[n++] = *text.p ? (char)*text.p : '?';
	to[n] = '\0';
}

/* The next item of "a, b, c"; false if there is none. */
static bool get_item(struct reader *r, struct reader *item)
{
	const uint8_t *comma;

	if (!reader_left(r))
		return false;
	comma = memchr(r->p, ',', reader_left(r));
	*item = *r;
	if (comma)
		item->end = comma;
	r->p = comma ? comma + 1 : r->end;
	trim(item);
	return true;
}

/* A 32-bit number after @key; false changes nothing. */
static bool get_u32(struct reader item, const char *key, uint32_t *v)
{
	uint64_t n;

	if (!reader_lit(&item, key))
		return false;
	reader_skip_space(&item);
	if (!reader_num(&item, &n) || reader_left(&item) || n > UINT32_MAX)
		return false;
	*v = (uint32_t)n;
	return true;
}

/* "20:1b 20:4a": NID and coefficient */
static void get_commands(struct reader r, struct list_codec *c)
{
	uint64_t nid, coef;

	for (; c->n_commands < LIST_COMMANDS; reader_skip_space(&r)) {
		if (!reader_hex(&r, &nid) || !reader_lit(&r, ":") || !reader_hex(&r, &coef) ||
		    nid > 0xff || coef > 0xffff)
			return;
		c->commands[c->n_commands].nid = (uint8_t)nid;
		c->commands[c->n_commands++].coef = (uint16_t)coef;
	}
}

/* "address 0, vendor 0x10ec0298, subsystem 0x144dc870, name Realtek ALC298" */
static void get_codec(struct reader r, struct list_head *h)
{
	struct list_codec c = { .named = true };
	struct reader item;
	uint32_t address = 0;
	bool any = false;	/* otherwise it is a comment in words */

	while (get_item(&r, &item)) {
		if (get_u32(item, "address", &address) || get_u32(item, "vendor", &c.vendor_id) ||
		    get_u32(item, "subsystem", &c.subsystem_id) ||
		    get_u32(item, "pci-subsystem", &c.pci_subsystem)) {
			any = true;
			continue;
		}
		if (reader_lit(&item, "name "))
			copy(c.name, sizeof(c.name), item);
		else if (reader_lit(&item, "commands "))
			get_commands(item, &c);
	}
	if (any && address < LIST_CODECS)
		h->codec[address] = c;
}

bool list_update_read(struct reader text, struct list_update *out)
{
	uint32_t mask = UINT32_MAX, old = UINT32_MAX;
	struct reader item;

	trim(&text);
	while (get_item(&text, &item))
		if (!get_u32(item, "mask", &mask))
			get_u32(item, "was", &old);
	*out = (struct list_update){ .mask = (uint16_t)mask, .old = (uint16_t)old };
	return mask <= 0xffff && old <= 0xffff;
}

static void get_sha256(struct reader r, struct list_head *h)
{
	struct reader digits = r;

	trim(&digits);
	if (reader_left(&digits) != 64)
		return;
	for (const uint8_t *p = digits.p; p < digits.end; p++)
		if (!((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'f')))
			return;
	copy(h->sha256, sizeof(h->sha256), digits);
}

void list_head_read(struct reader text, struct list_head *out)
{
	struct reader line;

	memset(out, 0, sizeof(*out));
	while (reader_line(&text, &line)) {
		trim(&line);
		if (!reader_left(&line))
			continue;
		if (!reader_lit(&line, "#"))
			break;
		reader_skip_space(&line);
		/* other comments above it and between its lines are allowed */
		if (reader_lit(&line, LIST_MAGIC)) {
			out->is_list = true;
		} else if (!out->is_list) {
			continue;
		} else if (reader_lit(&line, "codec:")) {
			get_codec(line, out);
		} else if (reader_lit(&line, "controller:")) {
			copy(out->controller, sizeof(out->controller), line);
		} else if (reader_lit(&line, "from:")) {
			copy(out->from, sizeof(out->from), line);
		} else if (reader_lit(&line, "sha256:")) {
			get_sha256(line, out);
		} else if (reader_lit(&line, "made by:")) {
			copy(out->made, sizeof(out->made), line);
		}
	}
}

uint8_t list_first(const struct list_head *h)
{
	for (uint8_t i = 0; i < LIST_CODECS; i++)
		if (h->codec[i].named)
			return i;
	return 0;
}
