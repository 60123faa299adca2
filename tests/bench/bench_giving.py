"""100,000 awarded grants as 360Giving JSON, checked first, against `json.dump` of the same list of dicts."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from grants_app.exchange.giving import giving_out
from grants_app.operations import file_settings
from grants_app.records import Grant
from grants_app.store.listing import Listing
from grants_app.store.settings import Publisher
from tests.bench.bench import Row, compared, memory, side_by_side
from tests.bench.bench_export import filled

GRANTS = int(os.environ.get("BENCH_GRANTS", "100000"))
SHOWN = Listing(Grant, ("reference",))
_MEMORY = """
from grants_app.exchange.giving import giving_out
from grants_app.store import opening
from tests.bench.bench_giving import SHOWN
store = opening.open_file(Path({file!r}), "Bench")
giving_out.write(store, SHOWN, Path({target!r}))
print(peak())
"""


def run() -> list[Row]:
    """Time, and the memory of a process that does nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        target, bare = Path(folder) / "ours.json", Path(folder) / "bare.json"
        store = filled(Path(folder) / "bench.grants", GRANTS)
        try:
            file_settings.set_publisher(store, Publisher("Bench", "GB-CHC-1234567", "360G-BENCH"))
            giving_out.write(store, SHOWN, target)
            package = json.loads(target.read_text(encoding="utf-8"))
            times = side_by_side(
                lambda: giving_out.write(store, SHOWN, target), lambda: _dump(package["grants"], bare), times=2
            )
        finally:
            store.close()
        more = memory("that, the whole process", 300, _MEMORY, file=Path(folder) / "bench.grants", target=target)
    what = f"360Giving json of {GRANTS:,} grants, with its check"
    return [compared(what, "json.dump of them", 2.0, *times), *more]


def _dump(grants: list[dict[str, Any]], target: Path) -> None:
    with target.open("w", encoding="utf-8") as file:
        json.dump({"grants": grants}, file)
