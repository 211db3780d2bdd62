# SPDX-License-Identifier: GPL-2.0-or-later
"""A third of the tests with guests once more, on the newest QEMU that Debian has (vm/newest)."""

import functools
import os
import re

import rig
from rig import check
from testlist import TESTS

# Of everything that hdadump asks of a QEMU, some: the trace by a pipe and by packets, each kind of
# controller and ring, memory by process and by monitor; joining and leaving by pid, by QMP, by
# libvirt; marks; the three programs on each of their monitors; guests and QEMUs that end badly.
CHOSEN = """
    plain live_is_file two_codecs two_controllers single_cmd reboot no_reboot strict monitor_memory
    ring_above_4g i440fx late_controller by_script
    attach_cycles attach_killed attach_libvirt attach_paused attach_no_controller attach_log_kept
    attach_migrated attach_reset marks_attached attach_imitator attach_ladder
    attach_descriptor attach_proxy
    compat_terminal compat_rebind compat_reboot
    interrupt_term killed_hdadump killed_qemu refused_option no_controller terminal behind_iommu
    bpf_under_tcg
""".split()

# What QEMU says of an option or a command that one of its next releases will not have.
OUTDATED = re.compile(r"warning: .*\bdeprecated\b|\bdisabled by policy\b")


def check_files(folder):
    """Nothing that this QEMU has kept in @folder warns of our ways."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if not os.path.isfile(path) or os.path.getsize(path) > 1 << 20:
            continue
        with open(path, errors="replace") as f:
            for line in f:
                check(not OUTDATED.search(line), "QEMU says in %s: %s" % (name, line.strip()))


def on_newest(function):
    @functools.wraps(function)
    def test(folder):
        ours, outdated = rig.QEMU, rig.OUTDATED
        rig.QEMU, version = rig.newest_qemu()
        # a command of its monitor's that is deprecated is refused
        rig.OUTDATED = ["-compat", "deprecated-input=reject,deprecated-output=hide"]
        rig.say(version)
        try:
            function(folder)
        finally:
            rig.QEMU, rig.OUTDATED = ours, outdated
        check_files(folder)
    return test


for chosen in CHOSEN:
    TESTS[chosen + "@newest"] = ("newest", on_newest(TESTS[chosen][1]))
