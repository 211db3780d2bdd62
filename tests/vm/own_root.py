# SPDX-License-Identifier: GPL-2.0-or-later
"""Roots of their own, and what is built and tested in those (tests/own-root, tests/suite-check)."""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import time

import rig
from rig import Missing, Skip, check, say
from testlist import vm_test

OWN_ROOT = os.path.join(rig.SOURCE, "tests", "own-root")
SUITE_CHECK = os.path.join(rig.SOURCE, "tests", "suite-check")

# What a program finds in there, a line each.
LOOK = r"""
import os, pty, subprocess, time
print("root is a mount:", os.path.ismount("/"))
# what libvirt does for each guest, and what fails in a chroot
r = subprocess.run(["unshare", "--mount", "--propagation", "unchanged", "mount",
                    "--make-rslave", "/"], stderr=subprocess.STDOUT, stdout=subprocess.PIPE)
print("slave:", r.returncode, r.stdout.decode().strip())
# which the kernel refuses in a chroot
r = subprocess.run(["unshare", "--user", "true"], stderr=subprocess.STDOUT, stdout=subprocess.PIPE)
print("user namespace:", r.returncode, r.stdout.decode().strip())
print("in /:", *sorted(os.listdir("/")))
print("mounts:", *sorted({l.split()[1] for l in open("/proc/mounts")}))
master, slave = pty.openpty()
print("pty:", os.ttyname(slave))
open("/dev/shm/x", "w").write("1")
print("shm:", *os.listdir("/dev/shm"))
open("/dev/null", "w").write("1")
print("null:", os.stat("/dev/null").st_size, "fd:", len(os.listdir("/dev/fd")) > 2)
def refused(path):
    try:
        open(path, "w")
        return False
    except OSError as e:
        return e.strerror
print("sys:", refused("/sys/kernel/uevent_seqnum"))
print("read-only:", refused("/usr/x"))
open("/given/x", "w").write("1")
# a daemon, of which process 1 has to hear when it ends
subprocess.run(["sh", "-c", "sleep 0.1 & echo $! >/given/pid"])
pid = open("/given/pid").read().strip()
end = time.time() + 10
while os.path.exists("/proc/" + pid) and time.time() < end:
    time.sleep(0.05)
print("taken in:", not os.path.exists("/proc/" + pid))
subprocess.Popen(["setsid", "sleep", "%s"])
print("process 1:", open("/proc/1/comm").read().strip())
"""


def mounts():
    with open("/proc/self/mountinfo") as f:
        return sorted(re.sub(r"^\d+ \d+ ", "", line) for line in f)


def root(folder):
    """A root whose /usr is this machine's, and the words to enter it with."""
    path = os.path.join(folder, "root")
    given = os.path.join(folder, "given")
    os.makedirs(path + "/usr")
    os.makedirs(given)
    for d in ("bin", "sbin", "lib", "lib64"):
        if not os.path.islink("/" + d):
            raise Skip("this machine's /%s is not in /usr" % d)
        os.symlink("usr/" + d, os.path.join(path, d))
    return [OWN_ROOT, path, "--ro", "/usr", "/usr", "--rw", given, "/given"]


def sleeping(word):
    return [pid for pid, _ in rig.processes(word)]


def gone(word):
    end = time.monotonic() + 10
    while sleeping(word) and time.monotonic() < end:
        time.sleep(0.05)
    return not sleeping(word)


@vm_test
def own_root(folder):
    """A folder is a system's root: a mount, ptys, /dev/shm, /proc; all ends with its command."""
    if os.geteuid() != 0:
        raise Skip("only root may mount")
    before = mounts()
    enter = root(folder)
    nap = "10%d" % os.getpid()  # seconds, by which its processes are known
    r = subprocess.run(enter + ["python3", "-c", LOOK % nap], capture_output=True, text=True,
                       stdin=subprocess.DEVNULL, timeout=rig.PATIENCE)
    check(r.returncode != 125 or "no namespace" not in r.stderr, r.stderr)
    said = dict(line.split(": ", 1) if ": " in line else (line.rstrip(":"), "")
                for line in r.stdout.splitlines())
    for key, want in (("root is a mount", "True"), ("slave", "0 "),
                      ("user namespace", "0 "), ("shm", "x"),
                      ("in /", "bin dev given lib lib64 mnt proc run sbin sys usr"),
                      ("mounts", "/ /dev /dev/pts /dev/shm /given /proc /run /sys /usr"),
                      ("pty", "/dev/pts/0"), ("null", "0 fd: True"), ("taken in", "True"),
                      ("sys", "Read-only file system"), ("read-only", "Read-only file system"),
                      ("process 1", "own-root")):
        check(said.get(key) == want, "%s: %s, not %s\n%s%s" % (key, said.get(key), want, r.stdout,
                                                               r.stderr))
    check(os.listdir(os.path.join(folder, "root", "dev")) == [], "its /dev is on the disk")
    check(gone(nap), "the daemon outlives its root")
    check(mounts() == before, "a mount is left")

    r = subprocess.run(enter + ["sh", "-c", "exit 7"], timeout=rig.PATIENCE)
    check(r.returncode == 7, "exit status %d, not 7" % r.returncode)
    r = subprocess.run(enter[:2] + ["--ro", folder + "/none", "/x", "true"], capture_output=True,
                       text=True, timeout=rig.PATIENCE)
    check(r.returncode == 125 and "own-root: cannot mount: mount --bind" in r.stderr, r.stderr)
    r = subprocess.run([OWN_ROOT, folder, "true"], capture_output=True, text=True)
    check(r.returncode == 125 and "is not the root of a system" in r.stderr, r.stderr)

    # killed from outside: nothing keeps running in there
    for signum in (signal.SIGTERM, signal.SIGKILL):
        caller = subprocess.Popen(["sh", "-c", '"$@" & wait', "sh"] + enter +
                                  ["sh", "-c", "setsid sleep %s & sleep %s" % (nap, nap)],
                                  start_new_session=True)
        end = time.monotonic() + rig.PATIENCE
        while len(sleeping(nap)) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        check(len(sleeping(nap)) >= 2, "the command did not start")
        os.kill(caller.pid, signum)
        caller.wait(10)
        check(gone(nap), "processes outlive signal %d to who called" % signum)
    check(mounts() == before, "a mount is left by a command that was killed")


@vm_test
def suite_check_says_why(folder):
    """A check in another suite's root that cannot be done ends with a count that says so."""
    if os.geteuid() != 0:
        raise Skip("only root may mount")
    deps = os.path.join(rig.SOURCE, "tests", "deps")
    if subprocess.run([deps, "suite"], stdin=subprocess.DEVNULL).returncode:
        raise Missing("no debootstrap")
    cache = os.path.join(folder, "cache")

    def run(*args, status=1, **more):
        env = dict(os.environ, HDADUMP_SUITE_CACHE=cache,
                   HDADUMP_SUITE_MIRROR="http://127.0.0.1:1/debian", **more)
        r = subprocess.run([SUITE_CHECK] + list(args), env=env, stdin=subprocess.DEVNULL,
                           capture_output=True, text=True, timeout=rig.PATIENCE)
        check(r.returncode == status, "%s: exit status %d\n%s%s" % (args, r.returncode, r.stdout,
                                                                    r.stderr))
        last = r.stdout.splitlines()[-1:] or [""]
        check(last[0] == "0 passed, 1 failed, 0 skipped" or status == 2, "it ends with: %s" % last)
        return r.stderr

    said = run("trixie", "unit")
    check("debootstrap failed: E: " in said, said)
    say(said.strip().splitlines()[-1])
    check(not os.path.exists(cache + "/trixie/base"), "a root that is none is kept")

    # a mirror that takes the call and says nothing, until the user has enough
    with socket.create_server(("127.0.0.1", 0)) as mirror:
        where = "http://127.0.0.1:%d/debian" % mirror.getsockname()[1]
        p = subprocess.Popen([SUITE_CHECK, "trixie"], stdin=subprocess.DEVNULL, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env=dict(os.environ, HDADUMP_SUITE_CACHE=cache, HDADUMP_SUITE_MIRROR=where))
        mirror.settimeout(rig.PATIENCE)
        try:
            with mirror.accept()[0]:
                check(rig.processes(where), "who called that mirror?")
                p.terminate()
                out, said = p.communicate(timeout=rig.PATIENCE)
        finally:
            p.kill()
    check(p.returncode == 1 and out == "0 passed, 1 failed, 0 skipped\n" and "told to end" in said,
          "told to end, it ended with %d: %s%s" % (p.returncode, said, out))
    check(gone(where), "debootstrap outlives it")

    check("s are over" in run("trixie", HDADUMP_SUITE_TIME="0"), "no time, and it goes on")
    check("there is no root" in run("--shell", "trixie"), "a shell in no root")
    check("tests/suite-check [--refresh] SUITE" in run(status=2), "no usage")
    run("../etc", status=2)
    with open(cache + "/trixie/lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        check("another run is using" in run("trixie"), "two at once")
    shutil.rmtree(cache)
