# SPDX-License-Identifier: GPL-2.0-or-later
"""The guest's known sequence of verbs: vm/guest/sequence.h, written once more."""


def word(cad, i):
    if i % 2 == 0:
        nid, verb = 0x60 + (i >> 20), i & 0xfffff
    elif i % 4 == 1:
        nid, verb = 2, 0x3b000 | i // 4 % 75
    else:
        nid, verb = 2, 0xba000
    return cad << 28 | nid << 20 | verb


def answer(i):
    return i // 4 % 75 if i % 4 == 3 else 0
