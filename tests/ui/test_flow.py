"""Tabs that have no room wait behind a button; the present one is always in sight."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu

from grants_app.ui.flow import TabBar, Tabs


def test_tabs_without_room_wait_behind_a_button_and_the_present_one_never_does(theme, qtbot):
    tabs = Tabs(theme)
    qtbot.addWidget(tabs)
    for words in ("Details", "Funding lines", "Themes", "Files", "Timeline"):
        tabs.addTab(words)

    def in_sight():
        return [tabs.tabText(at) for at in range(tabs.count()) if tabs.isTabVisible(at)]

    tabs.resize(1000, 40)
    tabs.show()
    assert (len(in_sight()), tabs.more.isVisible()) == (5, False)
    tabs.resize(sum(tabs.tabSizeHint(at).width() for at in range(3)) + theme.px(34), 40)
    assert (in_sight(), tabs.more.isVisible()) == (["Details", "Funding lines", "Themes"], True)
    tabs.offer()
    (menu,) = tabs.findChildren(QMenu)
    assert [action.text() for action in menu.actions()] == ["Files", "Timeline"]
    menu.actions()[1].trigger()
    menu.close()
    assert tabs.tabText(tabs.currentIndex()) == "Timeline"
    assert in_sight()[-1] == "Timeline"
    assert "Themes" not in in_sight()
    tabs.resize(1000, 40)
    assert (len(in_sight()), tabs.more.isVisible()) == (5, False)


def test_the_wheel_over_tabs_is_left_to_the_page(qtbot):
    tabs = TabBar()
    qtbot.addWidget(tabs)
    for words in ("Import", "Export"):
        tabs.addTab(words)
    tabs.show()
    place, still, alone = QPointF(5, 5), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    turn = QWheelEvent(
        place,
        place,
        QPoint(),
        QPoint(0, -240),
        still,
        alone,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(tabs, turn)
    assert (tabs.currentIndex(), turn.isAccepted()) == (0, False)
