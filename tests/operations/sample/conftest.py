"""The sample, made once for all tests that only read it."""

from collections.abc import Iterator

import pytest

from grants_app.store import Store
from tests.operations.sample.reading import made


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The sample as it is made on the day of every test; these tests only read it."""
    store = made(tmp_path_factory.mktemp("sample"), "2026-11-23")
    yield store
    store.close()
