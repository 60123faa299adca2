"""Where things lie: what the program ships, this person's own folders, and copies made to be opened."""

import os
import re
import shutil
import tempfile
import time
import unicodedata
from contextlib import suppress
from pathlib import Path

import platformdirs

_NAME = "Grants Desk"
_DAY = 24 * 60 * 60
_LONGEST_NAME = 120
# Windows opens these as devices, whatever their ending.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}


def resources() -> Path:
    """The folder of icons, fonts, templates, reference lists and help: the checkout's, else the installed package's."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / "resources"
    return checkout if (package.parent / "pyproject.toml").is_file() else package / "resources"


def settings_file() -> Path:
    """This person's settings; it may not be there yet."""
    return _own("settings", platformdirs.user_config_path(_NAME, appauthor=False)) / "settings.json"


def log_folder() -> Path:
    """The folder of the log; it may not be there yet."""
    return _own("log", platformdirs.user_log_path(_NAME, appauthor=False))


def copies_folder() -> Path:
    """The folder of documents' copies that were made to be opened; it may not be there yet."""
    return _own("opened", platformdirs.user_cache_path(_NAME, appauthor=False) / "opened")


def new_copy(name: str) -> Path:
    """A path for a copy of the document, in a new folder that only this person can read, whatever the name holds."""
    copies = copies_folder()
    copies.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=copies)) / safe_name(name)


def forget_copies(*, older_than_days: float = 1) -> None:
    """Delete the copies made longer ago than that; one that is still open in another program stays for next time."""
    limit = time.time() - older_than_days * _DAY
    for folder in copies_folder().glob("*/"):
        with suppress(OSError):  # another window forgets them too
            if folder.stat().st_mtime < limit:
                shutil.rmtree(folder, ignore_errors=True)


def safe_name(name: str) -> str:
    """The name as one that every system can store, without folders, at most 120 characters; the ending is kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    printable = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    clean = re.sub(r'[<>:"|?*]', "-", printable).strip(". ")
    stem, dot, ending = clean.rpartition(".")
    stem, ending = (stem, dot + ending) if stem and len(ending) <= 10 else (clean, "")
    if stem.split(".")[0].strip().casefold() in _DEVICES:
        stem = f"_{stem}"
    return stem[: _LONGEST_NAME - len(ending)].rstrip() + ending if stem else "document"


def _own(name: str, usual: Path) -> Path:
    elsewhere = os.environ.get("GRANTS_USER")
    return Path(elsewhere) / name if elsewhere else usual
