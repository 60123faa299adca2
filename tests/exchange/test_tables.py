"""Tables are found however a sheet lays them out, and what is no row of theirs is said."""

from datetime import datetime
from decimal import Decimal

import pytest

from grants_app import wording
from grants_app.exchange import cellvalues, reading, tables
from grants_app.exchange.reading import Sheet
from grants_app.records import RECORDS, Grant
from tests.exchange import awkward

KNOWN = frozenset(
    wording.folded(word)
    for kind in RECORDS
    for field in kind.fields().values()
    for word in (field.label, field.key, *field.aliases, kind.noun)
)


def known(title: str) -> bool:
    return wording.folded(title) in KNOWN


def sheet(*rows, name="Sheet", **more) -> Sheet:
    return Sheet(name, lambda: iter(list(enumerate(rows, 1))), **more)


def found_in(path, *, hidden=False):
    return [(s.name, tables.find(s, known=known, hidden=hidden)) for s in reading.open_source(path).sheets]


@pytest.mark.parametrize("name", awkward.BUILDERS)
def test_every_awkward_workbook_comes_out_whole(name, tmp_path):
    made = awkward.BUILDERS[name](tmp_path)

    found = found_in(made.path)

    got = [table for _, (tables_, _) in found for table in tables_]
    rows = [list(table.rows()) for table in got]
    assert [(t.name, t.titles, len(r), t.layout.value) for t, r in zip(got, rows, strict=True)] == [
        (e.name, e.titles, e.rows, e.layout) for e in made.tables
    ]
    assert tuple(name for name, (tables_, reasons) in found if not tables_ and reasons) == made.sheets_left_out
    for table, lines, expected in zip(got, rows, made.tables, strict=True):
        assert tuple(left.row for left in table.left_out) == expected.left_out
        if expected.first:
            assert tuple(c.date() if isinstance(c, datetime) else c for c in lines[0][1]) == expected.first
        if expected.pounds is not None:
            read = cellvalues.reader_of(Grant.fields()["awarded"])
            places = [table.titles.index(title) for title in expected.money]
            amounts = [read(row[place])[0] for _, row in lines for place in places if tables.filled(row[place])]
            assert sum(amounts, Decimal(0)) == expected.pounds
