"""Run every bench_*.py beside this file (or those named) and print one table; the exit code is 1 if one is too slow."""

import importlib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.bench import Row

_WIDTH = 52


def main(wanted: Sequence[str]) -> int:
    """Each module has `run() -> list[Row]`; names may be given as `export` or `bench_export`; or `--large`, alone."""
    found = _rows(wanted) if "--large" not in wanted else importlib.import_module("tests.bench.million").run()
    sys.stdout.write(f"{'what':<{_WIDTH}}  ratio   at most  \n")
    rows = []
    for row in found:
        rows.append(row)
        mark = "ok" if row.kept else "TOO SLOW"
        sys.stdout.write(f"{row.what:<{_WIDTH}}  {row.ratio:5.2f}   {row.limit:7.2f}  {mark}\n")
        sys.stdout.write(f"{'':<{_WIDTH}}  against {row.against}: {row.detail}\n")
        sys.stdout.flush()
    if "--large" in wanted:
        proof = subprocess.run([sys.executable, "-m", "tests.proofs.million"], check=False)  # with a memory of its own
        return max(proof.returncode, 0 if all(row.kept for row in rows) else 1)
    return 0 if rows and all(row.kept for row in rows) else 1


def _rows(wanted: Sequence[str]) -> Iterator[Row]:
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        if not wanted or path.stem.removeprefix("bench_") in wanted or path.stem in wanted:
            sys.stderr.write(f"{path.stem} …\n")
            yield from importlib.import_module(f"tests.bench.{path.stem}").run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
