"""Saved views as plain JSON: each filter's values as history would keep them."""

from collections.abc import Mapping
from typing import Any

from grants_app.records import Kind, Record
from grants_app.store.listing import Condition, column_named


def condition_to(kind: type[Record], condition: Condition) -> dict[str, Any]:
    """A filter as JSON."""
    return {
        "column": condition.column,
        "operator": condition.operator,
        "values": [_stored(kind, condition.column, value) for value in condition.values],
    }


def condition_from(kind: type[Record], saved: Mapping[str, Any]) -> Condition:
    """The filter that was saved."""
    name = str(saved["column"])
    values = tuple(_restored(kind, name, value) for value in saved["values"])
    return Condition(name, str(saved["operator"]), values)


def _stored(kind: type[Record], name: str, value: Any) -> Any:
    field = column_named(kind, name).field
    if field is None:
        return str(value)
    return value if field.kind in {Kind.MANY, Kind.LINK} else field.stored(value)


def _restored(kind: type[Record], name: str, value: Any) -> Any:
    column = column_named(kind, name)
    if column.field is not None:
        return value if column.field.kind in {Kind.MANY, Kind.LINK} else column.field.restored(value)
    if column.kind is Kind.MONEY:
        from decimal import Decimal

        return Decimal(value)
    return int(value) if column.kind is Kind.WHOLE else value
