import re
from html.parser import HTMLParser

from grants_app.reports.document import (
    ChartKind,
    ChartSpec,
    Column,
    Document,
    PageBreak,
    Paragraph,
    Series,
    Show,
    Table,
)
from grants_app.reports.to_html import html
from tests.reports.hostile import DOCUMENT, SEEN

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """Tags as they open, with their attributes, and the words between them; every tag must be closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_words_are_never_markup():
    page = Page(html(DOCUMENT))

    assert not page.open
    assert not page.named("b")
    assert not [attributes for _, attributes in page.tags if "onclick" in attributes]
    assert page.words.count(SEEN) > 15


def test_the_page_needs_no_other_file_and_runs_no_script():
    page = Page(html(DOCUMENT))

    assert not {name for name, _ in page.tags} & {"script", "link", "img", "iframe"}
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org/2000/svg)", html(DOCUMENT))


def test_headings_descend_from_one_title():
    levels = [int(tag[1]) for tag, _ in Page(html(DOCUMENT)).tags if re.fullmatch(r"h[1-6]", tag)]

    assert levels == [1, 2, 3, 2]


def test_no_two_things_on_the_page_have_one_name():
    names = [attributes["id"] for _, attributes in Page(html(DOCUMENT)).tags if "id" in attributes]

    assert len(names) == len(set(names)) == 3  # the hatching of each chart


def test_each_chart_has_its_words_and_its_table():
    chart = ChartSpec(
        ChartKind.BARS, "By borough", ("Brent", "Ealing"), (Series("attendances", (40, None)),), "Most in Brent."
    )
    page = Page(html(Document("Title", "", "", (chart,))))

    assert page.named("svg")[0]["aria-label"] == "By borough. Most in Brent."
    assert len(page.named("figure")) == len(page.named("details")) == 1
    assert [words for words in page.words if words in {"Ealing", "not recorded"}].count("not recorded") >= 1


def test_a_table_has_a_caption_and_heads_with_their_scope():
    table = Table("t", "Payments", (Column("Payment"), Column("Paid", Show.MONEY)), (("PAY-000001", 5),)).summed("Paid")
    page = Page(html(Document("Title", "", "", (table,))))

    assert "Payments" in page.words
    assert [attributes.get("scope") for attributes in page.named("th")] == ["col", "col", "row", "row"]
    assert len(page.named("tfoot")) == 1


def test_a_rating_is_told_by_shape_and_word():
    table = Table(
        "t", "", (Column("Grant"), Column("Rating", Show.RATING)), (("CVE-0001", "Amber"), ("CVE-0002", "No rating"))
    )
    page = Page(html(Document("Title", "", "", (table,))))

    assert [words.strip() for words in page.words if words.strip() in {"▲", "Amber", "No rating"}] == [
        "▲",
        "Amber",
        "No rating",
    ]


def test_sections_start_new_pages_when_printed_and_may_lie_on_their_side():
    parts = (Paragraph("one"), PageBreak(landscape=True), Paragraph("two"), PageBreak(), Paragraph("three"))

    classes = [attributes.get("class") for attributes in Page(html(Document("Title", "", "", parts))).named("section")]

    assert classes == [None, "new-page landscape", "new-page"]
