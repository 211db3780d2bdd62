# SPDX-License-Identifier: GPL-2.0-or-later
"""hdadump attach: guests that run already are joined, left, and find nothing changed."""

import signal
import time

from libvirtd import Domain, Libvirtd
from rig import ERROR, EXACT, check, say
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
            still.append(int(a.sentence("stood still").split()[-2]))
        say("%d verbs in 20 stretches, every one exact; the guest stood still for %d to %d ms" %
            (total, min(still), max(still)))



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
            m.wait_for("the guardian's end", lambda: "taken back" in a.stderr())
            m.as_before("after kill -9")
            check_stretch(a.verbs()[0], 100, tail=64)
        a = Attach(folder, [str(m.pid)], ["--quiet"]).wait_until_attached().wait_for_growth(20000)
        a.stop().ended(EXACT)
        check_stretch(a.verbs()[0], 100)
        m.end()
        check("Power down" in m.guest.console(), "the guest did not come to its end")


@vm_test
def attach_libvirt(folder):
    """A guest of a real libvirtd, whose QEMU runs as its own user: joined and left in a flood."""
    with Libvirtd() as libvirtd, Domain(libvirtd, folder) as d:
        d.start().wait_for_step("flood")
        last = -1
        for n in range(3):
            a = Attach(folder, ["--libvirt", d.name, "--connect", libvirtd.uri], ["--quiet"])
            a.wait_until_attached().wait_for_growth(20000).stop().ended(EXACT)
            d.as_before("after cycle %d" % (n + 1))
            check(d.state() == "running", "libvirt thinks that the guest is %s" % d.state())
            verbs, _ = a.verbs()
            start = check_stretch(verbs, 100)
            check(start > last, "verb %d after verb %d" % (start, last))
            last = start + len(verbs) - 1
        a = Attach(folder, [str(d.pid)]).wait().ended(ERROR)
        say(a.sentence("libvirt's", "--libvirt " + d.name))
        a = Attach(folder, ["--libvirt", d.name], ["--quiet"]).wait_until_attached()
        a.wait_for_growth(20000).proc.kill()
        a.wait()
        d.wait_for("the guardian's work", lambda: "taken back" in a.stderr())
        d.as_before("after kill -9")
        say("%d verbs up to the last; left as before, after kill -9 too" % last)
