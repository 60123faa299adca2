"""Rows put aside between two passes: in memory while few, on the disk when many, gone when closed."""

import pickle
import weakref
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Generic, TypeVar

Item = TypeVar("Item")
_BATCH = 1000
_IN_MEMORY = 32_000_000


class Spool(Generic[Item]):
    """A list that does not stay in memory: append, then iterate as often as wanted, in batches."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (lives as long as the spool)
        weakref.finalize(self, self._file.close)
        self._pending: list[Item] = []
        self._count = 0

    def append(self, item: Item) -> None:
        """Put one more at the end."""
        self._pending.append(item)
        self._count += 1
        if len(self._pending) >= _BATCH:
            self._put_aside()

    def __len__(self) -> int:
        return self._count

    def batches(self) -> Iterator[list[Item]]:
        """All of them from the first, some hundreds at a time; not to be mixed with `append`."""
        if self._pending:
            self._put_aside()
        place = 0
        while True:
            self._file.seek(place)
            try:
                batch = pickle.load(self._file)  # noqa: S301 (our own bytes, in a file that only we hold)
            except EOFError:
                return
            place = self._file.tell()
            yield batch

    def __iter__(self) -> Iterator[Item]:
        for batch in self.batches():
            yield from batch

    def _put_aside(self) -> None:
        self._file.seek(0, 2)
        pickle.dump(self._pending, self._file, protocol=5)
        self._pending = []
