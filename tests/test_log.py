"""The log that an officer may send to a stranger."""

import logging
from pathlib import Path

import pytest

from grants_app import log

LOGGER = logging.getLogger("grants_app.somewhere")


@pytest.fixture
def file(tmp_path):
    yield log.configure(tmp_path / "log")
    log._stop(logging.getLogger("grants_app"))


def fail_over(typed: str) -> None:
    try:
        int(typed)
    except ValueError as error:
        raise LookupError(f"no row for {typed}") from error


def test_what_was_done_is_written_with_its_time_and_module(file):
    LOGGER.info("Saved %s", "CVE-0012")

    written = file.read_text(encoding="utf-8")
    assert written.endswith(" INFO grants_app.somewhere: Saved CVE-0012\n")
    assert len(written.splitlines()) == 1


def test_an_error_is_written_with_lines_and_kinds_but_without_what_was_typed(file):
    name = "Jane" + " Example"
    try:
        fail_over(name)
    except LookupError:
        LOGGER.exception("Saving failed")

    written = file.read_text(encoding="utf-8")
    assert name not in written
    assert "in fail_over\n    int(typed)\n" in written
    assert "builtins.ValueError\nwhich led to\n" in written
    assert written.endswith("builtins.LookupError\n")


def test_the_persons_home_folder_is_not_named(file):
    LOGGER.info("Opened %s", Path.home() / "grants" / "a.grants")

    assert f"Opened {Path('~') / 'grants' / 'a.grants'}" in file.read_text(encoding="utf-8")


def test_configuring_again_moves_the_log_and_writes_each_line_once(file, tmp_path):
    second = log.configure(tmp_path / "elsewhere")

    LOGGER.info("Once")

    assert second is not None
    assert file.read_text(encoding="utf-8") == ""
    assert second.read_text(encoding="utf-8").count("Once") == 1


def test_a_folder_that_cannot_be_written_means_no_log_and_no_crash(tmp_path):
    (tmp_path / "file").write_text("in the way")

    assert log.configure(tmp_path / "file" / "log") is None
    LOGGER.info("Work goes on")


def test_the_log_never_grows_beyond_its_six_files(file):
    for _ in range(90):
        LOGGER.info("x" * 100_000)

    sizes = [each.stat().st_size for each in file.parent.iterdir()]
    assert len(sizes) == 6
    assert max(sizes) <= 1_000_000


def test_details_are_written_only_when_asked_for(file, tmp_path):
    LOGGER.debug("quiet")
    loud = log.configure(tmp_path / "loud", verbose=True)
    LOGGER.debug("loud")

    assert loud is not None
    assert file.read_text(encoding="utf-8") == ""
    assert "loud" in loud.read_text(encoding="utf-8")
