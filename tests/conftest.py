"""What every test may rely on: no screen, no personal folder, and the published files where they are at hand."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from grants_app.operations.sample import make_sample
from grants_app.store import Store, opening
from tests.make import TODAY

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before Qt is first imported; on a desk no window flickers either

ROOT = Path(__file__).resolve().parent.parent
MEMORY = Path("/dev/shm")  # noqa: S108 - each run has a folder of its own in it

if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2**31:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))  # each commit of each test would wait for the disk


def pytest_collection_finish() -> None:
    """Leave what was imported out of every later sweep for garbage."""
    gc.collect()
    gc.freeze()


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
    monkeypatch.setenv("GRANTS_TODAY", TODAY)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new, empty file, made once: to be copied, not opened."""
    path = tmp_path_factory.mktemp("empty") / "empty.grants"
    opening.create(path, "Ann Officer").close()
    return path


@pytest.fixture(scope="session", autouse=True)
def compiled_once(empty_file: Path) -> Iterator[None]:
    """A statement is compiled once for all the files of a run, as it is in the program for the one that it has."""
    make_engine, first = opening.make_engine, opening.make_engine(empty_file)
    with first.connect():
        pass  # its dialect knows the engine now
    first.dispose()

    def sharing(path: Path, **how: bool) -> Engine:
        engine = make_engine(path, **how)
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "make_engine", sharing)
        yield


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, made once: to be copied or read, not changed."""
    path = tmp_path_factory.mktemp("sample") / "sample.grants"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRANTS_TODAY", TODAY)
        store = opening.create(path, "Ann Officer")
        make_sample(store)
        store.close()
    return path


@pytest.fixture
def store(empty_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A new, empty file, opened by Ann Officer."""
    path = shutil.copyfile(empty_file, tmp_path / "work.grants")
    opened = opening.open_file(path, "Ann Officer")
    yield opened
    opened.close()


@pytest.fixture
def sample(sample_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of the sample, opened by Sam Officer."""
    path = shutil.copyfile(sample_file, tmp_path / "sample.grants")
    opened = opening.open_file(path, "Sam Officer")
    yield opened
    opened.close()
