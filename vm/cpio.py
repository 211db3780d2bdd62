# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes an initrd."""

import os
import stat


class Cpio:
    """A newc archive, as the kernel unpacks it; folders are made as they are needed."""

    def __init__(self, out):
        self.out = out
        self.ino = 0
        self.names = {""}

    def entry(self, name, mode, data=b"", rdev=(0, 0)):
        self.names.add(name)
        self.ino += 1
        head = "070701" + "".join("%08X" % n for n in (
            self.ino, mode, 0, 0, 1, 0, len(data), 0, 0, rdev[0], rdev[1], len(name) + 1, 0))
        for part in (head.encode() + name.encode() + b"\0", data):
            self.out.write(part)
            self.out.write(b"\0" * (-len(part) % 4))

    def folder(self, name):
        if name not in self.names:
            self.folder(os.path.dirname(name))
            self.entry(name, stat.S_IFDIR | 0o755)

    def file(self, name, data, mode=0o755):
        self.folder(os.path.dirname(name))
        self.entry(name, stat.S_IFREG | mode, data)

    def copy(self, path, name=None):
        """The file at @path, links followed; under its own name or @name, once."""
        name = (name or path).lstrip("/")
        if name not in self.names:
            with open(path, "rb") as f:
                self.file(name, f.read(), stat.S_IMODE(os.stat(path).st_mode))

    def link(self, name, target):
        self.folder(os.path.dirname(name))
        self.entry(name, stat.S_IFLNK | 0o777, target.encode())

    def device(self, name, major, minor):
        self.folder(os.path.dirname(name))
        self.entry(name, stat.S_IFCHR | 0o600, b"", (major, minor))

    def end(self):
        self.entry("TRAILER!!!", 0)
