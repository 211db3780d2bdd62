# SPDX-License-Identifier: GPL-2.0-or-later
"""What the verbs mean: the codec's own proc text, made again from traffic alone."""

import difflib
import subprocess

import compare
from rig import EXACT, HDADUMP, Fail, check, say
from scenarios import capture
from testlist import vm_test

# Lines that only the driver can know: its names for controls and devices.
DRIVERS = ("  Control:", "    ControlAmp:", "  Device:")


def without_drivers(text):
    return [line for line in text.splitlines() if not line.startswith(DRIVERS)]


def model(path, address, until):
    r = subprocess.run([HDADUMP, "codec", "--as", "proc", "--address", str(address),
                        "--at", "#%d" % until, path], stdin=subprocess.DEVNULL,
                       capture_output=True, text=True, timeout=60)
    check(r.returncode == EXACT, "hdadump codec ended with %d: %s" % (r.returncode, r.stderr))
    return r.stdout


def last_before_down(g, xacts):
    """The number of the last verb before the guest went down: that sets registers again."""
    down = sum(v.going_down for v in g.record().verbs)
    verbs = [x for x in xacts if x.get("kind") in compare.VERB_KINDS]
    return verbs[len(verbs) - down - 1]["n"]


def compare_proc(r, g, xacts, addresses):
    until, lines = last_before_down(g, xacts), 0
    for address in addresses:
        name = "card0/codec#%d" % address
        check(name in g.record().proc, "no %s came out of the guest" % name)
        own = without_drivers(g.record().proc[name])
        ours = model(r.file, address, until).splitlines()
        if own != ours:
            diff = difflib.unified_diff(own, ours, "the guest's " + name, "from its traffic",
                                        lineterm="")
            raise Fail("\n".join(diff))
        lines += len(own)
    say("%d lines of %d proc texts, the same from the traffic alone" % (lines, len(addresses)))


@vm_test
def proc_from_traffic(folder):
    """A model learned from the traffic alone prints the guest's own codec#0."""
    r, g, xacts = capture(folder, "bind,codecs,poweroff", driver="power_save=0")
    compare_proc(r, g, xacts, [0])


@vm_test
def procs_from_traffic(folder):
    """The same for three codecs on one controller, after a tone."""
    r, g, xacts = capture(folder, "bind,tone,codecs,poweroff", driver="power_save=0",
                          controllers=[("intel-hda", ("hda-duplex", "hda-micro", "hda-output"))])
    compare_proc(r, g, xacts, [0, 1, 2])


@vm_test
def proc_from_immediate(folder):
    """The same where every verb goes through the immediate command registers."""
    r, g, xacts = capture(folder, "bind,codecs,poweroff", driver="single_cmd=1")
    compare_proc(r, g, xacts, [0])
