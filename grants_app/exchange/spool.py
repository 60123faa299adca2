"""Rows put aside between two passes: in memory while few, on the disk when many, gone when closed."""

import contextlib
import gc
import pickle
import weakref
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Any, Generic, TypeVar

from grants_app.errors import Refused

Item = TypeVar("Item")
_BATCH = 1000
_IN_MEMORY = 6
"""Batches that stay as they are; the rest is written out."""

_FULL = (
    "There is not enough room on the disk to work on so many rows. Nothing was changed: make room on it and try again."
)
_SELDOM = 100_000
"""How many more things there are before cycles among them are looked for."""


@contextlib.contextmanager
def seldom_swept() -> Iterator[None]:
    """While rows are worked on: very many small things are made and let go, hardly any in a cycle."""
    usual = gc.get_threshold()
    if usual[0] >= _SELDOM:  # another import under way sees to it
        yield
        return
    gc.set_threshold(_SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class Spool(Generic[Item]):
    """A list that does not stay in memory: append, then iterate as often as wanted, in batches."""

    def __init__(self) -> None:
        self._batches: list[list[Item]] = []
        self._file: IO[bytes] | None = None
        self._pending: list[Item] = []
        self._count = 0

    def append(self, item: Item) -> None:
        """Put one more at the end; not while iterating. Refused: a full disk."""
        self._pending.append(item)
        self._count += 1
        if len(self._pending) >= _BATCH:
            self._put_aside()

    def __len__(self) -> int:
        return self._count

    def batches(self) -> Iterator[list[Item]]:
        """All of them from the first, some hundreds at a time."""
        yield from self._batches
        if self._file:
            self._file.seek(0)
            place = 0
            while batch := _read(self._file, place):
                place = self._file.tell()
                yield batch
        if self._pending:
            yield self._pending

    def __iter__(self) -> Iterator[Item]:
        for batch in self.batches():
            yield from batch

    def _put_aside(self) -> None:
        if len(self._batches) < _IN_MEMORY:
            self._batches.append(self._pending)
        else:
            try:
                self._write_out()
            except OSError as error:
                raise Refused(_FULL) from error
        self._pending = []

    def _write_out(self) -> None:
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115 (lives as long as the spool)
            weakref.finalize(self, _let_go, self._file)
        self._file.seek(0, 2)
        pickle.dump(self._pending, self._file, protocol=5)
        self._file.flush()


class Shelf:
    """Things put away one by one on the disk, and read again by the place that each was given."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None

    def put(self, item: object) -> int:
        """Its place. Refused: a full disk."""
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115 (lives as long as the shelf)
            weakref.finalize(self, _let_go, self._file)
        place = self._file.seek(0, 2)
        try:
            self._file.write(pickle.dumps(item, protocol=5))
        except OSError as error:
            raise Refused(_FULL) from error
        return place

    def get(self, place: int) -> Any:
        """What was put there."""
        assert self._file is not None
        self._file.seek(place)
        return pickle.load(self._file)  # noqa: S301 (our own bytes, in a file that only we hold)


def _let_go(file: IO[bytes]) -> None:
    with contextlib.suppress(OSError):  # what the disk had no room for is not wanted any more
        file.close()


def _read(file: IO[bytes], place: int) -> list[Any]:
    file.seek(place)
    try:
        return list(pickle.load(file))  # noqa: S301 (our own bytes, in a file that only we hold)
    except EOFError:
        return []
