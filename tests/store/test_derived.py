"""What is kept beside the records follows each change of them, undone or not."""

from datetime import date
from decimal import Decimal

from grants_app.operations import editing
from grants_app.records import Engagement, Grant, Programme, figures
from grants_app.records.engagement import EngagementStatus
from grants_app.records.grant import Status
from grants_app.store import Store, checking_derived, undoing
from tests.make import make


def sound(store: Store) -> bool:
    """Whether all totals are what they are added up from."""
    with store.reading() as session:
        assert list(checking_derived.totals(session)) == []
    return True


def delivered(store: Store) -> tuple[dict[str | None, tuple[int, int | None]], dict[str, int | None]]:
    """Engagements and attendances by borough, and attendances by month."""
    with store.reading() as session:
        boroughs = {
            name: (count, sum_) for name, count, sum_ in session.execute(figures.boroughs_of(figures.within(None)))
        }
        return boroughs, {month: sum_ for month, _, sum_ in session.execute(figures.months_of(figures.within(None)))}


def test_kept_totals_of_months_follow_every_change_of_engagements_and_its_undoing(store):
    grant, other = make(store, Grant), make(store, Programme)
    held = {"grant_id": grant.id, "programme_id": grant.programme_id, "status": EngagementStatus.DELIVERED}
    one = make(store, Engagement, **held, held_on=date(2026, 5, 3), attended=12, borough="Brent")
    with store.change("Bring in") as session:
        session.add_many(
            Engagement,
            [{**held, "title": "Talk", "held_on": date(2026, 6, n), "attended": n, "borough": None} for n in (1, 2)],
        )
    assert delivered(store) == ({"Brent": (1, 12), None: (2, 3)}, {"2026-05": 12, "2026-06": 3})

    for values in (
        {"borough": "Camden", "attended": 20},
        {"held_on": date(2026, 7, 1)},
        {"programme_id": other.id},
        {"status": EngagementStatus.PLANNED, "attended": None},
        {"status": EngagementStatus.DELIVERED, "attended": 7},
    ):
        editing.save(store, Engagement, values, id=one.id)
        assert sound(store)
    assert delivered(store) == ({"Camden": (1, 7), None: (2, 3)}, {"2026-06": 3, "2026-07": 7})

    editing.delete(store, Engagement, one.id)
    assert delivered(store) == ({None: (2, 3)}, {"2026-06": 3})
    for _ in range(7):
        undoing.undo(store)
        assert sound(store)
    assert delivered(store) == ({"Brent": (1, 12)}, {"2026-05": 12})
    undoing.redo(store)
    assert sound(store)
    assert delivered(store) == ({"Brent": (1, 12), None: (2, 3)}, {"2026-05": 12, "2026-06": 3})


def test_kept_totals_of_programmes_follow_grants_brought_in_moved_and_taken_back(store):
    first, second = make(store, Programme), make(store, Programme)
    grant = make(store, Grant, programme_id=first.id, status=Status.APPLIED, asked=Decimal("500.00"))

    def money(programme: int) -> tuple[Decimal, Decimal]:
        with store.reading() as session:
            row = session.execute(figures.position(Programme.id == programme)).one()
            return row.awarded, row.pending

    assert money(first.id) == (0, 500)
    editing.save(store, Grant, {"programme_id": second.id, "asked": Decimal("700.00")}, id=grant.id)
    assert (money(first.id), money(second.id)) == ((0, 0), (0, 700))
    with store.change("Bring in", lenient=True) as session:
        session.add_many(
            Grant,
            [
                {
                    "programme_id": second.id,
                    "organisation_id": grant.organisation_id,
                    "title": f"Work {n}",
                    "status": Status.ACTIVE,
                    "awarded": Decimal(n),
                }
                for n in range(1, 5)
            ],
        )
    assert money(second.id) == (10, 700)
    assert sound(store)
    undoing.undo(store)
    assert money(second.id) == (0, 700)
    editing.delete(store, Grant, grant.id)
    assert money(second.id) == (0, 0)
    assert sound(store)
