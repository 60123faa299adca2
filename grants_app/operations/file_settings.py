"""What an administrator sets for a file: the smallest count that is published, and the lists of words."""

from collections.abc import Sequence

from grants_app import wording
from grants_app.errors import Refused
from grants_app.records.lists import DEFAULT_LISTS, FIXED
from grants_app.store import Store, settings

LARGEST_THRESHOLD, LONGEST_WORD = 1000, 80
EDITABLE = tuple(name for name in DEFAULT_LISTS if name not in FIXED)
"""The lists that may be changed."""


def set_threshold(store: Store, smallest: int) -> None:
    """Hide published counts under this; 0 hides none. Refused below 0 and above 1,000."""
    if not 0 <= smallest <= LARGEST_THRESHOLD:
        raise Refused(f"The smallest count that is published is between 0 and {LARGEST_THRESHOLD:,}.")
    with store.change(f"Publish no count under {smallest}") as session:
        if settings.threshold(session) != smallest:
            settings.put(session, settings.THRESHOLD, smallest)


def set_list(store: Store, name: str, words: Sequence[str]) -> None:
    """Offer these words in a list, in this order; records keep the words that they have.

    Blank ones are left out. Refused: a list that may not be changed, no word at all, one word twice, a word that is
    too long or holds a semicolon, which parts words in files.
    """
    if name not in EDITABLE:
        raise Refused(f"The list “{name}” cannot be changed: it is the same for everybody.")
    kept = [wording.tidy(word) for word in words if word.strip()]
    if not kept:
        raise Refused(f"The list of {name} needs at least one word.")
    seen: set[str] = set()
    for word in kept:
        if wording.folded(word) in seen:
            raise Refused(f"“{word}” stands in the list of {name} twice.")
        if len(word) > LONGEST_WORD or ";" in word:
            short = word[:LONGEST_WORD]
            raise Refused(f"“{short}” cannot stand in a list: at most {LONGEST_WORD} letters, no semicolon.")
        seen.add(wording.folded(word))
    with store.change(f"Change the list of {name}") as session:
        if list(settings.lists(session)[name]) != kept:
            settings.put(session, f"list {name}", kept)
