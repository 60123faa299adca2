"""Where a programme's money is, told the same way in every report: key figures, parts of the budget, by year."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.records import figures, registers
from grants_app.reports.document import Cell, ChartKind, ChartSpec, Column, KeyFigure, KeyFigures, Series, Show, Table
from grants_app.reports.pieces import Scope

_NOUGHT = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Money:
    """The pounds of a programme, as figures.position() defines them."""

    budget: Decimal
    awarded: Decimal
    pending: Decimal
    committed: Decimal
    paid: Decimal
    left: Decimal
    budget_left: Decimal


def money_of(session: Session, scope: Scope) -> Money:
    """The pounds as of now."""
    row = session.execute(figures.position(scope.which)).one()
    return Money(row.budget, row.awarded, row.pending, row.committed, row.paid, row.left, row.budget_left)


def key_figures(money: Money) -> KeyFigures:
    """Budget, awarded, committed, paid, left to pay, each with what it counts."""
    share = f", {round(money.awarded / money.budget * 100)}% of the budget" if money.budget else ""
    return KeyFigures(
        (
            KeyFigure(
                "Budget", money.budget, f"{_pounds(money.budget_left)} left after awards and pending bids", Show.MONEY
            ),
            KeyFigure("Awarded", money.awarded, f"current amounts of awards{share}", Show.MONEY),
            KeyFigure("Committed", money.committed, "awards whose agreement is signed", Show.MONEY),
            KeyFigure("Paid", money.paid, "payments paid, less reclaims received", Show.MONEY),
            KeyFigure("Left to pay", money.left, "awarded less paid", Show.MONEY),
        )
    )


def parts_of_budget(money: Money) -> ChartSpec:
    """The budget in its parts, from paid to left; a part below nought is told in words and not drawn."""
    parts = {
        "Paid": money.paid,
        "Committed, not yet paid": money.committed - money.paid,
        "Awarded, agreement not signed": money.awarded - money.committed,
        "Pending decisions": money.pending,
        "Left of the budget": money.budget_left,
    }
    below = [f"{name.lower()} is {_pounds(value)}" for name, value in parts.items() if value < 0]
    over = f" {wording.listed(below).capitalize()}, which cannot be drawn." if below else ""
    drawn = {name: max(value, _NOUGHT) for name, value in parts.items()}
    summary = (
        f"Of {_pounds(money.budget)}: {', '.join(f'{name.lower()} {_pounds(value)}' for name, value in parts.items())}."
    )
    counts = f"Parts of the budget; pending decisions at what the bids ask for.{over}"
    series = (Series("pounds", tuple(drawn.values())),)
    return ChartSpec(ChartKind.PARTS, "Where the budget is", tuple(drawn), series, summary, counts, "£")


def by_year(session: Session, scope: Scope, money: Money) -> Table:
    """Budget, awarded, committed, paid and left by financial year; the columns add up to the key figures."""
    found = session.execute(registers.money_by_year(scope.within)).all()
    rows: list[tuple[Any, ...]] = [
        (_year(row.year), row.budget, row.awarded, row.committed, row.paid, row.to_come) for row in found
    ]
    sums = [sum((row[at] for row in rows), start=_NOUGHT) for at in range(1, 6)]
    rest = (money.budget - sums[0], _NOUGHT, _NOUGHT, _NOUGHT, money.left - sums[4])
    if any(rest):
        rows.append(("Not given to a year", *rest))
    columns = (
        Column("Financial year", width=1.5),
        Column("Budget", Show.MONEY),
        Column("Awarded", Show.MONEY),
        Column("Committed", Show.MONEY),
        Column("Paid", Show.MONEY),
        Column("Left to pay", Show.MONEY),
    )
    counts = (
        "April to March. Budget by funding line; awarded by the day of the decision; committed by the day of the "
        "signature; paid by the day of payment; left by when payments are expected."
    )
    totals: Sequence[Cell] = ("Total", money.budget, money.awarded, money.committed, money.paid, money.left)
    return Table("money_by_year", "Money by financial year", columns, tuple(rows), counts, tuple(totals))


def _year(first: int | None) -> str:
    return f"{first}-{(first + 1) % 100:02d}" if first is not None else "No date recorded"


def _pounds(amount: Decimal) -> str:
    return wording.money_text(amount)
