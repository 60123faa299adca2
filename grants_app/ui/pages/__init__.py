"""The pages of the window, in the order of the sidebar. To add one: declare a `Page` in a module, list it below.

A page with no group stands in no sidebar: it is reached from the records that belong to it, by search, and by Back.
"""

from functools import partial

from sqlalchemy.orm import Session

from grants_app.ui.desk import Desk
from grants_app.ui.page import Page, later
from grants_app.ui.pages import control, people, results, work
from grants_app.ui.pages.home import HomeView
from grants_app.ui.pages.todo import waiting
from grants_app.ui.view import Leaf, View


def leaf_of(page: Page) -> Leaf:
    """A declared page as the sidebar knows it."""
    return Leaf(page.key, page.name, page.icon, page.group, partial(_records, page=page), page.kind, page.count)


def leaves() -> list[Leaf]:
    """Every page, in the order of the sidebar; those that stand in no sidebar come last."""
    home = Leaf("week", "My week", "week", "Work", HomeView, count=waiting)
    shown = (*work.WORK, *results.RESULTS, *people.PEOPLE, *control.CONTROL)
    aside = (*work.ASIDE, *results.ASIDE, *people.ASIDE, *control.ASIDE)
    made_by_hand = [
        Leaf("checks", "Checks", "check", "Control", later("checks", "ChecksView"), count=_warnings),
        Leaf("history", "History", "history", "Control", later("history", "HistoryView")),
        Leaf("reports", "Reports", "report", "Output", later("reports", "ReportsView")),
        Leaf("imports", "Import and export", "exchange", "Output", later("imports", "ImportsView")),
        Leaf("settings", "Settings", "settings", "Help", later("settings", "SettingsView")),
        Leaf("help", "Help", "help", "Help", later("help", "HelpView")),
    ]
    return [home, *map(leaf_of, shown), *made_by_hand, *map(leaf_of, aside)]


def _records(desk: Desk, *, page: Page) -> View:
    from grants_app.ui.records import RecordsView

    return RecordsView(desk, page)


def _warnings(session: Session, programme: int | None, officer: str) -> int:
    from grants_app.ui.pages.checks_read import waiting

    return waiting(session, programme, officer)
