"""Every report that can be asked for, and saving one: the ending of the file's name says in which format."""

from pathlib import Path

from grants_app import wording
from grants_app.errors import Refused
from grants_app.exchange import files
from grants_app.reports.document import Document
from grants_app.reports.grant_report import grant
from grants_app.reports.position import position
from grants_app.reports.programme_report import programme
from grants_app.reports.registry import Report

REPORTS: tuple[Report, ...] = (grant, position, programme)


def named(name: str) -> Report:
    """The report of that name; Refused, with the names there are, if there is none."""
    for report in REPORTS:
        if report.name == name.strip().casefold():
            return report
    names = wording.listed([f"“{report.name}”" for report in REPORTS])
    raise Refused(f"There is no report “{name}”. There are {names}.")


FORMATS = {".pdf": "PDF", ".docx": "Word", ".xlsx": "Excel", ".html": "HTML"}
"""Every ending that a report can be saved with, and how its format is called."""


def write(document: Document, path: Path) -> None:
    """Write the report to the path, whole or not at all.

    Refused: an ending not in FORMATS; a place that cannot be written to, a file that is open elsewhere, a full disk.
    """
    ending = path.suffix.casefold()
    if ending not in FORMATS:
        raise Refused(f"A report is saved as .pdf, .docx, .xlsx or .html, and “{path.name}” ends in none of these.")
    files.check_target(path)
    if ending == ".xlsx":
        from grants_app.reports.to_excel import excel

        excel(document, path)
        return
    content = _content(document, ending)
    with files.replacing(path) as file:
        file.write(content)


def pages(document: Document, ppi: float = 192.0) -> list[bytes]:
    """The PDF's own pages as PNG pictures of so many dots to the inch, for a preview.

    Charts in them are sharp only when scaled down: ask for twice the dots that are shown.
    """
    from grants_app.reports import to_pdf

    return to_pdf.pages(document, ppi)


def _content(document: Document, ending: str) -> bytes:
    if ending == ".pdf":
        from grants_app.reports.to_pdf import pdf

        return pdf(document)
    if ending == ".docx":
        from grants_app.reports.to_word import word

        return word(document)
    from grants_app.reports.to_html import html

    return html(document).encode()
