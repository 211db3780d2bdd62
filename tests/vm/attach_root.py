# SPDX-License-Identifier: GPL-2.0-or-later
"""Root's `hdadump attach` on other users' QEMUs: what they may do to him, and what he needs of them."""

import ctypes
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time

import rig
from rig import ERROR, EXACT, Missing, Skip, check, say
from running import Attach, Machine
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
    """A process of nobody's that does this until it is ended; before all others on processor 0."""
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
    """The log's folder is now his and now root's; what was kept is thrown away."""
    libc = ctypes.CDLL(None)
    while True:
        libc.renameat2(-100, logs.encode(), -100, evil.encode(), 2)  # RENAME_EXCHANGE
        for f in (logs, evil):
            try:
                os.unlink(f + "/qemu.log.before-hdadump")
            except OSError:
                pass


class Roots:
    """What is root's, and has to stay as it is: a file that nobody may read, a folder with a log."""

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
                    # there is something to be kept; and it is in his folder, as often as not
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
    """A process of nobody's with a program of QEMU's name and any words on its command line."""

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
            # by its socket it is found, whoever else has that on his command line
            a = Attach(folder, ["--qmp", m.path], ["--quiet"]).wait_until_attached().stop().ended(EXACT)
            say(a.sentence("read by .*/%d/" % m.pid))
