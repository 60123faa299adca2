"""The log: what the program did, for whoever mends it, without anybody's data.

Log what was done and to which reference, never the values: an officer may send this file to a stranger.
"""

import contextlib
import logging
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

_LARGEST_BYTES = 1_000_000
_KEPT = 5


def configure(folder: Path, *, verbose: bool = False) -> Path | None:
    """Begin to log into the folder, at most 6 MB in all; give the file, or None where it cannot be written.

    Asked a second time, the log moves to the new folder.
    """
    logger = logging.getLogger("grants_app")
    _stop(logger)
    logger.setLevel(logging.DEBUG if verbose else logging.INFO)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = _File(folder / "grants-desk.log", maxBytes=_LARGEST_BYTES, backupCount=_KEPT, encoding="utf-8")
    except OSError:
        return None  # work goes on without a log
    handler.setFormatter(_Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    return folder / "grants-desk.log"


def trace(error: BaseException) -> str:
    """Where an error came from, and what led to it: files, lines and kinds of error, without their messages.

    A message may hold what an officer typed; the line of code says enough.
    """
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = f"{trace(earlier)}\nwhich led to\n" if earlier else ""
    lines = "".join(traceback.format_tb(error.__traceback__))
    return f"{before}{lines}{type(error).__module__}.{type(error).__qualname__}".replace(str(Path.home()), "~")


class _Formatter(logging.Formatter):
    def formatException(self, ei: object) -> str:
        error = ei[1] if isinstance(ei, tuple) else None
        return trace(error) if isinstance(error, BaseException) else ""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).replace(str(Path.home()), "~")


class _File(RotatingFileHandler):
    def rotate(self, source: str, dest: str) -> None:
        with contextlib.suppress(OSError):  # on Windows another process may hold the file: then it grows until later
            super().rotate(source, dest)


def _stop(logger: logging.Logger) -> None:
    for handler in [each for each in logger.handlers if isinstance(each, _File)]:
        logger.removeHandler(handler)
        handler.close()
