# SPDX-License-Identifier: GPL-2.0-or-later
"""What a guest does, captured whole: every verb, with its response, in order."""

import os
import socket
import tempfile

import compare
import rig
from rig import EXACT, Guest, Run, Fail, check, read_json, say
from testlist import vm_test


def capture(folder, do, options=(), **guest):
    """Runs a guest under hdadump to its end and compares all it sent."""
    g = Guest(folder, do, **guest)
    r = Run(g, options).wait().ended(EXACT)
    xacts, status, err = r.show()
    check(status == EXACT, "show ended with %d: %s" % (status, err))
    total = compare.with_record(xacts, g.record())
    check_summary(r, xacts)
    say("%d verbs captured in %.1f s" % (total, r.seconds))
    return r, g, xacts


def check_summary(r, xacts):
    """The summary counts what the file holds."""
    verbs = [x for x in xacts if x.get("kind") in compare.VERB_KINDS]
    s = r.summary()
    for word, expected in (
            ("verbs", len(verbs)),
            ("responses", sum("response" in x for x in verbs)),
            ("unanswered", sum(x.get("certainty") == "unanswered" for x in verbs)),
            ("unsolicited", sum(x.get("kind") == "unsolicited" for x in xacts)),
            ("suspect", sum(x.get("certainty") == "suspect" for x in xacts)),
            ("gaps", sum(x.get("kind") == "gap" for x in xacts))):
        n = s.number(word)
        check(n == expected, "the summary says %s %d, the file holds %d:\n%s" %
              (word, n, expected, s.text))


@vm_test
def plain(folder):
    """The driver binds, a tone is played, the guest switches off."""
    r, g, xacts = capture(folder, "bind,codecs,tone,poweroff")
    check("card0/codec#0" in g.record().proc, "no codec#0 came out of the guest")
    formats = [x for x in xacts if x.get("verb", 0) & 0x000f0000 == 0x00020000]
    check(formats, "the tone set no stream format")
    check("pread of /proc/" in r.stderr(), "the summary does not say how memory was read:\n" + r.stderr())


@vm_test
def live_is_file(folder):
    """What is printed live, as JSON lines, is what show makes of the file."""
    g = Guest(folder, "bind,codecs,poweroff")
    r = Run(g, ["--format", "json"]).wait().ended(EXACT)
    live, (later, _, _) = read_json(r.stdout()), r.show()
    check(live, "nothing was printed live")
    for n, (a, b) in enumerate(zip(live, later), 1):
        check(a == b, "object %d: live %s, from the file %s" % (n, a, b))
    check(len(live) == len(later), "%d objects live, %d from the file" % (len(live), len(later)))
    say("%d objects, the same live and from the file" % len(live))


@vm_test
def flood(folder):
    """100,000 verbs flat out from inside the guest."""
    r, g, _ = capture(folder, "bind,flood:100000,poweroff", buffer=65536)
    f = g.record().floods
    check(f and f[0]["verbs"] >= 100000, "no flood was sent")
    check(f[0]["wrong"] == 0, "the guest itself saw %d wrong answers" % f[0]["wrong"])
    say("the guest sent %.0f verbs/s" % f[0]["rate"])


@vm_test
def two_codecs(folder):
    """Two codecs on one controller."""
    capture(folder, "bind,codecs,flood:500:hwC0D1,flood:500,poweroff",
            controllers=[("intel-hda", ("hda-duplex", "hda-micro"))])


@vm_test
def two_controllers(folder):
    """intel-hda and ich9-intel-hda in one guest, kept apart."""
    capture(folder, "bind,codecs,flood:600:hwC0D0,flood:700:hwC1D0,poweroff",
            controllers=[("intel-hda", ("hda-output",)), ("ich9-intel-hda", ("hda-duplex",))])


@vm_test
def single_cmd(folder):
    """Every verb through the immediate command registers."""
    _, _, xacts = capture(folder, "bind,codecs,tone,flood:300,poweroff", driver="single_cmd=1")
    kinds = {x["kind"] for x in xacts if x.get("kind") in compare.VERB_KINDS}
    check(kinds == {"immediate"}, "kinds of verbs: %s" % ", ".join(sorted(kinds)))


@vm_test
def rebind(folder):
    """Unbind and bind again: the ring moves, the probe is there twice."""
    _, g, _ = capture(folder, "bind,codecs,flood:300,unbind,bind,codecs,flood:300,poweroff")
    check(g.record().binds == 2, "the guest bound its driver %d times" % g.record().binds)


@vm_test
def reboot(folder):
    """The guest starts again without QEMU ending, with a ring that wrapped before."""
    _, g, _ = capture(folder, "bind,flood:300,reboot,bind,codecs,flood:300,poweroff",
                      driver="power_save=0")
    check(g.record().boots == 2, "the guest booted %d times" % g.record().boots)


@vm_test
def no_reboot(folder):
    """-no-reboot: the guest's reboot ends QEMU, and the last verbs are in the file."""
    _, g, _ = capture(folder, "bind,flood:300,reboot", driver="power_save=0", extra=["-no-reboot"])
    check(any(v.going_down for v in g.record().verbs), "no verb was sent on the way down")


@vm_test
def power_off(folder):
    """An orderly power-off: what the driver sends while the kernel goes down is in the file."""
    _, g, xacts = capture(folder, "bind,tone,poweroff", driver="power_save=0")
    down = [v.word for v in g.record().verbs if v.going_down]
    check(0x00170503 in down, "the codec was not put to sleep (SET_POWER_STATE D3) at power-off")


@vm_test
def power_save(folder):
    """The codec is suspended and woken by the driver's own timer."""
    capture(folder, "bind,sleep:2,tone,sleep:2,codecs,poweroff", driver="power_save=1")


@vm_test
def strict(folder):
    """--strict: packets and tee(2)."""
    r, _, _ = capture(folder, "bind,codecs,flood:3000,poweroff", ["--strict"])
    check("strict" in r.stderr(), "the summary does not say that it was strict:\n" + r.stderr())


@vm_test
def monitor_memory(folder):
    """Guest memory by the monitor only."""
    r, _, _ = capture(folder, "bind,codecs,flood:300,poweroff", ["--memory", "monitor"])
    check("monitor" in r.stderr(), "the summary does not say how memory was read:\n" + r.stderr())


@vm_test
def ring_above_4g(folder):
    """The driver's ring lies above 4 GiB."""
    capture(folder, "bind,codecs,flood:600,poweroff", machine="q35,max-ram-below-4g=192M", memory=512)


@vm_test
def i440fx(folder):
    """The older machine type, and INTx in place of MSI."""
    capture(folder, "bind,codecs,tone,poweroff", machine="pc",
            controllers=[("intel-hda,msi=off", ("hda-duplex",))])


@vm_test
def late_controller(folder):
    """A controller that is plugged in while the guest runs (codecs cannot be, so none answers)."""
    with tempfile.TemporaryDirectory() as short:  # a socket's path may not be long
        path = os.path.join(short, "monitor")
        # the kernel binds what is plugged in by itself
        g = Guest(folder, "appear,sleep:2,unbind,mmio:few,poweroff", controllers=[], machine="pc",
                  extra=["-monitor", "unix:%s,server=on,wait=off" % path])
        r = Run(g)
        r.wait_for("the guest's start", lambda: "guest: appear" in g.console())
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(path)
            s.sendall(b"device_add ich9-intel-hda,id=late\n")
            r.wait()
    r.ended(EXACT)
    xacts, _, _ = r.show()
    total = compare.with_record(xacts, g.record())
    check(total == 10, "%d verbs captured, 10 sent" % total)


@vm_test
def by_script(folder):
    """QEMU is started by a script of the user's, which adds what `hdadump args` says."""
    g = Guest(folder, "bind,codecs,poweroff")
    script = os.path.join(folder, "start-vm")
    with open(script, "w") as f:
        f.write("#!/bin/sh\n# as users write them\ncd /\n'%s' \\\n\t$('%s' args)\n" %
                ("' \\\n\t'".join(g.args), rig.HDADUMP))
    os.chmod(script, 0o755)
    name = g.name
    g.args = [script]
    r = Run(g).wait().ended(EXACT)
    check(not rig.processes(name), "QEMU is still running")
    xacts, _, _ = r.show()
    compare.with_record(xacts, g.record())
