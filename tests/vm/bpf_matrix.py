# SPDX-License-Identifier: GPL-2.0-or-later
"""The BPF program, compiled by compilers and loaded by kernels of several suites.

A kernel's verifier judges what a compiler made of the source, not the source: what
one pair of them takes another refuses.  Here each compiler's object is loaded and
attached in a guest of each kernel, and interpreted against its source
(tests/unit/test_kvm_bpf.c).
"""

import os
import re
import subprocess
import sys

import inguest
import rig
from rig import Fail, Guest, Missing, check, say
from testlist import vm_test

sys.path.insert(0, os.path.join(rig.SOURCE, "vm"))
import packages  # noqa: E402

OBJECT = "src/live/kvm.bpf.o"  # as the build names it
PROGRAMS = ("on_pio", "on_mmio")


# --- compilers --------------------------------------------------------------

def command():
    """The build's own command line for the object; it runs in the build folder."""
    r = subprocess.run(["ninja", "-C", rig.BUILD, "-t", "commands", OBJECT], capture_output=True,
                       text=True)
    lines = [x for x in r.stdout.splitlines() if x.endswith(" -o " + OBJECT)]
    if len(lines) != 1:
        raise Missing("hdadump was built without the BPF route: install clang, libbpf-dev, bpftool")
    return lines[0].split()


def contents(path):
    with open(path, "rb") as f:
        return f.read()


def version(words):
    """What a clang says of itself: "19.1.7"."""
    r = subprocess.run(words + ["--version"], capture_output=True, text=True)
    m = re.search(r"\bversion (\S+)", r.stdout)
    check(m, "%s says no version: %s%s" % (words[-1], r.stdout, r.stderr))
    return m.group(1)


class Compiled:
    """An object, and whose it is."""

    def __init__(self, path, name):
        self.path, self.name = path, name


def newest_clang(suite):
    """The newest of a suite's compilers: "clang-23"."""
    r = subprocess.run(["apt-cache", "search", "--names-only", "^clang-[0-9]+$"], text=True,
                       capture_output=True, env=apt_of(suite))
    found = re.findall(r"^clang-(\d+) ", r.stdout, re.M)
    if not found:
        raise Missing("apt knows no clang of %s" % suite)
    return "clang-%d" % max(map(int, found))


def compiled(suite, clang, folder, levels=()):
    """The objects as @clang of @suite makes them, with that suite's headers too: one a level."""
    words = command()
    own = [x for x in words if re.match(r"-O.$", x)][-1]
    if not suite:
        inside, name = words[:1], "this build's clang"
    else:
        if clang == "newest":
            clang = newest_clang(suite)
        inside = [rig.SUITE, "--exec", rig.suite_root(suite, clang, "libbpf-dev"), clang]
        name = suite + "'s clang"
    name += " " + version(inside)
    out = []
    for level in levels or [own]:
        path = os.path.join(folder, "%s-%s%s.o" % (suite, clang, level))
        r = subprocess.run(inside + words[1:-1] + [path, level], cwd=rig.BUILD, capture_output=True,
                           text=True)
        check(r.returncode == 0, "%s does not compile it:\n%s" % (name, r.stderr))
        out.append(Compiled(path, name + (" " + level if level != own else "")))
    return out


def same_meaning(obj):
    """Interpreted, the object sends the same records as its source does."""
    test = os.path.join(rig.BUILD, "tests", "unit", "test_kvm_bpf")
    if not os.path.exists(test):
        raise Missing("no %s: install libcmocka-dev" % test)
    r = subprocess.run([test, obj.path], capture_output=True, text=True)
    digests = re.findall(r"^digest of all records: (\S+)", r.stdout, re.M)
    check(r.returncode == 0 and len(digests) == 2 and digests[0] == digests[1],
          "%s's object does something else than its source:\n%s%s" % (obj.name, r.stdout, r.stderr))
    return digests[0]


# --- kernels ----------------------------------------------------------------

def apt_of(suite, *options):
    """An environment in which apt knows that suite."""
    r = subprocess.run([rig.SUITE, "--apt"] + list(options) + [suite], capture_output=True, text=True)
    if r.returncode:
        raise Missing("no apt for %s: %s" % (suite, r.stderr.strip()))
    env = {k: v for k, v in os.environ.items() if k not in ("HDADUMP_VM_KERNEL", "HDADUMP_VM_DEBS")}
    return dict(env, APT_CONFIG=r.stdout.strip())


def kernel(suite):
    """The folder of a guest whose kernel is @suite's: this machine's own where that is it."""
    if packages.os_release().get("VERSION_CODENAME") == suite:
        return rig.vm_folder()
    for options in ((), ("--update",)):  # old lists name files that the mirror has no more
        env = apt_of(suite, *options)
        out = os.path.join(os.path.dirname(os.path.dirname(env["APT_CONFIG"])), "vm")
        r = subprocess.run([os.path.join(rig.SOURCE, "vm", "build"), "--quiet", "--out", out],
                           stderr=subprocess.PIPE, text=True, env=env)
        if r.returncode == 0:
            return out
    raise Missing("no guest of %s: %s" % (suite, r.stderr.strip()))


def kvm_modules(vm):
    """The tracepoints are the module kvm's: (script lines that load it, files of the guest's)."""
    files, lines = {}, []
    for name, data in packages.Modules(os.path.join(vm, "root")).closure(["kvm"], set()):
        path = "lib/modules/%s.ko" % name
        files[path] = data  # as it is: its BTF is what the kernel may ask for
        lines.append("insmod /%s || exit 2\n" % path)
    return "".join(lines), files


def loaded(vm, objects, folder):
    """
    The objects in one guest of that kernel: its release, and for each object
    {program: (instructions, instructions that the verifier walked through)}.
    """
    loader = os.path.join(rig.BUILD, "tests", "vm", "bpf_load")
    os.makedirs(folder, exist_ok=True)
    g = Guest(folder, "run:load,poweroff", vm=vm, controllers=())
    insmod, files = kvm_modules(vm)
    names = ["%d.o" % n for n in range(len(objects))]
    for name, obj in zip(names, objects):
        files["objects/" + name] = contents(obj.path)
    script = insmod + "cd /objects && bpf_load %s\n" % " ".join(names)
    inguest.put(g, scripts={"load": script}, files=files, programs={"bin/bpf_load": loader})
    try:
        subprocess.run(g.args, stdin=subprocess.DEVNULL, capture_output=True, timeout=2 * rig.PATIENCE)
    except subprocess.TimeoutExpired:
        raise Fail("the guest did not end in %d s\n%s" % (2 * rig.PATIENCE, g.console()))
    record = g.record()
    told = inguest.said(record)
    check("load" in told, "the guest did not come to loading them:\n" + g.console())
    status, text = told["load"]
    release = re.search(r"Linux version (\S+)", "\n".join(record.notes)).group(1)
    sizes = []
    for name, obj in zip(names, objects):
        lines = re.findall(r"^%s (\S+) loaded (\d+) (\d+)$" % re.escape(name), text, re.M)
        good = {program: (int(a), int(b)) for program, a, b in lines}
        rest = [x for x in text.splitlines() if x.startswith(name + " ") and " loaded " not in x]
        check(sorted(good) == sorted(PROGRAMS) and not rest, "kernel %s and the object of %s:\n%s" %
              (release, obj.name, "\n".join(rest) or text))
        sizes.append(good)
    check(status == 0, "bpf_load ended with %d:\n%s" % (status, text))
    return release, sizes


def row(release, obj, sizes):
    return "%-22s %-31s loaded  %s" % (release, obj.name, ", ".join(
        "%s %d (%d verified)" % (p, *sizes[p]) for p in PROGRAMS))


# --- the tests --------------------------------------------------------------

def matrix(compilers, kernels, folder, levels=()):
    """Every compiler's object in every kernel; missing ones are reported, and raised at the end."""
    objects, missing, digests = [], [], set()
    for suite, clang in compilers:
        try:
            for obj in compiled(suite, clang, folder, levels):
                same = [o.name for o in objects if contents(o.path) == contents(obj.path)]
                if same:
                    say("%s: the same object as %s" % (obj.name, same[0]))
                    continue
                digests.add(same_meaning(obj))
                objects.append(obj)
                say("%s: sends the same records as its source" % obj.name)
        except Missing as e:
            missing.append(str(e))
            say("without %s of %s: %s" % (clang, suite, e))
    check(len(digests) <= 1, "the source itself is not always the same: %s" % digests)
    for suite in kernels:
        try:
            vm = kernel(suite)
        except Missing as e:
            missing.append(str(e))
            say("without the kernel of %s: %s" % (suite, e))
            continue
        release, sizes = loaded(vm, objects, os.path.join(folder, suite))
        for obj, of in zip(objects, sizes):
            say(row(release, obj, of))
    if missing:
        raise Missing("; ".join(missing))


@vm_test
def bpf_loads(folder):
    """This build's BPF object and that of Debian 13's clang, loaded by the kernels of Debian 12 and 13."""
    matrix([(None, None), ("trixie", "clang-19")], ["bookworm", "trixie"], folder)
