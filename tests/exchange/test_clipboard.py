"""Rows pasted from elsewhere come in cell for cell, whatever put them on the clipboard."""

from decimal import Decimal

import pytest

from grants_app.errors import Refused
from grants_app.exchange import clipboard
from grants_app.exchange.shapes import Column
from grants_app.exchange.sources import tables
from grants_app.records.fields import Kind


def pasted(text="", html=""):
    (sheet,) = clipboard.source(text, html).sheets
    return [row for _, row in sheet.rows()]


def test_excels_text_is_parted_as_excel_joined_it():
    text = 'Name\tSays\r\n"Two\nlines"\t"say ""yes"" to all"\r\n"Big" Society\t5" pipe\r\n"open\tend\r\n007\t\r\n'

    assert pasted(text) == [
        ["Name", "Says"],
        ["Two\nlines", 'say "yes" to all'],
        ['"Big" Society', '5" pipe'],
        ['"open', "end"],
        ["007", ""],
    ]


def test_what_this_app_copies_pastes_back_as_it_was():
    columns = (Column("Name"), Column("Amount", Kind.MONEY), Column("Code"))
    rows = [("=1+1", Decimal("1250.50"), "00123"), ("Two\nlines", None, "@x"), ("'=a", Decimal(-3), "\ttab")]

    text = clipboard.as_text(columns, rows)
    html = clipboard.as_html(columns, rows)

    assert pasted(text)[1:] == [["=1+1", "1250.50", "00123"], ["Two\nlines", "", "@x"], ["'=a", "-3", "\ttab"]]
    assert pasted("", html)[1:] == [["=1+1", "1250.50", "00123"], ["Two\nlines", "", "@x"], ["'=a", "-3", "tab"]]


EXCEL = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style>td {color:black}</style>
<script>alert(1)</script></head><body link=blue><table border=0><!--StartFragment-->
 <col width=64><tr height=20><td class=xl65 colspan=2>2026 Q1</td><td rowspan=2>Organisation</td></tr>
 <tr><td>Attended</td><td>New</td></tr>
 <tr><td align=right x:num="1234.56">£1,235</td><td style='mso-number-format:"\\@"' x:num="7">007</td>
  <td>Caf&eacute; &amp; more<br style='mso-data-placement:same-cell'>second
  line&nbsp;</td></tr><!--EndFragment--></table></body></html>"""


def test_excels_html_keeps_merged_cells_lines_exact_numbers_and_noughts():
    source = clipboard.source("ignored\ttext", EXCEL)
    (table,) = tables.find(source.sheets[0]).tables

    assert table.titles == ("2026 Q1 / Attended", "2026 Q1 / New", "Organisation")
    assert list(table.rows()) == [(3, [1234.56, "007", "Café & more\nsecond line"])]


def test_words_and_web_pages_give_their_largest_table():
    word = "<p>Intro</p><table><tr><td><p>One</p><p>Two</p></td><td>b</td></tr></table>"
    page = "<table><tr><td>menu</table><table><tr><th>A<th>B<tr><td>1<td>2<table><tr><td>x</table></table>"

    assert pasted("", word) == [["One\nTwo", "b"]]
    assert pasted("", page) == [["A", "B"], ["1", "2x"]]


def test_libreoffices_values_come_exactly():
    html = (
        '<table><tr><td sdval="0.5" sdnum="2057;">0.5</td><td sdval="46085" sdnum="2057;0;D">04/03/26</td></tr></table>'
    )

    assert pasted("", html) == [[0.5, "04/03/26"]]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td rowspan=999 colspan=999>" * 3000,
        "<table>" * 50_000,
        "<table><tr><td rowspan=99999 colspan=1000>" + "<tr>" * 200_000,
    ],
)
def test_html_made_to_do_harm_ends_in_a_sentence(html):
    with pytest.raises(Refused):
        pasted("", html)


def test_a_clipboard_without_rows_is_refused():
    with pytest.raises(Refused, match="The clipboard holds no rows"):
        pasted(" \r\n\t\r\n", "<p>words</p>")
