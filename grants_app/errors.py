"""What may be said to an officer: anything else that is raised is a bug."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of a record, in a sentence; `stops` says whether it may be saved so."""

    field: str
    sentence: str
    stops: bool = True


class Refused(Exception):
    """That cannot be done."""

    def __str__(self) -> str:
        """The sentence given, else the default one, which is the class's docstring."""
        return super().__str__() or (type(self).__doc__ or "").strip()


class Invalid(Refused):
    """The record cannot be saved as it is; each problem names its field."""

    def __init__(self, problems: Sequence[Problem], record: str = "") -> None:
        """Problems of one record, and how that record is called where several were saved at once."""
        self.problems = tuple(problems)
        self.record = record
        sentences = " ".join(_full_stop(problem.sentence) for problem in problems)
        super().__init__(f"{record}: {sentences}" if record else sentences)


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that somebody else changed meanwhile: its label, their value and ours, as shown."""

    field: str
    label: str
    theirs: str
    ours: str


class ChangedByOther(Refused):
    """Somebody else changed this record meanwhile."""

    def __init__(self, record: str, who: str, when: datetime | None, clashes: Sequence[Clash]) -> None:
        """The record's name, who changed it and when (UTC; None if not known), and each field that clashes."""
        self.record, self.who, self.when, self.clashes = record, who, when, tuple(clashes)
        differing = "; ".join(f"{c.label} is now “{c.theirs}”, and you entered “{c.ours}”" for c in clashes)
        super().__init__(f"{who or 'Somebody else'} changed {record} meanwhile: {differing}.")


class Cancelled(Refused):
    """Cancelled; nothing was changed."""


def _full_stop(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else sentence + "."
