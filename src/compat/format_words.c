// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat/format_words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bits.h"
#include "base/err.h"
#include "base/log.h"
#include "base/out.h"
#include "codec/decode.h"
#include "event/event.h"
#include "hda/xact.h"
#include "input/frames/frameset.h"
#include "print/render.h"

#define BLOCK 65536		/* bytes; a multiple of a line's 16 bytes and of a frame */

struct format_words {
	enum format_words_form form;
	struct out out;
	struct decoder *dec;
	struct decoded d;
	uint64_t at;		/* address of the next byte */
};

enum format_words_form format_words_form_of(const char *path)
{
	const char *name = strrchr(path, '/');
	bool rirb;

	name = name ? name + 1 : path;
	if (frame_name_parse(name, NULL, &rirb) != FRAME_NONE)
		return rirb ? WORDS_RESPONSES : WORDS_FRAME;
	return strstr(name, "RIRB") || strstr(name, "rirb") ? WORDS_RESPONSES : WORDS_VERBS;
}

static char *put_address(const struct format_words *w, char *p)
{
	p = put_lit(p, "0x");
	p = text_hex(p, w->at, w->at > UINT32_MAX ? 16 : 8);
	*p++ = ':';
	return p;
}

static char *put_word(char *p, uint32_t word)
{
	p = put_lit(p, " 0x");
	return text_hex(p, word, 8);
}

static char *put_verb(struct format_words *w, char *p, uint32_t word)
{
	const struct xact x = {
		.kind = XACT_CORB, .verb = word, .has_verb = true, .cad = (uint8_t)(word >> 28),
		.t_verb = EVENT_TIME_NONE, .t_resp = EVENT_TIME_NONE,
	};
	struct decoded *d = &w->d;

	/* no verb is zero: this place was never written */
	if (!word)
		return p;
	codec_decode(w->dec, &x, d);
	p = put_lit(p, "  ");
	p = text_dec(p, d->verb.cad);
	*p++ = ':';
	p = text_hex(p, d->verb.nid, 2);
	p = put_lit(p, "  ");
	if (d->name) {
		p = put_str(p, d->name);
	} else {
		p = put_lit(p, "VERB_");
		p = text_hex(p, d->verb.wide ? d->verb.id >> 8 : d->verb.id, d->verb.wide ? 1 : 3);
	}
	*p++ = '(';
	if (d->req.n || d->req.word || d->dir != DIR_GET)
		p = put_fields(p, &d->req);
	*p++ = ')';
	return p;
}

static char *put_response(struct format_words *w, char *p, uint32_t resp, uint32_t ex)
{
	const struct xact x = {
		.kind = ex & 0x10 ? XACT_UNSOL : XACT_SPURIOUS, .resp = resp, .resp_ex = ex,
		.has_resp = true, .cad = ex & 0xf, .t_verb = EVENT_TIME_NONE,
		.t_resp = EVENT_TIME_NONE,
	};

	p = put_lit(p, "  ");
	p = text_dec(p, x.cad);
	if (x.kind != XACT_UNSOL)
		return put_lit(p, ":    response");
	codec_decode(w->dec, &x, &w->d);
	p = put_lit(p, ":    unsolicited ");
	return put_fields(p, &w->d.resp);
}

/* The form of the word at the current address. */
static enum format_words_form form_at(const struct format_words *w)
{
	if (w->form != WORDS_FRAME)
		return w->form;
	if (w->at < 0x400)
		return WORDS_VERBS;
	return w->at >= FRAME_RIRB && w->at < FRAME_BYTES ? WORDS_RESPONSES : WORDS_PLAIN;
}

/* Prints one line, of at most @left bytes, which are whole words; *used = bytes printed. */
static struct err *put_line(struct format_words *w, const uint8_t *data, size_t left, size_t *used)
{
	enum format_words_form form = form_at(w);
	struct err *e;
	char *p;

	*used = form == WORDS_VERBS ? 4 : form == WORDS_RESPONSES ? 8 : 16;
	if (*used > left)
		*used = left;
	e = out_room(&w->out, &p);
	if (e)
		return e;
	p = put_address(w, p);
	for (size_t i = 0; i < *used; i += 4)
		p = put_word(p, load_le32(data + i));
	if (form == WORDS_VERBS)
		p = put_verb(w, p, load_le32(data));
	else if (form == WORDS_RESPONSES && *used == 8)
		p = put_response(w, p, load_le32(data), load_le32(data + 4));
	*p++ = '\n';
	out_took(&w->out, p);
	w->at += *used;
	return NULL;
}

/* Prints all whole lines of @data, or everything if it is the last block; *done = bytes printed. */
static struct err *put_block(struct format_words *w, const uint8_t *data, size_t len, bool last,
			     size_t *done)
{
	struct err *e = NULL;
	size_t used;

	*done = 0;
	while (!e && len - *done >= (last ? 4u : 16u)) {
		e = put_line(w, data + *done, (len - *done) & ~(size_t)3, &used);
		*done += used;
	}
	return e;
}

struct err *format_words_show(int fd, const char *name, enum format_words_form form, int out_fd)
{
	struct format_words *w = calloc(1, sizeof(*w));
	uint8_t *data = malloc(BLOCK);
	size_t have = 0, done;
	struct err *e = w && data ? NULL : err_nomem();
	ssize_t n = 1;

	if (!e) {
		w->form = form;
		e = decoder_create(&w->dec);
	}
	if (!e)
		e = out_init(&w->out, out_fd);
	while (!e && n) {
		n = read(fd, data + have, BLOCK - have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			e = err_sys(errno, "%s", name);
			break;
		}
		have += (size_t)n;
		e = put_block(w, data, have, n == 0, &done);
		memmove(data, data + done, have - done);
		have -= done;
	}
	if (!e)
		e = out_flush(&w->out);
	if (!e && have)
		log_warn("%s ends inside a word: %zu byte%s left out", name, have,
			 have == 1 ? " is" : "s are");
	if (w) {
		decoder_destroy(w->dec);
		out_deinit(&w->out);
	}
	free(w);
	free(data);
	return e;
}
