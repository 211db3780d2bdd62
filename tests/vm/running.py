# SPDX-License-Identifier: GPL-2.0-or-later
"""A guest that runs by itself, looked at from outside, and hdadump joining and leaving it."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time

import compare
import rig
import sequence
from rig import Fail, Guest, check

EVENTS = ("memory_region_ops_read", "memory_region_ops_write")


class Qmp:
    """A client of QEMU's own protocol."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(rig.PATIENCE)
        self.socket.connect(path)
        self.file = self.socket.makefile("rw")
        self.greeting = json.loads(self.file.readline())
        self.events = []
        self("qmp_capabilities")

    def __call__(self, command, **arguments):
        self.file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.file.flush()
        while True:
            line = self.file.readline()
            if not line:
                raise Fail("QEMU closed its monitor at %s" % command)
            m = json.loads(line)
            if "event" in m:
                self.events.append(m["event"])
                continue
            if "error" in m:
                raise Fail("QEMU refused %s: %s" % (command, m["error"]["desc"]))
            return m["return"]

    def hmp(self, line):
        return self("human-monitor-command", **{"command-line": line})

    def close(self):
        self.file.close()
        self.socket.close()


class Machine:
    """
    A QEMU with two QMP sockets: one for hdadump, and one for the test, through
    which it sees what hdadump does to QEMU.
    """

    def __init__(self, folder, do="bind,flood:100000000", name="", extra=(), user=None, **guest):
        self.folder = folder
        self.sockets = tempfile.mkdtemp()  # a socket's path may not be long
        os.chmod(self.sockets, 0o777)  # QEMU may run as another user
        self.path = os.path.join(self.sockets, "qmp")
        spare = os.path.join(self.sockets, "spare")
        # where a boot takes long, a codec fell asleep before the flood, and was woken amid it
        guest.setdefault("driver", "power_save=0")
        self.guest = Guest(folder, do, extra=["-qmp", "unix:%s,server=on,wait=off" % self.path,
                                              "-qmp", "unix:%s,server=on,wait=off" % spare] +
                           list(extra), **guest)
        if name:
            self.guest.args[self.guest.args.index("-name") + 1] = name
        self.err_path = os.path.join(folder, "qemu-stderr.txt")
        with open(self.err_path, "wb") as err:
            self.proc = subprocess.Popen(self.guest.args, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.DEVNULL, stderr=err, user=user)
        self.pid = self.proc.pid
        self.wait_for("its monitor", lambda: self._connect(spare))

    def _connect(self, path):
        """A socket has its name a moment before it listens."""
        try:
            self.qmp = Qmp(path)
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        return True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.qmp.close()
        if self.proc.poll() is None:
            self.proc.kill()
        self.proc.wait()
        shutil.rmtree(self.sockets)

    def wait_for(self, what, test):
        end = time.monotonic() + rig.PATIENCE
        while not test():
            check(self.proc.poll() is None, "QEMU ended before %s:\n%s" % (what, self.said()))
            check(time.monotonic() < end, "%s did not happen; the guest says:\n%s" %
                  (what, self.guest.console()[-1000:]))
            time.sleep(0.02)

    def said(self):
        with open(self.err_path, errors="replace") as f:
            return f.read()

    def wait_for_step(self, step):
        self.wait_for("the guest's %s" % step, lambda: "guest: %s" % step in self.guest.console())

    def traced(self):
        """Which trace events are on, as QEMU says."""
        return sorted(e["name"] for e in self.qmp("trace-event-get-state", name="*")
                      if e["state"] == "enabled" and e["name"] in EVENTS)

    def running(self):
        return self.qmp("query-status")["running"]

    def trace_file(self):
        """QEMU's end of a pipe of hdadump's (by its mode) or of its FIFO (by its name), or None."""
        fds = "/proc/%d/fd" % self.pid
        for fd in os.listdir(fds):
            try:
                target = os.readlink(os.path.join(fds, fd))
                mode = os.stat(os.path.join(fds, fd)).st_mode
            except FileNotFoundError:
                continue
            if "hdadump-trace" in target or target.startswith("pipe:") and mode & stat.S_ISVTX:
                return target
        return None

    def as_before(self, what):
        """Nothing of hdadump is left in QEMU."""
        left = self.traced()
        check(not left, "%s: QEMU still traces %s" % (what, ", ".join(left)))
        check(self.running(), "%s: the guest does not run" % what)
        # QEMU closes a log when all its threads have passed a point of rest (RCU)
        self.wait_for("%s: the end of QEMU's open trace" % what, lambda: not self.trace_file())

    def end(self):
        """The guest comes to its own end."""
        try:
            status = self.proc.wait(rig.PATIENCE)
        except subprocess.TimeoutExpired:
            raise Fail("the guest did not end; QEMU: %s, traced: %s; console:\n%s" % (
                self.qmp("query-status"), self.traced(), self.guest.console()[-1000:]))
        check(status == 0, "QEMU ended with %d:\n%s" % (status, self.said()))


class Attach:
    """`hdadump attach`, while it runs and after."""

    def __init__(self, folder, target, options=(), out="capture.hdad", wrap=(), **popen):
        self.folder = folder
        self.file = os.path.join(folder, out)
        # by the trace, whatever auto would choose here: BPF changes nothing in QEMU (bpf.py)
        self.args = list(wrap) + [rig.HDADUMP, "attach", "--via", "trace", "--force", "-o", self.file]
        self.args += list(options) + list(target)
        self.out_path = os.path.join(folder, "stdout.txt")
        self.err_path = os.path.join(folder, "stderr.txt")
        with open(self.out_path, "wb") as o, open(self.err_path, "wb") as e:
            self.proc = subprocess.Popen(self.args, stdin=subprocess.DEVNULL, stdout=o, stderr=e,
                                         start_new_session=True, **popen)
        self.status = None

    def text(self, path):
        with open(path, errors="replace") as f:
            return f.read()

    def stderr(self):
        return self.text(self.err_path)

    def wait_until_attached(self):
        end = time.monotonic() + rig.PATIENCE
        while "attached to" not in self.stderr():
            check(self.proc.poll() is None, "it did not attach:\n" + self.stderr())
            check(time.monotonic() < end, "it does not attach:\n" + self.stderr())
            time.sleep(0.01)
        return self

    def wait_for_growth(self, size=200000):
        end = time.monotonic() + rig.PATIENCE
        while os.path.getsize(self.file) < size:
            check(self.proc.poll() is None, "it ended early:\n" + self.stderr())
            check(time.monotonic() < end, "the capture does not grow:\n" + self.stderr())
            time.sleep(0.01)
        return self

    def stop(self, sig=signal.SIGINT):
        self.proc.send_signal(sig)
        return self.wait()

    def wait(self):
        try:
            self.status = self.proc.wait(rig.PATIENCE)
        except subprocess.TimeoutExpired:
            self.proc.kill()
            self.proc.wait()
            raise Fail("hdadump did not end\n" + self.stderr())
        return self

    def ended(self, *statuses):
        check(self.status in statuses, "exit status %s, expected %s\n%s" %
              (self.status, " or ".join(map(str, statuses)), self.stderr()))
        return self

    def sentence(self, *words):
        """The line of hdadump's that says all these words."""
        import re
        for line in self.stderr().splitlines():
            if line.startswith("hdadump: ") and all(re.search(w, line, re.I) for w in words):
                return line
        raise Fail("no line of hdadump says %s:\n%s" % (" and ".join(words), self.stderr()))

    def verbs(self):
        xacts, status, err = rig.show(self.file)
        check(status in (rig.EXACT, rig.LOSSES), "show ended with %d: %s" % (status, err))
        return [x for x in xacts if x.get("kind") in compare.VERB_KINDS], xacts


def place_in_sequence(x):
    """The number in the flood of a verb that carries it, or None."""
    word = x.get("verb", 0)
    if word >> 20 & 0xf0 != 0x60:
        return None
    return word & 0xfffff | (word >> 20 & 0x0f) << 20


def check_stretch(verbs, at_least=1, tail=0):
    """
    The verbs are one stretch of the flood, without a hole, and each has the
    answer that the guest saw.  The last @tail, of a capture that was cut off,
    may lack an answer or a proof.  Gives the number of the first.
    """
    flood = [x for x in verbs if x.get("verb", 0) >> 16 != 0x000f]
    first = next((i for i, x in enumerate(flood) if place_in_sequence(x) is not None), None)
    check(first is not None and len(flood) >= at_least, "%d verbs were captured, at least %d "
          "expected" % (len(flood), at_least))
    start = place_in_sequence(flood[first]) - first
    if start < 0:  # it attached before the flood's first verb: the verbs before that do not belong to it
        flood, start = flood[-start:], 0
    for i, x in enumerate(flood):
        n, last = start + i, i >= len(flood) - tail
        if last and x["certainty"] == "lost" and "verb" not in x:
            continue
        check(x.get("verb") == sequence.word(0, n), "verb %d of the flood, captured as %d, is %s" %
              (n, i, x))
        check(x.get("response") == sequence.answer(n) or last and "response" not in x,
              "the response to verb %d is %s" % (n, x))
        check(x["certainty"] == "exact" or last and x["certainty"] in ("suspect", "unanswered"),
              "verb %d is %s" % (n, x))
    return start
