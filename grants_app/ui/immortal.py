"""Keeps None, True and False alive under Python 3.11, where PySide 6.12 gives them away with every call."""

import sys
from ctypes import c_ssize_t

_MANY = 1 << 60


def hold_constants() -> None:
    """Give the three constants more references than a session could use up; asked twice, it does no more.

    PySide 6.12 returns them without taking a reference, which is right from Python 3.12 on, where they are immortal.
    Under 3.11 each `emit` and each setter takes one away, and the interpreter ends itself when none is left.
    """
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    for constant in (None, True, False):
        references = c_ssize_t.from_address(id(constant))
        if references.value < _MANY // 2:
            references.value += _MANY
