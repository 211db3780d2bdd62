# SPDX-License-Identifier: GPL-2.0-or-later
"""Marks: they are at the right place, which the guest's own sequence of verbs shows."""

import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import compare
import rig
import sequence
from rig import ERROR, EXACT, Guest, Run, check, say
from running import Attach, Machine
from testlist import vm_test

FLOOD = 60000


class Sockets:
    """A private folder for the captures' sockets, and `hdadump mark` in it."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="hdadump-marks-")  # short: a socket's path is
        self.env = dict(os.environ, HDADUMP_RUNTIME_DIR=self.folder)
        return self

    def __exit__(self, *exc):
        shutil.rmtree(self.folder)

    def mark(self, *args):
        r = subprocess.run([rig.HDADUMP, "mark"] + list(args), env=self.env, capture_output=True,
                           text=True, timeout=rig.PATIENCE)
        return r.returncode, r.stdout, r.stderr

    def marked(self, *args):
        """A mark that works; how many verbs it says have gone by."""
        status, out, err = self.mark(*args)
        check(status == 0, "mark %s: %s" % (args, err))
        m = re.search(r": marked at .*, (?:after (\d+) verbs?|before the first verb)$", out.strip())
        check(m, "it says not where: " + out)
        return int(m.group(1) or 0)

    def refused(self, says, *args):
        status, out, err = self.mark(*args)
        check(status == ERROR and re.search(says, err) and err.count("\n") == 1,
              "mark %s: %d %s%s" % (args, status, out, err))
        say(err.strip())

    def left(self):
        return sorted(os.listdir(self.folder))


def monitor(path, command):
    """One command for QEMU's own monitor, which is the user's."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(rig.PATIENCE)
        s.connect(path)
        text = b""
        for said in (None, command):
            if said:
                s.sendall(said.encode() + b"\n")
                text = b""
            while not re.search(rb"\(qemu\) $", text):
                more = s.recv(65536)
                check(more, "the monitor is gone")
                text += more


def places(xacts):
    """{a mark's text: how many verbs stand before it}"""
    out, verbs = {}, 0
    for x in xacts:
        verbs += x.get("kind") in compare.VERB_KINDS
        if x.get("kind") == "mark":
            out.setdefault(x["text"], []).append(verbs)
    return out


@vm_test
def marks(folder):
    """Before the guest runs, amid a flood and after it; of several captures; after a kill."""
    with Sockets() as s:
        s.refused("no capture is running", "too early")
        path = os.path.join(s.folder, "m")
        g = Guest(folder, "bind,flood:%d,mark:done,sleep:600" % FLOOD, driver="power_save=0",
                  extra=["-S", "-monitor", "unix:%s,server=on,wait=off" % path])
        r = Run(g, ["--quiet"], env=s.env)
        r.wait_for("its socket", lambda: any(n.endswith(".sock") for n in s.left()))
        check(s.marked("before all") == 0, "verbs before the guest ran")

        # a second capture: which one is meant is not guessed
        other = os.path.join(folder, "other")
        os.mkdir(other)
        r2 = Run(Guest(other, "poweroff", extra=["-S"]), ["--quiet"], env=s.env)
        r2.wait_for("its socket", lambda: sum(n.endswith(".sock") for n in s.left()) == 2)
        s.refused(r"2 captures are running: .*%d \(.*capture.hdad\).* use --pid or --all" %
                  r.proc.pid, "which")
        s.refused(r"process 1 is not a capture; the captures are: ", "--pid", "1", "which")
        check(s.marked("--pid", str(r2.proc.pid), "for the other") == 0, "verbs in the other")
        status, out, err = s.mark("--all", "for both")
        check(status == 0 and out.count(": marked ") == 2, "--all: %s%s" % (out, err))
        os.kill(r2.proc.pid, signal.SIGKILL)
        r2.kill()
        check("%d.sock" % r2.proc.pid in s.left(), "who was killed cannot clean up")

        monitor(path, "cont")
        r.wait_for("the flood", lambda: "guest: flood" in g.console())
        amid = [s.marked("amid, %d" % n) for n in range(5)]
        check("%d.sock" % r2.proc.pid not in s.left(), "the killed one's socket is still there")
        r.wait_for("the flood's end", lambda: "mark:done" in g.console())
        after = s.marked("after \x1b[2J it")
        r.proc.send_signal(signal.SIGINT)
        r.wait().ended(EXACT)
        check([n for n in s.left() if n.endswith(".sock")] == [], "its socket is left")
        s.refused("no capture is running", "too late")

        xacts, _, _ = r.show("--noise")
        at = places(xacts)
        check(at["before all"] == [0] and at["for both"] == [0], "before: %s" % at)
        check("for the other" not in at, "the other's mark is here")
        told = [at["amid, %d" % n][0] for n in range(5)]
        check(told == amid, "amid: answered %s, found at %s" % (amid, told))
        # the guest's own count: the last of its sequence is before the mark, nothing after it
        verbs = [x.get("verb") for x in xacts if x.get("kind") in compare.VERB_KINDS]
        last = len(verbs) - 1 - verbs[::-1].index(sequence.word(0, FLOOD - 1))
        check(at[r"after \x1b[2J it"] == [after] == [last + 1], "after: answered %d, found %s, the "
              "flood's last is %d" % (after, at, last))
        check(amid[0] < after, "no mark came amid the flood")
        say("amid the flood: after %s of %d verbs" % (amid, after))
        shown(r.file, at, amid, after)


def shown(path, at, amid, after):
    """The marks in every form, and as the ends of a range."""
    def run(*args):
        p = subprocess.run([rig.HDADUMP] + list(args) + [path], capture_output=True, text=True,
                           timeout=rig.PATIENCE)
        check(p.returncode == 0, "%s: %s" % (args, p.stderr))
        return p.stdout
    text = run("show", "--from", "amid, 1", "--to", "amid, 2", "--noise")
    lines = text.splitlines()
    check("--- mark: amid, 1" in lines[0] and "--- mark: amid, 2" in lines[-1] and
          len(lines) == amid[2] - amid[1] + 2,
          "the range has %d lines, %d verbs lie between" % (len(lines), amid[2] - amid[1]))
    info = run("info")
    check("\x1b" not in info and '"before all" at 0.000 s, after 0 verbs' in " ".join(info.split()) and
          re.search(r'"after \\x1b\[2J it" at [\d.]+ s, after %d verbs' % after,
                    " ".join(info.split())), "info:\n" + info)
    listed = {m["text"]: m["after"] for m in json.loads(run("info", "--format", "json"))["marks"]}
    check(listed["amid, 3"] == amid[3] and listed["before all"] == 0, "info --format json: %s" % listed)


@vm_test
def marks_typed(folder):
    """Lines typed into the capture's terminal; none where QEMU has it."""
    with Sockets() as s:
        g = Guest(folder, "bind,mark:ready,sleep:600", driver="power_save=0")
        master, slave = pty.openpty()
        r = Run(g, ["--quiet"], stdin=slave, env=s.env)
        os.close(slave)
        r.wait_for("the guest", lambda: "mark:ready" in g.console())
        check("a line typed here becomes a mark" in r.stderr(), "it does not say so:\n" + r.stderr())
        os.write(master, b"headphones in\n\n")
        end = time.monotonic() + rig.PATIENCE
        wanted = {"headphones in", "mark"}
        while time.monotonic() < end:
            xacts, _, _ = rig.show(r.file)
            if wanted <= set(places(xacts)):
                break
            time.sleep(0.2)
        r.proc.send_signal(signal.SIGINT)
        r.wait().ended(EXACT)
        os.close(master)
        xacts, _, _ = r.show()
        check(list(places(xacts)) == ["headphones in", "mark"], "marks: %s" % places(xacts))

        again = os.path.join(folder, "again")
        os.mkdir(again)
        g = Guest(again, "bind,mark:ready,sleep:600", driver="power_save=0",
                  extra=["-monitor", "stdio"])
        master, slave = pty.openpty()
        r = Run(g, ["--quiet"], stdin=slave, stdout=slave, env=s.env)
        os.close(slave)
        r.wait_for("the guest", lambda: "mark:ready" in g.console())
        check("QEMU reads this terminal" in r.stderr(), "it does not say so:\n" + r.stderr())
        s.marked("from elsewhere")
        os.write(master, b"quit\n")
        r.wait().ended(EXACT)
        os.close(master)
        xacts, _, _ = r.show()
        check(list(places(xacts)) == ["from elsewhere"], "marks: %s" % places(xacts))


@vm_test
def marks_attached(folder):
    """A capture that joined a running guest takes marks too, at their place."""
    with Sockets() as s, Machine(folder) as m:
        m.wait_for_step("flood")
        a = Attach(folder, [str(m.pid)], ["--quiet"], env=s.env)
        a.wait_until_attached().wait_for_growth(20000)
        told = [s.marked("in"), s.marked("out")]
        a.wait_for_growth(os.path.getsize(a.file) + 20000)
        a.stop().ended(EXACT)
        check(s.left() == [], "its socket is left: %s" % s.left())
        xacts, _, _ = rig.show(a.file, "--noise")
        at = places(xacts)
        check([at["in"][0], at["out"][0]] == told, "answered %s, found at %s" % (told, at))
        check(0 < told[0] <= told[1] < sum(x.get("kind") in compare.VERB_KINDS for x in xacts),
              "not amid the verbs: %s" % told)
