"""A believable file of 100,000 grants, or of a million, made once through the store's own door and kept aside."""

import hashlib
import os
import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from grants_app.records import Engagement, Grant, Organisation, Payment, Programme, Theme
from grants_app.records.engagement import EngagementStatus
from grants_app.records.grant import AWARDED, Rag, Status
from grants_app.records.organisation import OrganisationKind, OrganisationStatus
from grants_app.records.payment import PaymentKind, PaymentStatus
from grants_app.records.places import BOROUGHS
from grants_app.store import Store, opening
from grants_app.store.upgrade import MIGRATIONS

T = TypeVar("T")
GRANTS = 100_000
MILLION = 1_000_000
PROGRAMMES = 12
TODAY = date(2026, 11, 23)
_BOROUGHS = [borough.name for borough in BOROUGHS]
_KINDS = list(OrganisationKind)
_STATUSES = list(Status)
_RAGS = (Rag.GREEN, Rag.GREEN, Rag.NONE)
_FIRST = (
    "Kiln Street",
    "Harbour",
    "New Dawn",
    "Riverside",
    "Open Door",
    "Peckham",
    "Lea Valley",
    "Northfield",
    "Saffron",
)
_LAST = ("Boxing Club", "Youth Trust", "Community Centre", "Mothers' Circle", "Theatre", "Faith Forum", "Football Club")
_WORK = ("Talks in schools", "Mentoring", "Women's circle", "Digital resilience", "Street outreach", "Parents together")
_AUDIENCES = ("Young people", "Pupils", "Parents", "Mothers", "Teachers", "Faith groups", "General public")


class _Chance:
    """The same choices each time; half as exact as Python's own, and twice as fast."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed).random  # noqa: S311 - nobody is to be surprised by it

    def choice(self, of: Sequence[T]) -> T:
        """One of them."""
        return of[int(self.random() * len(of))]

    def randrange(self, start: int, stop: int | None = None) -> int:
        """A number of the range."""
        least, most = (0, start) if stop is None else (start, stop)
        return least + int(self.random() * (most - least))


def large(grants: int = GRANTS) -> Path:
    """The file, closed; not to be changed, since the next benchmark reads it too: see `copy_of`."""
    made_of = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(MIGRATIONS.rglob("0*")):
        made_of.update(path.read_bytes() if path.is_file() else b"")
    path = Path(tempfile.gettempdir()) / "grants-desk-bench" / f"{grants}-{made_of.hexdigest()[:12]}.grants"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        fresh = path.with_name(f"{os.getpid()}.{path.name}")
        with closing(opening.create(fresh, "Bench")) as store:
            fill(store, grants)
        for old in path.parent.glob(f"{grants}-*.grants"):
            old.unlink()
        fresh.rename(path)
    return path


def copy_of(path: Path, folder: Path, name: str = "bench.grants") -> Path:
    """A copy that may be changed."""
    return Path(shutil.copy(path, folder / name))


def fill(store: Store, grants: int) -> None:
    """So many grants in a dozen programmes, to an eighth as many organisations; each with three engagements."""
    chance = _Chance(grants)
    with store.change("Bring in the past", lenient=True) as session:
        programmes = session.add_many(
            Programme, [{"code": f"CALL{n}", "name": f"Shared work, call {n}"} for n in range(PROGRAMMES)]
        )
        session.add_many(Theme, [{"programme_id": each, "name": f"Theme of {each}"} for each in programmes])
        bodies = session.add_many(Organisation, _organisations(chance, grants * 12 // 100 + 1))
        ids = session.add_many(Grant, _grants(chance, grants, programmes, bodies))
        session.add_many(Engagement, _engagements(chance, grants * 3, programmes, ids))
        session.add_many(Payment, _payments(chance, grants // 2, ids))


def _organisations(chance: _Chance, count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {
            "name": f"{chance.choice(_FIRST)} {chance.choice(_LAST)} {number}",
            "kind": chance.choice(_KINDS),
            "status": OrganisationStatus.APPROVED,
            "charity_number": str(9_000_001 + number),
            "postcode": f"E{chance.randrange(1, 20)} {chance.randrange(1, 9)}AA",
            "borough": chance.choice(_BOROUGHS),
        }


def _grants(chance: _Chance, count: int, programmes: range, bodies: range) -> Iterator[dict[str, Any]]:
    for number in range(count):
        status = Status.COMPLETED if chance.random() < 0.6 else chance.choice(_STATUSES)
        starts = TODAY - timedelta(days=chance.randrange(3500))
        asked = Decimal(chance.randrange(1_000_00, 100_000_00)).scaleb(-2)
        yield {
            "programme_id": chance.choice(programmes),
            "organisation_id": chance.choice(bodies),
            "title": f"{chance.choice(_WORK)}, part {number}",
            "purpose": f"Sessions with {chance.randrange(10, 90)} people about what they see on line, and what to do.",
            "status": status,
            "themes": (f"THM-{chance.randrange(1, PROGRAMMES + 1):04d}",),
            "boroughs": tuple(sorted({chance.choice(_BOROUGHS) for _ in range(chance.randrange(3))})),
            "audiences": (chance.choice(_AUDIENCES),),
            "asked": asked,
            "awarded": asked if status in AWARDED else None,
            "received": starts - timedelta(days=90),
            "starts": starts,
            "ends": starts + timedelta(days=chance.randrange(60, 700)),
            "decided_on": starts - timedelta(days=30) if status in AWARDED else None,
            "rag": chance.choice(_RAGS),
            "identifier": f"360G-BENCH-{number:07d}",
        }


def _engagements(chance: _Chance, count: int, programmes: range, ids: range) -> Iterator[dict[str, Any]]:
    for number in range(count):
        ago = chance.randrange(-60, 3000)
        status = EngagementStatus.DELIVERED if ago > 0 else EngagementStatus.PLANNED
        yield {
            "programme_id": programmes[number % len(programmes)],
            "grant_id": chance.choice(ids),
            "title": f"{chance.choice(_WORK)} at the {chance.choice(_LAST)}",
            "status": status,
            "held_on": TODAY - timedelta(days=ago),
            "attended": chance.randrange(4, 80) if ago > 0 else None,
            "new": chance.randrange(4) if ago > 0 else None,
            "venue": f"{chance.choice(_FIRST)} hall" if number % 3 else None,
            "borough": chance.choice(_BOROUGHS),
            "audiences": (chance.choice(_AUDIENCES),),
        }


def _payments(chance: _Chance, count: int, ids: range) -> Iterator[dict[str, Any]]:
    for _ in range(count):
        ago = chance.randrange(-90, 3000)
        day = TODAY - timedelta(days=ago)
        yield {
            "grant_id": chance.choice(ids),
            "kind": PaymentKind.INTERIM,
            "status": PaymentStatus.PAID if ago >= 0 else PaymentStatus.SCHEDULED,
            "amount": Decimal(chance.randrange(100_00, 900_00)).scaleb(-2),
            "due": day,
            "paid_on": day if ago >= 0 else None,
            "requested_by": "Ann Officer" if ago >= 0 else None,
            "approved_by": "Ben Officer" if ago >= 0 else None,
        }
