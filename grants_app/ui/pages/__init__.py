"""The pages of the window, in the order of the sidebar. To add one: declare a `Page` in a module, list it below."""

from functools import partial

from grants_app.ui.page import Page
from grants_app.ui.pages.grants import GRANTS
from grants_app.ui.pages.home import HomeView
from grants_app.ui.pages.lists import LISTS
from grants_app.ui.pages.todo import waiting
from grants_app.ui.records import RecordsView
from grants_app.ui.view import Leaf


def leaf_of(page: Page) -> Leaf:
    """A declared page as the sidebar knows it."""
    make = partial(RecordsView, page=page)
    return Leaf(page.key, page.name, page.icon, page.group, make, page.kind, page.count)


def leaves() -> list[Leaf]:
    """Every page, in the order of the sidebar."""
    home = Leaf("week", "My week", "week", "Work", HomeView, count=waiting)
    return [home, *(leaf_of(page) for page in (GRANTS, *LISTS))]
