"""Commands on records: list, add, change, their history, undo."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from grants_app import wording
from grants_app.cli.shared import FILE, as_json, assignments, column_name, condition, grants_app, kind_of, opened, plain
from grants_app.errors import Refused
from grants_app.records import Record
from grants_app.records.base import batches
from grants_app.records.fields import OWN, OWN_KINDS
from grants_app.records.figures import figures_of
from grants_app.store import Store
from grants_app.store.listing import Listing, columns_of

_WIDEST = 32
_SORTS = [kind.value for kind in OWN_KINDS]
_COUNT = click.IntRange(min=1, max=1_000_000_000)


@grants_app.command(name="list")
@click.argument("file", type=FILE)
@click.argument("type_", metavar="TYPE")
@click.option("--search", "words", default="", metavar="WORDS", help="Only records that hold all these words.")
@click.option(
    "--where", multiple=True, metavar="FIELD=VALUE", help="Only records like this; may be given several times."
)
@click.option("--sort", metavar="FIELD", help="Sort by this field; -FIELD for descending.")
@click.option("--limit", type=_COUNT, metavar="N", help="At most so many.")
@click.option("--json", "json_", is_flag=True, help="A JSON array of objects, with every field.")
@click.pass_context
def list_(
    context: click.Context,
    file: Path,
    type_: str,
    words: str,
    where: tuple[str, ...],
    sort: str | None,
    limit: int | None,
    *,
    json_: bool,
) -> None:
    """List records of one TYPE (grants, engagements, payments …)."""
    kind = kind_of(type_)
    with opened(file, context) as store:
        names = _all_columns(store, kind) if json_ else _table_columns(kind)
        listing = Listing(kind, tuple(names), references=json_, words=words)
        listing = listing.showing(where=tuple(condition(store, kind, said) for said in where))
        listing = listing.showing(sort=_sorting(store, kind, sort))
        if json_:
            as_json(_objects(store, listing, limit))
        else:
            _print_table(store, listing, limit)


@grants_app.command()
@click.argument("file", type=FILE)
@click.argument("type_", metavar="TYPE")
@click.argument("pairs", nargs=-1, required=True, metavar="FIELD=VALUE …")
@click.pass_context
def add(context: click.Context, file: Path, type_: str, pairs: tuple[str, ...]) -> None:
    """Add one record and print its reference."""
    from grants_app.operations import editing

    kind = kind_of(type_)
    typed = assignments(pairs)
    with opened(file, context) as store:
        with store.reading() as session:
            values = editing.read_values(session, kind, typed)
        record = editing.add(store, kind, values)
        click.echo(record.reference)
        _warn(store, record)


@grants_app.command()
@click.argument("file", type=FILE)
@click.argument("type_", metavar="TYPE")
@click.argument("reference")
@click.argument("pairs", nargs=-1, required=True, metavar="FIELD=VALUE …")
@click.pass_context
def change(context: click.Context, file: Path, type_: str, reference: str, pairs: tuple[str, ...]) -> None:
    """Change fields of one record; FIELD= empties one."""
    from grants_app.operations import editing
    from grants_app.store import references

    kind = kind_of(type_)
    typed = assignments(pairs)
    with opened(file, context) as store:
        with store.reading() as session:
            found = references.find(session, reference, kind)
            values = editing.read_values(session, kind, typed)
        editing.save(store, kind, values, id=found.id)
        click.echo(f"Changed {editing.called(found)}.")
        _warn(store, found)


@grants_app.command()
@click.argument("file", type=FILE)
@click.option("--limit", type=_COUNT, default=20, show_default=True, metavar="N", help="The latest so many.")
@click.option("--json", "json_", is_flag=True, help="A JSON array of objects, with what each step changed.")
@click.pass_context
def history(context: click.Context, file: Path, limit: int, *, json_: bool) -> None:
    """Show who did what, the latest first."""
    from sqlalchemy import select

    from grants_app.records.history import Edit, Step

    with opened(file, context) as store, store.reading() as session:
        steps = session.scalars(select(Step).order_by(Step.id.desc()).limit(limit)).all()
        if not json_:
            for step in steps:
                mark = " (undone)" if step.undone_by else ""
                click.echo(f"{step.id:>6}  {wording.instant_text(step.at)}  {step.officer}  {step.words}{mark}")
            return
        about = ("id", "at", "officer", "account", "computer", "words", "reason", "final", "undoes", "undone_by")
        rows = ({name: plain(getattr(step, name)) for name in about} for step in steps)
        edits = select(Edit.kind, Edit.record_id, Edit.action, Edit.before, Edit.after)
        as_json(
            {
                **row,
                "edits": [
                    dict(edit)
                    for edit in session.execute(edits.where(Edit.step_id == row["id"]).limit(1000)).mappings()
                ],
            }
            for row in rows
        )


@grants_app.command()
@click.argument("file", type=FILE)
@click.option("--reason", metavar="TEXT", help="Why; it stands in the history.")
@click.pass_context
def undo(context: click.Context, file: Path, reason: str | None) -> None:
    """Take back your own latest step."""
    from grants_app.store import undoing

    with opened(file, context) as store:
        click.echo(f"Undone: {undoing.undo(store, reason=reason)}.")


@grants_app.command()
@click.argument("file", type=FILE)
@click.argument("type_", metavar="TYPE")
@click.option("--add", "label", metavar="LABEL", help="Give the type a column of that name.")
@click.option("--as", "sort", type=click.Choice(_SORTS), default="text", show_default=True, help="What it holds.")
@click.option("--words", default="", metavar="WORDS", help="The words of a list, separated by semicolons.")
@click.option("--rename", metavar="OLD=NEW", help="Call a column otherwise.")
@click.option("--remove", metavar="LABEL", help="Take a column away, with all that records hold in it.")
@click.pass_context
def columns(
    context: click.Context,
    file: Path,
    type_: str,
    label: str | None,
    sort: str,
    words: str,
    rename: str | None,
    remove: str | None,
) -> None:
    """Show the columns of your own that one TYPE has, having added, renamed or removed one if asked to."""
    from grants_app.operations import file_settings
    from grants_app.records import Kind
    from grants_app.store import own

    kind = kind_of(type_)
    with opened(file, context) as store:
        if label is not None:
            file_settings.add_column(store, kind, label, Kind(sort), wording.read_words(words))
        if rename is not None:
            ((old, new),) = assignments([rename]).items()
            file_settings.change_column(store, kind, _own_column(store, kind, old), label=new.strip())
        if remove is not None:
            file_settings.remove_column(store, kind, _own_column(store, kind, remove))
        with store.reading() as session:
            for column in own.columns(session, kind):
                click.echo(f"{column.label}: {own.SORTS[column.kind].lower()}")


def _own_column(store: Store, kind: type[Record], label: str) -> str:
    name = column_name(store, kind, label)
    if not name.startswith(OWN):
        raise Refused(f"{kind.plural} have no column of your own called “{label}”.")
    return name


def _warn(store: Store, record: Record) -> None:
    """Say, beside the outcome, what is saved and yet looks wrong."""
    from grants_app.operations import checks

    with store.reading() as session:
        for warning in checks.of_record(session, type(record), record.id):
            click.echo(f"Saved, with a warning: {warning.sentence.rstrip('.')}.", err=True)


def _all_columns(store: Store, kind: type[Record]) -> list[str]:
    from grants_app.store import own

    with store.reading() as session:
        names = [column.name for column in own.columns(session, kind)]
    return ["reference", *kind.fields(), *names, *figures_of(kind)]


def _table_columns(kind: type[Record]) -> list[str]:
    from grants_app.records import Kind

    fields = kind.fields().values()
    first = [kind.caption] if kind.caption in kind.fields() else []
    brief = [f.name for f in fields if f.kind not in (Kind.LONG, Kind.MANY, Kind.EXTRA) and f.name not in first]
    wanted = [f.name for f in fields if f.required or f.kind is Kind.LINK or f.name in ("awarded", "attended")]
    return ["reference", *first, *[name for name in brief if name in wanted][:6]]


def _sorting(store: Store, kind: type[Record], sort: str | None) -> tuple[tuple[str, bool], ...]:
    return ((column_name(store, kind, sort.lstrip("-")), sort.startswith("-")),) if sort else (("reference", False),)


def _pages(store: Store, listing: Listing, limit: int | None) -> Iterator[tuple[Any, ...]]:
    with store.reading() as session:
        ids = listing.first(session, limit) if limit else listing.ids(session)
        for batch in batches(ids, 1000):
            yield from listing.rows(session, batch)


def _objects(store: Store, listing: Listing, limit: int | None) -> Iterator[dict[str, Any]]:
    keys = [column.field.key if column.field else column.name for column in columns_of(listing)]
    for row in _pages(store, listing, limit):
        yield {key: plain(value) for key, value in zip(keys, row[1:], strict=True)}


def _print_table(store: Store, listing: Listing, limit: int | None) -> None:
    columns = columns_of(listing)
    shown = [
        [column.text(value) for column, value in zip(columns, row[1:], strict=True)]
        for row in _pages(store, listing, limit or 100)
    ]
    heads = [column.label for column in columns]
    widths = [min(_WIDEST, max(len(line[place]) for line in [heads, *shown])) for place in range(len(columns))]
    for line in [heads, *shown]:
        cells = [
            cell if len(cell) <= width else cell[: width - 1] + "…" for cell, width in zip(line, widths, strict=True)
        ]
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip())
    with store.reading() as session:
        total = listing.count(session)
    if total > len(shown):
        click.echo(f"{len(shown):,} of {total:,} shown: give --limit or --json for more.", err=True)
