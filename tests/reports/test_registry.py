from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from grants_app.errors import Refused
from grants_app.records import Kind
from grants_app.reports import catalogue
from grants_app.reports.document import Document, State
from grants_app.reports.registry import SAMPLE_NOTICE, Parameter, asked, report
from grants_app.store import settings


@dataclass(frozen=True)
class Questions:
    grant: int = field(metadata=asked("Grant", to="grant", help="a reference"))
    since: date | None = field(default=None, metadata=asked("From", Kind.DATE, option="--from"))
    whole: bool | None = field(default=None, metadata=asked("Whole", Kind.YES_NO))


@report("Some report")
def some_report(session: Session, questions: Questions) -> Document:
    """What it tells, in a line.

    And more.
    """
    return Document(f"{questions.grant} {questions.since} {questions.whole}", "", "", ())


def test_a_function_becomes_a_report_with_its_questions():
    assert (some_report.name, some_report.title, some_report.about) == (
        "some-report",
        "Some report",
        "What it tells, in a line.",
    )
    assert some_report.parameters == [
        Parameter("grant", "Grant", Kind.LINK, "grant", "--grant", "a reference", required=True),
        Parameter("since", "From", Kind.DATE, "", "--from"),
        Parameter("whole", "Whole", Kind.YES_NO, "", "--whole"),
    ]


def test_what_is_typed_is_read_as_records_dates_and_yes_or_no(filled):
    with filled.reading() as session:
        read = some_report.read(session, {"grant": "cve-0002", "since": "1/4/26", "whole": "yes"})

    assert read == Questions(2, date(2026, 4, 1), whole=True)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "The report “some-report” needs --grant: a reference."),
        ({"grant": "  "}, "The report “some-report” needs --grant: a reference."),
        ({"grant": "CVE-9999"}, "There is no grant “CVE-9999” in this file."),
        ({"grant": "CVE-0001", "colour": "red"}, "The report “some-report” has no “colour”."),
        ({"grant": "CVE-0001", "since": "soon"}, "From: “soon” is not a date: write it as 4/3/2026 or 4 March 2026"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(filled, typed, sentence):
    with filled.reading() as session, pytest.raises(Refused) as refused:
        some_report.read(session, typed)

    assert str(refused.value) == sentence


def test_a_report_says_who_when_and_whether_it_is_final(store):
    with store.reading() as session:
        draft = some_report.document(session, Questions(1), prepared_by="Sam Officer")
        final = some_report.document(session, Questions(1), prepared_by="Sam Officer", final=True)

    assert (draft.prepared_by, draft.as_at.isoformat(), draft.state, draft.notice) == (
        "Sam Officer", "2026-11-23T14:02:00+00:00", State.DRAFT, "",
    )  # fmt: skip
    assert final == replace(draft, state=State.FINAL)


def test_a_report_on_the_sample_says_so(store):
    with store.change("Mark as sample") as session:
        settings.put(session, settings.SAMPLE, value=True)
    with store.reading() as session:
        made = some_report.document(session, Questions(1), prepared_by="")

    assert made.notice == SAMPLE_NOTICE


def test_reports_are_found_by_name_and_an_unknown_one_lists_them():
    assert [catalogue.named(name).name for name in ("grant", "Position", "programme ")] == [
        "grant",
        "position",
        "programme",
    ]

    with pytest.raises(Refused) as refused:
        catalogue.named("budget")

    assert str(refused.value) == "There is no report “budget”. There are “grant”, “position” and “programme”."
