from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QVBoxLayout, QWidget

from grants_app.records import Engagement, Grant, Payment, Tier
from grants_app.ui.editors import ChoiceEditor, Editor, LongEditor, YesNoEditor
from grants_app.ui.inputs import Choice, DateLine, Line, Words
from grants_app.ui.links import editor_for

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def shown(qtbot):
    def show(widget):
        qtbot.addWidget(widget)
        widget.show()
        widget.setFocus()
        return widget

    return show


@pytest.mark.parametrize(
    ("kind", "name", "typed", "value"),
    [
        (Grant, "title", "Kitchen tables", "Kitchen tables"),
        (Grant, "asked", "9,500.50", Decimal("9500.50")),
        (Grant, "ends", "4/3/27", date(2027, 3, 4)),
        (Engagement, "attended", "1,200", 1200),
        (Tier, "match", "12.5", 12.5),
        (Grant, "purpose", "One.\nTwo.", "One.\nTwo."),
        (Engagement, "borough", "Brent", "Brent"),
        (Engagement, "concern", "Yes", True),
    ],
)
def test_what_is_typed_becomes_the_fields_value_and_shows_again_alike(desk, qtbot, kind, name, typed, value):
    editor = editor_for(desk, kind.fields()[name], {"boroughs": ("Barnet", "Brent")})
    qtbot.addWidget(editor.widget)

    editor.write(typed)
    assert editor.value() == value
    editor.show(value)
    assert editor.value() == value


def test_a_unit_stands_in_the_field_and_is_not_part_of_what_is_typed(theme, shown):
    editor = Editor(theme, Payment.fields()["amount"], {})
    line = shown(editor.widget)
    editor.show(Decimal("2000.00"))

    assert (line.text(), line.textMargins().left() > 0) == ("2,000", True)


def test_control_and_semicolon_write_todays_date(theme, shown, qtbot):
    line = shown(DateLine(theme))
    qtbot.keyClick(line, Qt.Key.Key_Semicolon, CONTROL)

    assert line.text() == "23 November 2026"


def test_a_day_is_chosen_from_the_calendar(theme, shown, qtbot):
    line = shown(DateLine(theme))
    line.setText("4/3/2026")
    qtbot.keyClick(line, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    calendar = line.findChild(QCalendarWidget)
    assert calendar.selectedDate().toPython() == date(2026, 3, 4)

    calendar.clicked.emit(calendar.selectedDate().addDays(2))

    assert line.text() == "6 March 2026"


def test_letters_that_one_word_alone_holds_become_that_word(theme, shown, qtbot):
    box = Choice(theme, [*(f"Borough {n}" for n in range(20)), "Kingston upon Thames"], blank=True)
    holder, other = QWidget(), QLineEdit()
    layout = QVBoxLayout(holder)
    layout.addWidget(box)
    layout.addWidget(other)
    shown(holder)
    holder.activateWindow()
    qtbot.waitUntil(holder.isActiveWindow)

    box.setFocus()
    box.setCurrentText("kingst")
    other.setFocus()

    assert box.currentText() == "Kingston upon Thames"


def test_the_wheel_changes_no_choice_by_accident(theme, shown):
    box = shown(Choice(theme, ["One", "Two"], blank=False))
    nothing = QPointF(1, 1)
    turn = QWheelEvent(
        nothing, nothing, QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip

    box.wheelEvent(turn)

    assert (box.currentText(), turn.isAccepted()) == ("One", False)


def test_a_word_that_left_the_list_is_still_shown(theme, qtbot):
    editor = ChoiceEditor(theme, Engagement.fields()["kind"], {"engagement kinds": ("Workshop",)})
    qtbot.addWidget(editor.widget)

    editor.show("Puppet play")

    assert editor.text() == "Puppet play"


def test_a_long_text_grows_with_what_is_written_and_tab_leaves_it(theme, shown):
    box = shown(Words(theme))
    before = box.height()
    box.setPlainText("\n".join(str(number) for number in range(8)))

    assert box.height() > before
    assert box.tabChangesFocus()


def test_writing_what_is_stored_counts_as_no_change_of_the_officers(theme, qtbot):
    seen = []
    for editor in (
        Editor(theme, Grant.fields()["title"], {}),
        LongEditor(theme, Grant.fields()["purpose"], {}),
        YesNoEditor(theme, Engagement.fields()["concern"], {}),
    ):
        qtbot.addWidget(editor.widget)
        editor.typed.connect(lambda: seen.append("typed"))
        editor.write("Yes")

    assert seen == []


def test_control_z_is_left_to_the_window_where_nothing_typed_can_be_taken_back(theme, shown, qtbot):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    line = shown(Line(theme))

    def taken():
        event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, CONTROL)
        event.ignore()
        line.event(event)
        return event.isAccepted()

    before = taken()
    qtbot.keyClicks(line, "a")
    assert (before, taken()) == (False, True)
