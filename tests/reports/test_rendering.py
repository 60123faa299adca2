import errno
from pathlib import Path

import pytest

from grants_app.errors import Refused
from grants_app.reports.catalogue import FORMATS, pages, write
from grants_app.reports.document import Document, Paragraph

PLAIN = Document("Title", "", "", (Paragraph("Words."),))
STARTS = {".pdf": b"%PDF", ".docx": b"PK", ".xlsx": b"PK", ".html": b"<!doctype html>"}


@pytest.mark.parametrize("ending", [*FORMATS, ".PDF"])
def test_the_ending_says_the_format(tmp_path, ending):
    write(PLAIN, tmp_path / f"report{ending}")

    assert (tmp_path / f"report{ending}").read_bytes().startswith(STARTS[ending.lower()])
    assert [path.name for path in tmp_path.iterdir()] == [f"report{ending}"]


@pytest.mark.parametrize("name", ["report.txt", "report", "report.doc"])
def test_another_ending_is_refused(tmp_path, name):
    with pytest.raises(Refused) as refused:
        write(PLAIN, tmp_path / name)

    assert (
        str(refused.value) == f"A report is saved as .pdf, .docx, .xlsx or .html, and “{name}” ends in none of these."
    )


@pytest.mark.parametrize("ending", FORMATS)
def test_a_folder_that_is_not_there_is_refused(tmp_path, ending):
    with pytest.raises(Refused, match="There is no folder"):
        write(PLAIN, tmp_path / "nowhere" / f"report{ending}")


@pytest.mark.parametrize("ending", FORMATS)
def test_a_report_that_is_open_elsewhere_is_left_as_it_is(tmp_path, ending):
    target = tmp_path / f"report{ending}"
    target.write_bytes(b"the old one")
    (tmp_path / f".~lock.{target.name}#").touch()

    with pytest.raises(Refused, match=f"“report{ending}” is open in another program"):
        write(PLAIN, target)

    assert target.read_bytes() == b"the old one"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path, monkeypatch):
    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Refused, match="not enough room on the disk"):
        write(PLAIN, tmp_path / "report.pdf")

    assert list(tmp_path.iterdir()) == []


def test_a_preview_is_pictures_of_pages():
    assert [page[:4] for page in pages(PLAIN, 40)] == [b"\x89PNG"]
