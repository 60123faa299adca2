"""Files kept with records: attached, opened as a safe copy, removed; the bytes stand in the database."""

import hashlib
import mimetypes
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from grants_app import clock, paths, wording
from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.records import Document
from grants_app.records.control import DocumentKind
from grants_app.records.history import Blob
from grants_app.store import Store, references
from grants_app.store.opening import refuse_open_here

LARGEST = 20_000_000
"""The largest file that is kept, in bytes."""
SHEET_DAYS = 180
"""How long a sheet of names is kept unless the officer says otherwise."""
_PROGRAMS = frozenset({
    "app", "bat", "bash", "cmd", "com", "cpl", "dll", "dmg", "exe", "hta", "jar", "js", "jse", "lnk",
    "msi", "msp", "pif", "ps1", "reg", "scr", "sh", "url", "vbe", "vbs", "ws", "wsf", "wsh",
})  # fmt: skip
_TYPES = mimetypes.MimeTypes()  # the standard library's own: the same on every computer
_OURS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "msg": "application/vnd.ms-outlook",
    "heic": "image/heic",
}


def attach(
    store: Store,
    source: Path | bytes,
    *,
    about: str | None = None,
    name: str = "",
    title: str = "",
    kind: DocumentKind = DocumentKind.OTHER,
    destroy_by: date | None = None,
) -> Document:
    """Keep a file, from a path or as bytes with a name, with the record of that reference.

    Its name loses every folder and what no system can store; its title is the name's first part unless given. A sign-in
    sheet always has a day to be destroyed by. Refused: more than 20 MB, an empty file, a folder, a program, a record
    that is not there.
    """
    whole = source if isinstance(source, bytes) else _read(source)
    file_name = paths.safe_name(name or (source.name if isinstance(source, Path) else ""))
    _refuse_unkept(file_name, whole)
    sha256 = hashlib.sha256(whole).hexdigest()
    with store.change(f"Attach {file_name}") as session:
        document = Document(
            title=title or Path(file_name).stem,
            kind=kind,
            about=references.find(session, about).reference if about else None,
            file_name=file_name,
            size=len(whole),
            media_type=media_type(file_name),
            sha256=sha256,
            destroy_by=destroy_by or destroyed_by(kind),
        )
        session.connection().execute(insert(Blob).values(sha256=sha256, bytes=whole).on_conflict_do_nothing())
        session.add(document)
        session.flush()
        about_words = f" to {document.about}" if document.about else ""
        session.words = f"Attach {file_name}{about_words}"
    return document


def destroyed_by(kind: DocumentKind) -> date | None:
    """The day by which such a paper should be destroyed, to be offered; None for one that holds no names of the public.

    A sign-in sheet does: keeping the count and not the sheet is better still.
    """
    return clock.today() + clock.days(SHEET_DAYS) if kind is DocumentKind.SIGN_IN else None


def media_type(file_name: str) -> str | None:
    """What sort of file its ending says it is ("application/pdf"); None where it says nothing known."""
    ending = Path(file_name).suffix.removeprefix(".").lower()
    return _OURS.get(ending) or _TYPES.guess_type(file_name)[0]


def open_copy(store: Store, id: int, folder: Path | None = None) -> Path:
    """A copy of the file that can only be read, in a new folder of this person's alone (or in that one), to be opened.

    Refused, if the document is gone, its file is missing or changed, or nothing can be written there.
    """
    with store.reading() as session:
        document = editing.load(session, Document, id)
        assert isinstance(document, Document)
        whole = session.scalar(select(Blob.bytes).where(Blob.sha256 == document.sha256))
    if whole is None or hashlib.sha256(whole).hexdigest() != document.sha256:
        state = "is missing from" if whole is None else "is damaged in"
        raise Refused(f"{document.file_name} {state} this file: restore a backup that has it.")
    try:
        target = paths.new_copy(document.file_name) if folder is None else folder / paths.safe_name(document.file_name)
        target.write_bytes(whole)
        target.chmod(0o400)
    except OSError as error:
        raise Refused(f"A copy to open could not be written: {error.strerror or error}.") from error
    return target


def remove(store: Store, id: int) -> None:
    """Move a document to the bin; its bytes stay, so that it can be brought back."""
    editing.delete(store, Document, id)


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise Refused(f"{path.name} is a folder: attach its files one by one.")
    refuse_open_here(path)
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise _too_large(path.name, size)
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path.name} cannot be read: {error.strerror or error}.") from error


def _refuse_unkept(file_name: str, whole: bytes) -> None:
    if not whole:
        raise Refused(f"{file_name} is empty, so there is nothing to keep.")
    if len(whole) > LARGEST:
        raise _too_large(file_name, len(whole))
    ending = Path(file_name).suffix.removeprefix(".").lower()
    if ending in _PROGRAMS:
        raise Refused(f"{file_name} is a program, and a program is never kept here: attach the paper itself.")


def _too_large(name: str, size: int) -> Refused:
    limit = wording.size_text(LARGEST)
    return Refused(
        f"{name} has {wording.size_text(size)}; at most {limit} fit. Save it smaller, or attach a part of it."
    )
