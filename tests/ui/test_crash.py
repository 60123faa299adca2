import sys

import pytest
from PySide6.QtWidgets import QApplication

from grants_app.ui.crash import CrashWindow, details, show_crashes


@pytest.fixture
def fault():
    people: dict[str, str] = {}
    whom = "Jo Lee"  # a person whom an officer looked for
    try:
        people[whom]
    except KeyError as error:
        return error


def test_the_details_tell_versions_and_place_and_nobodys_data(fault):
    told = details(fault)

    assert [line.split()[0] for line in told.splitlines()[:3]] == ["Grants", "Python", "Qt"]
    assert "test_crash.py" in told
    assert "Jo Lee" not in told


def test_the_window_says_that_the_data_is_safe_and_copies_the_details(theme, fault, qtbot):
    window = CrashWindow(theme, fault)
    qtbot.addWidget(window)

    window._copy()

    assert QApplication.clipboard().text() == window.details


def test_what_nobody_caught_is_shown(monkeypatch, fault):
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    seen = []

    show_crashes(seen.append)
    sys.excepthook(type(fault), fault, fault.__traceback__)

    assert seen == [fault]
