"""What makes a function a report: its name, its title, its parameters, and the document that comes of it."""

import dataclasses
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.records import Kind, kind_named
from grants_app.reports.document import Document, State
from grants_app.store import references, settings

SAMPLE_NOTICE = "Sample data: figures are illustrative"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a report asks: `option` is its name on the command line, `to` the kind of record it links to."""

    name: str
    label: str
    kind: Kind
    to: str = ""
    option: str = ""
    help: str = ""
    required: bool = False


def asked(label: str, kind: Kind = Kind.TEXT, *, to: str = "", option: str = "", help: str = "") -> Mapping[str, Any]:
    """What a field of a report's dataclass asks, as its metadata; with `to`, a kind of record, it holds a record's id.

    A field without a default is required.
    """
    return {"label": label, "kind": Kind.LINK if to else kind, "to": to, "option": option, "help": help}


@dataclass(frozen=True, slots=True)
class Report:
    """A report that can be asked for: `asks` is the dataclass of its parameters, `make` what answers them."""

    name: str
    title: str
    about: str
    asks: type[Any]
    make: Callable[[Session, Any], Document]

    @property
    def parameters(self) -> Sequence[Parameter]:
        """What it asks, in order."""
        return [_parameter(field) for field in dataclasses.fields(self.asks)]

    def read(self, session: Session, typed: Mapping[str, str]) -> Any:
        """The parameters from what was typed, by their names: records by reference, dates day first.

        Refused, with a sentence: an unknown parameter, an unknown reference, what is no date, a missing required one.
        """
        known = {one.name: one for one in self.parameters}
        for name in typed:
            if name not in known:
                raise Refused(f"The report “{self.name}” has no “{name}”.")
        given = {name: _value(session, known[name], text) for name, text in typed.items() if text.strip()}
        for one in known.values():
            if one.required and one.name not in given:
                raise Refused(f"The report “{self.name}” needs {one.option}: {one.help}.")
        return self.asks(**given)

    def document(self, session: Session, parameters: Any, *, prepared_by: str, final: bool = False) -> Document:
        """The report as of now, with who prepared it, whether it is final, and a notice if the file is a sample."""
        made = self.make(session, parameters)
        notice = SAMPLE_NOTICE if settings.get(session, settings.SAMPLE) else made.notice
        state = State.FINAL if final else State.DRAFT
        return dataclasses.replace(made, prepared_by=prepared_by, as_at=clock.now(), state=state, notice=notice)


def report(title: str) -> Callable[[Callable[[Session, Any], Document]], Report]:
    """Make a function a report: its name is the report's, its docstring says what it tells."""

    def mark(make: Callable[[Session, Any], Document]) -> Report:
        asks = next(kind for name, kind in typing.get_type_hints(make).items() if name not in {"session", "return"})
        return Report(make.__name__.replace("_", "-"), title, (make.__doc__ or "").strip().split("\n")[0], asks, make)

    return mark


def _parameter(field: dataclasses.Field[Any]) -> Parameter:
    about = dict(field.metadata)
    option = about.pop("option") or f"--{field.name.replace('_', '-')}"
    return Parameter(name=field.name, option=option, required=field.default is dataclasses.MISSING, **about)


def _value(session: Session, asked: Parameter, text: str) -> Any:
    try:
        if asked.kind is Kind.LINK:
            return references.find(session, text, kind_named(asked.to)).id
        if asked.kind is Kind.DATE:
            return wording.read_date(text)
        return wording.read_yes_no(text) if asked.kind is Kind.YES_NO else text
    except ValueError as error:
        raise Refused(f"{asked.label}: {error}") from error
