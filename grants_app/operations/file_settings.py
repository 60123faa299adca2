"""What is set for a file: the smallest count published, who publishes, lists of words, the officers' own columns."""

import re
from collections.abc import Sequence

from grants_app import wording
from grants_app.errors import Refused
from grants_app.records import Field, Kind, Record
from grants_app.records.lists import DEFAULT_LISTS, FIXED
from grants_app.store import Store, own, settings
from grants_app.store.driver import Progress, no_progress
from grants_app.store.settings import Publisher

LARGEST_THRESHOLD = 1000
EDITABLE = tuple(name for name in DEFAULT_LISTS if name not in FIXED)
"""The lists that may be changed."""
LICENCES = {
    "Not said yet": "",
    "Open Government Licence 3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "Creative Commons Attribution 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "Creative Commons Zero 1.0 (no rights kept)": "https://creativecommons.org/publicdomain/zero/1.0/",
}
"""The open licences that are offered, by name, with the address that a file carries."""
_SHORT = dict(zip(("", "ogl", "ccby", "cc0"), LICENCES.values(), strict=True))


def set_threshold(store: Store, smallest: int) -> None:
    """Hide published counts under this; 0 hides none. Refused below 0 and above 1,000."""
    if not 0 <= smallest <= LARGEST_THRESHOLD:
        raise Refused(f"The smallest count that is published is between 0 and {LARGEST_THRESHOLD:,}.")
    with store.change(f"Publish no count under {smallest}") as session:
        if settings.threshold(session) != smallest:
            settings.put(session, settings.THRESHOLD, smallest)


def set_publisher(store: Store, publisher: Publisher) -> None:
    """Say who publishes this file's grants as 360Giving.

    Refused: a prefix with anything but letters, digits, hyphens and underscores, and a website or a licence that is
    not a whole address; "www.example.org" is taken as https.
    """
    said = Publisher(*(re.sub(r"^(?=www\.)", "https://", wording.tidy(word)) for word in publisher))
    if said.prefix and not re.fullmatch(r"[A-Za-z0-9_]+(-[A-Za-z0-9_]+)*", said.prefix):
        raise Refused(f"“{said.prefix}” is unlike a 360Giving prefix: write it as 360G-GLA.")
    for label, address in (("website", said.website), ("licence", said.licence)):
        if address and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(/[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]*)?", address):
            raise Refused(f"The {label} “{address}” is not a web address: write it as https://www.example.org.")
    with store.change("Say who publishes as 360Giving") as session:
        if Publisher(**(settings.get(session, settings.PUBLISHER) or {})) != said:
            settings.put(session, settings.PUBLISHER, said._asdict())


def licence_of(said: str) -> str:
    """The address of a licence that is called by its short name (ogl, cc-by, cc0); anything else as it is."""
    return _SHORT.get(wording.folded(said), said)


def set_list(store: Store, name: str, words: Sequence[str]) -> None:
    """Offer these words in a list, in this order; records keep the words that they have.

    Blank ones are left out. Refused: a list that may not be changed, no word at all, one word twice, a word that is
    too long or holds a semicolon, which parts words in files.
    """
    if name not in EDITABLE:
        raise Refused(f"The list “{name}” cannot be changed: it is the same for everybody.")
    kept = own.words_of_list(name, words)
    with store.change(f"Change the list of {name}") as session:
        if list(settings.lists(session)[name]) != kept:
            settings.put(session, f"list {name}", kept)


def add_column(store: Store, kind: type[Record], label: str, sort: Kind, choices: Sequence[str] = ()) -> Field:
    """Give records of a kind a column of the officers' own, as one step; Refused as `own.add` says."""
    with store.change(f"Add the column “{own.tidied(label)}” to {kind.plural.lower()}") as session:
        return own.add(session, kind, label, sort, choices)


def change_column(
    store: Store,
    kind: type[Record],
    name: str,
    *,
    label: str,
    choices: Sequence[str] | None = None,
    progress: Progress = no_progress,
) -> Field:
    """Call a column of the officers' own otherwise, and offer other `choices` in one of a list; Refused as `own` says.

    What records hold goes along; a word that the list no longer offers stays where it is.
    """
    before = kind.field_of(name).label
    words = f"Rename the column “{before}” of {kind.plural.lower()} to “{own.tidied(label)}”"
    with store.change(
        words if label != before else f"Change the list of “{before}” of {kind.plural.lower()}"
    ) as session:
        renamed = own.rename(session, kind, name, label, progress)
        if choices is not None:
            own.set_choices(session, kind, renamed.name, choices)
    return renamed


def remove_column(store: Store, kind: type[Record], name: str, *, progress: Progress = no_progress) -> None:
    """Take a column of the officers' own away with all that records hold in it, as one step that can be undone."""
    with store.change(f"Remove the column “{kind.field_of(name).label}” from {kind.plural.lower()}") as session:
        own.remove(session, kind, name, progress)
