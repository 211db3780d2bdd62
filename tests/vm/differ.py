# SPDX-License-Identifier: GPL-2.0-or-later
"""What two captures do differently, and what state they leave: real guests."""

import json
import os
import subprocess

from rig import EXACT, HDADUMP, Fail, check, say
from model import last_before_down
from scenarios import capture
from testlist import vm_test

DIFFER = 4

# Everything that the driver does by itself, and nothing that a clock decides.
STEPS = "bind,codecs,tone"


def hdadump(*args):
    r = subprocess.run([HDADUMP] + list(args), stdin=subprocess.DEVNULL, capture_output=True,
                       text=True, timeout=60)
    return r.returncode, r.stdout, r.stderr


def boot(folder, name, steps=""):
    """A capture of a guest of its own, in a folder of its own."""
    own = os.path.join(folder, name)
    os.mkdir(own)
    r, _, _ = capture(own, STEPS + steps + ",poweroff", driver="power_save=0")
    return r.file


@vm_test
def diff_of_boots(folder):
    """Two boots of one guest do the same; a moved slider is the one thing that differs."""
    one, two = boot(folder, "one"), boot(folder, "two")
    status, out, err = hdadump("diff", one, two)
    check(status == EXACT and not out, "two boots differ (%d): %s%s" % (status, out, err))
    say("two boots: " + err.strip())
    moved = boot(folder, "moved", ",mixer:Master_Playback_Volume:30")
    status, out, err = hdadump("diff", "-U", "0", one, moved)
    lines = [line for line in out.splitlines() if line[:2] in ("- ", "+ ")]
    check(status == DIFFER, "no difference is found (%d): %s" % (status, err))
    check(len(lines) == 2 and all(
        line.startswith("+ ") and "output amp" in line and "gain 0x1e" in line for line in lines),
        "not the two sides of one amplifier:\n" + out)
    say("a slider: " + "; ".join(lines))
    status, out, err = hdadump("diff", "--format", "json", one, moved)
    changes = json.loads(out)["changes"]
    check(status == DIFFER and {c["side"] for c in changes} == {"b"} and len(changes) == 2,
          "the JSON says something else: " + out)


@vm_test
def state_is_proc(folder):
    """The state that a capture leaves is what the guest's own codec#0 shows."""
    r, g, xacts = capture(folder, "bind,tone,mixer:Master_Playback_Volume:30,codecs,poweroff",
                          driver="power_save=0")
    proc = os.path.join(folder, "codec#0")
    with open(proc, "w") as f:
        f.write(g.record().proc["card0/codec#0"])
    last = last_before_down(g, xacts)
    time = [x["time"] for x in xacts if x.get("n") == last and "verb" in x][-1]
    status, out, err = hdadump("state", "--at", "%.9f" % time, "--format", "json",
                               "--against", proc, r.file)
    check(status == EXACT, "state ended with %d: %s" % (status, err))
    codec = json.loads(out)["codecs"][0]
    differ = [d for d in codec["differences"] if d["side"] == "differ"]
    if differ:
        raise Fail("not what the guest shows:\n" + "\n".join(
            "%s: %s" % (d["here"]["text"], d["there"]["text"]) for d in differ))
    check(codec["same"] >= 10, "only %d registers were compared" % codec["same"])
    say("%d registers, the same as the guest's codec#0 shows" % codec["same"])


@vm_test
def reduced_boot(folder):
    """The result of reduce for a boot leads to the same state as the whole boot."""
    r, _, _ = capture(folder, "bind,tone,mixer:Master_Playback_Volume:30,poweroff",
                      driver="power_save=0")
    kept = os.path.join(folder, "kept.txt")
    status, _, err = hdadump("reduce", r.file, "-o", kept)
    check(status == EXACT, "reduce ended with %d: %s" % (status, err))
    # QEMU's codec does not follow every verb (its power stays D0): only what was sent counts
    sent = os.path.join(folder, "sent.txt")
    status, _, err = hdadump("convert", r.file, "-o", sent)
    check(status == EXACT, "convert ended with %d: %s" % (status, err))
    status, out, err = hdadump("state", "--written", "--against", kept, sent)
    lines = [line for line in out.splitlines() if line[:2] in ("- ", "+ ")]
    check(status == EXACT and not lines, "another state (%d): %s%s" % (status, out, err))
    say(err.strip() or out.splitlines()[-1])
