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
from grants_app.ui.view import PageEntry, View


def entry_of(page: Page) -> PageEntry:
    """A declared page as the sidebar knows it."""
    return PageEntry(page.key, page.name, page.icon, page.group, partial(_records, page=page), page.kind, page.count)


def page_entries() -> list[PageEntry]:
    """Every page, in the order of the sidebar; those that stand in no sidebar come last."""
    home = PageEntry("week", "My week", "week", "Work", HomeView, count=waiting)
    shown = (*work.WORK, *results.RESULTS, *people.PEOPLE, *control.CONTROL)
    aside = (*work.ASIDE, *results.ASIDE, *people.ASIDE, *control.ASIDE)
    made_by_hand = [
        PageEntry("checks", "Checks", "check", "Control", later("checks", "ChecksView"), count=_warnings),
        PageEntry("history", "History", "history", "Control", later("history", "HistoryView")),
        PageEntry("reports", "Reports", "report", "Output", later("reports", "ReportsView")),
        PageEntry("imports", "Import and export", "exchange", "Output", later("imports", "ImportsView")),
        PageEntry("settings", "Settings", "settings", "Help", later("settings", "SettingsView")),
        PageEntry("help", "Help", "help", "Help", later("help", "HelpView")),
    ]
    return [home, *map(entry_of, shown), *made_by_hand, *map(entry_of, aside)]


def _records(desk: Desk, *, page: Page) -> View:
    from grants_app.ui.records import RecordsView

    return RecordsView(desk, page)


def _warnings(session: Session, programme: int | None, officer: str) -> int:
    from grants_app.ui.pages.checks_read import waiting

    return waiting(session, programme, officer)
