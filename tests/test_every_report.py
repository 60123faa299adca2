"""Every report, on a file with next to nothing and on the sample, in every format: whole, and its totals add up."""

import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import openpyxl
import pytest
from sqlalchemy import select

from grants_app.records import Grant, Kind, Programme
from grants_app.records.grant import Status
from grants_app.reports.catalogue import FORMATS, REPORTS, pages, write
from grants_app.reports.document import ChartKind, Document, KeyFigures, Table, Withheld
from grants_app.reports.registry import SAMPLE_NOTICE, Report
from grants_app.store import Store
from tests.make import make

EVERY = pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)


@pytest.fixture
def bare(store: Store) -> Store:
    """A file with one bid that says nothing."""
    make(store, Grant)
    return store


def made(store: Store, report: Report, *, grant: str | None = None) -> Document:
    """The report, with whatever it needs."""
    with store.reading() as session:
        grant = grant or session.scalars(select(Grant.reference).order_by(Grant.awarded.desc())).first()
        typed = {one.name: str(grant) for one in report.parameters if one.required and one.to == "grant"}
        return report.document(session, report.read(session, typed), prepared_by="Sam Officer")


@EVERY
def test_it_says_in_a_line_what_it_tells_and_each_question_has_a_label(report):
    assert re.fullmatch(r"[A-Z].+\.", report.about)
    assert report.title
    for one in report.parameters:
        assert (one.option[:2], bool(one.label)) == ("--", True)
        assert one.kind is not Kind.LINK or one.to


@EVERY
@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("file", ["bare", "sample"])
def test_it_is_written_in_every_format(report, ending, file, request, tmp_path):
    document = made(request.getfixturevalue(file), report)
    target = tmp_path / f"report{ending}"

    write(document, target)

    says = {".pdf": pdf_says, ".docx": word_says, ".xlsx": excel_says, ".html": html_says}[ending](target)
    assert document.title in says


def pdf_says(path: Path) -> str:
    content = path.read_bytes()
    assert b"pdfuaid" in content
    return content.decode("utf-8", "replace")  # its title stands in the metadata, which is not compressed


def word_says(path: Path) -> str:
    with ZipFile(path) as parts:
        return "".join(ET.fromstring(parts.read("word/document.xml")).itertext())  # noqa: S314 (our own)


def excel_says(path: Path) -> str:
    return str(openpyxl.load_workbook(path).worksheets[0]["A1"].value)


def html_says(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@EVERY
@pytest.mark.parametrize("file", ["store", "bare", "sample"])
def test_it_says_who_and_when_and_whether_it_is_the_sample(report, file, request):
    store = request.getfixturevalue(file)
    if file == "store" and any(one.required for one in report.parameters):
        pytest.skip("asks for a record, and the file has none")
    document = made(store, report)

    assert (document.prepared_by, str(document.as_at)[:16]) == ("Sam Officer", "2026-11-23 14:02")
    assert document.notice == (SAMPLE_NOTICE if file == "sample" else "")
    assert document.summary.endswith(".")


@EVERY
@pytest.mark.parametrize("file", ["bare", "sample"])
def test_every_figure_says_what_it_counts(report, file, request):
    document = made(request.getfixturevalue(file), report)

    for part in document.parts:
        if isinstance(part, KeyFigures):
            assert all(item.counts for item in part.items)
    for part in (*document.tables, *document.charts):
        assert part.counts or not (part.rows if isinstance(part, Table) else part.categories), part.title
    assert all(chart.summary.endswith(".") for chart in document.charts)


@EVERY
@pytest.mark.parametrize("file", ["bare", "sample"])
def test_totals_add_up(report, file, request):
    document = made(request.getfixturevalue(file), report)

    for table in document.tables:
        for at, total in enumerate(table.totals or ()):
            cells = [row[at] for row in table.rows]
            if isinstance(total, int | Decimal) and not any(isinstance(cell, Withheld) for cell in cells):
                assert sum(cell or 0 for cell in cells) == total, (table.name, table.columns[at].label)


@EVERY
def test_tables_and_sheets_have_names_of_their_own(report, sample):
    document = made(sample, report)
    titles = [part.title for part in (*document.tables, *document.charts) if part.title]

    assert len({table.name for table in document.tables}) == len(document.tables)
    assert len(set(titles)) == len(titles)


@EVERY
def test_the_preview_has_the_pdfs_own_pages(report, sample, tmp_path):
    document = made(sample, report)
    write(document, tmp_path / "report.pdf")

    shown = pages(document, 20)
    assert len(shown) == len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "report.pdf").read_bytes())) > 1


def test_the_sample_shows_every_kind_of_chart_that_reports_draw(sample):
    kinds = {chart.kind for report in REPORTS for chart in made(sample, report).charts}

    assert kinds == set(ChartKind) - {ChartKind.BARS}  # bars are drawn in the window only


def test_every_grant_of_the_sample_has_its_report(sample):
    grant = next(report for report in REPORTS if report.name == "grant")
    with sample.reading() as session:
        titles = {one.reference: one.title for one in session.scalars(select(Grant))}

    assert {reference: made(sample, grant, grant=reference).title for reference in titles} == titles


def test_the_positions_register_has_every_grant_and_ties_to_the_budget(sample):
    report = next(report for report in REPORTS if report.name == "position")
    register = made(sample, report).tables[-1]

    with sample.reading() as session:
        stored = list(session.scalars(select(Grant).order_by(Grant.reference)))
        budget = session.scalars(select(Programme.budget)).one()
    awarded = {one.reference: one.awarded for one in stored if one.status.live or one.status is Status.COMPLETED}
    assert [row[0] for row in register.rows] == [one.reference for one in stored]
    assert {row[0]: row[8] for row in register.rows if row[8] is not None} == awarded
    assert register.totals[8] == sum(awarded.values()) <= budget
