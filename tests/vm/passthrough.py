# SPDX-License-Identifier: GPL-2.0-or-later
"""Real passthrough: hdadump on a host whose controller vfio-pci has, captured whole.

Each capture is held against two records that know nothing of each other: the
guest kernel's tracepoints, and what the controller that was passed through
printed of itself, two levels further out (nested.py).
"""

import os
import re

import compare
import rig
from nested import PLAIN_CPU, Host, Inner
from rig import ERROR, EXACT, check, say
from testlist import nested_test


def until_it_begins(host, guest, steps):
    """Has the steps done; once more if the guest's kernel did not come through, and says so.

    KVM on an emulated processor: one start in forty was seen to panic before init,
    and one guest with two processors to reset itself (a triple fault, nothing on its
    console) while its driver bound.  That is no matter of ours; whatever else is.
    """
    host.run(steps)
    if not guest.began() or guest.vanished():
        say("THE GUEST DID NOT %s, once more; it had said:\n%s" %
            ("COME THROUGH" if guest.began() else "COME UP", host.story()))
        host.run(steps)
    check(guest.began(), "the guest did not come up, twice\n" + host.story())


def capture(folder, do, options="", machine=None, **inner):
    """A guest under hdadump on a host, to its end, compared with both records."""
    host = Host(folder, **(machine or {}))
    guest = Inner(host, do, **inner)
    until_it_begins(host, guest, "hdadump run -o capture.hdad %s -- %s" % (options, guest.command))
    return host, guest, compare_all(host, guest)


def both(folder, do, machine=None, extra=(), **inner):
    """
    The same on both routes at once: QEMU's trace, and BPF from when the guest sleeps.
    They must agree with each other in everything but the times.
    """
    host = Host(folder, **(machine or {}))
    guest = Inner(host, "sleep:8," + do,
                  extra=list(extra) + ["-qmp", "unix:/out/qmp,server=on,wait=off"], **inner)
    until_it_begins(host, guest, """
hdadump run -q --via trace -o capture.hdad -- %s & run=$!
until grep -q "guest: sleep" console.txt; do sleep 1; done
hdadump attach -q --via bpf --qmp qmp -o bpf.hdad 2>bpf.txt; echo $? >bpf.status
wait $run""" % guest.command)
    xacts = compare_all(host, guest)
    check(host.text("bpf.status").strip() == str(EXACT), "the capture by BPF ended with %s\n%s" %
          (host.text("bpf.status").strip(), host.text("bpf.txt")))
    compare.same_verbs("QEMU's trace", xacts, "BPF", rig.show(host.file("bpf.hdad"))[0])
    return host, guest, xacts


def compare_all(host, guest):
    check(host.status == EXACT, "hdadump ended with %d\n%s" % (host.status, host.story()))
    xacts, _, _ = rig.show(host.file("capture.hdad"))
    compare.with_record(xacts, guest.record())
    compare.with_device(xacts, host.device_record(), host.names())
    say("the whole took %.1f s" % host.seconds)
    return xacts


@nested_test
def passthrough(folder):
    """The driver binds, a tone is played, the guest switches off; under KVM, by QEMU's trace."""
    host, _, _ = capture(folder, "bind,codecs,tone,poweroff", "--via trace")
    said = host.text("stderr.txt")
    check(re.search("by pread of /proc/[0-9]+/mem", said), "memory was read in another way\n" + host.story())


@nested_test
def passthrough_tcg(folder):
    """The same with an inner QEMU that emulates the processor too."""
    capture(folder, "bind,codecs,poweroff", accel="tcg,tb-size=128", machine_type="q35,hpet=off",
            machine={"cpu": PLAIN_CPU})


@nested_test
def passthrough_wrap(folder):
    """The ring wrapped many times by a flood."""
    _, guest, _ = both(folder, "bind,flood:1500,poweroff")
    check(guest.record().floods[0]["wrong"] == 0, "the guest itself saw wrong answers")


@nested_test
def passthrough_rebind(folder):
    """Unbind and bind: the ring moves, the probe is there twice."""
    _, guest, _ = both(folder, "bind,flood:300,unbind,bind,flood:300,poweroff")
    check(guest.record().binds == 2, "the guest bound its driver %d times" % guest.record().binds)


@nested_test
def passthrough_bridge(folder):
    """An ICH6 controller with two codecs and INTx, behind a bridge on both sides."""
    _, _, xacts = both(
        folder, "bind,codecs,flood:100:hwC0D1,poweroff",
        machine={"controllers": [("intel-hda,msi=off", ("hda-duplex", "hda-micro"))],
                 "bridge": True},
        devices=["pcie-root-port,id=port0,chassis=1,addr=2.0",
                 "vfio-pci,host=0000:02:02.0,id=hda0,bus=port0"])
    check({x["ctrl"] for x in xacts} == {"0000:02:02.0"}, "it goes not by the host's address")


@nested_test
def passthrough_single_cmd(folder):
    """Every verb through the immediate command registers."""
    _, _, xacts = both(folder, "bind,codecs,poweroff", driver="single_cmd=1")
    kinds = {x["kind"] for x in compare.verbs_of(xacts)["0000:00:1b.0"]}
    check(kinds == {"immediate"}, "kinds of verbs: %s" % ", ".join(sorted(kinds)))


@nested_test
def passthrough_batches(folder):
    """Several verbs in one CORBWP write, up to 254; registers in every width; rings that move."""
    both(folder, "mmio:batches,mmio:widths,mmio:bases,mmio:immediate,mmio:stopped,mmio:resets,"
            "mmio:one_page,mmio:unaligned,poweroff")


@nested_test
def passthrough_smp(folder):
    """A guest with two processors, its memory a shared file as virtiofs or Looking Glass want it."""
    both(folder, "bind,codecs,flood:300,poweroff", cpus=2, extra=[
        "-object", "memory-backend-file,id=ram0,size=192M,mem-path=/dev/shm/inner,share=on",
        "-machine", "memory-backend=ram0"])


@nested_test
def passthrough_above_4g(folder):
    """The guest's rings lie above 4 GiB."""
    host, _, _ = both(folder, "bind,codecs,flood:600,poweroff", memory=512,
                      machine={"memory": 2560}, machine_type="q35,max-ram-below-4g=192M")
    xacts, _, _ = rig.show(host.file("capture.hdad"), "--registers")
    upper = {r["name"]: r["value"] for x in xacts for r in x.get("registers", [])
             if r["name"] in ("CORBUBASE", "RIRBUBASE") and x["access"] == "write"}
    check(upper.get("CORBUBASE") and upper.get("RIRBUBASE"), "the rings lie low: %s" % upper)


@nested_test
def passthrough_strict(folder):
    """--strict, and memory by the monitor."""
    host, _, _ = capture(folder, "bind,codecs,poweroff", "--strict --memory monitor")
    check("by the monitor" in host.text("stderr.txt"), "memory was read in another way\n" +
          host.story())


@nested_test
def passthrough_reboot(folder):
    """The guest starts again; nothing resets a device that knows no reset."""
    _, guest, _ = both(folder, "bind,flood:300,reboot,bind,codecs,poweroff",
                          driver="power_save=0")
    check(guest.record().boots == 2, "the guest booted %d times" % guest.record().boots)


@nested_test
def passthrough_late(folder):
    """The controller is plugged in while the guest runs."""
    host = Host(folder)
    guest = Inner(host, "appear,sleep:3,codecs,poweroff", devices=[], machine_type="pc",
                  extra=["-chardev", "pipe,id=monitor,path=monitor", "-monitor", "chardev:monitor"])
    until_it_begins(host, guest, """
mkfifo monitor.in monitor.out
exec 4<>monitor.out
{
	until grep -q "guest: appear" console.txt; do sleep 1; done
	echo device_add vfio-pci,host=%s,id=late
} >monitor.in 2>/dev/null &
hdadump run --via trace -o capture.hdad -- %s
status=$?
rm monitor.in monitor.out
exit $status""" % (host.addresses[0], guest.command))
    compare_all(host, guest)


@nested_test
def passthrough_attach(folder):
    """A guest that runs already is joined, left in a flood, and joined again."""
    host = Host(folder)
    monitor = ["-qmp", "unix:/out/qmp,server=on,wait=off"]
    guest = Inner(host, "bind,sleep:8,flood:3000,sleep:2,unbind,bind,codecs,poweroff",
                  extra=monitor + ["-global", "vfio-pci.x-no-mmap=on"])
    unseen = Inner(host, "poweroff", extra=monitor + ["-S"])
    host_steps = """
wait_for() { until grep -q "guest: $1" console.txt; do sleep 1; done; }
%s & qemu=$!
wait_for sleep
hdadump attach -q --via trace -o first.hdad $qemu 2>first.txt & first=$!
wait_for flood
sleep 1
kill -INT $first
wait $first; echo $? >first.status
hdadump attach -q --via trace -o capture.hdad --qmp qmp; status=$?
wait $qemu; echo $? >qemu.status
cp console.txt record.txt guest/
%s & qemu=$!
until [ -S qmp ]; do sleep 1; done
hdadump attach -o unseen.hdad --qmp qmp 2>unseen.txt; echo $? >unseen.status
kill $qemu; wait $qemu
mv guest/* .
exit $status""" % (guest.command, unseen.command)
    until_it_begins(host, guest, "mkdir guest" + host_steps)
    check(host.status == EXACT and host.text("first.status").strip() == str(EXACT),
          "the captures are not exact: %s\n%s" % (host.text("first.txt"), host.story()))
    check(host.text("qemu.status").strip() == "0", "QEMU ended with " + host.text("qemu.status"))
    own = compare.verbs_of(host.device_record())[host.models[0]]
    end = 0
    for name in ("first.hdad", "capture.hdad"):
        xacts, _, _ = rig.show(host.file(name))
        captured = compare.verbs_of(xacts)[host.addresses[0]]
        start = compare.stretch(captured, own)
        check(start >= end, "%s begins before the one before it ended" % name)
        end = start + len(captured)
        say("%s: verbs %d to %d of the %d that the device had" % (name, start, end - 1, len(own)))
    check(end == len(own), "the last %d verbs are missing" % (len(own) - end))
    compare.with_record(host.device_record(), guest.record())
    text = host.text("unseen.txt")
    check(host.text("unseen.status").strip() == str(ERROR) and "x-no-mmap" in text and
          host.addresses[0] in text, "without x-no-mmap it says:\n" + text)
    check(not os.path.exists(host.file("unseen.hdad")), "it left an empty capture")
    said = host.text("stderr.txt")
    check("the guest has ended" in said and "undone" not in said,
          "of the end of a guest it says:\n" + said)
    say("without x-no-mmap: " + text.strip().splitlines()[-1])


@nested_test
def passthrough_company(folder):
    """Two audio controllers and a device that is none, passed through together."""
    host = Host(folder, controllers=(("ich9-intel-hda", ("hda-duplex",)),
                                     ("intel-hda", ("hda-output",))), others=["edu"])
    guest = Inner(host, "bind,codecs,flood:200:hwC1D0,flood:100,poweroff", devices=[
        "vfio-pci,host=%s" % host.others[0], "vfio-pci,host=%s,addr=10.0" % host.addresses[0],
        "vfio-pci,host=%s,addr=11.0" % host.addresses[1]])
    # a script's line cannot be written for it: that is said, and the controller refused here
    scripted = Inner(host, "poweroff", devices=[
        "vfio-pci,host=%s" % host.others[0], "vfio-pci,host=%s,x-no-mmap=off" % host.addresses[0]])
    with open(host.file("script"), "w") as f:
        f.write("exec %s $(hdadump args)\n" % scripted.command)
    until_it_begins(host, guest, "hdadump run -- sh /share/script 2>script.txt\n"
                    "hdadump run --via trace -o capture.hdad -- " + guest.command)
    compare_all(host, guest)
    note = "%s is not an audio device" % host.others[0]
    check(note in host.text("script.txt"), "of the script's it is not said:\n" +
          host.text("script.txt"))
    check(note not in host.text("stderr.txt"), "the other device's accesses trap\n" + host.story())


@nested_test
def passthrough_no_mmap(folder):
    """Without x-no-mmap a message says so and what to write; written as JSON it works."""
    host = Host(folder)
    address = host.addresses[0]

    def inner(*words, **more):
        return Inner(host, "bind,codecs,poweroff", devices=words, **more).command

    refused = {
        "device": inner("vfio-pci,host=%s,x-no-mmap=off" % address),
        "json": inner('{"driver":"vfio-pci","host":"%s","id":"hda0","x-no-mmap":false}' % address),
        "set": inner("vfio-pci,host=%s,id=hda0" % address,
                     extra=["-set", "device.hda0.x-no-mmap=off"]),
        "config": inner(extra=["-readconfig", "/share/machine.cfg"]),
        "script": "sh /share/script",
    }
    with open(host.file("machine.cfg"), "w") as f:
        f.write('[device "hda0"]\n  driver = "vfio-pci"\n  host = "%s"\n  x-no-mmap = "off"\n'
                % address)
    with open(host.file("script"), "w") as f:
        f.write("exec %s $(hdadump args)\n" % refused["device"])
    steps = ["hdadump run -q -o %s.hdad -- %s 2>%s.txt\necho $? >%s.status" % (n, c, n, n)
             for n, c in refused.items()]
    guest = Inner(host, "bind,codecs,poweroff", devices=[
        '{"driver":"vfio-pci","host":"%s","id":"hda0","addr":"0x10"}' % address])
    steps.append("hdadump run --via trace -o capture.hdad -- " + guest.command)
    until_it_begins(host, guest, "\n".join(steps))
    for name in refused:
        text = host.text(name + ".txt")
        check(host.text(name + ".status").strip() == str(ERROR), "%s: status %s\n%s" %
              (name, host.text(name + ".status"), text))
        line = [x for x in text.splitlines() if x.startswith("hdadump: ")][-1]
        check(line.startswith("hdadump: " + address) and "x-no-mmap=off" in line and
              "-device vfio-pci,host=%s,x-no-mmap=on" % address in line,
              "%s: it says not what is wrong:\n%s" % (name, text))
        check(not os.path.exists(host.file(name + ".hdad")), "%s: it left an empty capture" % name)
        say("%s: %s" % (name, line))
    compare_all(host, guest)
