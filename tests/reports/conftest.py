"""Files that hold the example programme: made once, and copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from grants_app.store import Store, opening
from tests.reports import example


@pytest.fixture(scope="session")
def example_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that is copied."""
    path = tmp_path_factory.mktemp("example") / "example.grants"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRANTS_TODAY", example.TODAY.isoformat())
        store = opening.create(path, "Ann Officer")
        example.fill(store)
        store.close()
    return path


@pytest.fixture
def filled(example_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A file with a programme of four awards and two bids."""
    path = tmp_path / "filled.grants"
    shutil.copy(example_file, path)
    store = opening.open_file(path, "Ann Officer")
    yield store
    store.close()
