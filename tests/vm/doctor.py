# SPDX-License-Identifier: GPL-2.0-or-later
"""The doctor on a host as a user has it: the sound driver has the controller, and gives it away."""

import json

import compare
import rig
from nested import Host, Inner
from passthrough import until_it_begins
from rig import check
from testlist import nested_test

ADDRESS = "0000:00:1b.0"
DRIVER = "readlink /sys/bus/pci/devices/%s/driver; cat /sys/bus/pci/devices/%s/driver_override" % (
    ADDRESS, ADDRESS)

# What a user types; each line's output goes to a file of its own.
STEPS = """
n=0; until [ -e /dev/snd/controlC0 ] || [ $n = 100 ]; do sleep 0.1; n=$((n + 1)); done
hdadump doctor >before.txt
echo $? >before.status
hdadump doctor --format json --record machine.txt >before.json
hdadump doctor --format json --root machine.txt >recorded.json
exec 3</dev/snd/controlC0
hdadump doctor --bind --controller %(address)s >busy.out 2>busy.txt
echo $? >>busy.txt
exec 3<&-
hdadump doctor --bind --dry-run >plan.txt
(%(driver)s) >untouched.txt
hdadump doctor --bind --controller %(address)s >bind.txt 2>bind.err
(%(driver)s) >bound.txt
hdadump doctor >after.txt
%(run)s
echo $? >capture.status
exec 4<>/dev/vfio/%(group)s
hdadump doctor --unbind --controller %(address)s >held.out 2>held.txt
echo $? >>held.txt
exec 4>&-
hdadump doctor --unbind --controller %(address)s >unbind.txt 2>unbind.err
(%(driver)s) >given_back.txt
hdadump doctor >again.txt
[ "$(cat capture.status)" = 0 ]
"""


def holds(host, name, *words):
    """The text says so, wherever its lines end."""
    text = host.text(name)
    for word in words:
        check(word in text or word in " ".join(text.split()), "%s does not say '%s':\n%s\n%s" % (name, word, text, host.story()))


@nested_test
def doctor_bind(folder):
    """The doctor looks, gives the controller to vfio-pci, a guest is captured, and it comes back."""
    host = Host(folder, append="host.vfio=no host.sound=yes")
    guest = Inner(host, "bind,codecs,poweroff")
    group = "$(basename $(readlink /sys/bus/pci/devices/%s/iommu_group))" % ADDRESS
    until_it_begins(host, guest, STEPS % {
        "address": ADDRESS, "driver": DRIVER, "group": group,
        "run": "hdadump run -o capture.hdad -- " + guest.command + " >run.txt 2>run.err"})
    # before: a machine that is ready
    holds(host, "before.txt", "this is about " + ADDRESS, "driver snd_hda_intel", "the IOMMU is on",
          "%s is alone in IOMMU group" % ADDRESS, "KVM can be used (kvm_amd, svm)",
          "codec QEMU Generic (1af40022)", "It has the log trace backend and x-no-mmap",
          "hdadump doctor --bind --controller " + ADDRESS)
    check(host.text("before.status").strip() == "0", "it sees something in the way\n" +
          host.text("before.txt"))
    before = json.loads(host.text("before.json"))
    check(before["controllers"][0]["codecs"] == 1, "no codec: %s" % before["controllers"])
    check(before == json.loads(host.text("recorded.json")), "its record is judged otherwise")
    # who uses it is named, and nothing is done
    holds(host, "busy.txt", "in use by sh (", "\n1\n")
    check(host.text("untouched.txt").split() == ["../../../bus/pci/drivers/snd_hda_intel", "(null)"],
          "it was touched: " + host.text("untouched.txt"))
    # there, through a guest, and back
    check(host.text("plan.txt") == host.text("bind.txt"), "done otherwise than shown\n" +
          host.text("bind.txt"))
    holds(host, "bound.txt", "drivers/vfio-pci\n", "\nvfio-pci\n")
    holds(host, "after.txt", "%s belongs to vfio-pci already" % ADDRESS)
    check("--bind" not in host.text("after.txt"), "it would bind again")
    check(host.status == 0, "the capture ended with %s\n%s" % (host.text("capture.status"),
                                                              host.text("run.err")))
    xacts, _, _ = rig.show(host.file("capture.hdad"))
    compare.with_record(xacts, guest.record())
    holds(host, "held.txt", "still uses the device: end the guest first", "\n1\n")
    holds(host, "given_back.txt", "drivers/snd_hda_intel\n", "(null)")
    holds(host, "again.txt", "driver snd_hda_intel", "codec QEMU Generic (1af40022)")
