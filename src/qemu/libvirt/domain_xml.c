// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/libvirt/domain_xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/err.h"

#define NAMESPACE " xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"
#define PROPERTY "<qemu:property name='x-no-mmap' type='bool' value='true'/>"

/* --- reading ---------------------------------------------------------------------- */

static xmlNode *child(xmlNode *of, const char *name)
{
	xmlNode *n = of ? of->children : NULL;

	while (n && (n->type != XML_ELEMENT_NODE || strcmp((const char *)n->name, name) != 0))
		n = n->next;
	return n;
}

static bool attribute_is(xmlNode *n, const char *name, const char *value)
{
	xmlChar *v = n ? xmlGetProp(n, (const xmlChar *)name) : NULL;
	bool is = v && strcmp((const char *)v, value) == 0;

	xmlFree(v);
	return is;
}

static unsigned int number(xmlNode *n, const char *name)
{
	xmlChar *v = n ? xmlGetProp(n, (const xmlChar *)name) : NULL;
	unsigned long value = v ? strtoul((const char *)v, NULL, 0) : 0;

	xmlFree(v);
	return (unsigned int)value;
}

static void take_hostdev(xmlNode *dev, unsigned int index, struct domain_hostdev *out)
{
	xmlNode *address = child(child(dev, "source"), "address"), *alias = child(dev, "alias");
	xmlChar *name = alias ? xmlGetProp(alias, (const xmlChar *)"name") : NULL;

	snprintf(out->address, sizeof(out->address), "%04x:%02x:%02x.%x",
		 number(address, "domain") & 0xffff, number(address, "bus") & 0xff,
		 number(address, "slot") & 0x1f, number(address, "function") & 7);
	/* a guest that does not run has no aliases yet: count in libvirt's order */
	if (name)
		snprintf(out->alias, sizeof(out->alias), "%s", (const char *)name);
	else
		snprintf(out->alias, sizeof(out->alias), "hostdev%u", index);
	xmlFree(name);
}

struct err *domain_xml_hostdevs(const char *xml, struct domain_hostdev *list, size_t *count)
{
	xmlDoc *doc = xmlReadMemory(xml, (int)strlen(xml), "domain.xml", NULL,
				    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL, *devices = child(root, "devices");
	unsigned int index = 0;

	*count = 0;
	if (!root || strcmp((const char *)root->name, "domain") != 0) {
		xmlFreeDoc(doc);
		return err_new(ERR_FORMAT, "this is not the definition of a libvirt guest");
	}
	/* passed-through network cards are counted before all others */
	for (xmlNode *n = devices ? devices->children : NULL; n; n = n->next)
		if (n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, "interface") == 0)
			index += attribute_is(n, "type", "hostdev");
	for (xmlNode *n = devices ? devices->children : NULL; n; n = n->next) {
		if (n->type != XML_ELEMENT_NODE || strcmp((const char *)n->name, "hostdev") != 0)
			continue;
		if (attribute_is(n, "type", "pci") && *count < DOMAIN_HOSTDEVS_MAX)
			take_hostdev(n, index, &list[(*count)++]);
		index++;
	}
	xmlFreeDoc(doc);
	return NULL;
}

/* --- changing ----------------------------------------------------------------------- */

/*
 * libvirt writes each element on lines of its own, with ' as quotes and the prefix qemu:. So
 * the change is made in the text, and nothing else is changed.
 */

static void insert(struct buf *b, size_t at, const char *text)
{
	char *rest = strdup(buf_str(b) + at);

	b->len = at;
	buf_adds(b, text);
	buf_adds(b, rest ? rest : "");
	b->failed |= !rest;
	free(rest);
}

static void cut(struct buf *b, size_t from, size_t to)
{
	memmove(b->data + from, b->data + to, b->len - to);
	b->len -= to - from;
}

/* The beginning of the line that contains @at. */
static size_t line_of(struct buf *b, const char *at)
{
	const char *text = buf_str(b);

	while (at > text && at[-1] != '\n')
		at--;
	return (size_t)(at - text);
}

/* The element of the device @alias within qemu:override; *end is after it. NULL = none. */
static const char *find_device(struct buf *b, const char *alias, const char **end)
{
	char tag[128];
	const char *at, *stop;

	snprintf(tag, sizeof(tag), "<qemu:device alias='%s'>", alias);
	at = strstr(buf_str(b), tag);
	stop = at ? strstr(at, "</qemu:device>") : NULL;
	*end = stop;
	return stop ? at : NULL;
}

static bool has_property(const char *from, const char *end)
{
	const char *at = from ? strstr(from, "name='x-no-mmap'") : NULL;

	return at && at < end;
}

static void argument_text(const char *alias, char *text, size_t size)
{
	snprintf(text, size, "    <qemu:arg value='-set'/>\n"
		 "    <qemu:arg value='device.%s.x-no-mmap=on'/>\n", alias);
}

/*
 * Inserts @text before the end of the element @name; if there is none, inserts that element
 * too, at the end of the domain.
 */
static bool put_into(struct buf *b, const char *name, const char *text)
{
	char tag[64], whole[1024];
	const char *at;

	snprintf(tag, sizeof(tag), "</%s>", name);
	at = strstr(buf_str(b), tag);
	if (at) {
		insert(b, line_of(b, at), text);
		return true;
	}
	snprintf(whole, sizeof(whole), "  <%s>\n%s  </%s>\n", name, text, name);
	at = strstr(buf_str(b), "</domain>");
	if (at)
		insert(b, line_of(b, at), whole);
	return at;
}

static bool is_plain_alias(const char *alias)
{
	return *alias && strlen(alias) < 64 &&
	       strspn(alias, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
	       strlen(alias);
}

struct err *domain_xml_add(const char *xml, const char *alias, bool override, struct buf *out)
{
	char text[512];
	const char *from, *end, *frontend, *root;
	bool good = is_plain_alias(alias);

	buf_clear(out);
	buf_adds(out, xml);
	root = strstr(buf_str(out), "<domain");
	root = root ? strchr(root, '>') : NULL;
	if (good && root && !memmem(buf_str(out), (size_t)(root - buf_str(out)), "xmlns:qemu=", 11))
		insert(out, (size_t)(root - buf_str(out)), NAMESPACE);
	from = find_device(out, alias, &end);
	argument_text(alias, text, sizeof(text));
	if (!good || !root) {
		good = false;
	} else if (has_property(from, end) || strstr(buf_str(out), text)) {
		buf_clear(out);
		buf_adds(out, xml);
	} else if (override && from) {
		frontend = strstr(from, "</qemu:frontend>");
		good = frontend && frontend < end;
		if (good)
			insert(out, line_of(out, frontend), "        " PROPERTY "\n");
	} else if (override) {
		snprintf(text, sizeof(text), "    <qemu:device alias='%s'>\n      <qemu:frontend>\n"
			 "        " PROPERTY "\n      </qemu:frontend>\n    </qemu:device>\n", alias);
		good = put_into(out, "qemu:override", text);
	} else {
		good = put_into(out, "qemu:commandline", text);
	}
	if (!good)
		return err_new(ERR_FORMAT, "the definition is not as libvirt writes it; add x-no-mmap=on for "
			       "%s by hand (virsh edit)", alias);
	return buf_err(out);
}

/* Removes <name ...> ... </name> if only white space is inside. */
static void cut_empty(struct buf *b, const char *name)
{
	char tag[64], stop[64];
	const char *at, *p;

	snprintf(tag, sizeof(tag), "<%s", name);
	snprintf(stop, sizeof(stop), "</%s>", name);
	at = buf_str(b);
	while ((at = strstr(at, tag))) {
		p = strchr(at, '>');
		if (!p)
			return;
		p++;
		p += strspn(p, " \n");
		if (strncmp(p, stop, strlen(stop)) != 0) {
			at++;
			continue;
		}
		p += strlen(stop);
		p += *p == '\n';
		size_t from = line_of(b, at), to = (size_t)(p - buf_str(b));

		cut(b, from, to);
		at = buf_str(b) + from;
	}
}

struct err *domain_xml_remove(const char *xml, const char *alias, struct buf *out)
{
	static const char *const wrappers[] = {
		"qemu:frontend", "qemu:device", "qemu:override", "qemu:commandline",
	};
	const char *from, *end, *at;
	char text[512];

	buf_clear(out);
	buf_adds(out, xml);
	from = find_device(out, alias, &end);
	at = from ? strstr(from, PROPERTY) : NULL;
	if (at && at < end)
		cut(out, line_of(out, at), (size_t)(at - buf_str(out)) + strlen(PROPERTY "\n"));
	argument_text(alias, text, sizeof(text));
	at = strstr(buf_str(out), text);
	if (at)
		cut(out, (size_t)(at - buf_str(out)), (size_t)(at - buf_str(out)) + strlen(text));
	for (size_t i = 0; i < ARRAY_SIZE(wrappers); i++)
		cut_empty(out, wrappers[i]);
	at = strstr(buf_str(out), NAMESPACE);
	if (at && !strstr(buf_str(out), "<qemu:"))
		cut(out, (size_t)(at - buf_str(out)), (size_t)(at - buf_str(out)) + strlen(NAMESPACE));
	return buf_err(out);
}
