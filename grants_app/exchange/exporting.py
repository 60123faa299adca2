"""What goes out: the whole file as an office workbook, one kind of record as CSV, any list as shown or by groups."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.exchange import separated, workbook
from grants_app.exchange.imports import returning
from grants_app.exchange.imports.vocabulary import vocabulary
from grants_app.exchange.shapes import Column, Formula, Progress, Sheet
from grants_app.exchange.sheetxml import quoted
from grants_app.records import RECORDS, Field, Grant, Kind, Organisation, Programme, Record, kind_named
from grants_app.records.base import batches
from grants_app.records.figures import figures_of
from grants_app.store import Store, grouping, listing, own, settings
from grants_app.store.driver import no_progress
from grants_app.store.grouping import By, Group
from grants_app.store.listing import OPERATORS, Condition, Listing, column_named, columns_of

INTERNAL = "Internal: holds personal data. Do not pass it on outside the team."
SAMPLE = "Sample data: figures are illustrative."
_PAGE = 2000
_NAMED = (Organisation, Grant)
_CALLED = {
    "reference": ("no",),
    "asked": ("amount asked",),
    "left": ("remaining", "amount remaining", "left to pay", "still to pay", "balance", "outstanding"),
    "paid": ("paid to date", "amount paid", "total paid"),
}
_MOST_WORDS = 12
_MOST_TIED = 1_000_000  # more rows stand on two sheets, and no formula of one can tell


@dataclass(frozen=True, slots=True)
class _Records:
    """One kind of record on its way out: which records, under which columns, how many, and what its money comes to."""

    listing: Listing
    named: Listing
    columns: tuple[Column, ...]
    order: tuple[int, ...]
    count: int
    sums: Mapping[str, Decimal]

    @property
    def name(self) -> str:
        return self.listing.kind.plural

    def rows(self, session: Session) -> Iterator[tuple[Any, ...]]:
        """Every record's row, oldest first, read a page at a time."""
        ids = self.listing.ids(session)
        ids.reverse()
        for page in batches(ids, _PAGE):
            rows = self.listing.rows(session, page)
            named = self.named.rows(session, page) if self.named.columns else itertools.repeat((0,))
            for row, names in zip(rows, named):  # noqa: B905 (the second may be without end)
                both = (*row[1:], *names[1:], row[0])
                yield tuple([both[place] for place in self.order])


def write_workbook(
    store: Store,
    target: Path,
    *,
    kinds: Sequence[type[Record]] = RECORDS,
    where: tuple[Condition, ...] = (),
    words: str = "",
    progress: Progress = no_progress,
) -> int:
    """Write the office copy: Read me, Summary, and a sheet for each kind; returns how many records it holds.

    Conditions are for one kind only. All sheets show one moment. Refused: what workbook.write refuses.
    """
    with store.reading() as session:
        lists = settings.lists(session)
        found = [_records(session, kind, where, words, lists, marked=True) for kind in kinds]
        about = _about(store, session, INTERNAL, *_filters(session, kinds[0], where, words))
        sheets = [Sheet(one.name, one.columns, one.rows(session), count=one.count) for one in found]
        counts = workbook.write(target, [_read_me(about, found), _summary(about, found), *sheets], progress)[2:]
    assert counts == [one.count for one in found], "the sheets hold other numbers of rows than the file"
    return sum(counts)


def write_csv(
    store: Store,
    kind: type[Record],
    target: Path,
    *,
    where: tuple[Condition, ...] = (),
    words: str = "",
    progress: Progress = no_progress,
) -> int:
    """Write one kind of record as CSV, with the columns of its sheet; returns how many."""
    with store.reading() as session:
        found = _records(session, kind, where, words, settings.lists(session))
        return separated.write(target, found.columns, found.rows(session), progress)


def write_listing(
    store: Store, shown: Listing, target: Path, *, ids: Sequence[int] | None = None, progress: Progress = no_progress
) -> int:
    """Write a list exactly as it is shown: its columns, filters and order; as CSV or a workbook, by the ending.

    With `ids`, only the rows of these records, in this order.
    """
    with store.reading() as session:
        columns = tuple(listing_columns(shown, settings.lists(session)))
        if target.suffix.casefold() == ".csv":
            rows = (row[1:] for page in shown.pages(session, ids=ids) for row in page)
            return separated.write(target, columns, rows, progress)
        about = about_listing(store, session, shown)
        columns += returning.columns_of(session, shown.kind)
        marked = shown.showing(columns=(*shown.columns, "version"))
        rows = ((*row[1:-1], row[0], row[-1]) for page in marked.pages(session, ids=ids) for row in page)
        count = shown.count(session) if ids is None else len(ids)
        sheet = Sheet(shown.kind.plural, columns, rows, shown.kind.plural, about, totals=True, count=count)
        return workbook.write(target, [sheet], progress)[0]


def offers(session: Session, shown: Listing) -> list[tuple[str, Column, tuple[str, ...], tuple[str, ...]]]:
    """Every column that can go into an officer's own template: its name, the column, other names for a heading.

    At last the names by which officers call it, as an import knows them.
    """
    lists, offered = settings.lists(session), listing.offered(shown.kind, own.columns(session, shown.kind))
    return [
        (one.name, _column(one, lists), _other_names(one, shown.kind), calls(one.name, shown.kind))
        for one in sorted(offered, key=lambda one: one.name not in shown.columns)
    ]


def about_listing(store: Store, session: Session, shown: Listing) -> tuple[str, ...]:
    """What a file says of the list that it holds: that it is internal, of what file and when, and what narrows it."""
    programme = session.get(Programme, shown.programme) if shown.programme is not None else None
    only = () if programme is None else (f"Programme: {programme.name}",)
    return _about(store, session, INTERNAL, *only, *_filters(session, shown.kind, shown.where, shown.words))


def listing_columns(shown: Listing, lists: Mapping[str, Sequence[str]]) -> Iterator[Column]:
    """The columns of a list, as files and the clipboard have them."""
    for column in columns_of(shown):
        yield _column(column, lists)


def _records(
    session: Session,
    kind: type[Record],
    where: tuple[Condition, ...],
    words: str,
    lists: Mapping[str, Sequence[str]],
    *,
    marked: bool = False,
) -> _Records:
    """One kind's sheet: its reference and fields, the names behind references that officers need, its figures.

    `marked`: each row ends with what it is known by when it comes back.
    """
    figures = [name for name, figure in figures_of(kind).items() if figure.kept]
    columns_of_own = own.columns(session, kind)
    names = ("reference", *kind.fields(), *(field.name for field in columns_of_own), *figures)
    links = tuple(
        name for name, field in kind.fields().items() if field.kind is Kind.LINK and kind_named(field.to) in _NAMED
    )
    read = (*names, "version") if marked else names
    base = Listing(kind, read, where=where, words=words, references=True)
    columns, order = [], []
    for place, name in enumerate(names):
        columns.append(_column(column_named(kind, name), lists))
        order.append(place)
        if name in links:
            label = columns[-1].label
            columns.append(Column(f"{label} name", help=f"To read: the reference under {label} is what counts"))
            order.append(len(read) + links.index(name))
    if marked:
        columns += returning.columns_of(session, kind)
        order += [len(read) + len(links), len(names)]
    every = (*kind.fields().values(), *columns_of_own)
    summed = tuple(field.name for field in every if field.kind is Kind.MONEY and field.group != "limits")
    money = base.showing(columns=summed)
    sums = {column_named(kind, name).label: total for name, (total, _) in money.totals(session).items()}
    named = base.showing(columns=links, references=False)
    return _Records(base, named, tuple(columns), tuple(order), base.count(session), sums)


def _other_names(of: listing.Column, kind: type[Record]) -> tuple[str, ...]:
    field = of.field
    names = (of.name,) if field is None else (of.name, field.key, *field.aliases, field.giving)
    if of.name != "reference":
        return names
    words = ("reference", "ref", "ref no", "ref number", "reference number", "reference no")
    return (*names, *words, *(f"{kind.noun} {word}" for word in words))


def calls(name: str, kind: type[Record]) -> tuple[str, ...]:
    """The words by which officers call a field or a figure of a kind in headings, as an import knows them."""
    known, words = vocabulary(), list(_CALLED.get(name, ()))
    if kind in known:
        own_words = (known[kind].words, known[kind].qualified)
        words += [word for one in own_words for word, names in one.items() if names[0] == name]
    field = kind.fields().get(name)
    linked = kind_named(field.to) if field is not None and field.kind is Kind.LINK else None
    if linked in (Organisation, Programme):
        words += [word for word, names in known[linked].words.items() if names[0] == "name" and word != "name"]
    return tuple(words)


def _column(of: listing.Column, lists: Mapping[str, Sequence[str]]) -> Column:
    """A column as files have it: a drop-down list where the field has choices."""
    if of.name == "reference":
        return Column(of.label, help="Its own for ever: other sheets refer to it by this")
    if of.field is None:
        return Column(of.label, of.kind, help=f"{of.figure.help} (worked out)" if of.figure else "", unit=of.unit)
    choices = of.field.words(lists) if of.kind is Kind.CHOICE else ("Yes", "No") if of.kind is Kind.YES_NO else ()
    meaning = ". ".join(_meaning(of.field, of.field.words(lists)))
    return Column(of.label, of.kind, help=meaning, choices=choices, unit=of.unit)


def _meaning(field: Field, words: Sequence[str]) -> Iterator[str]:
    """What a column means, in sentences: its help, what it refers to, which words it takes, whose it is."""
    if field.help:
        yield field.help.rstrip(".")
    if field.own:
        yield "A column of the team's own"
    linked = kind_named(field.to) if field.to else None
    if linked:
        yield f"{'References' if field.kind is Kind.MANY else 'A reference'} on the sheet {linked.plural}"
    elif field.kind is Kind.ABOUT:
        yield "The reference of a record on any sheet"
    if words:
        listed = wording.listed(words, "or") if len(words) <= _MOST_WORDS else f"{', '.join(words[:_MOST_WORDS])} …"
        yield f"{'Any' if field.kind is Kind.MANY else 'One'} of: {listed}"
    if field.required and field.default is None:
        yield "Always filled in"
    if field.personal:
        yield "Personal data"


def _about(store: Store, session: Session, *lines: str) -> tuple[str, ...]:
    """What every export says of itself."""
    sample = (SAMPLE,) if settings.get(session, settings.SAMPLE) else ()
    made = f"Made by {store.officer} as at {wording.instant_text(clock.now())}"
    return (*lines[:1], *sample, f"File: {store.path.name}", made, *lines[1:])


def _filters(session: Session, kind: type[Record], where: tuple[Condition, ...], words: str) -> Iterator[str]:
    """The filters in words, or that there are none."""
    said = [f"holding “{words.strip()}”"] if words.strip() else []
    for condition in where:
        column = column_named(kind, condition.column)
        values = wording.listed([_told(session, column, value) for value in condition.values], "or")
        said.append(f"{column.label} {OPERATORS[condition.operator]} {values}".strip())
    yield f"Only {wording.listed(said)}" if said else "Everything that the file holds"


def _told(session: Session, column: listing.Column, value: Any) -> str:
    """A filter's value in words: a link by the other record's name."""
    target = kind_named(column.field.to) if column.field is not None and column.kind is Kind.LINK else None
    linked = session.get(target, value) if target is not None and value is not None else None
    return column.text(value) if linked is None else str(getattr(linked, linked.caption))


def _read_me(about: tuple[str, ...], found: Sequence[_Records]) -> Sheet:
    """What each column of each sheet means."""
    sheet, name, holds, means = returning.READ_ME
    columns = (Column(sheet), Column(name, width=30), Column(holds, width=26), Column(means, width=80, wrap=True))
    rows = [
        (one.name, column.label, _holds(column), column.help)
        for one in found
        for column in one.columns
        if not column.hidden
    ]
    return Sheet("Read me", columns, rows, "Read me", about)


def _holds(column: Column) -> str:
    words = {
        Kind.MONEY: "Pounds", Kind.DATE: "Date", Kind.TIME: "Time", Kind.INSTANT: "Date and time, London",
        Kind.WHOLE: "Whole number", Kind.NUMBER: "Number", Kind.YES_NO: "Yes or No", Kind.CHOICE: "One of a list",
        Kind.MANY: "Several, separated by ;", Kind.LINK: "Reference", Kind.ABOUT: "Reference",
        Kind.EXTRA: "As imported",
    }  # fmt: skip
    return words.get(column.kind or Kind.TEXT, "Text")


def _summary(about: tuple[str, ...], found: Sequence[_Records]) -> Sheet:
    """Rows and pounds of each sheet, from the register, beside what the sheet itself adds up to."""
    columns = (
        Column("Sheet"),
        Column("Rows", Kind.WHOLE),
        Column("Rows on the sheet", Kind.WHOLE),
        Column("Column"),
        Column("Pounds", Kind.MONEY),
        Column("Pounds on the sheet", Kind.MONEY),
    )
    rows: list[tuple[Any, ...]] = []
    for one in found:
        tie = one.count <= _MOST_TIED
        table = workbook.table_name(one.name)
        counted = Formula(f"COUNTA({table}[Reference])", one.count) if tie else one.count
        sums = [
            (label, total, Formula(f"SUM({table}[{quoted(label)}])", total) if tie else total)
            for label, total in one.sums.items()
        ]
        rows.append((one.name, one.count, counted, *(sums[0] if sums else (None, None, None))))
        rows += [(one.name, None, None, *line) for line in sums[1:]]
    return Sheet(
        "Summary",
        columns,
        rows,
        "Summary",
        (*about, "Rows and pounds as the register has them, beside what each sheet adds up to."),
    )


def group_columns(store: Store, shown: Listing, by: Sequence[By], sums: Sequence[str]) -> tuple[Column, ...]:
    """What stands over the groups: what they are by, how many records each has, and its sums."""
    with store.reading() as session:
        summed = listing_columns(shown.showing(columns=tuple(sums)), settings.lists(session))
        heads = [Column(grouping.called(shown.kind, each)) for each in by]
        return (*heads, Column(shown.kind.plural, Kind.WHOLE), *(Column(c.label, c.kind, unit=c.unit) for c in summed))


def group_rows(groups: Sequence[Group]) -> list[tuple[object, ...]]:
    """The groups as cells under those columns."""
    return [(*group.words, group.count, *group.sums) for group in groups]


def write_groups(
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
    heads = group_columns(store, shown, by, sums)
    if target.suffix.casefold() == ".csv":
        return separated.write(target, heads, group_rows(groups), progress)
    title = f"{shown.kind.plural} by {' and '.join(head.label for head in heads[: len(by)])}"
    with store.reading() as session:
        about = about_listing(store, session, shown)
    sheet = Sheet(shown.kind.plural, heads, group_rows(groups), title, about, count=len(groups))
    return workbook.write(target, [sheet], progress)[0]
