"""Kill a working process again and again and look at what is left: `python -m tests.proofs.kill [how many] [seed]`.

After each kill the file passes its check, holds every step that was acknowledged, and holds no step in part. Backups
are whole files, and so is an export.
"""

import contextlib
import random
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from grants_app.records import Organisation
from grants_app.records.history import Edit, Step
from grants_app.store import Store, backup, checking, opening
from tests.proofs.worker import BROUGHT, PAIR

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 0.9
"""Seconds that a process works at most before it is killed."""


@dataclass
class Tally:
    """What was done to the file and seen of it."""

    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    ahead: int = 0
    backups: int = 0
    exports: int = 0


def main(arguments: list[str]) -> int:
    """Print what each kill left, and a summary."""
    times = int(arguments[0]) if arguments else 50
    seed = int(arguments[1]) if len(arguments) > 1 else random.randrange(10**6)  # noqa: S311 - chance, not secrecy
    with tempfile.TemporaryDirectory() as folder:
        tally = Tally()
        for line in prove(Path(folder), times, seed, tally):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    works = ", ".join(f"{count} during {work}" for work, count in sorted(tally.kills.items()))
    sys.stdout.write(
        f"\n{tally.kills.total()} kills (seed {seed}): {works}. {tally.acknowledged:,} steps acknowledged, none "
        f"lost; {tally.ahead} stored whole just before they could be acknowledged. No step was half there, and every "
        f"check passed, of the file and of {tally.backups} backups; {tally.exports} exports were whole.\n"
    )
    return 0


def prove(folder: Path, times: int, seed: int, tally: Tally) -> Iterator[str]:
    """Kill so many processes, in turn at each work, on one file; AssertionError where a promise is broken."""
    chance = random.Random(seed)  # noqa: S311
    path = folder / "work.grants"
    with closing(opening.create(path, "Ann Officer")) as store, store.change("Begin") as session:
        session.add_many(Organisation, [{"name": name, "postcode": "E1 6AN"} for name in PAIR])
    works = ("edits", "imports", "copies")
    for turn in range(times):
        work = works[turn % len(works)]
        acknowledged = killed(work, path, chance.randrange(10**6), chance.uniform(0, LONGEST))
        with closing(opening.open_file(path, "Ann Officer")) as store:
            ahead = look(store, acknowledged)
        whole = copies(folder, tally)
        tally.kills[work] += 1
        tally.acknowledged += len(acknowledged)
        tally.ahead += ahead
        yield f"{turn + 1:3} {work}: {len(acknowledged)} steps acknowledged, {ahead} more stored{whole}; all is well"


def killed(work: str, path: Path, seed: int, seconds: float) -> list[int]:
    """The steps that a process acknowledged until it was killed, so long after it began to work."""
    command = [sys.executable, "-m", "tests.proofs.worker", work, str(path), str(seed)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        assert process.poll() is None, "the worker ended by itself"
        process.kill()
        lines = process.stdout.read().splitlines(keepends=True)
    return [int(line) for line in lines if line.endswith("\n")]


def look(store: Store, acknowledged: list[int]) -> int:
    """Assert that the file is whole and holds those steps; how many more it holds, which may be one."""
    assert checking.check(store) == []
    with store.reading() as session:
        stored = set(session.scalars(select(Step.id).where(Step.id.in_(acknowledged))))
        assert stored == set(acknowledged), "acknowledged steps are lost"
        newest = session.scalar(select(func.max(Step.id))) or 0
        ahead = newest - max(acknowledged, default=newest)
        assert ahead <= 1, "steps stand in the file that follow one not acknowledged"
        pair = session.scalars(select(Organisation.postcode).where(Organisation.name.in_(PAIR))).all()
        assert len(pair) == 2
        assert pair[0] == pair[1], "a step is half there"
        parts = session.execute(
            select(Step.words, func.count(Edit.id)).join(Edit).where(Step.words.like("%Bring in %")).group_by(Step.id)
        ).all()
        assert [count for _, count in parts if count != BROUGHT] == [], "an import is half there"
    return ahead


def copies(folder: Path, tally: Tally) -> str:
    """Assert that each backup is a file that passes its check, and that the export, if there is one, is whole."""
    told = ""
    for each in backup.listed(folder / "work.grants"):
        with closing(opening.open_file(each.path, "Ann Officer")) as store:
            assert checking.check(store) == []
        each.path.unlink()
        tally.backups += 1
        told = ", a backup"
    with contextlib.suppress(FileNotFoundError), zipfile.ZipFile(folder / "all.xlsx") as package:
        assert package.testzip() is None
        tally.exports += 1
        told += ", an export"
    (folder / "all.xlsx").unlink(missing_ok=True)
    return told


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
