"""The window: everything that is seen, and the only package besides app that knows Qt.

A page for one more kind of record is a `Page` in `ui/pages`, listed in `ui/pages/__init__.py`; its form, table and
filters come from the fields.
"""

import sys
from ctypes import c_ssize_t

_MANY = 1 << 60


def hold_constants() -> None:
    """Give None, True and False more references than a session could use up; asked twice, it does no more.

    PySide 6.12 returns them without taking a reference, which is right from Python 3.12 on, where they are immortal.
    Under 3.11 each `emit` and each setter takes one away, and the interpreter ends itself when none is left.
    """
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    for constant in (None, True, False):
        references = c_ssize_t.from_address(id(constant))
        if references.value < _MANY // 2:
            references.value += _MANY


hold_constants()  # before Qt does anything, in the window, in tests and in pictures alike
