"""What every test may rely on: no screen, no personal folder, and the published files where they are at hand."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grants_app.store import Store, opening

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before Qt is first imported; on a desk no window flickers either

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for each test: settings, log, temporary copies; the commands that it starts use it too."""
    folder = tmp_path_factory.mktemp("user")
    monkeypatch.setenv("GRANTS_USER", str(folder))
    return folder


@pytest.fixture
def shared_data() -> Path:
    """The folder of published files that lies beside the repository; skips where there is none."""
    folder = Path(os.environ.get("GRANTS_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip("the published files are not beside this repository")
    return folder


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is Monday 23 November 2026 in every test, and in the commands that it starts."""
    monkeypatch.setenv("GRANTS_TODAY", "2026-11-23")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new, empty file, opened by Ann Officer."""
    opened = opening.create(tmp_path / "work.grants", "Ann Officer")
    yield opened
    opened.close()
