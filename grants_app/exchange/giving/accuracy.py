"""Numbers and postcodes of organisations that are not written as their lists have them: a note, for others to trust."""

import re

from grants_app import wording
from grants_app.exchange.giving.standard import ORGANISATION_LISTS
from grants_app.records.organisation import POSTCODE

_FORMS = {
    "GB-CHC-": (r"\d{6,7}(-\d+)?", "a charity number has 6 or 7 digits"),
    "GB-COH-": (r"[A-Z0-9]{2}\d{5}[A-Z0-9]", "a company number has 8 characters, its leading zero too"),
    "GB-SC-": (r"SC\d{6}", "a Scottish charity number is SC and 6 digits"),
    "GB-NIC-": (r"(NIC)?\d{6}", "a Northern Irish charity number has 6 digits"),
    "GB-UKPRN-": (r"\d{8}", "a UKPRN has 8 digits"),
}
_ANY = r"[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*", "such a number holds letters, digits and hyphens alone"
_AT_HOME = {
    "", "unitedkingdom", "uk", "gb", "gbr", "greatbritain", "britain", "england", "scotland", "wales",
    "northernireland", "theunitedkingdom",
}  # fmt: skip


def misspelt(identifier: str) -> str:
    """How the list that an organisation's identifier names writes its numbers; "" where this one is written so."""
    for list_ in ORGANISATION_LISTS:
        if identifier.startswith(list_):
            form, words = _FORMS.get(list_, _ANY)
            return "" if re.fullmatch(form, identifier.removeprefix(list_), re.ASCII) else words
    return ""


def odd_postcode(postcode: str, country: str = "") -> bool:
    """Whether it is no postcode of the United Kingdom, and is not said to be of another country."""
    plain = " ".join(postcode.upper().split())
    return not POSTCODE.fullmatch(plain) and wording.folded(country) in _AT_HOME
