"""What comes a second time, otherwise written or from our own lists, is known again: nothing doubles unsaid."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from grants_app.exchange import exporting
from grants_app.exchange.imports import importing
from grants_app.operations import editing
from grants_app.records import Grant, Organisation, Programme
from grants_app.store import Store, checking, undoing
from grants_app.store.listing import Listing
from tests.exchange import test_importing as giving
from tests.make import make


def rows(found: importing.Preview) -> dict[str, int]:
    return {verdict.value: tally.rows for verdict, tally in found.tallies.items() if tally.rows}


def changes(found: importing.Preview) -> list[tuple[str, ...]]:
    return [(one.reference, one.field, one.before, one.after) for one in found.changes]


def test_our_own_csv_of_grants_that_hold_other_columns_comes_back_unchanged(store, tmp_path):
    giving.take(store, giving.file_of(tmp_path, {}, {"Identifier": "360G-GLA-2", "Notes of ours": "seen twice"}))
    for kind in (Grant, Organisation):
        exporting.write_csv(store, kind, tmp_path / "list.csv")
        assert (kind is Organisation) or "seen twice" in (tmp_path / "list.csv").read_text("utf-8-sig")
        found = importing.preview(store, tmp_path / "list.csv")
        assert (set(rows(found)), changes(found), found.changes_anything) == ({"Unchanged"}, [], False)
