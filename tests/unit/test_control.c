// SPDX-License-Identifier: GPL-2.0-or-later
/* A capture's socket from both sides: marks, random bytes, and what a killed capture leaves. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "live/control_int.h"

static char folder[64];
static char taken[4096];

static int make_folder(void **state)
{
	strcpy(folder, "/tmp/hdadump-control-XXXXXX");
	taken[0] = '\0';
	return mkdtemp(folder) && setenv("HDADUMP_RUNTIME_DIR", folder, 1) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[96];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

static void take(void *arg, const char *text, size_t len)
{
	size_t n = strlen(taken);

	snprintf(taken + n, sizeof(taken) - n, "<%.*s>", (int)len, text);
}

static void where(void *arg, struct buf *out)
{
	buf_adds(out, "at 7 s");
}

static struct control *start(void)
{
	const struct control_options opt = { .what = "boot.hdad", .where = where };
	struct control *c = NULL;

	assert_null(control_create(&opt, &c));
	return c;
}

/* Runs the client in a process of its own, as in real use; its status is its first word. */
static int beside(struct control *c, int (*other)(const char *text), const char *text)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(other(text));
	while (waitpid(child, &status, WNOHANG) == 0)
		control_take(c, take, NULL);
	control_take(c, take, NULL);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int mark_it(const char *text)
{
	struct buf answer = { 0 };
	struct err *e = control_mark_at(getppid(), text, &answer);
	int status = e ? 1 : strcmp(buf_str(&answer), "at 7 s") == 0 ? 0 : 2;

	err_free(e);
	buf_deinit(&answer);
	return status;
}

static int find_it(const char *text)
{
	struct running_list l;

	if (control_running(&l))
		return 1;
	bool found = l.n == 1 && l.v[0].pid == getppid() && strcmp(l.v[0].what, text) == 0;
	running_list_deinit(&l);
	return found ? 0 : 2;
}

static void test_marks(void **state)
{
	struct control *c = start();
	char path[128];
	struct stat st;

	assert_int_equal(beside(c, find_it, "boot.hdad"), 0);
	assert_int_equal(beside(c, mark_it, "headphones in"), 0);
	assert_int_equal(beside(c, mark_it, "out \x1b[2J \n"), 0);
	assert_string_equal(taken, "<headphones in><out \x1b[2J>");
	assert_int_equal(beside(c, mark_it, "  "), 1);
	assert_string_equal(taken, "<headphones in><out \x1b[2J>");
	snprintf(path, sizeof(path), "%s/%d.sock", folder, (int)getpid());
	assert_int_equal(stat(path, &st), 0);
	control_destroy(c);
	assert_int_equal(stat(path, &st), -1);
	control_destroy(NULL);
}

/* Sends one message; the answer is stored in @answer. */
static int say(const char *text, size_t len, char *answer, size_t size)
{
	struct sockaddr_un address;
	int fd = control_socket(folder, getpid(), &address);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(send(fd, text, len, 0), len);
	answer[0] = '\0';
	fcntl(fd, F_SETFL, 0);
	return fd;
}

static void assert_answer(struct control *c, const char *text, size_t len, const char *expected)
{
	char answer[2048];
	int fd = say(text, len, answer, sizeof(answer));

	for (int i = 0; i < 3; i++)
		control_take(c, take, NULL);
	ssize_t n = recv(fd, answer, sizeof(answer) - 1, MSG_DONTWAIT);
	assert_true(n > 0);
	answer[n] = '\0';
	assert_non_null(strstr(answer, expected));
	close(fd);
	control_take(c, take, NULL);
}

static void test_strangers(void **state)
{
	static char huge[60000] = "mark ";
	struct control *c = start();

	memset(huge + 5, 'x', sizeof(huge) - 5);
	assert_answer(c, "hello", 5, "error an unknown request");
	assert_answer(c, "mark", 4, "error an unknown request");
	assert_answer(c, "mark ", 5, "error an empty mark");
	assert_answer(c, "mark a\0b", 8, "error not a text");
	assert_answer(c, huge, 5 + CONTROL_TEXT, "ok at 7 s");
	taken[0] = '\0';
	assert_answer(c, huge, 5 + CONTROL_TEXT + 1, "error not a text of 1024 bytes at most");
	assert_answer(c, huge, sizeof(huge), "error not a text of 1024 bytes at most");
	assert_string_equal(taken, "");
	control_destroy(c);
}

/* A client that sends nothing blocks no other, and too many clients get an error. */
static void test_many(void **state)
{
	struct control *c = start();
	struct sockaddr_un address;
	int fd[12];

	for (int i = 0; i < 12; i++) {
		fd[i] = control_socket(folder, getpid(), &address);
		assert_int_equal(connect(fd[i], (struct sockaddr *)&address, sizeof(address)), 0);
		control_take(c, take, NULL);
	}
	char text[64];
	ssize_t n = recv(fd[11], text, sizeof(text), MSG_DONTWAIT);
	assert_true(n == 22 && memcmp(text, "error too many at once", 22) == 0);
	for (int i = 0; i < 12; i++)
		close(fd[i]);
	control_take(c, take, NULL);
	control_take(c, take, NULL);
	assert_answer(c, "what", 4, "ok boot.hdad");
	control_destroy(c);
}

static void test_left_behind(void **state)
{
	char path[160];
	struct running_list l;
	struct sockaddr_un address;
	struct stat st;
	/* of a process that was killed: a socket without a listener */
	int fd = control_socket(folder, 1 << 29, &address);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	snprintf(path, sizeof(path), "%s/other", folder);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_null(control_running(&l));
	assert_int_equal(l.n, 0);
	running_list_deinit(&l);
	assert_int_equal(stat(address.sun_path, &st), -1);
	assert_int_equal(stat(path, &st), 0);
	/* a later process with the same PID finds the socket of a dead one */
	fd = control_socket(folder, getpid(), &address);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	struct control *c = start();
	assert_answer(c, "what", 4, "ok boot.hdad");
	control_destroy(c);
}

static void assert_no_folder(const char *why)
{
	const struct control_options opt = { .what = "x" };
	struct control *c = NULL;
	struct err *e = control_create(&opt, &c);

	assert_non_null(e);
	assert_non_null(strstr(err_text(e), why));
	err_free(e);
}

static void test_folders(void **state)
{
	char path[256], link[128];

	assert_int_equal(chmod(folder, 0755), 0);
	assert_no_folder("not this user's own folder");
	assert_int_equal(chmod(folder, 0700), 0);
	snprintf(link, sizeof(link), "%s/link", folder);
	assert_int_equal(symlink(folder, link), 0);
	setenv("HDADUMP_RUNTIME_DIR", link, 1);
	assert_no_folder("not this user's own folder");
	snprintf(path, sizeof(path), "%s/%099d", folder, 0);
	setenv("HDADUMP_RUNTIME_DIR", path, 1);
	assert_no_folder("too long");
	snprintf(path, sizeof(path), "%s/a/b", folder);
	setenv("HDADUMP_RUNTIME_DIR", path, 1);
	assert_no_folder("no folder for the socket");
	/* a client that only looks finds no capture, and creates nothing */
	struct running_list l;
	assert_null(control_running(&l));
	assert_int_equal(l.n, 0);
	running_list_deinit(&l);
}

/* Lines that come in pieces, an empty one, one without a line end. */
static void test_typed(void **state)
{
	const struct control_options opt = { .what = "x", .terminal = true };
	struct control *c = NULL;
	int pipe_[2], old = dup(STDIN_FILENO);

	assert_int_equal(pipe(pipe_), 0);
	dup2(pipe_[0], STDIN_FILENO);
	close(pipe_[0]);
	assert_null(control_create(&opt, &c));
	assert_int_equal(write(pipe_[1], "head", 4), 4);
	control_take(c, take, NULL);
	assert_string_equal(taken, "");
	assert_int_equal(write(pipe_[1], "phones\n\nout\nx", 13), 13);
	control_take(c, take, NULL);
	assert_string_equal(taken, "<headphones><mark><out>");
	for (int i = 0; i < 40; i++)
		assert_int_equal(write(pipe_[1], "0123456789abcdef0123456789abcdef0123456789", 42),
				 42);
	assert_int_equal(write(pipe_[1], "\nend\n", 5), 5);
	for (int i = 0; i < 10; i++)
		control_take(c, take, NULL);
	assert_int_equal(strlen(taken), strlen("<headphones><mark><out>") + 2 + CONTROL_TEXT + 5);
	close(pipe_[1]);
	control_take(c, take, NULL);
	control_take(c, take, NULL);
	control_destroy(c);
	dup2(old, STDIN_FILENO);
	close(old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_marks, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_strangers, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_many, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_left_behind, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_folders, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_typed, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
