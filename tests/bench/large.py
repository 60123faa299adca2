"""A believable file of 100,000 grants, made once through the store's own door and kept in the temporary folder."""

import hashlib
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from grants_app.records import Engagement, Grant, Organisation, Payment, Programme, Theme
from grants_app.records.engagement import EngagementStatus
from grants_app.records.grant import AWARDED, Rag, Status
from grants_app.records.organisation import OrganisationKind, OrganisationStatus
from grants_app.records.payment import PaymentKind, PaymentStatus
from grants_app.records.places import BOROUGHS
from grants_app.store import Store, opening
from grants_app.store.upgrade import MIGRATIONS

GRANTS = 100_000
PROGRAMMES = 12
TODAY = date(2026, 11, 23)
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
    """So many grants, with as many engagements and half as many payments, in a dozen programmes."""
    chance = random.Random(grants)  # noqa: S311 - the same file each time
    with store.change("Bring in the past", lenient=True) as session:
        programmes = session.add_many(
            Programme, [{"code": f"CALL{n}", "name": f"Shared work, call {n}"} for n in range(PROGRAMMES)]
        )
        session.add_many(Theme, [{"programme_id": each, "name": f"Theme of {each}"} for each in programmes])
        bodies = session.add_many(Organisation, _organisations(chance, grants // 20 + 1))
        ids = session.add_many(Grant, _grants(chance, grants, programmes, bodies))
        session.add_many(Engagement, _engagements(chance, grants, programmes, ids))
        session.add_many(Payment, _payments(chance, grants // 2, ids))


def _organisations(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {
            "name": f"{chance.choice(_FIRST)} {chance.choice(_LAST)} {number}",
            "kind": chance.choice(list(OrganisationKind)),
            "status": OrganisationStatus.APPROVED,
            "charity_number": str(9_000_001 + number),
            "postcode": f"E{chance.randrange(1, 20)} {chance.randrange(1, 9)}AA",
            "borough": chance.choice(BOROUGHS).name,
        }


def _grants(chance: random.Random, count: int, programmes: list[int], bodies: list[int]) -> Iterator[dict[str, Any]]:
    statuses = list(Status)
    for number in range(count):
        status = Status.COMPLETED if chance.random() < 0.6 else chance.choice(statuses)
        starts = TODAY - timedelta(days=chance.randrange(3500))
        asked = Decimal(chance.randrange(1_000_00, 100_000_00)).scaleb(-2)
        yield {
            "programme_id": chance.choice(programmes),
            "organisation_id": chance.choice(bodies),
            "title": f"{chance.choice(_WORK)}, part {number}",
            "purpose": f"Sessions with {chance.randrange(10, 90)} people about what they see on line, and what to do.",
            "status": status,
            "themes": (f"THM-{chance.randrange(1, PROGRAMMES + 1):04d}",),
            "boroughs": tuple(sorted({chance.choice(BOROUGHS).name for _ in range(chance.randrange(3))})),
            "audiences": (chance.choice(_AUDIENCES),),
            "asked": asked,
            "awarded": asked if status in AWARDED else None,
            "received": starts - timedelta(days=90),
            "starts": starts,
            "ends": starts + timedelta(days=chance.randrange(60, 700)),
            "decided_on": starts - timedelta(days=30) if status in AWARDED else None,
            "rag": chance.choice([Rag.GREEN, Rag.GREEN, Rag.NONE]),
            "identifier": f"360G-BENCH-{number:07d}",
        }


def _engagements(chance: random.Random, count: int, programmes: list[int], ids: list[int]) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {
            "programme_id": programmes[number % len(programmes)],
            "grant_id": chance.choice(ids),
            "title": f"{chance.choice(_WORK)} at the {chance.choice(_LAST)}",
            "status": EngagementStatus.DELIVERED,
            "held_on": TODAY - timedelta(days=chance.randrange(3000)),
            "attended": chance.randrange(4, 80),
            "new": chance.randrange(4),
            "borough": chance.choice(BOROUGHS).name,
            "audiences": (chance.choice(_AUDIENCES),),
        }


def _payments(chance: random.Random, count: int, ids: list[int]) -> Iterator[dict[str, Any]]:
    for _ in range(count):
        day = TODAY - timedelta(days=chance.randrange(3000))
        yield {
            "grant_id": chance.choice(ids),
            "kind": PaymentKind.INTERIM,
            "status": PaymentStatus.PAID,
            "amount": Decimal(chance.randrange(100_00, 900_00)).scaleb(-2),
            "due": day,
            "paid_on": day,
            "approved_by": "Ben Officer",
        }
