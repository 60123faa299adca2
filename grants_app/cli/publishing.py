"""Commands on what goes out: who publishes a file's grants; and a report in an officer's own template."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grants_app import wording
from grants_app.cli.shared import FILE, grants_app, opened
from grants_app.errors import Refused

if TYPE_CHECKING:
    from grants_app.reports.document import Document

_LABELS = {
    "name": "Name", "identifier": "Identifier", "prefix": "360Giving prefix", "website": "Website",
    "licence": "Licence",
}  # fmt: skip


@grants_app.command()
@click.argument("file", type=FILE)
@click.option("--name", metavar="NAME", help="As it is to be published: Greater London Authority.")
@click.option("--identifier", metavar="ID", help="From org-id.guide: GB-LAE-GLA.")
@click.option("--prefix", metavar="PREFIX", help="Registered with 360Giving: 360G-GLA.")
@click.option("--website", metavar="ADDRESS", help="https://www.london.gov.uk")
@click.option("--licence", metavar="ogl|cc-by|cc0|ADDRESS", help="The open licence, by its short name or address.")
@click.pass_context
def publisher(context: click.Context, /, file: Path, **said: str | None) -> None:
    """Say who publishes the grants of FILE as 360Giving, as one step; without options, show it.

    What is not given stays; "" takes it away.
    """
    from grants_app.operations import file_settings
    from grants_app.store import settings

    given = {name: value for name, value in said.items() if value is not None}
    if "licence" in given:
        given["licence"] = file_settings.licence_of(given["licence"])
    with opened(file, context) as store:
        with store.reading() as session:
            known = settings.publisher(session)
        if given:
            file_settings.set_publisher(store, known._replace(**given))
            with store.reading() as session:
                known = settings.publisher(session)
    for name, label in _LABELS.items():
        click.echo(f"{label}: {getattr(known, name) or 'not said yet'}")


def fill_report(document: "Document", template: Path, target: Path) -> None:
    """Fill in a copy of a template from the table of a report that fits it best, and say what goes where."""
    from grants_app.reports import to_excel

    table, fit = to_excel.fit_template(document, template)
    if target.suffix.casefold() != fit.ending:
        raise Refused(f"A filled copy of “{template.name}” ends in {fit.ending}, and “{target.name}” does not.")
    for sentence in fit.words:
        click.echo(sentence)
    rows = to_excel.fill_template(table, fit, target)
    click.echo(f"Wrote {wording.counted(rows, 'row')} to {target}.")
