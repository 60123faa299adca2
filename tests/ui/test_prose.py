"""Help pages as HTML."""

import pytest

from grants_app.ui.prose import from_markdown, markdown_words


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Title", "<h1>Title</h1>"),
        ("two\nlines", "<p>two lines</p>"),
        ("- one\n  goes on\n- two", "<ul><li>one goes on</li><li>two</li></ul>"),
        ("1. first\n2. second", "<ol><li>first</li><li>second</li></ol>"),
        ("**bold** and *slanted*", "<p><b>bold</b> and <i>slanted</i></p>"),
        ("press `Ctrl+K`", "<p>press <code>&nbsp;Ctrl+K&nbsp;</code></p>"),
        ("see [Money](money)", '<p>see <a href="money">Money</a></p>'),
        ("a < b & <b>c</b>", "<p>a &lt; b &amp; &lt;b&gt;c&lt;/b&gt;</p>"),
        ("seen\n\n<!-- not\nseen -->", "<p>seen</p>"),
        (
            "| A | B |\n| --- | --- |\n| 1 | 2 |",
            '<table width="100%" cellspacing="0"><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>',
        ),
    ],
)
def test_each_mark_becomes_its_html(text, html):
    assert from_markdown(text) == html


def test_words_hold_no_marks():
    assert markdown_words("## Undo\n\nPress **`Ctrl+Z`**, it's *yours* & [back](undo)").split() == [
        "Undo", "Press", "Ctrl+Z,", "it's", "yours", "&", "back",
    ]  # fmt: skip
