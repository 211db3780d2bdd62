# SPDX-License-Identifier: GPL-2.0-or-later
"""What the guest's kernel says it sent: its hda tracepoints, read and ordered.

Both ages of the events are read (kernel 4.1 and later name the PCI device,
older ones the card):

    hda_send_cmd: [0000:00:1b.0:0] val=0x000f0000      hda_send_cmd: [0:0] val=f0000
    hda_get_response: [0000:00:1b.0:0] val=0x1af40022  hda_get_response: [0:0] val=1af40022
    hda_unsol_event: [0000:00:1b.0:0] res=0x.., res_ex=0x..   hda_unsol_event: [0] res=.., res_ex=..

A demo guest's record has two parts, made one here: trace_pipe's lines from the
virtio serial port, with lines of vm/guest/init that begin with @@, and the
console, onto which the kernel printed the events of its way down.
"""

import re
import sys

# The device name holds colons: the codec's address stands after the last one.
EVENT = re.compile(
    r"(?:^|\s)(?P<time>\d+\.\d{6})[:\]] (?:hda:)?(?P<what>hda_send_cmd|hda_get_response|hda_unsol_event): "
    r"\[(?P<dev>[^\]]*?)(?::(?P<cad>\d+))?\] "
    r"(?:val|res)=(?:0x)?(?P<val>[0-9a-f]+)(?:, res_ex=(?:0x)?(?P<ex>[0-9a-f]+))?")
DOWN = re.compile(r"^guest: (reboot|poweroff)\s*$")
GOING_DOWN = re.compile(r"^guest: going down\s*$")


class Event:
    __slots__ = ("what", "dev", "cad", "val", "ex", "time")

    def __init__(self, what, dev="", cad=0, val=0, ex=0, time=0.0):
        self.what, self.dev, self.cad, self.val, self.ex, self.time = what, dev, cad, val, ex, time

    def __repr__(self):
        return "%s[%s:%d] %08x" % (self.what, self.dev, self.cad, self.val)


class Verb:
    """A verb the guest sent, and the response it recorded (None: it recorded none)."""
    __slots__ = ("dev", "cad", "word", "response", "bind", "going_down", "kind", "unanswered")

    def __init__(self, dev, cad, word, bind, going_down=False):
        self.dev, self.cad, self.word = dev, cad, word
        self.response, self.bind, self.going_down = None, bind, going_down
        self.kind, self.unanswered = None, False

    def __repr__(self):
        return "%08x -> %s" % (self.word, "-" if self.response is None else "%08x" % self.response)


def event(line):
    """The event in a line of ftrace, or None."""
    if "hda_" not in line:
        return None
    m = EVENT.search(line)
    if not m:
        return None
    what = {"hda_send_cmd": "send", "hda_get_response": "response", "hda_unsol_event": "unsol"}
    val = int(m["val"], 16)
    ex = int(m["ex"] or "0", 16)
    if m["cad"] is not None:
        cad = int(m["cad"])
    else:
        cad = ex & 15  # the old unsolicited event names no codec
    return Event(what[m["what"]], m["dev"], cad, val, ex, float(m["time"]))


def events(text):
    return [e for e in map(event, text.splitlines()) if e]


class Record:
    """One guest's life.

    verbs    every Verb in the order it was sent, over all boots
    unsol    unsolicited responses
    proc     {"card0/codec#0": text} as last seen
    floods   what `verbs` said of each flood: {"verbs": 100000, "rate": 65285.0, ...}
    notes    all other lines of ours
    lost     events the kernel's buffer had no room for
    """

    def __init__(self, record, console=""):
        self.verbs, self.unsol, self.proc, self.floods, self.notes = [], [], {}, [], []
        self.lost = 0
        downs = self._downs(console)
        bind, boot, part, proc = 0, -1, [], None
        life = []  # (events, bind number, going down)

        def close(down):
            nonlocal part
            life.append((part, bind, False))
            if down:
                life.append((downs[boot] if 0 <= boot < len(downs) else [], bind, True))
            part = []

        for line in record.splitlines():
            if line.startswith("@@"):
                words = line[2:].split()
                key = words[0] if words else ""
                if key == "proc":
                    proc = words[1]
                    self.proc[proc] = ""
                    continue
                if key == "end":
                    proc = None
                    continue
                if key == "boot":
                    boot += 1
                elif key == "step" and words[1] == "bind":
                    close(False)
                    bind += 1
                elif key in ("reboot", "poweroff"):
                    close(True)
                elif key == "flood":
                    self.floods.append({k: float(v) for k, v in
                                        (w.split("=") for w in words[1:])})
                elif key == "mmio":
                    self._by_hand(words[1:], bind)
                    continue
                elif key == "overrun:":
                    self.lost = max(self.lost, sum(int(n) for n in re.findall(r": (\d+)", line)))
                self.notes.append(line[2:].strip())
            elif proc is not None:
                self.proc[proc] += line + "\n"
            else:
                e = event(line)
                if e:
                    part.append(e)
        close(False)
        self.boots = boot + 1
        self.binds = bind
        for part, bind, down in life:
            self._pair(part, bind, down)

    @staticmethod
    def _downs(console):
        """The events printed on the console, a list for each way down."""
        downs = []
        for line in console.splitlines():
            if DOWN.match(line):
                downs.append([])
            elif downs and GOING_DOWN.match(line):
                downs[-1].clear()  # what was printed before is in the record
            elif downs:
                e = event(line)
                if e:
                    downs[-1].append(e)
        return downs

    def _by_hand(self, words, bind):
        """What the guest's mmio program sent without a driver, and saw in answer."""
        dev, kind, word, response = words
        v = Verb(dev, int(word, 16) >> 28, int(word, 16), bind)
        v.kind = kind
        v.unanswered = response == "-"
        if not v.unanswered:
            v.response = int(response, 16)
        self.verbs.append(v)

    def _pair(self, part, bind, down):
        last = {}
        for e in part:
            if e.what == "send":
                v = Verb(e.dev, e.cad, e.val, bind, down)
                last[e.dev, e.cad] = v
                self.verbs.append(v)
            elif e.what == "response":
                # only the last verb's answer is read
                if (e.dev, e.cad) in last:
                    last[e.dev, e.cad].response = e.val
            else:
                self.unsol.append(e)

    def devices(self):
        return sorted({v.dev for v in self.verbs})


def main():
    for path in sys.argv[1:]:
        with open(path, errors="replace") as f:
            r = Record(f.read())
        print("%s: %d verbs, %d with a response, %d unsolicited, %d lost, devices %s" % (
            path, len(r.verbs), sum(v.response is not None for v in r.verbs), len(r.unsol),
            r.lost, " ".join(r.devices()) or "none"))


if __name__ == "__main__":
    main()
