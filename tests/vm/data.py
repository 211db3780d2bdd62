# SPDX-License-Identifier: GPL-2.0-or-later
"""Real passthrough, recorded: QEMU's trace logs of vfio-pci and the guests' own records."""

import os
import re

import compare
import groundtruth
import rig
from rig import EXACT, LOSSES, check, say, show
from testlist import data_test

ACCESS = re.compile(
    r"^(?:\d+@(?P<time>\d+\.\d+):)?vfio_region_(?P<what>read|write)\s+"
    r"\((?P<dev>[^()]*?):region0\+0x(?P<at>[0-9a-f]+), (?:0x(?P<val>[0-9a-f]+), )?(?P<width>\d+)\)")

GCTL, CORBWP, CORBRP, ICIS = 0x08, 0x48, 0x4a, 0x68


def runs():
    top = rig.data("vfio-nested")
    return [os.path.join(top, d) for d in sorted(os.listdir(top))
            if os.path.exists(os.path.join(top, d, "trace.log"))]


def read(path):
    with open(path, errors="replace") as f:
        return f.read()


def count(log):
    """Verbs that a trace log announces, counted from its lines alone: (CORB, immediate)."""
    corb = immediate = last = 0
    for line in log.splitlines():
        m = ACCESS.match(line)
        if not m or m["what"] != "write":
            continue
        at, val = int(m["at"], 16), int(m["val"], 16)
        if at == GCTL and not val & 1 or at == CORBRP and val & 0x8000:
            last = 0
        elif at == CORBWP:
            corb += (val - last) % 256
            last = val % 256
        elif at == ICIS and val & 1:
            immediate += 1
    return corb, immediate


@data_test
def trace_announcements(folder):
    """Every advance of CORBWP in the logs is a verb, and the guest recorded as many but the probes."""
    for run in runs():
        name = os.path.basename(run)
        corb, immediate = count(read(os.path.join(run, "trace.log")))
        xacts, status, err = show(os.path.join(run, "trace.log"))
        check(status == (LOSSES if corb else EXACT), "%s: show ended with %d: %s" % (name, status, err))
        kinds = [x["kind"] for x in xacts]
        got = kinds.count("corb"), kinds.count("immediate")
        check(got == (corb, immediate), "%s: %s CORB and immediate verbs, the log announces %s" %
              (name, got, (corb, immediate)))
        check(all(x["certainty"] == "lost" and "verb" not in x for x in xacts if x["kind"] == "corb"),
              "%s: a word is claimed that no trace log holds" % name)
        recorded = groundtruth.Record(read(os.path.join(run, "ftrace.txt"))).verbs
        codecs = len({(v.dev, v.cad) for v in recorded})
        resets = kinds.count("reset")
        probes = corb + immediate - len(recorded)
        check(probes == codecs * resets, "%s: %d verbs announced, %d recorded, but %d codecs and %d "
              "binds" % (name, corb + immediate, len(recorded), codecs, resets))
        say("%-11s %4d verbs = %4d recorded + %d probes" %
            (name, corb + immediate, len(recorded), probes))


@data_test
def trace_single(folder):
    """Immediate commands need no guest memory: the log alone gives the verbs and their responses."""
    run = rig.data("vfio-nested/v_single")
    xacts, status, err = show(os.path.join(run, "trace.log"))
    check(status == EXACT, "show ended with %d: %s" % (status, err))
    compare.with_record(xacts, groundtruth.Record(read(os.path.join(run, "ftrace.txt"))))


@data_test
def trace_times(folder):
    """The log's own times are used."""
    run = rig.data("vfio-nested/nest3")
    lines = read(os.path.join(run, "trace.log")).splitlines()
    xacts, _, _ = show(os.path.join(run, "trace.log"), "--time", "absolute")
    verbs = [x for x in xacts if x["kind"] == "corb"]
    for x in verbs:
        m = ACCESS.match(lines[x["line"] - 1])
        check(m and m["what"] == "write" and int(m["at"], 16) == CORBWP,
              "line %d is no write of CORBWP: %s" % (x["line"], lines[x["line"] - 1]))
        check(abs(x["time"] - float(m["time"])) < 1e-6, "verb %d is at %s, line %d at %s" %
              (x["n"], x["time"], x["line"], m["time"]))
    say("%d verbs, each at its line's time" % len(verbs))
