"""Writes a picture of every page, light and dark, at 1366 × 768 and at 200 %, into out/screens: `screens [PAGE …]`."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from grants_app import paths
from grants_app.app import open_window
from grants_app.operations.sample import make_sample
from grants_app.settings import Settings
from grants_app.store import opening
from grants_app.ui.theme import Scheme, Theme
from grants_app.ui.welcome import Welcome
from grants_app.ui.window import Window

OUT = Path(__file__).resolve().parent.parent / "out" / "screens"
LOOKS: tuple[tuple[str, Scheme, float], ...] = (
    ("light", "light", 1.0), ("dark", "dark", 1.0), ("light-200", "light", 2.0), ("dark-200", "dark", 2.0),
    ("contrast", "contrast", 1.0),
)  # fmt: skip


def main(wanted: list[str]) -> int:
    """Take the pictures of the pages named, or of all."""
    app = QApplication(["screens"])
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GRANTS_USER"] = folder
        file = Path(folder) / "City Hall.grants"
        store = opening.create(file, "Priya Shah")
        make_sample(store)
        store.close()
        for look, scheme, zoom in LOOKS:
            theme = Theme(app, resources=paths.resources(), scheme=scheme, zoom=zoom)
            taken = list(pictures(look, theme, file, Path(folder), wanted))
            sys.stdout.write(f"{look}: {len(taken)} pictures in {OUT}\n")
            theme.deleteLater()
    return 0


def pictures(look: str, theme: Theme, file: Path, folder: Path, wanted: list[str]) -> Iterator[str]:
    """Take each picture in one look; yields its name."""
    settings = Settings(folder / f"settings-{look}.json")
    settings.officer = "Priya Shah"
    if not wanted or "welcome" in wanted:
        welcome = Welcome(theme, settings)
        yield take(welcome, f"welcome-{look}")
        welcome.close()
    window = open_window(file, theme, settings)
    for lane in window.desk.lanes:
        lane.crashed.connect(fail)
    window.resize(1366, 768)
    window.show()
    for name, show in scenes(window).items():
        if not wanted or name in wanted:
            show()
            yield take(window, f"{name}-{look}")
            for panel in window.findChildren(QWidget, name):
                panel.hide()
    window.close()
    window.deleteLater()


def scenes(window: Window) -> dict[str, Callable[[], None]]:
    """What to show, by the name of its picture: every page, every part of a grant, and what opens over pages."""

    def tab(title: str) -> Callable[[], None]:
        def show() -> None:
            window.go("grant", 17, whole=window.width() / window.desk.theme.zoom < 900)
            settle(window)
            window.view.detail.show_tab(title)  # type: ignore[attr-defined]

        return show

    def whole() -> None:
        window.go("grant", 17, whole=True)

    def over(opens: Callable[[], None]) -> Callable[[], None]:
        def show() -> None:
            window.go("week")
            settle(window)
            opens()

        return show

    found: dict[str, Callable[[], None]] = {}
    for key, entry in window.entries.items():
        found[key] = lambda key=key: window.go(key)
        if entry.kind is not None and entry.kind.__tablename__ == "grant":
            for title in ("Details", "Money", "Engagements", "Outcomes", "Files", "Timeline", "Overview"):
                found[f"grant-{title.lower()}"] = tab(title)
            found["grant-whole"] = whole
    for name, title in (("import", "Columns"), ("import-decide", "To decide"), ("import-faulty", "Faulty")):
        found[name] = brought(window, title)
    found["palette"] = over(window.search)
    found["entry"] = over(window.log)
    return found


AWARDS = (
    ("Summer call 2026: what the panel awarded",),
    (),
    (
        "Ref",
        "Organisation",
        "Charity no.",
        "Project",
        "Amount awarded",
        "Start",
        "End",
        "Borough",
        "Match funding",
        "Seen?",
    ),
    (
        "SUM-01",
        "Harbour Lane Youth Trst",
        "",
        "Late-night football talks",
        "£8,000",
        "12/5/26",
        "11/5/27",
        "Newham",
        500,
        "Y",
    ),
    (
        "SUM-02",
        "Kestrel Street Arts",
        "9000077",
        "Story circles",
        "7,250.00",
        "1 June 2026",
        "",
        "Camden",
        "£500",
        "yes",
    ),
    ("SUM-03", "Two Rivers Forum", "9000078", "Neighbour breakfasts", 4800, "1/7/26", "30/6/27", "Hackney", "", "N"),
    ("SUM-04", "Fairlight Drama", "", "Plays about leaving", "to follow", "1/9/26", "31/8/27", "Brent", "", ""),
    ("SUM-05", "Tall Oaks Community CIC", "", "Walks in the park", 6500, "1/9/26", "31/8/27", "Barnet", "", "Y"),
    ("SUM-05", "Tall Oaks Community CIC", "", "Walks, part two", 2500, "1/3/27", "31/8/27", "Barnet", "", "Y"),
    ("Total", "", "", "", 37050),
)
"""An officer's own workbook, invented: a title above, a name misspelt, an amount that is none, a row told twice."""


def brought(window: Window, title: str) -> Callable[[], None]:
    """The preview of that workbook, at one of its tabs."""
    from openpyxl import Workbook

    def show() -> None:
        book = Workbook()
        book.active.title = "Awards"
        for line in AWARDS:
            book.active.append(line)
        book.create_sheet("Notes").append(("Ask finance about SUM-04",))
        file = Path(os.environ["GRANTS_USER"]) / "awards 2026.xlsx"
        book.save(file)
        window.go("imports")
        settle(window)
        window.view.take_file(file)
        settle(window)
        window.view.importing.found.show_tab(title)  # type: ignore[attr-defined]

    return show


def take(window: QWidget, name: str) -> str:
    """Wait until it is drawn, and take the picture."""
    window.show()
    settle(window)
    window.grab().save(str(OUT / f"{name}.png"))
    return name


def settle(window: QWidget) -> None:
    """Let the lanes bring what they read, and timers do what they wait for."""
    loop = QEventLoop()
    lanes = window.desk.lanes if isinstance(window, Window) else ()
    quiet = 0

    def look() -> None:
        nonlocal quiet
        quiet = 0 if any(lane.waiting for lane in lanes) else quiet + 1
        if quiet > 8:
            loop.quit()

    timer = QTimer(interval=40)
    timer.timeout.connect(look)
    timer.start()
    loop.exec()
    timer.stop()


def fail(error: BaseException) -> None:
    """A picture of a fault is no picture."""
    sys.__excepthook__(type(error), error, error.__traceback__)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
