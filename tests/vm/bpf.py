# SPDX-License-Identifier: GPL-2.0-or-later
"""The BPF route against QEMU's trace, the device itself and the guest's own record."""

import os
import shutil
import struct

import bpf_matrix
import compare
import rig
from nested import Host, Inner
from passthrough import capture, compare_all, until_it_begins
from rig import ERROR, LOSSES, check, say
from testlist import nested_test, vm_test

AT_ACCESS = "guest memory was read by BPF at the access itself\n"


def chosen(host, name="stderr.txt"):
    text = host.text(name)
    check("capturing by BPF" in text, "BPF was not chosen:\n%s\n%s" % (text, host.story()))
    return text


@nested_test
def bpf(folder):
    """Chosen by itself under KVM: ring wrapped, unbind and bind; nothing is read later."""
    host, _, _ = capture(folder, "bind,codecs,tone,flood:1500,unbind,bind,flood:300,poweroff")
    check(AT_ACCESS in chosen(host), "some was read later\n" + host.story())


@nested_test
def bpf_emulated(folder):
    """A guest with two processors and QEMU's own controllers, two codecs; its RAM lies above 4 GiB too."""
    host = Host(folder, memory=2560, append="host.vfio=no")
    guest = Inner(host, "bind,codecs,flood:600,flood:200:hwC1D0,poweroff", cpus=2, memory=512,
                  machine_type="q35,max-ram-below-4g=192M", devices=[
                      "ich9-intel-hda,id=hda0,addr=10.0", "hda-duplex,bus=hda0.0,audiodev=a",
                      "hda-micro,bus=hda0.0,audiodev=a", "intel-hda,id=hda1,addr=11.0",
                      "hda-output,bus=hda1.0,audiodev=a"], extra=["-audiodev", "none,id=a"])
    until_it_begins(host, guest, "hdadump run -o capture.hdad -- " + guest.command)
    check(host.status == rig.EXACT, "hdadump ended with %d\n%s" % (host.status, host.story()))
    xacts, _, _ = rig.show(host.file("capture.hdad"), "--registers")
    compare.with_record(rig.show(host.file("capture.hdad"))[0], guest.record())
    check(AT_ACCESS in chosen(host), "some was read later\n" + host.story())
    upper = {r["value"] for x in xacts for r in x.get("registers", [])
             if r["name"] == "CORBUBASE" and x["access"] == "write"}
    check(any(upper), "no ring lies above 4 GiB: %s" % upper)


@nested_test
def bpf_and_trace(folder):
    """One guest with two processors captured on both routes at once: verb by verb the same."""
    host = Host(folder)
    guest = Inner(host, "sleep:6,bind,codecs,flood:1000,unbind,bind,flood:200,poweroff", cpus=2,
                  extra=["-qmp", "unix:/out/qmp,server=on,wait=off"])
    until_it_begins(host, guest, """
hdadump run -q --via trace -o capture.hdad -- %s & run=$!
until grep -q "guest: sleep" console.txt; do sleep 1; done
hdadump attach -q --via bpf --qmp qmp -o bpf.hdad 2>bpf.txt; echo $? >bpf.status
wait $run""" % guest.command)
    compare_all(host, guest)
    check(AT_ACCESS in chosen(host, "bpf.txt") and host.text("bpf.status").strip() == "0",
          "the capture by BPF ended with %s\n%s" % (host.text("bpf.status"), host.text("bpf.txt")))
    routes = [[(x["kind"], x["cad"], x["verb"], x.get("response"), x["certainty"])
               for x in compare.verbs_of(rig.show(host.file(name))[0])[host.addresses[0]]]
              for name in ("capture.hdad", "bpf.hdad")]
    check(routes[0] == routes[1], "the routes differ: %d verbs by the trace, %d by BPF" %
          tuple(map(len, routes)))
    say("%d verbs and answers on both routes, the same" % len(routes[0]))


@nested_test
def bpf_moved(folder):
    """The guest moves the controller's registers while they are captured."""
    host, guest, _ = capture(folder, "bind,flood:200,unbind,move,codecs,flood:200,poweroff")
    places = [n.split()[2] for n in guest.record().notes if n.startswith(("was ", "is "))]
    check(len(set(places)) == 2, "the guest did not move it: %s" % places)
    notes = [x["text"] for x in rig.show(host.file("capture.hdad"))[0] if x["kind"] == "note"]
    check("the guest moved the controller's registers to 0x%x" % int(places[1], 16) in notes,
          "it is not noted: %s" % notes)
    # its driver comes before the program knows the controller: then memory is read later, and proven
    chosen(host)


def with_gaps(xacts, own):
    """Every verb at its place among the device's @own, the gaps counted in."""
    at = gaps = missing = wrong = exact = 0
    for x in xacts:
        if x["kind"] == "gap":
            gaps += 1
            if "verb" in x["text"]:
                missing += x["count"]
                at += x["count"]
        # of a verb that a gap counts already only the answer came
        if x["kind"] not in compare.VERB_KINDS or x.get("verb") is None:
            continue
        check(at < len(own), "more verbs than the device had")
        if x["certainty"] == "exact":
            # an answer may be among what was lost
            exact += "response" in x
            wrong += x["verb"] != own[at]["verb"]
            wrong += "response" in x and x["response"] != own[at].get("response")
        elif x["certainty"] != "suspect":
            wrong += x["verb"] != own[at]["verb"]
        at += 1
    say("%d verbs, %d of them exact; %d gaps, %d verbs missing; the device had %d" %
        (at - missing, exact, gaps, missing, len(own)))
    check(gaps and missing, "nothing was lost: this tests nothing")
    check(not wrong, "%d verbs are wrong or at the wrong place" % wrong)
    check(at == len(own), "verbs and gaps come to %d, the device had %d" % (at, len(own)))


@nested_test
def bpf_drops(folder):
    """hdadump stopped in a flood, with a buffer of one page: gaps at their place, no verb wrong."""
    host = Host(folder)
    guest = Inner(host, "bind,flood:6000,poweroff", driver="power_save=0")
    until_it_begins(host, guest, """
hdadump run -q --via bpf --bpf-buffer 4K -o capture.hdad -- %s & run=$!
until grep -q "guest: flood" console.txt; do sleep 1; done
for i in 1 2 3 4; do
	kill -STOP $run; usleep 700000
	kill -CONT $run; usleep 300000
done
wait $run""" % guest.command)
    check(host.status == LOSSES, "hdadump ended with %d\n%s" % (host.status, host.story()))
    with_gaps(rig.show(host.file("capture.hdad"))[0],
              compare.verbs_of(host.device_record())[host.models[0]])


@nested_test
def bpf_killed(folder):
    """hdadump killed while attached by BPF: the guest goes on, nothing is left in the kernel."""
    host = Host(folder)
    guest = Inner(host, "sleep:5,bind,flood:1500,sleep:1,poweroff",
                  extra=["-qmp", "unix:/out/qmp,server=on,wait=off",
                         "-global", "vfio-pci.x-no-mmap=on"])
    until_it_begins(host, guest, """
%s & qemu=$!
until grep -q "guest: sleep" console.txt; do sleep 1; done
ls -l /proc/*/fd 2>/dev/null | grep -c bpf >before.txt
hdadump attach -q -o first.hdad --qmp qmp 2>first.txt & first=$!
until grep -q "guest: flood" console.txt; do sleep 1; done
ls -l /proc/*/fd 2>/dev/null | grep -c bpf >during.txt
kill -9 $first; wait $first 2>/dev/null
ls -l /proc/*/fd 2>/dev/null | grep -c bpf >after.txt
hdadump attach -q -o capture.hdad --qmp qmp; status=$?
wait $qemu; echo $? >qemu.status
exit $status""" % guest.command)
    check(host.status == rig.EXACT and host.text("qemu.status").strip() == "0",
          "attached again: %d, QEMU: %s\n%s" % (host.status, host.text("qemu.status"), host.story()))
    chosen(host, "first.txt")
    before, during, after = (int(host.text(n + ".txt")) for n in ("before", "during", "after"))
    check(before == after == 0 and during > 0, "descriptors of BPF: %d, %d, %d" %
          (before, during, after))
    own = compare.verbs_of(host.device_record())[host.models[0]]
    got = compare.verbs_of(rig.show(host.file("capture.hdad"))[0])[host.addresses[0]]
    start = compare.stretch(got, own)
    check(start + len(got) == len(own), "the last verbs are missing")
    say("attached again from verb %d to the last, %d" % (start, len(own)))


def section_of(elf, name):
    """The offset of a section in an ELF file of 64 bits."""
    headers, = struct.unpack_from("<Q", elf, 0x28)
    size, count, names = struct.unpack_from("<HHH", elf, 0x3a)
    at = [struct.unpack_from("<I20xQQ", elf, headers + n * size) for n in range(count)]
    for word, offset, _ in at:
        text = elf[at[names][1] + word:]
        if text[:text.index(b"\0")].decode() == name:
            return offset
    raise rig.Fail("no section %s" % name)


def spoilt(folder):
    """An hdadump whose BPF program begins with the use of a register that nothing was put into."""
    beside = os.path.join(os.path.dirname(rig.HDADUMP), "modules")
    with open(os.path.join(rig.BUILD, "src", "live", "kvm.bpf.o"), "rb") as f:
        elf = f.read()
    with open(os.path.join(beside, "bpf.so"), "rb") as f:
        module = bytearray(f.read())
    at = module.find(elf)
    check(at >= 0 and module.find(elf, at + 1) < 0, "the BPF object is not in the module as it is")
    at += section_of(elf, "raw_tp/kvm_mmio")
    module[at:at + 8] = struct.pack("<BBhi", 0x79, 9 << 4, 0, 0)  # r0 = *(u64 *)(r9 + 0)
    os.makedirs(os.path.join(folder, "modules"))
    shutil.copy(rig.HDADUMP, os.path.join(folder, "hdadump"))
    with open(os.path.join(folder, "modules", "bpf.so"), "wb") as f:
        f.write(module)


@nested_test
def bpf_refused(folder):
    """A program that the verifier refuses: kernel and compiler are named, auto goes on by the trace."""
    host = Host(folder)
    guest = Inner(host, "bind,flood:100,poweroff")
    spoilt(os.path.join(host.share, "spoilt"))
    until_it_begins(host, guest, """
uname -r >kernel.txt
/share/spoilt/hdadump run -q --via bpf -o refused.hdad -- %s 2>refused.txt; echo $? >refused.status
/share/spoilt/hdadump run -o capture.hdad -- %s""" % (guest.command, guest.command))
    compare_all(host, guest)
    version = bpf_matrix.version(bpf_matrix.command()[:1])
    kernel = host.text("kernel.txt").strip()
    for text, start in ((host.text("refused.txt"), "--via bpf: "),
                        (host.text("stderr.txt"), "capturing by QEMU's trace, not by BPF: ")):
        line = [x for x in text.splitlines() if start in x]
        check(line, "it says:\n" + text)
        say(line[0])
        for part in ("kernel %s refuses the BPF program that " % kernel,
                     "lang %s" % version, " compiled: R9 !read_ok; please report this line"):
            check(part in line[0], "%r is not in: %s" % (part, line[0]))
    check("--via trace goes another way" in host.text("refused.txt"), host.text("refused.txt"))
    check(host.text("refused.status").strip() == str(ERROR), "--via bpf ended with " +
          host.text("refused.status"))
    check(not os.path.exists(host.file("refused.hdad")), "it left an empty capture")


@vm_test
def bpf_under_tcg(folder):
    """--via bpf where the guest does not run under KVM: it says why not; auto goes on by the trace."""
    if rig.accel() == "kvm":
        raise rig.Skip("guests run under KVM here")
    g = rig.Guest(folder, "bind,poweroff")
    r = rig.Run(g, ["--via", "bpf"], out="refused.hdad")
    r.wait()
    check(r.status == ERROR, "status %s" % r.status)
    check("--via bpf: the guest does not run under KVM (-accel kvm); --via trace goes another way" in
          r.stderr(), "it says:\n" + r.stderr())
    check(not os.path.exists(r.file), "it left an empty capture")
    r = rig.Run(g)
    r.wait()
    check(r.status == rig.EXACT and "capturing by QEMU's trace, not by BPF: the guest does not run "
          "under KVM" in r.stderr(), "status %s:\n%s" % (r.status, r.stderr()))
