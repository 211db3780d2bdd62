# SPDX-License-Identifier: GPL-2.0-or-later
"""hdadump attach if something is wrong, or goes wrong: a sentence, and nothing is left."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import rig
from rig import ERROR, EXACT, LOSSES, USAGE, Missing, Skip, check, say
from running import Attach, Machine, check_stretch
from testlist import vm_test


def refused(folder, args, *words, status=ERROR):
    a = Attach(folder, args, out="refused.hdad").wait().ended(status)
    say(a.sentence(*words))
    return a


@vm_test
def attach_nobody(folder):
    """A target that is none: no process, no QEMU, no socket, one that is not QMP's, usage."""
    refused(folder, ["4194304"], "no process 4194304")
    refused(folder, [str(os.getpid())], "is not a QEMU")
    refused(folder, ["--qmp", os.path.join(folder, "nowhere")], "nowhere", "No such file")
    refused(folder, ["--qmp", __file__], "is not a socket")
    refused(folder, [], "which guest", status=USAGE)
    refused(folder, ["1", "--qmp", "x"], "one guest", status=USAGE)
    refused(folder, ["win10"], "not a process id.*--libvirt", status=USAGE)
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as s:
        path = os.path.join(short, "s")
        s.bind(path)
        refused(folder, ["--qmp", path], "no QEMU answers")
        s.listen()

        def talk(text):
            def run():
                c, _ = s.accept()
                c.sendall(text)
                time.sleep(0.2)
                c.close()
            t = threading.Thread(target=run)
            t.start()
            return t
        for text in (b"QEMU 7.2.22 monitor - type 'help' for more information\r\n(qemu) ",
                     b"220 mail.example.org ESMTP\r\n", b"{\"hello\": 1}\n"):
            t = talk(text)
            refused(folder, ["--qmp", path], "not a QMP socket|does not greet as")
            t.join()


@vm_test
def attach_two_alike(folder):
    """Two guests of the same name with the same devices: each capture has its own guest's verbs."""
    one, two = os.path.join(folder, "one"), os.path.join(folder, "two")
    for f in (one, two):
        os.mkdir(f)
    name = "hdadump-test-%d-twin" % os.getpid()
    with Machine(one, "bind,sleep:100", name=name, driver="power_save=0") as m, \
            Machine(two, name=name) as n:
        m.wait_for_step("sleep")
        n.wait_for_step("flood")
        quiet = Attach(one, [str(m.pid)], ["--quiet"]).wait_until_attached()
        busy = Attach(two, ["--qmp", n.path], ["--quiet"]).wait_until_attached().wait_for_growth(20000)
        # QEMU talks to one at a time
        refused(folder, [str(n.pid)], "has a client already")
        busy.stop().ended(EXACT)
        quiet.stop().ended(EXACT)
        check_stretch(busy.verbs()[0], 100)
        verbs, _ = quiet.verbs()
        check(not verbs, "%d verbs of the quiet guest: %s" % (len(verbs), verbs[:3]))
        m.as_before("the quiet one")
        n.as_before("the busy one")


@vm_test
def attach_no_controller(folder):
    """A guest without an audio controller; and a controller that is not the requested one."""
    with Machine(folder, "sleep:100", controllers=[]) as m:
        refused(folder, [str(m.pid)], "no HD Audio controller")
        m.as_before("after the refusal")
    with Machine(folder, "sleep:100") as m:
        refused(folder, ["--controller", "0000:00:1f.7", str(m.pid)], "no audio controller of that name",
                "0000:00:10.0")
        m.as_before("after the refusal")


@vm_test
def attach_paused(folder):
    """A guest that is paused when it is joined stays so; one that is paused meanwhile, too."""
    with Machine(folder) as m:
        m.wait_for_step("flood")
        m.qmp("stop")
        a = Attach(folder, [str(m.pid)], ["--quiet"]).wait_until_attached()
        check(not m.running(), "joining it let it go on")
        m.qmp("cont")
        a.wait_for_growth(20000)
        m.qmp("stop")
        time.sleep(0.3)
        a.stop().ended(EXACT)
        check(not m.running(), "leaving it let it go on")
        check(not m.traced(), "its trace is still on")
        verbs, xacts = a.verbs()
        check_stretch(verbs, 100)
        notes = [x.get("text", "") for x in xacts if x.get("kind") == "note"]
        check("the guest was paused" in notes and "the guest runs again" in notes, "notes: %s" % notes)


@vm_test
def attach_reset(folder):
    """The machine is reset while it is captured: the capture goes on with the new boot."""
    with Machine(folder, "bind,flood:2000,sleep:100") as m:
        m.wait_for_step("sleep")
        a = Attach(folder, [str(m.pid)], ["--quiet"]).wait_until_attached()
        m.qmp("system_reset")
        m.wait_for("the second boot", lambda: m.guest.console().count("guest: sleep") == 2)
        a.stop().ended(EXACT)
        m.as_before("after the reset")
        verbs, xacts = a.verbs()
        begin = next(i for i, x in enumerate(verbs) if x.get("verb", 0) >> 20 == 0x60)
        check(check_stretch(verbs[begin:], 2000) == 0, "the flood after the reset is not whole")
        check(any("reset" in x.get("text", "") for x in xacts), "the reset is not noted")


@vm_test
def attach_power_off(folder):
    """The guest switches itself off while it is captured; and QEMU is told to quit, or killed."""
    with Machine(folder, "bind,sleep:2,flood:20000,poweroff") as m:
        m.wait_for_step("sleep")
        a = Attach(folder, [str(m.pid)], ["--quiet"]).wait_until_attached()
        m.end()
        a.wait().ended(EXACT)
        say(a.sentence("guest has ended"))
        verbs, _ = a.verbs()
        flood = [x for x in verbs if x.get("verb", 0) >> 20 in (0x60, 2)]
        check(len(flood) >= 20000, "%d verbs of the flood" % len(flood))
    for how in ("quit", "kill"):
        with Machine(folder) as m:
            m.wait_for_step("flood")
            a = Attach(folder, [str(m.pid)], ["--quiet"]).wait_until_attached().wait_for_growth(20000)
            if how == "quit":
                m.qmp.file.write('{"execute": "quit"}\n')
                m.qmp.file.flush()
            else:
                m.proc.kill()
            a.wait().ended(EXACT, LOSSES)
            a.sentence("guest has ended")
            # what the pipe still held has lost the memory that it speaks of
            check_stretch([x for x in a.verbs()[0] if "verb" in x], 100, tail=64)


@vm_test
def attach_migrated(folder):
    """The guest is saved to a file (a migration) while it is captured: it is said, and left so."""
    with Machine(folder) as m:
        m.wait_for_step("flood")
        a = Attach(folder, [str(m.pid)], ["--quiet"]).wait_until_attached().wait_for_growth(20000)
        m.qmp("migrate", uri="exec:cat >/dev/null")
        m.wait_for("the migration", lambda: m.qmp("query-migrate").get("status") == "completed")
        a.stop().ended(EXACT, LOSSES)
        status = m.qmp("query-status")["status"]
        check(status == "postmigrate", "a guest that is elsewhere now was let go on: %s" % status)
        check(not m.traced(), "its trace is still on")
        check_stretch(a.verbs()[0], 100, tail=64)


@vm_test
def attach_fifo_folder(folder):
    """A folder for the FIFO that QEMU's user may not use; the guest is not touched."""
    if os.geteuid() != 0:
        raise Skip("a QEMU of another user can only be started by root")
    if not shutil.which("setpriv"):
        raise Missing("no setpriv (util-linux)")
    with tempfile.TemporaryDirectory() as files:
        os.chmod(files, 0o777)
        vm = rig.vm_folder()
        for f in ("vmlinux", "initrd"):
            shutil.copy(os.path.join(vm, f), files)
        with Machine(files, "bind,sleep:100", user=65534, vm=files) as m:
            m.wait_for_step("sleep")
            private = os.path.join(folder, "private")
            os.mkdir(private, 0o700)
            refused(folder, ["--fifo-dir", private, str(m.pid)], "cannot make a FIFO", "--fifo-dir")
            check(not os.listdir(private), "%s was left behind" % os.listdir(private))
            m.as_before("after the refusal")
            refused(folder, ["--fifo-dir", folder + "/nowhere", str(m.pid)], "nowhere", "No such file")
            os.chmod(private, 0o777)
            refused(folder, ["--fifo-dir", private, str(m.pid)], "others could replace files")
            # one that does
            os.chmod(private, 0o1777)
            a = Attach(folder, ["--fifo-dir", private, str(m.pid)], ["--quiet"]).wait_until_attached()
            check("hdadump-trace" in m.trace_file(), "QEMU's log goes to %s" % m.trace_file())
            check(not os.listdir(private), "the FIFO has still its name while attached")
            a.stop().ended(EXACT)
            m.as_before("after the capture")


@vm_test
def attach_log_kept(folder):
    """A QEMU whose log goes to a file (-D): what it holds is kept, and it goes there again."""
    log = os.path.join(folder, "qemu.log")
    with Machine(folder, "bind,sleep:100", extra=["-D", log, "-d", "guest_errors"]) as m:
        m.wait_for_step("sleep")
        m.qmp.hmp("trace-event qmp_enter_query_status on")
        m.running()
        m.qmp.hmp("trace-event qmp_enter_query_status off")
        a = Attach(folder, [str(m.pid)], ["--quiet"]).wait_until_attached()
        a.stop().ended(EXACT)
        say(a.sentence("before-hdadump"))
        m.as_before("after the capture")
        with open(log + ".before-hdadump") as f:
            check("query_status" in f.read(), "what the log held is lost")
        m.qmp.hmp("trace-event qmp_enter_query_status on")
        m.running()
        with open(log) as f:
            check("query_status" in f.read(), "the log does not go to its file any more")
        # what was kept is in the way: refused, and nothing of the log is lost
        refused(folder, [str(m.pid)], "before-hdadump", "exists")
        with open(log) as f:
            check("query_status" in f.read(), "the log was emptied by an attach that was refused")


@vm_test
def attach_all_killed(folder):
    """kill -9 of hdadump and of its guardian: the guest runs on, and the next one cleans up."""
    with Machine(folder) as m:
        m.wait_for_step("flood")
        a = Attach(folder, [str(m.pid)], ["--quiet"]).wait_until_attached().wait_for_growth(20000)
        with open("/proc/%d/task/%d/children" % (a.proc.pid, a.proc.pid)) as f:
            guardian = [int(p) for p in f.read().split()]
        check(len(guardian) == 1, "children of hdadump: %s" % guardian)
        os.kill(guardian[0], signal.SIGKILL)
        a.proc.kill()
        a.wait()
        check(m.traced(), "nobody is left, yet the trace is off")
        check(m.running(), "the guest does not run")
        b = Attach(folder, [str(m.pid)], ["--quiet"], out="next.hdad").wait_until_attached()
        say(b.sentence("that was killed"))
        b.wait_for_growth(20000).stop().ended(EXACT)
        m.as_before("after the next one")
        start = check_stretch(b.verbs()[0], 100)
        last = check_stretch(a.verbs()[0], 100, tail=64)
        check(start > last, "the guest did not go on without a reader")


@vm_test
def attach_hung(folder):
    """QEMU hangs while it is left: Ctrl-C again ends the waiting, and it is put right when it goes on."""
    with Machine(folder) as m:
        m.wait_for_step("flood")
        a = Attach(folder, [str(m.pid)], ["--quiet"]).wait_until_attached().wait_for_growth(20000)
        os.kill(m.pid, signal.SIGSTOP)
        a.proc.send_signal(signal.SIGINT)
        time.sleep(0.5)
        again = time.monotonic()
        a.stop().ended(ERROR)
        check(time.monotonic() - again < 20, "Ctrl-C again ended it after %.0f s" %
              (time.monotonic() - again))
        say(a.sentence("trace is on", "goes on trying", "'trace-event memory_region_ops_write off'",
                       '"execute":"trace-event-set-state"'))
        os.kill(m.pid, signal.SIGCONT)
        m.wait_for("the guardian's work", lambda: "undone" in a.stderr())
        m.as_before("when QEMU went on")
