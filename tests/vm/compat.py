# SPDX-License-Identifier: GPL-2.0-or-later
"""QemuHDADump, ExtractHDADump and frameDumpFormatted, driven as their users drove them.

QEMU runs in a real terminal with its monitor there (or behind a socket), its
trace goes through a pipe into QemuHDADump, and the frames it saved are joined
and held against the guest's own record.
"""

import os
import pty
import re
import select
import shlex
import struct
import subprocess
import time

import compare
import rig
from rig import EXACT, LOSSES, PATIENCE, Fail, Guest, Run, check, say, show
from testlist import vm_test

BIN = os.path.dirname(rig.HDADUMP)
TRACE = ("-trace", "memory_region_ops_write", "-trace", "memory_region_ops_read")


class Session:
    """One terminal: a script starts QEMU, and the line that a user types there.

    @monitor is "tty", "qmp" or "hmp"."""

    def __init__(self, folder, guest, monitor="tty", options=(), trace=TRACE, wait=True):
        self.folder, self.guest = folder, guest
        self.frames = os.path.join(folder, "frames")
        os.makedirs(self.frames, exist_ok=True)
        socket = os.path.join(folder, "monitor")
        args = guest.args + list(trace)
        if monitor == "tty":
            args += ["-monitor", "stdio"]
        else:
            args += ["-" + {"qmp": "qmp", "hmp": "monitor"}[monitor],
                     "unix:%s,server=on,wait=off" % socket]
        script = os.path.join(folder, "start-vm.sh")
        with open(script, "w") as f:
            f.write("#!/bin/sh\nexec " + shlex.join(args) + "\n")
        os.chmod(script, 0o755)
        where = "$(tty)" if monitor == "tty" else "unix:" + socket
        line = "T=%s; ../start-vm.sh 2>&1 >/dev/null | %s %s \"$T\" >../addresses 2>../messages; " \
            "echo ${PIPESTATUS[@]} >../status" % (
                where if monitor == "tty" else shlex.quote(where),
                shlex.quote(os.path.join(BIN, "QemuHDADump")), shlex.join(options))
        self.started = time.monotonic()
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.chdir(self.frames)
            os.execvp("bash", ["bash", "-c", line])
        self.screen = b""
        if wait:
            self.wait()

    def pump(self, seconds):
        """Reads the terminal; False at its end."""
        if select.select([self.fd], [], [], seconds)[0]:
            try:
                data = os.read(self.fd, 4096)
            except OSError:
                data = b""
            self.screen += data
            return bool(data)
        return True

    def wait(self):
        end = time.monotonic() + PATIENCE
        while self.pump(1):
            if time.monotonic() > end:
                for pid, _ in rig.processes(self.guest.name):
                    os.kill(pid, 9)
                raise Fail("it did not end in %d s\n%s" % (PATIENCE, self.story()))
        os.waitpid(self.pid, 0)
        os.close(self.fd)
        self.seconds = time.monotonic() - self.started
        with open(os.path.join(self.folder, "status")) as f:
            self.qemu_status, self.status = map(int, f.read().split())
        return self

    def text(self, name):
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            return ""
        with open(path, errors="replace") as f:
            return f.read()

    def story(self):
        out = []
        for what, text in (("its messages", self.text("messages")),
                           ("the addresses", self.text("addresses")),
                           ("the index", self.text("frames/hda-frames.txt")),
                           ("the terminal", self.screen.decode(errors="replace"))):
            out += ["  -- " + what] + ["  | " + s[:160] for s in text.splitlines()[-12:]]
        return "\n".join(out + ["  -- files in " + self.folder])

    def ended(self, *statuses):
        check(self.qemu_status == 0, "QEMU ended with %d\n%s" % (self.qemu_status, self.story()))
        check(self.status in statuses, "QemuHDADump ended with %d\n%s" % (self.status, self.story()))
        return self

    def extract(self, *statuses):
        """Joins the frames: the words of allCORBframes, the doubtful addresses, the capture."""
        capture = os.path.join(self.folder, "pair.hdad")
        r = subprocess.run([os.path.join(BIN, "ExtractHDADump"), "-o", self.folder, "--force",
                            "--pair", capture, "./"], cwd=self.frames, stderr=subprocess.PIPE,
                           text=True)
        check(r.returncode in statuses, "ExtractHDADump ended with %d: %s" % (r.returncode, r.stderr))
        self.extracted = r.stderr
        with open(os.path.join(self.folder, "allCORBframes"), "rb") as f:
            data = f.read()
        self.words = [w for w, in struct.iter_unpack("<I", data)]
        self.doubtful = set()
        for n, at in re.findall(r"(\d+) verbs? at (0x[0-9a-f]+): (?:saved late|not saved)", r.stderr):
            self.doubtful |= set(range(int(at, 16) // 4, int(at, 16) // 4 + int(n)))
        self.capture = capture
        return self

    def against_record(self):
        """The joined frames are what the guest says it sent."""
        xacts, status, err = show(self.capture)
        check(status == EXACT, "show ended with %d: %s" % (status, err))
        total = compare.with_record(xacts, self.guest.record())
        verbs = [x["verb"] for x in xacts if x.get("kind") in compare.VERB_KINDS]
        check(self.words[1:] == verbs, "allCORBframes and the capture differ")
        self.check_addresses(total)
        say("%d verbs in %s; %.1f s" % (total, ", ".join(sorted(os.listdir(self.frames))), self.seconds))
        return xacts

    def check_addresses(self, total):
        """Each verb was announced at the address at which it stands."""
        at = 4
        for line in self.text("addresses").splitlines():
            m = re.fullmatch(r"(0x[0-9a-f]{8})(?:-(0x[0-9a-f]{8}))? +frame\d\d+, .*", line)
            check(m, "what address is %r" % line)
            check(int(m[1], 16) == at, "%s comes after 0x%08x" % (line, at))
            at = int(m[2] or m[1], 16) + 4
        check(at == 4 * (total + 1), "the last address is 0x%x, of %d verbs" % (at - 4, total))


def good_words(s, verbs):
    """Each word that is called good is the one that was sent; how many are not called good."""
    words = s.words[1:]
    check(len(words) == len(verbs), "%d verbs in the frames, %d sent" % (len(words), len(verbs)))
    wrong = [i for i, v in enumerate(verbs) if words[i] != v and i + 1 not in s.doubtful]
    check(not wrong, "%d words are called good and are wrong, from 0x%x on" %
          (len(wrong), 4 * (wrong[0] + 1) if wrong else 0))
    return len(s.doubtful)


def in_time(folder, start, tries=3):
    """
    A session whose frames were all saved in time.  What is typed into a terminal is done when
    QEMU gets to it, on a busy machine after the guest has gone on: such frames are named, no
    word that is called good in them is wrong, and it is tried again.
    """
    for n in range(tries):
        own = os.path.join(folder, "try%d" % n)
        os.makedirs(own)
        s = start(own).ended(EXACT, LOSSES)
        if s.status == EXACT:
            return s.extract(EXACT)
        s.extract(EXACT, LOSSES)
        # the record leaves out each codec's first verb, sent by the probe
        verbs = [0x000f0000] + [v.word for v in s.guest.record().verbs]
        say("saved late: %d words doubtful, no other wrong; once more" % good_words(s, verbs))
    raise Fail("%d times frames were saved late\n%s" % (tries, s.story()))


def folded(words):
    """Without repetitions: how often a driver polls is a matter of time."""
    return [w for i, w in enumerate(words) if not i or w != words[i - 1]]


@vm_test
def compat_terminal(folder):
    """The three programs, -monitor stdio in a terminal; the same guest under hdadump run."""
    do = dict(do="bind,codecs,flood:700,tone,poweroff", driver="power_save=0")
    s = in_time(folder, lambda own: Session(own, Guest(own, **do)))
    s.against_record()
    check(os.path.exists(s.frames + "/frame02"), "three laps were not saved")
    formatted = subprocess.run([os.path.join(BIN, "frameDumpFormatted"), "allCORBframes"], cwd=s.folder,
                               stdout=subprocess.PIPE, text=True, check=True).stdout
    words = [int(w, 16) for line in formatted.splitlines() for w in line.split(":")[1].split()]
    check(words == s.words, "frameDumpFormatted prints other words")
    check(formatted.splitlines()[1].startswith("0x00000010: 0x"), formatted[:200])
    again = os.path.join(folder, "again")
    os.makedirs(again)
    r = Run(Guest(again, **do)).wait().ended(EXACT)
    run = [x["verb"] for x in r.show()[0] if x.get("kind") in compare.VERB_KINDS]
    a, b = folded(s.words[1:]), folded(run)
    for n, (x, y) in enumerate(zip(a, b)):
        check(x == y, "verb %d is %08x in the frames and %08x with hdadump run" % (n, x, y))
    check(len(a) == len(b), "%d verbs in the frames, %d with hdadump run" % (len(a), len(b)))
    say("the same %d verbs as hdadump run, polls folded" % len(a))


@vm_test
def compat_decode(folder):
    """frameDumpFormatted --decode names what hdadump show names."""
    s = Session(folder, Guest(folder, "bind,codecs,tone,poweroff"), "qmp").ended(EXACT).extract(EXACT)
    xacts = s.against_record()
    lines = subprocess.run([os.path.join(BIN, "frameDumpFormatted"), "--decode", "allCORBframes"],
                           cwd=folder, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    names = [x["name"] for x in xacts if x.get("kind") in compare.VERB_KINDS]
    check(len(lines) == len(names) + 1, "%d lines, %d verbs" % (len(lines), len(names)))
    for line, name in zip(lines[1:], names):
        got = line.split("  ")[2].partition("(")[0].replace("PARAMETERS", "GET_PARAMETERS")
        check(got == name.replace("PARAMETERS", "GET_PARAMETERS").replace("GET_GET", "GET"),
              "%s is %s" % (line, name))


@vm_test
def compat_writes_only(folder):
    """With the old events.txt of writes alone: the places of the responses are assumed."""
    s = in_time(folder, lambda own: Session(own, Guest(own, "bind,codecs,flood:600,poweroff"),
                                            trace=TRACE[:2]))
    s.against_record()
    check("assumed" in s.text("messages"), s.text("messages"))


@vm_test
def compat_rebind(folder):
    """pmemsave over QMP: the ring stops, moves and starts anew; two codecs."""
    g = Guest(folder, "bind,codecs,flood:300:hwC0D1,unbind,bind,codecs,flood:600,poweroff",
              controllers=[("intel-hda", ("hda-duplex", "hda-micro"))])
    s = Session(folder, g, "qmp", ["--pmemsave"]).ended(EXACT).extract(EXACT)
    s.against_record()


@vm_test
def compat_reboot(folder):
    """The human monitor at a socket; the guest reboots."""
    g = Guest(folder, "bind,flood:300,reboot,bind,codecs,flood:300,poweroff", driver="power_save=0")
    Session(folder, g, "hmp").ended(EXACT).extract(EXACT).against_record()
    check(g.record().boots == 2, "the guest booted %d times" % g.record().boots)


@vm_test
def compat_power_save(folder):
    """The codec is suspended and woken by the driver's own timer."""
    g = Guest(folder, "bind,sleep:2,tone,sleep:2,codecs,poweroff", driver="power_save=1")
    Session(folder, g, "qmp").ended(EXACT).extract(EXACT).against_record()


@vm_test
def compat_flood(folder):
    """20,000 verbs flat out: each word that is called good is the one that was sent."""
    for options in ((), ("--pmemsave",)):
        own = os.path.join(folder, "pmemsave" if options else "direct")
        os.makedirs(own)
        g = Guest(own, "bind,flood:20000,poweroff", buffer=65536, driver="power_save=0")
        s = Session(own, g, "qmp", options).ended(EXACT, LOSSES).extract(EXACT, LOSSES)
        verbs = g.record().verbs
        words = s.words[1:]
        check(len(words) == len(verbs) + 1, "%d verbs in the frames, %d recorded" % (len(words), len(verbs)))
        wrong = [i for i, v in enumerate(verbs) if words[i + 1] != v.word and i + 2 not in s.doubtful]
        check(not wrong, "%d words are called good and are wrong, from 0x%x on" %
              (len(wrong), 4 * (wrong[0] + 2) if wrong else 0))
        check(options or not s.doubtful, "%d words are doubtful" % len(s.doubtful))
        s.check_addresses(len(words))
        say("%d of %d verbs doubtful, %.0f verbs/s%s" % (
            len(s.doubtful), len(words), g.record().floods[0]["rate"], "".join(" " + o for o in options)))


@vm_test
def compat_rings(folder):
    """A controller driven by hand: bases anywhere, the RIRB away from the CORB, batches."""
    for case in ("bases", "one_page", "batches"):
        own = os.path.join(folder, case)
        os.makedirs(own)
        g = Guest(own, "mmio:%s,poweroff" % case)
        s = Session(own, g, "qmp").ended(EXACT, LOSSES).extract(EXACT, LOSSES)
        sent = [v.word for v in g.record().verbs if v.kind in (None, "corb")]
        check(len(s.words) == len(sent) + 1, "%s: %d verbs in the frames, %d sent" %
              (case, len(s.words) - 1, len(sent)))
        wrong = [i for i, w in enumerate(sent) if s.words[i + 1] != w and i + 1 not in s.doubtful]
        check(not wrong, "%s: %d words are called good and are wrong, from 0x%x on" %
              (case, len(wrong), 4 * (wrong[0] + 1) if wrong else 0))
        say("%s: %d verbs, %d of them doubtful, in %s" % (
            case, len(sent), len(s.doubtful), ", ".join(sorted(os.listdir(s.frames))[:6])))


@vm_test
def compat_killed(folder):
    """QEMU is killed in the middle: no crash, and all that was quiet is saved."""
    g = Guest(folder, "bind,codecs,flood:300,sleep:60,poweroff", driver="power_save=0")
    s = Session(folder, g, wait=False)
    end = time.monotonic() + PATIENCE
    while "guest: sleep" not in g.console():
        s.pump(0.1)
        check(time.monotonic() < end, "the guest does not get to its sleep\n" + s.story())
    time.sleep(1)
    for pid, word in rig.processes(g.name):
        if "qemu" in os.path.basename(word):
            os.kill(pid, 9)
    s.wait()
    check(s.status == EXACT, "QemuHDADump ended with %d\n%s" % (s.status, s.story()))
    s.extract(EXACT)
    sent = [v.word for v in g.record().verbs]
    check(s.words[2:] == sent, "%d verbs in the frames, %d recorded after the probe" %
          (len(s.words) - 1, len(sent)))
    say("all %d verbs up to then" % (len(s.words) - 1))


@vm_test
def compat_not_overwritten(folder):
    """Frames of an earlier capture are left alone, and the guest runs on."""
    g = Guest(folder, "bind,codecs,poweroff")
    os.makedirs(folder + "/frames")
    with open(folder + "/frames/frame00", "w") as f:
        f.write("mine")
    s = Session(folder, g)
    check(s.status == 1 and s.qemu_status == 0, "ended with %d, QEMU with %d" % (s.status, s.qemu_status))
    check("frame00 is in " in s.text("messages"), s.text("messages"))
    with open(folder + "/frames/frame00") as f:
        check(f.read() == "mine", "frame00 was overwritten")
    check(os.listdir(s.frames) == ["frame00"], "there is more: %s" % os.listdir(s.frames))
    Session(folder, Guest(folder, "bind,codecs,poweroff"), options=["--force"]) \
        .ended(EXACT).extract(EXACT).against_record()
