# SPDX-License-Identifier: GPL-2.0-or-later
"""One guest, and the records of several tools: all must read the same."""

import os
import subprocess

import rig
from rig import EXACT, Guest, Run, check, say
from testlist import vm_test


def words(path, *statuses):
    """The verbs' words of any file that hdadump reads."""
    r = subprocess.run([rig.HDADUMP, "convert", path, "-o", "-", "--as", "words"],
                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=rig.PATIENCE)
    check(r.returncode in (statuses or (EXACT,)),
          "convert %s ended with %d: %s" % (path, r.returncode, r.stderr.decode()))
    return [w for w in r.stdout.decode().split("\n") if w and not w.startswith("#")]


def same(a, b, what):
    for n, (x, y) in enumerate(zip(a, b), 1):
        check(x == y, "%s: verb %d is %s in the capture and %s there" % (what, n, x, y))
    check(len(a) == len(b), "%s: %d verbs in the capture, %d there" % (what, len(a), len(b)))


@vm_test
def formats(folder):
    """A capture, QEMU's debug lines and the guest kernel's own trace read the same."""
    g = Guest(folder, "bind,codecs,tone,flood:600,poweroff",
              controllers=[("ich9-intel-hda,debug=2", ("hda-duplex",))])
    r = Run(g, ["-q"]).wait().ended(EXACT)
    capture = words(os.path.join(folder, "capture.hdad"))
    debug = os.path.join(folder, "debug.log")
    with open(debug, "w") as f:
        f.write("".join(line + "\n" for line in r.stderr().splitlines()
                        if not line.startswith("hdadump: ")))
    same(capture, words(debug), "debug lines")
    # the kernel's tracepoint leaves out its first probe, and what it sends on its way down
    # stands on the console
    record = words(g.record_path, EXACT)
    sent = ["%08x" % v.word for v in g.record().verbs if not v.going_down]
    same(sent, record, "the guest's record")
    start = next((i for i in range(len(capture)) if capture[i:i + 8] == record[:8]), None)
    check(start is not None and start <= 2, "the guest's record does not begin like the capture")
    same(capture[start:start + len(record)], record, "the guest's record in the capture")
    say("%d verbs, the same in the capture and in QEMU's debug lines; %d in the guest's trace" % (
        len(capture), len(record)))
