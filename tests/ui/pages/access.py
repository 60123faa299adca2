"""What a screen reader would miss on a page."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QTabBar, QWidget

_ROLES = {
    QAccessible.Role.PushButton, QAccessible.Role.ButtonMenu, QAccessible.Role.EditableText, QAccessible.Role.CheckBox,
    QAccessible.Role.ComboBox, QAccessible.Role.List, QAccessible.Role.Table, QAccessible.Role.SpinBox,
    QAccessible.Role.ProgressBar, QAccessible.Role.PageTab, QAccessible.Role.RadioButton, QAccessible.Role.Slider,
}  # fmt: skip


def unnamed(page: QWidget) -> list[str]:
    """Every control in sight that has no name, or one with an ampersand in it."""
    return [
        f"{type(widget).__name__} {widget.objectName()} “{name}”"
        for widget, name, role in _controls(page)
        if (not name.strip() or "&" in name)
        and (role in _ROLES or widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and not (isinstance(widget, QTabBar) and role is QAccessible.Role.Client)
    ]


def _controls(page: QWidget) -> Iterator[tuple[QWidget, str, QAccessible.Role]]:
    for widget in page.findChildren(QWidget):
        found = QAccessible.queryAccessibleInterface(widget)
        if found is not None and widget.isVisibleTo(page) and not _inner(widget):
            yield widget, found.text(QAccessible.Text.Name), found.role()
            yield from _tabs(widget, found)


def _tabs(widget: QWidget, found: QAccessibleInterface) -> Iterator[tuple[QWidget, str, QAccessible.Role]]:
    if isinstance(widget, QTabBar):
        for at in range(found.childCount()):
            tab = found.child(at)
            if tab is not None and tab.role() is QAccessible.Role.PageTab:
                yield widget, tab.text(QAccessible.Text.Name), tab.role()


def _inner(widget: QWidget) -> bool:
    """Parts that Qt makes inside a control and names through it: a box's own line, a tab bar's arrows, bars."""
    parent = widget.parentWidget()
    names = {"qt_spinbox_lineedit", "qt_scrollarea_viewport", "ScrollLeftButton", "ScrollRightButton"}
    kinds = {
        "QComboBoxPrivateContainer",
        "QComboBoxListView",
        "QScrollBar",
        "QLineEditIconButton",
        "QTableCornerButton",
    }
    return (
        widget.objectName() in names
        or widget.metaObject().className() in kinds
        or (parent is not None and parent.metaObject().className() in {"QComboBox", "Choice"})
    )
