"""Bringing a file in: first a preview of every row, then one step that can be undone."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.exchange.imports import remembering, renamed, returning, suggesting
from grants_app.exchange.imports.completing import lacking
from grants_app.exchange.imports.import_report import check_report, write_faulty, write_report
from grants_app.exchange.imports.judging import Judge
from grants_app.exchange.imports.mapping import field_of, split
from grants_app.exchange.imports.matching import order
from grants_app.exchange.imports.plan import Clash, Clashing, Likeness, Namesakes, Plan, TablePlan, likeness_key
from grants_app.exchange.imports.previewing import Preview, Remark, TableFound, Verdict
from grants_app.exchange.imports.readings import Reading
from grants_app.exchange.imports.repeats import Repeats
from grants_app.exchange.imports.rows import RowReader
from grants_app.exchange.imports.storing import bring_in
from grants_app.exchange.imports.suggesting import Suggested, Suggester
from grants_app.exchange.shapes import Progress
from grants_app.exchange.sources import reading, tables
from grants_app.exchange.sources.cellvalues import tidied
from grants_app.exchange.sources.reading import Sheet, Source
from grants_app.exchange.sources.synonyms import synonyms
from grants_app.exchange.sources.tables import Table
from grants_app.exchange.spool import seldom_swept
from grants_app.records import Grant, Organisation, Programme, Record, kind_named
from grants_app.records.fields import own_field, own_list
from grants_app.records.grant import Status
from grants_app.store import Store, own, references, settings
from grants_app.store.driver import no_progress

__all__ = [
    "Clash",
    "Clashing",
    "Likeness",
    "Namesakes",
    "Plan",
    "Preview",
    "TableFound",
    "TablePlan",
    "Verdict",
    "bring_in",
    "check_report",
    "likeness_key",
    "preview",
    "refuse_unheard",
    "with_names",
    "write_faulty",
    "write_report",
]

_BATCH, _SHOWN, _LONGEST = 1000, 5, 80


@seldom_swept()
def preview(
    store: Store,
    source: Path | Source,
    plan: Plan | None = None,
    *,
    asking: bool = False,
    progress: Progress = no_progress,
) -> Preview:
    """Read a file (or rows opened as one) whole and say what each row would do; stores nothing, and holds no lock.

    `plan` is what the officer decided; all else goes as suggested. Refused: a file that cannot be read or holds no
    table; also one whose tables are all unfit, unless `asking`: then they are left out, and the officer may say more.
    """
    opened = source if isinstance(source, Source) else reading.open_source(source)
    found = Preview(opened.path, opened.description, plan or Plan())
    with store.reading() as session:
        if found.plan.programme:
            references.find(session, found.plan.programme, Programme)
        readings = list(_readings(session, opened, found))
        if not readings and not (asking and found.tables):
            _refuse(found)
        found.read = [one.table for one in readings]
        found.hindrance = _too_many_columns(session, found)
        repeats = Repeats()
        for one in readings:
            if found.plan.programme and found.plan.takes_all:
                one.reader.of_one_programme()
            for number, cells in one.cells():
                repeats.hear(one.reader.key(cells), cells, (one.reader.sheet, number))
                if repeats.count % _BATCH == 0:
                    progress(repeats.count, None)
        found.clashes = repeats.settle(found.plan, [(one.cells(), one.reader) for one in readings])
        for one in readings:
            one.shared = one.reader.kind in repeats.shared
        Judge(session, found, readings, _titled(opened.path)).judge(repeats, progress)
        for one in readings:
            one.found.lacks = tuple(sorted(one.reader.wanting | one.found.same.keys()))
    if not found.faults:
        found.read.clear()  # nothing will be given back, so the workbook need not stay open
    return found


def with_names(store: Store, plan: Plan, same: Mapping[str, str], different: Iterable[str]) -> Plan:
    """The plan with answers to names of organisations as they are typed.

    `same`: a name of the file, and the reference of the organisation that it is, else another name of it; `different`:
    names of new organisations. Refused: a reference that is none here.
    """
    kind = Organisation.__tablename__
    with store.reading() as session:
        for name, other in same.items():
            key = likeness_key(kind, name)
            if references.kind_of(wording.tidy(other).upper()) is Organisation:
                plan = plan.with_likeness(key, references.find(session, other, Organisation).reference)
                continue
            also = [k for k, called in plan.spellings.items() if called and likeness_key(kind, called) == key]
            plan = plan.with_spellings([key, likeness_key(kind, other), *also], wording.tidy(other))
    for name in different:
        key = likeness_key(kind, name)
        plan = plan.with_likeness(key, "").with_spellings([key], "")
    return plan


def refuse_unheard(found: Preview, names: Iterable[str]) -> None:
    """Refuse names of organisations that were answered for and that no row has, and values that no record takes."""
    for target in found.plan.same.keys() - {target for table in found.tables for target in table.same}:
        raise Refused(f"“{target}” cannot be given to every row here: none brings such a record, or a column has it.")
    for name in names:
        if likeness_key(Organisation.__tablename__, name) in found.unheard:
            raise Refused(f"No row that can go in names an organisation “{name}”: give the name as the file has it.")


def _readings(session: Session, opened: Source, found: Preview) -> Iterator[Reading]:
    """The tables of the file that are brought in, parents first; what is left out is named in the preview."""
    names = (sheet.name for sheet in opened.sheets)
    in_order = [one for sheet in opened.sheets for one in _tables(session, sheet, opened, found)]
    suggester = Suggester(session, settings.lists(session), remembering.recalled(session), names, in_order)
    readings: list[Reading] = []
    for as_found in in_order:
        table = suggester.laid(as_found, found.plan.of(as_found.name).kind or found.plan.kind)
        found.left_out += [(table.name, f"row {left.row:,}: {left.why}") for left in table.left_out]
        for said in table.notes:
            found.note(Remark(table.sheet.name, table.header, "", said))
        readings += _reading(table, suggester, found)
    placed = {kind: place for place, kind in enumerate(order())}
    readings.sort(key=lambda one: placed[one.main])
    return iter(readings)


def _tables(session: Session, sheet: Sheet, opened: Source, found: Preview) -> Sequence[Table]:
    """The tables of a sheet; what holds none is named in the preview."""
    if sheet.name in returning.ABOUT and returning.is_ours(session, opened):
        found.left_out.append((sheet.name, "it is about the file, which this app wrote"))
        return ()
    if sheet.name.strip().casefold() == "meta" and opened.description != "Pasted rows":
        found.left_out.append((sheet.name, "it describes the file, not grants"))
        return ()
    asked_for = sheet.name in found.plan.tables and not found.plan.of(sheet.name).left_out
    in_sheet = tables.find(sheet, known=suggesting.known, hidden=asked_for)
    found.left_out += [(sheet.name, reason) for reason in in_sheet.reasons]
    if in_sheet.tables:
        _say_of_formats(sheet, in_sheet.tables, found)
    return in_sheet.tables


def _say_of_formats(sheet: Sheet, in_sheet: Sequence[Table], found: Preview) -> None:
    """Name the rows that come in though they are hidden or struck through, and the comments, which do not."""
    for rows, words in (
        (sheet.told.hidden, "hidden in Excel, by a filter perhaps: they come in as others do"),
        (sheet.told.struck, "struck through, in a cell or more: they come in as others do"),
    ):
        mine = [row for row in rows if any(table.holds(row) for table in in_sheet)]
        if mine:
            found.note(Remark(sheet.name, mine[0], "", f"{_rows_named(mine)} {words}"))
    if comments := sheet.told.comments:
        shown = [f"{cell} “{_cut(tidied(words))}”" for cell, words in list(comments.items())[:_SHOWN]]
        more = f" and {len(comments) - _SHOWN:,} more" if len(comments) > _SHOWN else ""
        found.left_out.append((sheet.name, f"comments on its cells are not read: {'; '.join(shown)}{more}"))


def _rows_named(rows: Sequence[int]) -> str:
    """Rows in words, as in "Rows 4 to 7 and 9 are"; of very many groups, the first."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], row]
        else:
            runs.append([row])
    named = [f"{run[0]:,} to {run[-1]:,}" if len(run) > 1 else f"{run[0]:,}" for run in runs[:_SHOWN]]
    named += [f"{len(runs) - _SHOWN:,} groups more"] if len(runs) > _SHOWN else []
    return f"Row {named[0]} is" if len(rows) == 1 else f"Rows {wording.listed(named)} are"


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()}…"


def _reading(table: Table, suggester: Suggester, found: Preview) -> Iterator[Reading]:
    """One table as it is brought in; none where it is left out."""
    decided = found.plan.of(table.name)
    suggested = suggester.suggest(table, decided.kind or found.plan.kind)
    same = {target: typed for target, typed in {**suggested.same, **found.plan.same, **decided.same}.items() if typed}
    known = table.name in found.plan.tables
    unfit = bool(suggested.reason) and not known and not (suggested.lacks and same.keys() >= set(suggested.lacks))
    if unfit:
        found.left_out.append((table.name, suggested.reason))
    points = {**suggested.points, **decided.points}
    mapping, numbers = suggester.numbered(table, suggested.mapping.changed(decided.targets).pointed(points))
    main = kind_named(suggested.kind)
    assert main is not None
    kinds = tuple(kind for kind in order() if kind is main or kind.__tablename__ in mapping.kinds)
    names = tuple(kind.__tablename__ for kind in kinds)
    out = decided.left_out or unfit
    about = TableFound(
        table.name, table.sheet.name, table.header, suggested.kind, names, mapping, suggested.giving, out
    )
    found.tables.append(about)
    if unfit:
        about.lacks = suggested.lacks
        return
    targets = mapping.targets.values()
    lacks = [f"{kind.__tablename__}.{field.name}" for kind in kinds for field in lacking(kind, targets)]
    lacks = [] if suggested.giving else lacks
    told = _takeable({**found.plan.same, **decided.same}, names, set(map(split, targets)))
    about.same = {target: typed for target, typed in same.items() if target in lacks or target in told}
    decided = TablePlan(out, suggested.kind, mapping.targets, points, about.same)
    found.plan = found.plan.with_table(table.name, decided)
    if not out:
        _tell(table, about, suggested, numbers, found)
        yield _brought(table, about, suggester, kinds, lacks)


def _tell(table: Table, about: TableFound, suggested: Suggested, numbers: Mapping[str, str], found: Preview) -> None:
    """Say of a table that comes in what was decided, and which columns go elsewhere than their titles say."""
    said = list(numbers.items())
    for target, typed in about.same.items():
        kind, name = split(target)
        words = f"{field_of(kind, name).label} “{typed}” is given to every new {kind.replace('_', ' ')}, as was decided"
        said.append(("", words))
    for place, words in suggested.remarks.items():
        column = about.mapping.columns[place]
        if ".own:" in column.target and column.why == "content":
            said.append((column.title, words))
    if unread := returning.left_out(about.mapping):
        said.append(("", f"{wording.listed(unread)}: not read, for it is worked out here or only there to be read"))
    if about.kind == Grant.__tablename__ and (status := _status_said(about)):
        words = f"No column gives the status, and the sheet is called “{table.sheet.name}”: {status} is given to none"
        said.append(("", f"{words}. Give it for every row under “Columns”, if it is theirs"))
    said += [("", words) for words in renamed.of_other_titles(about.mapping)]
    for title, words in said:
        found.note(Remark(table.sheet.name, table.header, title, words))


def _status_said(about: TableFound) -> str:
    """The status that a sheet of grants is called by ("Rejected"), where nothing else says one; else ""."""
    if "grant.status" in {*about.mapping.targets.values(), *about.same}:
        return ""
    words = {wording.folded(status.value): status.value for status in Status} | dict(synonyms(Status))
    return words.get(wording.folded(about.sheet), "") if wording.folded(about.sheet) not in ("awards", "award") else ""


def _takeable(told: Iterable[str], kinds: Collection[str], fed: Collection[tuple[str, str]]) -> set[str]:
    """The targets that every new record of these kinds may have and no column gives."""
    pairs = {target: split(target) for target in told}
    return {
        target
        for target, (kind, name) in pairs.items()
        if kind in kinds and (kind, name) not in fed and name != "extra" and not name.startswith("own:")
    }


def _brought(
    table: Table, about: TableFound, suggester: Suggester, kinds: tuple[type[Record], ...], lacks: Sequence[str]
) -> Reading:
    """One table that comes in."""
    main = kind_named(about.kind)
    assert main is not None
    mapping = about.mapping
    about.words = {c.target: _words(table, c.place) for c in mapping.columns if ".own:choice:" in c.target}
    new = {
        own_list(kind, name.split(":", 2)[2]): about.words[target]
        for target in about.words
        for kind, name in [split(target)]
    }
    reader = RowReader(
        table.sheet.name,
        mapping,
        kind=about.kind,
        giving=about.giving,
        lists={**new, **suggester.lists},
        same=about.same,
        lacks=lacks,
    )
    reader.overlong = table.overlong
    one = Reading(table, reader, kinds, main, about)
    about.leading = tuple(sorted(one.leading | one.several))
    return one


def _too_many_columns(session: Session, found: Preview) -> str:
    """Why columns of the officer's own cannot all be made, and what to do; "" where they can."""
    titles: dict[type[Record], dict[str, str]] = {}
    for table in found.tables:
        for column in table.mapping.columns if not table.left_out else ():
            kind, name = split(column.target)
            if own_field(name) is not None and (record := kind_named(kind)) is not None:
                titles.setdefault(record, {}).setdefault(name, column.title)
    said = []
    for record, named in titles.items():
        here = {field.name for field in own.columns(session, record)}
        new = [title for name, title in named.items() if name not in here]
        over = len(here) + len(new) - own.MOST
        if new and over > 0:
            more = [f"{len(new) - _SHOWN:,} more"] if len(new) > _SHOWN else []
            shown = wording.listed([*(f"“{title}”" for title in new[:_SHOWN]), *more])
            many = f"{record.plural} may have {own.MOST} columns of your own, and would have {own.MOST + over:,}"
            said.append(f"{many}: {shown} are new. Leave out {over:,} of them under Columns, or send them elsewhere.")
    return " ".join(said)


def _words(table: Table, place: int) -> tuple[str, ...]:
    """The different words of a column, for a list of the officer's own."""
    words = {wording.folded(word): word for _, cells in table.rows() if (word := tidied(cells[place]))}
    return tuple(words.values())


def _refuse(found: Preview) -> None:
    reasons = "; ".join(f"sheet “{name}”: {reason}" for name, reason in found.left_out)
    raise Refused(f"“{found.source.name}” holds no table to bring in: {reasons or 'it has no sheet'}.")


def _titled(source: Path) -> str:
    """A programme's name from a file's: trafford-council.csv gives Trafford council."""
    words = wording.tidy(source.stem.replace("-", " ").replace("_", " ")) or "Imported"
    return words[0].upper() + words[1:]
