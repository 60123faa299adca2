"""What every format puts round a report's parts: its foot, and its parts page by page."""

from dataclasses import dataclass

from grants_app import wording
from grants_app.reports.document import Document, PageBreak, Part


@dataclass(frozen=True, slots=True)
class Section:
    """The parts between two page breaks, and whether their pages lie on their side."""

    parts: tuple[Part, ...]
    landscape: bool = False


def sections(document: Document) -> list[Section]:
    """The document's parts, cut at its page breaks; a break with nothing before it makes no empty page."""
    made, parts, landscape = [], list[Part](), False
    for part in document.parts:
        if not isinstance(part, PageBreak):
            parts.append(part)
            continue
        if parts:
            made.append(Section(tuple(parts), landscape))
        parts, landscape = [], part.landscape
    return [*made, Section(tuple(parts), landscape)] if parts or not made else made


def foot(document: Document) -> str:
    """Who prepared the report, as at when, draft or final."""
    who = f"Prepared by {document.prepared_by}" if document.prepared_by else ""
    when = f"as at {wording.instant_text(document.as_at)}" if document.as_at else ""
    return " · ".join(words for words in (who, when, str(document.state)) if words)
