# SPDX-License-Identifier: GPL-2.0-or-later
"""hdadump attach: guests that run already are joined, left, and find nothing changed."""

import os
import re
import shutil
import signal
import subprocess
import time

import rig
from attach_root import Imitator
from libvirtd import Domain, Libvirtd
from rig import ERROR, EXACT, LOSSES, Missing, Skip, check, say
from running import Attach, Machine, check_stretch
from testlist import vm_test


@vm_test
def attach_cycles(folder):
    """20 times joined and left in the middle of a flood."""
    with Machine(folder) as m:
        m.wait_for_step("flood")
        last, total, still = -1, 0, []
        for n in range(20):
            target = ["--qmp", m.path] if n % 2 else [str(m.pid)]
            a = Attach(folder, target, ["--quiet"]).wait_until_attached().wait_for_growth(20000)
            a.stop(signal.SIGTERM if n % 3 == 2 else signal.SIGINT).ended(EXACT)
            m.as_before("after cycle %d" % (n + 1))
            verbs, xacts = a.verbs()
            start = check_stretch(verbs, 100)
            check(start > last, "what was in the ring before the attach was taken for new: verb %d "
                  "after verb %d" % (start, last))
            check(any("inferred" in x.get("text", "") for x in xacts),
                  "that the rings were inferred is not said")
            last, total = start + len(verbs) - 1, total + len(verbs)
            still.append(int(a.sentence("it was paused").split()[-2]))
        say("%d verbs in 20 stretches, every one exact; the guest stood still for %d to %d ms" %
            (total, min(still), max(still)))


def slow_sender(pid, folder):
    """From now on a command of that process reaches QEMU 0.1 s before the process goes on."""
    if not shutil.which("strace"):
        raise Missing("no strace")
    words = ["strace", "-f", "-o", os.path.join(folder, "strace.txt"), "-e", "trace=sendto",
             "-e", "inject=sendto:delay_exit=100000", "-p", str(pid)]
    proc = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    line = proc.stderr.readline()
    if "attached" not in line:
        proc.kill()
        proc.wait()
        raise Skip("strace does not work here: " + line.strip())
    return proc


@vm_test
def attach_slow(folder):
    """20 times left by a hdadump so slow that QEMU's answers and the end of its trace come together."""
    with Machine(folder) as m:
        m.wait_for_step("flood")
        for n in range(20):
            a = Attach(folder, [str(m.pid)], ["--quiet"]).wait_until_attached().wait_for_growth(20000)
            strace = slow_sender(a.proc.pid, folder)
            a.stop(signal.SIGTERM if n % 3 == 2 else signal.SIGINT).ended(EXACT)
            m.as_before("after cycle %d" % (n + 1))
            strace.wait(rig.PATIENCE)
            strace.stderr.close()
            check_stretch(a.verbs()[0], 100)


@vm_test
def attach_killed(folder):
    """kill -9 in the middle of a flood: QEMU goes on, is put right, and can be joined again."""
    with Machine(folder, "bind,flood:150000,poweroff") as m:
        m.wait_for_step("flood")
        for n in range(3):
            a = Attach(folder, [str(m.pid)], ["--quiet"]).wait_until_attached().wait_for_growth(20000)
            if n == 2:
                # the pipe is full, and the vCPU waits in its write with QEMU's big lock
                a.proc.send_signal(signal.SIGSTOP)
                time.sleep(0.3)
            a.proc.kill()
            a.wait()
            m.wait_for("the guardian's work", lambda: not m.traced())
            m.wait_for("the guardian's end", lambda: "undone" in a.stderr())
            m.as_before("after kill -9")
            check_stretch(a.verbs()[0], 100, tail=64)
        a = Attach(folder, [str(m.pid)], ["--quiet"]).wait_until_attached().wait_for_growth(20000)
        a.stop().ended(EXACT)
        check_stretch(a.verbs()[0], 100)
        m.end()
        check("Power down" in m.guest.console(), "the guest did not come to its end")


@vm_test
def attach_by_monitor(folder):
    """Memory through the monitor alone, slower than the guest: words are lost, and Ctrl-C is heard."""
    with Machine(folder) as m:
        m.wait_for_step("flood")
        a = Attach(folder, [str(m.pid)], ["--quiet", "--memory", "monitor"])
        a.wait_until_attached().wait_for_growth(20000)
        time.sleep(3)  # in which ten times as much is traced as can be read
        begin = time.monotonic()
        a.stop().ended(EXACT, LOSSES)
        say("it ended %.1f s after Ctrl-C" % (time.monotonic() - begin))
        m.as_before("after the capture")
        verbs = a.verbs()[0]
        lost = [x for x in verbs if x["certainty"] == "lost"]
        check(len(verbs) > 1000, "only %d verbs" % len(verbs))
        check(a.status == (LOSSES if lost else EXACT), "exit status %s, %d verbs lost" % (a.status, len(lost)))


@vm_test
def attach_libvirt(folder):
    """A guest of a real libvirtd, whose QEMU runs as its own user: joined and left in a flood."""
    with Libvirtd() as libvirtd, Domain(libvirtd, folder) as d, \
            Imitator(d.files, ["-uuid", libvirtd.virsh("domuuid", d.name)]):
        # it was there before the guest, and has its UUID
        d.start().wait_for_step("flood")
        last = -1
        for n in range(3):
            a = Attach(folder, ["--libvirt", d.name, "--connect", libvirtd.uri], ["--quiet"])
            a.wait_until_attached().wait_for_growth(20000)
            check(d.trace_file().startswith("pipe:"), "QEMU's log goes to %s" % d.trace_file())
            a.stop().ended(EXACT)
            a.sentence("guest memory was read by .*\\b%d\\b" % d.pid)
            d.as_before("after cycle %d" % (n + 1))
            check(d.state() == "running", "libvirt thinks that the guest is %s" % d.state())
            verbs, _ = a.verbs()
            start = check_stretch(verbs, 100)
            check(start > last, "verb %d after verb %d" % (start, last))
            last = start + len(verbs) - 1
        a = Attach(folder, [str(d.pid)]).wait().ended(ERROR)
        say(a.sentence("libvirt guest", "--libvirt " + d.name))
        a = Attach(folder, ["--libvirt", d.name], ["--quiet"]).wait_until_attached()
        a.wait_for_growth(20000).proc.kill()
        a.wait()
        d.wait_for("the guardian's work", lambda: "undone" in a.stderr())
        d.as_before("after kill -9")
        # libvirt waits for a QEMU that hangs; we do not
        a = Attach(folder, ["--libvirt", d.name], ["--quiet"]).wait_until_attached()
        a.wait_for_growth(20000)
        os.kill(d.pid, signal.SIGSTOP)
        a.proc.send_signal(signal.SIGINT)
        time.sleep(0.5)
        a.stop().ended(ERROR)
        say(a.sentence("virsh .*qemu-monitor-command %s --hmp 'trace-event" % d.name))
        os.kill(d.pid, signal.SIGCONT)
        d.wait_for("the guardian's work", lambda: "undone" in a.stderr())
        d.as_before("when QEMU went on")
        say("%d verbs up to the last; left as before, after kill -9 and a halt of QEMU's too" % last)


HOSTDEV = """    <hostdev mode='subsystem' type='pci' managed='yes'>
      <source>
        <address domain='0x0000' bus='0x7e' slot='0x1f' function='0x3'/>
      </source>
    </hostdev>
"""


@vm_test
def libvirt_prepare(folder):
    """The change of a libvirt guest's definition: shown, made on request, undone."""
    def hdadump(*args, status=EXACT):
        r = subprocess.run([rig.HDADUMP, "libvirt"] + list(args), stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                           env=dict(os.environ, XDG_STATE_HOME=folder))
        check(r.returncode == status, "hdadump libvirt %s ended with %d: %s" %
              (" ".join(args), r.returncode, r.stderr))
        return r.stdout, r.stderr

    with Libvirtd() as libvirtd, Domain(libvirtd, folder, devices=HOSTDEV) as d:
        at = "7e:1f.3"  # no such device here: it is named, its class cannot be looked up
        before = libvirtd.virsh("dumpxml", "--inactive", d.name)
        diff, said = hdadump(d.name, "--prepare", "--controller", at)
        check("alias='hostdev0'" in diff and "+        <qemu:property name='x-no-mmap' type='bool' "
              "value='true'/>" in diff, "the diff is:\n" + diff)
        check("--apply" in said, "it is not said how: " + said)
        check(libvirtd.virsh("dumpxml", "--inactive", d.name) == before, "it was changed unasked")
        # the diff is one: patch makes of the definition what libvirt then has
        old, new = os.path.join(folder, "old.xml"), os.path.join(folder, "new.xml")
        with open(old, "w") as f:
            f.write(libvirtd.virsh("dumpxml", "--inactive", "--security-info", d.name) + "\n\n")
        patch = subprocess.run(["patch", "-s", "-o", new, old], input=diff, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        check(patch.returncode == 0, "patch does not take the diff: %s\n%s" % (patch.stdout, diff))
        hdadump(d.name, "--prepare", "--apply", "--controller", at)
        after = libvirtd.virsh("dumpxml", "--inactive", d.name)
        with open(new) as f:
            check(f.read().split() == after.split(), "libvirt has something else than was shown")
        _, said = hdadump(d.name, "--prepare", "--controller", at)
        check("nothing needs to be changed" in said, "done twice: " + said)
        kept = [f for f in os.listdir(os.path.join(folder, "hdadump")) if d.name in f]
        check(len(kept) == 1, "the definition as it was is not kept: %s" % kept)
        _, said = hdadump(d.name, "--revert", "--apply", "--controller", at)
        check(libvirtd.virsh("dumpxml", "--inactive", d.name) == before,
              "after the way back it is not as before:\n" +
              libvirtd.virsh("dumpxml", "--inactive", d.name))
        # what may be wrong
        for args, words in (
                ((d.name, "--prepare"), "no audio controller of the host .*0000:7e:1f.3"),
                ((d.name, "--prepare", "--controller", "00:1b.0"), "does not have the host's device 00:1b.0"),
                (("nobody", "--prepare"), "no guest 'nobody'; it has .*" + d.name),
                ((d.name, "--prepare", "--connect", "qemu:///nowhere"), "cannot be reached"),
                ((d.name, "--prepare", "--connect", "test:///default"), "does not run QEMU")):
            _, said = hdadump(*args, status=ERROR)
            check(re.search(words, said) and len(said.splitlines()) == 1, "%s says: %s" % (args, said))
        if shutil.which("setpriv"):
            r = subprocess.run(["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                                rig.HDADUMP, "attach", "--libvirt", d.name, "--connect", libvirtd.uri],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
            check(r.returncode == ERROR and "group libvirt" in r.stderr, "without permission: %d, %s" %
                  (r.returncode, r.stderr))
            say(r.stderr.strip())
