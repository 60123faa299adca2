"""Publish every real file again as 360Giving, held against the official rules: python -m tests.proofs.giving [file …].

Each file is brought in, goes out as json, xlsx and csv, is checked by the published schema and closed code lists and by
the official conversion, and comes back: no row may change. Grants that cannot be valid are counted with what is wrong.
"""

import itertools
import json
import os
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from grants_app.exchange.giving import giving_out
from grants_app.exchange.imports import importing
from grants_app.exchange.imports.importing import Verdict
from grants_app.operations import file_settings
from grants_app.records import Grant
from grants_app.store import Store, opening
from grants_app.store.listing import Listing
from grants_app.store.settings import Publisher
from tests.exchange import official

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("GRANTS_SHARED", ROOT.parent / "shared")) / "data"
OGL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
ALL = Listing(Grant, ("reference",), sort=(("reference", False),))
ENDINGS = (".json", ".xlsx", ".csv")


@dataclass
class _Outcome:
    """What became of one file."""

    rows: int = 0
    sound: int = 0
    grants: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def main(names: list[str]) -> int:
    """Print a line for each file; 1 if anything that went out is not valid, warned of, or comes back changed."""
    files = [path for path in sorted((DATA / "360giving").rglob("*.*")) if path.suffix in {".xlsx", ".csv", ".json"}]
    bad = 0
    _say(f"{'file':<44}{'rows':>7}{'out':>7}  left out, by what is wrong")
    for path in files:
        if names and path.name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            outcome = _published(path, Path(folder))
        if outcome is None:
            continue
        left = "; ".join(f"{count} × {words}" for words, count in outcome.left_out.most_common(4)) or "none"
        _say(f"{path.name:<44}{outcome.rows:>7,}{outcome.grants:>7,}  {left}")
        for line in outcome.wrong:
            _say(f"    WRONG {line}")
        bad += bool(outcome.wrong)
    return 1 if bad else 0


def _published(path: Path, folder: Path) -> _Outcome | None:
    """One file in, out three ways, and back; None where it is no table of grants."""
    outcome = _Outcome()
    with closing(opening.create(folder / "one.grants", "Ann Officer")) as store:
        file_settings.set_publisher(store, Publisher("Greater London Authority", "GB-LAE-GLA", "360G-GLA", "", OGL))
        try:
            found = importing.preview(store, path)
        except Exception as error:  # noqa: BLE001 - the fixtures hold files that are refused
            _say(f"{path.name:<44}refused: {error}")
            return None
        importing.bring_in(store, found)
        outcome.rows = found.rows_read
        looked = giving_out.look(store, ALL)
        stopping = {(one.id, one.sentence[:70]) for one in looked.faults if one.stops}
        outcome.left_out = Counter(sentence for _, sentence in stopping)
        outcome.sound = looked.sound
        for ending in ENDINGS:
            _out_and_back(store, folder / f"out{ending}", folder, outcome)
    return outcome


def _out_and_back(store: Store, target: Path, folder: Path, outcome: _Outcome) -> None:
    standard = DATA / "reference" / "360giving-standard"
    if not outcome.sound:  # refused, and rightly: there is nothing to write
        return
    try:
        written = giving_out.write(store, ALL, target, leave_out=True)
    except Exception as error:  # noqa: BLE001 - told as what it is
        outcome.wrong.append(f"{target.suffix}: {type(error).__name__}: {error}")
        return
    outcome.grants = written.grants
    package, said = (
        (json.loads(target.read_text(encoding="utf-8")), [])
        if target.suffix == ".json"
        else official.converted(target, standard, folder)
        if official.FLATTEN
        else (None, ["the official conversion is not installed"])
    )
    outcome.wrong += [f"{target.suffix}: conversion warned: {one}" for one in said[:3]]
    if package is not None:
        faults = official.faults_of(package, standard)
        outcome.wrong += [f"{target.suffix}: {len(faults)} not valid: {one}" for one in faults[:3]]
        if len(package["grants"]) != written.grants:
            outcome.wrong.append(f"{target.suffix}: {len(package['grants'])} grants of {written.grants} came through")
    again = importing.preview(store, target)
    if again.tallies[Verdict.UNCHANGED].rows != written.grants or again.rows_read != written.grants:
        counts = {verdict.value: tally.rows for verdict, tally in again.tallies.items()}
        some = [
            f"{one.reference} {one.field}: {one.before!r} → {one.after!r}" for one in itertools.islice(again.changes, 3)
        ]
        outcome.wrong.append(f"{target.suffix}: came back {counts} {some} {[one.message for one in again.faults[:2]]}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
