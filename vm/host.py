# SPDX-License-Identifier: GPL-2.0-or-later
"""The host of a nested guest: what a user of VFIO has on his machine, as an initrd.

Programs come from this machine with everything they load: their libraries, as
ldd names them, QEMU's modules and firmware.  They keep their places, so that
nothing has to be told where anything is.
"""

import glob
import os
import re
import shutil
import subprocess

from packages import Fail

HOST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "host")

# What the host loads, and when: the way to this machine's files, what passes a
# device through, what runs a guest (QEMU's TCG knows AMD's SVM, not Intel's VMX).
MODULES = {
    "share": ["virtio_pci", "9pnet_virtio", "9p"],
    "vfio": ["vfio_iommu_type1", "vfio_pci"],
    "kvm": ["kvm_amd"],
    "sound": ["snd_hda_codec_generic", "snd_hda_intel"],  # a codec is bound as it is found
}

# Of QEMU's firmware, what a q35 or pc without a display needs to start a kernel.
FIRMWARE = ("bios-256k.bin", "linuxboot_dma.bin", "pvh.bin", "kvmvapic.bin")
QEMU_MODULES = "accel-tcg-*.so"


def libraries(program):
    """The shared libraries that @program loads, its dynamic loader among them."""
    r = subprocess.run(["ldd", program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if r.returncode:
        return []  # a static one
    missing = re.findall(r"^\s*(\S+) => not found", r.stdout, re.M)
    if missing:
        raise Fail("%s does not find its %s" % (program, ", ".join(missing)))
    return re.findall(r"^\s*(?:\S+ => )?(/\S+) \(0x", r.stdout, re.M)


def firmware(qemu):
    """QEMU's own list of places, and what is needed of it."""
    r = subprocess.run([qemu, "-L", "help"], stdout=subprocess.PIPE, text=True)
    places = [os.path.normpath(p) for p in r.stdout.split("\n") if p]
    for name in FIRMWARE:
        found = [p for p in (os.path.join(d, name) for d in places) if os.path.exists(p)]
        if not found:
            raise Fail("%s has no %s in %s" % (qemu, name, ", ".join(places)))
        yield found[0]


def modules(qemu):
    """Modules of QEMU's, where the distribution splits it."""
    prefix = os.path.dirname(os.path.dirname(qemu))
    for folder in ("lib/*/qemu", "lib/qemu", "lib64/qemu"):
        for path in glob.glob(os.path.join(prefix, folder, QEMU_MODULES)):
            yield path


def own_modules(hdadump):
    """hdadump's, in a folder beside it as it is built; it finds them so in the host too."""
    return sorted(glob.glob(os.path.join(os.path.dirname(hdadump), "modules", "*.so")))


def find(program):
    path = shutil.which(program)
    if not path:
        raise Fail("no %s" % program)
    return os.path.abspath(path)


def files(programs):
    """Every file of this machine's that goes into the host."""
    qemu, hdadump = find(programs["qemu"]), find(programs["hdadump"])
    with open(qemu, "rb") as f:
        if f.read(2) == b"#!":
            raise Fail("%s is a script; a nested host needs a QEMU itself (HDADUMP_QEMU)" % qemu)
    found = [qemu, hdadump] + list(firmware(qemu)) + list(modules(qemu)) + own_modules(hdadump)
    for path in found[:]:
        if os.access(path, os.X_OK) or path.endswith(".so"):
            found += libraries(path)
    return sorted(set(found))


def write(paths, programs, vm, c):
    """Fills the archive: @paths, the demo guest's files from @vm, and our own."""
    hdadump = find(programs["hdadump"])
    own = own_modules(hdadump)
    for d in ("proc", "sys", "tmp", "share", "out", "dev/shm"):
        c.folder(d)
    for path in paths:
        c.copy(path, "usr/bin/hdadump" if path == hdadump else
               "usr/bin/modules/" + os.path.basename(path) if path in own else None)
    for name in ("vmlinux", "initrd"):
        c.copy(os.path.join(vm, name), "vm/" + name)
    c.copy(os.path.join(HOST, "init"), "init")
