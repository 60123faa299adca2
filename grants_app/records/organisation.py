"""Organisation, which holds grants, and Contact, a person there."""

import enum
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Mapped

from grants_app.errors import Problem
from grants_app.records.base import Record
from grants_app.records.fields import field


class OrganisationKind(enum.Enum):
    """What sort of body it is."""

    CHARITY = "Registered charity"
    CIO = "CIO"
    LIMITED = "Company limited by guarantee"
    CIC = "CIC"
    BENEFIT_SOCIETY = "Community benefit society"
    SCHOOL = "School or college"
    BOROUGH = "London borough"
    PUBLIC_BODY = "Public body"
    UNINCORPORATED = "Unincorporated group"
    INDIVIDUAL = "Individual"
    OTHER = "Other"


class OrganisationStatus(enum.Enum):
    """Whether it may be granted money."""

    PROSPECTIVE = "Prospective"
    APPROVED = "Approved"
    REJECTED = "Rejected"
    INACTIVE = "Inactive"

    @property
    def next(self) -> frozenset["OrganisationStatus"]:
        """Any other: an organisation's standing may change in every direction."""
        return frozenset(OrganisationStatus) - {self}


POSTCODE = re.compile(
    r"(GIR ?0AA|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9]|[A-HK-Y][0-9][0-9ABEHMNPRV-Y]|[0-9][A-HJKPS-UW])"
    r" ?[0-9][ABD-HJLNP-UW-Z]{2})"
)
"""A postcode of the United Kingdom, in capitals."""


class Organisation(Record):
    """A body that holds grants, or works with one."""

    __tablename__ = "organisation"
    noun, plural, prefix, caption = "Organisation", "Organisations", "ORG", "name"

    name: Mapped[str] = field(
        "Legal name",
        required=True,
        search=True,
        indexed=True,
        giving="recipientOrganization/0/name",
        aliases=(
            "organisation",
            "organisation name",
            "grantee",
            "recipient",
            "name",
            "group",
            "applicant",
            "charity",
            "charity name",
            "funded organisation",
            "grant holder",
            "delivery partner",
            "provider",
            "org",
            "org name",
            "group name",
            "grantee name",
            "recipient name",
            "applicant name",
            "lead organisation",
        ),
    )
    known_as: Mapped[str | None] = field("Known as", search=True)
    kind: Mapped[OrganisationKind] = field("Kind", default=OrganisationKind.OTHER, required=True)
    status: Mapped[OrganisationStatus] = field("Status", default=OrganisationStatus.PROSPECTIVE, required=True)
    inactive_reason: Mapped[str | None] = field("Why inactive")
    identifier: Mapped[str | None] = field(
        "Identifier",
        search=True,
        indexed=True,
        giving="recipientOrganization/0/id",
        help="From org-id.guide: GB-CHC-1234567. Left blank, it follows from the numbers below",
    )
    charity_number: Mapped[str | None] = field(
        "Charity number",
        search=True,
        giving="recipientOrganization/0/charityNumber",
        help="6 or 7 digits; SC or NIC before those of Scotland and Northern Ireland",
        aliases=("charity no", "registered charity number", "charity registration number", "charity reg no"),
    )
    company_number: Mapped[str | None] = field(
        "Company number",
        search=True,
        giving="recipientOrganization/0/companyNumber",
        help="8 characters, its leading zero too",
        aliases=("company no", "company registration number", "company reg no"),
    )
    ukprn: Mapped[str | None] = field("UKPRN")
    address: Mapped[str | None] = field("Address", long=True, giving="recipientOrganization/0/streetAddress")
    postcode: Mapped[str | None] = field(
        "Postcode", giving="recipientOrganization/0/postalCode", aliases=("post code", "postal code")
    )
    borough: Mapped[str | None] = field("Borough", choices="boroughs", aliases=("local authority",))
    website: Mapped[str | None] = field("Website", giving="recipientOrganization/0/url", aliases=("web site", "url"))
    supplier_number: Mapped[str | None] = field("Supplier number")
    safeguarding_seen: Mapped[date | None] = field("Safeguarding policy seen", help="The date you saw it")
    insurance_expires: Mapped[date | None] = field("Insurance expires")
    accounts_year: Mapped[str | None] = field("Accounts year seen")
    bank_verified_on: Mapped[date | None] = field("Bank details verified on", help="Never the details themselves")
    bank_verified_by: Mapped[str | None] = field("Bank details verified by")
    bank_change_reported_on: Mapped[date | None] = field(
        "Bank change reported on", by_verb=True, help="Holds every payment until a second officer verifies it"
    )
    bank_change_reported_by: Mapped[str | None] = field("Bank change reported by", by_verb=True)
    stopped: Mapped[bool] = field(
        "Stopped", default=False, help="No award and no payment while it is", by_verb=True, group="stop"
    )
    stop_reason: Mapped[str | None] = field("Why stopped", by_verb=True, group="stop")
    notes: Mapped[str | None] = field("Notes", long=True)
    extra: Mapped[dict[str, Any] | None] = field("Other columns")

    def check(self) -> Iterable[Problem]:
        """Identity numbers and the postcode look right, else a warning; a stop has its reason."""
        if self.stopped and not self.stop_reason:
            yield Problem("stop_reason", "Why stopped is needed when an organisation is stopped")
        if self.charity_number and not re.fullmatch(r"\d{6,7}|SC\d{6}|NIC\d{6}", self.charity_number):
            yield Problem(
                "charity_number",
                f"Charity number “{self.charity_number}” is unlike any: 6 or 7 digits, or SC or NIC and 6",
                stops=False,
            )
        if self.company_number and not re.fullmatch(r"[A-Z0-9]{2}\d{6}", self.company_number):
            yield Problem(
                "company_number",
                f"Company number “{self.company_number}” is unlike any: 8 characters, its leading zero too",
                stops=False,
            )
        if self.postcode and not POSTCODE.fullmatch(self.postcode.upper()):
            yield Problem("postcode", f"Postcode “{self.postcode}” is unlike any in the United Kingdom", stops=False)

    @property
    def org_id(self) -> str | None:
        """Its identifier, else one made of its charity, company or UKPRN number (org-id.guide); None without any."""
        charity = self.charity_number or ""
        register = "SC" if charity.startswith("SC") else "NIC" if charity.startswith("NIC") else "CHC"
        numbers = ((register, charity), ("COH", self.company_number), ("UKPRN", self.ukprn))
        return self.identifier or next((f"GB-{list_}-{number}" for list_, number in numbers if number), None)

    @classmethod
    def in_programmes(cls, programmes: Select[int]) -> ColumnElement[bool] | None:
        """Those that hold a grant of the programme."""
        from grants_app.records.grant import Grant

        return cls.id.in_(select(Grant.organisation_id).where(Grant.programme_id.in_(programmes)))


class ContactRole(enum.Enum):
    """What a contact is asked about."""

    LEAD = "Lead"
    FINANCE = "Finance"
    SAFEGUARDING = "Safeguarding"
    SIGNATORY = "Signatory"
    EVALUATOR = "Evaluator"


class LawfulBasis(enum.Enum):
    """Why we may hold a person's details (UK GDPR, article 6)."""

    PUBLIC_TASK = "Public task"
    CONTRACT = "Contract"
    LEGITIMATE_INTERESTS = "Legitimate interests"
    CONSENT = "Consent"


class Contact(Record):
    """A person at an organisation."""

    __tablename__ = "contact"
    noun, plural, prefix, caption = "Contact", "Contacts", "CON", "name"

    organisation_id: Mapped[int] = field("Organisation", to="organisation", required=True)
    name: Mapped[str] = field(
        "Name",
        required=True,
        search=True,
        personal=True,
        aliases=("contact", "contact person", "lead contact", "main contact", "key contact", "primary contact"),
    )
    role: Mapped[ContactRole | None] = field("Role")
    email: Mapped[str | None] = field("E-mail", search=True, personal=True, aliases=("email address",))
    phone: Mapped[str | None] = field("Phone", personal=True, aliases=("telephone", "tel", "mobile"))
    current: Mapped[bool] = field("Current", default=True)
    basis: Mapped[LawfulBasis | None] = field("Lawful basis")
    notice_given: Mapped[date | None] = field("Privacy notice given on")

    def check(self) -> Iterable[Problem]:
        """An e-mail address has one @ and a dot after it, else a warning."""
        if self.email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", self.email):
            yield Problem("email", f"E-mail “{self.email}” is unlike an address", stops=False)
