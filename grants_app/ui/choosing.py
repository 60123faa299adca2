"""Ask the officer which file: the one home of file dialogs, since Qt's own one may not look into files."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QFileInfo
from PySide6.QtGui import QAbstractFileIconProvider, QIcon
from PySide6.QtWidgets import QFileDialog, QStyle, QWidget
from shiboken6 import delete, isValid

from grants_app.store import opening
from grants_app.ui.desk import Desk
from grants_app.ui.tasks import Task


class Icons(QAbstractFileIconProvider):
    """Tells a file by its name alone.

    Qt's own provider opens every file of a folder to tell its kind. A process that closes a file loses all its POSIX
    locks on it (fcntl(2)), those of the open database too, whose log another process would then delete.
    """

    def __init__(self, style: QStyle) -> None:
        super().__init__()
        self._folder = style.standardIcon(QStyle.StandardPixmap.SP_DirIcon)
        self._file = style.standardIcon(QStyle.StandardPixmap.SP_FileIcon)

    def icon(self, of: QAbstractFileIconProvider.IconType | QFileInfo) -> QIcon:
        """A folder's, or a file's."""
        folder = of.isDir() if isinstance(of, QFileInfo) else of is not QAbstractFileIconProvider.IconType.File
        return self._folder if folder else self._file

    def type(self, info: QFileInfo) -> str:
        """In words, for the column of kinds."""
        return "Folder" if info.isDir() else f"{info.suffix().upper()} file".strip()


def ask_open(parent: QWidget, title: str, folder: Path | str, kinds: str) -> Path | None:
    """Which file to read; None if the officer changed their mind. `kinds` as "Words (*.xlsx *.csv);;All files (*)"."""
    dialog = QFileDialog(parent, title, str(folder), kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return next(iter(_asked(dialog)), None)


def ask_open_many(parent: QWidget, title: str, folder: Path | str) -> Sequence[Path]:
    """Which files to read; none if the officer changed their mind."""
    dialog = QFileDialog(parent, title, str(folder))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    return _asked(dialog)


def ask_save_as(parent: QWidget, title: str, proposed: Path | str, kinds: str) -> Path | None:
    """Where to write a file, beginning with the place and name proposed; None if the officer changed their mind."""
    dialog = QFileDialog(parent, title, str(Path(proposed).parent), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(str(proposed))
    return next(iter(_asked(dialog)), None)


def begin_file(desk: Desk, parent: QWidget) -> None:
    """Ask where a new, empty file goes, make it, and have it opened in place of this one."""
    proposed = str(desk.store.path.with_name(f"Grants{opening.SUFFIX}"))
    chosen = ask_save_as(parent, "Start a new file", proposed, f"Grants Desk files (*{opening.SUFFIX})")
    if chosen is None:
        return
    path = chosen if chosen.suffix == opening.SUFFIX else chosen.with_name(f"{chosen.name}{opening.SUFFIX}")
    officer = desk.store.officer

    def make(_task: Task) -> Path:
        opening.create(path, officer).close()
        return path

    desk.errand(make, desk.file_asked.emit, owner=desk, words="Making the file", late=True)


def _asked(dialog: QFileDialog) -> Sequence[Path]:
    icons = Icons(dialog.style())
    dialog.setIconProvider(icons)
    try:
        return [Path(name) for name in dialog.selectedFiles()] if dialog.exec() else []
    finally:
        if isValid(dialog):
            delete(dialog)  # before its icons, which it does not own
