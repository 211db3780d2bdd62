# SPDX-License-Identifier: GPL-2.0-or-later
"""A controller driven as no Linux driver does, and by guests that mean ill.

The guest's own program (vm/guest/mmio.c) is the record here: it says what it
sent and what it saw in answer.
"""

import compare
from rig import EXACT, LOSSES, Guest, Run, check, say
from testlist import vm_test


def drive(folder, case, status=EXACT, options=(), **guest):
    g = Guest(folder, "mmio:%s,poweroff" % case, **guest)
    r = Run(g, options).wait().ended(*((status,) if isinstance(status, int) else status))
    xacts, shown, err = r.show()
    check(shown == r.status, "show ended with %d, run with %d: %s" % (shown, r.status, err))
    wrong = [n for n in g.record().notes if n.startswith("wrong")]
    check(not wrong, "the guest itself saw " + "; ".join(wrong[:3]))
    return r, g, xacts


def xacts_of_verbs(xacts):
    return [x for x in xacts if x.get("kind") in compare.VERB_KINDS]


def exact(folder, case, **guest):
    """Everything the guest sent, and nothing else."""
    r, g, xacts = drive(folder, case, **guest)
    compare.with_record(xacts, g.record())
    return r, g, xacts


@vm_test
def mmio_batches(folder):
    """Several verbs in one CORBWP write, up to 254, over many laps."""
    exact(folder, "batches")


@vm_test
def mmio_crowded(folder):
    """Batches that reach into the slots of the one before: only those words may be suspect."""
    r, g, xacts = drive(folder, "crowded", (EXACT, LOSSES))
    compare.with_record(xacts, g.record(), certainty=None)
    batches = [int(n.split()[1]) for n in g.record().notes if n.startswith("batch ")]
    may = set()
    first = 0
    for this, following in zip(batches, batches[1:] + [0]):
        may |= set(range(first, first + max(0, this + following - 256)))
        first += this
    suspect = {n for n, x in enumerate(xacts_of_verbs(xacts)) if x["certainty"] != "exact"}
    say("%d of %d words are suspect, %d had reason to be" % (len(suspect), first, len(may)))
    check(suspect <= may, "words %s are suspect without reason" % sorted(suspect - may)[:20])


@vm_test
def mmio_batches_strict(folder):
    """The same with --strict."""
    r, g, xacts = drive(folder, "batches", options=["--strict"])
    compare.with_record(xacts, g.record())


@vm_test
def mmio_slow(folder):
    """The device fetches the words one by one, long after they were announced."""
    exact(folder, "slow")


@vm_test
def mmio_widths(folder):
    """CORBWP written as a byte and as a dword that covers CORBRP, RIRBWP read as 8 and 32 bits."""
    exact(folder, "widths")


@vm_test
def mmio_bases(folder):
    """Bases written as 2x32 bits in either order and as 64, and moved."""
    exact(folder, "bases")


@vm_test
def mmio_above_4g(folder):
    """Rings above 4 GiB."""
    _, g, _ = exact(folder, "bases", machine="q35,max-ram-below-4g=192M", memory=512)
    rings = [n for n in g.record().notes if n.startswith("rings")][0]
    where = [int(w.partition("=")[2], 16) for w in rings.split()[1:]]
    check(min(where) >= 1 << 32, "the guest got no memory above 4 GiB: " + rings)


@vm_test
def mmio_one_page(folder):
    """Both rings in one page, at several places in it."""
    exact(folder, "one_page")


@vm_test
def mmio_unaligned(folder):
    """Bases with low bits set, which the hardware ignores."""
    exact(folder, "unaligned")


@vm_test
def mmio_immediate(folder):
    """Immediate commands between CORB verbs."""
    exact(folder, "immediate")


@vm_test
def mmio_stopped(folder):
    """Words announced while the CORB stands still."""
    exact(folder, "stopped")


@vm_test
def mmio_resize(folder):
    """Ring sizes written while the ring runs; the device keeps its own and says so."""
    exact(folder, "resize")


@vm_test
def mmio_resets(folder):
    """Controller resets with verbs after them."""
    exact(folder, "resets")


@vm_test
def mmio_nobody(folder):
    """Broadcast, and verbs to a codec that is not there: unanswered, and nothing else is."""
    r, g, xacts = drive(folder, "nobody")
    compare.with_record(xacts, g.record())
    check(r.summary().number("unanswered") == 2, "the summary:\n" + r.stderr())


@vm_test
def mmio_escapes(folder):
    """Words that are terminal escapes and monitor commands stay words."""
    r, g, xacts = drive(folder, "escapes")
    compare.with_record(xacts, g.record())
    for text in (r.stdout(), r.stderr()):
        check(not set(text) & set("\033\007\x9b\ufffd"), "an escape got through: %r" % text[-300:])


@vm_test
def mmio_outside(folder):
    """A CORB where there is no memory: counted as lost, said why, and the rest is whole."""
    r, g, xacts = drive(folder, "outside", LOSSES)
    lost = [x for x in xacts if x.get("kind") in compare.VERB_KINDS and "verb" not in x]
    check(len(lost) == 10, "%d verbs without a word, 10 were sent" % len(lost))
    check(all(x["certainty"] == "lost" for x in lost), "they are not called lost")
    compare.with_record([x for x in xacts if x not in lost], g.record())
    check("700000000" in r.stdout() + r.stderr(), "the address is not named")


@vm_test
def mmio_nonsense(folder):
    """30,000 accesses of any kind anywhere: no crash, and what follows is whole."""
    r, g, xacts = drive(folder, "nonsense", (EXACT, LOSSES))
    recorded = g.record().verbs
    captured = compare.verbs_of(xacts)
    tail = [v for own in captured.values() for v in own][-len(recorded):]
    check([x["verb"] for x in tail] == [v.word for v in recorded], "the last %d verbs differ"
          % len(recorded))
    check([x.get("response") for x in tail] == [v.response for v in recorded],
          "the last responses differ")
    check(all(x["certainty"] == "exact" for x in tail), "the last verbs are not all exact")
    say("%d xacts of nonsense before them" % (len(xacts) - len(recorded)))
