# SPDX-License-Identifier: GPL-2.0-or-later
"""Root's `hdadump attach` on other users' QEMUs: what they may do to him, and what he needs of them."""

import os
import shutil
import subprocess
import tempfile
import time

import rig
from rig import ERROR, EXACT, Missing, Skip, check, say
from running import Attach, Machine
from testlist import vm_test

NOBODY = 65534


class Files:
    """A folder that everybody may use, with the guest's files, for a QEMU of another user."""

    def __init__(self):
        if os.geteuid() != 0:
            raise Skip("a QEMU of another user can only be started by root")
        for program in ("setpriv", "taskset", "unshare"):
            if not shutil.which(program):
                raise Missing("no %s (util-linux)" % program)

    def __enter__(self):
        self.path = tempfile.mkdtemp()
        os.chmod(self.path, 0o777)
        vm = rig.vm_folder()
        for f in ("vmlinux", "initrd"):
            shutil.copy(os.path.join(vm, f), self.path)
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path)


class Imitator:
    """A process of nobody's with a program of QEMU's name and any words on its command line."""

    def __init__(self, folder, words):
        program = os.path.join(folder, "qemu-system-x86_64")
        if not os.path.exists(program):
            shutil.copy(shutil.which("sh"), program)
        nobody = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
        # a shell that waits; the words are arguments of its script
        self.proc = subprocess.Popen(nobody + [program, "-c", "read x", program] + words,
                                     stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.pid = self.proc.pid
        end_by = time.monotonic() + rig.PATIENCE
        while "qemu" not in os.readlink("/proc/%d/exe" % self.pid):
            check(time.monotonic() < end_by, "the imitator does not start")
            time.sleep(0.01)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.proc.kill()
        self.proc.communicate()


@vm_test
def attach_imitator(folder):
    """A process that has QEMU's name, and another QEMU's socket on its command line, is none."""
    with Files() as files, Machine(files, "bind,sleep:1000", vm=files) as m:
        m.wait_for_step("sleep")
        with Imitator(files, ["-name", m.guest.name, "-qmp", "unix:%s,server=on,wait=off" % m.path]) as i:
            a = Attach(folder, [str(i.pid)], ["--quiet"]).wait().ended(ERROR)
            say(a.sentence("is not that process's own", "process %d of user root" % m.pid))
            m.as_before("after the refusal")
            # by its socket it is found, whoever else has that on his command line
            a = Attach(folder, ["--qmp", m.path], ["--quiet"]).wait_until_attached().stop().ended(EXACT)
            say(a.sentence("read by .*/%d/" % m.pid))
