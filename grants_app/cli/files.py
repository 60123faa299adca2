"""Commands on whole files: new, open, import, export, report, check, backup, restore."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grants_app import wording
from grants_app.cli.shared import (
    FILE,
    acting,
    assignments,
    condition,
    grants_app,
    kind_of,
    opened,
    progress_bar,
    window,
)
from grants_app.errors import Refused
from grants_app.records import RECORDS, Grant, Programme, Record

if TYPE_CHECKING:
    from grants_app.exchange.imports.importing import Preview

_SHOWN, _FEW = 20, 3


@grants_app.command(name="open")
@click.argument("file", type=FILE)
@click.pass_context
def open_(context: click.Context, file: Path) -> int:
    """Open the window on FILE."""
    return window(file, context.obj)


@grants_app.command()
@click.argument("file", type=FILE)
@click.option("--sample", is_flag=True, help="Fill it with the sample programme.")
@click.pass_context
def new(context: click.Context, file: Path, *, sample: bool) -> None:
    """Make a new file; its name ends in .grants."""
    from grants_app.store import opening

    if file.suffix != opening.SUFFIX:
        file = file.with_name(file.name + opening.SUFFIX)
    if not sample:
        opening.create(file, acting(context)).close()
    else:
        _new_sample(file, acting(context))
    click.echo(f"Made {file}{', with the sample programme' if sample else ''}.")


def _new_sample(file: Path, officer: str) -> None:
    """Make the sample under another name first: whoever stops it half-way is left with no half of it."""
    from grants_app.operations.sample import make_sample
    from grants_app.store import opening

    if file.exists():
        raise Refused(f"{file} exists already: choose another name, or open it.")
    making = file.with_name(f".{file.name}.{os.getpid()}.making")
    try:
        store = opening.create(making, officer)
        try:
            make_sample(store)
        finally:
            store.close()
        making.rename(file)
    finally:
        for leftover in (making, Path(f"{making}-wal"), Path(f"{making}-shm")):
            leftover.unlink(missing_ok=True)


def _for_every_row(said: str) -> tuple[str, str]:
    """The field and the value of engagement.title=Workshop."""
    from grants_app.exchange.imports import mapping

    target, _, value = said.partition("=")
    try:
        mapping.field_of(*mapping.split(target.strip()))
    except ValueError as error:
        raise Refused(f"“{target}” is no field of a record: write it as engagement.title=Workshop.") from error
    return target.strip(), value


def _write_about(preview: "Preview", report: Path | None, faulty: Path | None) -> None:
    """What became of each row, and the faulty ones, where they were asked for."""
    from grants_app.exchange.imports import importing

    if faulty is not None and preview.faults:
        importing.write_faulty(preview, faulty)
    if report is not None:
        importing.write_report(preview, report)


@grants_app.command(name="import")
@click.argument("source", type=FILE)
@click.option("--into", "file", type=FILE, required=True, metavar="FILE", help="The file that takes it in.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and store nothing.")
@click.option("--programme", metavar="REF", help="The programme that takes every row; else as SOURCE says.")
@click.option("--as", "type_", metavar="TYPE", help="What the rows are; else found out by their titles.")
@click.option(
    "--clashes",
    type=click.Choice(["instalments", "separate", "skip"]),
    help="What becomes of rows that share an identifier and differ; else they are faulty.",
)
@click.option(
    "--same",
    multiple=True,
    metavar="NAME=OTHER",
    help="This name in SOURCE is an organisation kept here (its reference), or one that SOURCE names otherwise.",
)
@click.option(
    "--every",
    multiple=True,
    metavar="TYPE.FIELD=VALUE",
    help="What every new record has where no column says it: engagement.title=Workshop.",
)
@click.option(
    "--different", multiple=True, metavar="NAME", help="This name is a new organisation, whatever it is like."
)
@click.option("--all-or-nothing", is_flag=True, help="Store nothing while a row is faulty.")
@click.option("--report", type=FILE, metavar="OUT.xlsx", help="Write what became of each row as a workbook.")
@click.option("--faulty", type=FILE, metavar="OUT.xlsx", help="Write the faulty rows, to be corrected and imported.")
@click.option("--json", "json_", is_flag=True, help="Print the outcome as one JSON object.")
@click.pass_context
def import_(
    context: click.Context,
    source: Path,
    file: Path,
    programme: str | None,
    type_: str | None,
    clashes: str | None,
    same: tuple[str, ...],
    different: tuple[str, ...],
    every: tuple[str, ...],
    report: Path | None,
    faulty: Path | None,
    *,
    dry_run: bool,
    all_or_nothing: bool,
    json_: bool,
) -> None:
    """Bring a workbook, CSV or 360Giving file in, with records of any type, as one step that can be undone."""
    from grants_app.exchange.imports import importing

    for target in filter(None, (report, faulty)):
        importing.check_report(target, source, file)
    named = assignments(same, "NAME=OTHER")
    plan = importing.Plan(
        programme=programme or "",
        kind=kind_of(type_).__tablename__ if type_ else "",
        all_clashes=importing.Clashing(clashes) if clashes else None,
        all_or_nothing=all_or_nothing,
        same=dict(map(_for_every_row, every)),
    )
    with opened(file, context) as store:
        plan = importing.with_names(store, plan, named, different)
        preview = importing.preview(store, source, plan, progress=progress_bar("Reading"))
        importing.refuse_unheard(preview, (*named, *different))
        _write_about(preview, report, faulty)
        if not dry_run:
            importing.bring_in(store, preview, progress=progress_bar("Storing"))
    lines = preview.summary(stored=not dry_run) if not json_ else [json.dumps(preview.as_json(), ensure_ascii=False)]
    click.echo("\n".join(lines))


@grants_app.command()
@click.argument("file", type=FILE)
@click.option(
    "--to", "target", type=FILE, required=True, metavar="OUT.xlsx|.csv|.json", help="Where to; the ending says how."
)
@click.option("--what", multiple=True, metavar="TYPE", help="Only these types; may be given several times.")
@click.option("--search", "words", default="", metavar="WORDS", help="Only records that hold all these words.")
@click.option("--where", multiple=True, metavar="FIELD=VALUE", help="Only records like this; with one --what.")
@click.option(
    "--as", "form", type=click.Choice(["workbook", "360giving"]), help="An office copy, or open data (.json is that)."
)
@click.option("--template", type=FILE, metavar="T.xlsx", help="Fill in a copy of this workbook; with one --what.")
@click.option("--programme", metavar="REF", help="Only this programme's grants, as 360Giving.")
@click.option("--leave-out-faulty", is_flag=True, help="Leave out grants that cannot be valid as 360Giving.")
@click.pass_context
def export(
    context: click.Context,
    file: Path,
    target: Path,
    what: tuple[str, ...],
    words: str,
    where: tuple[str, ...],
    form: str | None,
    template: Path | None,
    programme: str | None,
    *,
    leave_out_faulty: bool,
) -> None:
    """Write an office workbook of everything (.xlsx), one TYPE as .csv, or awarded grants as 360Giving open data."""
    from grants_app.exchange import exporting

    kinds = [kind_of(name) for name in what]
    if form == "360giving" or (form is None and target.suffix.casefold() == ".json"):
        _publish(context, file, target, kinds, words, where, programme, leave_out=leave_out_faulty)
        return
    if programme or leave_out_faulty:
        raise click.UsageError("--programme and --leave-out-faulty go with --as 360giving.")
    if template is not None:
        _fill(context, file, target, kinds, words, where, template)
        return
    if target.suffix.casefold() not in {".xlsx", ".csv"}:
        raise Refused(f"An office copy ends in .xlsx or .csv, and “{target.name}” in neither.")
    if where and len(kinds) != 1:
        raise click.UsageError("--where goes with one --what TYPE.")
    if target.suffix.casefold() == ".csv" and len(kinds) != 1:
        raise click.UsageError("A .csv holds one type: give one --what TYPE.")
    with opened(file, context) as store:
        conditions = tuple(condition(store, kinds[0], said) for said in where)
        progress = progress_bar("Writing")
        if target.suffix.casefold() == ".csv":
            rows = exporting.write_csv(store, kinds[0], target, where=conditions, words=words, progress=progress)
        else:
            rows = exporting.write_workbook(
                store, target, kinds=kinds or RECORDS, where=conditions, words=words, progress=progress
            )
    click.echo(f"Wrote {wording.counted(rows, 'record')} to {target}.")


def _fill(
    context: click.Context,
    file: Path,
    target: Path,
    kinds: Sequence[type[Record]],
    words: str,
    where: tuple[str, ...],
    template: Path,
) -> None:
    """Fill in a copy of a template with records of one type, oldest first."""
    from grants_app.exchange.filling import filling, templates
    from grants_app.store.listing import Listing

    if len(kinds) != 1:
        raise click.UsageError("A template takes one type: give one --what TYPE.")
    with opened(file, context) as store:
        where_ = tuple(condition(store, kinds[0], said) for said in where)
        shown = Listing(kinds[0], ("reference",), where_, sort=(("reference", False),), words=words)
        _, offers = templates.offers_of(store, shown)
        fit = templates.fit(template, offers)
        if target.suffix.casefold() != fit.ending:
            raise Refused(f"A filled copy of “{template.name}” ends in {fit.ending}, and “{target.name}” does not.")
        for sentence in fit.words:
            click.echo(sentence)
        rows = filling.fill_listing(store, shown, fit, target, progress_bar("Writing"))
    click.echo(f"Wrote {wording.counted(rows, 'record')} to {target}.")


def _publish(
    context: click.Context,
    file: Path,
    target: Path,
    kinds: Sequence[type[Record]],
    words: str,
    where: tuple[str, ...],
    programme: str | None,
    *,
    leave_out: bool,
) -> None:
    """Check awarded grants and write them as 360Giving; what stops any is a line on standard error, with whom."""
    from grants_app.exchange.giving import giving_out
    from grants_app.store import references
    from grants_app.store.listing import Listing

    if any(kind is not Grant for kind in kinds):
        raise click.UsageError("360Giving holds grants: leave out --what, or give --what grants.")
    with opened(file, context) as store:
        shown = Listing(Grant, ("reference",), tuple(condition(store, Grant, said) for said in where), words=words)
        if programme:
            with store.reading() as session:
                shown = shown.showing(programme=references.find(session, programme, Programme).id)
        found = giving_out.look(store, shown, progress_bar("Checking"))
        for group in found.groups:
            if group.stops:
                click.echo(f"{group.sentence}: {group.named(_SHOWN)}.", err=True)
        written = giving_out.write(store, shown, target, leave_out=leave_out, progress=progress_bar("Writing"))
    left_out = f", left out {wording.counted(written.left_out, 'grant')}" if written.left_out else ""
    click.echo(f"Wrote {wording.counted(written.grants, 'grant')} to {target} as 360Giving{left_out}.")
    for group in found.groups:
        if not group.stops:
            click.echo(f"Note: {group.sentence}{f': {group.named(_FEW)}' if group.kind else ''}.")


@grants_app.command()
def reports() -> None:
    """List the reports there are, with their parameters."""
    from grants_app.reports.catalogue import REPORTS

    for report in REPORTS:
        options = " ".join(
            f"{one.option} {one.name.upper()}" if one.required else f"[{one.option} {one.name.upper()}]"
            for one in report.parameters
        )
        click.echo(f"{report.name} {options}\n    {report.about}")


@grants_app.command()
@click.argument("file", type=FILE)
@click.argument("name")
@click.option("--grant", metavar="REF", help="The grant that the report is about.")
@click.option("--programme", metavar="REF", help="The programme; left out, all of them, or the only one.")
@click.option("--from", "from_", metavar="DATE", help="From this day on.")
@click.option("--to-date", metavar="DATE", help="Up to this day.")
@click.option("--final", is_flag=True, help="Mark it final; it is a draft otherwise.")
@click.option("--template", type=FILE, metavar="T.xlsx", help="Fill in a copy of this workbook with a table of it.")
@click.option("--to", "target", type=FILE, required=True, metavar="OUT.pdf|.docx|.xlsx|.html", help="Where to.")
@click.pass_context
def report(
    context: click.Context,
    file: Path,
    name: str,
    target: Path,
    *,
    grant: str | None,
    programme: str | None,
    from_: str | None,
    to_date: str | None,
    template: Path | None,
    final: bool,
) -> None:
    """Write the report NAME; `grants-app reports` lists them."""
    from grants_app.cli.publishing import fill_report
    from grants_app.reports import catalogue

    wanted = catalogue.named(name)
    with opened(file, context) as store:
        typed = {"--grant": grant, "--programme": programme, "--from": from_, "--to-date": to_date}
        named = {option: value for option, value in typed.items() if value}
        known = {one.option: one.name for one in wanted.parameters}
        stray = [option for option in named if option not in known]
        if stray:
            raise click.UsageError(f"The report “{name}” takes no {wording.listed(stray)}.")
        with store.reading() as session:
            asked = wanted.read(session, {known[option]: value for option, value in named.items()})
            document = wanted.document(session, asked, prepared_by=store.officer, final=final)
        if template is not None:
            fill_report(document, template, target)
        else:
            catalogue.write(document, target)
            click.echo(f"Wrote {target}.")


@grants_app.command()
@click.argument("file", type=FILE)
@click.pass_context
def check(context: click.Context, file: Path) -> int:
    """Check structure, links, totals and search index; 0 when all is well."""
    from grants_app.store.checking import check as check_all

    with opened(file, context) as store:
        faults = check_all(store, progress_bar("Checking"))
    for fault in faults:
        click.echo(fault)
    if not faults:
        click.echo("All is well.")
    return 1 if faults else 0


@grants_app.command()
@click.argument("file", type=FILE)
@click.option("--to", "folder", type=FILE, metavar="FOLDER", help="Where to; else a folder beside the file.")
@click.pass_context
def backup(context: click.Context, file: Path, folder: Path | None) -> None:
    """Make a verified copy of the file."""
    from grants_app.store.backup import back_up

    with opened(file, context) as store:
        click.echo(f"Backed up to {back_up(store, folder)}.")


@grants_app.command()
@click.argument("backup", type=FILE)
@click.option("--to", "file", type=FILE, required=True, metavar="FILE", help="The file to put it in the place of.")
def restore(backup: Path, file: Path) -> None:
    """Put a backup in a file's place; the file that was there is kept as FILE.before-restore."""
    from grants_app.store.backup import restore as put_back

    kept = put_back(backup, file)
    click.echo(f"Restored {file} from {backup}." + (f" What was there is kept as {kept}." if kept else ""))
