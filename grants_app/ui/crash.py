"""Catches what nobody caught on the window's thread: it is logged, then shown."""

import logging
import sys
from collections.abc import Callable
from types import TracebackType

_log = logging.getLogger(__name__)


def show_crashes(show: Callable[[BaseException], None]) -> None:
    """From now on, log every failure that nobody caught on the window's thread, and show it with `show`."""

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _log.error("fault", exc_info=error)
        show(error)

    sys.excepthook = caught
