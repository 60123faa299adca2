"""Help: every topic is there and leads somewhere, words find it, F1 opens the one for the page."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from grants_app import paths
from grants_app.ui.pages import page_entries
from grants_app.ui.pages.help import found, topic_for, topics
from grants_app.ui.palette import help_pages
from grants_app.ui.prose import markdown_words
from grants_app.ui.window import Window
from tests.ui.pages.access import unnamed


def titles(page):
    return [item.words for item in page.list.items]


def test_the_topics_stand_in_the_order_to_read_them():
    assert [topic.title for topic in topics()][:3] == ["First steps", "My week", "Bringing a file in"]
    assert len({topic.order for topic in topics()}) == len(topics())


def test_every_link_in_help_leads_to_a_topic():
    names = {topic.name for topic in topics()}
    linked = {target for topic in topics() for target in re.findall(r"\]\(([^)]+)\)", topic.text)}

    assert linked - names == set()


def test_every_page_of_the_window_has_its_help():
    own = set().union(*(topic.pages for topic in topics()))
    keys = {entry.key for entry in page_entries()}

    assert keys - own - {"help"} == set()
    assert own - keys == set()


def test_every_key_of_the_window_stands_on_the_keyboard_sheet(open_window):
    sheet = next(topic.text for topic in topics() if topic.name == "keys")
    shown = {"Left": "←", "Right": "→", "=": "+"}
    window: Window = open_window()

    missing = [
        keys
        for command in window.commands
        for keys in command.keys.split()
        if not re.fullmatch(r"Ctrl\+[1-9=]", keys)
        and not any(f"`{written}`" in sheet for written in (keys, *(keys.replace(k, v) for k, v in shown.items())))
    ]

    assert missing == []


def test_no_topic_is_left_without_words_to_find_it_by():
    for topic in topics():
        assert topic.words, topic.name
        assert topic.summary.strip(), topic.name
        assert len(markdown_words(topic.text).split()) > 60, topic.name


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("restore", "Backups and shared folders"),
        ("how many came", "Logging an engagement"),
        ("countersign", "Money and approvals"),
        ("reach", "How figures are reckoned"),
        ("screen reader", "Easier to see and hear"),
        ("gdpr", "Privacy"),
    ],
)
def test_words_find_the_topic_that_answers(words, first):
    assert found(words)[0].title == first


def test_typing_narrows_the_topics_and_enter_goes_to_the_text(open_page):
    page = open_page("help")

    page.filter()
    QTest.keyClicks(page.focusWidget(), "countersign")
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)

    assert titles(page)[0] == "Money and approvals"
    assert page.text.toPlainText().startswith("Money and approvals")
    assert page.focusWidget() is page.text


def test_words_that_nothing_holds_are_told(open_page):
    page = open_page("help")

    page.finder.setText("zebra crossing")

    assert page.nothing.isVisible()
    assert titles(page) == []


def test_a_link_leads_on_to_its_topic(open_page):
    page = open_page("help")
    page.show_topic("week")

    page._follow("figures")

    assert page.heading() == ("Help", "How figures are reckoned")


def test_where_there_is_little_room_topics_and_text_take_turns(open_page):
    page = open_page("help")
    page.resize(600, 300)
    assert (page.contents.isVisible(), page.reading.isVisible()) == (True, False)

    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert (page.contents.isVisible(), page.reading.isVisible()) == (False, True)

    QTest.mouseClick(page.back, Qt.MouseButton.LeftButton)
    assert (page.contents.isVisible(), page.reading.isVisible()) == (True, False)


def test_f1_opens_the_help_of_the_page_one_is_on(open_window):
    window = open_window("history")

    QTest.keyClick(window, Qt.Key.Key_F1)

    assert window.path.here.page == "help"
    assert window.view.heading() == ("Help", "Undo, history and the bin")


def test_the_palette_knows_every_topic():
    assert help_pages(paths.resources() / "help") == {topic.name: topic.title for topic in topics()}


def test_pages_without_a_topic_of_their_own_lead_to_lists():
    assert topic_for("somewhere new") == "lists"


def test_every_control_of_the_page_has_a_name(open_page):
    assert unnamed(open_page("help")) == []
