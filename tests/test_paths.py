"""Folders, shipped resources, and copies of documents that are made to be opened."""

import os
import stat
import sys
import time
from pathlib import Path

import pytest

from grants_app import paths


def test_resources_are_found_in_the_checkout():
    assert paths.resources() == Path(__file__).resolve().parent.parent / "resources"
    assert (paths.resources() / "README.md").is_file()


def test_an_installed_package_finds_its_resources_beside_its_modules(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "grants_app" / "paths.py"))

    assert paths.resources() == tmp_path / "grants_app" / "resources"


def test_grants_user_moves_every_personal_folder(own_folders):
    assert paths.settings_file() == own_folders / "settings" / "settings.json"
    assert paths.log_folder() == own_folders / "log"
    assert paths.copies_folder() == own_folders / "opened"


def test_without_grants_user_the_systems_own_folders_serve(monkeypatch):
    monkeypatch.delenv("GRANTS_USER")

    for place in (paths.settings_file(), paths.log_folder(), paths.copies_folder()):
        assert place.is_absolute()
        assert "Grants Desk" in place.parts


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("agreement.pdf", "agreement.pdf"),
        ("../../x", "x"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("C:\\Users\\jo\\notes.docx", "notes.docx"),
        ("/etc/passwd", "passwd"),
        ("..", "document"),
        ("", "document"),
        ("a:b?.txt", "a-b-.txt"),
        ("line\nbreak\x00.txt", "linebreak.txt"),
        ("report\u202efdp.exe", "reportfdp.exe"),  # a mark that turns the writing round, so that .exe looks like .pdf
        ("CON", "_CON"),
        ("nul.tar.gz", "_nul.tar.gz"),
        ("trailing. . ", "trailing"),
        ("Café.pdf", "Café.pdf"),
        (".hidden", "hidden"),
        ("x" * 300 + ".xlsx", "x" * 115 + ".xlsx"),
        ("no. 4 of the long sentences", "no. 4 of the long sentences"),
    ],
)
def test_a_documents_name_becomes_one_that_stays_in_its_folder(name, safe):
    assert paths.safe_name(name) == safe


def test_each_copy_has_a_folder_of_its_own_that_others_cannot_read():
    first, second = paths.new_copy("../../plan.pdf"), paths.new_copy("plan.pdf")

    assert first.name == second.name == "plan.pdf"
    assert first.parent != second.parent
    assert {first.parent.parent, second.parent.parent} == {paths.copies_folder()}
    if sys.platform != "win32":
        assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700


def test_copies_of_yesterday_are_forgotten_and_todays_stay():
    old, new = paths.new_copy("old.pdf"), paths.new_copy("new.pdf")
    old.write_bytes(b"old")
    new.write_bytes(b"new")
    two_days_ago = time.time() - 2 * 24 * 60 * 60
    os.utime(old.parent, (two_days_ago, two_days_ago))

    paths.forget_copies()

    assert not old.parent.exists()
    assert new.read_bytes() == b"new"


def test_forgetting_copies_before_any_was_made_does_nothing():
    paths.forget_copies()

    assert not paths.copies_folder().exists()
