# SPDX-License-Identifier: GPL-2.0-or-later
"""The distribution's own packages: found, downloaded and unpacked; the kernel in
them, uncompressed, and its modules.  Nothing is installed."""

import glob
import gzip
import lzma
import os
import re
import subprocess
import zlib


class Fail(Exception):
    """A failure told in one line."""


def run(args, **kw):
    return subprocess.run(args, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kw)


def last_line(err):
    """The line of a failed command's output that says why."""
    lines = [x.strip() for x in err.stderr.decode(errors="replace").splitlines() if x.strip()]
    told = [x for x in lines if x.startswith("E:")]
    return (told or lines or ["exit status %d" % err.returncode])[0]


# --- packages ---------------------------------------------------------------

def os_release():
    d = {}
    try:
        with open("/etc/os-release") as f:
            for line in f:
                k, _, v = line.strip().partition("=")
                d[k] = v.strip('"')
    except OSError:
        pass
    return d


def apt_show(name):
    """The candidate version of a package as a dict of its fields, or None."""
    try:
        out = run(["apt-cache", "show", "--no-all-versions", name]).stdout.decode(errors="replace")
    except FileNotFoundError:
        raise Fail("this needs apt (Debian or Ubuntu): apt-cache was not found")
    except subprocess.CalledProcessError:
        return None
    fields = {}
    for line in out.splitlines():
        if not line:
            break
        m = re.match(r"([A-Za-z-]+): (.*)", line)
        if m:
            fields[m.group(1)] = m.group(2)
    return fields if "Version" in fields else None


def must_show(name):
    f = apt_show(name)
    if f is None and os.geteuid() == 0:
        subprocess.run(["apt-get", "-qq", "update"], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        f = apt_show(name)
    if f is None:
        raise Fail("apt knows no package %s: run 'apt-get update', or name a kernel package in "
                   "HDADUMP_VM_KERNEL" % name)
    return f


def kernel_packages():
    """The packages that hold the distribution's current kernel and its modules."""
    if os.uname().machine != "x86_64":
        raise Fail("the guest is an x86_64 one, and its packages come from apt: this machine is "
                   + os.uname().machine)
    name = os.environ.get("HDADUMP_VM_KERNEL")
    release = os_release()
    ubuntu = "ubuntu" in (release.get("ID", "") + " " + release.get("ID_LIKE", "")).split()
    if not name:
        meta = "linux-image-generic" if ubuntu else "linux-image-amd64"
        deps = must_show(meta).get("Depends", "")
        m = re.search(r"\b(linux-image-(?:unsigned-)?[0-9][^ ,(]*)", deps)
        if not m:
            raise Fail("package %s depends on no kernel: %s" % (meta, deps))
        name = m.group(1)
    version = re.sub(r"^linux-image-(unsigned-)?", "", name)
    wanted = [name]
    # Ubuntu keeps the modules apart; Debian too since 7.2, and the kernel and the list of what
    # is built into it
    for extra in ("linux-binary-" + version, "linux-base-" + version, "linux-modules-" + version,
                  "linux-modules-extra-" + version):
        if apt_show(extra):
            wanted.append(extra)
    return wanted


def deb_name(pkg, version):
    """apt's name of a package's file, as far as it can be told beforehand."""
    return "%s_%s_*.deb" % (pkg, version.replace(":", "%3a"))


def fetch(pkg, debs):
    """Gives the path and the version of a package's .deb, downloading it if need be."""
    own = os.environ.get("HDADUMP_VM_DEBS")
    if own:
        found = sorted(glob.glob(os.path.join(own, pkg + "_*.deb")))
        if not found:
            raise Fail("no %s_*.deb in %s (HDADUMP_VM_DEBS)" % (pkg, own))
        m = re.match(r"[^_]*_([^_]*)_", os.path.basename(found[-1]))
        return found[-1], m.group(1).replace("%3a", ":") if m else "unknown"
    version = must_show(pkg)["Version"]
    pattern = os.path.join(debs, deb_name(pkg, version))
    if not glob.glob(pattern):
        command = ["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download",
                   "%s=%s" % (pkg, version)]
        try:
            run(command, cwd=debs)
        except subprocess.CalledProcessError as e:
            raise Fail("cannot download %s %s: %s" % (pkg, version, last_line(e)))
    found = glob.glob(pattern)
    if not found:
        raise Fail("apt-get downloaded no %s" % os.path.basename(pattern))
    return found[0], version


def unpack(deb, to):
    try:
        run(["dpkg-deb", "-x", deb, to])
    except subprocess.CalledProcessError as e:
        os.unlink(deb)  # a broken download must not stay
        raise Fail("cannot unpack %s: %s" % (os.path.basename(deb), last_line(e)))


# --- the kernel -------------------------------------------------------------

def unzstd(data):
    try:
        return subprocess.run(["zstd", "-dcq"], input=data, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL).stdout
    except FileNotFoundError:
        return b""


def decompress(data):
    """The first thing in @data that unpacks into an ELF file, or None."""
    def xz(d):
        return lzma.LZMADecompressor(lzma.FORMAT_XZ).decompress(d)

    def gz(d):
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(d)

    for magic, unpacker in ((b"\xfd7zXZ\0", xz), (b"\x1f\x8b\x08", gz), (b"\x28\xb5\x2f\xfd", unzstd)):
        at = data.find(magic)
        while at >= 0:
            try:
                out = unpacker(data[at:])
            except (lzma.LZMAError, zlib.error, EOFError):
                out = b""
            if out.startswith(b"\x7fELF"):
                return out
            at = data.find(magic, at + 1)
    return None


def write_kernel(root, out):
    images = glob.glob(os.path.join(root, "boot", "vmlinuz-*")) + \
        glob.glob(os.path.join(root, "usr/lib/modules/*/vmlinuz"))
    if not images:
        raise Fail("the kernel package holds no boot/vmlinuz-*")
    with open(images[0], "rb") as f:
        data = f.read()
    elf = decompress(data)
    # A PVH note is what QEMU starts an ELF kernel by; without it the image
    # itself still boots, only slower.
    if elf and b"Xen\0" in elf:
        data = elf
    with open(out + ".new", "wb") as f:
        f.write(data)
    os.rename(out + ".new", out)


# --- modules ----------------------------------------------------------------

def read_module(path):
    with open(path, "rb") as f:
        data = f.read()
    if path.endswith(".xz"):
        return lzma.decompress(data)
    if path.endswith(".gz"):
        return gzip.decompress(data)
    if path.endswith(".zst"):
        data = unzstd(data)
        if not data:
            raise Fail("cannot unpack %s: install zstd" % os.path.basename(path))
    return data


def module_depends(data):
    m = re.search(rb"\0depends=([^\0]*)\0", data)
    return [d.replace("-", "_") for d in m.group(1).decode().split(",") if d] if m else []


class Modules:
    """The modules of an unpacked kernel, by name."""

    def __init__(self, root):
        self.paths = {}
        self.builtin = set()
        for top in ("lib/modules", "usr/lib/modules"):
            for folder, _, files in os.walk(os.path.join(root, top)):
                for f in files:
                    m = re.match(r"(.*)\.ko(\.(xz|gz|zst))?$", f)
                    if m:
                        self.paths[m.group(1).replace("-", "_")] = os.path.join(folder, f)
                    elif f == "modules.builtin":
                        with open(os.path.join(folder, f)) as b:
                            for line in b:
                                name = os.path.basename(line.strip())[:-len(".ko")]
                                self.builtin.add(name.replace("-", "_"))

    def closure(self, names, done):
        """(name, data) of each module in loading order, without those in @done."""
        out = []

        def add(name, wanted_by):
            if name in done or name in self.builtin:
                return
            done.add(name)
            if name not in self.paths:
                raise Fail("the kernel package has no module %s%s" % (name, wanted_by))
            data = read_module(self.paths[name])
            for d in module_depends(data):
                add(d, " (wanted by %s)" % name)
            out.append((name, data))

        for n in names:
            add(n, "")
        return out


def prune(root, names):
    """Of hundreds of megabytes of modules, keeps @names and what these need."""
    modules = Modules(root)
    done = set()
    modules.closure(names, done)
    for name, path in modules.paths.items():
        if name not in done:
            os.unlink(path)


def strip(data, scratch):
    """Without debug information; the signature goes too, which modules may."""
    with open(scratch, "wb") as f:
        f.write(data)
    try:
        run(["strip", "-g", scratch])
    except (OSError, subprocess.CalledProcessError):
        return data
    with open(scratch, "rb") as f:
        return f.read()
