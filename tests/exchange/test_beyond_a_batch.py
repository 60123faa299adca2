"""Rows are judged a thousand at a time: what is kept is found for the later ones as for the first."""

from decimal import Decimal

import pytest

from grants_app.exchange.imports import importing, judging
from tests.exchange.test_one_grant_on_several_sheets import GRANTS, book, take, verdicts


@pytest.mark.parametrize("numbered", [False, True])
def test_kept_grants_are_found_beyond_the_first_thousand_rows(store, tmp_path, monkeypatch, numbered):
    monkeypatch.setattr(judging, "_BATCH", 3)
    rows = [(f"Org {n % 4}", f"Project {n}", 100 * n) for n in range(1, 15)]
    take(store, book(tmp_path, Grants=[GRANTS[1:], *rows]))
    again = [(f"G{n}", *row) for n, row in enumerate(rows)] if numbered else rows
    path = book(tmp_path, Grants=[GRANTS if numbered else GRANTS[1:], *again])
    verdict = "Changed" if numbered else "Unchanged"
    assert verdicts(take(store, path)) == {verdict: (14, Decimal(10500))}
    assert verdicts(importing.preview(store, path)) == {"Unchanged": (14, Decimal(10500))}
