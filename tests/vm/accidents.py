# SPDX-License-Identifier: GPL-2.0-or-later
"""Bad luck: what was captured until then stays, it is said what happened, and no QEMU is left."""

import os
import pty
import re
import resource
import select
import shutil
import signal
import subprocess
import time

import compare
import rig
import sequence
from rig import ERROR, EXACT, LOSSES, USAGE, Fail, Guest, Missing, Run, Skip, check, say
from testlist import vm_test

ENOUGH = 5000  # verbs of the flood in the file before the accident


def flooding(folder, options=(), do="bind,flood:100000000", **popen):
    """A capture in the middle of a flood, a good part of which is in the file already."""
    g = Guest(folder, do, driver="power_save=0")  # a codec that fell asleep is woken amid the flood
    r = Run(g, options, **popen)
    r.wait_for("the flood", lambda: "guest: flood" in g.console())
    start = os.path.getsize(r.file)
    r.wait_for("the file's growth", lambda: os.path.getsize(r.file) > start + ENOUGH * 64)
    return r, g


def check_flood(r, at_least=ENOUGH, status=(EXACT, LOSSES), may_miss=1, tail=8):
    """
    The file holds the driver's verbs and then the sequence from its start, without a hole.
    The last @tail verbs may lack a proof, or their word or answer (@may_miss: where the
    file ends between the announcement of an answer and the answer).
    """
    xacts, shown, err = r.show()
    check(shown in status, "show ended with %d: %s" % (shown, err))
    verbs = [x for x in xacts if x.get("kind") in compare.VERB_KINDS]
    begin = sequence.word(0, 0)
    first = next((i for i, x in enumerate(verbs) if x.get("verb") == begin), len(verbs))
    record = [v.word for v in r.guest.record().verbs]
    before = [x["verb"] for x in verbs[1:first]]  # the first is the probe
    if begin in record:
        record = record[:record.index(begin)]
    else:
        before = before[:len(record)]  # the record was cut when the guest was
    if record:
        check(before == record,
              "the verbs before the flood are not the guest's")
    flood = verbs[first:]
    check(len(flood) >= at_least, "only %d verbs of the flood are in the file" % len(flood))
    for i, x in enumerate(flood):
        # what was under way when it ended, and what the pipe still held: as proof
        # of a word, or as a word or answer that could not be read any more
        last = i >= len(flood) - tail
        if last and x["certainty"] == "lost" and "verb" not in x:
            continue
        check(x.get("verb") == sequence.word(0, i), "verb %d of the flood is %s" % (i, x))
        check(x.get("response") == sequence.answer(i) or last and "response" not in x,
              "the response to verb %d of the flood is %s" % (i, x))
        check(x["certainty"] == "exact" or last and x["certainty"] in ("suspect", "unanswered"),
              "verb %d of %d of the flood is %s" % (i, len(flood), x["certainty"]))
    gaps = sum(x.get("count", 0) for x in xacts if x.get("kind") == "gap")
    check(gaps <= may_miss, "%d responses are missing" % gaps)
    say("%d verbs of the flood are in the file, none missing" % len(flood))
    return flood


def one_sentence(r, *words):
    """A line of hdadump's says all these words."""
    text = r.stderr()
    for line in text.splitlines():
        if line.startswith("hdadump: ") and all(re.search(w, line, re.I) for w in words):
            return line
    raise Fail("no line of hdadump says %s:\n%s" % (" and ".join(words), text))


def interrupt(folder, sig):
    r, _ = flooding(folder)
    r.proc.send_signal(sig)
    # the guest is halted and its last lines are read before QEMU is ended: nothing is lost
    r.wait().ended(EXACT)
    flood = check_flood(r, may_miss=0, tail=1)
    verbs = r.summary().number("verbs")
    check(verbs >= len(flood), "the summary says %d verbs, the flood alone has %d" %
          (verbs, len(flood)))


@vm_test
def interrupt_int(folder):
    """Ctrl-C in the middle of a flood."""
    interrupt(folder, signal.SIGINT)


@vm_test
def interrupt_term(folder):
    """SIGTERM in the middle of a flood."""
    interrupt(folder, signal.SIGTERM)


@vm_test
def interrupt_strict(folder):
    """Ctrl-C in the middle of a flood, --strict."""
    r, _ = flooding(folder, ["--strict"])
    r.proc.send_signal(signal.SIGINT)
    r.wait().ended(EXACT)
    check_flood(r, may_miss=0, tail=1)


@vm_test
def killed_hdadump(folder):
    """kill -9 of hdadump: the file reads to its last whole record, and the guest is not held."""
    r, g = flooding(folder, do="bind,flood:60000,poweroff")
    r.proc.kill()
    r.wait()  # for QEMU too: the guest goes on by itself to its end
    check(r.status == -signal.SIGKILL, "exit status %s" % r.status)
    check("Power down" in g.console(), "the guest did not come to its end:\n" + r.story())
    check_flood(r)
    info = subprocess.run([rig.HDADUMP, "info", r.file], capture_output=True, text=True)
    check(info.returncode == 3 and "has no end" in info.stdout, "info calls it sound:\n" + info.stdout)


@vm_test
def killed_qemu(folder):
    """kill -9 of QEMU: hdadump ends by itself and says so."""
    r, _ = flooding(folder)
    qemu = r.qemu()
    check(qemu, "no QEMU is running")
    os.kill(qemu, signal.SIGKILL)
    r.wait().ended(ERROR)
    one_sentence(r, "QEMU", "kill")
    check_flood(r, may_miss=8)  # what the pipe held can be read no more


@vm_test
def disk_full(folder):
    """No room for the file: it is said, what went in stays readable, and QEMU does not hang."""
    small = os.path.join(folder, "small")
    os.mkdir(small)
    room = 256 * 1024
    mount = ["mount", "-t", "tmpfs", "-o", "size=%d" % room, "none", small]
    if os.geteuid() != 0 or subprocess.run(mount, stderr=subprocess.DEVNULL).returncode:
        raise Skip("a small file system can only be mounted by root")
    try:
        g = Guest(folder, "bind,flood:30000,poweroff")
        r = Run(g, out=os.path.join(small, "capture.hdad"))
        r.wait().ended(ERROR)
        say(one_sentence(r, "no space"))
        check_flood(r, 1000)
    finally:
        subprocess.run(["umount", small])


@vm_test
def file_too_large(folder):
    """The same through a limit on the size of files, which needs no root."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (160 * 1024, resource.RLIM_INFINITY))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    # QEMU has the limit too: the guest's record stays small
    g = Guest(folder, "bind,flood:30000,poweroff", append="hdadump.record=no")
    r = Run(g, ["--quiet"], preexec_fn=limit)
    r.wait().ended(ERROR)
    say(one_sentence(r, "too large"))
    check_flood(r, 2000)


@vm_test
def no_qemu(folder):
    """QEMU is missing."""
    g = Guest(folder, "bind,poweroff")
    g.args[0] = os.path.join(folder, "qemu-system-nowhere")
    r = Run(g).wait().ended(ERROR)
    say(one_sentence(r, "qemu-system-nowhere", "No such file"))


@vm_test
def refused_option(folder):
    """QEMU refuses an option: its own words are shown, and that it ended."""
    g = Guest(folder, "bind,poweroff", extra=["-device", "no-such-device"])
    r = Run(g).wait().ended(ERROR)
    check("no-such-device" in r.stderr(), "QEMU's words are missing:\n" + r.stderr())
    say(one_sentence(r, "QEMU ended with status 1"))


@vm_test
def no_such_device(folder):
    """--controller names a controller that is not there."""
    g = Guest(folder, "bind,poweroff")
    r = Run(g, ["--controller", "0000:00:1f.7"]).wait().ended(EXACT)
    one_sentence(r, "0000:00:1f.7")
    check(r.summary().number("verbs") == 0, "verbs of another controller were counted")


@vm_test
def usage(folder):
    """Wrong options are a usage error, and nothing is started."""
    for args in (["run"], ["run", "--no-such-option", "--", rig.QEMU], ["run", "-o"],
                 ["run", "--memory", "magic", "--", rig.QEMU], ["no-such-command"]):
        p = subprocess.run([rig.HDADUMP] + args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True, timeout=rig.PATIENCE)
        check(p.returncode == USAGE, "%s ended with %d: %s" % (args, p.returncode, p.stderr))
        check(re.search("^hdadump: ", p.stderr, re.M), "%s says %r" % (args, p.stderr))


@vm_test
def file_exists(folder):
    """An existing file is not overwritten unasked, and QEMU is not even started."""
    for name, text in (("notes.txt", b"dear diary\n"), ("old.hdad", b"")):
        path = os.path.join(folder, name)
        with open(path, "wb") as f:
            f.write(text)
        g = Guest(folder, "bind,poweroff")
        r = Run(g, out=path).wait().ended(ERROR)
        one_sentence(r, re.escape(name), "exist")
        with open(path, "rb") as f:
            check(f.read() == text, "%s was changed" % name)
        check(not os.path.exists(g.record_path), "QEMU was started")
    # and --force replaces no file that is not a capture
    g = Guest(folder, "bind,poweroff")
    r = Run(g, ["--force"], out=os.path.join(folder, "notes.txt")).wait().ended(ERROR)
    with open(os.path.join(folder, "notes.txt"), "rb") as f:
        check(f.read() == b"dear diary\n", "--force overwrote a file that is no capture")


@vm_test
def no_controller(folder):
    """A guest without an audio controller: said, and no error."""
    g = Guest(folder, "mark:nothing,poweroff", controllers=[])
    r = Run(g).wait().ended(EXACT)
    one_sentence(r, "no audio controller")


def unreadable_qemu(folder):
    """
    A QEMU whose memory may not be read: the kernel lets nobody without
    CAP_SYS_PTRACE look into a process whose program file he could not read.
    Gives the file and the words that take our capabilities away.
    """
    real = shutil.which(rig.QEMU)
    with open(real, "rb") as f:
        if f.read(2) == b"#!":
            raise Skip("%s is a script, which nobody runs who may not read it" % real)
    copy = os.path.join(folder, "qemu-unreadable")
    shutil.copyfile(os.path.realpath(real), copy)
    os.chmod(copy, 0o111)
    if os.geteuid() != 0:
        return copy, []
    if not shutil.which("setpriv"):
        raise Missing("no setpriv (util-linux)")
    less = "-sys_ptrace,-dac_override,-dac_read_search"
    return copy, ["setpriv", "--bounding-set", less, "--inh-caps", less]


def without_permission(folder, options):
    copy, words = unreadable_qemu(folder)
    folders = subprocess.run([rig.QEMU, "-L", "help"], stdout=subprocess.PIPE, text=True).stdout
    g = Guest(folder, "bind,codecs,poweroff",
              extra=[w for f in folders.split() for w in ("-L", f)])
    g.args[0] = copy
    modules = "/usr/lib/x86_64-linux-gnu/qemu"
    env = dict(os.environ, QEMU_MODULE_DIR=modules) if os.path.isdir(modules) else None
    return Run(g, options, wrap=words, env=env), g


@vm_test
def no_permission(folder):
    """QEMU's memory may not be read: the monitor takes its place, and that is said."""
    r, g = without_permission(folder, [])
    r.wait().ended(EXACT, LOSSES)
    xacts, _, _ = r.show()
    compare.with_record(xacts, g.record(), slow=True)
    suspect = [x for x in xacts if x.get("certainty") == "suspect"]
    check((r.status == LOSSES) == bool(suspect), "exit status %d, and %d suspect verbs" %
          (r.status, len(suspect)))
    say(one_sentence(r, "monitor", "not permitted|permission denied"))


@vm_test
def no_permission_process(folder):
    """The same, if only its memory was requested: an error, and QEMU is not left."""
    r, _ = without_permission(folder, ["--memory", "process"])
    r.wait().ended(ERROR)
    say(one_sentence(r, "/proc/[0-9]+/mem", "not permitted|permission denied"))


@vm_test
def terminal(folder):
    """The user's terminal is QEMU's: its monitor on stdio answers while verbs go to a file."""
    # nothing is sent by itself after the bind
    g = Guest(folder, "bind,sleep:600", driver="power_save=0", extra=["-monitor", "stdio"])
    master, slave = pty.openpty()
    out = os.path.join(folder, "capture.hdad")
    p = subprocess.Popen([rig.HDADUMP, "run", "--quiet", "-o", out, "--"] + g.args, stdin=slave,
                         stdout=slave, stderr=slave, start_new_session=True)
    os.close(slave)
    seen = b""

    def until(what):
        nonlocal seen
        end = time.monotonic() + rig.PATIENCE
        while not re.search(what, seen):
            check(time.monotonic() < end, "%r did not come; the terminal shows:\n%s" %
                  (what, seen.decode(errors="replace")))
            if select.select([master], [], [], 0.5)[0]:
                try:
                    seen += os.read(master, 65536)
                except OSError:  # the other side is closed
                    check(re.search(what, seen), "%r did not come before the end:\n%s" %
                          (what, seen.decode(errors="replace")))

    try:
        until(rb"\(qemu\) ")
        end = time.monotonic() + rig.PATIENCE
        while "sleep" not in g.console() and time.monotonic() < end:
            time.sleep(0.05)
        seen = b""
        os.write(master, b"info name\n")
        until(g.name.encode() + rb"[^\n]*\r\n\(qemu\) ")
        os.write(master, b"quit\n")
        until(rb"hdadump: \d+ verbs")
        check(p.wait(30) == EXACT, "exit status %s" % p.returncode)
    finally:
        if p.poll() is None:
            p.kill()
        os.close(master)
    xacts, status, err = rig.show(out)
    check(status == EXACT, "show ended with %d: %s" % (status, err))
    compare.with_record(xacts, g.record())


@vm_test
def reader_goes(folder):
    """The reader of the output goes away (| head): the guest and the file go on."""
    g = Guest(folder, "bind,flood:3000,poweroff")
    read, write = os.pipe()
    r = Run(g, stdout=write)
    os.close(write)
    os.read(read, 100)
    os.close(read)
    r.wait().ended(EXACT)
    xacts, _, _ = r.show()
    compare.with_record(xacts, g.record())


@vm_test
def behind_iommu(folder):
    """The guest's rings are behind its own IOMMU: no word is invented, and a note says why."""
    g = Guest(folder, "bind,poweroff", append="intel_iommu=on",
              extra=["-device", "intel-iommu,intremap=off"])
    r = Run(g).wait().ended(LOSSES)
    one_sentence(r, "IOMMU", "intel-iommu", "leave it out")
    xacts, _, _ = r.show()
    verbs = [x for x in xacts if x.get("kind") in compare.VERB_KINDS]
    check(len(verbs) >= len(g.record().verbs) > 0, "%d verbs counted, the guest sent %d" %
          (len(verbs), len(g.record().verbs)))
    check(all(x["certainty"] == "lost" and "verb" not in x for x in verbs), "a word was made up")
