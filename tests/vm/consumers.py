# SPDX-License-Identifier: GPL-2.0-or-later
"""What export writes, read by what it is for: the kernel, alsa-tools, sysfs."""

import os
import subprocess

import inguest
from rig import EXACT, HDADUMP, Guest, Run, check, say
import compare
from testlist import vm_test

# Verbs that the guest's driver never sends by itself, for QEMU's codec; some of them to
# widgets that it does not have, which it answers by 0 as any codec does.
HEAD = """# hdadump verb list, version 1
# codec: address 0, vendor 0x1af40022, subsystem 0x1af40022
# from: made-by-a-test
"""
VERBS = [
    (0x03, 0x707, 0x00), (0x03, 0x707, 0x40), (0x20, 0x500, 0x10), (0x20, 0x400, 0x0e21),
    (0x20, 0x500, 0x45), (0x20, 0x400, 0xd489), (0x05, 0x707, 0x24), (0x02, 0x300, 0xb035),
    (0x01, 0x716, 0x03), (0x01, 0x717, 0x03), (0x01, 0x715, 0x01), (0x03, 0x708, 0x83),
    (0x20, 0x500, 0x22), (0x20, 0x400, 0x38), (0x20, 0x500, 0x23), (0x20, 0x400, 0x23ff),
    (0x20, 0x400, 0x0000), (0x20, 0x400, 0x0001), (0x20, 0x400, 0xb011),
]
WORDS = [nid << 20 | verb << 8 | param for nid, verb, param in VERBS]


def write_list(folder, verbs=VERBS, head=HEAD):
    path = os.path.join(folder, "list.txt")
    with open(path, "w") as f:
        f.write(head + "".join("0x%02x 0x%03x 0x%x\n" % v for v in verbs))
    return path


def export(folder, form, out, *options, verbs=VERBS, head=HEAD):
    """The text of OUT."""
    path = os.path.join(folder, out)
    r = subprocess.run([HDADUMP, "export", "--as", form, "-o", path] + list(options) +
                       [write_list(folder, verbs, head)], stdin=subprocess.DEVNULL,
                       capture_output=True, text=True, timeout=60)
    check(r.returncode == EXACT, "export ended with %d: %s" % (r.returncode, r.stderr))
    with open(path) as f:
        return f.read()


def boot(g):
    """Runs the guest under hdadump; the words that it sent, checked against its own record."""
    r = Run(g).wait().ended(EXACT)
    xacts, status, err = r.show()
    check(status == EXACT, "show ended with %d: %s" % (status, err))
    compare.with_record(xacts, g.record())
    return [x["verb"] for x in xacts if x.get("kind") in compare.VERB_KINDS]


def find(sent, words):
    """How often @words are in @sent, one directly after the other."""
    return sum(sent[i:i + len(words)] == words for i in range(len(sent)))


def expect(sent, words, at_least=1):
    n = find(sent, words)
    strange = [w for w in sent if w in words]
    check(n >= at_least, "the %d verbs were not sent in order; of them were sent: %s" %
          (len(words), " ".join("%08x" % w for w in strange)))
    say("%d verbs, in order, %d time%s among %d" % (len(words), n, "" if n == 1 else "s", len(sent)))


@vm_test
def export_firmware(folder):
    """The kernel loads the exported patch file and sends exactly its verbs."""
    text = export(folder, "firmware", "fix.fw")
    g = Guest(folder, "bind,poweroff", driver="patch=fix.fw,power_save=0")
    inguest.put(g, files={"lib/firmware/fix.fw": text})
    expect(boot(g), WORDS)


@vm_test
def export_firmware_other(folder):
    """The same file for another codec is not taken."""
    head = HEAD.replace("vendor 0x1af40022", "vendor 0x10ec0298")
    text = export(folder, "firmware", "fix.fw", head=head)
    g = Guest(folder, "bind,poweroff", driver="patch=fix.fw,power_save=0")
    inguest.put(g, files={"lib/firmware/fix.fw": text})
    check(find(boot(g), WORDS) == 0, "the kernel took verbs for another codec")


@vm_test
def export_hda_verb(folder):
    """alsa-tools' own hda-verb runs the exported script; one for another machine does nothing."""
    text = export(folder, "hda-verb", "fix")
    other = export(folder, "hda-verb", "other",
                   head=HEAD.replace("subsystem 0x1af40022", "subsystem 0x144dc870"))
    g = Guest(folder, "bind,run:other,run:dry,run:fix,run:awake,poweroff", driver="power_save=0")
    inguest.put(g, scripts={"other": other, "dry": "sh /run/fix --dry-run\n", "fix": text,
                            "awake": "c=/sys/class/sound/hwC0D0/device/power/control\necho auto >$c\n"
                                     "sh /run/fix --stay-awake /dev/snd/hwC0D0 && cat $c\n"},
                programs={"bin/hda-verb": inguest.hda_verb()})
    sent = boot(g)
    r = g.record()
    check("no codec 0x1af40022 with subsystem 0x144dc870" in inguest.ran(r, "other", 1),
          "it does not say that the machine is another one")
    dry = inguest.ran(r, "dry").splitlines()
    check(dry == ["hda-verb /dev/snd/hwC0D0 0x%02x 0x%03x 0x%x" % v for v in VERBS],
          "the dry run says:\n" + "\n".join(dry))
    inguest.ran(r, "fix")
    check(inguest.ran(r, "awake").strip() == "on", "--stay-awake does not keep the codec awake")
    n = find(sent, WORDS)
    check(n == 2, "the script's verbs were sent %d times, it ran twice" % n)
    expect(sent, WORDS)


@vm_test
def export_init_verbs(folder):
    """The exported script gives the verbs to sysfs, and the driver sends them."""
    text = export(folder, "init_verbs", "fix")
    g = Guest(folder, "bind,run:fix,run:see,poweroff", driver="power_save=0")
    inguest.put(g, scripts={"fix": text, "see": "cat /sys/class/sound/hwC0D0/init_verbs\n"})
    sent = boot(g)
    inguest.ran(g.record(), "fix")
    see = inguest.ran(g.record(), "see").splitlines()
    check(see == ["0x%02x 0x%03x 0x%04x" % v for v in VERBS], "sysfs has:\n" + "\n".join(see))
    expect(sent, WORDS)
