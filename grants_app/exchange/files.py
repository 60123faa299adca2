"""Writing a file whole or not at all: a temporary name beside it, forced to the disk, then renamed over the old one."""

import contextlib
import errno
import glob
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from grants_app.errors import Refused
from grants_app.store.opening import refuse_open_here

_STALE = 24 * 60 * 60
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SHARING_VIOLATION = {32, 33}  # what Windows says of a file that another program holds


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A binary file that becomes `path` when the block ends well; otherwise what stood there stays, untouched.

    Refused, before anything is written where that can be known: no such folder, a folder of that name, no right to
    write, open in Excel or LibreOffice; while writing: a full disk.
    """
    check_target(path)
    _sweep(path)
    temporary = path.with_name(f".{path.stem[:40]}-{secrets.token_hex(4)}.part")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        check_target(path)
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise refusal(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def check_target(path: Path) -> None:
    """Refuse a place that cannot be written to: the folder is missing, it is a folder itself, a program holds it."""
    if not path.parent.is_dir():
        raise Refused(f"There is no folder “{path.parent}”. Make it first, or choose another place.")
    if path.is_dir():
        raise Refused(f"“{path.name}” is a folder. Give the file another name.")
    for lock in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if lock.exists():
            raise Refused(f"{_is_open(path)} If it is open nowhere, delete “{lock.name}” beside it, left by Excel.")
    if path.exists():
        refuse_open_here(path)
        try:
            with path.open("r+b"):
                pass
        except OSError as error:
            raise refusal(path, error) from error


def _sweep(path: Path) -> None:
    """Take away what a program that was killed while writing this file left beside it."""
    for left in path.parent.glob(f".{glob.escape(path.stem[:40])}-????????.part"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE:
                left.unlink()


def refusal(path: Path, error: OSError) -> Refused:
    """The sentence for what the operating system said about writing `path`."""
    if error.errno in _NO_ROOM:
        return Refused(f"There is not enough room on the disk for “{path.name}”. Nothing was written.")
    if getattr(error, "winerror", None) in _SHARING_VIOLATION:
        return Refused(_is_open(path))
    if error.errno in {errno.EACCES, errno.EPERM}:
        hint = (
            "It may be open in Excel, or be read-only" if path.exists() else "You have no right to write in that folder"
        )
        return Refused(f"“{path.name}” cannot be written. {hint}: save under another name.")
    if error.errno == errno.EROFS:
        return Refused(f"“{path.parent}” is read-only. Choose another place.")
    return Refused(f"“{path.name}” cannot be written: {error.strerror or error}. Nothing was changed.")


def _is_open(path: Path) -> str:
    return f"“{path.name}” is open in another program. Close it there, or save under another name."


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened, and the rename is durable by itself
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
