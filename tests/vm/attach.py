# SPDX-License-Identifier: GPL-2.0-or-later
"""hdadump attach: guests that run already are joined, left, and find nothing changed."""

import signal

from rig import EXACT, check, say
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

