"""A believable file of 100,000 grants, or of a million, made once through the store's own door and kept aside."""

import hashlib
import itertools
import os
import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from grants_app.records import Engagement, Grant, Organisation, Payment, Programme, Theme
from grants_app.records.engagement import EngagementStatus
from grants_app.records.grant import AWARDED, Rag, Status
from grants_app.records.lists import BOROUGHS
from grants_app.records.organisation import OrganisationKind, OrganisationStatus
from grants_app.records.payment import PaymentKind, PaymentStatus
from grants_app.store import Store, opening
from grants_app.store.upgrade import MIGRATIONS

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
_AUDIENCES = tuple(
    (each,) for each in ("Young people", "Pupils", "Parents", "Mothers", "Teachers", "Faith groups", "General public")
)
_NAMES = tuple(f"{first} {last}" for first in _FIRST for last in _LAST)
_TITLES = tuple(f"{work} at the {last}" for work in _WORK for last in _LAST)
_HALLS = tuple(f"{first} hall" for first in _FIRST)
_POSTCODES = tuple(f"E{district} {sector}AA" for district in range(1, 20) for sector in range(1, 9))
_THEMES = tuple((f"THM-{number:04d}",) for number in range(1, PROGRAMMES + 1))
_PLACES = (*[()] * len(_BOROUGHS), *((each,) for each in _BOROUGHS), *itertools.pairwise(_BOROUGHS))
_USUAL_STATUSES = (*_STATUSES, *[Status.COMPLETED] * (2 * len(_STATUSES)))
_YEARS, _BATCH = 3500, 5000
_AGO = {ago: TODAY - timedelta(days=ago) for ago in range(-800, _YEARS + 100)}


def large(grants: int = GRANTS) -> Path:
    """The file, closed; not to be changed, since the next benchmark reads it too: see `copy_of`."""
    made_of = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(MIGRATIONS.rglob("0*")):
        made_of.update(path.read_bytes() if path.is_file() and path.suffix != ".pyc" else b"")
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
    chance = random.Random(grants)  # noqa: S311 - nobody is to be surprised by it
    with store.change("Bring in the past", lenient=True) as session:
        programmes = session.add_many(
            Programme, [{"code": f"CALL{n}", "name": f"Shared work, call {n}"} for n in range(PROGRAMMES)]
        )
        session.add_many(Theme, [{"programme_id": each, "name": f"Theme of {each}"} for each in programmes])
        bodies = session.add_many(Organisation, _organisations(chance, grants * 12 // 100 + 1))
        ids = session.add_many(Grant, _grants(chance, grants, programmes, bodies))
        session.add_many(Engagement, _engagements(chance, grants * 3, programmes, ids))
        session.add_many(Payment, _payments(chance, grants // 2, ids))


def _drawn(chance: random.Random, count: int, *pools: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """A number from 0 up, and one of each pool, so many times: a batch of each pool at once, which is the fastest."""
    for start in range(0, count, _BATCH):
        size = min(_BATCH, count - start)
        yield from zip(range(start, start + size), *(chance.choices(pool, k=size) for pool in pools), strict=True)


def _organisations(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    for number, name, kind, postcode, borough in _drawn(chance, count, _NAMES, _KINDS, _POSTCODES, _BOROUGHS):
        yield {
            "name": f"{name} {number}",
            "kind": kind,
            "status": OrganisationStatus.APPROVED,
            "charity_number": str(9_000_001 + number),
            "postcode": postcode,
            "borough": borough,
        }


def _grants(chance: random.Random, count: int, programmes: range, bodies: range) -> Iterator[dict[str, Any]]:
    pools = (
        programmes, bodies, _WORK, range(10, 90), _USUAL_STATUSES, _THEMES, _PLACES, _AUDIENCES,
        range(1_000_00, 100_000_00), range(_YEARS), range(60, 700), _RAGS,
    )  # fmt: skip
    for number, programme, body, work, people, status, theme, places, audience, asked, ago, long, rag in _drawn(
        chance, count, *pools
    ):
        amount = Decimal(asked).scaleb(-2)
        yield {
            "programme_id": programme,
            "organisation_id": body,
            "title": f"{work}, part {number}",
            "purpose": f"Sessions with {people} people about what they see on line, and what to do.",
            "status": status,
            "themes": theme,
            "boroughs": places,
            "audiences": audience,
            "asked": amount,
            "awarded": amount if status in AWARDED else None,
            "received": _AGO[ago + 90],
            "starts": _AGO[ago],
            "ends": _AGO[ago - long],
            "decided_on": _AGO[ago + 30] if status in AWARDED else None,
            "rag": rag,
            "identifier": f"360G-BENCH-{number:07d}",
        }


def _engagements(chance: random.Random, count: int, programmes: range, ids: range) -> Iterator[dict[str, Any]]:
    pools = (ids, _TITLES, range(-60, 3000), range(4, 80), range(4), _HALLS, _BOROUGHS, _AUDIENCES)
    for number, grant, title, ago, attended, new, hall, borough, audience in _drawn(chance, count, *pools):
        yield {
            "programme_id": programmes[number % len(programmes)],
            "grant_id": grant,
            "title": title,
            "status": EngagementStatus.DELIVERED if ago > 0 else EngagementStatus.PLANNED,
            "held_on": _AGO[ago],
            "attended": attended if ago > 0 else None,
            "new": new if ago > 0 else None,
            "venue": hall if number % 3 else None,
            "borough": borough,
            "audiences": audience,
        }


def _payments(chance: random.Random, count: int, ids: range) -> Iterator[dict[str, Any]]:
    for _, grant, ago, amount in _drawn(chance, count, ids, range(-90, 3000), range(100_00, 900_00)):
        yield {
            "grant_id": grant,
            "kind": PaymentKind.INTERIM,
            "status": PaymentStatus.PAID if ago >= 0 else PaymentStatus.SCHEDULED,
            "amount": Decimal(amount).scaleb(-2),
            "due": _AGO[ago],
            "paid_on": _AGO[ago] if ago >= 0 else None,
            "requested_by": "Ann Officer" if ago >= 0 else None,
            "approved_by": "Ben Officer" if ago >= 0 else None,
        }
