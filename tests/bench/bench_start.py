"""Start to frame and first screenful painted, on a file with 100,000 grants, against a bare window on the same file."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.bench import Row
from tests.bench.bench_export import GRANTS, filled

_TURNS = 7
OURS = """
import sys
sys.setswitchinterval(0.0005)
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from grants_app import app, paths
from grants_app.settings import Settings
from grants_app.ui.theme import Theme

application = QApplication([])
settings = Settings(paths.settings_file())
settings.officer = "Bench"
window = app.open_window(Path(sys.argv[1]), Theme(application, resources=paths.resources(), scheme="light"), settings)
window.resize(1366, 768)
window.show()

def look():
    if window.view.week is not None and not any(lane.waiting for lane in window.desk.lanes):
        window.repaint()
        print("painted", flush=True)
        application.quit()

timer = QTimer()
timer.timeout.connect(look)
timer.start(2)
application.exec()
"""
_BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
import {imported}
import sqlcipher3.dbapi2

application = QApplication([])
connection = sqlcipher3.dbapi2.connect(sys.argv[1])
count = connection.execute('SELECT count(*) FROM "grant"').fetchone()[0]
window = QLabel(str(count))
window.resize(1366, 768)
window.show()

def look():
    window.repaint()
    print("painted", flush=True)
    application.quit()

timer = QTimer()
timer.timeout.connect(look)
timer.start(2)
application.exec()
"""


def run() -> list[Row]:
    """The median of several starts each, taken in turns; the ratio to one that imports SQLAlchemy only is told too."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.grants"
        filled(file, GRANTS).close()
        scripts = (OURS, _BARE.format(imported="grants_app.records"), _BARE.format(imported="sqlalchemy"))
        times: list[list[float]] = [[], [], []]
        for _ in range(_TURNS):
            for place, script in enumerate(scripts):
                times[place].append(painted(script, file, Path(folder)))
        ours, bare, barer = (statistics.median(taken) for taken in times)
    detail = (
        f"{ours:.2f} s against {bare:.2f} s; {ours / barer:.2f} of one that imports SQLAlchemy only ({barer:.2f} s)"
    )
    against = "a bare PySide6 window that imports grants_app.records and opens the same file"
    return [Row(f"start to first screenful, {GRANTS:,} grants", against, 1.8, ours / bare, detail)]


def painted(script: str, file: Path, folder: Path) -> float:
    """Seconds from the start of a process to its first screenful."""
    environment = {**os.environ, "GRANTS_USER": str(folder / "user")}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    started = time.perf_counter()
    command = [sys.executable, "-c", script, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken = time.perf_counter() - started
        process.communicate(timeout=60)
    if line != "painted\n":
        raise RuntimeError("the window did not start")
    return taken
