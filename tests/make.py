"""A valid record of any kind, made from its declared fields alone."""

import hashlib
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from grants_app.records import Document, Field, Grant, Kind, PlanLine, Programme, Record, Risk, kind_named
from grants_app.records.grant import Measure
from grants_app.records.history import Blob
from grants_app.store import Store

TODAY = "2026-11-23"
_numbers = count(1)


def make(store: Store, kind: type[Record], **values: Any) -> Record:
    """Store a valid record of the kind; what is required and not given is made, linked records too."""
    with store.change(f"Make a {kind.noun.lower()}") as session:
        return make_in(session, kind, values)


def make_in(session: Session, kind: type[Record], values: Mapping[str, Any]) -> Record:
    """As `make`, inside a step."""
    filled = dict(values)
    if kind is PlanLine:
        filled.setdefault("what", Measure.ENGAGEMENTS)
    if kind in (PlanLine, Risk) and not filled.keys() & {"grant_id", "programme_id"}:
        filled["grant_id"] = make_in(session, Grant, {}).id
    if kind is Document and "sha256" not in filled:
        filled |= _kept_bytes(session)
    for name, field in kind.fields().items():
        if field.required and field.default is None and name not in filled:
            filled[name] = _value(session, kind, field)
    record = kind(**filled)
    session.add(record)
    session.flush()
    return record


def sample_value(field: Field, session: Session | None = None) -> Any:
    """Some valid value for a field, different from its default; links need a session."""
    match field.kind:
        case Kind.MONEY:
            return Decimal("1234.50")
        case Kind.DATE:
            return date(2026, 3, 4)
        case Kind.WHOLE:
            return 3
        case Kind.NUMBER:
            return 2.5
        case Kind.YES_NO:
            return not field.default
        case Kind.CHOICE:
            word = field.words()[-1]
            return word if isinstance(field.choices, str) else field.choices(word)
        case Kind.MANY:
            return (field.words()[0],) if field.choices else ()
        case Kind.TIME:
            return time(14, 30)
        case Kind.LINK | Kind.ABOUT | Kind.EXTRA | Kind.INSTANT:
            return None
    return f"{field.label} {next(_numbers)}"[-(field.maximum or 500) :].strip()


def _kept_bytes(session: Session) -> dict[str, Any]:
    whole = f"A paper, number {next(_numbers)}".encode()
    sha256 = hashlib.sha256(whole).hexdigest()
    session.connection().execute(insert(Blob).values(sha256=sha256, bytes=whole))
    return {"sha256": sha256, "size": len(whole)}


def _value(session: Session, kind: type[Record], field: Field) -> Any:
    if field.kind is Kind.LINK:
        target = kind_named(field.to)
        assert target is not None
        return make_in(session, target, {}).id
    if field.kind is Kind.ABOUT:
        return make_in(session, Grant, {}).reference
    if kind is Programme and field.name == "code":
        return f"PX{next(_numbers)}"
    if field.name == "year":
        return "2026-27"
    return sample_value(field)
