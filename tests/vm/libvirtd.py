# SPDX-License-Identifier: GPL-2.0-or-later
"""A real libvirtd, started for a test without systemd, and guests in it."""

import fcntl
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.sax.saxutils as saxutils

import rig
from rig import Fail, Missing, Skip, check
from running import Machine

DAEMONS = ("virtlogd", "libvirtd")


def alive(pidfile):
    """The process of a pid file that is there and lives."""
    try:
        with open(pidfile) as f:
            pid = int(f.read().split()[0])
        os.kill(pid, 0)
        return pid
    except (OSError, ValueError, IndexError):
        return None


# devices are copied, what is mounted there (pts, shm) goes along; then the command in "$@"
DEV_WITHOUT_KVM = """
set -e
mount -t tmpfs -o mode=755 none "$0"
for f in /dev/*; do
	new=$0/${f##*/}
	if [ "$f" = /dev/kvm ]; then
		continue
	elif ! mountpoint -q "$f"; then
		cp -a "$f" "$new"
		continue
	elif [ -d "$f" ]; then
		mkdir "$new"
	else
		: > "$new"
	fi
	mount --rbind "$f" "$new"
	while umount -l "$f" 2>/dev/null; do :; done
done
mount --move "$0" /dev
exec "$@"
"""


def kvm_for_guests():
    """Whether the user of libvirt's guests may open /dev/kvm."""
    try:
        user = pwd.getpwnam("libvirt-qemu")
    except KeyError:
        return True  # a distribution with other names: nothing is known
    groups = os.getgrouplist(user.pw_name, user.pw_gid)
    return subprocess.run(["test", "-r", "/dev/kvm", "-a", "-w", "/dev/kvm"], user=user.pw_uid,
                          group=user.pw_gid, extra_groups=groups).returncode == 0


class Libvirtd:
    """
    The system's libvirtd, or one of ours, ended with the test by its process id.
    A machine has one: tests that want it wait for each other.
    """

    uri = "qemu:///system"

    def __init__(self):
        if os.geteuid() != 0:
            raise Skip("libvirt's system daemon can only be started by root")
        for program in DAEMONS + ("virsh",):
            if not shutil.which(program):
                raise Missing("no %s: install libvirt-daemon-system libvirt-clients" % program)
        self.folder = tempfile.mkdtemp()
        os.chmod(self.folder, 0o755)
        self.started = []

    def __enter__(self):
        # a test that is ended by a signal must not leave daemons running
        self.terminate = signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to end"))
        # for all builds: the daemons' sockets are the machine's
        self.lock = open("/run/hdadump-test-libvirtd.lock", "w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        try:
            for program in DAEMONS:
                if not alive("/run/%s.pid" % program):
                    self._start(program)
            end = time.monotonic() + rig.PATIENCE
            while "QEMU" not in self.virsh("version", fails=True):
                check(time.monotonic() < end, "libvirtd does not answer")
                time.sleep(0.2)
            # what a test that was killed has left: with the lock held there is no other
            for name in self.virsh("list", "--inactive", "--name").split():
                if name.startswith("hdadump-test-"):
                    self.virsh("undefine", name, fails=True)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # this comes to its end in any case
        for pid in reversed(self.started):
            try:
                os.kill(pid, signal.SIGTERM)
                end = time.monotonic() + 5
                while os.path.exists("/proc/%d" % pid) and time.monotonic() < end:
                    time.sleep(0.05)
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        shutil.rmtree(self.folder)
        self.lock.close()
        signal.signal(signal.SIGTERM, self.terminate)

    def _start(self, program):
        pidfile = os.path.join(self.folder, program + ".pid")
        start = self._without_kvm() if program == "libvirtd" else []
        out = subprocess.run(start + [program, "-d", "-p", pidfile], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        end = time.monotonic() + rig.PATIENCE
        while not (pid := alive(pidfile)):
            check(time.monotonic() < end, "%s does not start: %s" % (program, out.stdout))
            time.sleep(0.05)
        self.started.append(pid)

    def _without_kvm(self):
        """
        What starts a daemon for which there is no KVM where its guests may not use it.

        libvirt asks a QEMU that may open everything whether there is KVM, and then looks whether
        its guests' user may open /dev/kvm.  Where udev has not given that to a group the two
        disagree, and libvirt asks each QEMU anew whenever it looks at a definition: 4 s each, 70
        times in libvirt_prepare.  In a /dev without kvm they agree.
        """
        if not os.path.exists("/dev/kvm") or not shutil.which("unshare") or kvm_for_guests():
            return []
        dev = os.path.join(self.folder, "dev")
        os.mkdir(dev)
        start = ["unshare", "--mount", "--propagation", "private", "sh", "-c", DEV_WITHOUT_KVM, dev]
        # where namespaces cannot be had it is only slow
        return [] if subprocess.run(start + ["true"], stdin=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL).returncode else start

    def virsh(self, *args, fails=False):
        r = subprocess.run(["virsh", "-q", "-c", self.uri] + list(args), stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                           timeout=rig.PATIENCE)
        check(r.returncode == 0 or fails, "virsh %s: %s" % (" ".join(args), r.stdout))
        return r.stdout.strip()


XML = """<domain type='qemu'>
  <name>%(name)s</name>
  <memory unit='MiB'>256</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>%(files)s/vmlinux</kernel>
    <initrd>%(files)s/initrd</initrd>
    <cmdline>%(append)s</cmdline>
  </os>
  <features>
    <acpi/>
    <apic/>
  </features>
  <on_reboot>restart</on_reboot>
  <devices>
    <emulator>%(qemu)s</emulator>
    <serial type='file'>
      <source path='%(files)s/console.txt'/>
    </serial>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
    <audio id='1' type='none'/>
    <sound model='ich9'>
      <codec type='duplex'/>
    </sound>
%(devices)s  </devices>
</domain>
"""


class Domain(Machine):
    """The demo guest, started by libvirt, as its own user."""

    def __init__(self, libvirtd, folder, do="bind,flood:100000000", name=None, devices=""):
        rig.need_qemu()
        vm = rig.vm_folder()
        self.libvirtd, self.folder = libvirtd, folder
        # where libvirt's user can read it; libvirt gives it the files
        self.files = tempfile.mkdtemp()
        os.chmod(self.files, 0o777)
        self.name = name or "hdadump-test-" + os.path.basename(self.files)
        for f in ("vmlinux", "initrd"):
            shutil.copy(os.path.join(vm, f), self.files)
        self.console_path = os.path.join(self.files, "console.txt")
        append = "console=ttyS0 loglevel=3 nokaslr mitigations=off tsc=reliable no_timer_check " \
            "panic=-1 hdadump.record=no hdadump.options=power_save=0 hdadump.do=" + do
        self.xml = XML % {"name": self.name, "files": self.files, "devices": devices,
                          "qemu": shutil.which(rig.QEMU), "append": saxutils.escape(append)}
        self.xml_path = os.path.join(self.files, "domain.xml")
        with open(self.xml_path, "w") as f:
            f.write(self.xml)
        self.guest = self
        self.pid = None
        try:
            libvirtd.virsh("define", self.xml_path)
        except Fail:
            shutil.rmtree(self.files)
            raise

    def start(self):
        self.libvirtd.virsh("start", self.name)
        with open("/run/libvirt/qemu/%s.pid" % self.name) as f:
            self.pid = int(f.read())
        return self

    def __exit__(self, *_):
        self.libvirtd.virsh("destroy", self.name, fails=True)
        self.libvirtd.virsh("undefine", self.name, fails=True)
        shutil.rmtree(self.files)

    def console(self):
        try:
            with open(self.console_path, errors="replace") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    @property
    def proc(self):
        """For Machine: whether QEMU lives."""
        pid = self.pid

        class Process:
            def poll(self):
                return None if os.path.exists("/proc/%d" % pid) else 0
        return Process()

    def said(self):
        return self.console()[-1000:]

    def qmp(self, command, **arguments):
        """As Machine's: a command of QEMU's own, sent through libvirt."""
        answer = json.loads(self.libvirtd.virsh("qemu-monitor-command", self.name, json.dumps(
            {"execute": command, "arguments": arguments})))
        if "error" in answer:
            raise Fail("QEMU refused %s: %s" % (command, answer["error"]["desc"]))
        return answer["return"]

    def state(self):
        return self.libvirtd.virsh("domstate", self.name)
