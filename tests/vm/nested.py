# SPDX-License-Identifier: GPL-2.0-or-later
"""A guest within a guest: passthrough with the real vfio-pci, all in software.

    this machine    a stock QEMU emulates a PC with an IOMMU and HD Audio
                    controllers, and prints what each of them was told: the
                    device's own record
      the host      a Debian kernel gives the controllers to vfio-pci; what a
                    user would type is typed there: hdadump and a stock QEMU
        the guest   the demo guest, with Debian's snd_hda_intel: its kernel's
                    tracepoints are the other record

What a test says:

    host = Host(folder)                       the machine; controllers, memory, processors
    guest = Inner(host, "bind,poweroff")      a guest in it: its QEMU command line
    host.run("hdadump run -o x.hdad -- " + guest.command)     shell lines, as a user types them
    host.file("x.hdad")                       what they left in their folder
    guest.record(), host.device_record()      the two records to compare with

The host is made by `vm/build --host` (vm/host.py, vm/host/init).  It holds
this machine's QEMU and the hdadump of the build with all their libraries,
/sys/kernel/btf, tracefs, debugfs, bpffs.  Steps run as root in /out; what is
there at the end comes back, with stdout.txt, stderr.txt and status.
"""

import os
import shlex
import signal
import subprocess
import time

import rig
from rig import PATIENCE, Fail, check, say

# A boot within a boot, and then some: measured 25 s with KVM, 70 s with TCG, alone.
HOST_SECONDS = 3 * PATIENCE
# How often a host is started that does not boot, and what its console says of it.
BOOTS, READY, STALL = 3, ": ready", "rcu_preempt detected stalls"

# The host's processor: AMD's SVM with nested paging is what TCG knows, so that KVM
# works in there with no KVM out here; a plain one is quicker where that is not used.
SVM, PLAIN_CPU = "EPYC,+svm,+npt", "Nehalem"

PLAIN = (("ich9-intel-hda", ("hda-duplex",)),)


class Host:
    """The machine that passes its controllers through, and what it leaves in @folder."""

    def __init__(self, folder, controllers=PLAIN, bridge=False, others=(), memory=2048,
                 cpu=SVM, append="", seconds=HOST_SECONDS):
        rig.need_qemu()
        check(os.access(rig.HDADUMP, os.X_OK), "no %s: build it first" % rig.HDADUMP)
        vm = rig.vm_folder(host=True)
        self.folder = folder
        self.patience = seconds
        self.share = os.path.join(folder, "share")
        self.console_path = os.path.join(folder, "host.txt")
        self.device_path = os.path.join(folder, "device.txt")
        os.makedirs(self.share, exist_ok=True)
        self.name = "hdadump-test-%d-%s-host" % (os.getpid(), os.path.basename(folder))
        args = [rig.QEMU, "-name", self.name, "-machine", "q35", "-accel",
                "tcg,thread=multi,tb-size=1024", "-cpu", cpu, "-smp", "2",
                "-m", str(memory), "-nodefaults", "-no-user-config", "-display", "none",
                "-no-reboot", "-device", "intel-iommu,intremap=on,caching-mode=on",
                "-audiodev", "none,id=silent"]
        bus, slot = "", 0x1b
        self.addresses, self.models = [], []
        if bridge:
            args += ["-device", "pcie-root-port,id=port0,chassis=1,addr=2.0",
                     "-device", "pcie-pci-bridge,id=bridge0,bus=port0"]
            bus, slot = ",bus=bridge0", 2
        for n, (model, codecs) in enumerate(controllers):
            args += ["-device", "%s,id=hda%d,debug=2,addr=%x.0%s" % (model, n, slot + n, bus)]
            args += [w for codec in codecs
                     for w in ("-device", "%s,bus=hda%d.0,audiodev=silent" % (codec, n))]
            self.addresses.append("0000:%02x:%02x.0" % (2 if bridge else 0, slot + n))
            self.models.append(model.split(",")[0])  # by which it calls itself
        self.others = []  # devices beside them that vfio-pci has too
        for n, model in enumerate(others):
            args += ["-device", "%s,addr=%x.0" % (model, 0x10 + n)]
            self.others.append("0000:00:%02x.0" % (0x10 + n))
        self.args = args + [
            "-fsdev", "local,id=share,path=%s,security_model=none" % self.share,
            "-device", "virtio-9p-pci,fsdev=share,mount_tag=share",
            "-serial", "file:" + self.console_path,
            "-kernel", os.path.join(vm, "vmlinux"), "-initrd", os.path.join(vm, "host"),
            "-append", "console=ttyS0 loglevel=4 nokaslr mitigations=off tsc=reliable "
            "no_timer_check panic=-1 intel_iommu=on host.seconds=%d host.others=%s %s" %
            (seconds * 2 / 3, ",".join(self.others), append)]

    def run(self, steps):
        """
        Boots it, has it do @steps, and waits for its end; gives their exit status.  A host
        that does not boot, or resets itself before it has a status (a triple fault of the
        emulated processor, once in some hundred runs), is started again, and that is said.
        """
        with open(os.path.join(self.share, "steps"), "w") as f:
            f.write(steps + "\n")
        with open(os.path.join(self.folder, "command.txt"), "w") as f:
            f.write(shlex.join(self.args) + "\n")
        for left in reversed(range(BOOTS)):
            if self.boot(last=not left) and self.text("status").strip():
                break
            if left:
                say("THE HOST DID NOT COME THROUGH, once more; it had said:\n" + self.story())
        status = self.text("status").strip()
        check(status, "the host came to no end of its steps\n" + self.story())
        self.status = int(status)
        return self.status

    def boot(self, last):
        """
        Once, to its end; False where its kernel did not come up, unless @last.

        With a busy machine outside, QEMU was seen to lose the timer of one of the two
        emulated processors for ever, before the kernel had started anything ("Possible
        timer handling issue"): 10 to 25 s is what it takes.
        """
        start = time.monotonic()
        # the controllers' debug lines are QEMU's standard error
        with open(self.device_path, "wb") as device:
            proc = subprocess.Popen(self.args, stdin=subprocess.DEVNULL, stdout=device,
                                    stderr=device, start_new_session=True)
            while True:
                self.seconds = time.monotonic() - start
                try:
                    proc.wait(1)
                    return True
                except subprocess.TimeoutExpired:
                    pass
                said = read(self.console_path)
                late = self.seconds > self.patience
                if late or not last and READY not in said and (
                        STALL in said or self.seconds > PATIENCE):
                    os.killpg(proc.pid, signal.SIGKILL)
                    proc.wait(10)
                if late:
                    raise Fail("the host did not end in %d s\n%s" % (self.patience, self.story()))
                if proc.returncode is not None:
                    return False

    def names(self):
        """{a controller's address on the host: its name in the device's record}"""
        return dict(zip(self.addresses, self.models))

    def file(self, name):
        return os.path.join(self.share, name)

    def text(self, name):
        return read(self.file(name))

    def device_record(self):
        """What the controllers say was sent to them, and what they answered: xacts."""
        xacts, _, err = rig.show(self.device_path)
        check(xacts, "the device's own record is empty: " + err)
        return xacts

    def story(self):
        """The ends of everything that was said, for a failure."""
        out = []
        for what, text in (("steps", self.text("stderr.txt")), ("steps' output", self.text("stdout.txt")),
                           ("guest's console", self.text("console.txt")),
                           ("host's console", read(self.console_path))):
            out += ["  -- the " + what] + ["  | " + x[:160] for x in text.splitlines()[-12:]]
        return "\n".join(out + ["  -- files in " + self.folder])


class Inner:
    """A guest of @host's that has its controllers: a command line, and the files it leaves there."""

    def __init__(self, host, do, accel="kvm", driver="", memory=192, cpus=1, machine_type="q35",
                 devices=None, extra=(), buffer=4096, append=""):
        self.host = host
        args = [os.path.basename(rig.QEMU),
                "-machine", machine_type, "-accel", accel, "-cpu", "qemu64", "-smp", str(cpus),
                "-m", str(memory), "-nodefaults", "-no-user-config", "-display", "none"]
        if "reboot" not in do:
            args += ["-no-reboot"]  # a kernel that panics is not to try again by itself
        if devices is None:
            devices = ["vfio-pci,host=%s,id=hda%d,addr=%x.0" % (a, n, 0x10 + n)
                       for n, a in enumerate(host.addresses)]
        for d in devices:
            args += ["-device", d]
        self.args = args + [
            "-device", "virtio-serial-pci", "-chardev", "file,id=record,path=record.txt",
            "-device", "virtserialport,chardev=record", "-serial", "file:console.txt",
            "-kernel", "/vm/vmlinux", "-initrd", "/vm/initrd",
            "-append", rig.guest_words(do, driver, buffer, append)] + list(extra)
        self.command = shlex.join(self.args)

    def record(self):
        return rig.whole_record(self.host.text("record.txt"), self.host.text("console.txt"))

    def began(self):
        """Whether it came as far as the first of its own steps."""
        return "guest: " in self.host.text("console.txt")

    def vanished(self):
        """Whether its kernel ended in the middle of its steps, which QEMU took for a reset."""
        said = self.host.text("console.txt")
        return self.began() and self.host.status == 0 and \
            "guest: going down" not in said and "guest: FAILED" not in said


def read(path):
    try:
        with open(path, errors="replace") as f:
            return f.read()
    except FileNotFoundError:
        return ""
