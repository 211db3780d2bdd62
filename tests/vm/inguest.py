# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs, files and scripts inside the demo guest: a second archive after its initrd."""

import io
import os
import sys

import rig
from rig import Fail, check

sys.path.insert(0, os.path.join(rig.SOURCE, "vm"))
import host  # noqa: E402
from cpio import Cpio  # noqa: E402

HDA_VERB = "root/usr/bin/hda-verb"	# of alsa-tools, in the guest's build folder


def put(guest, scripts=(), files=(), programs=()):
    """@scripts and @files: {name: text or bytes}; @programs: {path in the guest: path here}."""
    archive = io.BytesIO()
    c = Cpio(archive)
    for name, text in dict(scripts).items():
        c.file("run/" + name, text.encode(), 0o755)
    for name, data in dict(files).items():
        c.file(name, data if isinstance(data, bytes) else data.encode(), 0o644)
    for name, path in dict(programs).items():
        check(os.access(path, os.X_OK), "no program %s" % path)
        c.copy(path, name)
        for library in host.libraries(path):
            c.copy(library)
    c.end()
    # the guest's root is half of its memory, and the archive itself is in there while it is unpacked
    memory = guest.args.index("-m") + 1
    guest.args[memory] = str(int(guest.args[memory]) + 3 * (archive.tell() >> 20))
    at = guest.args.index("-initrd") + 1
    initrd = os.path.join(guest.folder, "initrd")
    with open(guest.args[at], "rb") as f, open(initrd, "wb") as out:
        data = f.read()
        out.write(data + b"\0" * (-len(data) % 512))
        out.write(archive.getvalue())
    guest.args[at] = initrd


def hda_verb():
    return os.path.join(rig.vm_folder(), HDA_VERB)


def said(record):
    """What each script said, and its exit status: {name: (status, text)}."""
    out, name = {}, None
    for note in record.notes:
        words = note.split(" ", 2)
        if words[0] == "ran":
            name = words[1]
            out[name] = (int(words[2]), "")
        elif words[0] == "said" and name:
            out[name] = (out[name][0], out[name][1] + note[len("said "):] + "\n")
    return out


def ran(record, name, status=0):
    """The words of a script that ended with @status."""
    all_said = said(record)
    check(name in all_said, "the guest did not run %s" % name)
    got, text = all_said[name]
    if got != status:
        raise Fail("%s ended with %d, expected %d:\n%s" % (name, got, status, text))
    return text
