"""The command line: the same operations, rules and history as the window, with no Qt imported.

To add a command: a function with `@command` in one of these modules. Exit: 0 done, 1 refused, 2 wrong usage.
"""

import sys
from collections.abc import Sequence

from grants_app.cli.shared import grants_app, take_officer
from grants_app.errors import Refused

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what cannot be done is said in plain words on standard error. Gives the exit code."""
    import click

    from grants_app.cli import files, publishing, records  # noqa: F401 -- they add their commands

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        given, officer = take_officer(list(sys.argv[1:] if arguments is None else arguments))
        result = grants_app.main(given, prog_name="grants-app", standalone_mode=False, obj=officer)
    except click.exceptions.Abort:
        return 1
    except click.ClickException as error:
        error.show()
        return 2
    except Refused as error:
        click.echo(f"{error}", err=True)
        return 1
    return int(result or 0)
