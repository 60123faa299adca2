"""What every command shares: the group, who acts, opening a file, reading TYPE and FIELD=VALUE, plain output."""

import enum
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from grants_app import __version__, paths, wording
from grants_app.errors import Refused
from grants_app.records import Kind, Record, kind_named
from grants_app.settings import Settings
from grants_app.store import Store, opening
from grants_app.store.listing import Condition, column_named

FILE = click.Path(path_type=Path, readable=False)  # what cannot be read is said by what reads it
_LONGEST_NAME = 200
_OPERATORS = ((">=", "from"), ("<=", "to"), ("!=", "is not"), ("~", "contains"), ("=", "is"))


class Anywhere(click.Group):
    """Commands by name; without one, the window opens."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they are declared: the order of an officer's work."""
        return list(self.commands)


@click.group(cls=Anywhere, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="Grants Desk")
@click.pass_context
def grants_app(context: click.Context) -> int:
    """Grants Desk: run small-grants programmes from one local file.

    Without a command, the window opens on the file used last. --officer NAME (or GRANTS_OFFICER)
    anywhere says who acts.
    """
    if context.invoked_subcommand is None:
        return window(None, context.obj)
    return 0


def window(file: Path | None, officer: str) -> int:
    """Start the window; the only place where Qt is reached from here."""
    from grants_app.app import run

    return run(file, officer)


def take_officer(arguments: list[str]) -> tuple[list[str], str]:
    """The arguments without --officer NAME, wherever it stands, and that name, else GRANTS_OFFICER's.

    UsageError, where --officer has no name after it.
    """
    officer = os.environ.get("GRANTS_OFFICER", "")
    rest: list[str] = []
    iterator = iter(arguments)
    for argument in iterator:
        if argument == "--officer":
            officer = _named(next(iterator, ""))
        elif argument.startswith("--officer="):
            officer = _named(argument.removeprefix("--officer="))
        else:
            rest.append(argument)
    return rest, wording.tidy(wording.writable(officer))[:_LONGEST_NAME]


def _named(officer: str) -> str:
    if wording.blank(wording.writable(officer)):
        raise click.UsageError('--officer needs a name, which signs what is done: --officer "Ann Officer"')
    return officer


def acting(context: click.Context) -> str:
    """The officer's name for a step."""
    return str(context.obj or "") or Settings(paths.settings_file()).officer or _login()


@contextmanager
def opened(file: Path, context: click.Context) -> Iterator[Store]:
    """The file, opened and closed again; an older one is upgraded first, and a wait for another program is said."""
    store = opening.open_file(file, acting(context))
    said = False

    def waiting(seconds: float) -> None:
        nonlocal said
        if not said:
            click.echo("Another program is writing to this file; waiting for it (Ctrl+C stops)…", err=True)
            said = True

    store.waiting = waiting
    try:
        yield store
    finally:
        store.close()


def kind_of(name: str) -> type[Record]:
    """The kind that TYPE names: a plural with hyphens; Refused lists what there is."""
    kind = kind_named(name.replace("-", " "))
    if kind is None:
        known = ", ".join(each.slug() for each in Record.kinds())
        raise Refused(f"There is no type “{name}”. The types are: {known}.")
    return kind


def assignments(pairs: Sequence[str], form: str = "FIELD=VALUE") -> dict[str, str]:
    """FIELD=VALUE words by field; a word without = is wrong usage, which is told what its `form` is."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.UsageError(f"“{pair}” is not {form}.")
        found[name.strip()] = value
    return found


def condition(store: Store, kind: type[Record], said: str) -> Condition:
    """A filter from FIELD=VALUE (also >=, <=, !=, ~ for contains; no value: blank), read as typed values are."""
    from grants_app.operations import editing
    from grants_app.store import settings

    sign, operator = next(((s, o) for s, o in _OPERATORS if s in said), ("", ""))
    name, _, value = wording.writable(said).partition(sign or "=")
    if not sign or not name.strip():
        raise click.UsageError(f"“{said}” is not FIELD=VALUE.")
    column = column_named(kind, column_name(store, kind, name.strip()))
    if not value.strip():
        return Condition(column.name, "filled" if operator == "is not" else "blank")
    if operator == "contains" or column.name == "reference":
        return Condition(column.name, operator, (value.strip().upper() if column.name == "reference" else value,))
    with store.reading() as session:
        try:
            if column.field is not None:
                read = editing.read_value(session, column.field, value, settings.lists(session))
            else:
                read = Decimal(value.replace(",", "").replace("£", "")) if column.kind is Kind.MONEY else float(value)
        except (ValueError, ArithmeticError) as error:
            raise Refused(f"{column.label}: {error}.") from error
    return Condition(column.name, operator, read if isinstance(read, tuple) else (read,))


def column_name(store: Store, kind: type[Record], said: str) -> str:
    """The name of the field, figure or column of the officers' own that FIELD names, by its name, key or label."""
    from grants_app.store import own

    with store.reading() as session:
        field = own.named(session, kind, said)
    return said if field is None else field.name


def plain(value: Any) -> Any:
    """A value for JSON: money as a decimal string, dates as ISO, an enumeration as its word."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def as_json(rows: Iterable[dict[str, Any]]) -> None:
    """Print an array of objects, a line each, however many there are."""
    click.echo("[", nl=False)
    separator = "\n"
    for row in rows:
        click.echo(separator + json.dumps(row, ensure_ascii=False), nl=False)
        separator = ",\n"
    click.echo("\n]")


def progress_bar(label: str) -> Callable[[int, int | None], None]:
    """A progress callback that writes one line on a terminal's standard error, and nothing elsewhere."""

    def show(done: int, of: int | None) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{label} {done:,}{f' of {of:,}' if of else ''} ", nl=False, err=True)

    return show


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "Unknown officer"
