# SPDX-License-Identifier: GPL-2.0-or-later
"""A capture held against the guest kernel's own record, verb by verb, in order.

The differences allowed, each named when it was used:

  probe      the capture holds one `0xN00f0000` more per codec and bind: the
             controller driver's probe writes the CORB without passing the
             place of the tracepoints.  It is the first verb after a bind.
  set        the record has no response for a verb whose caller wanted none;
             the capture has it, since the codec answered.
  late       only where a test says that its route is slow: a verb that was sent
             while the guest went down is suspect.  Behind the last of them the
             driver stops the ring at once, and memory is read a moment after
             that; a capture has to say so.
"""

from rig import Fail, say

PROBE = 0x000f0000
VERB_KINDS = ("corb", "immediate", "broadcast")


def is_probe(x):
    return x["verb"] & 0x0fffffff == PROBE


def verbs_of(xacts):
    """{controller: its verbs in order}, controllers in order of appearance."""
    out = {}
    for x in xacts:
        if x.get("kind") in VERB_KINDS:
            out.setdefault(x.get("ctrl", ""), []).append(x)
    return out


def show_xact(x):
    r = x.get("response")
    return "%08x -> %s (%s)" % (x["verb"], "-" if r is None else "%08x" % r, x.get("certainty"))


def differ(why, captured, i, recorded, j):
    lines = [why, "    captured, from %d:" % i]
    lines += ["      " + show_xact(x) for x in captured[max(0, i - 3):i + 4]]
    lines += ["    recorded, from %d:" % j]
    lines += ["      %r" % v for v in recorded[max(0, j - 3):j + 4]]
    raise Fail("\n".join(lines))


def controller(name, captured, recorded, certainty, used, slow=False):
    """Compares one controller's verbs; counts the allowed differences in @used."""
    i = j = 0
    while j < len(recorded):
        bind = recorded[j].bind
        end = j
        while end < len(recorded) and recorded[end].bind == bind:
            end += 1
        # the probe comes before everything that the kernel recorded of this bind
        probes = i
        while probes < len(captured) and is_probe(captured[probes]):
            probes += 1
        own = j
        while own < end and recorded[own].word & 0x0fffffff == PROBE:
            own += 1
        extra = captured[i:i + max(0, (probes - i) - (own - j))]
        cads = [x["cad"] for x in extra]
        if len(set(cads)) != len(cads):
            differ("%s: more than one probe of a codec in bind %d" % (name, bind), captured, i,
                   recorded, j)
        for x in extra:
            used.setdefault("probe", []).append(
                "0x%08x on %s codec %d, bind %d" % (x["verb"], name, x["cad"], bind))
            identity = [v.response for v in recorded[j:end] if v.word == x["verb"]]
            if identity and x.get("response") != identity[0]:
                differ("%s: the probe's response is not the codec's identity" % name, captured, i,
                       recorded, j)
            i += 1
        for j in range(j, end):
            if i >= len(captured):
                differ("%s: the capture ends %d verbs early" % (name, len(recorded) - j),
                       captured, i, recorded, j)
            x, v = captured[i], recorded[j]
            if x["verb"] != v.word or x["cad"] != v.cad:
                differ("%s: verb %d differs" % (name, i), captured, i, recorded, j)
            if v.kind and x["kind"] != v.kind:
                differ("%s: verb %d is not %s" % (name, i, v.kind), captured, i, recorded, j)
            if v.unanswered:
                if "response" in x or x.get("certainty") not in ("unanswered", "exact"):
                    differ("%s: verb %d had no answer" % (name, i), captured, i, recorded, j)
                if x["kind"] != "broadcast" and x.get("certainty") != "unanswered":
                    differ("%s: verb %d is not unanswered" % (name, i), captured, i, recorded, j)
                i += 1
                continue
            if v.response is None:
                used.setdefault("set", []).append("0x%08x" % v.word)
            elif x.get("response") != v.response:
                differ("%s: the response to verb %d differs" % (name, i), captured, i, recorded, j)
            if slow and v.going_down and x.get("certainty") == "suspect":
                used.setdefault("late", []).append("0x%08x" % v.word)
            elif certainty and x.get("certainty") != certainty:
                differ("%s: verb %d is not %s" % (name, i, certainty), captured, i, recorded, j)
            i += 1
        j = end
    if i < len(captured):
        differ("%s: %d verbs captured that the kernel did not record" % (name, len(captured) - i),
               captured, i, recorded, j)


def with_record(xacts, record, certainty="exact", slow=False):
    """Compares a whole capture; says what was equal and what was allowed."""
    groups = verbs_of(xacts)
    devices = list(dict.fromkeys(v.dev for v in record.verbs))
    if len(groups) != len(devices):
        raise Fail("verbs of %d controllers captured (%s), of %d recorded (%s)" %
                   (len(groups), ", ".join(groups), len(devices), ", ".join(devices)))
    # by name where the guest has the same one, else (passed through) in order of appearance
    if set(groups) == set(devices):
        devices = list(groups)
    used, total, down = {}, 0, 0
    for (name, captured), dev in zip(groups.items(), devices):
        recorded = [v for v in record.verbs if v.dev == dev]
        controller(name or dev, captured, recorded, certainty, used, slow)
        total += len(captured)
        down += sum(v.going_down for v in recorded)
        say("%s is the guest's %s: %d verbs in order, as the guest recorded them (%d codecs, %d binds)"
            % (name or "the controller", dev, len(captured), len({x["cad"] for x in captured}),
               len({v.bind for v in recorded})))
    if down:
        say("of these, %d were sent while the guest went down" % down)
    for text in used.get("probe", []):
        say("allowed: one more %s (the probe passes no tracepoint)" % text)
    if "set" in used:
        say("allowed: %d responses captured that the kernel did not ask for" % len(used["set"]))
    if "late" in used:
        say("allowed: %d suspect verbs, sent while the guest went down" % len(used["late"]))
    return total


def same_verbs(first_name, first, second_name, second):
    """Two captures of one guest: the same verbs, answers and certainties in the same order."""
    def all_of(xacts):
        return {ctrl: [(x["kind"], x["cad"], x.get("verb"), x.get("response"), x["certainty"])
                       for x in verbs] for ctrl, verbs in verbs_of(xacts).items()}

    a, b = all_of(first), all_of(second)
    if set(a) != set(b):
        raise Fail("%s saw %s, %s saw %s" % (first_name, sorted(a), second_name, sorted(b)))
    for ctrl in a:
        for n, (x, y) in enumerate(zip(a[ctrl], b[ctrl])):
            if x != y:
                raise Fail("%s: verb %d: by %s %s, by %s %s" % (ctrl, n, first_name, x, second_name, y))
        if len(a[ctrl]) != len(b[ctrl]):
            raise Fail("%s: %d verbs by %s, %d by %s" % (ctrl, len(a[ctrl]), first_name,
                                                         len(b[ctrl]), second_name))
    say("%s and %s agree in all of it" % (first_name, second_name))


def stretch(captured, own):
    """Where the captured verbs, with their answers, stand in a device's own, without a hole."""
    def pairs(verbs):
        return [(x["kind"], x["verb"], x.get("response")) for x in verbs]

    part, whole = pairs(captured), pairs(own)
    if not part:
        raise Fail("nothing was captured")
    for i in range(len(whole) - len(part) + 1):
        if whole[i:i + len(part)] == part:
            return i
    raise Fail("the %d verbs captured, from %s to %s, are no stretch of the device's %d" % (
        len(part), show_xact(captured[0]), show_xact(captured[-1]), len(whole)))


def with_device(xacts, device, names):
    """Compares a capture with what the devices themselves print: everything, without exceptions.

    @names: {the controller's name in the capture: its name in the device's record}
    """
    captured, own = verbs_of(xacts), verbs_of(device)
    for name, theirs in names.items():
        a, b = captured.get(name, []), own.get(theirs, [])
        for n, (x, y) in enumerate(zip(a, b)):
            for key in ("kind", "cad", "verb", "response"):
                if x.get(key) != y.get(key):
                    raise Fail("%s: verb %d: captured %s %s, the device had %s %s" % (
                        name, n, x["kind"], show_xact(x), y["kind"], show_xact(y)))
        if len(a) != len(b):
            raise Fail("%s: %d verbs captured, the device had %d; the first of the rest: %s" % (
                name, len(a), len(b), show_xact((a if len(a) > len(b) else b)[min(len(a), len(b))])))
        say("%s: the device itself had the same %d verbs and answers" % (name, len(a)))
    strange = set(captured) - set(names)
    if strange:
        raise Fail("verbs captured of " + ", ".join(sorted(strange)))
