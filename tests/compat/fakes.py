# SPDX-License-Identifier: GPL-2.0-or-later
"""A guest and monitors that are played: the trace they write, the memory they save."""
import json
import os
import re
import socket
import struct
import threading
import tty

CORB, RIRB = 0x10000, 0x10800


# --- a guest -----------------------------------------------------------------------------


class Guest:
    """Sends verbs 0x00100001, 0x00100002, ...; response N to verb N."""

    def __init__(self, corb=CORB, rirb=RIRB, line="vfio_region_write  (0000:00:1f.3:region0+0x%x, 0x%x, %d)"):
        self.memory = bytearray(0x40000)
        self.corb, self.rirb, self.line = corb, rirb, line
        self.n = 0
        self.sent = []

    def write(self, at, value, size):
        return self.line % (at, value, size) + "\n"

    def read(self, at, size, value):
        return self.line.replace("write", "read").replace(", 0x%x, %d)", ", %d) = 0x%x") % (at, size, value) + "\n"

    def set_up(self):
        out = self.read(0, 2, 0x4401) + self.write(8, 0, 4) + self.write(8, 1, 4)
        for base, at in ((self.corb, 0x40), (self.rirb, 0x50)):
            out += self.write(at, base & 0xffffffff, 4) + self.write(at + 4, base >> 32, 4)
        out += self.write(0x48, 0, 2) + self.write(0x4a, 0x8000, 2) + self.write(0x4a, 0, 2)
        out += self.write(0x4c, 2, 1) + self.write(0x58, 0x8000, 2) + self.write(0x5c, 2, 1)
        self.slot = 0
        return out

    def verbs(self, count=1):
        for _ in range(count):
            self.n += 1
            self.slot = (self.slot + 1) % 256
            word = 0x00100000 + self.n
            self.sent.append(word)
            struct.pack_into("<I", self.memory, self.corb + 4 * self.slot, word)
            struct.pack_into("<II", self.memory, self.rirb + 8 * self.slot, self.n, 0)
        return self.write(0x48, self.slot, 2) + self.read(0x58, 2, self.slot)

    def dump(self, addr, size):
        return bytes(self.memory[addr:addr + size])


# --- monitors ------------------------------------------------------------------------------


class Fake:
    """What all monitors do; the lines they were given are kept."""

    def __init__(self, guest, folder):
        self.guest, self.folder, self.lines = guest, folder, []
        self.done = 0   # saves
        self.laps = 0   # of these, halves of laps
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def command(self, line):
        self.lines.append(line)
        m = re.fullmatch(r'pmemsave (0x[0-9a-f]+) (0x[0-9a-f]+) "?(.*?)"?', line)
        if m:
            self.save(int(m[1], 16), int(m[2], 16), m[3])

    def save(self, addr, size, name):
        with open(os.path.join(self.folder, name), "wb") as f:
            f.write(self.guest.dump(addr, size))
        self.laps += os.path.basename(name).startswith(("half", "frame"))
        self.done += 1


class Terminal(Fake):
    """A pty that only this script uses."""

    def __init__(self, guest, folder, deaf=False):
        super().__init__(guest, folder)
        self.master, slave = os.openpty()
        self.where = os.ttyname(slave)
        self.slave, self.deaf = slave, deaf
        # QEMU's monitor reads key by key and echoes by itself
        tty.setraw(slave)
        self.thread.start()

    def serve(self):
        text = b""
        while True:
            try:
                # what is typed (TIOCSTI) arrives at the terminal's reader, not at the master
                text += os.read(self.slave, 1000)
            except OSError:
                return
            while b"\n" in text:
                line, text = text.split(b"\n", 1)
                if self.deaf:
                    self.lines.append(line.decode())
                else:
                    self.command(line.decode())


class Socket(Fake):
    def __init__(self, guest, folder, complaint=None):
        super().__init__(guest, folder)
        self.complaint = complaint
        self.path = os.path.join(folder, "socket")
        self.where = "unix:" + self.path
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(1)
        self.thread.start()

    def serve(self):
        self.conn, _ = self.listener.accept()
        self.talk(self.conn.makefile("rwb", buffering=0))


class Hmp(Socket):
    def talk(self, f):
        f.write(b"QEMU 7.2.0 monitor - type 'help' for more information\r\n(qemu) ")
        for line in f:
            text = line.decode().rstrip("\n")
            f.write(b"".join(b"%c\033[K" % c for c in line[:-1]) + b"\r\n")
            if self.complaint:
                self.lines.append(text)
                f.write(self.complaint.encode() + b"\r\n")
            else:
                self.command(text)
            f.write(b"(qemu) ")


class Qmp(Socket):
    def talk(self, f):
        f.write(b'{"QMP": {"version": {"qemu": {"major": 7, "minor": 2, "micro": 0}}, "capabilities": []}}\r\n')
        for line in f:
            q = json.loads(line)
            answer = {"return": {}, "id": q.get("id")}
            if q["execute"] == "pmemsave":
                a = q["arguments"]
                self.lines.append("pmemsave 0x%x 0x%x %s" % (a["val"], a["size"], a["filename"]))
                if self.complaint:
                    answer = {"error": {"class": "GenericError", "desc": self.complaint}, "id": q.get("id")}
                else:
                    self.save(a["val"], a["size"], a["filename"])
            elif q["execute"] != "qmp_capabilities":
                answer = {"error": {"class": "CommandNotFound", "desc": "no such command"}, "id": q.get("id")}
            f.write(json.dumps(answer).encode() + b"\r\n")
