"""What a new record needs beyond its row: what follows from its values, and what is missing."""

from collections.abc import Collection, Iterator
from typing import Any

from grants_app import clock
from grants_app.exchange.giving import threesixtygiving
from grants_app.exchange.imports.mapping import split
from grants_app.exchange.imports.matching import INSTEAD, Finder
from grants_app.exchange.imports.rows import Row, RowReader, Said
from grants_app.records import Field, Kind, Record
from grants_app.records.engagement import EngagementStatus
from grants_app.records.grant import Status
from grants_app.records.payment import PaymentStatus

GIVE_IT = "send one there under “Columns”, or give it for every row under “Sheets”"
"""What an officer may do in the preview about a value that no column has."""


def completed(kind: str, values: dict[str, Any], row: Row, *, giving: bool, number: int = 0) -> dict[str, Any]:
    """The values of a new record with what follows from them: a grant that is awarded is active, or completed.

    `number` is which payment of its row it is; 0 where the row holds one at most.
    """
    if kind == "organisation":
        return _organisation(values)
    if kind == "grant":
        status = {} if values.get("status") else _standing(values, giving=giving)
        return {**values, **status, "extra": row.extra or None}
    if kind == "payment":
        return _payment(values, number)
    if kind == "engagement" and not values.get("status") and values.get("attended") is not None:
        held = values.get("held_on")
        return {**values, "status": EngagementStatus.DELIVERED} if held and held <= clock.today() else values
    return values


def lacking(kind: type[Record], targets: Collection[str]) -> list[Field]:
    """What a new record of a kind cannot do without and none of these targets gives; its programme is found."""
    name = kind.__tablename__
    fed = {field for target in targets for of, field in [split(target)] if of == name}
    kinds = {split(target)[0] for target in targets}
    return [
        field
        for field in kind.fields().values()
        if field.required and field.default is None and field.name != "code" and field.to != "programme"
        and not fed & {field.name, *INSTEAD.get(name, {}).get(field.name, ())}
        and not (field.kind is Kind.LINK and field.to in kinds - {name})
    ]  # fmt: skip


def missing(
    finder: Finder, values: dict[str, Any], links: dict[str, int], reader: RowReader, key: str = ""
) -> Iterator[Said]:
    """What a new record cannot do without and the row has not; `key` where the row may hold several of its kind."""
    if reader.giving:
        return
    for name, field in finder.needed:
        if values.get(name) not in (None, "", ()) or name in links:
            continue
        if any(values.get(other) for other in INSTEAD.get(finder.name, {}).get(name, ())):
            continue
        target, number = f"{key or finder.name}.{name}", key.partition(":")[2]
        noun = finder.kind.noun.lower()
        words = f"{field.label} of {f'{noun} {number}' if number else f'the {noun}'} is missing"
        if target in reader.lacks:
            reader.wanting.add(target)
            words += f", and no column has it: {GIVE_IT}"
        title = reader.titles.get(f"{key}.amount", "") if number else ""
        yield Said(reader.titles.get(target, title), words)


def _organisation(values: dict[str, Any]) -> dict[str, Any]:
    identifier, name = values.get("identifier"), values.get("name") or ""
    found = dict(values)
    found.setdefault("kind", threesixtygiving.organisation_kind(identifier, name))
    borough = threesixtygiving.council_borough(identifier)
    return {**found, "borough": borough} if borough and not found.get("borough") else found


def _standing(values: dict[str, Any], *, giving: bool) -> dict[str, Any]:
    if not giving and values.get("awarded") is None:
        return {}
    ends = values.get("ends")
    return {"status": Status.COMPLETED if ends and ends < clock.today() else Status.ACTIVE}


def _payment(values: dict[str, Any], number: int) -> dict[str, Any]:
    paid = values.get("paid_on")
    due = {} if values.get("due") else {"due": paid or values.get("expected_on")}  # as INSTEAD has it
    status = {} if values.get("status") or not paid or paid > clock.today() else {"status": PaymentStatus.PAID}
    return {**({"number": number} if number else {}), **values, **due, **status}
