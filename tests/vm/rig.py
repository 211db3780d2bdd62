# SPDX-License-Identifier: GPL-2.0-or-later
"""The rig: a real guest under a real QEMU, with hdadump in front of it."""

import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import groundtruth

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("HDADUMP_BUILD") or os.path.join(SOURCE, "build"))
HDADUMP = os.path.abspath(os.environ.get("HDADUMP") or os.path.join(BUILD, "src", "hdadump"))
QEMU = os.environ.get("HDADUMP_QEMU", "qemu-system-x86_64")
OUTDATED = []  # options by which that refuses what is outdated (newest.py)
SUITE = os.path.join(SOURCE, "vm", "suite")
SHARED = os.path.abspath(os.environ.get("HDADUMP_SHARED") or os.path.join(SOURCE, "..", "shared"))

# A guest that boots in 4 s alone may need many times that beside three others.
PATIENCE = float(os.environ.get("HDADUMP_PATIENCE", "120"))

# hdadump's exit statuses
EXACT, ERROR, USAGE, LOSSES = 0, 1, 2, 3


class Skip(Exception):
    """The test cannot run here; the text says why."""


class Missing(Skip):
    """The same, for want of something that can be installed: where CI runs, that is a failure."""


class Fail(Exception):
    """The test failed; the text says how."""


def check(ok, text):
    if not ok:
        raise Fail(text)


def say(text):
    print("  " + text, flush=True)


def vm_folder(host=False):
    """The built guest's folder; builds it, and with @host that of a nested one, if need be."""
    out = os.path.join(BUILD, "vm")
    more = ["--host", HDADUMP, "--qemu", QEMU] if host else []
    r = subprocess.run([os.path.join(SOURCE, "vm", "build"), "--quiet", "--out", out] + more,
                       stderr=subprocess.PIPE, text=True)
    if r.returncode:
        raise Missing("no guest: " + r.stderr.strip())
    return out


def need_qemu():
    if not shutil.which(QEMU):
        raise Missing("no %s: install qemu-system-x86" % QEMU)


def suite_root(suites, *packages):
    """The folder with packages of another suite, the first of "trixie,sid"; fetched if need be."""
    for args in (["--able"], [suites] + list(packages)):
        r = subprocess.run([SUITE] + args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if r.returncode:
            raise Missing("no %s of %s: %s" % (" ".join(packages), suites, r.stderr.strip()))
    return r.stdout.strip()


@functools.cache
def newest_qemu():
    """The newest QEMU that Debian has, fetched if need be: a command, and what it calls itself."""
    no = os.path.join(BUILD, "tests", "vm", "no-newest")  # so that not each test waits for a mirror
    if os.path.exists(no) and time.time() - os.path.getmtime(no) < 600:
        with open(no) as f:
            raise Missing(f.read())
    r = subprocess.run([os.path.join(SOURCE, "vm", "newest")], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, text=True)
    if r.returncode:
        text = "no newer QEMU: %s (asked at %s; asked again after ten minutes, or without %s)" % (
            r.stderr.strip(), time.strftime("%H:%M"), no)
        with open(no, "w") as f:
            f.write(text)
        raise Missing(text)
    path = r.stdout.strip()
    r = subprocess.run([path, "--version"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    check(r.returncode == 0, "%s does not start: %s" % (path, r.stdout))
    return path, r.stdout.splitlines()[0]


def accel():
    """KVM where the processor really has it; the file alone proves nothing."""
    told = os.environ.get("HDADUMP_VM_ACCEL")
    if told:
        return told
    with open("/proc/cpuinfo") as f:
        virt = re.search(r"^flags\s*:.*\b(vmx|svm)\b", f.read(), re.M)
    return "kvm" if virt and os.access("/dev/kvm", os.R_OK | os.W_OK) else "tcg"


def whole_record(text, console):
    """The record of the guest's kernel, if nothing failed there and nothing is lost."""
    r = groundtruth.Record(text, console)
    failed = [n for n in r.notes if n.startswith("failed")]
    check(not failed, "in the guest: " + "; ".join(failed))
    check(r.lost == 0, "the guest's own record lost %d events: give it more buffer" % r.lost)
    return r


def guest_words(do, driver="", buffer=16384, append=""):
    """The kernel's command line of a demo guest: vm/guest/init says what @do may be."""
    return ("console=ttyS0 loglevel=3 nokaslr mitigations=off tsc=reliable no_timer_check panic=-1 "
            "tp_printk hdadump.buffer=%d hdadump.options=%s hdadump.do=%s %s" %
            (buffer, driver, do, append))


class Guest:
    """A QEMU command line for the demo guest, and the files it leaves in @folder."""

    def __init__(self, folder, do, controllers=(("ich9-intel-hda", ("hda-duplex",)),), driver="",
                 memory=256, machine="q35", buffer=16384, extra=(), append="", vm=None):
        need_qemu()
        vm = vm or vm_folder()
        self.folder = folder
        self.record_path = os.path.join(folder, "record.txt")
        self.console_path = os.path.join(folder, "console.txt")
        self.name = "hdadump-test-%d-%s" % (os.getpid(), os.path.basename(folder))
        args = [QEMU, "-name", self.name, "-machine", machine, "-accel", accel(),
                "-m", str(memory), "-nodefaults", "-no-user-config", "-display", "none",
                "-audiodev", "none,id=silent"]
        slot = 0x10
        for n, (model, codecs) in enumerate(controllers):
            args += ["-device", "%s,id=hda%d,addr=%x.0" % (model, n, slot + n)]
            for codec in codecs:
                args += ["-device", "%s,bus=hda%d.0,audiodev=silent" % (codec, n)]
        args += ["-device", "virtio-serial-pci", "-chardev", "file,id=record,path=" + self.record_path,
                 "-device", "virtserialport,chardev=record",
                 "-serial", "file:" + self.console_path,
                 "-kernel", os.path.join(vm, "vmlinux"), "-initrd", os.path.join(vm, "initrd"),
                 "-append", guest_words(do, driver, buffer, append)]
        self.args = args + OUTDATED + list(extra)

    def _read(self, path):
        try:
            with open(path, errors="replace") as f:
                return f.read()
        except FileNotFoundError:
            return ""

    def console(self):
        return self._read(self.console_path)

    def record(self):
        return whole_record(self._read(self.record_path), self.console())


def processes(name):
    """Processes with @name on their command line."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as f:
                words = f.read().split(b"\0")
        except OSError:
            continue
        if name.encode() in words and int(pid) != os.getpid():
            found.append((int(pid), words[0].decode(errors="replace")))
    return found


class Run:
    """`hdadump run` on a guest, while it runs and after."""

    def __init__(self, guest, options=(), out="capture.hdad", wrap=(), **popen):
        check(os.access(HDADUMP, os.X_OK), "no %s: build it first" % HDADUMP)
        self.guest = guest
        self.file = out if os.path.isabs(out) else os.path.join(guest.folder, out)
        self.args = list(wrap) + [HDADUMP, "run", "-o", self.file] + list(options) + ["--"] + guest.args
        self.out_path = os.path.join(guest.folder, "stdout.txt")
        self.err_path = os.path.join(guest.folder, "stderr.txt")
        self.status = None
        self.started = time.monotonic()
        with open(os.path.join(guest.folder, "command.txt"), "w") as f:
            f.write(" ".join("'%s'" % a if " " in a else a for a in self.args) + "\n")
        with open(self.out_path, "wb") as o, open(self.err_path, "wb") as e:
            files = {"stdin": subprocess.DEVNULL, "stdout": o, "stderr": e}
            files.update(popen)
            self.proc = subprocess.Popen(self.args, start_new_session=True, **files)

    def qemu(self):
        """The process id of its QEMU, or None."""
        for pid, word in processes(self.guest.name):
            if "qemu" in os.path.basename(word):
                return pid
        return None

    def wait_for(self, what, test):
        """Waits until test() is true."""
        end = time.monotonic() + PATIENCE
        while not test():
            if self.proc.poll() is not None:
                raise Fail("hdadump ended before %s\n%s" % (what, self.story()))
            if time.monotonic() > end:
                self.kill()
                raise Fail("%s did not happen in %d s\n%s" % (what, PATIENCE, self.story()))
            time.sleep(0.02)

    def wait(self, patience=PATIENCE):
        try:
            self.status = self.proc.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Fail("hdadump did not end in %d s\n%s" % (patience, self.story()))
        self.seconds = time.monotonic() - self.started
        # a QEMU is gone a moment after hdadump, unless hdadump was killed
        end = time.monotonic() + (patience if self.status < 0 else 5)
        while processes(self.guest.name) and time.monotonic() < end:
            time.sleep(0.05)
        left = processes(self.guest.name)
        if left:
            self.kill()
            raise Fail("it left %s behind" % ", ".join("%s (%d)" % (w, p) for p, w in left))
        return self

    def kill(self):
        for pid, _ in processes(self.guest.name):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.proc.wait(10)

    def _text(self, path):
        with open(path, errors="replace") as f:
            return f.read()

    def stdout(self):
        return self._text(self.out_path)

    def stderr(self):
        return self._text(self.err_path)

    def story(self):
        """The ends of everything that was said, for a failure."""
        out = []
        for what, text in (("hdadump's messages", self.stderr()), ("hdadump's output", self.stdout()),
                           ("the guest's console", self.guest.console())):
            lines = text.splitlines()[-12:]
            out += ["  -- %s" % what] + ["  | " + line[:160] for line in lines]
        return "\n".join(out + ["  -- files in " + self.guest.folder])

    def ended(self, *statuses):
        check(self.status in statuses, "exit status %s, expected %s\n%s" %
              (self.status, " or ".join(map(str, statuses)), self.story()))
        return self

    def summary(self):
        return Summary(self.stderr())

    def show(self, *options):
        return show(self.file, *options)


class Summary:
    """The numbers of the summary that `run` ends with: "verbs 77", "77 verbs" or "verbs: 77"."""

    def __init__(self, text):
        self.text = text

    def number(self, word):
        m = re.search(r"\b%s\b[ :=]+([0-9][0-9,]*)" % word, self.text) or \
            re.search(r"\b([0-9][0-9,]*) %s\b" % word, self.text)
        check(m, "the summary has no number of %s:\n%s" % (word, self.text))
        return int(m.group(1).replace(",", ""))


def show(path, *options):
    """A capture's xacts as a list of dicts."""
    r = subprocess.run([HDADUMP, "show", "--format", "json"] + list(options) + [path],
                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=PATIENCE)
    xacts = read_json(r.stdout.decode())
    return xacts, r.returncode, r.stderr.decode(errors="replace")


def read_json(text):
    out = []
    for n, line in enumerate(text.splitlines(), 1):
        try:
            x = json.loads(line)
        except ValueError as e:
            raise Fail("line %d is no JSON object: %s: %s" % (n, e, line[:200]))
        for key in ("verb", "response"):
            if key in x:
                x[key] = int(x[key], 16)
        out.append(x)
    return out


def data(path):
    """A file of the shared test data; skips where there is none."""
    full = os.path.join(SHARED, "data", path)
    if not os.path.exists(full):
        raise Skip("no %s (set HDADUMP_SHARED)" % full)
    return full


def last_resort():
    """Ends what a test left running."""
    for pid, _ in processes_prefix("hdadump-test-%d-" % os.getpid()):
        print("  ending a process the test left: %d" % pid, file=sys.stderr)
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def processes_prefix(prefix):
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as f:
                words = f.read().split(b"\0")
        except OSError:
            continue
        if any(w.startswith(prefix.encode()) for w in words) and int(pid) != os.getpid():
            found.append((int(pid), words[0].decode(errors="replace")))
    return found
