"""Documents: attached, opened, removed, undone and done again."""

import hashlib
import stat
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from grants_app import paths
from grants_app.errors import Refused
from grants_app.operations import documents
from grants_app.records import Document, Grant
from grants_app.records.control import DocumentKind
from grants_app.records.history import Blob, Step
from grants_app.store import Store, checking, undoing
from grants_app.store.bin import bring_back
from tests.make import make

POLICY = b"%PDF-1.7 a policy"


def attached(store: Store) -> list[Document]:
    with store.reading() as session:
        return list(session.scalars(select(Document).order_by(Document.id)))


def blobs(store: Store) -> list[bytes]:
    with store.reading() as session:
        return list(session.scalars(select(Blob.bytes)))


def test_a_file_is_kept_with_a_record_and_its_name_size_type_and_fingerprint(store: Store, tmp_path: Path):
    grant = make(store, Grant)
    (tmp_path / "Safeguarding policy.pdf").write_bytes(POLICY)

    documents.attach(
        store, tmp_path / "Safeguarding policy.pdf", about=grant.reference.lower(), kind=DocumentKind.POLICY
    )

    (document,) = attached(store)
    assert document.copy_values() == {
        "title": "Safeguarding policy",
        "kind": DocumentKind.POLICY,
        "about": grant.reference,
        "file_name": "Safeguarding policy.pdf",
        "size": len(POLICY),
        "media_type": "application/pdf",
        "sha256": hashlib.sha256(POLICY).hexdigest(),
        "destroy_by": None,
        "own": None,
    }
    assert blobs(store) == [POLICY]
    with store.reading() as session:
        newest = session.scalars(select(Step).order_by(Step.id.desc())).first()
    assert newest is not None
    assert newest.words == f"Attach Safeguarding policy.pdf to {grant.reference}"


def test_the_same_bytes_are_kept_once(store: Store):
    documents.attach(store, POLICY, name="one.pdf")
    documents.attach(store, POLICY, name="two.pdf", title="The second")

    assert [(document.title, document.file_name) for document in attached(store)] == [
        ("one", "one.pdf"),
        ("The second", "two.pdf"),
    ]
    assert blobs(store) == [POLICY]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../x", "x"),
        ("/etc/passwd", "passwd"),
        (r"C:\Users\ann\minutes.docx", "minutes.docx"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("a\x00b\x1f\u202ecod.pdf", "abcod.pdf"),
        ("what? now*.pdf", "what- now-.pdf"),
        ("..", "document"),
        ("", "document"),
        ("n" * 300 + ".pdf", "n" * 116 + ".pdf"),
    ],
)
def test_a_name_is_made_safe(store: Store, name: str, kept: str):
    documents.attach(store, POLICY, name=name)

    (document,) = attached(store)
    assert document.file_name == kept
    copy = documents.open_copy(store, document.id)
    assert (copy.name, copy.read_bytes()) == (kept, POLICY)
    assert paths.copies_folder() in copy.parents


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.eml", "message/rfc822"),
        ("a.jpg", "image/jpeg"),
        ("a.strange", None),
        ("a", None),
    ],
)
def test_the_type_is_told_from_the_ending(name: str, media_type: str | None):
    assert documents.media_type(name) == media_type


def test_what_is_too_large_is_refused_with_its_size(store: Store, tmp_path: Path):
    large = tmp_path / "film.mp4"
    with large.open("wb") as opened:
        opened.truncate(documents.LARGEST + 1_000_000)

    for source in (large, bytes(documents.LARGEST + 1_000_000)):
        with pytest.raises(Refused, match=r"film\.mp4 has 21 MB; at most 20 MB fit"):
            documents.attach(store, source, name="film.mp4")
    documents.attach(store, bytes(documents.LARGEST), name="just.bin")
    assert [document.size for document in attached(store)] == [documents.LARGEST]


def test_what_is_no_paper_is_refused(store: Store, tmp_path: Path):
    (tmp_path / "empty.pdf").touch()
    for source, name, sentence in (
        (tmp_path / "none.pdf", "", r"none\.pdf cannot be read: No such file"),
        (tmp_path, "", "is a folder: attach its files one by one"),
        (tmp_path / "empty.pdf", "", r"empty\.pdf is empty, so there is nothing to keep"),
        (b"MZ", "invoice.pdf.exe", r"invoice\.pdf\.exe is a program"),
        (b"MZ", "run.BAT ", r"run\.BAT is a program"),
    ):
        with pytest.raises(Refused, match=sentence):
            documents.attach(store, source, name=name)
    with pytest.raises(Refused, match="There is no grant “GRA-0404” in this file"):
        documents.attach(store, POLICY, name="a.pdf", about="GRA-0404")
    assert attached(store) == []
    assert blobs(store) == []


def test_a_sheet_of_names_always_has_a_day_to_be_destroyed_by(store: Store):
    documents.attach(store, POLICY, name="a.pdf", kind=DocumentKind.SIGN_IN)
    documents.attach(store, POLICY, name="b.pdf", kind=DocumentKind.SIGN_IN, destroy_by=date(2026, 12, 24))

    assert documents.destroyed_by(DocumentKind.SIGN_IN) == date(2027, 5, 22)
    assert documents.destroyed_by(DocumentKind.AGREEMENT) is None
    assert [document.destroy_by for document in attached(store)] == [date(2027, 5, 22), date(2026, 12, 24)]


def test_a_copy_can_only_be_read_and_is_a_new_one_each_time(store: Store):
    document = documents.attach(store, POLICY, name="policy.pdf")

    first, second = documents.open_copy(store, document.id), documents.open_copy(store, document.id)

    assert first != second
    assert stat.S_IMODE(first.stat().st_mode) == 0o400
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700
    assert second.read_bytes() == POLICY


def test_a_file_that_is_gone_or_changed_is_not_opened(store: Store):
    document = documents.attach(store, POLICY, name="policy.pdf")
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE blob SET bytes = X'00'")
    with pytest.raises(Refused, match=r"policy\.pdf is damaged in this file"):
        documents.open_copy(store, document.id)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM blob")
    with pytest.raises(Refused, match=r"policy\.pdf is missing from this file"):
        documents.open_copy(store, document.id)
    documents.remove(store, document.id)
    with pytest.raises(Refused, match="This document was deleted meanwhile"):
        documents.open_copy(store, document.id)


def test_attaching_is_undone_and_done_again_bytes_and_all(store: Store):
    document = documents.attach(store, POLICY, name="policy.pdf")

    undoing.undo(store)
    assert attached(store) == []
    assert checking.check(store) == []
    undoing.redo(store)

    (back,) = attached(store)
    assert (back.id, back.copy_values()) == (document.id, document.copy_values())
    assert documents.open_copy(store, back.id).read_bytes() == POLICY


def test_a_removed_document_can_be_brought_back(store: Store):
    document = documents.attach(store, POLICY, name="policy.pdf")
    documents.remove(store, document.id)

    bring_back(store, Document, document.id)

    assert documents.open_copy(store, document.id).read_bytes() == POLICY
    assert checking.check(store) == []
