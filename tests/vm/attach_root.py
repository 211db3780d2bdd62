# SPDX-License-Identifier: GPL-2.0-or-later
"""Root's `hdadump attach` to other users' QEMUs: their attacks, and what root needs from them."""

import ctypes
import itertools
import os
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import threading
import time

import rig
from rig import ERROR, EXACT, Missing, Skip, check, say
from running import Attach, Machine, check_stretch
from testlist import vm_test

NOBODY = 65534


class Files:
    """A folder that everybody may use, with the guest's files, for a QEMU of another user."""

    def __init__(self):
        if os.geteuid() != 0:
            raise Skip("a QEMU of another user can only be started by root")
        for program in ("setpriv", "taskset", "unshare"):
            if not shutil.which(program):
                raise Missing("no %s (util-linux)" % program)

    def __enter__(self):
        self.path = tempfile.mkdtemp()
        os.chmod(self.path, 0o777)
        vm = rig.vm_folder()
        for f in ("vmlinux", "initrd"):
            shutil.copy(os.path.join(vm, f), self.path)
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path)


def as_nobody(function, *args, hurried=False):
    """A process of user nobody that does this until it is ended; before all others on processor 0."""
    pid = os.fork()
    if pid:
        return pid
    try:
        if hurried:
            os.sched_setaffinity(0, {0})
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG, which a new user loses
        function(*args)
    finally:
        os._exit(1)


def end(pid):
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def only_the_log(m):
    """QEMU has hdadump's pipe once, as its log: what was handed over is closed again."""
    check(m.trace_file().startswith("pipe:"), "QEMU's log goes to %s" % m.trace_file())
    fds = "/proc/%d/fd" % m.pid
    ours = [f for f in os.listdir(fds) if os.stat(os.path.join(fds, f)).st_mode & stat.S_ISVTX]
    check(len(ours) == 1, "QEMU has the pipe as %s" % ours)


@vm_test
def attach_descriptor(folder):
    """Another user's QEMU: its log comes through a pipe that has no name, with no folder to be had."""
    with Files() as files, Machine(files, user=NOBODY, vm=files) as m:
        m.wait_for_step("flood")
        # for hdadump /tmp is full and read-only, and so it is for all that it starts
        no_room = ["unshare", "-m", "--propagation", "private", "sh", "-c",
                   'mount -t tmpfs -o ro,mode=1777 none /tmp && exec "$0" "$@"']
        last = -1
        for wrap, out in ((no_room, folder), ([], folder), (["setpriv", "--reuid", str(NOBODY)], files)):
            a = Attach(out, [str(m.pid)], ["--quiet"], wrap=wrap).wait_until_attached()
            a.wait_for_growth(20000)
            only_the_log(m)
            a.stop().ended(EXACT)
            m.as_before("after a capture by %s" % (wrap or "root"))
            start = check_stretch(a.verbs()[0], 100)
            check(start > last, "verb %d after verb %d" % (start, last))
            last = start
            check("comes through a FIFO" not in a.stderr(), "a FIFO was made: " + a.stderr())
            if out == folder:
                say(a.sentence("process %d" % m.pid, "user nobody"))


@vm_test
def attach_descriptor_unseen(folder):
    """QEMU's open files are not shown to hdadump (another group): QEMU says the number itself."""
    with Files() as files, Machine(files, "bind,sleep:1000", user=NOBODY, vm=files) as m:
        m.wait_for_step("sleep")
        less = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
        a = Attach(files, [str(m.pid)], ["--quiet"], wrap=less).wait_until_attached()
        m.wait_for("the end of what was handed over", lambda: not m.qmp("query-fdsets"))
        only_the_log(m)
        a.stop().ended(EXACT)
        check("comes through a FIFO" not in a.stderr(), "a FIFO was made: " + a.stderr())
        say(a.sentence("xp", "Permission denied"))
        m.as_before("after the capture")


def shut_in(cell):
    """QEMU's words for that; since 9.0 they are in one option."""
    words = subprocess.run([rig.QEMU, "-help"], capture_output=True, text=True).stdout
    if "user=username" in words:
        return ["-run-with", "chroot=%s,user=nobody" % cell]
    return ["-chroot", cell, "-runas", "nobody"]


@vm_test
def attach_chroot(folder):
    """A QEMU that has shut itself in (-chroot, -runas): no /proc there, so by a FIFO, made in there."""
    with Files() as files:
        cell = os.path.join(files, "cell")
        os.makedirs(os.path.join(cell, "dev"))
        try:
            os.mknod(os.path.join(cell, "dev", "null"), 0o666 | stat.S_IFCHR, os.makedev(1, 3))
            os.chmod(os.path.join(cell, "dev", "null"), 0o666)
        except PermissionError:
            raise Skip("no device may be made here")
        with Machine(files, vm=files, extra=shut_in(cell)) as m:
            m.wait_for_step("flood")
            # there is no folder that would do, and then there is one
            a = Attach(folder, [str(m.pid)], ["--quiet"]).wait().ended(ERROR)
            say(a.sentence("accepts no descriptor", "No such file"))
            a.sentence("/tmp: No such file")
            m.as_before("after the refusal")
            os.mkdir(os.path.join(cell, "tmp"))
            os.chmod(os.path.join(cell, "tmp"), 0o1777)
            a = Attach(folder, [str(m.pid)], ["--quiet"]).wait_until_attached().wait_for_growth(20000)
            check("hdadump-trace" in m.trace_file(), "QEMU's log goes to %s" % m.trace_file())
            check(not os.listdir(os.path.join(cell, "tmp")), "something is left in there")
            a.stop().ended(EXACT)
            check_stretch(a.verbs()[0], 100)
            m.as_before("after the capture")


def exchange_names(shared, secret):
    """
    A link to root's file in the place of whatever appears in his folder.  He is
    told of it and has the processor before whoever made it goes on.
    """
    libc = ctypes.CDLL(None)
    notify = libc.inotify_init1(0)
    libc.inotify_add_watch(notify, shared.encode(), 0x100)  # IN_CREATE
    for n in itertools.count():
        os.read(notify, 4096)
        for f in os.listdir(shared):
            path = os.path.join(shared, f)
            if f.startswith("hdadump-") and not os.path.islink(path):
                try:
                    os.rename(path, os.path.join(shared, "away-%d" % n))
                    os.symlink(secret, path)
                except OSError:
                    pass


def exchange_folders(logs, evil):
    """The log's folder is alternately the user's and root's; the saved log is removed."""
    libc = ctypes.CDLL(None)
    while True:
        libc.renameat2(-100, logs.encode(), -100, evil.encode(), 2)  # RENAME_EXCHANGE
        for f in (logs, evil):
            try:
                os.unlink(f + "/qemu.log.before-hdadump")
            except OSError:
                pass


class Roots:
    """Root's files, which must not change: a file that no other user may read, a folder with a log."""

    def __init__(self, files):
        self.secret, self.folder = os.path.join(files, "secret"), os.path.join(files, "roots")
        self.log = os.path.join(self.folder, "qemu.log")
        os.mkdir(self.folder)
        for path in (self.secret, self.log):
            with open(path, "w") as f:
                f.write("root's\n")
            os.chmod(path, 0o600)
        self.was = self._state()

    def _state(self):
        state = {"in the folder": sorted(os.listdir(self.folder))}
        for path in (self.secret, self.folder, self.log):
            st = os.lstat(path) if os.path.lexists(path) else None
            state[path] = st and (st.st_uid, st.st_gid, oct(st.st_mode), st.st_ino, st.st_size)
        return state

    def check(self, what):
        now = self._state()
        check(now == self.was, "%s: root's was %s and is %s" % (what, self.was, now))


@vm_test
def attach_ladder(folder):
    """The user of a QEMU exchanges names and folders while root attaches: nothing of root's is touched."""
    with Files() as files:
        roots = Roots(files)
        his = os.path.join(files, "his")
        logs, evil, shared = (os.path.join(his, n) for n in ("logs", "evil", "shared"))
        for path in (his, logs, shared):
            os.mkdir(path)
            os.chown(path, NOBODY, NOBODY)
        os.symlink(roots.folder, evil)
        log = os.path.join(logs, "qemu.log")
        ends = {}

        def attach(what, options, wrap=()):
            a = Attach(folder, options + [str(m.pid)], ["--quiet"], wrap=wrap)
            while a.proc.poll() is None and "attached to" not in a.stderr():
                time.sleep(0.01)
            a.stop(signal.SIGINT).ended(EXACT, ERROR)
            ends[a.status] = ends.get(a.status, 0) + 1
            roots.check("%s\n%s" % (what, a.stderr()))
            return a

        with Machine(files, "bind,sleep:1000", user=NOBODY, vm=files,
                     extra=["-D", log, "-d", "guest_errors"]) as m:
            m.wait_for_step("sleep")
            racer = as_nobody(exchange_names, shared, roots.secret, hurried=True)
            try:
                for n in range(5):
                    a = attach("names %d" % n, ["--fifo-dir", shared], ["taskset", "-c", "0"])
                    check(m.running() and not m.traced(), "QEMU is not as before\n" + a.stderr())
                say("5 attaches, names exchanged: " + a.stderr().strip().splitlines()[-1])
            finally:
                end(racer)
            racer = as_nobody(exchange_folders, logs, evil)
            try:
                for n in range(25):
                    # there is a log to save; in half of the cases it is in the user's folder
                    while m.qmp.hmp("logfile " + log):
                        pass
                    m.qmp.hmp("trace-event qmp_enter_query_status on")
                    m.running()
                    m.qmp.hmp("trace-event qmp_enter_query_status off")
                    a = attach("folders %d" % n, [])
                say("25 attaches, folders exchanged")
            finally:
                end(racer)
            say("exit status: times %s; what is root's is untouched" % ends)


class Imitator:
    """A process of user nobody with a program named like QEMU and any words on its command line."""

    def __init__(self, folder, words):
        program = os.path.join(folder, "qemu-system-x86_64")
        if not os.path.exists(program):
            shutil.copy(shutil.which("sh"), program)
        nobody = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
        # a shell that waits; the words are arguments of its script
        self.proc = subprocess.Popen(nobody + [program, "-c", "read x", program] + words,
                                     stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.pid = self.proc.pid
        end_by = time.monotonic() + rig.PATIENCE
        while "qemu" not in os.readlink("/proc/%d/exe" % self.pid):
            check(time.monotonic() < end_by, "the imitator does not start")
            time.sleep(0.01)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.proc.kill()
        self.proc.communicate()


@vm_test
def attach_imitator(folder):
    """A process that has QEMU's name, and another QEMU's socket on its command line, is none."""
    with Files() as files, Machine(files, "bind,sleep:1000", vm=files) as m:
        m.wait_for_step("sleep")
        with Imitator(files, ["-name", m.guest.name, "-qmp", "unix:%s,server=on,wait=off" % m.path]) as i:
            a = Attach(folder, [str(i.pid)], ["--quiet"]).wait().ended(ERROR)
            say(a.sentence("is not that process's own", "process %d of user root" % m.pid))
            m.as_before("after the refusal")
            # it is found by its socket, even if others have that on their command lines
            a = Attach(folder, ["--qmp", m.path], ["--quiet"]).wait_until_attached().stop().ended(EXACT)
            say(a.sentence("read by .*/%d/" % m.pid))


class Proxy:
    """Between a client and a QMP socket: it hands on what is said, and no descriptors."""

    def __init__(self, path, to):
        self.path, self.to = path, to
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.to)
            for a, b in ((client, server), (server, client)):
                threading.Thread(target=self._copy, args=(a, b), daemon=True).start()

    @staticmethod
    def _copy(a, b):
        try:
            while data := a.recv(65536):
                b.sendall(data)
        except OSError:
            pass
        for s in (a, b):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@vm_test
def attach_proxy(folder):
    """Through a program between: it is not taken for QEMU, the log comes through a FIFO."""
    with Machine(folder, "bind,sleep:1000") as m:
        m.wait_for_step("sleep")
        with Proxy(os.path.join(m.sockets, "proxy"), m.path) as p:
            a = Attach(folder, ["--qmp", p.path], ["--quiet"]).wait_until_attached()
            check("hdadump-trace" in m.trace_file(), "QEMU's log goes to %s" % m.trace_file())
            a.stop().ended(EXACT)
            say(a.sentence("are not used", "is no QEMU"))
            say(a.sentence("accepts no descriptor", "FIFO"))
            say(a.sentence("by the monitor's xp"))
            m.as_before("after the capture")
