"""Open files that were broken or made to do harm: `python -m tests.proofs.mutated [how many] [seed] [kind …]`.

Each file is read in a child process of its own limits: none may end it, take five seconds or 512 MB, or show anything
but a preview or one of our own sentences. What fails is left in out/fuzz under its number.
"""

import collections
import io
import json
import multiprocessing
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from grants_app.errors import Cancelled, Invalid, Refused
from tests.exchange import awkward

MOST_SECONDS = 5.0
MOST_MEMORY = 512 * 1024 * 1024
_PATIENCE = 90.0  # of the clock: a busy machine may keep a child waiting
OUT = Path(__file__).resolve().parents[2] / "out" / "fuzz"


class Seen(NamedTuple):
    """What became of one file."""

    number: int
    kind: str
    outcome: str
    words: str
    seconds: float

    @property
    def is_bad(self) -> bool:
        return self.outcome not in {"preview", "refused"}


# The sound files that all others are made from


def corpus(folder: Path, *, office: bool = True) -> dict[str, list[bytes]]:
    """Sound files by kind; xls and more ods where LibreOffice is at hand and may take its time to make them."""
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[bytes]] = collections.defaultdict(list)
    for build in awkward.BUILDERS.values():
        path = build(folder).path
        found[path.suffix[1:]].append(path.read_bytes())
    found["xlsm"] = found["xlsx"][:3]
    found["csv"] += [b'Title,Amount Awarded\r\n"Two\r\nlines","1,000"\r\n\'=x,5\r\n', "Title|£\nCafé|3\n".encode()]
    found["json"] = [_package()]
    rows = [
        awkward.TEXT_TITLES,
        *([f"Project {n}", awkward.NAMES[n % 5], f"£{n},000", "1/4/2026"] for n in range(1, 6)),
    ]
    table = "".join("<tr>" + "".join(f"<td x:num=5>{cell}</td>" for cell in row) for row in rows)
    found["html"] = [f"<html><table>{table}</table>".encode(), f"<table><tr><td colspan=4>x{table}</table>".encode()]
    tabs = awkward.delimited(rows, "\t")
    found["tsv"] = [tabs.encode(), tabs.replace("Project", '"a\r\nb"').encode()]
    found["ods"] = [_open_document()]
    found["template"] = [_template(folder / "return.xlsx", table=table) for table in (False, True)]
    for kind in ("ods", "xls") if office else ():
        found[kind] += list(_converted(folder, kind))
    return {kind: files for kind, files in found.items() if files}


def _template(path: Path, *, table: bool) -> bytes:
    """A workbook to be filled in, with all that follows its rows: formulas, notes, names, a chart, checks, formats."""
    import openpyxl
    from openpyxl.chart import BarChart, Reference
    from openpyxl.comments import Comment
    from openpyxl.formatting.rule import CellIsRule
    from openpyxl.styles import Font
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.table import Table

    book = openpyxl.Workbook()
    sheet = book.active
    rows = (("Return",), (), ("Reference", "Title", "Awarded", "Paid", "Left"), ("", "", 0, 0, "=C4-D4"))
    for row in (*rows, ("x", "y", 1, 2, "=C5-D5"), (), ("Total", None, "=SUM(C4:C5)"), ("Signed",)):
        sheet.append(row)
    sheet.merge_cells("A1:E1")
    sheet["A8"].comment, sheet["C4"].number_format = Comment("By finance", "Jo"), '"£"#,##0'
    sheet.conditional_formatting.add("E4:E5", CellIsRule(operator="lessThan", formula=["0"], font=Font(bold=True)))
    check = DataValidation("list", formula1='"A,B"')
    check.add("B4:B5")
    sheet.add_data_validation(check)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=3, max_row=5), titles_from_data=True)
    sheet.add_chart(chart, "G3")
    book.create_sheet("Cover")["A1"] = "=Sheet!C7"
    book.defined_names["All"] = DefinedName("All", attr_text="Sheet!$C$4:$C$5")
    if table:
        sheet.add_table(Table(displayName="Grants", ref="A3:E5"))
    book.save(path)
    return path.read_bytes()


def _package() -> bytes:
    grant = {"id": "360G-1", "title": "T", "amountAwarded": 5.5, "awardDate": "2026-01-01", "currency": "GBP"}
    grant |= {"recipientOrganization": [{"id": "GB-CHC-1", "name": "N"}], "plannedDates": [{"startDate": "2026-02-01"}]}
    return json.dumps({"version": "1.1", "grants": [grant, {**grant, "id": "360G-2"}]}).encode()


def _open_document() -> bytes:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>' for t in "ab"
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    table = f'<table:table table:name="s">{f"<table:table-row>{cells}</table:table-row>" * 4}</table:table>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        zipped.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        zipped.writestr("META-INF/manifest.xml", "<manifest/>")
        body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
        zipped.writestr("content.xml", f"<office:document-content {spaces}>{body}</office:document-content>")
    return buffer.getvalue()


def _converted(folder: Path, kind: str) -> Iterator[bytes]:
    office = shutil.which("soffice")
    sources = [str(path) for path in sorted(folder.glob("*.xlsx"))[:6]]
    if office and sources:
        home = f"-env:UserInstallation=file://{folder}/office"
        command = [office, home, "--headless", "--convert-to", kind, "--outdir", str(folder), *sources]
        subprocess.run(command, capture_output=True, timeout=180, check=False)
        yield from (path.read_bytes() for path in sorted(folder.glob(f"*.{kind}")))


# Mutations


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with something done to it: to its bytes, or to a part inside it that is then zipped again."""
    if data[:2] == b"PK" and chance.random() < 0.75:
        return _with_part_changed(data, chance)
    return _bytes_changed(data, chance)


def _bytes_changed(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place, length = chance.randrange(len(changed) + 1), chance.choice((1, 2, 8, 64, 512))
        match chance.randrange(7):
            case 0:
                changed[place : place + length] = chance.randbytes(length)
            case 1:
                del changed[place : place + length]
            case 2:
                changed[place:place] = changed[max(place - length, 0) : place] * chance.choice((1, 2, 50))
            case 3:
                changed[place : place + length] = b"\xff" * length
            case 4:
                changed[place : place + length] = bytes(length)
            case 5:
                del changed[place:]
            case _:
                changed[place:place] = chance.choice(_PIECES)
        if len(changed) > 2_000_000 or not changed:
            break
    return bytes(changed)


_PIECES = (
    b'"', b"\0", b"\xff\xfe", b"=cmd|' /C calc'!A0", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", b"&b;",
    b"9" * 400, b"{" * 3000, b"[" * 3000, b"\xed\xa0\x80", "\u202e\u0000".encode(), b"\r\r\n", b"\t" * 999, b"1e999",
    b"-0", b"NaN", b"<table>" * 99, b"<td rowspan=65535 colspan=1000>", b"PK\x03\x04", b"\xd0\xcf\x11\xe0",
)  # fmt: skip
_HUGE = (
    b"0",
    b"-1",
    b"1",
    b"16384",
    b"1048576",
    b"99999999",
    b"4294967296",
    b"18446744073709551616",
    b"1e308",
    b"\xc3",
)


def _with_part_changed(data: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    for _ in range(chance.choice((1, 1, 3))):
        name = chance.choice(sorted(parts) + [n for n in parts if "sheet" in n or n == "content.xml"] * 3)
        parts[name] = chance.choice((_bytes_changed, _number_changed, _number_changed, _elements_changed))(
            parts[name], chance
        )
    if chance.random() < 0.05:
        del parts[chance.choice(sorted(parts))]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return buffer.getvalue()


def _number_changed(part: bytes, chance: random.Random) -> bytes:
    """An attribute or a value with another number in it."""
    found = list(re.finditer(rb'(?<=["A-Z>])\d+(?=["<:])', part))
    if not found:
        return _bytes_changed(part, chance)
    one = chance.choice(found)
    return part[: one.start()] + chance.choice(_HUGE) + part[one.end() :]


def _elements_changed(part: bytes, chance: random.Random) -> bytes:
    """Elements taken out, repeated, or put into each other."""
    found = list(re.finditer(rb"<[^>]{1,300}>", part))
    if len(found) < 3:
        return _bytes_changed(part, chance)
    one, other = sorted((chance.choice(found), chance.choice(found)), key=lambda match: match.start())
    piece = part[one.start() : other.end()]
    match chance.randrange(4):
        case 0:
            return part[: one.start()] + part[other.end() :]
        case 1:
            return part[: other.end()] + piece * chance.choice((1, 3, 30)) + part[other.end() :]
        case 2:
            return part[: one.start()] + one[0] * chance.choice((2, 500)) + part[one.end() :]
    return part[: one.start()] + chance.choice(_PIECES) + part[one.start() :]


# What a child does with one file


def work(pipe: Connection, folder: str, seed: int) -> None:
    """Read the files whose numbers come down the pipe, and send back what became of each."""
    from grants_app.store import opening

    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # calamine speaks to the terminal as it gives up
    _limit_memory()
    files = corpus_kept(Path(folder))
    own = Path(tempfile.mkdtemp(dir=folder))
    store = opening.create(own / "work.grants", "Ann Officer")
    while (asked := pipe.recv()) is not None:
        number, kinds = asked
        kind, path = made(files, own, seed, number, kinds)
        begun = time.process_time()
        outcome, words = _read(store, path, kind)
        pipe.send(Seen(number, kind, outcome, words, time.process_time() - begun))
        path.unlink(missing_ok=True)
    store.close()


def made(files: dict[str, list[bytes]], folder: Path, seed: int, number: int, kinds: list[str]) -> tuple[str, Path]:
    """The file of that number: the same for the same seed."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 (chance, not secrecy)
    kind = kinds[number % len(kinds)]
    path = folder / f"f{number}.{kind}"
    path.write_bytes(mutated(chance.choice(files[kind]), chance))
    return kind, path


def corpus_kept(folder: Path) -> dict[str, list[bytes]]:
    """The sound files as `main` put them there."""
    found: dict[str, list[bytes]] = collections.defaultdict(list)
    for path in sorted((folder / "sound").iterdir()):
        found[path.suffix[1:]].append(path.read_bytes())
    return found


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        base = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (base + MOST_MEMORY, base + MOST_MEMORY))


def _read(store: Any, path: Path, kind: str) -> tuple[str, str]:
    from grants_app.exchange import clipboard
    from grants_app.exchange.imports import importing

    try:
        source: Any = path
        if kind == "template":
            _fill(path)
            return "preview", ""
        if kind in {"html", "tsv"}:
            text = path.read_bytes().decode("utf-8", "replace")
            source = clipboard.source(*(("", text) if kind == "html" else (text, "")))
        _read_cells(source)
        importing.preview(store, source)
    except (Refused, Invalid, Cancelled) as error:
        return "refused", re.sub(r"“[^”]*”|\d[\d,]*", "…", str(error))[:60]
    except MemoryError:
        return "memory", "MemoryError"
    except BaseException as error:  # noqa: BLE001 (whatever it is, it is a finding)
        return "raw exception", f"{type(error).__name__}: {error}"[:200]
    return "preview", ""


def _fill(template: Path) -> None:
    """Fill a template in, and put a note on each of its sheets; what was taken must be sound when it is written."""
    from grants_app.exchange.filling import filling, notes, parts, templates
    from grants_app.exchange.filling.templates import Offer
    from grants_app.exchange.shapes import Column
    from grants_app.exchange.sources import reading
    from grants_app.records import Kind

    written = template.with_name(f"{template.stem}-out.xlsx")
    try:
        with parts.opened(template) as book, written.open("wb") as file:
            for _name, part, _visible in list(book.sheets()):
                notes.add(book, part, [notes.Note(4, 3, "Not an amount"), notes.Note(8, 1, "Missing")])
            book.without_macros()
            book.write(file)
        reading.open_source(written)
        offers = [Offer(Column("Reference")), Offer(Column("Title")), Offer(Column("Awarded", Kind.MONEY))]
        found = templates.fit(template, offers)
        rows = [[f"R{n}", f"Project {n}", n][: len(found.places)] for n in range(9)]
        filling.fill(found, offers, iter(rows), len(rows), written)
        reading.open_source(written)
    finally:
        written.unlink(missing_ok=True)


def _read_cells(source: Any) -> None:
    """Every table's cells through the readers of every kind of field."""
    from grants_app.exchange.sources import cellvalues, contents, reading, tables
    from grants_app.records import Contact, Engagement, Grant, Organisation

    fields = {f.kind: f for kind in (Grant, Engagement, Organisation, Contact) for f in kind.fields().values()}
    readers = [cellvalues.reader_of(field) for field in fields.values()]
    for sheet in (source if isinstance(source, reading.Source) else reading.open_source(source)).sheets:
        for table in tables.find(sheet, hidden=True).tables:
            for place, (number, row) in enumerate(table.rows()):
                if place < 50:
                    table.cell(number, row, len(row) - 1)
                    contents.looks(row)
                    _try_all(readers, row)


def _try_all(readers: list[Callable[[Any], Any]], row: list[Any]) -> None:
    for cell in row[:40]:
        for read in readers:
            try:
                read(cell)
            except ValueError as error:
                if not str(error).strip():
                    raise


# The parent


class Child:
    """A process that reads files, and is begun anew after each that ends it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.seed = folder, seed
        self._begin()

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, str(self.folder), self.seed), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, number: int, kinds: list[str]) -> None:
        """Give it a file to read."""
        self.asked = (number, kinds)
        self.pipe.send(self.asked)

    def answer(self) -> Seen:
        """What became of the file: asked for once, after `ask`."""
        number, kinds = self.asked
        kind = kinds[number % len(kinds)]
        try:
            if self.pipe.poll(_PATIENCE):
                seen: Seen = self.pipe.recv()
                return seen if seen.seconds <= MOST_SECONDS else seen._replace(outcome="hang", words="over 5 seconds")
            outcome = "hang"
        except EOFError:
            outcome = "crash"
        self.end()
        words = f"the process ended with {self.process.exitcode}" if outcome == "crash" else "no answer"
        self._begin()
        return Seen(number, kind, outcome, words, 0.0)

    def end(self) -> None:
        """Let it go."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def prove(
    folder: Path, times: int, seed: int, kinds: list[str] | None = None, *, children: int = 2, office: bool = True
) -> Iterator[Seen]:
    """Read that many mutated files and say what became of each; the same files for the same seed."""
    sound = folder / "sound"
    sound.mkdir(parents=True)
    for kind, files in corpus(folder / "corpus", office=office).items():
        for place, data in enumerate(files):
            (sound / f"{place:02}.{kind}").write_bytes(data)
    offered = sorted({path.suffix[1:] for path in sound.iterdir()})
    kinds = [kind for kind in offered if not kinds or kind in kinds]
    pool = [Child(folder, seed) for _ in range(min(children, times))]
    try:
        waiting: collections.deque[Child] = collections.deque()
        for number in range(times):
            if len(waiting) == len(pool):
                child = waiting.popleft()
                yield child.answer()
            else:
                child = pool[len(waiting)]
            child.ask(number, kinds)
            waiting.append(child)
        while waiting:
            yield waiting.popleft().answer()
    finally:
        for child in pool:
            child.end()


def main(arguments: list[str]) -> int:
    """Print how many files ended how, by kind, and each that failed; 1 if any did."""
    times = int(arguments[0]) if arguments else 10_000
    seed = int(arguments[1]) if len(arguments) > 1 else random.randrange(10**6)  # noqa: S311 (chance, not secrecy)
    os.environ.setdefault("GRANTS_USER", tempfile.mkdtemp())
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    sentences: collections.Counter[str] = collections.Counter()
    slowest = Seen(0, "", "", "", 0.0)
    bad = []
    with tempfile.TemporaryDirectory() as folder:
        for seen in prove(Path(folder), times, seed, arguments[2:]):
            counts[seen.kind][seen.outcome] += 1
            slowest = max(slowest, seen, key=lambda one: one.seconds)
            sentences[seen.words] += seen.outcome == "refused"
            if seen.is_bad:
                bad.append(seen)
                _keep(Path(folder), seed, seen, arguments[2:])
                sys.stdout.write(f"{seen.number} {seen.kind}: {seen.outcome}: {seen.words}\n")
                sys.stdout.flush()
    for kind, found in sorted(counts.items()):
        sys.stdout.write(f"{kind:5} {found.total():6,}  {', '.join(f'{o} {n:,}' for o, n in found.most_common())}\n")
    sys.stdout.write("\n".join(f"{n:6,}  {words}" for words, n in sentences.most_common(25)))
    sys.stdout.write(
        f"\n{times:,} mutated files (seed {seed}): {len(bad)} failed. The slowest took {slowest.seconds:.1f} s of the "
        f"processor ({slowest.kind}, number {slowest.number}).\n"
    )
    return 1 if bad else 0


def _keep(folder: Path, seed: int, seen: Seen, kinds: list[str]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    files = corpus_kept(folder)
    made(files, OUT, seed, seen.number, [kind for kind in sorted(files) if not kinds or kind in kinds])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
