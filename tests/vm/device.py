# SPDX-License-Identifier: GPL-2.0-or-later
"""replay, undo and bisect inside the guest, on its kernel's own hwdep device."""

import re

import inguest
import rig
from consumers import HEAD, VERBS, WORDS, boot, find
from rig import Guest, check, say
from testlist import vm_test

PROGRAMS = {"bin/hdadump": rig.HDADUMP}
DEVICE = "/dev/snd/hwC0D0"
# Waits until a program in the background has changed the codec: how long it takes to start is
# the machine's business.
CHANGED = ("n=0; while cat /proc/asound/card0/codec#0 >now; cmp -s before now && [ $n != 600 ]; do\n"
           "\tn=$((n + 1)); sleep 0.1\ndone\n")


def list_text(verbs):
    return HEAD + "\n" + "".join("0x%02x 0x%03x 0x%x\n" % v for v in verbs)


def guest(folder, scripts, verbs=VERBS, after=()):
    g = Guest(folder, ",".join(["bind"] + ["run:" + s for s in scripts] + list(after) + ["poweroff"]),
              driver="power_save=0")
    programs = dict(PROGRAMS)
    programs["bin/hda-verb"] = inguest.hda_verb()
    inguest.put(g, scripts={name: "cd /tmp\n" + text for name, text in scripts.items()},
                files={"list.txt": list_text(verbs)}, programs=programs)
    return g


def has(text, *words):
    for w in words:
        check(w in text, "it does not say '%s':\n%s" % (w, text))


@vm_test
def replay_device(folder):
    """A dry run writes nothing; --really sends the list as it stands; --undo brings all back."""
    g = guest(folder, {
        "dry": "hdadump replay /list.txt --codec " + DEVICE,
        "refused": "hdadump replay /list.txt --really --codec " + DEVICE,
        "before": "cat /proc/asound/card0/codec#0 >before",
        "really": "hdadump replay /list.txt --really --allow gpio,amp -v --codec %s\n"
                  "s=$?; cat /proc/asound/card0/codec#0 >after; exit $s" % DEVICE,
        "changed": "cmp before after",
        "undo": "hdadump replay --undo --really --codec %s\n"
                "s=$?; cat /proc/asound/card0/codec#0 >back; exit $s" % DEVICE,
        "same": "cmp before back",
        "again": "hdadump replay --undo --really --codec " + DEVICE,
    })
    sent = boot(g)
    r = g.record()
    has(inguest.ran(r, "dry"), "13 steps, 19 verbs", "[gpio]", "nothing was written")
    has(inguest.ran(r, "refused", 1), "--allow")
    really = inguest.ran(r, "really")
    has(really, "19 verbs were sent, and answered", "0x20 0x400 0xb011 = 0x0")
    n = find(sent, WORDS)
    check(n == 1, "the list's verbs were sent %d times in a row" % n)
    has(inguest.ran(r, "changed", 1), "differ")
    has(inguest.ran(r, "undo"), "the codec is as it was")
    inguest.ran(r, "same")
    has(inguest.ran(r, "again"), " 0 registers put back")
    say(re.search(r"the codec is as it was.*", inguest.ran(r, "undo")).group(0))


@vm_test
def replay_refuses(folder):
    """Another machine's list, a busy device, half of a pair, no codec's device: plain words."""
    g = guest(folder, {
        "other": "sed s/subsystem.0x1af40022/subsystem\\ 0x144dc870/ /list.txt >other.txt\n"
                 "hdadump replay other.txt --really --allow all --codec " + DEVICE,
        "codec": "sed s/vendor.0x1af40022/vendor\\ 0x10ec0298/ /list.txt >codec.txt\n"
                 "hdadump replay codec.txt --really --allow all --any-machine --codec " + DEVICE,
        "half": "echo 0x20 0x400 0x1234 >half.txt\n"
                "hdadump replay half.txt --really --any-machine --codec " + DEVICE,
        "busy": "exec 9<%s\nhdadump replay /list.txt --really --allow all --codec %s" %
                (DEVICE, DEVICE),
        "null": "hdadump replay /list.txt --really --allow all --codec /dev/null",
        "none": "hdadump replay /list.txt --really --allow all --codec /dev/snd/hwC7D0",
    })
    sent = boot(g)
    r = g.record()
    has(inguest.ran(r, "other", 1), "made on the machine with subsystem 0x144dc870")
    has(inguest.ran(r, "codec", 1), "made on codec 0x10ec0298")
    has(inguest.ran(r, "half", 1), "half of a pair")
    has(inguest.ran(r, "busy", 1), "is in use")
    has(inguest.ran(r, "null", 1), "is not the device of an HD Audio codec")
    has(inguest.ran(r, "none", 1), "there is no /dev/snd/hwC7D0")
    strange = [w for w in sent if w in WORDS and w not in (0x00370740,)]
    check(not strange, "it wrote all the same: " + " ".join("%08x" % w for w in strange))


@vm_test
def replay_gone(folder):
    """The driver lets the codec go in the middle: it stops, and says that nothing could be put back."""
    g = guest(folder, {
        "gone": "cat /proc/asound/card0/codec#0 >before\n"
                "hdadump replay /list.txt --really --allow all --pace 300 --codec %s &\n"
                "%sfor c in /sys/bus/pci/drivers/snd_hda_intel/0000:*; do\n"
                "\techo ${c##*/} >/sys/bus/pci/drivers/snd_hda_intel/unbind\ndone\n"
                "wait $!" % (DEVICE, CHANGED),
    })
    boot(g)
    has(inguest.ran(g.record(), "gone", 1), "the codec's driver has let it go")


@vm_test
def replay_stopped(folder):
    """Ctrl-C in the middle: the codec is put back at once."""
    g = guest(folder, {
        "stop": "cat /proc/asound/card0/codec#0 >before\n"
                "hdadump replay /list.txt --really --allow all --pace 300 --codec %s &\n"
                "%skill -TERM $!\nwait $!\ns=$?\n"
                "cat /proc/asound/card0/codec#0 >back\ncmp before back || exit 99\nexit $s" % (DEVICE, CHANGED),
    })
    boot(g)
    has(inguest.ran(g.record(), "stop", 1), "stopped by you", "the codec is as it was")


# Two needles among 60: the two channels of the output's amplifier.
LEFT, RIGHT = (0x02, 0x300, 0xa035), (0x02, 0x300, 0x9022)
CHECK = ("hda-verb %s 0x02 0xb00 0xa000 2>/dev/null | grep -q 'value = 0x35$' && "
         "hda-verb %s 0x02 0xb00 0x8000 2>/dev/null | grep -q 'value = 0x22$'" % (DEVICE, DEVICE))


def haystack():
    verbs = []
    for i in range(60):
        verbs += [(0x20, 0x500, i), (0x20, 0x400, 0x100 + i)] if i % 3 else [(0x03, 0x707, i & 0xe0)]
    verbs.insert(31, LEFT)
    verbs.insert(70, RIGHT)
    return verbs


@vm_test
def bisect_device(folder):
    """Finds the two steps of 62 that a --test sees, over a kill in the middle, and puts all back."""
    bisect = ("hdadump bisect /list.txt --really --pace 0 --codec %s -o min.txt --test '%s'" %
              (DEVICE, CHECK))
    kill = CHECK.replace("'", "\"")
    g = guest(folder, {
        "killed": "cat /proc/asound/card0/codec#0 >before\n"
                  "hdadump bisect /list.txt --really --pace 0 --codec %s -o min.txt "
                  "--test 'echo >>n; [ $(wc -l <n) != 6 ] || kill -9 $PPID; %s'" % (DEVICE, kill),
        "resumed": bisect.replace("'value = 0x35$'", "\"value = 0x35$\"")
                         .replace("'value = 0x22$'", "\"value = 0x22$\""),
        "found": "grep ^0x min.txt",
        "same": "cat /proc/asound/card0/codec#0 >back; cmp before back",
        "nothing": "echo 0x03 0x707 0x40 >one.txt\n"
                   "hdadump bisect one.txt --any-machine --really --codec %s -o no.txt --test false" %
                   DEVICE,
        "always": "hdadump bisect one.txt --any-machine --really --codec %s -o yes.txt --test true" %
                  DEVICE,
        "dry": "hdadump bisect /list.txt --codec %s -o dry.txt" % DEVICE,
    }, haystack())
    boot(g)
    r = g.record()
    inguest.ran(r, "killed", 137)
    resumed = inguest.ran(r, "resumed")
    has(resumed, "continuing after 5 answers", "2 of 62 steps matter", "the codec is as it was")
    found = inguest.ran(r, "found").split("\n")[:-1]
    check(found == ["0x%02x 0x%03x 0x%x" % v for v in (LEFT, RIGHT)], "found: %s" % found)
    inguest.ran(r, "same")
    has(inguest.ran(r, "nothing", 1), "the whole list does not work")
    has(inguest.ran(r, "always", 1), "it works although nothing was sent")
    has(inguest.ran(r, "dry"), "nothing was written")
    say(re.search(r"2 of 62 steps matter.*", resumed).group(0))
