"""What a benchmark is made of: rows of a table, and timing that takes turns so that a busy machine slows both alike."""

import importlib.util
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_PEAK = """
import re, sys
from pathlib import Path
sys.path.insert(0, {root!r})
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what was measured against what, the ratio that is allowed, the one found, and the times behind it."""

    what: str
    against: str
    limit: float
    ratio: float
    detail: str = ""

    @property
    def kept(self) -> bool:
        """Whether it is within its limit."""
        return self.ratio <= self.limit


def side_by_side(ours: Callable[[], object], theirs: Callable[[], object], times: int = 3) -> tuple[float, float]:
    """The best time of each in seconds, run in turns."""
    best = [float("inf"), float("inf")]
    for _ in range(times):
        for place, run in enumerate((ours, theirs)):
            started = time.perf_counter()
            run()
            best[place] = min(best[place], time.perf_counter() - started)
    return best[0], best[1]


def compared(what: str, against: str, limit: float, ours: float, theirs: float, more: str = "") -> Row:
    """The row of two times."""
    return Row(what, against, limit, ours / theirs, f"{ours:.3f} s against {theirs:.3f} s{'; ' + more if more else ''}")


def memory(what: str, limit: int, script: str, **names: Path) -> list[Row]:
    """The row of the megabytes that a script prints (`peak()` is given to it) in a process of its own.

    None where the system does not tell. The paths stand in the script as `{name!r}`.
    """
    if not Path("/proc/self/status").exists():
        return []
    text = (_PEAK + script).format(root=str(_ROOT), **{name: str(path) for name, path in names.items()})
    done = subprocess.run([sys.executable, "-c", text], check=True, capture_output=True, text=True, cwd=_ROOT)
    found = int(done.stdout.split()[-1])
    return [Row(f"peak memory of {what}", f"{limit} MB", 1.0, found / limit, f"{found} MB")]


def installed(peer: str) -> bool:
    """Whether a peer of development alone is there to be measured against; says so where it is not."""
    there = importlib.util.find_spec(peer) is not None
    if not there:
        sys.stderr.write(f"  {peer} is not installed, so nothing is measured against it: pip install {peer}\n")
    return there
