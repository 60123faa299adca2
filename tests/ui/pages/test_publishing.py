"""Open data from the window: checked first, each finding opens its record, and written once nothing stops it."""

import json
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from grants_app.operations import editing
from grants_app.records import Grant, Organisation, Programme
from grants_app.records.grant import Status
from grants_app.store import settings
from grants_app.store.settings import Publisher
from grants_app.ui.pages.publisher_sheet import LICENCES, PublisherSheet
from tests.make import make
from tests.ui.conftest import quiet
from tests.ui.pages.access import unnamed


@pytest.fixture
def grants(store) -> list[Grant]:
    """Two awarded grants of a programme, one without its purpose; and a bid."""
    programme = make(store, Programme, code="CVE", name="Safer Talk", funder="The Fund", funder_identifier="GB-CHC-1")
    holder = make(store, Organisation, name="Met-Talk", charity_number="1234567", postcode="SE1 2AA")
    sound = {
        "programme_id": programme.id, "organisation_id": holder.id, "status": Status.ACTIVE, "boroughs": ("Brent",),
        "awarded": Decimal("1000.00"), "decided_on": date(2026, 3, 1), "starts": date(2026, 4, 1),
    }  # fmt: skip
    return [
        make(store, Grant, **sound, title="Talks", purpose="Ten talks", identifier="360G-x-1"),
        make(store, Grant, **sound, title="Walks", identifier="360G-x-2"),
        make(store, Grant, programme_id=programme.id, organisation_id=holder.id, title="A bid"),
    ]


def panel_of(page):
    page.tabs.setCurrentIndex(2)
    return page.publishing


def test_what_stops_a_grant_is_shown_first_and_opens_it_and_leaving_it_out_lets_the_rest_go(
    grants, open_page, settle, desk, store, tmp_path
):
    page = open_page("imports")
    panel = panel_of(page)
    settle()
    opened = []
    desk.opened.connect(lambda kind, id_, _whole: opened.append((kind, id_)))
    assert panel.who.text() == "The Fund, GB-CHC-1, no prefix"
    assert panel.write_it.isHidden()

    panel.check.click()
    settle()

    assert panel.outcome.text() == (
        "1 grant can go out. 1 grant cannot: what stops them stands first. 1 grant that is not awarded is never "
        "published. 2 notes on how others could make more of the data."
    )
    assert [tuple(shown) for shown in panel.findings.list.rows] == [
        ("Stops", "1 grant has no description."),
        ("Note", "No licence is named: others may not use the data without one."),
        ("Note", "1 programme has an identifier unlike those of its list."),
    ]
    assert [tuple(shown) for shown in panel.findings.table.rows] == [
        ("CVE-0002", "Description", "Purpose is missing: the standard needs a description."),
    ]
    assert (panel.write_it.isEnabled(), panel.leave_out.text()) == (False, "Leave this one out")
    panel.findings.open_record()
    assert opened == [(Grant, grants[1].id)]
    assert unnamed(panel) == []

    panel.leave_out.click()
    assert (panel.write_it.isEnabled(), panel.write_it.text()) == (True, "Write 1 grant …")
    panel.write(tmp_path / "out.json")
    settle()
    written = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [grant["id"] for grant in written["grants"]] == ["360G-x-1"]
    assert panel.open_file.text() == "Open out.json"

    editing.save(store, Grant, {"purpose": "Ten walks"}, id=grants[1].id)
    settle()
    assert (panel.check.text(), panel.write_it.isEnabled()) == ("Check again", False)
    panel.check.click()
    settle()
    assert panel.outcome.text().startswith("2 grants can go out. 1 grant that is not awarded")
    assert panel.write_it.isEnabled()


def test_what_goes_out_beside_the_standard_is_named_and_sends_nobody_to_who_publishes(grants, open_page, settle, store):
    editing.save(store, Grant, {"extra": {"Notes for us": "a"}}, id=grants[0].id)
    page = open_page("imports")
    panel = panel_of(page)
    settle()
    panel.check.click()
    settle()
    rows = [tuple(shown) for shown in panel.findings.list.rows]
    also, unlicensed = (
        next(at for at, (_, words) in enumerate(rows) if words.startswith(start)) for start in ("Also", "No licence")
    )

    panel.findings.list.selectRow(also)
    assert rows[also] == ("Note", "Also publishes: “Notes for us”, which is outside the standard.")
    assert panel.findings.open_one.isHidden()
    panel.findings.open_record()
    assert QApplication.activeModalWidget() is None
    panel.findings.list.selectRow(unlicensed)
    assert (panel.findings.open_one.isHidden(), panel.findings.open_one.text()) == (False, "Change who publishes …")


def test_a_finding_opens_its_record_at_the_field_and_all_that_are_alike_as_a_list(grants, open_window, qtbot, store):
    editing.save(store, Grant, {"purpose": None}, id=grants[0].id)
    other = make(store, Programme)
    window = open_window("imports")
    panel = panel_of(window.view)
    panel.look()
    qtbot.waitUntil(lambda: quiet(window.desk) and panel.found is not None)
    findings = panel.findings
    assert findings.list.rows[0] == ("Stops", "2 grants have no description.")
    assert (findings.open_one.text(), findings.show_all.text()) == (
        "Open the record",
        "Show 2 in the list of grants",
    )

    findings.table.selectRow(1)
    qtbot.keyClick(findings.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: QApplication.focusWidget().accessibleName() == "Purpose")
    assert (window.view.detail.record.id, window.view.detail.tab) == (grants[1].id, "Details")

    window.desk.open(Grant, grants[0].id, whole=True, field="decided_on")
    row = window.view.detail._form.rows["decided_on"]
    qtbot.waitUntil(lambda: QApplication.focusWidget() is row.fact and not row.visibleRegion().isEmpty())
    window.back()
    window.back()
    window.desk.choose_programme(other.id)
    findings.show_all.click()
    qtbot.waitUntil(lambda: quiet(window.desk) and len(window.view.table.rows.ids) == 2)
    assert [chip.text() for chip in window.view.bar.chips_shown] == ["2 grants have no description"]
    assert window.view.heading() == ("Grants", "2 of 3")

    window.go("imports")
    findings.list.selectRow(1)
    assert (findings.table.isVisible(), findings.open_one.text()) == (False, "Change who publishes …")
    findings.open_one.click()
    (sheet,) = window.findChildren(PublisherSheet)
    sheet.reject()


def test_who_publishes_is_asked_in_the_window_and_kept(grants, open_page, settle, store):
    page = open_page("imports")
    panel = panel_of(page)
    settle()
    panel.ask_publisher()
    (sheet,) = panel.window().findChildren(PublisherSheet)
    sheet.grab()  # laid out
    hints = [each for each in sheet.findChildren(QLabel) if each.property("look") == "caption"]
    assert [hint.y() < line.y() for hint, line in zip(hints, sheet.lines.values(), strict=True)] == [True] * 4
    sheet.lines["prefix"].setText("not a prefix")
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert sheet.problem.text() == "“not a prefix” is unlike a 360Giving prefix: write it as 360G-GLA."

    sheet.lines["prefix"].setText("360G-FUND")
    sheet.licence.setCurrentText("Open Government Licence 3.0")
    QTest.keyClick(sheet.lines["website"], Qt.Key.Key_Return)
    settle()

    ogl = LICENCES["Open Government Licence 3.0"]
    with store.reading() as session:
        assert settings.publisher(session) == Publisher("The Fund", "GB-CHC-1", "360G-FUND", "", ogl)
    assert panel.who.text() == "The Fund, GB-CHC-1, prefix 360G-FUND"
