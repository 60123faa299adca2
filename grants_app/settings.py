"""This person's own settings: name, last files, look, saved views, windows; one small JSON file."""

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

THEMES = ("system", "light", "dark", "contrast")
ZOOMS = range(80, 301)
_FILES_KEPT = 10
_RECORDS_KEPT = 50


class Settings:
    """What one person prefers; a change is on disk when the call returns, beside what another window changed.

    Nothing here raises: a file that cannot be read is set aside and named in `fault`, one that cannot be written
    is named there too, and work goes on. A value that makes no sense counts as not set.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.fault = ""  # a sentence for the officer, or nothing
        self._values: dict[str, Any] = {}
        self._refresh()

    @property
    def officer(self) -> str:
        """The name that this person's steps are signed with; empty until it was asked."""
        return self._text("officer")

    @officer.setter
    def officer(self, name: str) -> None:
        self._keep({"officer": name.strip()})

    @property
    def theme(self) -> str:
        """One of THEMES."""
        theme = self._text("theme")
        return theme if theme in THEMES else THEMES[0]

    @theme.setter
    def theme(self, theme: str) -> None:
        self._keep({"theme": theme})

    @property
    def zoom(self) -> int:
        """Per cent, from 80 to 300."""
        zoom = self._values.get("zoom")
        return zoom if isinstance(zoom, int) and zoom in ZOOMS else 100

    @zoom.setter
    def zoom(self, per_cent: int) -> None:
        self._keep({"zoom": min(max(per_cent, ZOOMS[0]), ZOOMS[-1])})

    @property
    def last_file(self) -> Path | None:
        """The file used last, whether or not it is still there."""
        return next(iter(self.recent_files), None)

    @property
    def recent_files(self) -> tuple[Path, ...]:
        """The files used, the last one first, at most ten."""
        return tuple(Path(name) for name in self._list("recent_files") if isinstance(name, str))

    def used_file(self, file: Path) -> None:
        """Remember that this file was used just now."""
        self._refresh()
        self._keep_files([file.resolve(), *(other for other in self.recent_files if other != file.resolve())])

    def opened_records(self, file: Path) -> tuple[tuple[str, int], ...]:
        """Type and id of the records that this person opened in the file, the last one first, at most fifty."""
        pairs = [pair for pair in self._list(_opened_in(file)) if isinstance(pair, list) and len(pair) == 2]
        return tuple((kind, key) for kind, key in pairs if isinstance(kind, str) and isinstance(key, int))

    def opened_record(self, file: Path, kind: str, key: int) -> None:
        """Remember that this person opened the record just now."""
        self._refresh()
        earlier = [pair for pair in self.opened_records(file) if pair != (kind, key)]
        self._keep({_opened_in(file): [[kind, key], *map(list, earlier)][:_RECORDS_KEPT]})

    def views(self, page: str) -> dict[str, Mapping[str, Any]]:
        """The page's saved views by name, in the order of their names; a view holds what the page put into it."""
        start = f"view/{page}/"
        named = {key.removeprefix(start): value for key, value in self._values.items() if key.startswith(start)}
        return {name: named[name] for name in sorted(named, key=str.casefold) if isinstance(named[name], dict)}

    def save_view(self, page: str, name: str, view: Mapping[str, Any]) -> None:
        """Keep a view of the page under a name, in place of an earlier one of that name; it must be plain JSON."""
        self._keep({f"view/{page}/{name}": dict(view)})

    def forget_view(self, page: str, name: str) -> None:
        """Delete a saved view; one that is not there is no fault."""
        self._keep({f"view/{page}/{name}": None})

    def state(self, name: str) -> Mapping[str, Any]:
        """How a window or page was left (sizes, selection, scroll); empty if never kept."""
        state = self._values.get(f"state/{name}")
        return state if isinstance(state, dict) else {}

    def keep_state(self, name: str, state: Mapping[str, Any]) -> None:
        """Keep how a window or page was left; it must be plain JSON."""
        self._keep({f"state/{name}": dict(state)})

    def _text(self, key: str) -> str:
        value = self._values.get(key)
        return value if isinstance(value, str) else ""

    def _list(self, key: str) -> list[Any]:
        value = self._values.get(key)
        return value if isinstance(value, list) else []

    def _keep_files(self, files: Sequence[Path]) -> None:
        kept = files[:_FILES_KEPT]
        opened = {_opened_in(file) for file in kept}
        gone = [key for key in self._values if key.startswith("opened/") and key not in opened]
        self._keep({"recent_files": [str(file) for file in kept], **dict.fromkeys(gone)})

    def _keep(self, changes: Mapping[str, Any]) -> None:
        readable = self._refresh()
        before = dict(self._values)
        self._values.update(changes)
        self._values = {key: value for key, value in self._values.items() if value is not None}
        if not readable or self._values == before:
            return  # a file that cannot be read now may be whole: it is not written over
        try:
            _write(self._file, self._values)
        except OSError as error:
            self.fault = f"Your settings cannot be kept in {self._file}: {error.strerror or error}."

    def _refresh(self) -> bool:
        try:
            values = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return True
        except OSError as error:
            self.fault = f"Your settings in {self._file} cannot be read: {error.strerror or error}."
            return False
        except ValueError:
            return self._set_aside()
        if not isinstance(values, dict):
            return self._set_aside()
        self._values = values
        return True

    def _set_aside(self) -> bool:
        aside = _free_name(self._file)
        try:
            self._file.replace(aside)
        except OSError as error:
            self.fault = f"Your settings in {self._file} are damaged and cannot be moved: {error.strerror or error}."
            return False
        self.fault = f"Your settings were damaged. They are now in {aside}, and Grants Desk starts with new ones."
        return True


def _opened_in(file: Path) -> str:
    return f"opened/{file.resolve()}"


def _free_name(file: Path) -> Path:
    names = (file.with_name(f"{file.stem}.damaged{number or ''}{file.suffix}") for number in range(1000))
    return next((name for name in names if not name.exists()), file.with_suffix(".damaged"))


def _write(file: Path, values: Mapping[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.stem, suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            json.dump(values, new, ensure_ascii=False, indent=1, sort_keys=True)
            new.flush()
            os.fsync(new.fileno())
        Path(name).replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
