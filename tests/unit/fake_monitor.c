// SPDX-License-Identifier: GPL-2.0-or-later
/* The monitor of the simulated QEMU: its clients, their commands, and its wrong answers. */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake_int.h"

#define BAR 0xfea00000u
#define RAM 0x1000u
#define RAM_SIZE 0x1000u
/* Stop sending after so many messages without an answer. */
#define TALKS_MAX 1000

const char *const lie_names[LIES] = {
	[DIES] = "dies", [CLOSES] = "closes", [CLOSES_LATE] = "closes late", [HANGS] = "hangs",
	[HANGS_HERE] = "hangs here", [REFUSES] = "refuses", [TWICE] = "answers twice",
	[OTHER_ID] = "answers another", [NO_ID] = "answers without id",
	[OTHER_TYPE] = "returns another type", [NOTHING] = "returns nothing",
	[GARBAGE] = "sends garbage", [TALKS] = "talks without end", [PRETENDS] = "pretends",
};

static const char *const events[2] = { "memory_region_ops_read", "memory_region_ops_write" };
static uint8_t ram[RAM_SIZE];

/* --- sending ---------------------------------------------------------------------------- */

void fake_hang_up(struct fake_client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	buf_deinit(&c->in);
}

static void say(struct fake_client *c, const char *text)
{
	if (c->fd >= 0 && send(c->fd, text, strlen(text), MSG_NOSIGNAL) < 0 && errno != EPIPE &&
	    errno != ECONNRESET)
		fake_broken("send: %s", strerror(errno));
}

void fake_say_event(struct fake_client *c, const char *name)
{
	char line[160];

	snprintf(line, sizeof(line), "{\"timestamp\": {\"seconds\": 1, \"microseconds\": 2}, "
		 "\"event\": \"%s\"}\r\n", name);
	say(c, line);
}

void fake_close_log(void)
{
	if (fake.log >= 0)
		close(fake.log);
	fake.log = -1;
	fake.log_is_fifo = fake.fifo_ends = false;
}

void fake_die(void)
{
	fake_shared->dead = true;
	fake_close_log();
	if (fake.listener >= 0)
		close(fake.listener);
	fake.listener = -1;
	for (int i = 0; i < FAKE_CLIENTS; i++)
		fake_hang_up(&fake.clients[i]);
}

/* --- commands --------------------------------------------------------------------------- */

static void set_log(const char *path)
{
	struct stat st;

	/*
	 * QEMU closes its log only when all its threads have passed a quiescent point: 'F'
	 * may come later
	 */
	if (fake.log_is_fifo && fake.on && strchr(fake.sign, 'F'))
		fake.fifo_ends = true;
	else
		fake_close_log();
	if (fake.fifo_ends)
		return;
	fake.log = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	fake.log_is_fifo = fake.log >= 0 && fstat(fake.log, &st) == 0 && S_ISFIFO(st.st_mode);
}

static void examine(const char *line, char *out, size_t size)
{
	unsigned long addr = strtoul(strrchr(line, ' '), NULL, 16);
	char trace[200];
	int n = snprintf(trace, sizeof(trace), "memory_region_ops_read cpu -1 mr 0x55cef659c030 addr "
			 "0x%lx value 0x0 size 4 name 'intel-hda'\n", addr);

	if (fake.event_on[0] && fake.log >= 0 && fake.log_is_fifo && !fake.fifo_ends &&
	    write(fake.log, trace, (size_t)n) < 0)
		fake_broken("the trace: %s", strerror(errno));
	snprintf(out, size, "%08lx: 0x00000000\\r\\n", addr);
}

/* Copies a JSON string without its quotes. */
static void human(const char *line, char *out, size_t size)
{
	*out = '\0';
	if (strcmp(line, "info mtree -f") == 0)
		snprintf(out, size, "FlatView #1\\r\\n AS \\\"memory\\\", root: system\\r\\n"
			 "  %016x-%016x (prio 0, ram): a\\r\\n", RAM, RAM + RAM_SIZE - 1);
	else if (strncmp(line, "gpa2hva", 7) == 0)
		snprintf(out, size, "Host virtual address for 0x%x (a) is %p\\r\\n", RAM, (void *)ram);
	else if (strncmp(line, "xp ", 3) == 0)
		examine(line, out, size);
	else if (strncmp(line, "logfile ", 8) == 0)
		set_log(line + 8);
	else
		snprintf(out, size, "unknown command: '%s'\\r\\n", line);
}

static const char *text(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	return json_object_object_get_ex(o, key, &v) ? json_object_get_string(v) : "";
}

/* Executes a command and writes the value to return, as JSON. */
static void carry_out(const char *name, struct json_object *args, char *out, size_t size)
{
	struct json_object *on = NULL;
	char said[600];

	snprintf(out, size, "{}");
	if (strcmp(name, "query-pci") == 0) {
		snprintf(out, size, "[{\"bus\": 0, \"devices\": [{\"bus\": 0, \"slot\": 16, \"function\": 0, "
			 "\"class_info\": {\"class\": 1027}, \"id\": {\"device\": 10542, \"vendor\": 32902}, "
			 "\"qdev_id\": \"hda0\", \"regions\": [{\"bar\": 0, \"type\": \"memory\", "
			 "\"size\": 16384, \"address\": %u}]}]}]", BAR);
	} else if (strcmp(name, "qom-list") == 0) {
		snprintf(out, size, "[{\"name\": \"hda0\", \"type\": \"child<ich9-intel-hda>\"}]");
	} else if (strcmp(name, "query-status") == 0) {
		snprintf(out, size, "{\"status\": \"%s\", \"running\": %s}",
			 fake.running ? "running" : "paused", fake.running ? "true" : "false");
	} else if (strcmp(name, "stop") == 0 || strcmp(name, "cont") == 0) {
		bool run = *name == 'c';

		if (run != fake.running && !(fake.on && strpbrk(fake.sign, "SR")))
			for (int i = 0; i < FAKE_CLIENTS; i++)
				fake_say_event(&fake.clients[i], run ? "RESUME" : "STOP");
		fake.running = run;
	} else if (strncmp(name, "trace-event-", 12) == 0) {
		int i = strcmp(text(args, "name"), events[1]) == 0;

		if (json_object_object_get_ex(args, "enable", &on))
			fake.event_on[i] = json_object_get_boolean(on);
		else
			snprintf(out, size, "[{\"name\": \"%s\", \"state\": \"%s\"}]", events[i],
				 fake.event_on[i] ? "enabled" : "disabled");
	} else if (strcmp(name, "human-monitor-command") == 0) {
		human(text(args, "command-line"), said, sizeof(said));
		snprintf(out, size, "\"%s\"", said);
	}
}

/* For a QEMU that pretends or hangs: executes nothing, but returns a plausible answer. */
static void pretend(const char *name, struct json_object *args, char *out, size_t size)
{
	bool running = fake.running, on[2] = { fake.event_on[0], fake.event_on[1] };
	const char *line = text(args, "command-line");

	if (strncmp(line, "logfile ", 8) == 0) {
		snprintf(out, size, "\"\"");
		return;
	}
	carry_out(name, args, out, size);
	fake.running = running;
	fake.event_on[0] = on[0];
	fake.event_on[1] = on[1];
	if (strcmp(name, "query-status") == 0)
		snprintf(out, size, "{\"status\": \"%s\", \"running\": %s}",
			 running ? "paused" : "running", running ? "false" : "true");
	if (strcmp(name, "trace-event-get-state") == 0)
		snprintf(out, size, "[{\"name\": \"x\", \"state\": \"%s\"}]",
			 on[0] ? "disabled" : "enabled");
}

/* Returns false: there is no answer. */
static bool tell_lie(struct fake_client *c, const char *name, struct json_object *args, long id, char *out,
		     size_t size)
{
	char value[2048];

	fake.interrupts += fake.commands == fake.p->at ? fake.p->interrupts : 0;
	/* the test will wait for answers that never come */
	fake_shared->silent |= fake.p->lie == HANGS || fake.p->lies_on;
	switch (fake.p->lie) {
	case DIES:
		fake_die();
		return false;
	case CLOSES_LATE:
		carry_out(name, args, value, sizeof(value));
		fake_hang_up(c);
		return false;
	case CLOSES:
		fake_hang_up(c);
		return false;
	case HANGS:
		fake_shared->hung = true;
		return false;
	case TALKS:
		c->talks = true;
		return false;
	case HANGS_HERE:
		c->hung = true;
		return false;
	case REFUSES:
		snprintf(out, size, "{\"error\": {\"class\": \"GenericError\", \"desc\": \"no\"}, \"id\": %ld}"
			 "\r\n", id);
		return true;
	case OTHER_TYPE:
		snprintf(out, size, "{\"return\": [[1], {\"running\": 1}], \"id\": %ld}\r\n", id);
		return true;
	case NOTHING:
		snprintf(out, size, "{\"id\": %ld}\r\n", id);
		return true;
	case GARBAGE:
		snprintf(out, size, "]{ no JSON\r\n");
		return true;
	case PRETENDS:
		pretend(name, args, value, sizeof(value));
		break;
	default:
		carry_out(name, args, value, sizeof(value));
		break;
	}
	if (fake.p->lie == NO_ID)
		snprintf(out, size, "{\"return\": %s}\r\n", value);
	else
		snprintf(out, size, "{\"return\": %s, \"id\": %ld}\r\n", value,
			 fake.p->lie == OTHER_ID ? id + 1000 : id);
	return true;
}

/* Executes one command, and answers it if @answer. */
static void serve(struct fake_client *c, char *line, bool answer)
{
	struct json_object *o = json_tokener_parse(line), *args = NULL, *id = NULL;
	char value[2048], out[2400];
	const char *name;
	bool counts, said = true;

	if (!o)
		fake_broken("hdadump says: %s", line);
	name = text(o, "execute");
	json_object_object_get_ex(o, "arguments", &args);
	counts = strcmp(name, "qmp_capabilities") != 0;
	if (json_object_object_get_ex(o, "id", &id) && counts && fake.p->lies &&
	    (fake.commands == fake.p->at || (fake.p->lies_on && fake.commands > fake.p->at))) {
		said = tell_lie(c, name, args, json_object_get_int64(id), out, sizeof(out));
	} else {
		carry_out(name, args, value, sizeof(value));
		if (id)
			snprintf(out, sizeof(out), "{\"return\": %s, \"id\": %ld}\r\n", value,
				 (long)json_object_get_int64(id));
		else
			snprintf(out, sizeof(out), "{\"return\": %s}\r\n", value);
	}
	fake.commands += counts;
	if (answer && said)
		say(c, out);
	if (answer && said && fake.p->lies && fake.p->lie == TWICE && fake.commands == fake.p->at + 1)
		say(c, out);
	json_object_put(o);
}

/* --- clients ------------------------------------------------------------------------------ */

static void take_client(void)
{
	static const char greeting[] =
		"{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 3, \"minor\": 1, \"major\": 11}, "
		"\"package\": \"\"}, \"capabilities\": [\"oob\"]}}\r\n";
	int fd = accept4(fake.listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	for (int i = 0; i < FAKE_CLIENTS; i++) {
		if (fake.clients[i].fd >= 0)
			continue;
		fake.clients[i] = (struct fake_client){ .fd = fd };
		say(&fake.clients[i], greeting);
		return;
	}
	fake_broken("more than %d clients", FAKE_CLIENTS);
}

static void listen_to(struct fake_client *c)
{
	uint8_t *room = buf_reserve(&c->in, 4096);
	ssize_t n = recv(c->fd, room, 4096, MSG_DONTWAIT);

	if (n > 0)
		c->in.len += (size_t)n;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		fake_hang_up(c);
}

/* A monitor that sends without end also lets time pass. */
static void talk(struct fake_client *c)
{
	if (fake.talks++ > TALKS_MAX)
		fake_broken("who talks is listened to for ever");
	fake_say_event(c, "VSERPORT_CHANGE");
	fake_pass(1000000000);
}

/* Reads the clients' commands, without waiting. */
void fake_take_in(void)
{
	struct pollfd fd = { .fd = fake.listener, .events = POLLIN };
	bool more;

	if (fake_shared->hung)
		return;
	do {
		for (int i = 0; i < FAKE_CLIENTS; i++)
			if (fake.clients[i].fd >= 0 && !fake.clients[i].hung)
				listen_to(&fake.clients[i]);
		more = fake.listener >= 0 && __real_poll(&fd, 1, 0) > 0;
		if (more)
			take_client();
	} while (more);
	for (int i = 0; i < FAKE_CLIENTS; i++)
		if (fake.clients[i].fd >= 0 && fake.clients[i].talks)
			talk(&fake.clients[i]);
}

static char *command_of(struct fake_client *c)
{
	uint8_t *nl = c->fd >= 0 && !c->hung && !c->talks && c->in.len ?
		      memchr(c->in.data, '\n', c->in.len) : NULL;
	char *line = nl ? strndup((char *)c->in.data, (size_t)(nl - c->in.data)) : NULL;

	if (nl)
		buf_consume(&c->in, (size_t)(nl - c->in.data) + 1);
	return line;
}

bool fake_anything_waits(void)
{
	for (int i = 0; i < FAKE_CLIENTS; i++) {
		struct fake_client *c = &fake.clients[i];

		if (c->fd >= 0 && !c->hung && !c->talks && c->in.len && memchr(c->in.data, '\n', c->in.len))
			return true;
	}
	return false;
}

/* False if there is no command. */
bool fake_serve_one(bool answer)
{
	for (int i = 0; i < FAKE_CLIENTS; i++) {
		char *line = fake_shared->hung ? NULL : command_of(&fake.clients[i]);

		if (!line)
			continue;
		serve(&fake.clients[i], line, answer);
		free(line);
		return true;
	}
	return false;
}

/* qmp_capabilities is not an event of the play. */
void fake_let_in(void)
{
	for (int i = 0; i < FAKE_CLIENTS; i++) {
		struct fake_client *c = &fake.clients[i];

		if (c->fd >= 0 && !c->hung && c->in.len &&
		    memmem(c->in.data, c->in.len, "qmp_capabilities", 16) && !fake_shared->hung) {
			char *line = command_of(c);

			if (line)
				serve(c, line, true);
			free(line);
		}
	}
}
