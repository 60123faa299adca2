"""Every report that can be asked for."""

from grants_app import wording
from grants_app.errors import Refused
from grants_app.reports.grant_report import grant
from grants_app.reports.position import position
from grants_app.reports.programme_report import programme
from grants_app.reports.registry import Report

REPORTS: tuple[Report, ...] = (grant, position, programme)


def named(name: str) -> Report:
    """The report of that name; Refused, with the names there are, if there is none."""
    for report in REPORTS:
        if report.name == name.strip().casefold():
            return report
    names = wording.listed([f"“{report.name}”" for report in REPORTS])
    raise Refused(f"There is no report “{name}”. There are {names}.")
