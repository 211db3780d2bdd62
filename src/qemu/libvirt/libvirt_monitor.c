// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest's monitor through libvirt, as a QMP socket. Two threads: one passes our commands to
 * libvirt, which returns when QEMU has answered (for that we may have to read some of the
 * trace first); the other one runs libvirt's event loop for QEMU's events.
 */
#include <errno.h>
#include <json-c/json.h>
#include <libvirt/libvirt-qemu.h>
#include <libvirt/libvirt.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json_access.h"
#include "qemu/libvirt/libvirt_int.h"

#define TICK_MS 100
/* If QEMU does not answer a command, libvirt, and so our thread, never returns. */
#define PATIENCE_S 2

struct bridge {
	virDomainPtr domain;
	int fd;			/* the threads' end of the socket */
	pthread_mutex_t lock;	/* held while one message is sent */
	pthread_t commands, news;
	bool commands_run, news_run;
	int lifecycle, monitor;	/* ids of the event subscriptions; -1 = none */
	int tick;
	int passed;		/* a descriptor that came with the commands; -1 = none */
	bool stop;		/* atomic */
};

static void send_message(struct bridge *b, struct json_object *o)
{
	const char *text = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN);
	struct buf line = { 0 };
	size_t done = 0;

	buf_adds(&line, text ? text : "{}");
	buf_addc(&line, '\n');
	pthread_mutex_lock(&b->lock);
	while (!line.failed && done < line.len) {
		ssize_t n = send(b->fd, line.data + done, line.len - done, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			break;
		if (n > 0)
			done += (size_t)n;
	}
	pthread_mutex_unlock(&b->lock);
	buf_deinit(&line);
	json_object_put(o);
}

static struct json_object *refusal(const char *desc)
{
	struct json_object *answer = json_object_new_object(), *error = json_object_new_object();

	json_object_object_add(error, "class", json_object_new_string("GenericError"));
	json_object_object_add(error, "desc", json_object_new_string(desc));
	json_object_object_add(answer, "error", error);
	return answer;
}

/* --- commands ------------------------------------------------------------------- */

/* Handles the commands that need a descriptor, which came beside them. */
static int pass(struct bridge *b, const char *command, char **result)
{
#if LIBVIR_CHECK_VERSION(8, 2, 0)
	unsigned int n_back = 0;
	int *back = NULL;
	int status = virDomainQemuMonitorCommandWithFiles(b->domain, command, 1, &b->passed, &n_back,
							  &back, result, 0);

	for (unsigned int i = 0; i < n_back && back; i++)
		close(back[i]);
	free(back);
	return status;
#else
	(void)b;
	(void)command;
	(void)result;
	return -1;
#endif
}

static bool wants_descriptor(const char *name)
{
	return name && (strcmp(name, "getfd") == 0 || strcmp(name, "add-fd") == 0);
}

static int command_of(struct bridge *b, struct json_object *command, const char *name, char **result)
{
	const char *text = json_object_to_json_string(command);
	int status;

	if (!wants_descriptor(name) || b->passed < 0)
		return virDomainQemuMonitorCommand(b->domain, text, result, 0);
	status = pass(b, text, result);
	close(b->passed);
	b->passed = -1;
	return status;
}

static void carry_out(struct bridge *b, struct json_object *command)
{
	struct json_object *id = json_object_get(json_member(command, "id")), *answer = NULL;
	const char *name = member_text(command, "execute");
	char *result = NULL;

	/* libvirt adds its own ids */
	json_object_object_del(command, "id");
	if (name && strcmp(name, "qmp_capabilities") == 0) {
		answer = json_object_new_object();
		json_object_object_add(answer, "return", json_object_new_object());
	} else if (LIBVIR_VERSION_NUMBER < 8002000 && wants_descriptor(name)) {
		answer = refusal("this hdadump was built with a libvirt without descriptors "
				 "(older than 8.2)");
	} else if (command_of(b, command, name, &result) < 0) {
		answer = refusal(libvirt_says());
		if (virDomainIsActive(b->domain) != 1)
			shutdown(b->fd, SHUT_RDWR);
	} else {
		answer = json_tokener_parse(result);
		if (!json_object_is_type(answer, json_type_object)) {
			json_object_put(answer);
			answer = refusal("libvirt's answer is not a JSON object");
		}
	}
	free(result);
	json_object_object_del(answer, "id");
	if (id)
		json_object_object_add(answer, "id", id);
	send_message(b, answer);
}

/* As read(2), and stores a descriptor that comes with the data. */
static ssize_t receive(struct bridge *b, void *data, size_t size)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { data, size };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(b->fd, &msg, MSG_CMSG_CLOEXEC);
	struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&msg) : NULL;

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
		if (b->passed >= 0)
			close(b->passed);
		memcpy(&b->passed, CMSG_DATA(c), sizeof(int));
	}
	return n;
}

static void *run_commands(void *arg)
{
	struct bridge *b = arg;
	struct buf in = { 0 };

	for (;;) {
		uint8_t *room = buf_reserve(&in, 4096), *nl;
		ssize_t n = room ? receive(b, room, 4096) : 0;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		in.len += (size_t)n;
		while (in.len && (nl = memchr(in.data, '\n', in.len))) {
			*nl = '\0';
			struct json_object *o = json_tokener_parse((char *)in.data);

			if (o)
				carry_out(b, o);
			json_object_put(o);
			buf_consume(&in, (size_t)(nl - in.data) + 1);
		}
	}
	buf_deinit(&in);
	return NULL;
}

/* --- events ----------------------------------------------------------------------- */

static void on_monitor_event(virConnectPtr conn, virDomainPtr domain, const char *event,
			     long long seconds, unsigned int micros, const char *details, void *arg)
{
	struct json_object *o = json_object_new_object();

	(void)conn;
	(void)domain;
	(void)seconds;
	(void)micros;
	json_object_object_add(o, "event", json_object_new_string(event));
	if (details)
		json_object_object_add(o, "data", json_tokener_parse(details));
	send_message(arg, o);
}

static int on_lifecycle(virConnectPtr conn, virDomainPtr domain, int event, int detail, void *arg)
{
	struct bridge *b = arg;

	(void)conn;
	(void)domain;
	(void)detail;
	if (event == VIR_DOMAIN_EVENT_STOPPED || event == VIR_DOMAIN_EVENT_CRASHED)
		shutdown(b->fd, SHUT_RDWR);
	return 0;
}

/* libvirtd was stopped or restarted. */
static void on_close(virConnectPtr conn, int reason, void *arg)
{
	struct bridge *b = arg;

	(void)conn;
	(void)reason;
	shutdown(b->fd, SHUT_RDWR);
}

static void on_tick(int timer, void *arg)
{
	(void)timer;
	(void)arg;
}

static void *run_news(void *arg)
{
	struct bridge *b = arg;

	while (!__atomic_load_n(&b->stop, __ATOMIC_ACQUIRE) && virEventRunDefaultImpl() == 0)
		;
	return NULL;
}

/* --- beginning and end --------------------------------------------------------------- */

/* False: the thread still waits for libvirt, and its data must not be freed. */
static bool commands_end(struct bridge *b)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += PATIENCE_S;
	return !b->commands_run || pthread_timedjoin_np(b->commands, NULL, &end) == 0;
}

bool bridge_destroy(struct bridge *b)
{
	if (!b)
		return true;
	virConnectPtr conn = virDomainGetConnect(b->domain);

	shutdown(b->fd, SHUT_RDWR);
	if (!commands_end(b))
		return false;
	if (b->monitor >= 0)
		virConnectDomainQemuMonitorEventDeregister(conn, b->monitor);
	if (b->lifecycle >= 0)
		virConnectDomainEventDeregisterAny(conn, b->lifecycle);
	virConnectUnregisterCloseCallback(conn, on_close);
	__atomic_store_n(&b->stop, true, __ATOMIC_RELEASE);
	if (b->news_run)
		pthread_join(b->news, NULL);
	if (b->tick >= 0)
		virEventRemoveTimeout(b->tick);
	close(b->fd);
	if (b->passed >= 0)
		close(b->passed);
	pthread_mutex_destroy(&b->lock);
	free(b);
	return true;
}

static struct err *start(struct bridge *b)
{
	virConnectPtr conn = virDomainGetConnect(b->domain);
	sigset_t all, old;
	int status;

	/* a timer, so that the loop notices when it should end */
	b->tick = virEventAddTimeout(TICK_MS, on_tick, NULL, NULL);
	b->lifecycle = virConnectDomainEventRegisterAny(conn, b->domain, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
							VIR_DOMAIN_EVENT_CALLBACK(on_lifecycle), b, NULL);
	/* optional: without it there are fewer events */
	b->monitor = virConnectDomainQemuMonitorEventRegister(conn, b->domain, NULL, on_monitor_event, b,
							      NULL, 0);
	virConnectRegisterCloseCallback(conn, on_close, b, NULL);
	/* the main thread handles signals */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	status = pthread_create(&b->commands, NULL, run_commands, b);
	b->commands_run = status == 0;
	if (!status) {
		status = pthread_create(&b->news, NULL, run_news, b);
		b->news_run = status == 0;
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return status ? err_sys(status, "starting a thread") : NULL;
}

static void greet(struct bridge *b, unsigned long version)
{
	struct json_object *o = json_object_new_object(), *qmp = json_object_new_object();
	struct json_object *v = json_object_new_object(), *q = json_object_new_object();

	json_object_object_add(q, "major", json_object_new_int64((int64_t)(version / 1000000)));
	json_object_object_add(q, "minor", json_object_new_int64((int64_t)(version / 1000 % 1000)));
	json_object_object_add(q, "micro", json_object_new_int64((int64_t)(version % 1000)));
	json_object_object_add(v, "qemu", q);
	json_object_object_add(qmp, "version", v);
	json_object_object_add(o, "QMP", qmp);
	send_message(b, o);
}

struct err *guest_monitor(struct libvirt_guest *g, int *fd)
{
	struct bridge *b;
	unsigned long version = 0;
	int link[2];
	struct err *e;

	if (!guest_is_running(g))
		return err_new(ERR_FAIL, "the guest %s does not run: start it (virsh start %s), or capture "
			       "it from its start with hdadump run", guest_name(g), guest_name(g));
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link) < 0)
		return err_sys(errno, "making a socket");
	b = calloc(1, sizeof(*b));
	if (!b) {
		close(link[0]);
		close(link[1]);
		return err_nomem();
	}
	b->domain = g->domain;
	b->fd = link[1];
	b->lifecycle = b->monitor = b->tick = b->passed = -1;
	pthread_mutex_init(&b->lock, NULL);
	g->bridge = b;
	virConnectGetVersion(g->conn, &version);
	greet(b, version);
	e = start(b);
	if (e) {
		close(link[0]);
		return e;
	}
	*fd = link[0];
	return NULL;
}
