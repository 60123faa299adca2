"""The lists that an administrator may edit, as they start; a file's own stand in its settings."""

from collections.abc import Mapping

from grants_app.records.places import PLACES

DEFAULT_LISTS: Mapping[str, tuple[str, ...]] = {
    "boroughs": PLACES,
    "audiences": (
        "Young people", "Vulnerable young people", "Pupils", "Parents", "Mothers", "Teachers",
        "People with special needs", "Faith groups", "Practitioners", "Victims and survivors", "General public",
    ),
    "engagement kinds": (
        "Workshop", "Lesson", "Training", "Outreach", "Community event", "Online campaign", "Mentoring", "Focus group",
        "Stakeholder meeting",
    ),
    "harms": (
        "Islamist extremism", "Far-right extremism", "Antisemitism", "Anti-Muslim hatred", "Misogyny and incel culture",
        "Hate crime", "Online radicalisation", "Conspiracy theories", "Community tension",
    ),
    "roles": (
        "Officer", "Second officer", "Budget holder", "Programme lead", "Finance", "Adviser", "Auditor",
        "Administrator",
    ),
    "age bands": ("Under 11", "11 to 15", "16 to 18", "19 to 24", "25 to 44", "45 to 64", "65 and over"),
}  # fmt: skip
"""Audiences, kinds of engagement, harms and age bands; "boroughs" is fixed. Themes are records of their programme."""

FIXED = frozenset({"boroughs", "roles"})
"""Lists that nobody may edit."""
