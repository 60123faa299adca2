"""A list by groups on its way out: as a workbook, as CSV, or as columns and rows for the clipboard."""

from collections.abc import Sequence
from pathlib import Path

from grants_app.exchange import exporting, separated, workbook
from grants_app.exchange.shapes import Column, Progress, Sheet, no_progress
from grants_app.records import Kind
from grants_app.store import Store, grouping, settings
from grants_app.store.grouping import By, Group
from grants_app.store.listing import Listing


def columns(store: Store, shown: Listing, by: Sequence[By], sums: Sequence[str]) -> tuple[Column, ...]:
    """What stands over the groups: what they are by, how many records each has, and its sums."""
    with store.reading() as session:
        summed = exporting.listing_columns(shown.showing(columns=tuple(sums)), settings.lists(session))
        heads = [Column(grouping.called(shown.kind, each)) for each in by]
        return (*heads, Column(shown.kind.plural, Kind.WHOLE), *(Column(c.label, c.kind, unit=c.unit) for c in summed))


def rows(groups: Sequence[Group]) -> list[tuple[object, ...]]:
    """The groups as cells under those columns."""
    return [(*group.words, group.count, *group.sums) for group in groups]


def write(
    store: Store,
    shown: Listing,
    by: Sequence[By],
    sums: Sequence[str],
    groups: Sequence[Group],
    target: Path,
    *,
    progress: Progress = no_progress,
) -> int:
    """Write groups in the order given, as CSV or a workbook by the ending; returns how many.

    A record with several words of a column stands in several groups, so nothing is added up under them.
    """
    heads = columns(store, shown, by, sums)
    if target.suffix.casefold() == ".csv":
        return separated.write(target, heads, rows(groups), progress)
    title = f"{shown.kind.plural} by {' and '.join(head.label for head in heads[: len(by)])}"
    with store.reading() as session:
        about = exporting.about_listing(store, session, shown)
    sheet = Sheet(shown.kind.plural, heads, rows(groups), title, about, count=len(groups))
    return workbook.write(target, [sheet], progress)[0]
