"""On which funding lines an award or a payment falls: all on a programme's only line, unless it was split."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.operations.moving import load
from grants_app.records import Allocation, FundingLine, Grant, Payment
from grants_app.store import Store


def split(store: Store, parts: Mapping[int, Decimal], *, grant_id: int, payment_id: int | None = None) -> None:
    """Split a grant's award, or one payment of it, over funding lines (ids) in pounds; no parts takes a split back.

    Refused unless the parts are more than nothing, on lines of the grant's programme, and add up to the penny.
    """
    with store.change("Split over funding lines") as session:
        grant = load(session, Grant, grant_id)
        whole: Grant | Payment = load(session, Payment, payment_id) if payment_id else grant
        if isinstance(whole, Payment) and whole.grant_id != grant.id:
            raise Refused(f"Payment {whole.reference} is not one of grant {grant.reference}.")
        amount = whole.amount if isinstance(whole, Payment) else whole.awarded
        if parts:
            _refuse_unequal(parts, amount, editing.called(whole))
            _refuse_foreign(session, grant, parts)
        for old in session.scalars(_own(grant_id, payment_id)).all():
            session.delete(old)
        session.flush()
        for line, part in parts.items():
            session.add(Allocation(grant_id=grant_id, payment_id=payment_id, funding_line_id=line, amount=part))
        session.words = f"Split {editing.called(whole)} over funding lines"


def parts_of(session: Session, grant: Grant, payment: Payment | None = None) -> dict[int, Decimal]:
    """What falls on each funding line (id), in pounds; not split, all on the programme's only line, else unknown."""
    given = session.scalars(_own(grant.id, payment.id if payment else None)).all()
    if given:
        return {part.funding_line_id: part.amount for part in given}
    amount = payment.amount if payment else grant.awarded
    lines = session.scalars(select(FundingLine.id).where(FundingLine.programme_id == grant.programme_id).limit(2)).all()
    return {lines[0]: amount} if len(lines) == 1 and amount is not None else {}


def _own(grant_id: int, payment_id: int | None) -> Select[Allocation]:
    which = Allocation.payment_id.is_(None) if payment_id is None else Allocation.payment_id == payment_id
    return select(Allocation).where(Allocation.grant_id == grant_id, which).order_by(Allocation.id)


def _refuse_unequal(parts: Mapping[int, Decimal], amount: Decimal | None, called: str) -> None:
    if amount is None:
        raise Refused(f"There is nothing to split: {called} has no award yet.")
    if min(parts.values()) <= 0:
        raise Refused("Each part of a split is more than nothing: leave out the lines that bear none of it.")
    total = sum(parts.values(), Decimal(0))
    if total != amount:
        gap = f"{wording.money_text(abs(amount - total))} too {'much' if total > amount else 'little'}"
        raise Refused(
            f"The parts come to {wording.money_text(total)}, {gap}: {called} is {wording.money_text(amount)}."
        )


def _refuse_foreign(session: Session, grant: Grant, parts: Mapping[int, Decimal]) -> None:
    own = set(session.scalars(select(FundingLine.id).where(FundingLine.programme_id == grant.programme_id)))
    if not own.issuperset(parts):
        raise Refused(f"A part falls on a funding line of another programme than that of grant {grant.reference}.")
