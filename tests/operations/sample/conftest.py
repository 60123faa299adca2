"""The sample, opened once for all tests that only read it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from grants_app.store import Store, opening


@pytest.fixture(scope="session")
def sample(sample_file: Path) -> Iterator[Store]:
    """The sample as it is made on the day of every test; these tests only read it."""
    with closing(opening.open_file(sample_file, "Ann Officer")) as store:
        yield store
