// SPDX-License-Identifier: GPL-2.0-or-later
#include "dump/proc_clean.h"

#include <string.h>

#include "base/bits.h"

/* The longest tag, with its attributes. */
#define TAG_MAX 256
/* From "Node 0x" to the type of the widget, with entities between. */
#define NEAR 64

struct change {
	const char *from, *to;
};

/* Longer ones stand before their own beginnings. */
static const struct change entities[] = {
	{ "&lt;", "<" }, { "&gt;", ">" }, { "&amp;", "&" }, { "&quot;", "\"" }, { "&apos;", "'" },
	{ "&nbsp;", " " }, { "&#160;", " " }, { "&#xa0;", " " }, { "&#xA0;", " " },
	{ "&#32;", " " }, { "&#x20;", " " }, { "&#34;", "\"" }, { "&#x22;", "\"" },
	{ "&#39;", "'" }, { "&#039;", "'" }, { "&#x27;", "'" }, { "&#60;", "<" },
	{ "&#x3c;", "<" }, { "&#x3C;", "<" }, { "&#62;", ">" }, { "&#x3e;", ">" },
	{ "&#x3E;", ">" }, { "&#38;", "&" }, { "&#x26;", "&" }, { "&#91;", "[" },
	{ "&#x5b;", "[" }, { "&#x5B;", "[" }, { "&#93;", "]" }, { "&#x5d;", "]" },
	{ "&#x5D;", "]" }, { "&#61;", "=" }, { "&#x3d;", "=" }, { "&#x3D;", "=" },
	{ "&#58;", ":" }, { "&#x3a;", ":" }, { "&#x3A;", ":" }, { "&#9;", "\t" },
	{ "&lsqb;", "[" }, { "&rsqb;", "]" }, { "&lbrack;", "[" }, { "&rbrack;", "]" },
	{ "&equals;", "=" }, { "&colon;", ":" }, { "&num;", "#" }, { "&lowbar;", "_" },
	{ "&ldquo;", "\"" }, { "&rdquo;", "\"" }, { "&ensp;", " " }, { "&emsp;", " " },
	{ "&thinsp;", " " }, { "&Tab;", "\t" },
};

/* Blanks, and marks without a width, in UTF-8; the last row is Latin 1. */
static const struct change blanks[] = {
	{ "\xc2\xa0", " " }, { "\xe2\x80\xaf", " " }, { "\xe3\x80\x80", " " },
	{ "\xe2\x80\x80", " " }, { "\xe2\x80\x81", " " }, { "\xe2\x80\x82", " " },
	{ "\xe2\x80\x83", " " }, { "\xe2\x80\x84", " " }, { "\xe2\x80\x85", " " },
	{ "\xe2\x80\x86", " " }, { "\xe2\x80\x87", " " }, { "\xe2\x80\x88", " " },
	{ "\xe2\x80\x89", " " }, { "\xe2\x80\x8a", " " }, { "\xe2\x80\x8b", "" },
	{ "\xe2\x80\x8e", "" }, { "\xe2\x80\x8f", "" }, { "\xef\xbb\xbf", "" },
	{ "\xe2\x80\x9c", "\"" }, { "\xe2\x80\x9d", "\"" }, { "\xa0", " " },
};

/* The tags around a text that was copied from a page's source. */
static const char *const tags[] = {
	"pre", "code", "p", "div", "span", "blockquote", "font", "tt", "td", "tr", "table", "tbody",
	"b", "i", "body", "html", "details", "summary", "samp", "li", "ol", "ul",
};

/* The same of a forum. */
static const char *const forum_tags[] = {
	"[code]", "[/code]", "[quote]", "[/quote]", "[pre]", "[/pre]", "[spoiler]", "[/spoiler]",
	"[CODE]", "[/CODE]", "[QUOTE]", "[/QUOTE]", "[SPOILER]", "[/SPOILER]",
};

static bool apply(struct reader *r, const struct change *rows, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		if (reader_lit(r, rows[i].from)) {
			buf_adds(out, rows[i].to);
			return true;
		}
	}
	return false;
}

static bool is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Moves past the name of a tag if it is @name, in either case. */
static bool tag_is(struct reader r, const char *name)
{
	for (; *name; name++, r.p++)
		if (r.p == r.end || (*r.p | 0x20) != *name)
			return false;
	return r.p < r.end && !is_letter(*r.p);
}

/* Moves past one tag that is known; *line is true if it begins a new line. */
static bool get_tag(struct reader *r, bool *line)
{
	struct reader t = *r;
	const uint8_t *close;
	bool known;

	if (!reader_lit(&t, "<"))
		return false;
	reader_lit(&t, "/");
	close = memchr(t.p, '>', reader_left(&t) < TAG_MAX ? reader_left(&t) : TAG_MAX);
	if (!close || memchr(t.p, '\n', (size_t)(close - t.p)))
		return false;
	known = *line = tag_is(t, "br");
	for (size_t i = 0; i < ARRAY_SIZE(tags) && !known; i++)
		known = tag_is(t, tags[i]);
	if (known)
		r->p = close + 1;
	return known;
}

static bool get_forum_tag(struct reader *r)
{
	for (size_t i = 0; i < ARRAY_SIZE(forum_tags); i++)
		if (reader_lit(r, forum_tags[i]))
			return true;
	return false;
}

/* A blank of Latin 1 is no part of a character of UTF-8. */
static bool is_blank_at(const struct reader *text, const uint8_t *p)
{
	return *p != 0xa0 || p == text->p || p[-1] < 0x80;
}

bool proc_needs_clean(struct reader text)
{
	struct buf none = { 0 };
	bool found = false, line;

	for (struct reader r = text; !found && r.p < r.end; r.p++) {
		struct reader at = r;

		if (*r.p == '&')
			found = apply(&at, entities, ARRAY_SIZE(entities), &none);
		else if (*r.p == '<')
			found = get_tag(&at, &line);
		else if (*r.p == '[')
			found = get_forum_tag(&at);
		else if (*r.p >= 0x80 && is_blank_at(&text, r.p))
			found = apply(&at, blanks, ARRAY_SIZE(blanks), &none);
	}
	buf_deinit(&none);
	return found;
}

/* A new line for a tag, unless the text has one there. */
static void break_line(struct reader *r, struct buf *out)
{
	struct reader after = *r;

	reader_skip_space(&after);
	if (after.p < after.end && *after.p != '\n' && *after.p != '\r')
		buf_addc(out, '\n');
}

void proc_clean(struct reader text, struct buf *out)
{
	struct reader r = text;
	bool line;

	while (r.p < r.end) {
		if (*r.p == '&' && apply(&r, entities, ARRAY_SIZE(entities), out))
			continue;
		if (*r.p == '<' && get_tag(&r, &line)) {
			if (line)
				break_line(&r, out);
			continue;
		}
		if (*r.p == '[' && get_forum_tag(&r))
			continue;
		if (*r.p >= 0x80 && is_blank_at(&text, r.p) &&
		    apply(&r, blanks, ARRAY_SIZE(blanks), out))
			continue;
		buf_addc(out, *r.p++);
	}
}

/* --- line numbers -------------------------------------------------------- */

bool proc_unnumber(struct reader *line, uint64_t *last)
{
	struct reader r = *line;
	uint64_t n;

	reader_skip_space(&r);
	reader_lit(&r, "#");
	if (!reader_dec(&r, &n) || n <= *last || n > UINT32_MAX)
		return false;
	if (r.p < r.end && !memchr(" \t:.)|-+", *r.p, 8))
		return false;
	if (r.p < r.end && *r.p != ' ' && *r.p != '\t')
		r.p++;
	reader_skip_space(&r);
	if (r.p < r.end && *r.p == '|')
		r.p++;
	*last = n;
	*line = r;
	return true;
}

/* The beginnings of lines that every dump has. */
static bool is_key(struct reader r)
{
	reader_skip_space(&r);
	return reader_lit(&r, "Codec:") || reader_lit(&r, "Vendor Id:") ||
	       reader_lit(&r, "Vendor ID:") || reader_lit(&r, "Node 0x");
}

bool proc_is_numbered(struct reader text)
{
	struct reader line;

	while (reader_line(&text, &line)) {
		uint64_t last = 0;

		if (is_key(line))
			return false;
		if (proc_unnumber(&line, &last) && is_key(line))
			return true;
	}
	return false;
}

/* --- separators ---------------------------------------------------------- */

/* "user@host:~$ cat codec#0", "[user@host ~]# " or "$ cat ...": a shell's line in a terminal. */
static bool is_prompt(struct reader r)
{
	const uint8_t *blank, *at;

	if (reader_lit(&r, "$ ") || reader_lit(&r, "# ") || reader_lit(&r, "% "))
		return true;
	blank = memchr(r.p, ' ', reader_left(&r));
	at = memchr(r.p, '@', blank ? (size_t)(blank - r.p) : reader_left(&r));
	if (!at)
		return false;
	for (r.p = at; r.p < r.end; r.p++)
		if (memchr("$#%", *r.p, 3) && (r.p + 1 == r.end || r.p[1] == ' '))
			return true;
	return false;
}

bool proc_is_separator(struct reader r)
{
	uint8_t c;
	size_t n = 0;

	reader_skip_space(&r);
	if (reader_lit(&r, "==> ") || is_prompt(r))
		return true;
	if (!reader_left(&r) || !memchr("`=-~_*#+", *r.p, 8))
		return false;
	for (c = *r.p; r.p < r.end && *r.p == c; r.p++)
		n++;
	return n >= 3;
}

/* --- recognising --------------------------------------------------------- */

/* True if the line that contains @at is a comment of a list, a script or C. */
static bool in_comment(const uint8_t *head, const uint8_t *at)
{
	const uint8_t *p = at;

	while (p > head && p[-1] != '\n' && p[-1] != '\r')
		p--;
	while (p < at && (*p == ' ' || *p == '\t'))
		p++;
	if (p == at)
		return false;
	if (p + 1 < at && p[0] == '#' && p[1] >= '0' && p[1] <= '9')
		return false;	/* a line's number */
	return memchr("#;*/", *p, 4) != NULL || (at - p >= 5 && memcmp(p, "echo ", 5) == 0);
}

/* With @near, this byte follows within NEAR bytes. */
static bool has_mark(const uint8_t *head, size_t len, const char *mark, char near)
{
	const uint8_t *p = head, *end = head + len;

	while (p < end && (p = memmem(p, (size_t)(end - p), mark, strlen(mark)))) {
		size_t left = (size_t)(end - p) < NEAR ? (size_t)(end - p) : NEAR;
		const uint8_t *lf = memchr(p, '\n', left);

		if (!in_comment(head, p) &&
		    (!near || memchr(p, near, lf ? (size_t)(lf - p) : left)))
			return true;
		/* on to the next line */
		p = memchr(p, '\n', (size_t)(end - p));
		if (!p)
			break;
	}
	return false;
}

bool proc_has_node(const void *head, size_t len)
{
	static const char *const marks[] = {
		"Node 0x", "Node\xc2\xa0" "0x", "Node&nbsp;0x", "Node&#160;0x",
	};

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		/* its type follows: a heading "Node 0x20" above coefficients is no dump */
		if (len && has_mark(head, len, marks[i], '['))
			return true;
	return false;
}

bool proc_is_dump(const void *head, size_t len)
{
	static const char *const marks[] = {
		"Codec: ", "Codec:\xc2\xa0", "Codec:&nbsp;", "Codec:&#160;", "!!HDA-Intel Codec",
		"Vendor Id: 0x", "Vendor ID: 0x", "Vendor Id:\302\2400x", "Vendor Id:&nbsp;0x",
	};

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (len && has_mark(head, len, marks[i], 0))
			return true;
	return proc_has_node(head, len);
}
