"""Two rare acts on records: merging organisations that are one, and anonymising a person."""

from PySide6.QtWidgets import QWidget

from grants_app.records import Record
from grants_app.ui.desk import Desk
from grants_app.ui.page import Action


def _merge(desk: Desk, record: Record, parent: QWidget) -> None:
    from grants_app.ui.pages.merge_sheet import MergeSheet

    MergeSheet(desk, parent, record.id).open()


def _anonymise(desk: Desk, record: Record, parent: QWidget) -> None:
    from grants_app.ui.pages.anonymise_sheet import AnonymiseSheet

    AnonymiseSheet(desk, record, parent).open()


MERGE = Action("Merge with another …", _merge)
ANONYMISE = Action("Anonymise …", _anonymise)
