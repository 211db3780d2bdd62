# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs of other suites than this machine's (vm/suite)."""

import os
import subprocess

import rig
from rig import check, say
from testlist import vm_test


def suite(*args, **more):
    return subprocess.run([rig.SUITE] + list(args), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, env=dict(os.environ, **more))


@vm_test
def other_suite(folder):
    """Debian 13's own shell runs here, twice fetched at once, by the tool and by its wrapper."""
    beside = os.path.join(folder, "suites")
    asked = ["nosuchsuite,trixie", "dash", "libc-bin"]
    two = [subprocess.Popen([rig.SUITE] + asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True, env=dict(os.environ, HDADUMP_SUITES=beside))
           for _ in range(2)]
    said = [p.communicate() for p in two]
    if all(p.returncode for p in two):
        raise rig.Missing("no other suite: " + said[0][1].strip())
    got = [out.strip() for out, _ in said]
    check(got[0] == got[1] and got[0].startswith(beside), "two at once: %s" % got)
    again = suite(*asked, HDADUMP_SUITES=beside, HDADUMP_SUITE_MIRROR="http://127.0.0.1:1/debian")
    check(again.stdout.strip() == got[0], "the second time: " + again.stderr)

    libc = "ldd --version | head -n 1"
    ours = subprocess.run(["sh", "-c", libc], capture_output=True, text=True).stdout
    # not one word of it is from this machine's /usr: head would be
    steps = "read -r a <%s; echo $$ $a; ldconfig --version" % os.path.join(folder, "word")
    with open(os.path.join(folder, "word"), "w") as f:
        f.write("outside\n")
    wrapper = suite("--wrap", got[0], "sh", os.path.join(folder, "sh")).stdout.strip()
    for how in ([rig.SUITE, "--exec", got[0], "sh"], [wrapper]):
        p = subprocess.Popen(how + ["-c", steps], stdout=subprocess.PIPE, text=True)
        said = p.communicate()[0].splitlines()
        check(said and said[0] == "%d outside" % p.pid, "%s: %s" % (how, said))
        check("GLIBC 2.41" in said[1], "whose C library is it? %s" % said)
    check(subprocess.run(["sh", "-c", libc], capture_output=True, text=True).stdout == ours,
          "this machine's /usr changed")
    say("trixie's %s; here: %s" % (said[1], ours.strip()))

    refused = suite("trixie", "no-such-package-of-anyone", HDADUMP_SUITES=beside)
    check(refused.returncode == 1 and not refused.stdout and
          "Unable to locate package no-such-package-of-anyone" in refused.stderr,
          "a package that is none: %s" % refused)
    away = suite("sid", "dash", HDADUMP_SUITES=beside,
                 HDADUMP_SUITE_MIRROR="http://127.0.0.1:1/debian")
    check(away.returncode == 1 and away.stderr.startswith("vm/suite: sid: E: "),
          "a mirror that is not there: %s" % away)
