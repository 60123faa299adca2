"""A second officer at the same file."""

from collections.abc import Iterator

import pytest

from grants_app.store import Store, opening


@pytest.fixture
def ben(store: Store) -> Iterator[Store]:
    """The file of `store`, opened by Ben Officer too."""
    opened = opening.open_file(store.path, "Ben Officer")
    yield opened
    opened.close()
